"""Combinations of rules that are allowed and rarely meant, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from flask_babel import gettext as _

from quiz.contests.collective_text import tier_names
from quiz.contests.rule_set import (
    ESSAY_LEVEL,
    Blueprint,
    CollectiveRules,
    ContestRules,
    DivisionPart,
    RoundPart,
    RuleSet,
    minute_of,
)
from quiz.contests.rule_words import criterion_text
from quiz.contests.rules_text import one_attempt, top_mark
from quiz.formats import day, local, number
from quiz.rules.clock import Consumed, LateStart
from quiz.rules.collective import Formula, GateKind
from quiz.rules.counting import Counted, Overall
from quiz.rules.prediction import Scope, Use
from quiz.rules.tie_break import criterion_name
from quiz.rules.visibility import Release

HASTE_S = 10  # fewer seconds for a question than this cannot be meant
FEW = 10  # a share that gives its first prize only to a larger field is worth a word

_MOMENTS = {"started", "submitted", "registered"}
_TIMES = {*_MOMENTS, "elapsed", "total_elapsed"}
_RESULTS = {"score", "correct", "all_correct", "written"}
_FAIR_EITHER_WAY = {"attempts", "perfect_attempts"}


@dataclass(frozen=True, slots=True)
class Finding:
    """kind: "bad" keeps the contest from opening, "warn" asks for a second thought."""

    kind: str
    text: str


def warn(text: str) -> Finding:
    return Finding("warn", text)


def surprises(rules: RuleSet) -> Iterator[Finding]:
    for about in (_attempts, _visibility, _chain, _overall, _prediction, _marking, _prizes, _collective):
        for text in about(rules):
            yield warn(text)
    for d in rules.divisions:
        yield from map(warn, _division(rules, d))
    for r in rules.rounds:
        yield from map(warn, _round(rules, r))


# Attempts


def _attempts(rules: RuleSet) -> Iterator[str]:
    c = rules.contest
    many = not one_attempt(rules)
    if _is_unlimited(c) and _first_after_result(c) in ("elapsed", "submitted"):
        yield _("Không giới hạn lượt mà xét thời gian ngay sau điểm: người thi lại nhiều lần sẽ thuộc câu hỏi và có lợi. "
                "Hãy đặt số lượt, hoặc xét số lượt đã dùng trước thời gian.")  # fmt: skip
    if many and c.counted in (Counted.FIRST, Counted.LAST):
        yield _(
            "Thi nhiều lượt nhưng không lấy lượt tốt nhất: người dự thi thường hiểu khác. Thể lệ có ghi rõ điều này."
        )
    if many and c.counted is Counted.LAST and c.prediction is not None:
        yield _("Lấy lượt cuối cùng khi có câu dự đoán: ai thi lại sát giờ đóng sẽ dự đoán khi đã biết gần đủ số người dự thi. Hãy lấy "
                "lượt tốt nhất hoặc lượt đầu tiên.")  # fmt: skip
    if c.consumed is Consumed.AT_SUBMIT and not _is_unlimited(c):
        yield _("Chỉ mất lượt khi nộp bài: người dự thi có thể bắt đầu, xem đề, bỏ ra rồi làm lại cho đến khi gặp đề dễ. Hãy tính lượt "
                "từ khi bấm Bắt đầu nếu không muốn như vậy.")  # fmt: skip
    rounds = len(rules.rounds)
    if c.attempt_limit is not None and c.total_limit is not None and c.total_limit >= c.attempt_limit * rounds:
        yield _("Số lượt cả cuộc thi (%(all)s) không bao giờ dùng hết, vì %(rounds)s kỳ, mỗi kỳ %(n)s lượt. Hãy để trống, hoặc đặt nhỏ "
                "hơn.", all=c.total_limit, rounds=rounds, n=c.attempt_limit)  # fmt: skip
    if c.total_limit is not None and c.total_limit < rounds:
        yield _(
            "Mỗi người chỉ có %(all)s lượt cho %(rounds)s kỳ nên không ai dự thi được mọi kỳ.",
            all=c.total_limit,
            rounds=rounds,
        )
    if (
        c.attempt_limit is not None
        and c.week_limit is not None
        and c.week_limit > c.attempt_limit
        and _rounds_a_week_apart(rules)
    ):
        yield _("Số lượt mỗi tuần (%(week)s) nhiều hơn số lượt mỗi kỳ (%(n)s) nên không bao giờ được dùng đến. Hãy để trống, hoặc đặt "
                "nhỏ hơn.", week=c.week_limit, n=c.attempt_limit)  # fmt: skip


def _is_unlimited(c: ContestRules) -> bool:
    return c.attempt_limit is None and c.week_limit is None and c.total_limit is None


def _first_after_result(c: ContestRules) -> str:
    return next((n for n in map(criterion_name, c.chain) if n not in _RESULTS and n != "prediction"), "")


def _rounds_a_week_apart(rules: RuleSet) -> bool:
    opens = sorted(r.opens_at for r in rules.rounds)
    return all(b - a >= timedelta(days=7) for a, b in pairwise(opens))


# Who sees what, when


def _visibility(rules: RuleSet) -> Iterator[str]:
    c = rules.contest
    if c.review_release is Release.AFTER_SUBMIT and not one_attempt(rules):
        yield _(
            "Đáp án mở ngay sau khi nộp trong khi còn lượt khác: người dự thi biết đáp án rồi thi lại. Hãy mở sau khi kỳ thi kết thúc."
        )
    elif c.review_release is Release.AFTER_SUBMIT:
        yield _("Đáp án mở ngay sau khi nộp, lúc kỳ thi còn mở: người nộp trước có thể đưa đáp án cho người chưa thi. Hãy mở sau khi kỳ thi "
                "kết thúc.")  # fmt: skip
    if _opens_before(c.board_release, c.score_release):
        yield _(
            "Bảng xếp hạng mở trước khi người dự thi được xem điểm của mình, mà trên bảng có điểm của họ. Hãy mở hai thứ cùng lúc."
        )
    if len(rules.rounds) > 1 and not c.split_pool and c.review_release in (Release.AFTER_SUBMIT, Release.AFTER_CLOSE):
        yield _("Các kỳ rút đề từ cùng một ngân hàng, mà đáp án của kỳ trước đã mở khi kỳ sau đang thi. Hãy cho mỗi kỳ một phần riêng của ngân "
                "hàng, hoặc chỉ mở đáp án sau khi công bố kết quả kỳ cuối.")  # fmt: skip
    shortest = min(r.closes_at - r.opens_at for r in rules.rounds)
    if c.freeze_hours and timedelta(hours=c.freeze_hours) >= shortest:
        yield _("Bảng xếp hạng giữ nguyên %(n)s giờ trước khi đóng, dài bằng hoặc hơn cả kỳ ngắn nhất, nên ở kỳ đó bảng luôn trống. Hãy giảm "
                "số giờ.", n=c.freeze_hours)  # fmt: skip
    if rules.has_essays and c.score_release in (Release.AFTER_SUBMIT, Release.AFTER_CLOSE):
        yield _("Đề có bài tự luận nhưng điểm mở trước khi Ban Giám khảo chấm xong: người dự thi chỉ thấy điểm phần trắc nghiệm. Hãy mở điểm sau "
                "khi công bố kết quả.")  # fmt: skip
    if rules.has_essays and c.board_release in (Release.AFTER_SUBMIT, Release.AFTER_CLOSE):
        yield _("Đề có bài tự luận nhưng bảng xếp hạng mở trước khi chấm xong: thứ hạng trên bảng sẽ đổi nhiều. Hãy mở bảng sau khi công bố "
                "kết quả.")  # fmt: skip


def _opens_before(one: Release, other: Release) -> bool:
    order = list(Release)
    return order.index(one) < order.index(other)


# The chain


def _chain(rules: RuleSet) -> Iterator[str]:
    yield from _one_chain(rules, rules.contest.chain)
    names = [criterion_name(step) for step in rules.contest.chain]
    if one_attempt(rules):
        for name in ("attempts", "perfect_attempts"):
            if name in names:
                yield _("Mỗi người chỉ có một lượt nên tiêu chí “%(title)s” không phân biệt được ai. Hãy bỏ tiêu chí này.",
                        title=criterion_text(name)[0])  # fmt: skip
    elif "attempts:more" in rules.contest.chain and _is_unlimited(rules.contest):
        yield _("Không giới hạn lượt mà nhiều lượt hơn xếp trên: người dự thi sẽ thi đi thi lại chỉ để lấy số lượt. Hãy đảo chiều hoặc đặt số "
                "lượt.")  # fmt: skip


def _one_chain(rules: RuleSet, chain: tuple[str, ...]) -> Iterator[str]:
    names = [criterion_name(step) for step in chain]
    if names[0] not in _RESULTS:
        yield _("Chuỗi xét hạng không bắt đầu bằng điểm: người điểm thấp có thể xếp trên người điểm cao.")
    if not _TIMES & set(names) and not rules.has_essays:
        yield _(
            "Chuỗi xét hạng không có tiêu chí thời gian: khi nhiều người đạt điểm tối đa, sẽ có rất nhiều người đồng hạng."
        )
    yield from _never_reached(names)
    yield from _turned(chain)
    yield from _never_differ(rules, names)


def _never_reached(names: list[str]) -> Iterator[str]:
    """Steps after one that hardly anybody shares."""
    at = next((n for n, name in enumerate(names) if name in _MOMENTS), None)
    after = names[at + 1 :] if at is not None else []
    if at is not None and "prediction" in after:
        yield _("“%(title)s” đứng trước “Dự đoán”. Hầu như không ai trùng nhau ở tiêu chí đó, nên câu dự đoán không bao giờ được xét. Hãy đưa "
                "“Dự đoán” lên trước.", title=criterion_text(names[at])[0])  # fmt: skip
    elif at is not None and after:
        yield _("Hầu như không ai trùng nhau ở “%(title)s”, nên các tiêu chí sau nó không bao giờ được xét: %(after)s. Hãy đưa “%(title)s” xuống "
                "cuối.", title=criterion_text(names[at])[0], after=", ".join(str(criterion_text(n)[0]) for n in after))  # fmt: skip
    for time in ("elapsed", "total_elapsed"):
        if time in names and "prediction" in names[names.index(time) :]:
            yield _("“%(title)s” đo đến phần nghìn giây nên hầu như không ai bằng nhau, câu dự đoán đứng sau sẽ không được xét. Hãy đưa “Dự đoán” "
                    "lên trước.", title=criterion_text(time)[0])  # fmt: skip


def _turned(chain: tuple[str, ...]) -> Iterator[str]:
    for step in chain:
        if ":" in step and criterion_name(step) not in _FAIR_EITHER_WAY:
            title, direction = criterion_text(step)
            yield _("Tiêu chí “%(title)s” đang đảo chiều: %(direction)s. Rất ít cuộc thi muốn như vậy; nếu không phải, hãy đảo lại.",
                    title=title, direction=direction)  # fmt: skip


def _never_differ(rules: RuleSet, names: list[str]) -> Iterator[str]:
    """Steps that say again what one before them has said."""
    c = rules.contest
    if "written" in names and not rules.has_essays:
        yield _("Đề không có bài tự luận nên tiêu chí “Điểm bài tự luận” luôn bằng nhau. Hãy bỏ tiêu chí này.")
    alike = c.level_points is None and not rules.has_essays  # every right item is worth the same
    first = next((name for name in names if name in _RESULTS), "")
    later = [name for name in names if name in _RESULTS - {"written"} and name != first]
    if alike and first in ("score", "correct") and later:
        same = later[0] if c.all_or_nothing else "all_correct"
        if same in later:
            yield _("“%(a)s” đã quyết định “%(b)s”, nên tiêu chí sau không bao giờ phân biệt được ai. Hãy bỏ một trong hai.",
                    a=criterion_text(first)[0], b=criterion_text(same)[0])  # fmt: skip
    only_perfect = c.prize_rules.all_correct or (c.prediction is not None and c.prediction.use is Use.CONDITION)
    if alike and only_perfect and first == "all_correct" and later:
        yield _("Chỉ người đúng tất cả các câu mới được xét giải, nên “%(title)s” sau “Đúng tất cả các câu” không có tác dụng với giải. Có thể bỏ.",
                title=criterion_text(later[0])[0])  # fmt: skip


def _overall(rules: RuleSet) -> Iterator[str]:
    overall = rules.contest.overall
    if overall.how is Overall.NONE:
        return
    if len(rules.rounds) == 1:
        yield _(
            "Cuộc thi chỉ có một kỳ nên xếp hạng chung cuộc giống hệt xếp hạng của kỳ. Hãy chọn không xếp chung cuộc."
        )
    if any(r.rules.admission for r in rules.rounds) and overall.how is Overall.SUM:
        yield _("Xếp hạng chung cuộc cộng cả kỳ mà chỉ một số người được vào, nên người không vào không có điểm của kỳ đó. Hãy trao giải ở kỳ "
                "chung kết thay cho giải chung cuộc nếu không muốn như vậy.")  # fmt: skip
    said = set(_one_chain(rules, rules.contest.chain))
    for text in _one_chain(rules, overall.chain):
        if text not in said:
            yield _("Chung cuộc: %(text)s", text=text)
    if not any(d.rules.overall_prizes for d in rules.divisions):
        yield _(
            "Có xếp hạng chung cuộc nhưng chưa có giải chung cuộc nào. Hãy thêm giải, hoặc chọn không xếp chung cuộc."
        )


# The prediction


def _prediction(rules: RuleSet) -> Iterator[str]:
    c = rules.contest
    prediction = c.prediction
    if prediction is None:
        return
    if prediction.use is Use.CRITERION and prediction.max_gap is not None:
        yield _(
            "Độ lệch nhiều nhất chỉ có tác dụng khi dự đoán là điều kiện xét giải. Hãy chọn “điều kiện xét giải”, hoặc để trống độ lệch."
        )
    if c.late_start is LateStart.FULL:
        yield _("Người bắt đầu sát giờ đóng được làm tiếp sau giờ đóng, khi số người dự thi đã rõ, rồi mới trả lời câu dự đoán. Hãy cho lượt thi "
                "kết thúc đúng giờ đóng của kỳ.")  # fmt: skip
    if prediction.scope is Scope.CONTEST and len(rules.rounds) > 1 and c.overall.how is Overall.SUM:
        yield _("Dự đoán về cả cuộc thi lấy ở kỳ cuối mà mỗi người dự thi: ai thi kỳ cuối biết nhiều hơn người chỉ thi kỳ đầu. Hãy hỏi về từng kỳ "
                "nếu không muốn như vậy.")  # fmt: skip


# Points


def _marking(rules: RuleSet) -> Iterator[str]:
    c = rules.contest
    if c.level_points is None:
        return
    if any(cell.level is None for _d, _r, blueprint in _papers(rules) for cell in blueprint):
        yield _("Điểm tính theo mức của câu hỏi, nhưng ma trận đề có câu “mức bất kỳ”: mỗi đề có điểm tối đa khác nhau, không công bằng. Hãy ghi "
                "số câu của từng mức.")  # fmt: skip


def _papers(rules: RuleSet) -> Iterator[tuple[DivisionPart, RoundPart, Blueprint]]:
    """Every paper: of a division in a round."""
    for d in rules.divisions:
        for r in rules.rounds:
            yield d, r, r.rules.blueprints.get(d.code) or d.rules.blueprint


# Prizes


def _prizes(rules: RuleSet) -> Iterator[str]:
    c, p = rules.contest, rules.contest.prize_rules
    if p.one_per_period and not any(r.rules.period for r in rules.rounds):
        yield _("Mỗi người một giải trong mỗi đợt, nhưng chưa kỳ nào thuộc đợt nào, nên mọi kỳ được coi là cùng một đợt. Hãy ghi tên đợt ở từng "
                "kỳ.")  # fmt: skip
    if p.share_percent is not None and 100 // p.share_percent > FEW:
        yield _("Số giải không quá %(percent)s%% số người dự thi: bảng có dưới %(least)s người thì không có giải nào. Hãy tăng tỷ lệ nếu có bảng ít "
                "người.", percent=p.share_percent, least=number(-(-100 // p.share_percent)))  # fmt: skip
    tops = [top for _d, _r, blueprint in _papers(rules) if (top := top_mark(c, blueprint)) is not None]
    if p.min_score and tops and p.min_score > min(tops):
        yield _("Điểm tối thiểu để được xét giải (%(least)s) cao hơn điểm tối đa của đề (%(top)s) nên không ai được giải. Hãy giảm điểm tối thiểu.",
                least=number(p.min_score), top=number(min(tops)))  # fmt: skip
    if (
        c.lucky is not None
        and c.lucky.scope is Scope.CONTEST
        and len(rules.rounds) > 1
        and c.overall.how is Overall.NONE
    ):
        yield _("Bốc thăm một lần cho cả cuộc thi cần bảng kết quả chung cuộc, mà cuộc thi không xếp hạng chung cuộc. Hãy chọn cách xếp hạng chung "
                "cuộc, hoặc bốc thăm mỗi kỳ.")  # fmt: skip


# Collective competitions


def _collective(rules: RuleSet) -> Iterator[str]:
    for scheme in rules.contest.collective:
        for text in _scheme(rules, scheme):
            yield _("%(name)s: %(text)s", name=scheme.name, text=text)


def _scheme(rules: RuleSet, scheme: CollectiveRules) -> Iterator[str]:
    known = tier_names(rules)
    uses_points = scheme.formula is Formula.SUM or (scheme.formula is Formula.COMPOSITE and scheme.weights.winners)
    if uses_points and (gone := [code for code in scheme.prize_points if code not in known]):
        yield _("có điểm cho giải không còn trong cuộc thi: %(codes)s. Hãy chọn lại giải.", codes=", ".join(gone))
    counts_winners = scheme.formula is Formula.WINNERS or any(g.kind is GateKind.WINNERS for g in scheme.gates)
    if counts_winners and not known:
        yield _(
            "xét số giải cá nhân, mà cuộc thi không có giải cá nhân nào nên không đơn vị nào được xét. Hãy thêm giải, hoặc đổi cách tính."
        )
    if scheme.formula is Formula.COMPOSITE and scheme.weights.quality == 100:
        yield _("chỉ có điểm chất lượng do người chấm, không có con số nào của cuộc thi. Hãy xem lại trọng số.")


# Divisions and rounds


def _division(rules: RuleSet, d: DivisionPart) -> Iterator[str]:
    same = [other for other in rules.divisions if other.rules.audience == d.rules.audience]
    if len(same) > 1 and same[0] is not d:
        yield _("“%(a)s” và “%(b)s” nhận cùng một đối tượng: người dự thi sẽ tự chọn bảng.", a=same[0].name, b=d.name)
    hasty = {
        (sum(cell.count for cell in blueprint if cell.level != ESSAY_LEVEL), r.rules.minutes or rules.contest.minutes)
        for division, r, blueprint in _papers(rules)
        if division is d
    }
    for items, minutes in sorted(hasty):
        if items * HASTE_S > minutes * 60:
            yield _("%(name)s: %(items)s câu trong %(minutes)s phút, chưa đầy %(s)s giây một câu.",
                    name=d.name, items=items, minutes=minutes, s=HASTE_S)  # fmt: skip


def _round(rules: RuleSet, r: RoundPart) -> Iterator[str]:
    minutes = r.rules.minutes or rules.contest.minutes
    hours = r.rules.hours
    if hours is not None and minute_of(hours.closes) - minute_of(hours.opens) < minutes:
        yield _(
            "%(name)s: giờ thi trong ngày ngắn hơn thời gian làm một bài. Hãy nới giờ, hoặc giảm thời gian làm bài.",
            name=r.name,
        )
    if (r.closes_at - r.opens_at).total_seconds() < minutes * 60:
        yield _("%(name)s ngắn hơn thời gian làm một bài.", name=r.name)
    if r.rules.admission is None:
        return
    last = max((o for o in rules.rounds if o.code in r.rules.admission.rounds), key=lambda o: o.closes_at)
    announced = local(last.closes_at + timedelta(days=rules.contest.announce_days)).date()
    if local(r.opens_at).date() <= announced:
        yield _("%(round)s mở ngày %(opens)s, mà kết quả %(last)s có thể đến ngày %(day)s mới công bố: người được vào chưa kịp biết. Hãy mở "
                "muộn hơn, hoặc công bố sớm hơn.",
                round=r.name, opens=day(r.opens_at), last=last.name, day=day(announced))  # fmt: skip
    admitted = r.rules.admission.quota * len(r.rules.admission.rounds)
    for d in rules.divisions:
        tiers = r.rules.prizes.get(d.code, d.rules.prizes)
        if (prizes := sum(t.quota for t in tiers)) > admitted:
            yield _("%(round)s có %(prizes)s giải cho %(name)s mà chỉ nhận khoảng %(admitted)s người. Hãy bớt giải, hoặc nhận thêm người.",
                    round=r.name, prizes=number(prizes), name=d.name, admitted=number(admitted))  # fmt: skip
