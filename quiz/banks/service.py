"""Commands of banks: making them, wording items, and the second pair of eyes before an item is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from quiz import journal
from quiz.banks import queries
from quiz.banks.formats import bank_yaml
from quiz.banks.formats.bank_yaml import BadBankFile, BankFile, FileProblem
from quiz.banks.models import Bank, ImportDraft, Item, ItemVersion
from quiz.banks.refusals import BankRefusal, ReviewRefusal
from quiz.banks.wording import Fault, Problem, Wording, wording_of
from quiz.db import db
from quiz.errors import Refusal
from quiz.law import queries as law

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


def next_codes(bank: Bank, count: int) -> list[str]:
    """Free codes "CH-0001", "CH-0002", … after the highest one of the bank."""
    codes = db.session.scalars(select(Item.code).where(Item.bank_id == bank.id, Item.code.startswith("CH-")))
    last = max((int(code[3:]) for code in codes if code[3:].isdecimal()), default=0)
    return [f"CH-{number:04d}" for number in range(last + 1, last + 1 + count)]


def add_item(bank: Bank, wording: Wording, author: journal.Actor | None, *, now: datetime, code: str = "") -> Item:
    """Write the first version of a new item, as a draft.  code: empty for the next free one."""
    return add_items(bank, [(code, wording)], author, now=now)[0]


def add_items(
    bank: Bank, worded: Sequence[tuple[str, Wording]], author: journal.Actor | None, *, now: datetime
) -> list[Item]:
    """Write new items as drafts, in one go.  worded: (code or "", wording).  Raises Refusal(BankRefusal)."""
    free = iter(next_codes(bank, len(worded)))
    items = [
        Item(bank_id=bank.id, code=code or next(free), versions=[_version(wording, 1, author, now)])
        for code, wording in worded
    ]
    db.session.add_all(items)
    _flush_or(Refusal(BankRefusal.CODE_TAKEN, code=", ".join(item.code for item in items[:3])))
    return items


def write_version(
    item: Item, wording: Wording, author: journal.Actor | None, *, now: datetime, after: int | None = None
) -> ItemVersion:
    """Write a new version beside the others, as a draft; the live one stays in use until it is approved.

    after: number of the version that the author has seen as the latest; None does not ask.  Raises Refusal(BankRefusal).
    """
    latest = item.latest
    if after is not None and latest.number != after:
        raise Refusal(BankRefusal.EDITED_MEANWHILE)
    if wording.says_the_same(wording_of(latest)):
        raise Refusal(BankRefusal.NOTHING_CHANGED)
    version = _version(wording, latest.number + 1, author, now)
    item.versions.append(version)
    _flush_or(Refusal(BankRefusal.EDITED_MEANWHILE))
    return version


def _version(wording: Wording, number: int, author: journal.Actor | None, now: datetime) -> ItemVersion:
    return ItemVersion(
        number=number, author_id=author.id if author else None, created_at=now, is_live=False, **wording.columns()
    )


def why_not_review(item: Item, version: ItemVersion, reviewer: journal.Actor) -> ReviewRefusal | None:
    """None when the reviewer may approve or decline the version."""
    if item.retired_at is not None:
        return ReviewRefusal.RETIRED
    if version.number != item.latest.number:
        return ReviewRefusal.NOT_LATEST
    if not version.waits_for_review:
        return ReviewRefusal.REVIEWED
    return ReviewRefusal.OWN_WORDING if version.author_id == reviewer.id else None


def approve_version(version: ItemVersion, reviewer: journal.Actor, *, now: datetime) -> None:
    """Make the latest version the one that papers draw.  Raises Refusal(ReviewRefusal), always for its own author."""
    item = version.item
    _review(version, reviewer, now)
    before = item.live_version
    db.session.execute(
        update(ItemVersion).where(ItemVersion.item_id == item.id, ItemVersion.is_live).values(is_live=False)
    )
    version.is_live = True
    _flush_or(Refusal(ReviewRefusal.NOT_LATEST))
    journal.record(
        reviewer, "item.approved", item, now=now, before=before.number if before else None, after=version.number
    )


def decline_version(version: ItemVersion, reviewer: journal.Actor, why: str, *, now: datetime) -> None:
    """Send the latest version back to its author with a reason; what is live stays.  Raises Refusal(ReviewRefusal)."""
    _review(version, reviewer, now)
    version.declined_why = why
    db.session.flush()
    journal.record(reviewer, "item.declined", version.item, now=now, after=version.number, why=why)


def _review(version: ItemVersion, reviewer: journal.Actor, now: datetime) -> None:
    if reason := why_not_review(version.item, version, reviewer):
        raise Refusal(reason)
    # two reviewers at once: the row decides, not what either of them has read
    waiting = (ItemVersion.id == version.id, ItemVersion.reviewed_at.is_(None), ItemVersion.is_live.is_(False))
    taken = db.session.execute(update(ItemVersion).where(*waiting).values(reviewer_id=reviewer.id, reviewed_at=now))
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise Refusal(ReviewRefusal.REVIEWED)


def retire_item(item: Item, actor: journal.Actor, why: str = "", *, now: datetime) -> bool:
    """Take an item out of use; papers that hold it keep it. False when it was retired already."""
    if item.retired_at is not None:
        return False
    item.retired_at = now
    journal.record(actor, "item.retired", item, now=now, after=item.code, why=why)
    return True


def revive_item(item: Item, actor: journal.Actor, *, now: datetime) -> bool:
    """Bring a retired item back as it was. False when it was in use."""
    if item.retired_at is None:
        return False
    item.retired_at = None
    journal.record(actor, "item.revived", item, now=now, after=item.code)
    return True


@dataclass(slots=True)
class BulkReview:
    """What became of the chosen items: codes approved, and codes left alone by reason."""

    approved: list[str] = field(default_factory=list)
    left: dict[ReviewRefusal, list[str]] = field(default_factory=dict)


def approve_items(items: Sequence[Item], reviewer: journal.Actor, *, now: datetime) -> BulkReview:
    """Approve the latest versions of these items where the reviewer may; leave the others as they are."""
    done = BulkReview()
    for item in items:
        if reason := why_not_review(item, item.latest, reviewer):
            done.left.setdefault(reason, []).append(item.code)
        else:
            approve_version(item.latest, reviewer, now=now)
            done.approved.append(item.code)
    return done


@dataclass(slots=True)
class BankReport:
    """What an import did.  kept: codes whose new wording waits as a draft, because people have worded the live one."""

    code: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: int = 0


def import_bank(folder: Path, *, now: datetime, actor: journal.Actor | None = None, live: bool = True) -> BankReport:
    """Bring in a shipped bank; the same content twice changes nothing, changed content becomes a new version.

    live: make the versions live at once, for which the file must name an author and a second reader; they have no
    account as author. What people have worded or retired since is left to them.  Raises BadBankFile, with all problems.
    """
    documents = {document.number: document.id for document in law.all_documents()}
    file = bank_yaml.read(folder, documents)
    if live and not file.vouched:
        raise BadBankFile([FileProblem(folder.name, "", Problem(Fault.NOBODY_VOUCHES))])
    bank = queries.bank_by_code(file.code)
    if bank is None:
        bank = create_bank(file.code, file.title, file.note, file.topics, actor, now=now)
    else:
        bank.title, bank.note, bank.topics = file.title, file.note, _merged(file.topics, bank.topics)
    report = _import_items(bank, file, now, live)
    if report.added or report.changed or report.kept:
        after = {"added": report.added, "changed": report.changed, "kept": report.kept, "live": live}
        why = f"{file.author}; {file.second_reader}" if live else ""
        journal.record(actor, "bank.imported", bank, now=now, after=after, why=why)
    return report


def _merged(shipped: Topics, present: Topics) -> Topics:
    """The shipped topics, and after them those that people have added."""
    codes = {topic["code"] for topic in shipped}
    return shipped + [topic for topic in present if topic["code"] not in codes]


def _import_items(bank: Bank, file: BankFile, now: datetime, live: bool) -> BankReport:
    report = BankReport(bank.code)
    present = {item.code: item for item in queries.items_with_versions(bank)}
    for code, wording in file.items:
        item = present.get(code)
        if item is None:
            version = _version(wording, 1, None, now)
            db.session.add(Item(bank_id=bank.id, code=code, versions=[version]))
            _put_in_use(version, live, now)
            report.added.append(code)
        elif any(wording.says_the_same(wording_of(version)) for version in item.versions):
            report.unchanged += 1
        else:
            by_people = any(v.author_id is not None for v in item.versions)
            before = item.live_version
            version = _version(wording, item.latest.number + 1, None, now)
            if live and not by_people and before:
                before.is_live = False
                db.session.flush()  # one live version at a time
            item.versions.append(version)
            _put_in_use(version, live and not by_people, now)
            (report.kept if by_people else report.changed).append(code)
    db.session.flush()
    return report


def _put_in_use(version: ItemVersion, live: bool, now: datetime) -> None:
    if live:
        version.is_live, version.reviewed_at = True, now


def _flush_or(refusal: Refusal) -> None:
    """Flush; a constraint that is broken because somebody was faster becomes the refusal."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise refusal from error
