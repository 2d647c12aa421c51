"""Law: legal documents and the periods in which they are in force.

Ours: the library of documents that items rest on.  Not ours: the items (banks).
Decided: a document that is amended by a text we have not read is questioned from that day on, and nothing that rests on
it is drawn for later law dates.
"""
