"""What the thể lệ says of a collective competition: gates, formula, denominator, and what parts equal units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from quiz.contests.rule_set import CollectiveRules, RuleSet, UnitGate
from quiz.contests.rule_words import DENOMINATOR_TEXTS, MEASURE_TEXTS, joined
from quiz.formats import number
from quiz.rules.collective import Formula, GateKind
from quiz.rules.prediction import Scope


def collective_texts(rules: RuleSet, scheme: CollectiveRules) -> Iterator[str]:
    """Its sentences in the order in which one would apply them."""
    yield _whom(rules, scheme)
    yield from (_gate(rules, scheme, gate) for gate in scheme.gates)
    if scheme.bands:
        yield _bands(scheme)
    yield _formula(rules, scheme)
    yield _equals(scheme)


def headcount_texts(schemes: Iterable[CollectiveRules]) -> Iterator[str]:
    """How people are counted for a unit, and where the numbers they are measured by come from."""
    yield _(
        "Người dự thi được tính cho đơn vị đã chọn khi đăng ký, mỗi người một lần, không tính lượt bị hủy; kết quả của đơn vị "
        "trực thuộc được cộng vào đơn vị cấp trên."
    )
    yield _(
        "Xếp hạng các đơn vị thuộc khối thi đua; nếu chưa chia khối thì xếp hạng các đơn vị cấp cao nhất. Đơn vị không có người "
        "dự thi không được xếp hạng."
    )
    if any(_needs_people(scheme) for scheme in schemes):
        yield _(
            "Tổng số người, số người bắt buộc dự thi và dân số lấy theo số liệu có ngày và nguồn rõ ràng, gần nhất tính đến ngày "
            "đóng kỳ thi; chưa có thì lấy số liệu đầu tiên sau đó. Ngày và nguồn được công bố cùng kết quả."
        )
        yield _(
            "Đơn vị chưa có số liệu thì không được xét những nội dung cần số liệu đó; tỷ lệ vượt 100% tính là 100%."
        )


def _needs_people(scheme: CollectiveRules) -> bool:
    uses = scheme.formula in (Formula.RATIO, Formula.SUM, Formula.COMPOSITE) or "ratio" in scheme.tie_breaks
    shares = any(gate.kind in (GateKind.SHARE, GateKind.OBLIGED_SHARE) for gate in scheme.gates)
    return uses or shares or bool(scheme.bands)


def _whom(rules: RuleSet, scheme: CollectiveRules) -> str:
    text = (
        _("%(name)s: xếp hạng các đơn vị trong từng khối thi đua", name=scheme.name)
        if scheme.by_block
        else _("%(name)s: xếp hạng chung tất cả các đơn vị", name=scheme.name)
    )
    if scheme.scope is Scope.ROUND:
        return _("%(text)s, theo kết quả của từng kỳ.", text=text)
    return _("%(text)s, theo kết quả của cả cuộc thi.", text=text)


def _gate(rules: RuleSet, scheme: CollectiveRules, gate: UnitGate) -> str:
    n = number(gate.at_least)
    match gate.kind:
        case GateKind.OBLIGED_SHARE:
            if gate.at_least == 100:
                return _("Điều kiện: toàn bộ (100%%) %(whom)s đã dự thi.", whom=_("số người thuộc diện bắt buộc"))
            return _("Điều kiện: ít nhất %(n)s%% số người thuộc diện bắt buộc đã dự thi.", n=n)
        case GateKind.SHARE:
            whom = DENOMINATOR_TEXTS[scheme.denominator]
            return _("Điều kiện: số người dự thi đạt ít nhất %(n)s%% %(whom)s.", n=n, whom=whom)
        case GateKind.WINNERS:
            return _("Điều kiện: có ít nhất %(n)s giải cá nhân.", n=n)
        case GateKind.PARTICIPANTS:
            return _("Điều kiện: có ít nhất %(n)s người dự thi.", n=n)
        case GateKind.ALL_ROUNDS:
            return _("Điều kiện: kỳ nào cũng có ít nhất %(n)s người dự thi.", n=n)


def _bands(scheme: CollectiveRules) -> str:
    """Which share units of each size must reach; sizes ascend."""
    parts = []
    low: int | None = None
    for band in scheme.bands:
        if band.below is not None and low is None:
            size = _("dưới %(high)s người", high=number(band.below))
        elif band.below is not None:
            size = _("từ %(low)s đến %(high)s người", low=number(low or 0), high=number(band.below - 1))
        elif low is not None:
            size = _("từ %(low)s người trở lên", low=number(low))
        else:
            size = _("mọi quy mô")
        parts.append(_("%(size)s: %(percent)s%%", size=size, percent=band.percent))
        low = band.below
    return _("Điều kiện về tỷ lệ dự thi trên tổng số người, theo quy mô đơn vị: %(bands)s.", bands="; ".join(parts))


def _formula(rules: RuleSet, scheme: CollectiveRules) -> str:
    whom = DENOMINATOR_TEXTS[scheme.denominator]
    match scheme.formula:
        case Formula.PARTICIPANTS:
            return _("Xếp theo số người dự thi, nhiều hơn xếp trên.")
        case Formula.WINNERS:
            return _("Xếp theo số giải cá nhân mà người của đơn vị đạt được, nhiều hơn xếp trên.")
        case Formula.ATTEMPTS:
            return _("Xếp theo số lượt dự thi hợp lệ, nhiều hơn xếp trên.")
        case Formula.RATIO:
            return _("Xếp theo tỷ lệ số người dự thi trên %(whom)s, cao hơn xếp trên.", whom=whom)
        case Formula.AVERAGE:
            return _(
                "Xếp theo điểm trung bình: tổng điểm được tính của người dự thi so với tổng điểm tối đa của họ, cao hơn xếp trên."
            )
        case Formula.RANK_POINTS:
            return _(
                "Lập %(n)s danh sách xếp từ cao xuống thấp: %(lists)s. Trong mỗi danh sách, đơn vị đứng đầu được %(top)s điểm, mỗi "
                "bậc sau ít hơn 1 điểm, từ bậc %(after)s trở đi không có điểm; bằng nhau thì cùng nhận mức cao hơn. Cộng điểm các "
                "danh sách, nhiều hơn xếp trên.",
                n=len(scheme.lists),
                lists=joined([str(MEASURE_TEXTS[name]) for name in scheme.lists]),
                top=number(scheme.top),
                after=number(scheme.top + 1),
            )
        case Formula.SUM:
            if len(rules.rounds) > 1 and scheme.scope is Scope.CONTEST:
                share = _("tỷ lệ phần trăm số người dự thi trên %(whom)s, lấy trung bình các kỳ", whom=whom)
            else:
                share = _("tỷ lệ phần trăm số người dự thi trên %(whom)s", whom=whom)
            return _(
                "Điểm của đơn vị gồm %(share)s (70%% tính 70 điểm), cộng điểm giải cá nhân của người thuộc đơn vị: %(points)s. Nhiều "
                "hơn xếp trên.",
                share=share,
                points=_points(rules, scheme),
            )
        case Formula.COMPOSITE:
            return _composite(rules, scheme, str(whom))


def _composite(rules: RuleSet, scheme: CollectiveRules, whom: str) -> str:
    weights = scheme.weights
    parts = []
    if weights.ratio:
        parts.append(_("tỷ lệ phần trăm số người dự thi trên %(whom)s, trọng số %(n)s%%", whom=whom, n=weights.ratio))
    if weights.quality:
        parts.append(
            _(
                "chất lượng tổ chức, tuyên truyền do Ban Giám khảo chấm theo thang 100, trọng số %(n)s%%",
                n=weights.quality,
            )
        )
    if weights.winners:
        parts.append(
            _(
                "điểm giải cá nhân của người thuộc đơn vị (%(points)s), trọng số %(n)s%%",
                points=_points(rules, scheme), n=weights.winners,
            )
        )  # fmt: skip
    return _("Điểm của đơn vị là tổng của: %(parts)s. Nhiều hơn xếp trên.", parts="; ".join(parts))


def _points(rules: RuleSet, scheme: CollectiveRules) -> str:
    named = tier_names(rules)
    given = [
        _("%(tier)s %(n)s điểm", tier=named.get(code, code), n=number(n))
        for code, n in scheme.prize_points.items()
        if n
    ]
    without = named.keys() - {code for code, n in scheme.prize_points.items() if n}
    return joined([*given, *([_("giải khác không có điểm")] if without else [])])


def tier_names(rules: RuleSet) -> dict[str, str]:
    """Code → name of every individual prize."""
    tiers = [t for d in rules.divisions for t in (*d.rules.prizes, *d.rules.overall_prizes)]
    tiers += [t for r in rules.rounds for own in r.rules.prizes.values() for t in own]
    return {t.code: t.name for t in tiers}


def _equals(scheme: CollectiveRules) -> str:
    if not scheme.tie_breaks:
        return _("Bằng nhau thì đồng hạng.")
    measures = [str(MEASURE_TEXTS[name]) for name in scheme.tie_breaks]
    return _(
        "Bằng nhau thì lần lượt xét %(measures)s, nhiều hơn hoặc cao hơn xếp trên; vẫn bằng nhau thì đồng hạng.",
        measures=", ".join(measures),
    )
