"""Reads about people and units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload

from quiz.access import Role
from quiz.accounts import contacts
from quiz.accounts.models import Account, Headcount, OrgUnit, RoleGrant
from quiz.db import db
from quiz.text import plain


def account_by_sign_in_name(column: str, value: str) -> Account | None:
    """column: phone, email or username, as contacts.sign_in_name tells."""
    return db.session.scalars(select(Account).where(getattr(Account, column) == value)).one_or_none()


def count_active_admins() -> int:
    return db.session.scalar(
        select(func.count())
        .select_from(RoleGrant)
        .join(RoleGrant.account)
        .where(RoleGrant.role == Role.ADMIN, Account.disabled_at.is_(None))
    ) or 0  # fmt: skip


@dataclass(frozen=True)
class PeoplePage:
    """newer_than, older_than: keys of the neighbouring pages, None at the ends"""

    people: list[Account]
    newer_than: int | None
    older_than: int | None
    total: int


def people(
    search: str = "",
    role: Role | None = None,
    *,
    older_than: int | None = None,
    newer_than: int | None = None,
    size: int = 50,
) -> PeoplePage:
    """One page of accounts, newest first, paged by id, so that late pages cost no more than the first.

    search: part of a name with or without diacritics, or a whole phone number, e-mail address or user name
    """
    conditions = _people_conditions(search, role)
    total = db.session.scalar(select(func.count()).select_from(Account).where(*conditions)) or 0
    page = select(Account).options(joinedload(Account.org_unit)).where(*conditions)
    if newer_than is not None:
        page = page.where(Account.id > newer_than).order_by(Account.id)
    else:
        page = page.where(Account.id < older_than) if older_than is not None else page
        page = page.order_by(Account.id.desc())
    found = list(db.session.scalars(page.limit(size + 1)))
    more, found = len(found) > size, found[:size]
    if newer_than is not None:
        found.reverse()
    has_newer = more if newer_than is not None else older_than is not None
    has_older = newer_than is not None or more
    return PeoplePage(
        people=found,
        newer_than=found[0].id if found and has_newer else None,
        older_than=found[-1].id if found and has_older else None,
        total=total,
    )


def _people_conditions(search: str, role: Role | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if folded := plain(search):
        column, value = contacts.sign_in_name(search)
        name = Account.name_folded.contains(folded, autoescape=True)
        conditions.append(or_(name, getattr(Account, column) == value))
    if role is not None and role is not Role.PARTICIPANT:
        conditions.append(exists().where(RoleGrant.account_id == Account.id, RoleGrant.role == role))
    return conditions


@dataclass(frozen=True)
class UnitNode:
    """A unit in its tree.  depth: 0 at the top · headcount: the latest · path: names of the units above, top first"""

    unit: OrgUnit
    depth: int
    headcount: Headcount | None
    path: tuple[str, ...]

    @property
    def label(self) -> str:
        """Name with what stands above it, the nearest first: "Văn phòng – Sở Tư pháp"."""
        return f"{self.unit.name} – {self.path[-1]}" if self.path else self.unit.name


def unit_tree(search: str = "") -> list[UnitNode]:
    """All units, each below the one above it; with a search only those whose name, code, kind or block has the words."""
    nodes = list(_walk(list(db.session.scalars(select(OrgUnit))), _latest_headcounts()))
    words = plain(search)
    if not words:
        return nodes
    return [n for n in nodes if words in plain(f"{n.unit.name} {n.unit.code} {n.unit.kind} {n.unit.block}")]


def _latest_headcounts() -> dict[int, Headcount]:
    rows = db.session.scalars(select(Headcount).order_by(Headcount.as_of))
    return {row.org_unit_id: row for row in rows}  # a later day replaces an earlier one


def _walk(units: list[OrgUnit], headcounts: dict[int, Headcount]) -> Iterator[UnitNode]:
    below: dict[int | None, list[OrgUnit]] = {}
    for unit in sorted(units, key=lambda u: u.id):  # the order of the file they came from
        below.setdefault(unit.parent_id, []).append(unit)
    ahead = [(unit, ()) for unit in reversed(below.get(None, []))]
    waiting: list[tuple[OrgUnit, tuple[str, ...]]] = list(ahead)
    while waiting:
        unit, path = waiting.pop()
        yield UnitNode(unit, len(path), headcounts.get(unit.id), path)
        waiting.extend((child, (*path, unit.name)) for child in reversed(below.get(unit.id, [])))


def units_by_code() -> dict[str, OrgUnit]:
    return {unit.code: unit for unit in db.session.scalars(select(OrgUnit))}


def count_members(org_unit_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Account).where(Account.org_unit_id == org_unit_id)) or 0
