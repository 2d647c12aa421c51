"""Formats: the files that items come in or go out by. One file here per format; what it works with lies in the folders.

The formats: xlsx · ods · csv_table · docx · pasted · aiken · gift · moodle_xml · qti · bank_yaml, with bank_yaml_items.
Each has `read(content) -> Reading` and, where the format can be written, `write(bank, items) -> Written`.  (csv_table and
bank_yaml are not called csv and yaml: those are the libraries that they import.)

The contract: reading.py and writing.py, what readers and writers give · files.py, what is refused of a file as such ·
losses.py, what a format may be unable to hold · detection.py, which reader a file is for · assembly.py, from what a file
says to a wording of this bank.

The folders: spelling/ how people write levels, days, places of law, headings and keys, in whatever file · safe/ ZIP, XML,
HTML and YAML of strangers · lines/ items from lines of text (docx, pasted) · word/ the Word file itself · sheets/ items from
rows (xlsx, ods, csv_table) · learning/ what the formats of other learning systems share, and their grammars.

Decided: a reader knows no database and no bank, so that it can be tested with bytes alone; and it never guesses a key: what
is uncertain is left open with the reason, because nobody would look for an error that a program has hidden.
"""
