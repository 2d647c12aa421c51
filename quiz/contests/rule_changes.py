"""What may change in the rules of an open contest: nothing that is sealed, quietly only what harms nobody, the rest openly.

Every field of the rule set stands in one table with its class; a test finds a field without one. A change is harmless when
it cannot move a place, does not take away what people were promised (a term, a prize, an amount), and shows nothing earlier
than was said. Everything else that may change at all makes a new version, of which everybody who has entered is told.

"After the first attempt" is taken as "once the first round has opened": that is a moment of the clock, so nobody can start
between the question and the answer.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Any

from flask_babel import lazy_gettext as _l

from quiz.contests import change_refusals  # noqa: F401  gives the refusals their sentences
from quiz.contests.refusals import ContestRefusal
from quiz.contests.rule_set import STORED, RuleSet
from quiz.contests.rules_text import plain, rules_text
from quiz.contests.topics import Titles
from quiz.errors import Refusal
from quiz.rules.clock import LateStart

Value = Any  # as JSON has it


class Kind(enum.StrEnum):
    """HARMLESS: noted in the journal · TOLD: a new version, of which people are told"""

    HARMLESS = "harmless"
    TOLD = "told"


Verdict = Kind | ContestRefusal


class Touch(enum.Enum):
    """Whose published results stand on a field: nobody's, those of its round, those of any round."""

    NOTHING = enum.auto()
    ROUND = enum.auto()
    ALL = enum.auto()


@dataclass(frozen=True, slots=True)
class Situation:
    """How far the contest has come.  before: the rules that hold · published: codes of rounds whose results are out"""

    before: RuleSet
    now: datetime
    published: frozenset[str] = frozenset()

    @property
    def has_begun(self) -> bool:
        return self.now >= self.before.first_opens_at

    def may_be_at_work(self, code: str = "") -> bool:
        """May somebody have an attempt of the round, or of any: also beyond its close, where a late start has its full time?"""
        contest = self.before.contest
        for round_ in self.before.rounds:
            minutes = round_.rules.minutes or contest.minutes
            last = round_.closes_at + timedelta(minutes=minutes, seconds=contest.grace_s)
            if code in ("", round_.code) and round_.opens_at <= self.now <= last:
                return True
        return False

    @property
    def has_cap(self) -> bool:
        """All prizes together are capped, so that more of one tier can mean fewer of another."""
        return self.before.contest.prize_rules.share_percent is not None


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organizer can change: the rule set, and what stands beside it."""

    rules: RuleSet
    summary: str = ""
    rules_number: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One changed place.  place: "contest.minutes", "rounds.ky-1.name" · field: its line in FIELDS · name: of the division
    or round, "" elsewhere"""

    place: str
    field: str
    name: str
    before: Value
    after: Value
    verdict: Verdict

    @property
    def title(self) -> str:
        return str(FIELDS[self.field].title)

    @property
    def refusal(self) -> Refusal | None:
        if isinstance(self.verdict, Kind):
            return None
        return Refusal(self.verdict, name=self.name, title=self.title)


Judge = Callable[[Value, Value, Situation, str], Verdict]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """title: as people call it · judge: (before, after, situation, code of the division or round) → verdict ·
    harmless: when a change of it is harmless, in words; "" never"""

    title: Any
    judge: Judge
    touch: Touch
    harmless: Any = ""


def _harmless(_before: Value, _after: Value, _at: Situation, _code: str) -> Verdict:
    return Kind.HARMLESS


def _told(_before: Value, _after: Value, _at: Situation, _code: str) -> Verdict:
    return Kind.TOLD


def _never(refusal: ContestRefusal) -> Judge:
    return lambda _before, _after, _at, _code: refusal


def _not_once_begun(refusal: ContestRefusal) -> Judge:
    return lambda _before, _after, at, _code: refusal if at.has_begun else Kind.TOLD


def _if(harmless: Callable[[Value, Value, Situation], bool]) -> Judge:
    return lambda before, after, at, _code: Kind.HARMLESS if harmless(before, after, at) else Kind.TOLD


def _span(before: Value, after: Value, at: Situation, _code: str) -> Verdict:
    """Of attempts that are running nobody knows any more when the last must have ended, if others get less time: keys and
    results could be shown while somebody is at work."""
    return ContestRefusal.ATTEMPTS_RUNNING if after < before and at.may_be_at_work() else Kind.TOLD


