"""Spelling: how people write things, whatever the file: single values, places of law, headings, answers, damaged letters.

Ours: cells (kinds, levels, days, documents), citations, headings, notation (keys, stars, lists, pairs), repair (broken letters).
Not ours: where in a file a value stands (lines, sheets, learning).
"""
