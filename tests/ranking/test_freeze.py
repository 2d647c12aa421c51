"""What ends during the freeze must not be told by any page, number, search or order, until the results are published."""

import re
from datetime import timedelta
from difflib import unified_diff

import pytest

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Contest, Division, Round
from quiz.db import db, transaction
from quiz.marking import service as marking
from quiz.ranking import board_queries, boards, clockwork, freeze, service

RULES = {
    "attempt_limit": None, "freeze_hours": 2, "chain": ["score", "elapsed"],
    "overall": {"how": "sum", "chain": ["score", "elapsed"]},
}  # fmt: skip
# what is made anew for every answer, and moments of looking
FRESH = re.compile(r'(?<=name="csrf_token" value=")[^"]+|<time.*?</time>|<div class="countdown.*?</div>', re.MULTILINE)


@pytest.fixture
def contest(given, clock):
    """One round of ten hours; the public boards stand still after eight."""
    return given.contest(
        rules=RULES, divisions=("Cán bộ", "Nhân dân"), opens_at=clock.now, closes_at=clock.now + timedelta(hours=10)
    )


@pytest.fixture
def tick(app, clock):
    def run():
        with app.app_context():
            assert clockwork.tick("node", now=clock.now, thorough=True)
            db.session.remove()

    return run


@pytest.fixture
def slug(app, contest):
    with app.app_context():
        return db.session.get(Contest, contest).slug


@pytest.fixture
def unit(given):
    return given.org_unit("Sở Tư pháp", people=10)


@pytest.fixture
def early(given, contest, unit):
    """Three people who finished before the freeze, one with a unit: accounts and entries."""
    (round_id,) = given.round_ids(contest)
    found = []
    for n, of_unit in enumerate((None, unit, None)):
        account = given.account(name=f"Người Đến Sớm {n}", unit=of_unit)
        entry = given.entry(contest, account)
        attempt = given.attempt(entry, round_id, score=3, seconds=100 + n)
        found.append((account, entry, attempt))
    return found


def pages(slug, unit):
    base = f"/bang-xep-hang/{slug}"
    return [
        "/", f"/cuoc-thi/{slug}", f"{base}/ky-1/bang-1", f"{base}/ky-1/bang-2", f"{base}/chung/bang-1",
        f"{base}/ky-1/don-vi", f"{base}/ky-1/bang-1?ten=nguoi", f"{base}/ky-1/bang-1?ten=muon",
        f"{base}/chung/bang-1?ten=Người đến", f"{base}/ky-1/bang-1?don-vi={unit}", f"{base}/ky-1/bang-1?hang=2",
        f"{base}/ky-1/bang-1?hang=9999", f"/to-chuc/{slug}/bang-xep-hang/ky-1/bang-1.csv",
        f"/to-chuc/{slug}/bang-xep-hang/chung/bang-1.xlsx", "/to-chuc/don-vi-tham-gia",
    ]  # fmt: skip


def seen(person, slug, unit):
    found = {}
    for path in pages(slug, unit):
        reply = person.get(path)
        headers = "\n".join(f"{k}: {v}" for k, v in reply.headers if k not in ("Content-Length", "Set-Cookie"))
        found[path] = (reply.status_code, FRESH.sub("", headers), FRESH.sub("", reply.text))
    return found


def test_nothing_that_ends_in_the_freeze_can_be_seen(app, given, visit, clock, contest, slug, unit, early, tick):
    (round_id,) = given.round_ids(contest)
    tick()
    clock.advance(hours=8, minutes=5)
    tick()
    contact = given.account(Role.UNIT_CONTACT, unit=unit)
    organizer = visit(given.account(Role.ORGANIZER))
    watchers = [visit(), visit(early[0][0]), visit(contact)]
    for person in watchers:
        seen(person, slug, unit)  # the next page tells once that one has to sign in
    before = [seen(person, slug, unit) for person in watchers]
    assert all("Người Đến Sớm 0" in found[f"/bang-xep-hang/{slug}/ky-1/bang-1"][2] for found in before)
    # a newcomer, one of a unit, one who does better than before, one who is annulled
    judge = given.account(Role.JUDGE)
    late = given.entry(contest, given.account(name="Người Đến Muộn", unit=unit))
    given.attempt(late, round_id, score=4, seconds=10)
    given.attempt(given.entry(contest, given.account(name="Người Muộn Bảng Hai"), division=1), round_id, score=4)
    given.attempt(early[2][1], round_id, number=2, score=4, seconds=9)
    with app.app_context(), transaction():
        attempt, actor = db.session.get(Attempt, early[1][2]), db.session.get(Account, judge)
        marking.annul(attempt, actor, why="thi hộ", now=clock.now)
    for minutes in (0, 5, 60, 60):  # also after the close, while the results are not out
        clock.advance(minutes=minutes)
        tick()
        if minutes < 60:
            for person, known in zip(watchers, before, strict=True):
                for path, answer in seen(person, slug, unit).items():
                    assert answer[:2] == known[path][:2], path
                    changes = unified_diff(known[path][2].splitlines(), answer[2].splitlines(), n=0)
                    assert "\n".join(changes) == "", path
    after = seen(watchers[0], slug, unit)
    for path in pages(slug, unit)[2:]:
        assert "Muộn" not in after[path][2]
        assert re.findall(r"<tbody>.*</tbody>", after[path][2], re.DOTALL) == re.findall(
            r"<tbody>.*</tbody>", before[0][path][2], re.DOTALL
        )
    staff = organizer.get(f"/bang-xep-hang/{slug}/ky-1/bang-1").text
    assert "Bảng công khai đang đứng yên" in staff
    assert staff.index("Người Đến Sớm 2") < staff.index("Người Đến Muộn") < staff.index("Người Đến Sớm 0")
    assert "Người Đến Sớm 1" not in staff
    assert "Người Đến Muộn" in organizer.get(f"/to-chuc/{slug}/bang-xep-hang/ky-1/bang-1.csv").text