def _late_start(_before: Value, after: Value, at: Situation, _code: str) -> Verdict:
    return ContestRefusal.ATTEMPTS_RUNNING if after == LateStart.CUT and at.may_be_at_work() else Kind.TOLD


def _round_minutes(before: Value, after: Value, at: Situation, code: str) -> Verdict:
    usual = at.before.contest.minutes
    is_less = (after or usual) < (before or usual)
    if is_less and at.now < _round(at, code).closes_at and at.may_be_at_work(code):
        return ContestRefusal.ATTEMPTS_RUNNING
    return _of_round(before, after, at, code)


def _prediction(before: Value, after: Value, at: Situation, _code: str) -> Verdict:
    """What is asked stays once somebody may have answered it; that it decides less, or nothing, people are told."""
    if at.has_begun and after is not None:
        asked = ("target", "scope")
        if before is None or any(before[name] != after[name] for name in asked):
            return ContestRefusal.QUESTION_FIXED
    return Kind.TOLD


def more_prizes(before: Sequence[Value], after: Sequence[Value], *, capped: bool = False) -> bool:
    """Nobody gets less: every tier is there with as many prizes of as much each, and new ones stand below them all.

    capped: all prizes together are at most a share of the people, and the cap takes from the lowest tiers first, so that
    only the lowest may grow in number
    """
    if len(after) < len(before):
        return False
    for n, (old, new) in enumerate(zip(before, after, strict=False)):
        if old["code"] != new["code"] or new["quota"] < old["quota"] or new["amount"] < old["amount"]:
            return False
        if capped and new["quota"] > old["quota"] and n < len(after) - 1:
            return False
    return all(new["amount"] <= before[-1]["amount"] for new in after[len(before) :]) if before else True


def _prizes(before: Value, after: Value, at: Situation, _code: str) -> Verdict:
    return Kind.HARMLESS if more_prizes(before, after, capped=at.has_cap) else Kind.TOLD


def _round_prizes(before: Value, after: Value, at: Situation, code: str) -> Verdict:
    """By code of the division; a division that is not named has its usual prizes."""
    if (verdict := _of_round(before, after, at, code)) is not Kind.TOLD:
        return verdict
    usual = {d.code: [t.model_dump(mode="json") for t in d.rules.prizes] for d in at.before.divisions}
    old, new = usual | before, usual | after
    fine = all(more_prizes(old[name], new[name], capped=at.has_cap) for name in old)
    return Kind.HARMLESS if fine else Kind.TOLD


def _collective(before: Value, after: Value, _at: Situation) -> bool:
    """The same competitions, perhaps under other names, with prizes as good or better."""
    if [c["code"] for c in before] != [c["code"] for c in after]:
        return False
    return all(
        _without(old, "name", "prizes") == _without(new, "name", "prizes") and more_prizes(old["prizes"], new["prizes"])
        for old, new in zip(before, after, strict=True)
    )


def _lucky(before: Value, after: Value, _at: Situation) -> bool:
    """As many lots or more, of as much or more, among the same people."""
    if before is None or after is None:
        return False
    same = all(before[name] == after[name] for name in ("among", "scope"))
    return same and after["quota"] >= before["quota"] and after["amount"] >= before["amount"]


def _without(part: Value, *names: str) -> Value:
    return {name: value for name, value in part.items() if name not in names}


def _of_round(_before: Value, _after: Value, at: Situation, code: str) -> Verdict:
    return ContestRefusal.ROUND_HAS_CLOSED if at.now >= _round(at, code).closes_at else Kind.TOLD


def _way_in(_before: Value, _after: Value, at: Situation, code: str) -> Verdict:
    return ContestRefusal.ROUND_HAS_OPENED if at.now >= _round(at, code).opens_at else Kind.TOLD


def _opens_at(_before: Value, after: Value, at: Situation, code: str) -> Verdict:
    round_ = _round(at, code)
    if at.now >= round_.opens_at:
        return ContestRefusal.ROUND_HAS_OPENED
    return ContestRefusal.OPENS_EARLIER if datetime.fromisoformat(after) < round_.opens_at else Kind.TOLD


def _closes_at(_before: Value, _after: Value, at: Situation, code: str) -> Verdict:
    round_ = _round(at, code)
    if at.now >= round_.closes_at:
        return ContestRefusal.ROUND_HAS_CLOSED
    return ContestRefusal.CLOSE_BY_BUTTON if at.now >= round_.opens_at else Kind.TOLD


