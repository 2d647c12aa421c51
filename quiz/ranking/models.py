"""Tables of rankings: live boards that a clock keeps, and result sheets that are never edited."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import WHOLE_CONTEST, Contest, Division, Entry, Round
from quiz.db import Model, Moment
from quiz.rules.tie_break import Value, unpack

FORM = 2  # of the digest: seal.py


class Ranking(Model):
    """A result sheet: one numbering of one division's results, in one round or in the whole contest.

    round_id: None for the whole contest · number: counts the sheets of a round and division · truth: of the prediction, as
    frozen in `truth_id` · participation: [[unit_id, people], …] of people with a valid finished attempt, all divisions
    together · digest: SHA-256 over the standings (seal.py); form: 1 for sheets from before the keys, whose digest was made
    of other fields · basis: what was there to rank (queries.sheet_basis); another basis now means that this one is out of
    date
    """

    __tablename__ = "ranking"
    __table_args__ = (
        UniqueConstraint("round_id", "division_id", "number"),
        Index(
            "uq_ranking_of_contest", "division_id", "number", unique=True,
            sqlite_where=text("round_id IS NULL"), postgresql_where=text("round_id IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), index=True)
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    basis: Mapped[str] = mapped_column(String(60), default="")
    chain: Mapped[list[str]] = mapped_column(JSON)
    truth_id: Mapped[int | None] = mapped_column(ForeignKey("truth.id"))
    truth: Mapped[int | None] = mapped_column(BigInteger)
    people: Mapped[int] = mapped_column(default=0)  # ranked entries
    attempts: Mapped[int] = mapped_column(default=0)  # valid finished attempts
    participation: Mapped[list[Any]] = mapped_column(JSON, default=list)
    digest: Mapped[str] = mapped_column(String(64), default="")
    form: Mapped[int] = mapped_column(default=FORM)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    round_: Mapped[Round | None] = relationship()
    division: Mapped[Division] = relationship()
    made_by: Mapped[Account | None] = relationship(foreign_keys=[made_by_id])
    truth_record: Mapped[Truth | None] = relationship()

    @property
    def contest(self) -> Contest:
        return self.division.contest

    @property
    def scope_code(self) -> str:
        """The round in addresses."""
        return self.round_.code if self.round_ is not None else WHOLE_CONTEST


class StandingPage(Model):
    """Places of a result sheet, in order (sheet_pages.py says how the records are made).

    Entries and attempts are never deleted (a trigger keeps to that), so records need not refer to theirs.
    """

    __tablename__ = "standing_page"

    ranking_id: Mapped[int] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 0
    records: Mapped[bytes] = mapped_column(LargeBinary)


class StandingIndex(Model):
    """Where the entries of a sheet stand on it, in the order of the entries."""

    __tablename__ = "standing_index"

    ranking_id: Mapped[int] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    first_entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pairs: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Standing:
    """A place on a result sheet with its person.  key: the values that the chain compared (rules.tie_break.unpack)

    attempt: the counted one; of a whole contest that adds up rounds, that of the last round
    """

    position: int
    place: int
    tied: bool
    entry: Entry
    attempt: Attempt
    key: bytes

    @property
    def entry_id(self) -> int:
        return self.entry.id

    @property
    def attempt_id(self) -> int:
        return self.attempt.id

    def values(self, chain: Sequence[str]) -> dict[str, Value]:
        """Criterion → what was compared.  chain: of the sheet"""
        return unpack(self.key, chain)


class Truth(Model):
    """The number that a prediction asked for, counted once and never changed; counting again makes another record.

    round_id: None where the whole contest was counted · definition: as the thể lệ says it · query: the SQL that counted ·
    basis: annulments known then; another basis now means that it should be counted again
    """

    __tablename__ = "truth"
    __table_args__ = (UniqueConstraint("contest_id", "scope", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    scope: Mapped[int]  # the round's id, 0 for the whole contest: NULLs would not be unique
    number: Mapped[int]
    target: Mapped[str] = mapped_column(String(30))
    value: Mapped[int] = mapped_column(BigInteger)
    definition: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(60))
    counted_at: Mapped[datetime] = mapped_column(Moment)
    counted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    round_: Mapped[Round | None] = relationship()
    counted_by: Mapped[Account] = relationship()


class SheetProof(Model):
    """The Merkle root over everybody's attempts behind a result sheet (rules.records), and where the journal stood then.

    salt: of the people's records, in hex · sizes: of the levels of the tree, from the leaves on
    """

    __tablename__ = "sheet_proof"

    ranking_id: Mapped[int] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    root: Mapped[str] = mapped_column(String(64))
    sizes: Mapped[list[int]] = mapped_column(JSON)
    journal_seq: Mapped[int]
    journal_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)


class ProofPage(Model):
    """A part of the tree: PAGE digests of a level; at level -1 the entries of the leaves, in their order, and at level -2 the
    digests of these people's identities (proofs.py)."""

    __tablename__ = "proof_page"

    ranking_id: Mapped[int] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Stance(enum.StrEnum):
    SIGNED = "signed"
    DECLINED = "declined"


