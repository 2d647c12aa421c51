"""A published result sheet to award prizes by, made straight from the models."""

from datetime import date

import pytest

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests.models import Division, Round
from quiz.db import db, transaction
from quiz.ranking import queries, sheet_pages
from quiz.ranking.models import Ranking
from quiz.ranking.results import Numbered, scope_of
from quiz.recognition import service
from quiz.rules import tie_break

PRIZES = [
    {"code": "nhat", "name": "Giải Nhất", "quota": 1, "amount": 2_000_000},
    {"code": "nhi", "name": "Giải Nhì", "quota": 2, "amount": 1_000_000},
]
PAPER = {
    "number": "45/QĐ-BTC",
    "place_name": "Tây Ninh",
    "signer_name": "Lê Văn Hòa",
    "signer_title": "Trưởng Ban Tổ chức",
}


@pytest.fixture
def contest(given):
    return given.contest(prizes=PRIZES, divisions=("Bảng Cán bộ", "Bảng Nhân dân"), rounds=2)


@pytest.fixture
def organizer(given):
    return given.account(Role.ORGANIZER, name="Phạm Thị Tổ Chức")


@pytest.fixture
def sheet(app, given, clock, contest):
    """`sheet([1, 2, 2], names=…)`: a published sheet whose standings have these places. Gives its id.

    division, round_: indices within the contest
    """

    def make(places, *, names=(), division=0, round_=0, number=1, published=True, entries=()):
        round_id, division_id = given.round_ids(contest)[round_], given.division_ids(contest)[division]
        ids = list(entries)
        for i in range(len(ids), len(places)):
            person = given.account(name=names[i] if i < len(names) else f"Người Hạng {places[i]}")
            ids.append(given.entry(contest, person, division))
        attempts = [given.attempt(e, round_id, number=number, score=4) for e in ids]
        with app.app_context(), transaction():
            scope = scope_of(db.session.get_one(Round, round_id), db.session.get_one(Division, division_id))
            ranking = Ranking(
                round_id=round_id, division_id=division_id, number=number,
                made_at=clock(), basis=queries.sheet_basis(scope, None, {}), chain=["score"], people=len(places),
                attempts=len(places), digest="d" * 64, published_at=clock() if published else None,
            )  # fmt: skip
            db.session.add(ranking)
            db.session.flush()
            keys = [tie_break.pack({"score": [4]}, ["score"])[0]] * len(places)
            positions = sorted(zip(ids, range(1, len(ids) + 1), strict=True))
            shared = [places.count(place) > 1 for place in places]
            sheet_pages.write(ranking.id, Numbered(places, shared, ids, attempts, keys, positions))
            return ranking.id

    return make


@pytest.fixture
def after_close(contest, clock):
    """Three days after the contest, whose rounds close an hour and two after noon."""
    clock.advance(days=3)


@pytest.fixture
def award(app, clock, organizer):
    """`award(ranking_id)`: enter a decision through the service, in a transaction of its own; gives the decision's id."""

    def give(ranking_id, *, confirmed=False, signed_on=None, **paper):
        with app.app_context(), transaction():
            data = service.DecisionData(
                signed_on=signed_on or clock().date(), confirmed=confirmed,
                organization="Sở Tư pháp tỉnh Tây Ninh", **(PAPER | paper),
            )  # fmt: skip
            actor = db.session.get_one(Account, organizer)
            return service.award(db.session.get_one(Ranking, ranking_id), data, actor, now=clock()).id

    return give


def day_fields(day: date) -> dict[str, str]:
    return {"signed_on-d": str(day.day), "signed_on-m": str(day.month), "signed_on-y": str(day.year)}