def _round(at: Situation, code: str) -> Any:
    return next(r for r in at.before.rounds if r.code == code)


_R = ContestRefusal
_LABEL = _l("Chỉ là tên gọi, không quyết định hạng.")
_MORE_PRIZES = _l(
    "Khi thêm số giải, tăng mức thưởng, hoặc thêm giải mới thấp hơn mọi giải: không ai được ít đi. Khi thể lệ giới hạn tổng số "
    "giải theo số người thi thì chỉ được thêm số giải ở hạng thấp nhất."
)

FIELDS: Mapping[str, FieldRule] = {
    "title": FieldRule(_l("Tên cuộc thi"), _harmless, Touch.NOTHING, _LABEL),
    "summary": FieldRule(_l("Lời giới thiệu"), _harmless, Touch.NOTHING, _l("Không nằm trong quy định của thể lệ.")),
    "rules_number": FieldRule(_l("Số thể lệ"), _harmless, Touch.NOTHING, _l("Số của văn bản, không quyết định hạng.")),
    "law_date": FieldRule(_l("Ngày tính pháp luật"), _never(_R.LAW_DATE_SEALED), Touch.ALL),
    "contest.min_age": FieldRule(_l("Tuổi tối thiểu"), _told, Touch.ALL),
    "contest.max_age": FieldRule(_l("Tuổi tối đa"), _told, Touch.ALL),
    "contest.areas": FieldRule(_l("Nơi ở của người dự thi"), _told, Touch.ALL),
    "contest.barred_roles": FieldRule(_l("Người không được dự thi"), _told, Touch.ALL),
    "contest.bars_authors": FieldRule(_l("Người soạn, thẩm định câu hỏi có được dự thi không"), _told, Touch.ALL),
    "contest.bars_relatives": FieldRule(_l("Người thân của Ban Tổ chức có được dự thi không"), _told, Touch.ALL),
    "contest.minutes": FieldRule(_l("Thời gian làm bài"), _span, Touch.ALL),
    "contest.late_start": FieldRule(_l("Bắt đầu sát giờ đóng"), _late_start, Touch.ALL),
    "contest.grace_s": FieldRule(_l("Nhận câu trả lời đến chậm"), _span, Touch.ALL),
    "contest.attempt_limit": FieldRule(_l("Số lượt mỗi kỳ"), _told, Touch.ALL),
    "contest.total_limit": FieldRule(_l("Số lượt cả cuộc thi"), _told, Touch.ALL),
    "contest.week_limit": FieldRule(_l("Số lượt mỗi tuần"), _told, Touch.ALL),
    "contest.week_starts": FieldRule(_l("Lúc bắt đầu tuần"), _told, Touch.ALL),
    "contest.consumed": FieldRule(_l("Lúc một lượt được tính"), _told, Touch.ALL),
    "contest.counted": FieldRule(_l("Cách lấy kết quả"), _told, Touch.ALL),
    "contest.points_per_item": FieldRule(_l("Điểm mỗi câu"), _not_once_begun(_R.POINTS_FIXED), Touch.ALL),
    "contest.level_points": FieldRule(_l("Điểm theo mức"), _not_once_begun(_R.POINTS_FIXED), Touch.ALL),
    "contest.all_or_nothing": FieldRule(_l("Chấm từng phần"), _not_once_begun(_R.POINTS_FIXED), Touch.ALL),
    "contest.essay_points": FieldRule(_l("Điểm bài tự luận"), _not_once_begun(_R.POINTS_FIXED), Touch.ALL),
    "contest.essay_rubric": FieldRule(_l("Phiếu điểm tự luận"), _not_once_begun(_R.POINTS_FIXED), Touch.ALL),
    "contest.essay_judges": FieldRule(
        _l("Số giám khảo chấm mỗi bài tự luận"), _not_once_begun(_R.POINTS_FIXED), Touch.ALL
    ),
    "contest.essay_spread_percent": FieldRule(_l("Mức lệch điểm phải chấm lại"), _not_once_begun(_R.POINTS_FIXED), Touch.ALL),
    "contest.prediction": FieldRule(_l("Câu dự đoán"), _prediction, Touch.ALL),
    "contest.chain": FieldRule(_l("Chuỗi xét hạng"), _told, Touch.ALL),
    "contest.overall": FieldRule(_l("Xếp hạng chung cuộc"), _told, Touch.ALL),
    "contest.prize_rules": FieldRule(_l("Điều kiện và giới hạn giải"), _told, Touch.ALL),
    "contest.collective": FieldRule(
        _l("Thi đua tập thể"), _if(_collective), Touch.ALL,
        _l("Khi chỉ đổi tên, thêm giải hoặc tăng mức thưởng; cách tính giữ nguyên."),
    ),
    "contest.lucky": FieldRule(
        _l("Bốc thăm may mắn"), _if(_lucky), Touch.ALL,
        _l("Khi chỉ thêm số giải hoặc tăng mức thưởng, vẫn bốc thăm trong những người đã định."),
    ),
    "contest.split_pool": FieldRule(_l("Chia câu hỏi cho từng kỳ"), _never(_R.POOL_SEALED), Touch.ALL),
    "contest.score_release": FieldRule(_l("Lúc xem điểm"), _told, Touch.ALL),
    "contest.review_release": FieldRule(_l("Lúc xem đáp án"), _told, Touch.ALL),
    "contest.board_release": FieldRule(_l("Lúc xem bảng xếp hạng"), _told, Touch.ALL),
    "contest.freeze_hours": FieldRule(_l("Giữ nguyên bảng xếp hạng trước giờ đóng"), _told, Touch.ALL),
    "contest.announce_days": FieldRule(
        _l("Thời hạn công bố kết quả"), _if(lambda before, after, _at: after <= before), Touch.ALL,
        _l("Khi hứa công bố sớm hơn. Công bố muộn hơn là bớt quyền của người dự thi."),
    ),
    "contest.complaint_days": FieldRule(
        _l("Thời hạn khiếu nại"), _if(lambda before, after, _at: after >= before), Touch.ALL,
        _l("Khi kéo dài. Rút ngắn là bớt quyền của người dự thi."),
    ),
    "contest.answer_days": FieldRule(
        _l("Hạn trả lời khiếu nại"), _if(lambda before, after, _at: after <= before), Touch.ALL, _l("Khi trả lời sớm hơn.")
    ),
    "contest.annulment_judges": FieldRule(
        _l("Số giám khảo để hủy một lượt thi"), _if(lambda before, after, _at: after >= before), Touch.ALL,
        _l("Khi cần nhiều người hơn. Bớt người là bớt quyền của người dự thi."),
    ),
    "contest.signing_judges": FieldRule(
        _l("Số giám khảo ký chốt"), _if(lambda before, after, _at: after >= before), Touch.ALL,
        _l("Khi cần nhiều chữ ký hơn."),
    ),
    "contest.open_answers": FieldRule(_l("Mở phương án trả lời sau công bố"), _told, Touch.ALL),
    "divisions": FieldRule(_l("Các bảng"), _never(_R.DIVISIONS_SEALED), Touch.NOTHING),
    "divisions.name": FieldRule(_l("Tên bảng"), _harmless, Touch.NOTHING, _LABEL),
    "divisions.rules.audience": FieldRule(_l("Đối tượng của bảng"), _told, Touch.ALL),
    "divisions.rules.blueprint": FieldRule(_l("Ma trận đề"), _never(_R.BLUEPRINT_SEALED), Touch.ALL),
    "divisions.rules.prizes": FieldRule(_l("Giải thưởng của bảng"), _prizes, Touch.ALL, _MORE_PRIZES),
    "divisions.rules.overall_prizes": FieldRule(_l("Giải chung cuộc của bảng"), _prizes, Touch.ALL, _MORE_PRIZES),
    "rounds": FieldRule(_l("Các kỳ thi"), _never(_R.ROUNDS_SEALED), Touch.NOTHING),
    "rounds.name": FieldRule(_l("Tên kỳ thi"), _harmless, Touch.NOTHING, _LABEL),
    "rounds.opens_at": FieldRule(_l("Giờ mở kỳ thi"), _opens_at, Touch.ROUND),
    "rounds.closes_at": FieldRule(_l("Giờ đóng kỳ thi"), _closes_at, Touch.ROUND),
    "rounds.rules.hours": FieldRule(_l("Giờ nhận bài trong ngày"), _of_round, Touch.ROUND),
    "rounds.rules.period": FieldRule(_l("Đợt của kỳ thi"), _of_round, Touch.ALL),
    "rounds.rules.minutes": FieldRule(_l("Thời gian làm bài của kỳ"), _round_minutes, Touch.ROUND),
    "rounds.rules.attempt_limit": FieldRule(_l("Số lượt của kỳ"), _of_round, Touch.ROUND),
    "rounds.rules.blueprints": FieldRule(_l("Ma trận đề của kỳ"), _never(_R.BLUEPRINT_SEALED), Touch.ROUND),
    "rounds.rules.prizes": FieldRule(_l("Giải thưởng của kỳ"), _round_prizes, Touch.ROUND, _MORE_PRIZES),
    "rounds.rules.admission": FieldRule(_l("Ai được vào kỳ thi"), _way_in, Touch.ROUND),
}  # fmt: skip

