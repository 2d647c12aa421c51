"""`make bench`: everything there is a number for."""

from bench import banks, figures, hot_path, imports, units

for part in (hot_path, imports, banks, figures, units):
    part.main()
