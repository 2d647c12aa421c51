"""Commands of banks: making them, and wording items. The way of a version to its use: review.py; shipped banks: shipped.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from quiz import journal
from quiz.accounts.models import Account
from quiz.banks import picture_store, queries, standing
from quiz.banks.models import Bank, ImportDraft, Item, ItemComment, ItemVersion
from quiz.banks.refusals import BankRefusal
from quiz.banks.wording import Wording, wording_of
from quiz.db import db, insert_many
from quiz.errors import Refusal

Topics = list[dict[str, str]]


def create_bank(
    code: str, title: str, note: str, topics: Topics, actor: journal.Actor | None, *, now: datetime
) -> Bank:
    """Make an empty bank.  Raises Refusal(BankRefusal)."""
    if queries.bank_by_code(code):
        raise Refusal(BankRefusal.CODE_TAKEN, code=code)
    bank = Bank(code=code, title=title, note=note, topics=topics, created_at=now)
    db.session.add(bank)
    _flush_or(Refusal(BankRefusal.CODE_TAKEN, code=code))
    journal.record(actor, "bank.created", bank, now=now, after={"code": code, "title": title})
    return bank


def edit_bank(bank: Bank, title: str, note: str, topics: Topics, actor: journal.Actor, *, now: datetime) -> None:
    """Change names and topics; a topic that has items stays.  Raises Refusal(BankRefusal)."""
    kept = {topic["code"] for topic in topics}
    lost = [topic for topic in bank.topics if topic["code"] not in kept]
    used = set(db.session.scalars(select(ItemVersion.topic).join(Item).where(Item.bank_id == bank.id).distinct()).all())
    if in_use := [f"“{topic['title']}”" for topic in lost if topic["code"] in used]:
        raise Refusal(BankRefusal.TOPIC_IN_USE, topics=", ".join(in_use))
    before = {"title": bank.title, "topics": bank.topics}
    bank.title, bank.note, bank.topics = title, note, topics
    if before != (after := {"title": title, "topics": topics}):
        journal.record(actor, "bank.changed", bank, now=now, before=before, after=after)
    db.session.flush()


def delete_bank(bank: Bank, actor: journal.Actor, *, now: datetime) -> None:
    """Take away a bank that never had an item.  Raises Refusal(BankRefusal)."""
    count = db.session.scalar(select(func.count()).select_from(Item).where(Item.bank_id == bank.id)) or 0
    if count:
        raise Refusal(BankRefusal.NOT_EMPTY, count=count)
    journal.record(actor, "bank.deleted", bank, now=now, before={"code": bank.code, "title": bank.title})
    db.session.execute(delete(ImportDraft).where(ImportDraft.bank_id == bank.id))
    db.session.delete(bank)
    _flush_or(Refusal(BankRefusal.NOT_EMPTY, count=1))


_MADE_UP = 1_000  # more codes of their own that begin like ours nobody has


def next_codes(bank: Bank, count: int) -> list[str]:
    """Free codes "CH-0001", "CH-0002", … after the highest one of the bank."""
    # the longest number is the largest; codes that people have made up ("CH-TEST") are passed over
    codes = db.session.scalars(
        select(Item.code)
        .where(Item.bank_id == bank.id, Item.code.startswith("CH-"))
        .order_by(func.length(Item.code).desc(), Item.code.desc())
        .limit(_MADE_UP)
    )
    last = next((int(code[3:]) for code in codes if code[3:].isdecimal()), 0)
    return [f"CH-{number:04d}" for number in range(last + 1, last + 1 + count)]


def add_item(
    bank: Bank, wording: Wording, author: journal.Actor | None, *, now: datetime, code: str = "", send: bool = False
) -> Item:
    """Write the first version of a new item, as a draft.  code: empty for the next free one · send: to review, at once."""
    id_ = add_items(bank, [NewItem(code, wording)], author, now=now, send=send)[0].id
    return db.session.get_one(Item, id_)


@dataclass(frozen=True, slots=True)
class NewItem:
    """code: empty for the next free one · origin: digest of what it was imported from, or "" """

    code: str
    wording: Wording
    origin: str = ""


@dataclass(frozen=True, slots=True)
class AddedItem:
    id: int
    code: str


def add_items(
    bank: Bank, new: Sequence[NewItem], author: journal.Actor | None, *, now: datetime, send: bool = False
) -> list[AddedItem]:
    """Write new items as drafts, in few statements however many they are.  Raises Refusal(BankRefusal)."""
    if not new:
        return []
    free = iter(next_codes(bank, len(new)))
    codes = [item.code or next(free) for item in new]
    rows = [
        {"bank_id": bank.id, "code": code, **standing.columns_of_new(code, item.wording, sent=send)}
        for code, item in zip(codes, new, strict=True)
    ]
    try:
        insert_many(Item.__table__, rows)
    except IntegrityError as error:
        raise Refusal(BankRefusal.CODE_TAKEN, code=", ".join(codes[:3])) from error
    ids = queries.item_ids(bank, codes)
    shared = {
        "number": 1, "author_id": author.id if author else None, "created_at": now, "sent_at": now if send else None,
        "is_live": False, "declined_why": "",
    }  # fmt: skip
    insert_many(
        ItemVersion.__table__,
        [
            {"item_id": ids[code], "origin": item.origin, **shared, **item.wording.columns()}
            for code, item in zip(codes, new, strict=True)
        ],
    )
    picture_store.use(image.digest for item in new for image in item.wording.images)
    return [AddedItem(ids[code], code) for code in codes]


def write_version(
    item: Item, wording: Wording, author: journal.Actor | None, *,
    now: datetime, after: int | None = None, send: bool = False, origin: str = "",
) -> ItemVersion:  # fmt: skip
    """Write a new version beside the others; the live one stays in use until it is approved.

    after: number of the version that the author has seen as the latest; None does not ask.  Raises Refusal(BankRefusal).
    """
    latest = item.latest
    if after is not None and latest.number != after:
        raise Refusal(BankRefusal.EDITED_MEANWHILE)
    if wording.says_the_same(wording_of(latest)):
        raise Refusal(BankRefusal.NOTHING_CHANGED)
    version = version_of(wording, latest.number + 1, author, now=now, send=send, origin=origin)
    item.versions.append(version)
    standing.refresh(item)
    _flush_or(Refusal(BankRefusal.EDITED_MEANWHILE))
    picture_store.use(image.digest for image in wording.images)
    return version


def version_of(
    wording: Wording, number: int, author: journal.Actor | None, *, now: datetime, send: bool = False, origin: str = ""
) -> ItemVersion:
    """A version that is not written down yet."""
    return ItemVersion(
        number=number, author_id=author.id if author else None, created_at=now, sent_at=now if send else None,
        is_live=False, declined_why="", origin=origin, **wording.columns(),
    )  # fmt: skip


def comment(item: Item, number: int, body: str, author: Account, *, now: datetime) -> ItemComment:
    """Say something about a version of an item to the others in office."""
    said = ItemComment(item_id=item.id, number=number, account_id=author.id, body=body, created_at=now)
    db.session.add(said)
    db.session.flush()
    return said


def _flush_or(refusal: Refusal) -> None:
    """Flush; a constraint that is broken because somebody was faster becomes the refusal."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise refusal from error
