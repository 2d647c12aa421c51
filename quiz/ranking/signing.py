"""Sign-off (ký chốt): judges put their name under a result sheet, and only a sheet with enough names can be published.

Judges propose, organizers decide: nobody who signs publishes by it, and nobody publishes what too few have signed. The
database counts the names too, when the moment of publication is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, update

from quiz import journal
from quiz.access import Role
from quiz.accounts.models import Account, RoleGrant
from quiz.contests.models import Entry
from quiz.contests.queries import entry_of
from quiz.contests.rule_set import contest_rules
from quiz.db import db, insert_unless_taken
from quiz.errors import Refusal
from quiz.ranking import queries
from quiz.ranking.models import Ranking, SheetSignature, Stance
from quiz.ranking.refusals import RankingRefusal


def signatures_of(ranking: Ranking) -> Sequence[SheetSignature]:
    """What judges have said of a sheet, in the order in which they said it; withdrawn words too."""
    return db.session.scalars(
        select(SheetSignature).where(SheetSignature.ranking_id == ranking.id).order_by(SheetSignature.id)
    ).all()


def standing(signatures: Sequence[SheetSignature]) -> list[SheetSignature]:
    return [s for s in signatures if s.withdrawn_at is None]


def count_signed(ranking: Ranking, signatures: Sequence[SheetSignature]) -> int:
    return sum(s.stance == Stance.SIGNED and s.digest == ranking.digest for s in standing(signatures))


def missing(ranking: Ranking, signatures: Sequence[SheetSignature]) -> int:
    """How many names the rules still ask for before the sheet can be published."""
    return max(0, contest_rules(ranking.contest).signing_judges - count_signed(ranking, signatures))


def unsigned(ranking: Ranking, signatures: Sequence[SheetSignature]) -> Sequence[Account]:
    """The judges who may sign the sheet and have said nothing of it that stands."""
    takes_part = exists().where(Entry.contest_id == ranking.contest.id, Entry.account_id == Account.id)
    said = [s.judge_id for s in standing(signatures)]
    return db.session.scalars(
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.JUDGE, Account.disabled_at.is_(None))
        .where(~takes_part, Account.id.not_in(said))
        .order_by(Account.full_name, Account.id)
    ).all()


def sign(ranking: Ranking, judge: Account, digest: str, *, now: datetime) -> None:
    """Put a name under the sheet.  digest: of what the judge has seen.  Raises Refusal(RankingRefusal)."""
    _say(ranking, judge, Stance.SIGNED, digest, "", now)


def decline(ranking: Ranking, judge: Account, digest: str, *, why: str, now: datetime) -> None:
    """Refuse to sign, for the record: the others and the organizers read why.  Raises Refusal(RankingRefusal)."""
    _say(ranking, judge, Stance.DECLINED, digest, why, now)


def _say(ranking: Ranking, judge: Account, stance: Stance, digest: str, note: str, now: datetime) -> None:
    if not lock_unpublished(ranking):
        raise Refusal(RankingRefusal.ALREADY_PUBLISHED)
    latest = queries.latest_sheet(ranking.round_id, ranking.division_id)
    if latest is not None and latest.id != ranking.id:
        raise Refusal(RankingRefusal.NEWER_SHEET_EXISTS, number=latest.number)
    if digest != ranking.digest or queries.is_out_of_date(ranking):
        raise Refusal(RankingRefusal.NOT_WHAT_WAS_SEEN)
    if entry_of(ranking.contest.id, judge.id) is not None:
        raise Refusal(RankingRefusal.SIGNER_TAKES_PART)
    word = SheetSignature(
        ranking_id=ranking.id, judge_id=judge.id, stance=stance.value, digest=digest, note=note, signed_at=now,
        withdraw_why="",
    )  # fmt: skip
    if not insert_unless_taken(word):
        raise Refusal(RankingRefusal.SAID_ALREADY)
    after = {"number": ranking.number, "digest": digest}
    journal.record(judge, f"sheet.{stance.value}", ranking, now=now, after=after, why=note)


def withdraw(ranking: Ranking, judge: Account, *, why: str, now: datetime) -> None:
    """Take the own word back, before the publication.  Raises Refusal(RankingRefusal)."""
    if not lock_unpublished(ranking):
        raise Refusal(RankingRefusal.ALREADY_PUBLISHED)
    withdrawn = db.session.execute(
        update(SheetSignature)
        .where(
            SheetSignature.ranking_id == ranking.id,
            SheetSignature.judge_id == judge.id,
            SheetSignature.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now, withdraw_why=why)
        .returning(SheetSignature.stance)
    ).scalar_one_or_none()
    if withdrawn is None:
        raise Refusal(RankingRefusal.NOTHING_TO_WITHDRAW)
    after = {"number": ranking.number, "stance": withdrawn}
    journal.record(judge, "sheet.signature_withdrawn", ranking, now=now, after=after, why=why)


def lock_unpublished(ranking: Ranking) -> bool:
    """Is the sheet unpublished? Then it stays so until the transaction ends: signing, withdrawing and publishing wait here.

    By an UPDATE that changes nothing: a SELECT … FOR UPDATE locks nothing on SQLite.
    """
    nothing = update(Ranking).where(Ranking.id == ranking.id, Ranking.published_at.is_(None)).values(published_at=None)
    return db.session.execute(nothing.returning(Ranking.id)).one_or_none() is not None
