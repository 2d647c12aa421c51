"""Word: the DOCX file itself, without regard to items: its numbering, its looks, and files being written.

Ours: numbering and styles (for reading), paper, docx_writing and docx_template (for writing).  Not ours: what a line means (lines).
"""
