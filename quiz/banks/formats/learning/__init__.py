"""Learning: what the formats of other learning systems (Moodle, Canvas) share, and the parts of their readers and writers.

Shared: rich_text (HTML to plain text and images), weights (from points to a key), own_fields (our fields as labels they carry).
Of one format: gift_grammar, gift_writing · moodle_writing · qti_names, qti_scoring, qti12, qti2, qti_writing.
Decided: points that leave a doubt leave the key open, even where the other system would mark them somehow.
"""
