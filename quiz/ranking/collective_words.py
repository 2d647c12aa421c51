"""Collective competitions in words: the rules as sentences, the working of a unit line by line, what is wrong with facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quiz.contests.collective_text import collective_texts
from quiz.contests.models import Contest
from quiz.contests.rule_set import CollectiveRules, rule_set
from quiz.contests.rule_words import DENOMINATOR_TEXTS, MEASURE_TEXTS
from quiz.formats import day, number
from quiz.ranking.tallies import Stated
from quiz.ranking.unit_models import UnitSheet, UnitStanding
from quiz.ranking.unit_working import stated_of, step_of
from quiz.rules.collective import SHARES, Comparison, Denominator, Formula, GateKind, Part, Problem, Step, StepKind

MOST_DIGITS = 6

FORMULAS = {
    Formula.PARTICIPANTS: _l("Số người dự thi"),
    Formula.WINNERS: _l("Số cá nhân đạt giải"),
    Formula.ATTEMPTS: _l("Số lượt thi hợp lệ"),
    Formula.RATIO: _l("Tỷ lệ người dự thi"),
    Formula.AVERAGE: _l("Điểm trung bình của người dự thi, tính theo phần trăm điểm tối đa"),
    Formula.RANK_POINTS: _l("Cộng điểm theo thứ tự trong từng bảng xếp"),
    Formula.SUM: _l("Tỷ lệ người dự thi bình quân các kỳ, lấy làm điểm, cộng điểm của các giải cá nhân"),
    Formula.COMPOSITE: _l("Điểm tổng hợp có trọng số"),
}

PARTS = {
    Part.RATIO: _l("Tỷ lệ dự thi"),
    Part.QUALITY: _l("Chất lượng tuyên truyền"),
    Part.WINNERS: _l("Giải cá nhân"),
}

_COUNTED = {
    "participants": _l("%(n)s người"),
    "attempts": _l("%(n)s lượt"),
    "winners": _l("%(n)s giải"),
    "score_sum": _l("%(n)s điểm"),
    "perfect": _l("%(n)s người"),
}

PROBLEMS = {
    Problem.NOBODY_TOOK_PART: _l("Chưa có ai dự thi"),
    Problem.NO_DENOMINATOR: _l("Chưa có số người để tính tỷ lệ"),
    Problem.NO_SCORE: _l("Chưa có điểm"),
    Problem.NO_QUALITY: _l("Chưa chấm chất lượng tuyên truyền"),
    Problem.DENOMINATOR_TOO_SMALL: _l("Số người đã khai ít hơn số người dự thi"),
    Problem.OBLIGED_NOT_TOLD_APART: _l("Chưa phân biệt được ai thuộc diện bắt buộc dự thi"),
}

WHAT_TO_DO = {
    Problem.NO_DENOMINATOR: _l(
        "Các đơn vị này chưa được xếp hạng. Hãy ghi số người kèm ngày và nguồn ở trang của đơn vị, rồi lập bảng mới."
    ),
    Problem.DENOMINATOR_TOO_SMALL: _l(
        "Tỷ lệ của các đơn vị này chỉ được tính tròn 100%. Hãy đối chiếu với đơn vị và ghi lại số người cho đúng, rồi lập bảng mới."
    ),
    Problem.NO_QUALITY: _l(
        "Các đơn vị này chưa được xếp hạng. Hãy ghi điểm chất lượng tuyên truyền, rồi lập bảng mới."
    ),
    Problem.OBLIGED_NOT_TOLD_APART: _l(
        "Hệ thống biết mỗi đơn vị có bao nhiêu người thuộc diện bắt buộc dự thi, nhưng không biết từng người. Tỷ lệ tính mọi "
        "người dự thi của đơn vị trên số đó, nhiều nhất là 100%. Cần đối chiếu với danh sách của đơn vị trước khi trao giải."
    ),
}

CHANGED = {
    "results": _l("kết quả cá nhân"),
    "units": _l("danh sách đơn vị hoặc khối thi đua"),
    "headcounts": _l("số người của đơn vị"),
    "quality": _l("điểm chất lượng tuyên truyền"),
    "rules": _l("quy định của nội dung thi đua"),
}


def exact(value: Fraction | int, digits: int = 2) -> str:
    """A whole number as it is, another with so many digits after the comma: 75 → "75", 200/3 → "66,67"."""
    return number(int(value)) if value == int(value) else number(float(value), digits)


def percent(value: Fraction, digits: int = 2) -> str:
    """ "75,00%": always with the digits, because percents stand below each other."""
    return number(float(value), digits) + "%"


def source_text(stated: Stated | None) -> str:
    """ "31/12/2025, nguồn báo cáo", or that it was added up from units below."""
    if stated is None:
        return ""
    when = day(stated.last) if stated.first == stated.last else f"{day(stated.first)} – {day(stated.last)}"
    named = "; ".join(filter(None, stated.sources))
    parts = [when]
    if stated.added:
        parts.append(_("cộng từ %(n)s đơn vị bên dưới", n=number(stated.added)))
    if named:
        parts.append(_("nguồn: %(source)s", source=named))
    return ", ".join(parts)


def changed_text(parts: Sequence[str]) -> str:
    return ", ".join(str(CHANGED[name]) for name in parts)


# The rules


def rule_lines(contest: Contest, rules: CollectiveRules) -> list[str]:
    """What decides in a competition: the sentences of the thể lệ, and what they leave to this page."""
    lines = [
        *collective_texts(rule_set(contest), rules),
        _(
            "Đơn vị tính cả người của các đơn vị bên dưới. Mỗi người dự thi được tính một lần, cần ít nhất một lượt thi hợp lệ."
        ),
    ]
    if rules.prizes:
        tiers = ", ".join(_("%(n)s %(name)s", n=tier.quota, name=tier.name) for tier in rules.prizes)
        lines.append(
            _("Cơ cấu giải của mỗi khối: %(tiers)s.", tiers=tiers)
            if rules.by_block
            else _("Cơ cấu giải: %(tiers)s.", tiers=tiers)
        )
    return lines


def _gate_text(kind: str, at_least: int, denominator: Denominator) -> str:
    share = f"{at_least}%"
    match GateKind(kind):
        case GateKind.OBLIGED_SHARE:
            return _("ít nhất %(share)s số người thuộc diện bắt buộc dự thi đã dự thi", share=share)
        case GateKind.SHARE:
            return _("người dự thi ít nhất bằng %(share)s %(of)s", share=share, of=DENOMINATOR_TEXTS[denominator])
        case GateKind.WINNERS:
            return _("có ít nhất %(n)s giải cá nhân", n=at_least)
        case GateKind.PARTICIPANTS:
            return _("có ít nhất %(n)s người dự thi", n=number(at_least))
        case GateKind.ALL_ROUNDS:
            return _("kỳ nào cũng có ít nhất %(n)s người dự thi", n=number(at_least))


def _band(size_from: int | None, size_below: int | None) -> str:
    if size_below is None:
        return _("Đơn vị từ %(a)s người trở lên", a=number(size_from or 0))
    if not size_from:
        return _("Đơn vị dưới %(b)s người", b=number(size_below))
    return _("Đơn vị từ %(a)s đến dưới %(b)s người", a=number(size_from), b=number(size_below))


# The working of a unit


@dataclass(frozen=True, slots=True)
class Speaker:
    """What the sentences of one unit need besides the steps.  stated: denominator → who said how many"""

    rules: CollectiveRules
    stated: Mapping[Denominator, Stated] = field(default_factory=dict)
    tier_names: Mapping[str, str] = field(default_factory=dict)
    round_names: Sequence[str] = ()
    digits: int = 2

    def say(self, step: Step) -> str:
        """One line of the working as a sentence, with what is wrong with its facts behind it."""
        sentence = _SENTENCES[step.kind](self, step)
        remark = _REMARKS.get(step.problem) if step.problem else None
        return f"{sentence} {remark}" if remark is not None and step.kind is not StepKind.TIE_BREAK else sentence

    # parts of sentences

    def share(self, step: Step, of: Denominator) -> str:
        """ "45 người dự thi trên 60 người (31/12/2025, nguồn: …) = 75,00%" """
        people = number(int(step.count or 0))
        if step.value is None:
            return _("%(n)s người dự thi, chưa có %(of)s", n=people, of=DENOMINATOR_TEXTS[of])
        source = source_text(self.stated.get(of))
        total = number(step.out_of or 0) + (f" ({source})" if source else "")
        value = percent(step.value, self.digits)
        if of is Denominator.OBLIGED:
            return _(
                "%(n)s người dự thi trên số người thuộc diện bắt buộc dự thi là %(total)s = %(value)s",
                n=people,
                total=total,
                value=value,
            )
        if of is Denominator.POPULATION:
            return _("%(n)s người dự thi trên dân số %(total)s = %(value)s", n=people, total=total, value=value)
        unit = _("%(n)s người", n=number(step.out_of or 0)) + (f" ({source})" if source else "")
        return _("%(n)s người dự thi trên %(total)s = %(value)s", n=people, total=unit, value=value)

    def passed(self, step: Step) -> str:
        return _("đạt") if step.met else _("chưa đạt")


def _count(s: Speaker, step: Step) -> str:
    if step.problem is Problem.NOBODY_TOOK_PART:
        return _("Chưa có ai dự thi, nên đơn vị không được xếp hạng.")
    counted = str(_COUNTED[step.of]) % {"n": number(int(step.count or 0))}
    if step.of == "participants":
        return _("Có %(counted)s dự thi, mỗi người có ít nhất một lượt thi hợp lệ.", counted=counted)
    return _("Cộng lại có %(counted)s thi hợp lệ.", counted=counted)


def _gate(s: Speaker, step: Step) -> str:
    asked = _gate_text(step.of, step.at_least or 0, s.rules.denominator)
    kind = GateKind(step.of)
    if kind in SHARES:
        of = Denominator.OBLIGED if kind is GateKind.OBLIGED_SHARE else s.rules.denominator
        return _(
            "Điều kiện %(asked)s: %(share)s, %(passed)s.", asked=asked, share=s.share(step, of), passed=s.passed(step)
        )
    n = number(int(step.count or 0))
    has = {
        GateKind.WINNERS: _("đơn vị có %(n)s giải", n=n),
        GateKind.PARTICIPANTS: _("đơn vị có %(n)s người", n=n),
        GateKind.ALL_ROUNDS: _("kỳ ít người nhất có %(n)s người", n=n),
    }[kind]
    return _("Điều kiện %(asked)s: %(has)s, %(passed)s.", asked=asked, has=has, passed=s.passed(step))


def _band_line(s: Speaker, step: Step) -> str:
    share = s.share(step, Denominator.HEADCOUNT)
    if step.value is None:
        return _("Mức dự thi theo quy mô: %(share)s.", share=share)
    return _(
        "%(size)s cần ít nhất %(percent)s số người dự thi: %(share)s, %(passed)s.",
        size=_band(step.size_from, step.size_below), percent=f"{step.at_least}%", share=share, passed=s.passed(step),
    )  # fmt: skip


def _share(s: Speaker, step: Step) -> str:
    return _("Tỷ lệ dự thi: %(share)s.", share=s.share(step, Denominator(step.of)))


def _round(s: Speaker, step: Step) -> str:
    at = (step.number or 1) - 1
    name = s.round_names[at] if at < len(s.round_names) else _("Kỳ %(n)s", n=at + 1)
    return _("%(round)s: %(share)s.", round=name, share=s.share(step, Denominator(step.of)))


def _mean(s: Speaker, step: Step) -> str:
    value = exact(step.value or 0, s.digits)
    if step.out_of == 1:
        return _("Lấy tỷ lệ làm điểm: %(value)s điểm.", value=value)
    return _(
        "Bình quân các kỳ, lấy làm điểm: tổng %(total)s chia cho %(n)s kỳ = %(value)s điểm.",
        total=exact(step.count or 0, s.digits), n=step.out_of, value=value,
    )  # fmt: skip


def _score(s: Speaker, step: Step) -> str:
    if step.value is None:
        return _("Chưa có điểm để tính trung bình.")
    return _(
        "Điểm trung bình: người của đơn vị được %(a)s trên %(b)s điểm tối đa = %(value)s.",
        a=number(int(step.count or 0)), b=number(step.out_of or 0), value=percent(step.value, s.digits),
    )  # fmt: skip


def _quality(s: Speaker, step: Step) -> str:
    if step.count is None:
        return _("Ban Giám khảo chưa chấm chất lượng tuyên truyền, nên đơn vị chưa được xếp hạng.")
    return _("Chất lượng tuyên truyền do Ban Giám khảo chấm: %(n)s trên 100 điểm.", n=step.count)


def _list(s: Speaker, step: Step) -> str:
    counted = str(_COUNTED[step.of]) % {"n": number(int(step.count or 0))}
    return _(
        "Bảng xếp theo %(list)s: %(counted)s, thứ %(place)s, được %(points)s điểm.",
        list=MEASURE_TEXTS[step.of], counted=counted, place=step.number, points=exact(step.value or 0),
    )  # fmt: skip


def _prizes(s: Speaker, step: Step) -> str:
    name, n = s.tier_names.get(step.of, step.of), number(int(step.count or 0))
    if step.times is None:
        return _("%(tier)s: %(n)s giải.", tier=name, n=n)
    return _(
        "%(tier)s: %(n)s giải × %(times)s điểm = %(value)s điểm.",
        tier=name,
        n=n,
        times=step.times,
        value=exact(step.value or 0),
    )


def _weight(s: Speaker, step: Step) -> str:
    return _(
        "%(part)s: %(count)s × %(weight)s = %(value)s điểm.",
        part=PARTS[Part(step.of)], count=exact(step.count or 0, s.digits), weight=f"{step.times}%",
        value=exact(step.value or 0, s.digits),
    )  # fmt: skip


def _total(s: Speaker, step: Step) -> str:
    return _("Kết quả xếp hạng: %(value)s.", value=value_text(s.rules.formula, step.value, s.digits))


def _tie_break(s: Speaker, step: Step) -> str:
    if step.value is None:
        return _("Bằng nhau nên xét %(name)s: chưa tính được, xếp sau.", name=MEASURE_TEXTS[step.of])
    text = (
        percent(step.value, s.digits)
        if step.out_of is not None
        else str(_COUNTED[step.of]) % {"n": number(int(step.count or 0))}
    )
    return _("Bằng nhau nên xét %(name)s: %(value)s.", name=MEASURE_TEXTS[step.of], value=text)


_SENTENCES = {
    StepKind.COUNT: _count, StepKind.GATE: _gate, StepKind.BAND: _band_line, StepKind.SHARE: _share, StepKind.ROUND: _round,
    StepKind.MEAN: _mean, StepKind.SCORE: _score, StepKind.QUALITY: _quality, StepKind.LIST: _list, StepKind.PRIZES: _prizes,
    StepKind.WEIGHT: _weight, StepKind.TOTAL: _total, StepKind.TIE_BREAK: _tie_break,
}  # fmt: skip

_REMARKS = {
    Problem.NO_DENOMINATOR: _l("Chưa tính được tỷ lệ, nên đơn vị chưa được xếp hạng."),
    Problem.DENOMINATOR_TOO_SMALL: _l(
        "Số người đã khai ít hơn số người dự thi, nên chỉ tính tròn 100%; cần đối chiếu lại."
    ),
    Problem.OBLIGED_NOT_TOLD_APART: _l(
        "Hệ thống không phân biệt từng người thuộc diện bắt buộc dự thi, nên tính mọi người dự thi."
    ),
}


def value_text(formula: Formula, value: Fraction | None, digits: int = 2) -> str:
    """The value that a unit is ranked by, with its unit."""
    if value is None:
        return _("chưa tính được")
    match formula:
        case Formula.PARTICIPANTS:
            return _("%(n)s người", n=number(int(value)))
        case Formula.WINNERS:
            return _("%(n)s giải", n=number(int(value)))
        case Formula.ATTEMPTS:
            return _("%(n)s lượt", n=number(int(value)))
        case Formula.RATIO | Formula.AVERAGE:
            return percent(value, digits)
    return _("%(n)s điểm", n=exact(value, digits))


def speaker(sheet: UnitSheet, standing: UnitStanding, digits: int = 2) -> Speaker:
    rules = CollectiveRules.model_validate(sheet.rules)
    return Speaker(rules, stated_of(standing.stated), sheet.tier_names, sheet.round_names, digits)


def working(sheet: UnitSheet, standing: UnitStanding, digits: int = 2) -> list[tuple[str, bool | None]]:
    """[(sentence, met), …] of a unit; met is False for what keeps it out of the ranking."""
    says = speaker(sheet, standing, digits)
    return [(says.say(step), step.met) for step in map(step_of, standing.steps)]


# Two units


def compared(comparison: Comparison, speakers: Callable[[int], tuple[Speaker, Speaker]]) -> tuple[str, str]:
    """The line in which the workings of two units part, of both, with as many digits as it takes to see them differ.

    speakers: digits → who speaks for the one above, and for the other
    """
    steps = comparison.a, comparison.b
    digits = 2
    while digits < MOST_DIGITS and len({s.value and percent(s.value, digits) for s in steps}) == 1:
        digits += 1
    above, below = speakers(digits)
    return above.say(comparison.a), below.say(comparison.b)


def line_name(step: Step, rules: CollectiveRules) -> str:
    """What a line of the working is about, as a heading."""
    match step.kind:
        case StepKind.GATE:
            return _("Điều kiện: %(text)s", text=_gate_text(step.of, step.at_least or 0, rules.denominator))
        case StepKind.BAND:
            return _("Mức dự thi theo quy mô đơn vị")
        case StepKind.TIE_BREAK:
            return _("Xét khi bằng nhau: %(name)s", name=MEASURE_TEXTS[step.of])
        case StepKind.COUNT:
            return _("Số người dự thi")
        case StepKind.QUALITY:
            return str(PARTS[Part.QUALITY])
    return str(FORMULAS[rules.formula])


def problem_names(row: UnitStanding) -> list[Any]:
    """What is wrong with the facts of a unit; that people obliged are not told apart holds for all and is said once."""
    found = dict.fromkeys(Problem(step["problem"]) for step in row.steps if "problem" in step)
    return [PROBLEMS[problem] for problem in found if problem is not Problem.OBLIGED_NOT_TOLD_APART]
