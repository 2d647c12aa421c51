"""What reports.record_check holds rows against: one file for each part of the house whose decisions they are."""
