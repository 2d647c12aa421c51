"""Papers that organizers must produce, as Word files in the layout of administrative papers, to be finished in Word.

layout.py knows how such a paper looks; papers.py what each says, from the same figures as the pages.
"""
