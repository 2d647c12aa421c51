"""Rankings in words: values of criteria, and by how much one is above the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from quiz.contests.rules_text import criterion_text
from quiz.formats import local, number, span
from quiz.ranking.models import Ranking
from quiz.ranking.unit_models import UnitSheet
from quiz.rules.prizes import Skip
from quiz.rules.tie_break import NO_PREDICTION, Comparison, Value, criterion_name, why_above

# criterion → head of its column; the whole sentence stands in contests.rules_text
HEADS = {
    "score": _l("Điểm"),
    "correct": _l("Số câu đúng"),
    "all_correct": _l("Đúng tất cả"),
    "written": _l("Tự luận"),
    "prediction": _l("Dự đoán"),
    "elapsed": _l("Thời gian"),
    "total_elapsed": _l("Tổng thời gian"),
    "started": _l("Bắt đầu lúc"),
    "submitted": _l("Nộp lúc"),
    "registered": _l("Đăng ký lúc"),
    "attempts": _l("Số lượt"),
    "perfect_attempts": _l("Lượt đúng tất cả"),
}

SKIP_TEXTS = {
    Skip.CONDITIONS: _l("không đủ điều kiện xét giải theo thể lệ"),
    Skip.HOLDS_HIGHER: _l("đã có giải cao hơn hoặc bằng trong cuộc thi này"),
    Skip.WON_IN_PERIOD: _l("đã đạt giải một kỳ khác trong cùng đợt"),
}


def scope_name(ranking: Ranking | UnitSheet) -> str:
    """The round of a sheet, or that it is of the whole contest."""
    return ranking.round_.name if ranking.round_ is not None else _("Toàn cuộc thi")


def columns(chain: Sequence[str]) -> list[tuple[str, object]]:
    """[(criterion, head), …] of a table, in the order of the chain; the score is always among them."""
    names = [criterion_name(step) for step in chain]
    if "score" not in names:
        names = ["score", *names]
    return [(name, HEADS[name]) for name in names]


def moment_at(value: datetime, digits: int = 0) -> Markup:
    """ "14/11/2026 20:11:09" in a <time> element; with digits, fractions of the second behind a comma."""
    at = local(value)
    fraction = f",{at.microsecond:06d}"[: digits + 1] if digits else ""
    text = f"{at:%d/%m/%Y %H:%M:%S}{fraction}"
    return Markup('<time class="text-nowrap" datetime="{}">{}</time>').format(
        at.isoformat(timespec="microseconds"), text
    )


def value_text(criterion: str, value: Value) -> str:
    """The value of a criterion, exactly as it was compared."""
    if isinstance(value, datetime):
        return moment_at(value, 6 if value.microsecond % 1000 else 3)
    match criterion:
        case "prediction":
            return _("không dự đoán") if value == NO_PREDICTION else _("lệch %(n)s", n=number(value))
        case "elapsed" | "total_elapsed":
            return span(value, 3)
        case "all_correct" if value <= 1:
            return _("có") if value else _("không")
    return number(value)


def apart(difference: timedelta) -> str:
    """How far two moments or spans are apart: "7,591 giây", "2 phút 7,591 giây", "3 ngày 4 giờ 0 phút 5,000 giây"."""
    if difference < timedelta(milliseconds=1):
        return _("%(n)s phần triệu giây", n=difference // timedelta(microseconds=1))
    seconds = difference.seconds % 60 + (difference.microseconds // 1000) / 1000
    parts = [
        (difference.days, _("%(n)s ngày", n=number(difference.days))),
        (difference.seconds // 3600, _("%(n)s giờ", n=difference.seconds // 3600)),
        (difference.seconds // 60 % 60, _("%(n)s phút", n=difference.seconds // 60 % 60)),
        (1, _("%(n)s giây", n=number(seconds, 3))),
    ]
    first = next(i for i, (amount, _text) in enumerate(parts) if amount)
    return " ".join(text for _amount, text in parts[first:])


def _by_prediction(who: str, a: Any, b: Any) -> str:
    if NO_PREDICTION in (a, b):
        return (
            _("%(who)s có dự đoán, bên kia thì không", who=who)
            if b == NO_PREDICTION
            else _("%(who)s không dự đoán, bên kia thì có", who=who)
        )
    n = number(abs(b - a))
    return _("%(who)s lệch ít hơn %(n)s", who=who, n=n) if a < b else _("%(who)s lệch nhiều hơn %(n)s", who=who, n=n)


def _by_span(who: str, a: Any, b: Any) -> str:
    gap = apart(timedelta(milliseconds=abs(b - a)))
    return (
        _("%(who)s ngắn hơn %(apart)s", who=who, apart=gap)
        if a < b
        else _("%(who)s dài hơn %(apart)s", who=who, apart=gap)
    )


def _by_count(more: Any, less: Any) -> Callable[[str, Any, Any], str]:
    return lambda who, a, b: str(more if a > b else less) % {"who": who, "n": number(abs(a - b))}


def _by_moment(early: Any, late: Any) -> Callable[[str, Any, Any], str]:
    return lambda who, a, b: str(early if a < b else late) % {"who": who, "apart": apart(abs(b - a))}


# criterion → sentence on what sets the one above apart from the one below
_SENTENCES: dict[str, Callable[[str, Any, Any], str]] = {
    "score": _by_count(_l("%(who)s hơn %(n)s điểm"), _l("%(who)s kém %(n)s điểm")),
    "correct": _by_count(_l("%(who)s đúng nhiều hơn %(n)s câu"), _l("%(who)s đúng ít hơn %(n)s câu")),
    "all_correct": _by_count(
        _l("%(who)s đúng tất cả các câu, bên kia thì không"), _l("%(who)s chưa đúng tất cả các câu, bên kia thì có")
    ),
    "written": _by_count(_l("%(who)s hơn %(n)s điểm tự luận"), _l("%(who)s kém %(n)s điểm tự luận")),
    "prediction": _by_prediction,
    "elapsed": _by_span,
    "total_elapsed": _by_span,
    "started": _by_moment(_l("%(who)s bắt đầu sớm hơn %(apart)s"), _l("%(who)s bắt đầu muộn hơn %(apart)s")),
    "submitted": _by_moment(_l("%(who)s nộp sớm hơn %(apart)s"), _l("%(who)s nộp muộn hơn %(apart)s")),
    "registered": _by_moment(_l("%(who)s đăng ký sớm hơn %(apart)s"), _l("%(who)s đăng ký muộn hơn %(apart)s")),
    "attempts": _by_count(_l("%(who)s dùng nhiều hơn %(n)s lượt"), _l("%(who)s dùng ít hơn %(n)s lượt")),
    "perfect_attempts": _by_count(
        _l("%(who)s có nhiều hơn %(n)s lượt đúng tất cả"), _l("%(who)s có ít hơn %(n)s lượt đúng tất cả")
    ),
}


def comparison(
    a: Mapping[str, Value], b: Mapping[str, Value], chain: Sequence[str], above: str
) -> list[dict[str, Any]]:
    """Why one row stands above another, a line for each criterion: title, direction, both values, state and what the line
    says.  a, b: criterion → value, of the row above and of the one below · above: how the first is called, "Hạng 1" """
    return [
        {
            "title": criterion_text(line.step)[0],
            "direction": criterion_text(line.step)[1],
            "a": value_text(criterion_name(line.step), line.a),
            "b": value_text(criterion_name(line.step), line.b),
            "state": line.verdict,
            "verdict": verdict(line, above),
        }
        for line in why_above(a, b, chain)
    ]


def verdict(line: Comparison, above: str) -> str:
    """What one line of a comparison says.  above: how the person who stands above is called, "Hạng 1" """
    match line.verdict:
        case "equal":
            return _("Bằng nhau")
        case "not_needed":
            return _("Không cần xét")
    return _SENTENCES[criterion_name(line.step)](above, line.a, line.b)