def test_the_own_place_is_the_frozen_one_and_says_so(given, visit, clock, contest, slug, early, tick):
    (round_id,) = given.round_ids(contest)
    tick()
    clock.advance(hours=9)
    account, entry, _attempt = early[2]
    given.attempt(entry, round_id, number=2, score=4, seconds=5)
    newcomer = given.account(name="Người Đến Muộn")
    given.attempt(given.entry(contest, newcomer), round_id, score=4, seconds=5)
    tick()
    path = f"/bang-xep-hang/{slug}/ky-1/bang-1"
    own = visit(account).get(path).text
    assert '<b class="fs-4 num">3</b>' in own
    assert "hạng của bạn lúc bảng đứng yên" in own
    assert "Bạn chưa có hạng trên bảng đứng yên này" in visit(newcomer).get(path).text


@pytest.mark.parametrize(("seconds", "counts"), [(-1, True), (0, False), (1, False)])
def test_what_ended_just_before_the_freeze_counts_however_late_its_news(
    app, given, clock, contest, tick, seconds, counts
):
    (round_id,), division = given.round_ids(contest), given.division_ids(contest)[0]
    tick()
    start = clock.now + timedelta(hours=8, seconds=seconds - 60)
    clock.advance(hours=8, minutes=1)
    given.attempt(given.entry(contest), round_id, started_at=start, seconds=60)
    tick()
    clock.advance(minutes=5)
    tick()
    with app.app_context():
        for scope in (round_id, None):
            assert board_queries.live_board(scope, division).people == counts
            assert board_queries.live_board(scope, division).is_settled
            assert board_queries.live_board(scope, division, staff=True).people == 1


def test_a_frozen_board_that_is_built_again_is_the_same(app, given, clock, contest, early, tick):
    (round_id,), division = given.round_ids(contest), given.division_ids(contest)[0]
    tick()
    clock.advance(hours=9)
    given.attempt(given.entry(contest), round_id, score=4)
    tick()
    assert app.test_cli_runner().invoke(args=["ranking", "rebuild"]).exit_code == 0
    with app.app_context():
        assert board_queries.live_board(round_id, division).people == 3
        assert board_queries.live_board(round_id, division, staff=True).people == 4


def test_the_whole_contest_stands_still_with_its_round_and_goes_on_when_the_results_are_out(app, given, clock, tick):
    contest = given.contest(rules=RULES, rounds=2, opens_at=clock.now, closes_at=clock.now + timedelta(hours=10))
    (first, second), (division_id,) = given.round_ids(contest), given.division_ids(contest)
    actor_id = given.account(Role.ORGANIZER)
    entry = given.entry(contest)

    def people():
        tick()
        with app.app_context():
            return board_queries.live_board(None, division_id).people

    assert people() == 0
    clock.advance(hours=9)
    given.attempt(entry, first)
    assert people() == 0
    clock.advance(hours=2)  # the second round is open, the first is not published
    given.attempt(given.entry(contest), second)
    assert people() == 0
    with app.app_context(), transaction():
        actor, round_ = db.session.get(Account, actor_id), db.session.get(Round, first)
        sheet = service.make_sheet(round_, db.session.get(Division, division_id), actor, now=clock.now)
        service.publish(sheet, actor, now=clock.now)
    assert people() == 2
    clock.advance(hours=8)  # now the second stands still
    given.attempt(given.entry(contest), second)
    assert people() == 2


