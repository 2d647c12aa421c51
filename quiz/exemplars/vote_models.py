"""Tables of the council's votes. No row, and no order of rows, links a secret ballot to who cast it."""

from __future__ import annotations

import enum
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.accounts.models import Account
from quiz.db import Model, Moment
from quiz.exemplars.models import _one_of
from quiz.exemplars.nomination_models import Nomination, Quarter
from quiz.rules.votes import Base, Choice, Outcome, VoteRule


class VoteMode(enum.StrEnum):
    SECRET = "secret"
    OPEN = "open"


class CouncilVote(Model):
    """A vote of the council on nominations of a quarter.

    number: within the quarter, since one without a quorum is held again · closes_at: end of the ballot; closed_at: when
    it was counted, from which moment no ballot is taken or changed (triggers) · voted: how many took part · digest: of
    all boxes or open ballots as they were counted
    """

    __tablename__ = "council_vote"
    __table_args__ = (
        UniqueConstraint("quarter_id", "number"),
        Index(
            "uq_council_vote_open", "quarter_id", unique=True,
            sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL"),
        ),
        CheckConstraint(f"mode IN ({_one_of(VoteMode)})", name="mode_known"),
        CheckConstraint(f"base IN ({_one_of(Base)})", name="base_known"),
        CheckConstraint("0 < quorum_part AND quorum_part <= quorum_of", name="quorum_possible"),
        CheckConstraint(
            "0 < threshold_part AND (threshold_part < threshold_of OR (threshold_part = threshold_of AND NOT more_than))",
            name="threshold_possible",
        ),
        CheckConstraint("closes_at > opened_at", name="closes_after_opening"),
        CheckConstraint("(closed_at IS NULL) = (digest = '')", name="closed_with_digest"),
        CheckConstraint("(closed_at IS NULL) = (voted IS NULL)", name="closed_with_turnout"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter_id: Mapped[int] = mapped_column(ForeignKey("quarter.id"))
    number: Mapped[int]
    mode: Mapped[str] = mapped_column(String(6))
    base: Mapped[str] = mapped_column(String(7))
    quorum_part: Mapped[int]
    quorum_of: Mapped[int]
    threshold_part: Mapped[int]
    threshold_of: Mapped[int]
    more_than: Mapped[bool]
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closes_at: Mapped[datetime] = mapped_column(Moment, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    voted: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64), default="")

    quarter: Mapped[Quarter] = relationship()
    seats: Mapped[list[CouncilSeat]] = relationship(back_populates="vote", order_by="CouncilSeat.account_id")
    papers: Mapped[list[VotePaper]] = relationship(back_populates="vote", order_by="VotePaper.nomination_id")

    @property
    def rule(self) -> VoteRule:
        return VoteRule(
            quorum=Fraction(self.quorum_part, self.quorum_of),
            base=Base(self.base),
            threshold=Fraction(self.threshold_part, self.threshold_of),
            more_than=self.more_than,
        )

    @property
    def is_secret(self) -> bool:
        return self.mode == VoteMode.SECRET

    @property
    def member_ids(self) -> frozenset[int]:
        return frozenset(seat.account_id for seat in self.seats)


class CouncilSeat(Model):
    """A member of the council as it was when the vote opened."""

    __tablename__ = "council_seat"

    vote_id: Mapped[int] = mapped_column(ForeignKey("council_vote.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    full_name: Mapped[str] = mapped_column(String(200))
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    leads: Mapped[bool] = mapped_column(default=False)  # chairs the session and signs the minutes

    vote: Mapped[CouncilVote] = relationship(back_populates="seats")
    account: Mapped[Account] = relationship()


class VotePaper(Model):
    """A nomination put to a vote, and what came of it; the counts stay empty until the vote has been counted.

    may_vote: members without a conflict of interest in it
    """

    __tablename__ = "vote_paper"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({_one_of(Outcome)})", name="outcome_known"),
        CheckConstraint("agree + disagree + other <= may_vote", name="no_more_than_may_vote"),
    )

    vote_id: Mapped[int] = mapped_column(ForeignKey("council_vote.id"), primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), primary_key=True, index=True)
    may_vote: Mapped[int | None]
    agree: Mapped[int | None]
    disagree: Mapped[int | None]
    other: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(String(10))

    vote: Mapped[CouncilVote] = relationship(back_populates="papers")
    nomination: Mapped[Nomination] = relationship()


class ConflictCause(enum.StrEnum):
    UNIT = "unit"  # of the nominating unit, or of one below or above it
    AUTHOR = "author"  # wrote or confirmed the nomination
    NOMINEE = "nominee"  # is the nominated person, or one of the group; declared
    DECLARED = "declared"


class VoteConflict(Model):
    """A member who does not vote on a nomination.  reason: in the member's own words · declared_on: the day only"""

    __tablename__ = "vote_conflict"
    __table_args__ = (
        ForeignKeyConstraint(
            ["vote_id", "account_id"], ["council_seat.vote_id", "council_seat.account_id"], name="fk_vote_conflict_seat"
        ),
        ForeignKeyConstraint(
            ["vote_id", "nomination_id"], ["vote_paper.vote_id", "vote_paper.nomination_id"], name="fk_vote_conflict_paper"
        ),
        CheckConstraint(f"cause IN ({_one_of(ConflictCause)})", name="cause_known"),
    )  # fmt: skip

    vote_id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(300), default="")
    declared_on: Mapped[date | None]


class Turnout(Model):
    """A member has voted. Nothing else: no time, and nothing that a ballot also has."""

    __tablename__ = "vote_turnout"
    __table_args__ = (
        ForeignKeyConstraint(
            ["vote_id", "account_id"], ["council_seat.vote_id", "council_seat.account_id"], name="fk_vote_turnout_seat"
        ),
    )

    vote_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True)


class BallotBox(Model):
    """The secret ballots on one nomination: one row for all, so that no row is anybody's.

    ballots: [[mark, choice], …] in the order of the marks (rules.votes) · revision: guards against two writers at once
    """

    __tablename__ = "ballot_box"
    __table_args__ = (
        ForeignKeyConstraint(
            ["vote_id", "nomination_id"], ["vote_paper.vote_id", "vote_paper.nomination_id"], name="fk_ballot_box_paper"
        ),
    )

    vote_id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(primary_key=True)
    ballots: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    revision: Mapped[int] = mapped_column(default=0)


class OpenBallot(Model):
    """A ballot of an open vote, with its name."""

    __tablename__ = "open_ballot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["vote_id", "account_id"], ["council_seat.vote_id", "council_seat.account_id"], name="fk_open_ballot_seat"
        ),
        ForeignKeyConstraint(
            ["vote_id", "nomination_id"], ["vote_paper.vote_id", "vote_paper.nomination_id"], name="fk_open_ballot_paper"
        ),
        CheckConstraint(f"choice IN ({_one_of(Choice)})", name="choice_known"),
    )  # fmt: skip

    vote_id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True)
    choice: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(500), default="")
