"""`make bench`: everything there is a number for."""

from bench import banks, boards, figures, hot_path, imports

for part in (hot_path, imports, banks, figures, boards):
    part.main()
