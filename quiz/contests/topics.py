"""Banks as a contest sees them: names of their topics, and how many items can be drawn on a law date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from quiz.banks.models import Bank, Item, ItemVersion
from quiz.banks.queries import candidates
from quiz.contests.rule_set import ESSAY_LEVEL, BlueprintCell, DivisionRules
from quiz.db import db
from quiz.rules.drawing import Candidate

LEVELS = (1, 2, 3)  # of items that are marked at once
_STEP = 500  # ids in one query
LEVEL_TEXTS = {
    1: _l("mức nhận biết"),
    2: _l("mức thông hiểu"),
    3: _l("mức vận dụng"),
    None: _l("mức bất kỳ"),
    ESSAY_LEVEL: _l("tự luận"),
}


@dataclass(frozen=True, slots=True)
class Titles:
    """Names of banks and topics; a code that is not known any more stands for itself."""

    banks: dict[str, str]
    topics: dict[tuple[str, str], str]

    def bank(self, code: str) -> str:
        return self.banks.get(code, code)

    def topic(self, bank: str, code: str) -> str:
        return self.topics.get((bank, code), code)


@dataclass(frozen=True, slots=True)
class TopicSupply:
    """A topic of a bank with the number of items that may be drawn from it.

    levels: level → number, with the essays as ESSAY_LEVEL
    """

    bank: str
    topic: str
    title: str
    levels: dict[int, int]

    @property
    def total(self) -> int:
        """How many a cell of any level may draw; it takes no essay."""
        return sum(n for level, n in self.levels.items() if level != ESSAY_LEVEL)


def titles() -> Titles:
    banks = db.session.execute(select(Bank.code, Bank.title, Bank.topics)).all()
    return Titles(
        {code: title for code, title, _topics in banks},
        {(code, topic["code"]): topic["title"] for code, _title, topics in banks for topic in topics},
    )


def bank_codes() -> list[str]:
    return list(db.session.scalars(select(Bank.code).order_by(Bank.title, Bank.code)))


def supply(codes: Collection[str], law_date: date, names: Titles) -> list[TopicSupply]:
    """Every topic of these banks, in the banks' own order, also those that have nothing to draw."""
    found = Counter((c.bank, c.topic, c.level) for c in candidates(sorted(codes), law_date, essays=True))
    return [
        TopicSupply(bank, topic, title, {level: found[bank, topic, level] for level in (*LEVELS, ESSAY_LEVEL)})
        for (bank, topic), title in names.topics.items()
        if bank in codes
    ]


def drawable(cells: Iterable[BlueprintCell], law_date: date) -> list[Candidate]:
    """The item versions that papers of this blueprint may hold: of its topics and levels, right on the law date."""
    cells = list(cells)
    essays = any(c.level == ESSAY_LEVEL for c in cells)
    return asked_for(candidates(sorted({c.bank for c in cells}), law_date, essays=essays), cells)


def asked_for(found: Iterable[Candidate], cells: Iterable[BlueprintCell]) -> list[Candidate]:
    """Those that papers of this blueprint may hold; a cell of any level asks for no essay."""
    asked = {(c.bank, c.topic, c.level) for c in cells}
    return [
        c
        for c in found
        if (c.bank, c.topic, c.level) in asked or (c.level != ESSAY_LEVEL and (c.bank, c.topic, None) in asked)
    ]


def count_partial(pool: Iterable[Candidate]) -> int:
    """How many of these item versions can be right in part."""
    ids = [c.version_id for c in pool]
    partial = select(func.count()).select_from(ItemVersion).where(ItemVersion.partial)
    return sum(
        db.session.scalar(partial.where(ItemVersion.id.in_(ids[start : start + _STEP]))) or 0
        for start in range(0, len(ids), _STEP)
    )


def left_out(divisions: Sequence[DivisionRules], law_date: date) -> list[tuple[str, str]]:
    """(bank, item code) of live items in the blueprints' topics that may not be drawn on the law date."""
    asked = {(c.bank, c.topic) for division in divisions for c in division.blueprint}
    banks = sorted({bank for bank, _topic in asked})
    good = {c.version_id for c in candidates(banks, law_date, essays=True)}
    rows = db.session.execute(
        select(Bank.code, Item.code, ItemVersion.topic, ItemVersion.id)
        .join(Item, Item.bank_id == Bank.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Bank.code.in_(banks), Item.retired_at.is_(None), ItemVersion.is_live)
        .order_by(Bank.code, Item.code)
    )
    return [(bank, code) for bank, code, topic, version_id in rows if (bank, topic) in asked and version_id not in good]
