"""What a rehearsal means for the rules, in sentences: where they are weak, and what could be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flask_babel import gettext as _

from quiz.contests.readiness import Finding
from quiz.contests.rule_set import ContestRules, RuleSet
from quiz.formats import number
from quiz.ranking.rehearsal import Report
from quiz.ranking.words import HEADS
from quiz.rules.counting import Counted
from quiz.rules.prizes import Skip
from quiz.rules.rehearsal_figures import Figures
from quiz.rules.tie_break import criterion_name
from quiz.rules.visibility import Release

MANY_FULL = 0.2  # share of people all right, from which points no longer tell them apart
ALIKE = 0.5  # share of a paper in common with another
AGAIN = 0.5  # share of a paper met before
BY_CLOCK = 0.7  # share of the prizes that a moment or a time decides
FEW_ABLE = 0.5  # share of the prizes that go to the ablest quarter
BUSY = 600  # starts in a minute
OFTEN = 5  # attempts of a person

_CLOCK = {"elapsed", "total_elapsed", "started", "submitted", "registered"}


def percent(share: float) -> str:
    """0.384 → "38 %"; small shares with a digit."""
    value = 100 * share
    return _("%(n)s %%", n=number(value, 1 if 0 < value < 10 else 0))


def step_name(step: str) -> str:
    return str(HEADS[criterion_name(step)])


def name_of(f: Figures, names: Mapping[str, str], rounds: Mapping[str, str]) -> str:
    """ "Kỳ 1, Bảng A", as short as the contest allows.  names: of divisions · rounds: names"""
    where = rounds[f.round] if f.round else _("Toàn cuộc thi")
    return where if len(names) == 1 else f"{where}, {names[f.division]}"


def advice(report: Report, rules: RuleSet) -> list[Finding]:
    """Where the rules are weak, each weakness said once, where it is worst."""
    names = {d.code: d.name for d in rules.divisions}
    rounds = {r.code: r.name for r in rules.rounds}
    rankings = [f for f in report.figures if f.people]
    found = [
        *_full_marks(rankings, names, rounds),
        *_ties(rankings, names, rounds),
        *_missing_prizes(rankings, names, rounds),
        *_items(rankings, rules.contest, names, rounds),
        *_luck(rankings, names, rounds),
        *_attempts(rankings, rules.contest),
        *_load(report, rounds),
    ]
    return [Finding("warn", text) for text in found]


def _full_marks(rankings: Sequence[Figures], names: Mapping[str, str], rounds: Mapping[str, str]) -> Iterator[str]:
    worst = max((f for f in rankings if f.round), key=lambda f: f.full_share, default=None)
    if worst is None or worst.full_share < MANY_FULL:
        return
    after = worst.ties[0]
    yield _(
        "%(where)s: dự kiến %(share)s đúng tất cả; %(n)s người bằng nhau ở hạng nhất sau tiêu chí “%(step)s”, nên giải do các "
        "tiêu chí sau quyết định. Nên thêm câu khó, thêm số câu mỗi đề hoặc giảm số lượt.",
        where=name_of(worst, names, rounds), share=percent(worst.full_share), n=number(after.first),
        step=step_name(after.step),
    )  # fmt: skip


def _ties(rankings: Sequence[Figures], names: Mapping[str, str], rounds: Mapping[str, str]) -> Iterator[str]:
    worst = max(rankings, key=lambda f: f.contested, default=None)
    if worst is not None and worst.contested:
        tier = max(worst.tiers, key=lambda t: t.equal)
        yield _(
            "%(where)s: %(n)s người bằng nhau ở mọi tiêu chí mà giải “%(tier)s” chỉ có %(quota)s, vượt %(beyond)s giải so với "
            "thể lệ. Chuỗi xét hạng chưa đủ phân định: nên thêm một tiêu chí, hoặc định trước cách bốc thăm.",
            where=name_of(worst, names, rounds), n=number(tier.equal), tier=tier.code, quota=number(tier.quota),
            beyond=number(worst.beyond),
        )  # fmt: skip


def _missing_prizes(rankings: Sequence[Figures], names: Mapping[str, str], rounds: Mapping[str, str]) -> Iterator[str]:
    for f in rankings:
        quota = sum(t.quota for t in f.tiers)
        if f.given < quota:
            conditions, caps = f.skipped.get(Skip.CONDITIONS, 0), sum(f.skipped.values())
            yield _(
                "%(where)s: chỉ trao được %(given)s trong %(quota)s giải; %(people)s người dự thi, %(conditions)s người không "
                "đủ điều kiện xét giải, %(caps)s người đã có giải khác. Nên xem lại điều kiện hoặc số giải.",
                where=name_of(f, names, rounds), given=number(f.given), quota=number(quota), people=number(f.people),
                conditions=number(conditions), caps=number(caps - conditions),
            )  # fmt: skip
            return


def _items(
    rankings: Sequence[Figures], rules: ContestRules, names: Mapping[str, str], rounds: Mapping[str, str]
) -> Iterator[str]:
    drawn = [(f, f.exposed) for f in rankings if f.exposed is not None and f.exposed.papers > 1]
    alike = max(drawn, key=lambda row: row[1].common / row[1].paper, default=None)
    if alike is not None and alike[1].common >= ALIKE * alike[1].paper:
        f, e = alike
        yield _(
            "%(where)s: hai đề bất kỳ trùng nhau trung bình %(common)s trong %(paper)s câu, vì chỉ có %(size)s câu để rút. "
            "Người thi trước dễ chỉ cho người thi sau. Nên bổ sung câu hỏi.",
            where=name_of(f, names, rounds), common=number(e.common, 1), paper=number(e.paper), size=number(e.size),
        )  # fmt: skip
    again = max((row for row in drawn if row[1].again is not None), key=lambda row: row[1].again or 0, default=None)
    if again is not None and (again[1].again or 0) >= AGAIN:
        f, e = again
        text = _(
            "%(where)s: người thi lại gặp lại trung bình %(share)s số câu của đề.",
            where=name_of(f, names, rounds), share=percent(e.again or 0),
        )  # fmt: skip
        if rules.review_release is Release.AFTER_SUBMIT:
            text += " " + _("Đáp án lại mở ngay sau khi nộp. Nên chỉ mở đáp án sau khi kỳ thi đóng.")
        else:
            text += " " + _("Nên bổ sung câu hỏi hoặc giảm số lượt.")
        yield text
    before = max((row for row in drawn if row[1].before is not None), key=lambda row: row[1].before or 0, default=None)
    if before is not None and rules.review_release is not Release.NEVER and (before[1].before or 0) >= AGAIN:
        f, e = before
        yield _(
            "%(where)s: ngay lượt đầu, người đã thi kỳ trước gặp lại trung bình %(share)s số câu, có thể đã xem đáp án. Nên để "
            "mỗi kỳ rút từ phần câu hỏi riêng.",
            where=name_of(f, names, rounds), share=percent(e.before or 0),
        )  # fmt: skip


def _luck(rankings: Sequence[Figures], names: Mapping[str, str], rounds: Mapping[str, str]) -> Iterator[str]:
    by_clock = [(sum(n for step, n in f.decided.items() if step in _CLOCK) / f.given, f) for f in rankings if f.given]
    share, worst = max(by_clock, key=lambda row: row[0], default=(0.0, None))
    if worst is not None and share >= BY_CLOCK:
        steps = [step_name(step) for step, n in worst.decided.items() if step in _CLOCK and n]
        yield _(
            "%(where)s: %(share)s số giải do thời gian quyết định (%(steps)s): người đạt giải và người không đạt bằng nhau ở "
            "mọi tiêu chí trước đó.",
            where=name_of(worst, names, rounds), share=percent(share), steps=", ".join(steps),
        )  # fmt: skip
    able = [
        (sum(b.winners for b in f.bands if b.upto <= 25) / f.given, f) for f in rankings if f.given and f.people >= 100
    ]
    share, worst = min(able, key=lambda row: row[0], default=(1.0, None))
    if worst is not None and share < FEW_ABLE:
        yield _(
            "%(where)s: chỉ %(share)s số giải về tay nhóm 25 %% giỏi nhất; giải phụ thuộc may rủi nhiều hơn hiểu biết.",
            where=name_of(worst, names, rounds), share=percent(share),
        )  # fmt: skip


def _attempts(rankings: Sequence[Figures], rules: ContestRules) -> Iterator[str]:
    most = max((f for f in rankings if f.round), key=lambda f: f.mean_attempts, default=None)
    if most is not None and rules.attempt_limit is None and most.mean_attempts >= OFTEN:
        yield _(
            "Không giới hạn lượt: mỗi người dùng trung bình %(n)s lượt một kỳ. Nên đặt số lượt.",
            n=number(most.mean_attempts, 1),
        )
    if rules.counted is Counted.LAST and most is not None and most.mean_attempts > 1:
        lost = sum(f.ever_full - f.full for f in rankings if f.round)
        if lost > 0:
            yield _(
                "Lấy lượt cuối: %(n)s người từng đúng tất cả nhưng lượt cuối thì không. Nên lấy lượt tốt nhất.",
                n=number(lost),
            )


def _load(report: Report, rounds: Mapping[str, str]) -> Iterator[str]:
    code, busiest = max(report.loads.items(), key=lambda row: row[1].starts, default=("", None))
    if busiest is not None and busiest.starts >= BUSY:
        yield _(
            "%(round)s: phút đông nhất có %(n)s lượt bắt đầu. Nên thử tải máy chủ ở mức này trước khi mở.",
            round=rounds[code], n=number(busiest.starts),
        )  # fmt: skip
