"""Reads of recognition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from quiz.contests.models import Contest, Division, Entry, Round
from quiz.db import db
from quiz.ranking.models import Ranking
from quiz.ranking.unit_models import UnitSheet
from quiz.recognition.models import Award, Certificate, Decision
from quiz.text import plain

_PUBLISHED = Ranking.published_at.is_not(None)


def _same_scope(a: Any, round_id: Any, division_id: Any) -> ColumnElement[bool]:
    """Sheets of the same round, or both of the whole contest, and the same division."""
    return and_(a.division_id == division_id, func.coalesce(a.round_id, 0) == func.coalesce(round_id, 0))


def has_newer_published(ranking: Ranking) -> bool:
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    _same_scope(Ranking, ranking.round_id, ranking.division_id),
                    Ranking.number > ranking.number,
                    _PUBLISHED,
                )
            )
        )
    )


def decision_of_units(unit_sheet_id: int) -> Decision | None:
    return db.session.scalars(select(Decision).where(Decision.unit_sheet_id == unit_sheet_id)).one_or_none()


def decision_of(ranking_id: int) -> Decision | None:
    return db.session.scalars(select(Decision).where(Decision.ranking_id == ranking_id)).one_or_none()


def decision_by_id(decision_id: int) -> Decision | None:
    """A decision with its contest, winners and certificates."""
    award = selectinload(Decision.awards)
    return db.session.scalars(
        select(Decision)
        .where(Decision.id == decision_id)
        .options(
            joinedload(Decision.contest),
            joinedload(Decision.ranking).joinedload(Ranking.round_),
            joinedload(Decision.ranking).joinedload(Ranking.division),
            joinedload(Decision.unit_sheet).joinedload(UnitSheet.round_),
            award.joinedload(Award.entry),
            award.joinedload(Award.certificate),
        )
    ).one_or_none()


def last_decision(contest_id: int) -> Decision | None:
    return db.session.scalars(
        select(Decision).where(Decision.contest_id == contest_id).order_by(Decision.id.desc()).limit(1)
    ).one_or_none()


def standing_decision(ranking: Ranking) -> Decision | None:
    """Another decision for the same round and division that still has a valid certificate."""
    return db.session.scalars(
        select(Decision)
        .join(Decision.ranking)
        .where(
            _same_scope(Ranking, ranking.round_id, ranking.division_id),
            Ranking.id != ranking.id,
            exists().where(
                Award.decision_id == Decision.id, Certificate.award_id == Award.id, Certificate.revoked_at.is_(None)
            ),
        )
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()


def standing_decision_of_units(sheet: UnitSheet) -> Decision | None:
    """Another decision for the same competition and round that still has a valid certificate."""
    return db.session.scalars(
        select(Decision)
        .join(Decision.unit_sheet)
        .where(
            UnitSheet.contest_id == sheet.contest_id,
            UnitSheet.scope == sheet.scope,
            UnitSheet.code == sheet.code,
            UnitSheet.id != sheet.id,
            exists().where(
                Award.decision_id == Decision.id, Certificate.award_id == Award.id, Certificate.revoked_at.is_(None)
            ),
        )
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()


def prizes_held(contest_id: int, *, without: int) -> Sequence[tuple[int, int | None, str, int]]:
    """(entry, round or None, tier, amount) of every valid prize of a contest, but those of one sheet's scope.

    without: id of the sheet
    """
    of = aliased(Ranking)
    rows = db.session.execute(
        select(Award.entry_id, Ranking.round_id, Award.tier, Award.amount)
        .join(Award.decision)
        .join(Decision.ranking)
        .join(Award.certificate)
        .join(of, of.id == without)
        .where(
            Decision.contest_id == contest_id,
            Certificate.revoked_at.is_(None),
            ~_same_scope(Ranking, of.round_id, of.division_id),
        )
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows if row[0] is not None]


def last_register_number(year: int) -> int:
    """0 while the register of the year is empty."""
    return db.session.scalar(select(func.max(Certificate.register_number)).where(Certificate.year == year)) or 0


def _certificates() -> Select[Certificate]:
    award, decision = Certificate.award, Award.decision
    return (
        select(Certificate)
        .join(award)
        .join(decision)
        .outerjoin(Award.entry)
        .options(
            contains_eager(award).contains_eager(Award.entry),
            contains_eager(award).contains_eager(decision).joinedload(Decision.contest),
            contains_eager(award).contains_eager(decision).joinedload(Decision.ranking).joinedload(Ranking.round_),
            contains_eager(award).contains_eager(decision).joinedload(Decision.ranking).joinedload(Ranking.division),
            contains_eager(award).contains_eager(decision).joinedload(Decision.unit_sheet).joinedload(UnitSheet.round_),
            joinedload(Certificate.replaced_by),
        )
    )


def certificate_by_code(code: str) -> Certificate | None:
    """The certificate with all that it prints, in one query, found by the unique index of its code."""
    return db.session.scalars(_certificates().where(Certificate.code == code)).one_or_none()


def certificates_of(account_id: int) -> Sequence[Certificate]:
    """All certificates of a person, revoked ones too, newest first."""
    return db.session.scalars(
        _certificates()
        .where(Entry.account_id == account_id)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    ).all()


def published_sheets(contest_id: int) -> Sequence[Ranking]:
    """The valid published sheet of each round and division, in the contest's order, those of the whole contest last."""
    newer = aliased(Ranking)
    return db.session.scalars(
        select(Ranking)
        .outerjoin(Ranking.round_)
        .join(Ranking.division)
        .where(
            Division.contest_id == contest_id,
            _PUBLISHED,
            ~exists().where(
                _same_scope(newer, Ranking.round_id, Ranking.division_id),
                newer.published_at.is_not(None),
                newer.number > Ranking.number,
            ),
        )
        .options(contains_eager(Ranking.round_), contains_eager(Ranking.division))
        .order_by(Ranking.round_id.is_(None), Round.position, Division.position)
    ).all()


