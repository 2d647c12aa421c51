"""A department with units, an office and a council, and nominations at any step, made by the services themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from quiz.access import Role
from quiz.accounts.models import Account, OrgUnit
from quiz.db import db, transaction
from quiz.exemplars import nominations, publication, quarters, votes
from quiz.exemplars.nomination_models import Nomination, Quarter, UnitHead
from quiz.exemplars.vote_models import CouncilVote, VoteMode
from quiz.rules.quarters import YearQuarter
from quiz.rules.votes import Choice, VoteRule

Q4 = YearQuarter(2024, 4)  # units send before 5 December 2024; the tests' noon is on 20 November
AFTER_THE_TERM = datetime(2024, 12, 12, 2, tzinfo=UTC)

CONTENT: dict[str, Any] = {
    "kind": "person", "honorific": "Bà", "name": "Nguyễn Thị Hồng Mẫu", "position": "Công chức", "birth_year": None,
    "field": "justice", "movement_id": None, "summary": "Rút thời gian giải quyết hồ sơ còn một nửa.",
    "situation": "Công tác tại bộ phận một cửa.", "achievements": "Giải quyết 1.200 hồ sơ trước hạn.",
    "figures": [{"value": "1.200", "label": "hồ sơ trước hạn"}], "honours": "Chiến sĩ thi đua cơ sở năm 2023.",
    "grounds": "Cách làm dễ nhân rộng.", "consent": "Chính người được đề cử, bằng văn bản", "consented_on": date(2024, 11, 18),
}  # fmt: skip


@dataclass
class Department:
    """ids: of people by what they are · units: of the leaf units, of which each has a contact and a head"""

    given: Any
    clock: Any
    top: int = 0
    units: list[int] = field(default_factory=list)
    contacts: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    office: int = 0
    council: list[int] = field(default_factory=list)

    @classmethod
    def made(cls, given: Any, clock: Any, *, units: int = 3, council: int = 5) -> Department:
        d = cls(given, clock, top=given.org_unit("Sở Tư pháp Mẫu"))
        for n in range(1, units + 1):
            unit = given.org_unit(f"Phòng Giả định {n}", parent=d.top)
            d.units.append(unit)
            d.contacts.append(given.account(Role.UNIT_CONTACT, name=f"Đầu Mối {n}", unit=unit))
            d.heads.append(given.account(name=f"Trưởng Phòng {n}", unit=unit))
            given.save(UnitHead(org_unit_id=unit, account_id=d.heads[-1], named_at=clock.now))
        d.office = given.account(Role.ORGANIZER, name="Chuyên Viên Văn Phòng", unit=d.top)
        d.council = [given.account(Role.COUNCIL_MEMBER, name=f"Ủy Viên {n}", unit=d.top) for n in range(1, council + 1)]
        return d

    # inside an application context

    @staticmethod
    def person(account_id: int) -> Account:
        return db.session.get_one(Account, account_id)

    @staticmethod
    def nomination(nomination_id: int) -> Nomination:
        return db.session.get_one(Nomination, nomination_id, populate_existing=True)

    @staticmethod
    def quarter() -> Quarter:
        return db.session.scalars(db.select(Quarter).order_by(Quarter.id)).first()

    def open_quarter(self, of: YearQuarter = Q4) -> int:
        with transaction():
            return quarters.open_quarter(of, self.person(self.office), now=self.clock.now).id

    def drafted(self, unit: int = 0, name: str = "", **content: Any) -> int:
        """A draft of the unit with this place in `units`."""
        is_demo = content.pop("is_demo", False)
        values = CONTENT | ({"name": name} if name else {}) | content
        with transaction():
            return nominations.draft(
                self.quarter(), db.session.get_one(OrgUnit, self.units[unit]), values, self.person(self.contacts[unit]),
                now=self.clock.now, is_demo=is_demo,
            ).id  # fmt: skip

    def confirmed(self, unit: int = 0, name: str = "", **content: Any) -> int:
        """A nomination that lies at the office."""
        id_ = self.drafted(unit, name, **content)
        with transaction():
            nominations.send(self.nomination(id_), self.person(self.contacts[unit]), now=self.clock.now)
            nominations.confirm(self.nomination(id_), self.person(self.heads[unit]), now=self.clock.now)
        return id_

    def accepted(self, unit: int = 0, name: str = "", **content: Any) -> int:
        id_ = self.confirmed(unit, name, **content)
        with transaction():
            nominations.accept(self.nomination(id_), self.person(self.office), now=self.clock.now)
        return id_

    def commented(self, *names: str) -> list[int]:
        """One nomination of each unit in turn, whose public term is over; the clock stands after it."""
        ids = [self.accepted(n % len(self.units), name) for n, name in enumerate(names)]
        with transaction():
            until = nominations.open_comments(self.quarter(), self.person(self.office), now=self.clock.now)
        self.clock.now = until
        return ids

    def voting(
        self,
        *names: str,
        mode: VoteMode = VoteMode.SECRET,
        rule: VoteRule | None = None,
        members: list[int] | None = None,
    ) -> tuple[int, list[int]]:
        """(id of an open vote that lasts two days, ids of its nominations)"""
        if db.session.scalar(db.select(Quarter.id).limit(1)) is None:
            self.open_quarter()
        ids = self.commented(*names)
        return self.vote_again(mode, rule, members), ids

    def vote_again(
        self, mode: VoteMode = VoteMode.SECRET, rule: VoteRule | None = None, members: list[int] | None = None
    ) -> int:
        with transaction():
            return votes.open_vote(
                self.quarter(), members or self.council, self.council[0], mode, rule or VoteRule(),
                self.clock.now + timedelta(days=2), self.person(self.office), now=self.clock.now,
            ).id  # fmt: skip

    @staticmethod
    def vote(vote_id: int) -> CouncilVote:
        return db.session.get_one(CouncilVote, vote_id, populate_existing=True)

    def cast(self, vote_id: int, account_id: int, choices: dict[int, Choice], code: str = "", **more: Any) -> None:
        with transaction():
            votes.cast(self.vote(vote_id), self.person(account_id), choices, code=code, now=self.clock.now, **more)

    def close(self, vote_id: int) -> None:
        """Count the vote, after its end."""
        self.clock.now = max(self.clock.now, self.vote(vote_id).closes_at)
        with transaction():
            votes.close(self.vote(vote_id), self.person(self.office), now=self.clock.now)

    def published(self, decision: str = "Quyết định số 12/QĐ-STP") -> None:
        with transaction():
            publication.recommend(self.quarter(), "Công văn số 7", self.person(self.office), now=self.clock.now)
            ids = [n.id for n in db.session.scalars(db.select(Nomination).filter_by(state="recommended"))]
            publication.publish(self.quarter(), ids, decision, self.person(self.office), now=self.clock.now)


def code_of(n: int) -> str:
    """A ballot code that a test hands in."""
    from quiz.codes import ALPHABET

    return "".join(ALPHABET[(n // 32**place) % 32] for place in range(24))
