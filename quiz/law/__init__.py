"""Law: legal documents, their provisions, the periods in which they are in force, and what changes them.

Ours: the library that items rest on.  Not ours: the items, and which of them a change touches (banks).
Decided: a change is a row with its day and the places it touches, read or not; whatever rests on a touched place is in
doubt for later law dates until somebody has compared it with the change (docs/decisions/0006-changes-of-law.md).
"""
