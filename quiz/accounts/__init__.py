"""Accounts: people, what they are allowed to do, and the bodies they belong to.

Ours: sign-up, sign-in, roles, the tree of organisational units with dated headcounts, places.
Not ours: what a person may do in a contest (contests.Entry freezes the identity at registration).
Decided: we ask for the least; phone or e-mail is enough, an identity-card number is never asked.
"""
