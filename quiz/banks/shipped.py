"""Banks that come with the product, as folders of YAML: brought in by a command, again and again without harm."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from quiz import journal
from quiz.banks import queries, standing
from quiz.banks.faults import Fault, Problem
from quiz.banks.formats import bank_yaml
from quiz.banks.formats.bank_yaml import BadBankFile, BankFile, FileProblem
from quiz.banks.models import Bank, Item, ItemVersion
from quiz.banks.service import Topics, create_bank, version_of
from quiz.banks.wording import wording_of
from quiz.db import db
from quiz.law import queries as law


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
            version = version_of(wording, 1, None, now=now, send=True)
            item = Item(bank_id=bank.id, code=code, versions=[version])
            db.session.add(item)
            _put_in_use(version, live, now)
            standing.refresh(item)
            report.added.append(code)
        elif any(wording.says_the_same(wording_of(version)) for version in item.versions):
            report.unchanged += 1
        else:
            by_people = any(v.author_id is not None for v in item.versions)
            before = item.live_version
            version = version_of(wording, item.latest.number + 1, None, now=now, send=True)
            if live and not by_people and before:
                before.is_live = False
                db.session.flush()  # one live version at a time
            item.versions.append(version)
            _put_in_use(version, live and not by_people, now)
            standing.refresh(item)
            (report.kept if by_people else report.changed).append(code)
    db.session.flush()
    return report


def _put_in_use(version: ItemVersion, live: bool, now: datetime) -> None:
    if live:
        version.is_live, version.reviewed_at = True, now