def decisions_of(contest_id: int, round_id: int | None) -> Sequence[Decision]:
    """The decisions of a round, or of the whole contest, with their winners and certificates, newest first."""
    award = selectinload(Decision.awards)
    return db.session.scalars(
        select(Decision)
        .join(Decision.ranking)
        .where(
            Decision.contest_id == contest_id, Ranking.round_id == round_id if round_id else Ranking.round_id.is_(None)
        )
        .options(
            contains_eager(Decision.ranking).joinedload(Ranking.division),
            award.joinedload(Award.entry),
            award.joinedload(Award.certificate),
        )
        .order_by(Decision.id.desc())
    ).all()


def unit_decisions_of(contest_id: int) -> Sequence[Decision]:
    """The newest decision of each competition of units in each round and in the whole contest, with its winners."""
    award = selectinload(Decision.awards)
    found = db.session.scalars(
        select(Decision)
        .join(Decision.unit_sheet)
        .where(Decision.contest_id == contest_id)
        .options(contains_eager(Decision.unit_sheet).joinedload(UnitSheet.round_), award.joinedload(Award.certificate))
        .order_by(Decision.id)
    )
    return list({(d.sheet.scope_code, d.ranked): d for d in found}.values())


# The register


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for in the register.  state: "" | "valid" | "revoked" | "reissued" · name: part of a name"""

    year: int | None = None
    contest_id: int | None = None
    state: str = ""
    name: str = ""


def _matching(wanted: Wanted) -> list[ColumnElement[bool]]:
    states: dict[str, ColumnElement[bool]] = {
        "valid": Certificate.revoked_at.is_(None),
        "revoked": Certificate.revoked_at.is_not(None),
        "reissued": Certificate.replaces_id.is_not(None),
    }
    found = [states[wanted.state]] if wanted.state in states else []
    if wanted.year is not None:
        found.append(Certificate.year == wanted.year)
    if wanted.contest_id is not None:
        found.append(Decision.contest_id == wanted.contest_id)
    if words := plain(wanted.name):
        found.append(Certificate.name_folded.contains(words, autoescape=True))
    return found


def count_register(wanted: Wanted) -> int:
    rows = select(func.count()).select_from(Certificate).join(Certificate.award).join(Award.decision)
    return db.session.scalar(rows.where(*_matching(wanted))) or 0


def register(wanted: Wanted, *, limit: int | None = None, offset: int = 0) -> Sequence[Certificate]:
    """Rows of the register, the last number first."""
    rows = _certificates().where(*_matching(wanted)).options(joinedload(Certificate.replaces))
    rows = rows.order_by(Certificate.year.desc(), Certificate.register_number.desc())
    return db.session.scalars(rows.limit(limit).offset(offset)).all()


def register_years() -> Sequence[int]:
    return db.session.scalars(select(Certificate.year).distinct().order_by(Certificate.year.desc())).all()


def register_contests() -> Sequence[tuple[int, str]]:
    rows = db.session.execute(
        select(Contest.id, Contest.title)
        .where(exists().where(Decision.contest_id == Contest.id))
        .order_by(Contest.title)
    )
    return [(row.id, row.title) for row in rows]


def chain_of(certificate: Certificate) -> Sequence[Certificate]:
    """All certificates ever issued for the same award, the first first."""
    return db.session.scalars(
        select(Certificate).where(Certificate.award_id == certificate.award_id).order_by(Certificate.id)
    ).all()


def _with_results() -> Select[Contest]:
    return select(Contest).where(
        exists().where(Ranking.division_id == Division.id, Division.contest_id == Contest.id, _PUBLISHED)
    )


def contests_with_results(*, limit: int, offset: int = 0) -> Sequence[tuple[Contest, int]]:
    """Contests with published results and the number of their prizes, the latest publication first."""
    latest = (
        select(func.max(Ranking.published_at))
        .join(Ranking.division)
        .where(Division.contest_id == Contest.id, _PUBLISHED)
        .correlate(Contest)
        .scalar_subquery()
    )
    prizes = (
        select(func.count())
        .select_from(Award)
        .join(Award.decision)
        .join(Award.certificate)
        .where(Decision.contest_id == Contest.id, Certificate.revoked_at.is_(None))
        .correlate(Contest)
        .scalar_subquery()
    )
    rows = db.session.execute(
        _with_results().add_columns(prizes).order_by(latest.desc(), Contest.id.desc()).limit(limit).offset(offset)
    )
    return [(contest, number) for contest, number in rows]


def count_contests_with_results() -> int:
    return db.session.scalar(select(func.count()).select_from(_with_results().subquery())) or 0
