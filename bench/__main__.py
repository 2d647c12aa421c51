"""`make bench`: everything there is a number for."""

from bench import hot_path

hot_path.main()
