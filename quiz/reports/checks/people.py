"""Who is in office."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from quiz.accounts.models import RoleGrant
from quiz.reports.checks.told import Faults, Look, by


def roles(look: Look) -> Faults:
    """Roles that nobody has given, or that were given and are gone."""
    there: dict[int, dict[str, tuple[datetime | None, int | None]]] = defaultdict(dict)
    for grant in look.rows(RoleGrant):
        there[grant.account_id][grant.role] = (grant.granted_at, grant.granted_by_id)
    told = look.told("account.role_granted", "account.role_revoked")
    for account_id in sorted(there.keys() | told.keys()):
        said: dict[str, tuple[datetime | None, int | None]] = {}
        for record in told[account_id]:
            said = {role: said.get(role, by(record)) for role in record.after}
        if said != there[account_id]:
            yield f"role_grant of account {account_id}: not the roles that were given"
