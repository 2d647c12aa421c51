"""Reports: pages that look over all domains.

Ours: the front page, the journal as people read it, figures and documents for organizers.  Not ours: any rule.
"""
