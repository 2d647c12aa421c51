"""Who is in office, the units, and how many people these have."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from quiz import journal
from quiz.accounts.models import Headcount, OrgUnit, RoleGrant
from quiz.accounts.unit_service import told, told_count
from quiz.journal import JournalRecord
from quiz.reports.checks.told import Faults, Look, by


def roles(look: Look) -> Faults:
    """Roles that nobody has given, or that were given and are gone."""
    there: dict[int, dict[str, tuple[datetime | None, int | None]]] = defaultdict(dict)
    for grant in look.rows(RoleGrant):
        there[grant.account_id][grant.role] = (grant.granted_at, grant.granted_by_id)
    given = look.told("account.role_granted", "account.role_revoked")
    for account_id in sorted(there.keys() | given.keys()):
        said: dict[str, tuple[datetime | None, int | None]] = {}
        for record in given[account_id]:
            said = {role: said.get(role, by(record)) for role in record.after}
        if said != there[account_id]:
            yield f"role_grant of account {account_id}: not the roles that were given"


def units(look: Look) -> Faults:
    """Units and their headcounts, as last created, corrected, stated or imported."""
    of_units, of_counts, is_whole = _sealed(look)
    for unit in look.rows(OrgUnit):
        seal = of_units.pop(unit.id, None)
        if seal is None and is_whole:
            yield f"org_unit {unit.id}: nobody made it"
        elif seal not in (None, journal.seal(told(unit))):
            yield f"org_unit {unit.id}: not as it was last written"
    for count in look.rows(Headcount):
        seal = of_counts.pop((count.org_unit_id, count.as_of.isoformat()), None)
        if seal is None and is_whole:
            yield f"headcount {count.id}: nobody stated it"
        elif seal not in (None, journal.seal(told_count(count))):
            yield f"headcount {count.id}: not as it was last stated"
    for unit_id in of_units:
        yield f"org_unit {unit_id}: is gone"
    for unit_id, day in of_counts:
        yield f"headcount of org_unit {unit_id} on {day}: is gone"


def _sealed(look: Look) -> tuple[dict[int, str], dict[tuple[int, str], str], bool]:
    """Seals of units, of headcounts by unit and day, and whether the journal knows of all: imports of before told nothing."""
    of_units: dict[int, str] = {}
    of_counts: dict[tuple[int, str], str] = {}
    is_whole = True
    deeds = ("unit.created", "unit.corrected", "unit.removed", "unit.headcount_stated", "units.imported")
    records: list[tuple[int, JournalRecord]] = [(id_, r) for id_, own in look.told(*deeds).items() for r in own]
    for unit_id, record in sorted(records, key=lambda pair: pair[1].seq):
        said: Any = record.after
        if record.action == "units.imported":
            is_whole = is_whole and "units" in said
            of_units |= dict(said.get("units", ()))
            of_counts |= {(unit, day): seal for unit, day, seal in said.get("headcounts", ())}
        elif record.action == "unit.headcount_stated":
            of_counts[unit_id, said["as_of"]] = journal.seal(said)
        elif record.action == "unit.removed":
            of_units.pop(unit_id, None)
            of_counts = {key: seal for key, seal in of_counts.items() if key[0] != unit_id}
        else:
            of_units[unit_id] = journal.seal(said)
    return of_units, of_counts, is_whole
