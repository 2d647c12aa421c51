"""Banks as a contest sees them: names of their topics, and how many items can be drawn on a law date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from quiz.banks.links import on_exemplars
from quiz.banks.models import Bank, Item, ItemVersion
from quiz.banks.queries import candidates
from quiz.contests.rule_set import ESSAY_LEVEL, EXEMPLARS, BlueprintCell, DivisionRules
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

EXEMPLARS_TEXT = _l("Gương điển hình tiên tiến")


@dataclass(frozen=True, slots=True)
class Titles:
    """Names of banks and topics; a code that is not known any more stands for itself."""

    banks: dict[str, str]
    topics: dict[tuple[str, str], str]

    def bank(self, code: str) -> str:
        return self.banks.get(code, code)

    def topic(self, bank: str, code: str) -> str:
        return str(EXEMPLARS_TEXT) if code == EXEMPLARS else self.topics.get((bank, code), code)


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
    return _supply(candidates(sorted(codes), law_date, essays=True), names, [k for k in names.topics if k[0] in codes])


def supply_with_exemplars(codes: Collection[str], law_date: date, names: Titles) -> list[TopicSupply]:
    """Every topic of these banks, and for each bank that has any, its items on exemplars; an item may stand in both."""
    found = candidates(sorted(codes), law_date, essays=True)
    told = apart(found, codes)
    banks = sorted({c.bank for c in told if c.topic == EXEMPLARS}, key=lambda code: names.bank(code))
    by_topic = _supply(found, names, [key for key in names.topics if key[0] in codes])
    return by_topic + _supply(told, names, [(bank, EXEMPLARS) for bank in banks])


def _supply(found: Iterable[Candidate], names: Titles, keys: Iterable[tuple[str, str]]) -> list[TopicSupply]:
    counts = Counter((c.bank, c.topic, c.level) for c in found)
    return [
        TopicSupply(*key, names.topic(*key), {level: counts[*key, level] for level in (*LEVELS, ESSAY_LEVEL)})
        for key in keys
    ]


def apart(found: Iterable[Candidate], banks: Collection[str]) -> list[Candidate]:
    """The same, with the items on exemplars of these banks put into a topic of their own."""
    found = list(found)
    told = on_exemplars([c.version_id for c in found if c.bank in banks])
    return [replace(c, topic=EXEMPLARS) if c.version_id in told else c for c in found]


def asking_for_exemplars(cells: Iterable[BlueprintCell]) -> set[str]:
    """The banks that a blueprint, or several, ask for items on exemplars."""
    return {c.bank for c in cells if c.topic == EXEMPLARS}


def drawable(cells: Iterable[BlueprintCell], law_date: date) -> list[Candidate]:
    """The item versions that papers of this blueprint may hold: of its topics and levels, right on the law date."""
    cells = list(cells)
    essays = any(c.level == ESSAY_LEVEL for c in cells)
    found = candidates(sorted({c.bank for c in cells}), law_date, essays=essays)
    return asked_for(apart(found, asking_for_exemplars(cells)), cells)


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
    about = asking_for_exemplars(cell for division in divisions for cell in division.blueprint)
    rows = db.session.execute(
        select(Bank.code, Item.code, ItemVersion.topic, ItemVersion.id)
        .join(Item, Item.bank_id == Bank.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Bank.code.in_(banks), Item.retired_at.is_(None), ItemVersion.is_live)
        .order_by(Bank.code, Item.code)
    ).all()
    told = on_exemplars([version_id for bank, _code, _topic, version_id in rows if bank in about])
    return [
        (bank, code)
        for bank, code, topic, version_id in rows
        if ((bank, topic) in asked or version_id in told) and version_id not in good
    ]
