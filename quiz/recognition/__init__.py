"""Recognition: from a published ranking to honoured people.

Ours: prizes proposed and awarded, decisions, certificates, the register, public verification.  Not ours: places (ranking).
Decided: a signed decision cannot be computed again, so awards are rows of their own and a certificate is revoked, not deleted.
"""
