"""From the points that other systems give each option to a key: only where the points leave no doubt."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.reading import RawItem
from quiz.banks.formats.spelling.cells import words_of
from quiz.banks.models import ItemKind
from quiz.banks.wording import letter
from quiz.rules.written import AcceptedNumber

_NEAR = 0.01  # systems write a third as 33.33333
_DECIMAL = re.compile(r"[+-]?\d{1,20}(?:[.,]\d{1,20})?(?:[eE][+-]?\d{1,2})?")


def number(text: str | None) -> float:
    """Points as a file writes them; 0.0 for what is no number."""
    try:
        value = float((text or "").strip().replace(",", "."))
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def letters(numbers: Sequence[int]) -> str:
    return ", ".join(map(letter, numbers))


def set_key(raw: RawItem, numbers: Sequence[int]) -> None:
    raw.key, raw.key_text = sorted(set(numbers)), letters(sorted(set(numbers)))


def doubt(raw: RawItem, why: str) -> None:
    """Leave the key open and say why."""
    raw.key = []
    raw.note(Fault.KEY_UNCERTAIN, why=why)


def single(raw: RawItem, points: Sequence[float], full: float | None = None) -> None:
    """The one option that earns all points.  full: all points; None: the most that any option earns."""
    raw.kind = ItemKind.SINGLE
    full = full if full is not None else max(points, default=0.0)
    right = [n for n, p in enumerate(points, 1) if full > 0 and p >= full * (1 - _NEAR)]
    some = [n for n, p in enumerate(points, 1) if p > 0 and n not in right]
    if len(right) == 1:
        set_key(raw, right)
        if some:
            raw.note(Fault.HALF_RIGHT, Severity.WARNING, answer=letters(some))
    elif right:
        doubt(raw, _("phương án %(options)s cùng được trọn điểm mà câu chỉ cho chọn một", options=letters(right)))
    elif some:
        doubt(raw, _("không phương án nào được trọn điểm, phương án %(options)s được một phần", options=letters(some)))
    if any(p < 0 for p in points):
        raw.note(Fault.WRONG_COSTS, Severity.WARNING)


def multiple(raw: RawItem, points: Sequence[float], full: float | None = None) -> None:
    """The options that earn points, each its share.  full: all points; None: the sum of what options earn."""
    raw.kind = ItemKind.MULTIPLE
    right = [n for n, p in enumerate(points, 1) if p > 0]
    set_key(raw, right)
    if not right:
        return
    earned = [points[n - 1] for n in right]
    share, total = max(earned), sum(earned)
    full = full if full is not None else total
    even = share - min(earned) <= share * _NEAR
    one_is_enough = even and len(right) > 1 and share >= full * (1 - _NEAR)
    raw.partial = not one_is_enough
    if not even or abs(total - full) > full * _NEAR:
        raw.note(Fault.WEIGHTS_EVENED, Severity.WARNING)
    lost = [p for p in points if p < 0]
    if any(abs(p + share) > share * _NEAR for p in lost):  # as much as a right one earns: that is how we mark
        raw.note(Fault.WRONG_COSTS, Severity.WARNING)


def as_true_false(raw: RawItem) -> None:
    """Make a choice between true and false, in whatever order and language of the two, an item of that kind."""
    said = [words_of(option) for option in raw.options]
    if raw.kind != ItemKind.SINGLE or sorted(said) not in (["dung", "sai"], ["false", "true"]):
        return
    raw.kind, raw.options = ItemKind.TRUE_FALSE, []
    if raw.key:
        set_key(raw, [1 if said[raw.key[0] - 1] in ("dung", "true") else 2])


def decimal(text: str | None) -> Decimal | None:
    """A number as a file writes it; None for what is none, or beyond all measure."""
    text = (text or "").strip()
    return Decimal(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


def accepted_between(low: Decimal, high: Decimal) -> str:
    """The numbers from `low` to `high` as an item keeps them."""
    middle = (low + high) / 2
    return str(AcceptedNumber(middle, abs(high - low) / 2))
