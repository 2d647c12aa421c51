"""What stands between a draft and its opening, and what an organizer should think about twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from flask_babel import gettext as _

from quiz.contests import law_warnings
from quiz.contests.pool_plan import planned_pools
from quiz.contests.rule_set import RuleSet
from quiz.contests.shared_keys import shared_keys
from quiz.contests.surprises import Finding, surprises, warn
from quiz.contests.topics import LEVEL_TEXTS, Titles, count_partial, drawable, left_out
from quiz.formats import day, local
from quiz.rules import drawing
from quiz.rules.clock import RoundPhase, Window, phase

__all__ = ["Finding", "findings", "surprises"]

SHOWN = 12  # item codes in one sentence


def findings(rules: RuleSet, names: Titles, now: datetime) -> list[Finding]:
    """Everything worth saying about a draft, what keeps it from opening first."""
    found = [
        *_shortages(rules, names),
        *_calendar(rules, now),
        *_prizes(rules),
        *surprises(rules),
        *_lost_parts(rules),
        *_doubtful_items(rules),
        *_changes_of_law(rules),
        *_keys_shown_elsewhere(rules),
    ]
    return sorted(found, key=lambda finding: finding.kind != "bad")


def _shortages(rules: RuleSet, names: Titles) -> Iterator[Finding]:
    for pool in planned_pools(rules):
        where = pool.division.name if pool.round_ is None else f"{pool.division.name}, {pool.round_.name}"
        for cell, available in pool.shortage:
            yield Finding("bad", _(
                "%(where)s cần %(asked)s câu “%(topic)s”, %(level)s; ngân hàng có %(available)s câu rút được%(share)s.",
                where=where, asked=cell.count, topic=names.topic(cell.bank, cell.topic), level=LEVEL_TEXTS[cell.level],
                available=available, share=_(" trong phần chia cho kỳ này") if pool.is_share else "",
            ))  # fmt: skip
        items = sum(cell.count for cell in pool.cells)
        essays = all(cell.level == drawing.ESSAY for cell in pool.cells)
        if not essays and not pool.shortage and len(pool.candidates) < 2 * items:
            yield warn(_("%(where)s: mỗi đề %(items)s câu mà chỉ có %(pool)s câu để rút, các đề sẽ gần giống nhau.",
                         where=where, items=items, pool=len(pool.candidates)))  # fmt: skip


def _calendar(rules: RuleSet, now: datetime) -> Iterator[Finding]:
    for r in rules.rounds:
        match phase(Window(r.opens_at, r.closes_at), now):
            case RoundPhase.CLOSED:
                yield Finding("bad", _("%(name)s có giờ đóng đã qua.", name=r.name))
            case RoundPhase.OPEN:
                yield warn(_("%(name)s có giờ mở đã qua: mở cuộc thi là người dự thi vào thi được ngay.", name=r.name))


def _prizes(rules: RuleSet) -> Iterator[Finding]:
    for d in rules.divisions:
        tiers = d.rules.prizes + d.rules.overall_prizes
        if not tiers and not any(r.rules.prizes.get(d.code) for r in rules.rounds):
            yield warn(_("%(name)s chưa có giải thưởng.", name=d.name))


def _lost_parts(rules: RuleSet) -> Iterator[Finding]:
    """Items that can be right in part, in a contest whose points have no parts."""
    c = rules.contest
    if c.points_per_item > 1 or c.level_points is not None or c.all_or_nothing:
        return
    pool = set().union(*(drawable(d.rules.blueprint, rules.law_date) for d in rules.divisions))
    if n := count_partial(pool):
        yield warn(_(
            "%(n)s câu chấm từng phần nhưng mỗi câu chỉ 1 điểm, nên phần đúng không đủ 1 điểm thì không được tính. Muốn tính "
            "từng phần, hãy cho mỗi câu nhiều điểm hơn.", n=n,
        ))  # fmt: skip


def _doubtful_items(rules: RuleSet) -> Iterator[Finding]:
    """Items that the law date keeps out, and a law date that people who sit may not expect."""
    out = left_out([d.rules for d in rules.divisions], rules.law_date)
    if out:
        yield warn(_(
            "%(n)s câu trong các chủ đề đã chọn không được rút, vì đáp án đã bị đính chính, hoặc căn cứ chưa có hiệu lực, "
            "hết hiệu lực hay có nghi vấn vào ngày %(day)s: %(codes)s.", n=len(out), day=day(rules.law_date), codes=_codes(out),
        ))  # fmt: skip
    opening: date = local(rules.first_opens_at).date()
    if opening != rules.law_date:
        text = _(
            "Ngày tính pháp luật (%(law)s) khác ngày mở kỳ đầu (%(opening)s).",
            law=day(rules.law_date),
            opening=day(opening),
        )
        yield warn(text)


def _changes_of_law(rules: RuleSet) -> Iterator[Finding]:
    """What happens to the law that papers ask about before the last round closes, each with its items."""
    by_event: dict[tuple[date, str], list[tuple[str, str]]] = {}
    for w in law_warnings.of_draft(rules):
        if w.check is None:
            by_event.setdefault((w.day, law_warnings.told(w)), []).append((w.bank.code, w.item.code))
    for (from_on, told), items in sorted(by_event.items()):
        yield warn(_("Từ ngày %(day)s, trước khi kỳ cuối đóng, %(told)s: %(n)s câu rút được theo ngày tính pháp luật có thể không "
                      "còn đúng với người dự thi: %(codes)s.", day=day(from_on), told=told, n=len(items), codes=_codes(items)))  # fmt: skip


def _keys_shown_elsewhere(rules: RuleSet) -> Iterator[Finding]:
    for shared in shared_keys(rules):
        when = _("khi công bố kết quả") if shared.from_on is None else _("từ ngày %(day)s", day=day(shared.from_on))
        yield warn(_(
            "%(n)s câu rút được cũng có trong cuộc thi “%(title)s”, nơi người dự thi xem được đáp án %(when)s, trước khi kỳ cuối "
            "của cuộc thi này đóng.", n=shared.items, title=shared.contest.title, when=when,
        ))  # fmt: skip


def _codes(items: list[tuple[str, str]]) -> str:
    text = ", ".join(code for _bank, code in items[:SHOWN])
    return text if len(items) <= SHOWN else _("%(codes)s và %(n)s câu khác", codes=text, n=len(items) - SHOWN)
