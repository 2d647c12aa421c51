"""The winners' check list of a sheet: who stands in a prize place, and whether it is known that they are who they say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.accounts.contacts import masked_email, masked_phone
from quiz.accounts.models import Account
from quiz.contests.models import Entry, Round
from quiz.db import db
from quiz.formats import day
from quiz.marking.models import IdentityCheck, IdentityResult
from quiz.marking.queries import identity_checks
from quiz.ranking import prizes, queries
from quiz.ranking.models import Ranking
from quiz.spreadsheets import Cell

RESULTS = {
    IdentityResult.PENDING: _l("Chưa xác minh"),
    IdentityResult.CONFIRMED: _l("Đúng người"),
    IdentityResult.REFUTED: _l("Không đúng người"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """place, prize: 0 and "" for somebody in no prize place whose identity a judge has asked for"""

    entry: Entry
    place: int
    prize: str
    check: IdentityCheck | None

    @property
    def result(self) -> IdentityResult:
        return IdentityResult(self.check.result) if self.check is not None else IdentityResult.PENDING

    @property
    def contact(self) -> str:
        """Masked; who needs it whole asks for it on the account's page, which is written down."""
        account = self.entry.account
        if account.phone:
            return masked_phone(account.phone)
        return masked_email(account.email) if account.email else "–"


def lines(ranking: Ranking) -> list[Line]:
    """Prize places in their order, then others of the division whose identity was asked for."""
    names = prizes.names_of(ranking)
    given = {p.standing.entry_id: (p.standing.place, names[p.tier.code]) for p in prizes.proposed(ranking).given}
    asked = db.session.scalars(
        select(IdentityCheck.entry_id)
        .join(Entry, Entry.id == IdentityCheck.entry_id)
        .where(Entry.division_id == ranking.division_id, IdentityCheck.asked_at.is_not(None))
        .order_by(IdentityCheck.entry_id)
    )
    ids = list(dict.fromkeys([*given, *asked]))
    entries = _entries(ids)
    checks = identity_checks(ids)
    return [Line(entries[i], *given.get(i, (0, "")), checks.get(i)) for i in ids]


def unverified(ranking: Ranking) -> list[Entry]:
    """People in prize places of whom nobody has confirmed that they are who they say."""
    ids = [p.standing.entry_id for p in prizes.proposed(ranking).given]
    confirmed = {i for i, check in identity_checks(ids).items() if check.result == IdentityResult.CONFIRMED}
    entries = _entries([i for i in ids if i not in confirmed])
    return list(entries.values())


def prize_entries(round_: Round) -> set[int]:
    """Entries in prize places of the latest sheets of a round and of its whole contest."""
    found: set[int] = set()
    for sheet in queries.latest_sheets(round_.contest):
        if sheet.round_id in (round_.id, None):
            found.update(p.standing.entry_id for p in prizes.proposed(sheet).given)
    return found


def _entries(ids: Collection[int]) -> dict[int, Entry]:
    rows = select(Entry).where(Entry.id.in_(ids)).options(joinedload(Entry.account).joinedload(Account.org_unit))
    by_id = {entry.id: entry for entry in db.session.scalars(rows)}
    return {i: by_id[i] for i in ids}


def columns() -> list[tuple[str, int]]:
    """Heading and width."""
    return [(_("TT"), 6), (_("Họ tên"), 28), (_("CCCD (che bớt)"), 16), (_("SĐT hoặc email (che bớt)"), 24),
            (_("Đơn vị, nơi ở"), 36), (_("Giải"), 20), (_("Kết quả xác minh"), 18), (_("Người xác minh"), 24),
            (_("Ngày"), 14), (_("Ghi chú"), 40)]  # fmt: skip


def rows(ranking: Ranking) -> Iterator[list[Cell]]:
    for n, line in enumerate(lines(ranking), 1):
        check = line.check
        by = check.checked_by.full_name if check is not None and check.checked_by is not None else ""
        at = day(check.checked_at) if check is not None and check.checked_at is not None else ""
        # no contest asks for the number of an identity card yet; the column of the paper form stays
        yield [n, line.entry.full_name, "", line.contact, line.entry.belongs_to, line.prize, str(RESULTS[line.result]), by, at,
               check.note if check is not None else ""]  # fmt: skip
