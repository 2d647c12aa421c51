"""From the published sheets of earlier rounds into a final."""

from datetime import timedelta

import pytest

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests.models import Qualification, Round
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.ranking import admissions, service
from quiz.ranking.refusals import RankingRefusal


@pytest.fixture
def final(given):
    """Two rounds of two divisions; the second admits the first two of each. Gives the ids of people by division."""
    contest = given.contest(
        rounds=2, divisions=("Bảng A", "Bảng B"), rules={"chain": ["score", "elapsed"]},
        round_rules=[{}, {"admission": {"rounds": ["ky-1"], "quota": 2}}],
    )  # fmt: skip
    (first, _second), people = given.round_ids(contest), {}
    for division, times in ((0, (10, 20, 20, 30)), (1, (10,))):
        people[division] = [given.entry(contest, division=division) for _ in times]
        for entry, seconds in zip(people[division], times, strict=True):
            given.attempt(entry, first, seconds=seconds)
    return contest, people


@pytest.fixture
def publish(app, given, clock):
    def press(contest, division):
        with app.app_context(), transaction():
            actor = db.session.get(Account, given.account(Role.ORGANIZER))
            round_ = db.session.get(Round, given.round_ids(contest)[0])
            now = clock.now + timedelta(minutes=62)
            sheet = service.make_sheet(round_, round_.contest.divisions[division], actor, now=now)
            service.publish(sheet, actor, now=now + timedelta(minutes=1))

    return press


def admitted(app, contest, given):
    with app.app_context():
        final = given.round_ids(contest)[1]
        return set(db.session.scalars(db.select(Qualification.entry_id).filter_by(round_id=final)))


@pytest.fixture
def admit(app, given, clock):
    def press(contest):
        with app.app_context(), transaction():
            actor = db.session.get(Account, given.account(Role.ORGANIZER))
            return admissions.admit(db.session.get(Round, given.round_ids(contest)[1]), actor, now=clock.now)

    return press


def test_the_first_of_each_division_and_whoever_shares_the_last_place(app, given, final, publish, admit):
    contest, people = final
    with pytest.raises(Refusal) as nobody:
        admit(contest)
    assert nobody.value.reason is RankingRefusal.NOBODY_QUALIFIED
    publish(contest, 0)
    assert admit(contest) == 3
    assert admitted(app, contest, given) == set(people[0][:3])
    assert admit(contest) == 0
    publish(contest, 1)
    assert admit(contest) == 1
    assert admitted(app, contest, given) == {*people[0][:3], *people[1]}


def test_the_page_lists_them_and_lets_them_in(app, given, clock, visit, final, publish):
    contest, people = final
    publish(contest, 0)
    address = f"/to-chuc/dot/{given.round_ids(contest)[1]}/vao-vong"
    organizer = visit(given.account(Role.ORGANIZER))
    page = organizer.get(address).text
    assert "Người được vào vòng (3)" in page
    assert "Chưa công bố" in page
    assert organizer.post(f"{address}/ghi", page=address).status_code == 302
    assert "Ghi 3 người" not in organizer.get(address).text
    assert admitted(app, contest, given) == set(people[0][:3])
    assert visit(given.account(Role.JUDGE)).get(address).status_code == 403
    assert organizer.get(f"/to-chuc/dot/{given.round_ids(contest)[0]}/vao-vong").status_code == 404
