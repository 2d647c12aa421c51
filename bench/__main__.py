"""`make bench`: everything there is a number for."""

from bench import banks, figures, hot_path, imports, rehearsal, units

for part in (hot_path, imports, banks, figures, units, rehearsal):
    part.main()