# what moves places that have been counted already
_RANKS = {"contest.chain", "contest.counted", "contest.overall", "contest.prediction"}


def changes(before: Terms, after: Terms, at: Situation) -> list[Change]:
    """Every place that differs, with what may become of it, in the order of the thể lệ."""
    found = [
        Change(place, field, name, old, new, _verdict(field, code, old, new, at))
        for place, field, code, name, old, new in _differing(before, after)
    ]
    order = list(FIELDS)
    return sorted(found, key=lambda change: order.index(change.field))


def needs_new_boards(changed: Iterable[Change]) -> bool:
    """Do these changes move places on boards that stand already?  Boards that no longer follow the rules are built anew."""
    return any(change.field in _RANKS for change in changed)


def is_harmless(changed: Iterable[Change]) -> bool:
    return all(change.verdict is Kind.HARMLESS for change in changed)


def _verdict(field: str, code: str, before: Value, after: Value, at: Situation) -> Verdict:
    rule = FIELDS[field]
    verdict = rule.judge(before, after, at, code)
    if not isinstance(verdict, Kind):
        return verdict
    is_out = {Touch.NOTHING: False, Touch.ROUND: code in at.published, Touch.ALL: bool(at.published)}[rule.touch]
    return ContestRefusal.RESULTS_PUBLISHED if is_out else verdict


