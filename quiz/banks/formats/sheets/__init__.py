"""Sheets: items as rows of a table under a row of headings. What XLSX, ODS and CSV share, and the workbooks themselves.

Reading: tables (rows to items) with answers (the answer of a row, by its kind) and signs (hidden, merged and faulty cells);
xlsx_guard and ods_guard count a workbook before it is built, workbooks finds its table, pictures gives the pictures to the items
(xlsx_pictures says where Excel keeps them).
Writing: table_rows (items to rows), xlsx_writing, ods_writing, picture_places (below the texts of a row), xlsx_template.
Not ours: names of headings, notation of keys (spelling).
"""
