"""`make bench`: everything there is a number for."""

from bench import banks, boards, figures, hot_path, imports, rehearsal, sheets, units

for part in (hot_path, imports, banks, figures, boards, sheets, units, rehearsal):
    part.main()
