"""A row of a sheet of units as the tables and the downloads show it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from quiz.contests.rule_set import CollectiveRules
from quiz.ranking.collective_words import exact, percent, problem_names, source_text, value_text
from quiz.ranking.tallies import Stated
from quiz.ranking.unit_models import UnitSheet, UnitStanding
from quiz.ranking.unit_working import stated_of, tally_of
from quiz.rules.collective import Tally
from quiz.spreadsheets import Cell


@dataclass(frozen=True, slots=True)
class Line:
    """row: as stored · stated: the denominator of the competition, None when nobody stated it · ratio: percent, at most
    100 · average: points for each counted result · prize: its name or "" """

    row: UnitStanding
    tally: Tally
    stated: Stated | None
    source: str
    ratio: Fraction | None
    average: Fraction | None
    winners: int
    value: str
    prize: str
    problems: list[object]

    @property
    def ratio_text(self) -> str:
        return percent(self.ratio) if self.ratio is not None else "–"

    @property
    def average_text(self) -> str:
        return exact(self.average) if self.average is not None else "–"


def line(sheet: UnitSheet, rules: CollectiveRules, row: UnitStanding) -> Line:
    """rules: those of the sheet"""
    tally, stated = tally_of(row), stated_of(row.stated).get(rules.denominator)
    results = sum(tally.participants_by_round) or tally.participants
    names = {tier.code: tier.name for tier in rules.prizes}
    return Line(
        row=row,
        tally=tally,
        stated=stated,
        source=source_text(stated),
        ratio=Fraction(100 * min(tally.participants, stated.people), stated.people) if stated else None,
        average=Fraction(tally.score_sum, results) if results else None,
        winners=sum(tally.winners.values()),
        value=value_text(rules.formula, row.points),
        prize=names.get(row.prize, row.prize),
        problems=problem_names(row),
    )


def columns() -> list[tuple[str, int]]:
    """Heading and width of a download; facts/contest-practice.md §3, "Danh sách tập thể"."""
    return [
        (_("TT"), 6), (_("Đơn vị"), 36), (_("Khối"), 24), (_("Số người"), 10), (_("Ngày và nguồn của số người"), 32),
        (_("Số người dự thi"), 10), (_("Tỷ lệ %"), 10), (_("Lượt thi"), 10), (_("Điểm trung bình"), 12),
        (_("Số cá nhân đạt giải"), 12), (_("Điểm quy đổi"), 12), (_("Hạng"), 8), (_("Đồng hạng"), 10),
        (_("Giải dự kiến"), 18), (_("Ghi chú"), 36),
    ]  # fmt: skip


def cells(found: Line) -> list[Cell]:
    """A row of a download; numbers as numbers, rounded to six digits after the point."""
    notes = [str(p) for p in found.problems]
    if found.row.contested:
        notes.append(_("đồng hạng quá số giải, cần Ban Tổ chức quyết định"))
    return [
        found.row.position,
        found.row.name,
        found.row.block,
        found.stated.people if found.stated else None,
        found.source,
        found.tally.participants,
        _rounded(found.ratio),
        found.tally.attempts,
        _rounded(found.average),
        found.winners,
        _rounded(found.row.points),
        found.row.place,
        _("có") if found.row.tied else "",
        found.prize,
        "; ".join(notes),
    ]


def _rounded(value: Fraction | None) -> Cell:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else round(float(value), 6)
