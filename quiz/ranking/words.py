"""Rankings in words: values of criteria, and by how much one is above the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from quiz.formats import local, number, span
from quiz.rules.tie_break import NO_PREDICTION, Comparison, Value

# criterion → head of its column; the whole sentence stands in contests.rules_text
HEADS = {
    "score": _l("Điểm"),
    "prediction": _l("Dự đoán"),
    "elapsed": _l("Thời gian"),
    "submitted": _l("Nộp lúc"),
    "fewer_attempts": _l("Số lượt"),
    "registered": _l("Đăng ký lúc"),
}


def columns(chain: Sequence[str]) -> list[tuple[str, object]]:
    """[(criterion, head), …] of a table, in the order of the chain; the score is always among them."""
    names = chain if "score" in chain else ["score", *chain]
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
    if criterion == "prediction":
        return _("không dự đoán") if value == NO_PREDICTION else _("lệch %(n)s", n=number(value))
    return span(value, 3) if criterion == "elapsed" else number(value)


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


def _by_prediction(who: str, above: Any, below: Any) -> str:
    if below == NO_PREDICTION:
        return _("%(who)s có dự đoán, bên kia thì không", who=who)
    return _("%(who)s lệch ít hơn %(n)s", who=who, n=number(below - above))


# criterion → sentence on why the one above is above
_SENTENCES: dict[str, Callable[[str, Any, Any], str]] = {
    "score": lambda who, a, b: _("%(who)s hơn %(n)s điểm", who=who, n=number(a - b)),
    "prediction": _by_prediction,
    "elapsed": lambda who, a, b: _("%(who)s ngắn hơn %(apart)s", who=who, apart=apart(timedelta(milliseconds=b - a))),
    "submitted": lambda who, a, b: _("%(who)s nộp sớm hơn %(apart)s", who=who, apart=apart(b - a)),
    "fewer_attempts": lambda who, a, b: _("%(who)s dùng ít hơn %(n)s lượt", who=who, n=number(b - a)),
    "registered": lambda who, a, b: _("%(who)s đăng ký sớm hơn %(apart)s", who=who, apart=apart(b - a)),
}


def verdict(line: Comparison, above: str) -> str:
    """What one line of a comparison says.  above: how the person who stands above is called, "Hạng 1" """
    match line.verdict:
        case "equal":
            return _("Bằng nhau")
        case "not_needed":
            return _("Không cần xét")
    return _SENTENCES[line.criterion](above, line.a, line.b)
