"""What stands between a draft and its opening, and what an organizer should think about twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from flask_babel import gettext as _

from quiz.contests import law_warnings
from quiz.contests.rule_set import ContestRules, DivisionPart, RuleSet
from quiz.contests.topics import LEVEL_TEXTS, Titles, count_partial, drawable, left_out
from quiz.formats import day, local
from quiz.rules import drawing
from quiz.rules.clock import RoundPhase, Window, phase
from quiz.rules.counting import Counted
from quiz.rules.visibility import Release

SHOWN = 12  # item codes in one sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """kind: "bad" keeps the contest from opening, "warn" asks for a second thought."""

    kind: str
    text: str


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
    ]
    return sorted(found, key=lambda finding: finding.kind != "bad")


def surprises(rules: RuleSet) -> Iterator[Finding]:
    """Combinations of options that are allowed and rarely meant."""
    c = rules.contest
    many = c.attempt_limit is None or c.attempt_limit > 1
    if c.attempt_limit is None and _first_after_score(c) in ("elapsed", "submitted"):
        yield _warn(_("Không giới hạn lượt mà xét thời gian ngay sau điểm: người thi lại nhiều lần sẽ thuộc câu hỏi và có lợi. "
                      "Hãy đặt số lượt, hoặc xét số lượt đã dùng trước thời gian."))  # fmt: skip
    if many and c.review_release is Release.AFTER_SUBMIT:
        yield _warn(_("Đáp án mở ngay sau khi nộp trong khi còn lượt khác: người dự thi biết đáp án rồi thi lại."))
    elif c.review_release is Release.AFTER_SUBMIT:
        yield _warn(
            _("Đáp án mở ngay sau khi nộp, lúc kỳ thi còn mở: người nộp trước có thể đưa đáp án cho người chưa thi.")
        )
    if _opens_before(c.board_release, c.score_release):
        yield _warn(_("Bảng xếp hạng mở trước khi người dự thi được xem điểm của mình, mà trên bảng có điểm của họ."))
    if c.chain[0] != "score":
        yield _warn(_("Chuỗi xét hạng không bắt đầu bằng điểm: người điểm thấp có thể xếp trên người điểm cao."))
    if not {"elapsed", "submitted", "registered"} & set(c.chain):
        yield _warn(
            _(
                "Chuỗi xét hạng không có tiêu chí thời gian: khi nhiều người đạt điểm tối đa, sẽ có rất nhiều người đồng hạng."
            )
        )
    if many and c.counted is not Counted.BEST:
        yield _warn(
            _("Thi nhiều lượt nhưng không lấy lượt tốt nhất: người dự thi thường hiểu khác. Thể lệ có ghi rõ điều này.")
        )
    if c.attempt_limit == 1 and "fewer_attempts" in c.chain:
        yield _warn(_("Mỗi người chỉ có một lượt nên tiêu chí “Số lượt đã dùng” luôn bằng nhau."))
    for d in rules.divisions:
        yield from _odd_division(rules, d)


def _opens_before(one: Release, other: Release) -> bool:
    order = list(Release)
    return order.index(one) < order.index(other)


def _first_after_score(c: ContestRules) -> str:
    return next((name for name in c.chain if name not in ("score", "prediction")), "")


def _odd_division(rules: RuleSet, d: DivisionPart) -> Iterator[Finding]:
    items, minutes = d.rules.items, rules.contest.minutes
    if items > minutes * 6:
        yield _warn(_("%(name)s: %(items)s câu trong %(minutes)s phút, chưa đầy 10 giây một câu.",
                      name=d.name, items=items, minutes=minutes))  # fmt: skip
    audiences = [other for other in rules.divisions if other.rules.audience == d.rules.audience]
    if len(audiences) > 1 and audiences[0] is not d:
        yield _warn(_("“%(a)s” và “%(b)s” nhận cùng một đối tượng: người dự thi sẽ tự chọn bảng.",
                      a=audiences[0].name, b=d.name))  # fmt: skip


def _shortages(rules: RuleSet, names: Titles) -> Iterator[Finding]:
    for d in rules.divisions:
        pool = drawable(d.rules.blueprint, rules.law_date)
        short = drawing.shortage(pool, d.rules.cells)
        for cell, available in short:
            yield Finding("bad", _(
                "%(name)s cần %(asked)s câu “%(topic)s”, %(level)s; ngân hàng có %(available)s câu rút được.",
                name=d.name, asked=cell.count, topic=names.topic(cell.bank, cell.topic),
                level=LEVEL_TEXTS[cell.level], available=available,
            ))  # fmt: skip
        if not short and len(pool) < 2 * d.rules.items:
            yield _warn(_("%(name)s: mỗi đề %(items)s câu mà chỉ có %(pool)s câu để rút, các đề sẽ gần giống nhau.",
                          name=d.name, items=d.rules.items, pool=len(pool)))  # fmt: skip


def _calendar(rules: RuleSet, now: datetime) -> Iterator[Finding]:
    for r in rules.rounds:
        match phase(Window(r.opens_at, r.closes_at), now):
            case RoundPhase.CLOSED:
                yield Finding("bad", _("%(name)s có giờ đóng đã qua.", name=r.name))
            case RoundPhase.OPEN:
                yield _warn(_("%(name)s có giờ mở đã qua: mở cuộc thi là người dự thi vào thi được ngay.", name=r.name))
        if (r.closes_at - r.opens_at).total_seconds() < rules.contest.minutes * 60:
            yield _warn(_("%(name)s ngắn hơn thời gian làm một bài.", name=r.name))
    for a, b in pairwise(sorted(rules.rounds, key=lambda r: r.opens_at)):
        if b.opens_at < a.closes_at:
            yield _warn(_("“%(a)s” và “%(b)s” trùng giờ nhau.", a=a.name, b=b.name))


def _prizes(rules: RuleSet) -> Iterator[Finding]:
    for d in rules.divisions:
        if not d.rules.prizes:
            yield _warn(_("%(name)s chưa có giải thưởng.", name=d.name))


def _lost_parts(rules: RuleSet) -> Iterator[Finding]:
    """Items that can be right in part, in a contest whose points have no parts."""
    if rules.contest.points_per_item > 1:
        return
    pool = set().union(*(drawable(d.rules.blueprint, rules.law_date) for d in rules.divisions))
    if n := count_partial(pool):
        yield _warn(_(
            "%(n)s câu chấm từng phần nhưng mỗi câu chỉ 1 điểm, nên phần đúng không đủ 1 điểm thì không được tính. Muốn tính "
            "từng phần, hãy cho mỗi câu nhiều điểm hơn.", n=n,
        ))  # fmt: skip


def _doubtful_items(rules: RuleSet) -> Iterator[Finding]:
    """Items that the law date keeps out, and a law date that people who sit may not expect."""
    out = left_out([d.rules for d in rules.divisions], rules.law_date)
    if out:
        yield _warn(_(
            "%(n)s câu trong các chủ đề đã chọn không được rút, vì căn cứ chưa có hiệu lực, hết hiệu lực hoặc có nghi vấn "
            "vào ngày %(day)s: %(codes)s.", n=len(out), day=day(rules.law_date), codes=_codes(out),
        ))  # fmt: skip
    opening: date = local(rules.first_opens_at).date()
    if opening != rules.law_date:
        text = _(
            "Ngày tính pháp luật (%(law)s) khác ngày mở kỳ đầu (%(opening)s).",
            law=day(rules.law_date),
            opening=day(opening),
        )
        yield _warn(text)


def _changes_of_law(rules: RuleSet) -> Iterator[Finding]:
    """What happens to the law that papers ask about before the last round closes, each with its items."""
    by_event: dict[tuple[date, str], list[tuple[str, str]]] = {}
    for w in law_warnings.of_draft(rules):
        if w.check is None:
            by_event.setdefault((w.day, law_warnings.told(w)), []).append((w.bank.code, w.item.code))
    for (from_on, told), items in sorted(by_event.items()):
        yield _warn(_("Từ ngày %(day)s, trước khi kỳ cuối đóng, %(told)s: %(n)s câu rút được theo ngày tính pháp luật có thể không "
                      "còn đúng với người dự thi: %(codes)s.", day=day(from_on), told=told, n=len(items), codes=_codes(items)))  # fmt: skip


def _codes(items: list[tuple[str, str]]) -> str:
    text = ", ".join(code for _bank, code in items[:SHOWN])
    return text if len(items) <= SHOWN else _("%(codes)s và %(n)s câu khác", codes=text, n=len(items) - SHOWN)


def _warn(text: str) -> Finding:
    return Finding("warn", text)
