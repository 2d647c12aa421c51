"""Lines: items from the lines of a text, in whatever layout people have used. What Word files and pasted text share.

The way of a file: document (lines, runs and tables as plain values) → line_kinds, option_lines, item_tables (what a line is by
itself) → parts (what stands around it) → layouts (the state of the reading) with workbench and pieces (the items put together
so far) and endings (tables of keys, solutions) → settling (keys dealt to their items, items made).
Keys: key_sources weighs key_values (lines that say it), key_marks (looks) and key_tables; other_keys is for items without options.
Decided: lines are understood by their beginnings and their neighbours, never by the template of one organiser.
"""
