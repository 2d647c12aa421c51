"""Marking: what judges do to attempts, weeks later and under other permissions than sitting them.

Ours: annulment and its undoing, the attempt in detail.  Not ours: the order that follows (ranking).
Decided: an annulled attempt keeps its row and its score; the annulment stands beside it with its reason.
"""