@pytest.mark.parametrize("rounds", [1, 2])
def test_the_whole_contest_goes_on_when_the_results_of_its_only_open_round_are_out(app, given, clock, tick, rounds):
    """Also long after the close, when no board of a round is kept fresh any more: the next round opens days later."""
    contest = given.contest(rules=RULES, rounds=rounds, opens_at=clock.now, closes_at=clock.now + timedelta(days=10))
    (first, *_), (division_id,) = given.round_ids(contest), given.division_ids(contest)
    if rounds == 2:
        with app.app_context(), transaction():
            later = db.session.get(Contest, contest).rounds[1]
            later.opens_at, later.closes_at = clock.now + timedelta(days=20), clock.now + timedelta(days=30)
    actor_id = given.account(Role.ORGANIZER)
    tick()
    clock.advance(days=10, hours=-1)
    given.attempt(given.entry(contest), first)
    tick()
    clock.advance(days=1)
    with app.app_context(), transaction():
        actor, round_ = db.session.get(Account, actor_id), db.session.get(Round, first)
        sheet = service.make_sheet(round_, db.session.get(Division, division_id), actor, now=clock.now)
        service.publish(sheet, actor, now=clock.now)
    with app.app_context():
        assert clockwork.tick("node", now=clock.now)
        db.session.remove()
        assert board_queries.live_board(None, division_id).people == 1


def test_the_board_of_a_round_goes_on_when_its_results_are_out_with_those_of_the_whole(app, given, clock, tick):
    """Nobody has to rank the rounds one by one; days later their boards would still lack the last hours."""
    contest = given.contest(rules=RULES, rounds=2, opens_at=clock.now, closes_at=clock.now + timedelta(hours=10))
    (first, _second), (division_id,) = given.round_ids(contest), given.division_ids(contest)
    actor_id = given.account(Role.ORGANIZER)
    clock.advance(hours=9)
    given.attempt(given.entry(contest), first)
    tick()
    clock.advance(days=30)
    with app.app_context(), transaction():
        actor, division = db.session.get(Account, actor_id), db.session.get(Division, division_id)
        sheet = service.make_sheet(None, division, actor, now=clock.now)
        assert board_queries.live_board(first, division_id).people == 0
        service.publish(sheet, actor, now=clock.now)
    with app.app_context():
        assert clockwork.tick("node", now=clock.now)
        db.session.remove()
        assert board_queries.live_board(first, division_id).people == 1
        assert boards.standing_still(clock.now) == []


def test_with_the_results_the_units_are_told_of_the_last_hours_too(
    app, given, visit, clock, contest, slug, unit, early, tick
):
    (round_id,), divisions = given.round_ids(contest), given.division_ids(contest)
    actor_id = given.account(Role.ORGANIZER)
    tick()
    clock.advance(hours=9)
    given.attempt(given.entry(contest, given.account(unit=unit)), round_id)
    tick()
    path = f"/bang-xep-hang/{slug}/ky-1/don-vi"
    assert "1 / 10" in visit().get(path).text
    clock.advance(hours=2)
    with app.app_context(), transaction():
        actor, round_ = db.session.get(Account, actor_id), db.session.get(Round, round_id)
        for division_id in divisions:
            sheet = service.make_sheet(round_, db.session.get(Division, division_id), actor, now=clock.now)
            service.publish(sheet, actor, now=clock.now)
    tick()
    page = visit().get(path).text
    assert "2 / 10" in page
    assert "đứng yên" not in page


def test_a_round_closed_early_stands_still_from_its_close_at_the_latest(app, given, clock, contest, early, tick):
    (round_id,), division = given.round_ids(contest), given.division_ids(contest)[0]
    tick()
    clock.advance(hours=3)
    with app.app_context(), transaction():
        round_ = db.session.get(Round, round_id)
        round_.planned_closes_at, round_.closes_at = round_.closes_at, clock.now
    given.attempt(given.entry(contest), round_id)  # was at work when it closed
    tick()
    with app.app_context():
        assert freeze.frozen_from(db.session.get(Round, round_id)) == clock.now
        assert board_queries.live_board(round_id, division).people == 3


def test_rules_without_a_freeze_keep_one_board(app, given, clock, tick):
    contest = given.contest()
    tick()
    with app.app_context():
        plans = boards.plans(db.session.get(Contest, contest), db.session.get(Contest, contest).rounds)
        assert [p.audience for p in plans] == ["public"]
        assert plans[0].until is None


def test_without_the_freeze_the_staff_read_the_board_of_all_again(app, given, clock, contest, early, tick):
    """Organizers may take the freeze back while the round is open."""
    (round_id,), (division_id, _other) = given.round_ids(contest), given.division_ids(contest)
    tick()
    with app.app_context(), transaction():
        assert board_queries.live_board(round_id, division_id, staff=True).audience == "staff"
        row = db.session.get(Contest, contest)
        row.rules = row.rules | {"freeze_hours": 0}
    clock.advance(minutes=5)
    tick()
    with app.app_context():
        board = board_queries.live_board(round_id, division_id, staff=True)
        assert (board.audience, board.checked_at, board.people) == ("public", clock.now, 3)