class SheetSignature(Model):
    """A judge's word on a result sheet (ký chốt): signed, or declined with a reason. Withdrawn before the publication only.

    digest: of the sheet that the judge saw · withdrawn_at: another word may follow
    """

    __tablename__ = "sheet_signature"
    __table_args__ = (
        Index(
            "uq_sheet_signature_standing", "ranking_id", "judge_id", unique=True,
            sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("stance IN ('signed', 'declined')", name="stance_known"),
        CheckConstraint("stance = 'signed' OR note <> ''", name="declined_with_reason"),
        CheckConstraint("withdrawn_at IS NULL OR withdraw_why <> ''", name="withdrawn_with_reason"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    ranking_id: Mapped[int] = mapped_column(ForeignKey("ranking.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    stance: Mapped[str] = mapped_column(String(8))
    digest: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    signed_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdraw_why: Mapped[str] = mapped_column(Text, default="")

    judge: Mapped[Account] = relationship()


class LotKind(enum.StrEnum):
    TIE = "tie"  # puts in order those who share a place
    LUCKY = "lucky"  # bốc thăm may mắn


class LotNotice(Model):
    """Where the seed of a draw will come from, said before anybody can know it; never changed.

    place: the shared place, 0 for a lucky draw
    """

    __tablename__ = "lot_notice"
    __table_args__ = (
        UniqueConstraint("ranking_id", "kind", "place"),
        CheckConstraint("kind IN ('tie', 'lucky')", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ranking_id: Mapped[int] = mapped_column(ForeignKey("ranking.id"))
    kind: Mapped[str] = mapped_column(String(8))
    place: Mapped[int]
    source: Mapped[str] = mapped_column(String(500))
    announced_at: Mapped[datetime] = mapped_column(Moment)
    announced_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Lot(Model):
    """A draw that anybody can do again (rules.lots).

    urn: how many were drawn from · entries: in the order drawn; of a lucky draw the winners and then as many reserves
    """

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("ranking_id", "kind", "place"),
        CheckConstraint("kind IN ('tie', 'lucky')", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ranking_id: Mapped[int] = mapped_column(ForeignKey("ranking.id"))
    kind: Mapped[str] = mapped_column(String(8))
    place: Mapped[int]
    notice_id: Mapped[int] = mapped_column(ForeignKey("lot_notice.id"))
    seed: Mapped[str] = mapped_column(String(200))
    urn: Mapped[int]
    entries: Mapped[list[int]] = mapped_column(JSON)
    drawn_at: Mapped[datetime] = mapped_column(Moment)
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    ranking: Mapped[Ranking] = relationship()
    notice: Mapped[LotNotice] = relationship()
    drawn_by: Mapped[Account] = relationship()


class Audience(enum.StrEnum):
    """Who reads a board. STAFF: only where the rules freeze the public one; it goes on behind the freeze."""

    PUBLIC = "public"
    STAFF = "staff"


class BoardState(enum.StrEnum):
    BUILDING = "building"  # from scratch; nobody reads it yet, and news waits for it
    LIVE = "live"
    RETIRED = "retired"  # replaced; its rows are cleared away bit by bit


def _one_board(state: str) -> Index:
    where = text(f"state = '{state}'")
    return Index(
        f"uq_board_{state}", "division_id", "scope", "audience", unique=True, sqlite_where=where, postgresql_where=where
    )


class Board(Model):
    """A live board: one numbering of one division, in a round or in the whole contest, which the clock keeps up to date.

    round_id: None for the whole contest; scope: the same as a number, 0 for None: NULLs would not be unique · chain:
    without the prediction · rules: digest of what it ranks by; another one now means that it has to be built anew ·
    people: how many stand on it · attempts: their valid attempts · checked_at: up to when it knows all attempts ·
    changed_at: when somebody last moved · until: it takes in what ended before this moment, the freeze; None: everything ·
    is_settled: it takes in nothing any more, because all that ended before `until` is in · participation: [[unit_id,
    people], …] as of tallied_at
    """

    __tablename__ = "board"
    __table_args__ = (
        _one_board("live"),
        _one_board("building"),
        CheckConstraint("audience IN ('public', 'staff')", name="audience_known"),
        CheckConstraint("state IN ('building', 'live', 'retired')", name="state_known"),
        CheckConstraint("people >= 0", name="people_not_negative"),
        CheckConstraint("scope = coalesce(round_id, 0)", name="scope_of_round"),
        Index("ix_board_round_id", "round_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    scope: Mapped[int]
    audience: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8), default=BoardState.BUILDING)
    chain: Mapped[list[str]] = mapped_column(JSON)
    rules: Mapped[str] = mapped_column(String(64))
    people: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Moment)
    checked_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    is_settled: Mapped[bool] = mapped_column(default=False)
    participation: Mapped[list[Any]] = mapped_column(JSON, default=list)
    tallied_at: Mapped[datetime | None] = mapped_column(Moment)

    round_: Mapped[Round | None] = relationship()
    division: Mapped[Division] = relationship()


class BoardEntry(Model):
    """Somebody on a board; the rows of a board lie in the order of their keys.

    key: the values that the chain compared, and eight bytes that put equals in an order and say nothing about the entry ·
    attempts: valid ones. Rows point to entries and attempts without foreign keys: those are never deleted (triggers keep
    to that), and looking for each of a million would cost more than writing them.

    Where an entry stands, and who of a unit does, are tables of their own and no indexes: so a board of a million can be
    written from scratch in the order of each, which is five times as fast as adding to indexes here and there.
    """

    __tablename__ = "board_entry"
    __table_args__ = ({"sqlite_with_rowid": False},)

    board_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    entry_id: Mapped[int]
    attempt_id: Mapped[int]
    org_unit_id: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(SmallInteger)


class BoardPlace(Model):
    """Where on a board an entry stands: the key of its row."""

    __tablename__ = "board_place"
    __table_args__ = ({"sqlite_with_rowid": False},)

    board_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class BoardUnitPlace(Model):
    """The keys of a unit's people, in their order."""

    __tablename__ = "board_unit_place"
    __table_args__ = ({"sqlite_with_rowid": False},)

    board_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    org_unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class BoardBucket(Model):
    """A fence post: so many people stand from this key up to the next post's. Places are counted over these, not over people.

    The first post of a board has the empty key.
    """

    __tablename__ = "board_bucket"
    __table_args__ = (
        CheckConstraint("people >= 0", name="people_not_negative"),
        {"sqlite_with_rowid": False},
    )

    board_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    people: Mapped[int]


class Lease(Model):
    """Who may do a piece of clockwork for the next moments; taken by one guarded UPDATE, so that nodes do not double it."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80), default="")
    until: Mapped[datetime] = mapped_column(Moment)
