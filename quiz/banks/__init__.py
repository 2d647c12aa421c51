"""Banks: items, their immutable versions, and how they get in and out.

Ours: item texts, keys, citations, review, import and export.  Not ours: which items a paper gets (rules.drawing).
Decided: a version is never edited, a change is a new version beside it, because papers and results quote it by id.
"""
