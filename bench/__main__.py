"""`make bench`: everything there is a number for."""

from bench import figures, hot_path

hot_path.main()
figures.main()
