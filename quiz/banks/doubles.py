"""What of an upload the bank has already, what only resembles it, and which decisions of people stand in its way.

An item is known again by its code, by what it was imported from, or by what it asks and offers; in this order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from quiz.banks import likeness, search
from quiz.banks.faults import Fault, Problem, Severity
from quiz.banks.formats.assembly import Assembled
from quiz.banks.models import Bank, Item, ItemKind, ItemVersion
from quiz.banks.wording import Essence, Wording, essence, essence_of, wording_of
from quiz.db import db


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """One version of an item of the bank.  right: what its right options say."""

    item_id: int
    code: str
    number: int
    essence: Essence
    right: frozenset[str]
    is_latest: bool
    is_retired: bool
    was_declined: bool


class KnownItems:
    """The items of a bank, by all that an upload may know them again by."""

    def __init__(self, bank: Bank) -> None:
        self.by_code: dict[str, KnownVersion] = {}  # the latest version of each
        self.by_origin: dict[str, KnownVersion] = {}
        self.by_essence: dict[Essence, KnownVersion] = {}
        self.by_stem: dict[str, str] = {}  # stem → code
        self.contents: set[Essence] = set()
        self.texts: list[str] = []
        self.codes: list[str] = []
        v = ItemVersion
        rows = db.session.execute(
            select(
                v.item_id, Item.code, v.number, v.kind, v.stem, v.options, v.key, v.matches, v.accepted, v.origin,
                v.declined_why, Item.latest_number, Item.retired_at, Item.search_text,
            )
            .join(Item, Item.id == v.item_id)
            .where(Item.bank_id == bank.id)
            .order_by(Item.id, v.number)
        )  # fmt: skip
        for row in rows:
            whole = essence_of(row.stem, row.options, row.matches)
            version = KnownVersion(
                row.item_id, row.code, row.number, whole, _right(row), row.number == row.latest_number,
                row.retired_at is not None, bool(row.declined_why),
            )  # fmt: skip
            self.contents.add(whole)
            self.by_essence[whole] = version  # the last one wins: it is the latest of its item
            if row.origin:
                self.by_origin[row.origin] = version
            if version.is_latest:
                self.by_code[row.code] = version
                self.by_stem[whole[0]] = row.code
                self.texts.append(row.search_text.removeprefix(" ".join(search.words(row.code))))
                self.codes.append(row.code)

    def learn(self, wording: Wording) -> bool:
        """Know this question from now on; False when it was known already."""
        whole = wording.essence
        if whole in self.contents:
            return False
        self.contents.add(whole)
        return True


def _right(said: Any) -> frozenset[str]:
    """What counts as right, whatever the order of the options.  said: a wording or a row with its fields."""
    if said.kind == ItemKind.MATCHING:
        pairs = zip(said.options, said.key, strict=False)
        return frozenset(
            f"{essence(left)} = {n and essence(said.matches[n - 1])}" for left, n in pairs if n <= len(said.matches)
        )
    if said.kind == ItemKind.ORDERING:
        return frozenset(f"{n} {essence(text)}" for n, text in enumerate(said.options))
    return frozenset(map(essence, (*(said.options[n - 1] for n in said.key if n <= len(said.options)), *said.accepted)))


def note_doubles(rows: Sequence[Assembled], bank: Bank) -> None:
    """Note on each row what the file or the bank has already."""
    known = KnownItems(bank)
    alike = _alike(rows, known)
    codes: dict[str, int] = {}
    wholes: dict[object, int] = {}
    stems: dict[str, int] = {}
    for row in rows:
        if not row.wording.stem:
            continue
        if row.code and codes.setdefault(row.code, row.number) != row.number:
            _note(row, Fault.SAME_CODE_TWICE, Severity.ERROR, code=row.code, row=codes[row.code])
        whole = row.wording.essence  # worked out once: files have tens of thousands of rows
        if wholes.setdefault(whole, row.number) != row.number:
            _note(row, Fault.SAME_ITEM_TWICE, Severity.KNOWN, row=wholes[whole])
            continue
        if _note_known(row, whole, known):
            continue
        if stems.setdefault(whole[0], row.number) != row.number:
            _note(row, Fault.SAME_STEM_TWICE, Severity.WARNING, row=stems[whole[0]])
        elif whole[0] in known.by_stem and known.by_stem[whole[0]] != row.code:
            _note(row, Fault.STEM_IN_BANK, Severity.WARNING, code=known.by_stem[whole[0]])
        elif (near := alike.get(row.number)) and near.details.get("code") != (row.code or None):
            row.problems.append(near)


def _note_known(row: Assembled, whole: Essence, known: KnownItems) -> bool:
    """Note that the bank knows the row; True when there is nothing to write of it."""
    if (same := known.by_origin.get(row.origin)) is not None:
        mended = not same.is_latest or same.essence != whole
        _keep(row, same, Fault.KEPT_BY_PEOPLE if mended else Fault.ITEM_IN_BANK)
        return True
    if (same := known.by_essence.get(whole)) is not None:
        return _note_same_content(row, same)
    if (by_code := known.by_code.get(row.code)) is not None:
        if by_code.is_retired:
            _keep(row, by_code, Fault.KEPT_RETIRED)
            return True
        _note(row, Fault.NEW_VERSION, Severity.INFO, code=row.code)
    return False


def _note_same_content(row: Assembled, same: KnownVersion) -> bool:
    if not same.is_latest:
        _keep(row, same, Fault.KEPT_BY_PEOPLE)
    elif same.is_retired or same.was_declined:
        _keep(row, same, Fault.ITEM_IN_BANK)
    elif row.wording.key and _right(row.wording) != same.right:
        row.code = same.code
        _note(row, Fault.KEY_DIFFERS, Severity.WARNING, code=same.code)
        return False
    elif row.code == same.code and _differs(row.wording, same):
        _note(row, Fault.NEW_VERSION, Severity.INFO, code=same.code)
        return False
    else:
        _keep(row, same, Fault.ITEM_IN_BANK)
    return True


def _keep(row: Assembled, same: KnownVersion, fault: Fault) -> None:
    """There is nothing to write: what people have decided about the item stands."""
    if same.is_retired:
        fault = Fault.KEPT_RETIRED
    elif same.was_declined and same.is_latest:
        fault = Fault.KEPT_DECLINED
    _note(row, fault, Severity.KNOWN, code=same.code)


def _differs(wording: Wording, same: KnownVersion) -> bool:
    """Does the row say something else than the version whose stem and options it shares: another key, an explanation?"""
    version = db.session.scalars(
        select(ItemVersion).where(ItemVersion.item_id == same.item_id, ItemVersion.number == same.number)
    ).one()
    return not wording.says_the_same(wording_of(version))


def _alike(rows: Sequence[Assembled], known: KnownItems) -> dict[int, Problem]:
    """Number of a row → what it is much alike to."""
    texts = [*known.texts, *(_text(row.wording) for row in rows)]
    before = len(known.texts)
    found = {}
    for index, near in likeness.neighbours(texts, before).items():
        row = rows[index - before]
        if near >= before:
            problem = Problem(Fault.MUCH_LIKE_ROW, {"row": rows[near - before].number}, Severity.WARNING)
        else:
            problem = Problem(Fault.MUCH_LIKE_ITEM, {"code": known.codes[near]}, Severity.WARNING)
        found[row.number] = problem
    return found


def _text(wording: Wording) -> str:
    return " ".join(search.words(" ".join((wording.stem, *wording.options, *wording.matches))))


def _note(of: Assembled, fault: Fault, severity: Severity, **details: object) -> None:
    of.problems.append(Problem(fault, details, severity))


DOUBLES = frozenset(
    {
        Fault.SAME_CODE_TWICE, Fault.SAME_ITEM_TWICE, Fault.SAME_STEM_TWICE, Fault.ITEM_IN_BANK, Fault.STEM_IN_BANK,
        Fault.NEW_VERSION, Fault.KEY_DIFFERS, Fault.MUCH_LIKE_ROW, Fault.MUCH_LIKE_ITEM, Fault.KEPT_BY_PEOPLE, Fault.KEPT_RETIRED,
        Fault.KEPT_DECLINED,
    }
)  # fmt: skip
