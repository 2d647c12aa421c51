"""Who comes into a round to which only some are admitted: the first of earlier rounds, by their published sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quiz.accounts.models import Account
from quiz.contests import service as contests
from quiz.contests.models import Division, Round
from quiz.contests.rule_set import round_rules
from quiz.errors import Refusal
from quiz.ranking import queries, sheet_pages
from quiz.ranking.models import Ranking, Standing
from quiz.ranking.refusals import RankingRefusal
from quiz.rules.tie_break import key_size


@dataclass(frozen=True, slots=True)
class Source:
    """One division of an earlier round.  sheet: its published sheet, None while there is none"""

    round_: Round
    division: Division
    sheet: Ranking | None


def sources(round_: Round) -> list[Source]:
    """The rounds and divisions whose first people come into this round; empty where everybody may."""
    admission = round_rules(round_).admission
    if admission is None:
        return []
    contest = round_.contest
    before = [r for r in contest.rounds if r.code in admission.rounds]
    return [Source(r, d, queries.published_sheet(r.id, d.id)) for r in before for d in contest.divisions]


def first_of(sheet: Ranking, quota: int) -> list[int]:
    """The entries of the first places; who shares the last of them is among them."""
    size = key_size(sheet.chain)
    first = [row.entry_id for row in sheet_pages.read(sheet.id, size, 1, quota)]
    last = sheet_pages.read(sheet.id, size, quota, quota)
    return first + [e for row in last for e in queries.sharing(sheet, row.place) if e not in set(first)]


def qualified(round_: Round) -> list[Standing]:
    """Everybody whom the published sheets bring into the round, each once, by division and place."""
    admission = round_rules(round_).admission
    found: dict[int, Standing] = {}
    for source in sources(round_):
        if source.sheet is not None and admission is not None:
            for standing in queries.standings_of(source.sheet, first_of(source.sheet, admission.quota)):
                found.setdefault(standing.entry_id, standing)
    return sorted(found.values(), key=lambda s: (s.entry.division_id, s.place, s.entry_id))


def admit(round_: Round, actor: Account, *, now: datetime) -> int:
    """Let in all whom the published sheets bring; gives how many are new.

    Called again after another sheet is published, it adds those whom that one brings.  Raises Refusal.
    """
    people: Sequence[Standing] = qualified(round_)
    if not people:
        raise Refusal(RankingRefusal.NOBODY_QUALIFIED)
    return contests.admit(round_, [s.entry_id for s in people], actor, now=now)
