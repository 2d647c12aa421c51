"""`make bench`: everything there is a number for."""

from bench import (
    banks,
    boards,
    certificates,
    contest_figures,
    figures,
    flags,
    hot_path,
    imports,
    rehearsal,
    remark,
    sheets,
    units,
    verify,
)

for part in (
    hot_path,
    imports,
    banks,
    figures,
    flags,
    boards,
    sheets,
    units,
    remark,
    verify,
    rehearsal,
    certificates,
    contest_figures,
):
    part.main()
