"""Where a contest stands on the calendar, and what its pages may show at that moment."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from quiz.contests.models import Contest, ContestState, Round
from quiz.contests.round_state import all_ended_at
from quiz.contests.rule_set import contest_rules
from quiz.formats import day, moment
from quiz.rules.clock import RoundPhase, phase
from quiz.rules.prediction import Scope
from quiz.rules.visibility import Release, released, stage


class ContestPhase(enum.StrEnum):
    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    BETWEEN = "between"  # a round has closed, the next has not opened
    ENDED = "ended"


# phase → (word, kind of tag, icon)
PHASE_TAGS = {
    ContestPhase.DRAFT: (_l("Bản nháp"), "", ""),
    ContestPhase.UPCOMING: (_l("Sắp mở"), "info", "clock"),
    ContestPhase.OPEN: (_l("Đang mở"), "ok", "check"),
    ContestPhase.BETWEEN: (_l("Giữa hai kỳ"), "info", "clock"),
    ContestPhase.ENDED: (_l("Đã đóng"), "", "flag"),
}

ROUND_TAGS = {
    RoundPhase.UPCOMING: (_l("Sắp mở"), "info", "clock"),
    RoundPhase.OPEN: (_l("Đang mở"), "ok", "check"),
    RoundPhase.CLOSED: (_l("Đã đóng"), "", "flag"),
}


@dataclass(frozen=True, slots=True)
class RoundNow:
    """A round at a moment.  has_ended: no attempt can be running · shows_board: visitors may open its boards ·
    may_count: how many took part answers no prediction that can still be made"""

    round_: Round
    phase: RoundPhase
    has_ended: bool
    shows_board: bool
    may_count: bool

    @property
    def tag(self) -> tuple[object, str, str]:
        return ROUND_TAGS[self.phase]


def contest_phase(contest: Contest, now: datetime) -> ContestPhase:
    if contest.state == ContestState.DRAFT:
        return ContestPhase.DRAFT
    phases = {phase(r.window, now) for r in contest.rounds}
    if RoundPhase.OPEN in phases:
        return ContestPhase.OPEN
    if RoundPhase.UPCOMING in phases:
        return ContestPhase.BETWEEN if RoundPhase.CLOSED in phases else ContestPhase.UPCOMING
    return ContestPhase.ENDED


def rounds_now(contest: Contest, now: datetime) -> list[RoundNow]:
    rules = contest_rules(contest)
    last = max((all_ended_at(round_) for round_ in contest.rounds), default=now)
    asks_contest = rules.prediction is not None and rules.prediction.scope is Scope.CONTEST
    return [
        _round_now(round_, rules.board_release, now, counts_from=last if asks_contest else None)
        for round_ in contest.rounds
    ]


def _round_now(round_: Round, board_release: Release, now: datetime, counts_from: datetime | None) -> RoundNow:
    at, ended_at = phase(round_.window, now), all_ended_at(round_)
    as_finished = stage(ended_at, finished=True, published=round_.published_at is not None, now=now)
    return RoundNow(
        round_=round_,
        phase=at,
        has_ended=now >= ended_at,
        shows_board=at is not RoundPhase.UPCOMING and released(board_release, as_finished),
        may_count=now >= (counts_from or ended_at),
    )


def current_round(contest: Contest, now: datetime) -> Round | None:
    """The open round that closes first, else the one that opens next, else None."""
    open_ = [r for r in contest.rounds if phase(r.window, now) is RoundPhase.OPEN]
    if open_:
        return min(open_, key=lambda r: r.closes_at)
    coming = [r for r in contest.rounds if phase(r.window, now) is RoundPhase.UPCOMING]
    return min(coming, key=lambda r: r.opens_at) if coming else None


def timeline(contest: Contest, now: datetime) -> list[tuple[str, str, Markup]]:
    """[(state, title, text), …] in the order of time, as components/say.html `timeline` takes them."""
    rules = contest_rules(contest)
    lines: list[tuple[datetime, tuple[str, str, Markup]]] = []
    for round_ in contest.rounds:
        state = {RoundPhase.CLOSED: "done", RoundPhase.OPEN: "now"}.get(phase(round_.window, now), "")
        span = Markup(escape(_("%(opens)s đến %(closes)s"))) % {
            "opens": moment(round_.opens_at), "closes": moment(round_.closes_at),
        }  # fmt: skip
        if round_.planned_closes_at:
            span += Markup(" ") + _("(đóng sớm)")
        lines.append((round_.opens_at, (state, round_.name, span)))
        title = _("Công bố kết quả %(name)s", name=round_.name)
        if round_.published_at:
            lines.append((round_.published_at, ("done", title, moment(round_.published_at))))
        else:
            latest = round_.closes_at + timedelta(days=rules.announce_days)
            lines.append((latest, ("", title, escape(_("chậm nhất ngày %(day)s", day=day(latest))))))
    return [line for _at, line in sorted(lines, key=lambda pair: pair[0])]