def _differing(before: Terms, after: Terms) -> Iterator[tuple[str, str, str, str, Value, Value]]:
    """(place, field, code, name, before, after) of everything that is not the same."""
    for field in ("summary", "rules_number"):
        if (old := getattr(before, field)) != (new := getattr(after, field)):
            yield field, field, "", "", old, new
    a, b = before.rules.model_dump(mode="json"), after.rules.model_dump(mode="json")
    for field in ("title", "law_date"):
        if a[field] != b[field]:
            yield field, field, "", "", a[field], b[field]
    for name, old in a["contest"].items():
        if old != b["contest"][name]:
            yield f"contest.{name}", f"contest.{name}", "", "", old, b["contest"][name]
    for group in ("divisions", "rounds"):
        olds, news = ({part["code"]: part for part in rules[group]} for rules in (a, b))
        for code in olds | news:
            if code not in olds or code not in news:
                part = olds.get(code) or news[code]
                yield f"{group}.{code}", group, code, part["name"], olds.get(code), news.get(code)
                continue
            for place, old, new in _of_part(olds[code], news[code]):
                yield f"{group}.{code}.{place}", f"{group}.{place}", code, olds[code]["name"], old, new


def _of_part(before: Value, after: Value) -> Iterator[tuple[str, Value, Value]]:
    for name, old in before.items():
        if name == "rules":
            for inner, value in old.items():
                if value != after["rules"][inner]:
                    yield f"rules.{inner}", value, after["rules"][inner]
        elif old != after[name]:
            yield name, old, after[name]


def undone(rules: Value, changed: Iterable[Sequence[Any]]) -> RuleSet:
    """The rule set as it was before these changes.  rules: as stored with them · changed: [[place, before, after], …]"""
    document: Value = RuleSet.model_validate(rules, context=STORED).model_dump(mode="json")
    for place, before, _after in changed:
        at: Value = document
        *way, last = place.split(".")
        if not way and last not in document:
            continue  # the introduction and the number stand beside the rule set
        for step in way:
            at = next(part for part in at if part["code"] == step) if isinstance(at, list) else at[step]
        at[last] = before
    return RuleSet.model_validate(document, context=STORED)


@dataclass(frozen=True, slots=True)
class Difference:
    """Sentences of the thể lệ that gave way to others; either may be empty."""

    before: Sequence[str]
    after: Sequence[str]


def differences(before: RuleSet, after: RuleSet, names: Titles) -> list[Difference]:
    """What reads differently in the thể lệ, in its order."""
    old, new = (plain(rules_text(rules, names)).splitlines() for rules in (before, after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [Difference(old[a:b], new[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
