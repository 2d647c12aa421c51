"""Live boards: however attempts end, are annulled and restored, and in whatever batches the news are taken, a board is what
a ranking from scratch would be; and the clock that keeps it so."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from quiz.accounts.models import Account
from quiz.attempts.models import Attempt, AttemptNews
from quiz.contests.models import Contest, Division, Round
from quiz.db import db, transaction
from quiz.marking import service as marking
from quiz.ranking import board_queries, boards, clockwork, queries, results, service
from quiz.ranking.models import Board, BoardBucket, BoardEntry, BoardPlace, BoardUnitPlace
from quiz.rules.tie_break import key_size, places


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(boards, "LONGEST_PAUSE_S", 0)


@pytest.fixture
def contest(given):
    return given.contest()


@pytest.fixture
def ids(given, contest):
    return given.round_ids(contest)[0], given.division_ids(contest)[0]


@pytest.fixture
def keep_up(app, given):
    """Bring the boards of a contest up to date."""

    def run(contest_id, now):
        with app.app_context():
            clockwork.keep_up(contest_id, given.round_ids(contest_id), now=now)
            boards.tally(now=now, every=timedelta(0))

    return run


@pytest.fixture
def change(app, clock, given):
    """Annul or restore an attempt."""
    judge = given.account()

    def do(deed, attempt_id, now=None):
        with app.app_context(), transaction():
            attempt, actor = db.session.get(Attempt, attempt_id), db.session.get(Account, judge)
            deed(attempt, actor, why="thi hộ người khác", now=now or clock.now)

    return do


def shown(app, round_id, division_id, **who):
    """[(place, tied, entry), …] of a board, from the top, page by page of three."""
    with app.app_context():
        board = board_queries.live_board(round_id, division_id, **who)
        rows, behind = [], None
        while True:
            page = board_queries.page(board, size=3, behind=behind)
            rows += [(r.place, r.tied, r.entry_id) for r in page.rows]
            if page.after is None:
                return rows
            behind = board_queries.key_of(page.after, board)


def entries(app, *ids, **who):
    return [entry for _place, _tied, entry in shown(app, *ids, **who)]


def check(app, round_id, division_id, audience="public"):
    """The board against a numbering from scratch, and the fence posts against the rows."""
    with app.app_context():
        board = db.session.scalars(
            db.select(Board).filter_by(division_id=division_id, scope=round_id or 0, state="live", audience=audience)
        ).one()
        round_, division = round_id and db.session.get(Round, round_id), db.session.get(Division, division_id)
        scope = results.scope_of(round_ or None, division)
        annulled = boards._annulled(board.until) if board.until else None
        table = results.gather(scope, board.chain, None, annulled=annulled, before=board.until)
        expected = [results.Place(*row) for row in results.numbered(table, board.chain)]
        rows = db.session.scalars(db.select(BoardEntry).filter_by(board_id=board.id).order_by(BoardEntry.key)).all()
        size = key_size(board.chain)
        found = list(zip(*places([r.key[:size] for r in rows]), strict=True))
        assert {
            r.entry_id: (r.key[:size], place, tied, r.attempt_id) for r, (place, tied) in zip(rows, found, strict=True)
        } == {p.entry_id: (p.key, p.place, p.tied, p.attempt_id) for p in expected}
        posts = db.session.execute(
            db.select(BoardBucket.first_key, BoardBucket.people)
            .filter_by(board_id=board.id)
            .order_by(BoardBucket.first_key)
        ).all()
        assert posts[0].first_key == b""
        firsts = [p.first_key for p in posts]
        counted = Counter(max(f for f in firsts if f <= r.key) for r in rows)
        assert [(f, counted[f]) for f in firsts] == [tuple(p) for p in posts]
        assert all(people <= boards.MOST_IN_BUCKET for people in counted.values())
        assert (board.people, board.attempts) == (len(rows), table.attempts)
        keys = [r.key for r in rows]
        assert board_queries.count_above(board.id, [k[:size] for k in keys]) == [place - 1 for place, _ in found]
        assert [board_queries.key_at(board.id, n + 1) for n in range(len(keys))] == keys
        assert board_queries.key_at(board.id, len(keys) + 1) is None
        assert Counter(r.org_unit_id for r in rows if r.org_unit_id) == dict(board.participation)
        kept = db.session.execute(db.select(BoardPlace.entry_id, BoardPlace.key).filter_by(board_id=board.id)).all()
        assert {tuple(row) for row in kept} == {(r.entry_id, r.key) for r in rows}
        of_units = db.select(BoardUnitPlace.org_unit_id, BoardUnitPlace.key).filter_by(board_id=board.id)
        assert {tuple(row) for row in db.session.execute(of_units)} == {
            (r.org_unit_id, r.key) for r in rows if r.org_unit_id
        }
    pages = shown(app, round_id, division_id, staff=audience == "staff")
    assert [(e, place, tied) for place, tied, e in pages] == [
        (r.entry_id, place, tied) for r, (place, tied) in zip(rows, found, strict=True)
    ]


RULES = {
    "best": {"attempt_limit": None, "chain": ["score", "elapsed"]},
    "last, fewest attempts": {"attempt_limit": None, "counted": "last", "chain": ["score", "attempts", "registered"]},
    "the whole contest": {
        "attempt_limit": None, "chain": ["score", "total_elapsed"], "freeze_hours": 1,
        "overall": {"how": "sum", "chain": ["score", "perfect_attempts", "elapsed"]},
    },
}  # fmt: skip


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_board_is_what_a_ranking_from_scratch_would_be(app, given, clock, keep_up, change, monkeypatch, rules, seed):
    monkeypatch.setattr(boards, "PER_BUCKET", 3)
    monkeypatch.setattr(boards, "MOST_IN_BUCKET", 5)
    dice = Random(seed)
    contest = given.contest(
        rules=rules, rounds=2, divisions=("A", "B"), opens_at=clock.now, closes_at=clock.now + timedelta(hours=3)
    )
    rounds, divisions = given.round_ids(contest), given.division_ids(contest)
    units = [None, given.org_unit(), given.org_unit("Văn phòng")]
    people = [
        given.entry(contest, given.account(unit=dice.choice(units)), division=dice.random() < 0.3) for _ in range(14)
    ]
    numbers, attempts, out = Counter(), [], set()
    for _step in range(12):
        monkeypatch.setattr(boards, "BATCH", dice.randint(1, 6))
        for _ in range(dice.randint(0, 5)):
            entry, round_id = dice.choice(people), dice.choice(rounds)
            numbers[entry, round_id] += 1
            attempts.append(
                given.attempt(
                    entry, round_id, number=numbers[entry, round_id], score=dice.randint(2, 4),
                    seconds=dice.choice([60, 90]),
                )
            )  # fmt: skip
        for _ in range(dice.randint(0, 3) if attempts else 0):
            attempt = dice.choice(attempts)
            change(marking.restore if attempt in out else marking.annul, attempt)
            out ^= {attempt}
        if dice.random() < 0.7:
            keep_up(contest, clock.now)
        clock.advance(minutes=25)
    keep_up(contest, clock.now)
    keep_up(contest, clock.now)
    scopes = [*rounds, *([None] if "overall" in rules else [])]
    for division in divisions:
        for scope in scopes:
            check(app, scope, division)
            if "freeze_hours" in rules:
                check(app, scope, division, "staff")
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(AttemptNews)) == 0


def test_news_are_taken_once_and_move_their_people(app, given, clock, contest, ids, keep_up, change):
    one, two = given.entry(contest), given.entry(contest)
    given.attempt(one, ids[0], seconds=60)
    keep_up(contest, clock.now)
    later = clock.now + timedelta(seconds=5)
    keep_up(contest, later)
    with app.app_context():
        board = board_queries.live_board(*ids)
        assert (board.made_at, board.changed_at, board.checked_at, board.people) == (clock.now, clock.now, later, 1)
    faster = given.attempt(two, ids[0], seconds=30)
    keep_up(contest, later)
    assert entries(app, *ids) == [two, one]
    change(marking.annul, faster)
    keep_up(contest, later)
    assert entries(app, *ids) == [one]
    change(marking.restore, faster)
    keep_up(contest, later)
    assert entries(app, *ids) == [two, one]
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Board)) == 1  # never built anew


def test_a_started_attempt_is_no_news(app, given, clock, contest, ids, keep_up):
    given.open_attempt(given.entry(contest), ids[0])
    keep_up(contest, clock.now)
    assert entries(app, *ids) == []


def test_while_a_board_is_being_built_the_news_wait(app, given, clock, contest, ids, keep_up):
    keep_up(contest, clock.now)
    given.attempt(given.entry(contest), ids[0])
    with app.app_context():
        plan = boards.plans(db.session.get(Contest, contest), [db.session.get(Round, ids[0])])[0]
    half = given.save(
        Board(
            division_id=ids[1], round_id=ids[0], scope=ids[0], audience="public", chain=["score"], rules=plan.rules,
            made_at=clock.now, checked_at=clock.now, changed_at=clock.now,
        )
    )  # fmt: skip
    keep_up(contest, clock.now)
    assert entries(app, *ids) == []
    with app.app_context():
        assert boards.rounds_with_news() == [ids[0]]
        assert not boards.build(plan, now=clock.now)  # one builder at a time
        boards.clear_away(now=clock.now + timedelta(minutes=4))
        assert db.session.get(Board, half).state == "building"
        boards.clear_away(now=clock.now + timedelta(minutes=6))  # it has lost its builder
    keep_up(contest, clock.now)
    assert len(entries(app, *ids)) == 1


def test_a_board_built_again_takes_the_place_of_the_old_one(app, given, clock, contest, ids, keep_up, monkeypatch):
    monkeypatch.setattr(boards, "CHUNK", 2)
    for n in range(5):
        given.attempt(given.entry(contest), ids[0], seconds=n + 1)
    keep_up(contest, clock.now)
    before = shown(app, *ids)
    result = app.test_cli_runner().invoke(args=["ranking", "rebuild"])
    assert result.exit_code == 0, result.output
    assert "ky-1 bang-1 public" in result.output
    assert shown(app, *ids) == before
    with app.app_context():
        states = db.select(Board.state).order_by(Board.id)
        assert db.session.scalars(states).all() == ["retired", "live"]
        boards.clear_away(now=clock.now)
        assert len(db.session.scalars(states).all()) == 2  # somebody may be reading it
        boards.clear_away(now=clock.now + timedelta(minutes=2))
        assert db.session.scalars(states).all() == ["live"]
        for table in (BoardEntry, BoardPlace):
            assert db.session.scalar(db.select(db.func.count()).select_from(table)) == 5
    check(app, *ids)


def test_other_rules_make_another_board(app, given, clock, contest, ids, keep_up):
    slow, quick = given.entry(contest), given.entry(contest)
    given.attempt(slow, ids[0], seconds=90)
    given.attempt(quick, ids[0], seconds=30)
    keep_up(contest, clock.now)
    assert entries(app, *ids) == [quick, slow]
    with app.app_context(), transaction():
        contest_ = db.session.get(Contest, contest)
        contest_.rules = contest_.rules | {"chain": ["score", "elapsed:more"]}
    keep_up(contest, clock.now)
    assert entries(app, *ids) == [slow, quick]


def test_equals_stand_in_an_order_that_tells_nothing_of_their_registration(app, given, clock, keep_up):
    contest = given.contest(rules={"chain": ["score"]})
    (round_id,), (division_id,) = given.round_ids(contest), given.division_ids(contest)
    people = [given.entry(contest) for _ in range(12)]
    for entry in people:
        given.attempt(entry, round_id)
    keep_up(contest, clock.now)
    rows = shown(app, round_id, division_id)
    assert {(place, tied) for place, tied, _entry in rows} == {(1, True)}
    assert [entry for *_, entry in rows] != people


def test_participation_is_tallied_when_there_is_something_new(app, given, clock):
    contest = given.contest(divisions=("Cán bộ", "Nhân dân"), rules={"attempt_limit": 2})
    (round_id,), divisions = given.round_ids(contest), given.division_ids(contest)
    unit, other = given.org_unit(), given.org_unit("Văn phòng")
    twice = given.entry(contest, given.account(unit=unit))
    given.attempt(twice, round_id)
    given.attempt(twice, round_id, number=2)
    given.attempt(given.entry(contest), round_id)  # a citizen
    given.open_attempt(given.entry(contest, given.account(unit=other)), round_id)  # still at work
    tick(app, clock.now)
    given.attempt(given.entry(contest, given.account(unit=unit)), round_id)

    def participation():
        with app.app_context():
            return board_queries.live_board(round_id, divisions[0]).participation

    assert participation() == [[unit, 1]]
    tick(app, clock.now + timedelta(seconds=5))
    assert participation() == [[unit, 1]]  # tallied a moment ago
    tick(app, clock.now + timedelta(seconds=31))
    assert participation() == [[unit, 2]]


def test_without_prediction_the_board_and_the_sheet_are_equal(app, given, clock, contest, ids, keep_up):
    round_id, division_id = ids
    for n in range(1, 30):
        entry = given.entry(contest)
        given.attempt(entry, round_id, score=n * 7 % 5, seconds=n * 13 % 11 + 1)
        if n % 3 == 0:
            given.attempt(entry, round_id, score=n % 5, seconds=n % 7 + 1, number=2)
    keep_up(contest, clock.now)
    judge = given.account()
    with app.app_context(), transaction():
        round_, division = db.session.get(Round, round_id), db.session.get(Division, division_id)
        actor = db.session.get(Account, judge)
        sheet = service.make_sheet(round_, division, actor, now=clock.now + timedelta(minutes=61))
        standings = queries.standings(sheet, 1, sheet.people)
        expected = {(s.place, s.tied, s.entry_id) for s in standings}
    assert set(shown(app, *ids)) == expected


# The clock


def tick(app, now, holder="node 1", **how):
    with app.app_context():
        try:
            return clockwork.tick(holder, now=now, **how)
        finally:
            db.session.remove()


def test_a_beat_ends_what_is_over_and_keeps_the_boards_of_open_rounds(app, given, clock, contest, ids):
    entry = given.entry(contest)
    attempt = given.open_attempt(entry, ids[0])
    assert tick(app, clock.now + timedelta(minutes=21))
    with app.app_context():
        assert db.session.get(Attempt, attempt).state == "expired"
    assert entries(app, *ids) == [entry]


def test_one_node_beats_at_a_time_and_another_takes_over(app, clock, contest):
    assert tick(app, clock.now, "node 1")
    assert not tick(app, clock.now + timedelta(seconds=5), "node 2")
    assert tick(app, clock.now + timedelta(seconds=10), "node 1")
    assert tick(app, clock.now + timedelta(seconds=10 + clockwork.LEASE_S + 1), "node 2")
    with app.app_context():
        clockwork.release_lease(clockwork.LEASE, "node 2", now=clock.now + timedelta(seconds=72))
    assert tick(app, clock.now + timedelta(seconds=73), "node 1")


@pytest.mark.parametrize(
    ("minutes", "thorough", "built"), [(119, False, True), (121, False, False), (121, True, True), (-1, True, False)]
)
def test_boards_live_until_an_hour_after_the_end(app, given, clock, contest, ids, minutes, thorough, built):
    """The round lasts an hour; the grace is ten seconds."""
    tick(app, clock.now + timedelta(minutes=minutes), thorough=thorough)
    with app.app_context():
        assert (board_queries.live_board(*ids) is not None) is built


def test_news_of_an_old_round_are_taken_whenever_they_come(app, given, clock, contest, ids, change):
    attempt = given.attempt(given.entry(contest), ids[0])
    tick(app, clock.now)
    change(marking.annul, attempt)
    tick(app, clock.now + timedelta(days=3))
    assert entries(app, *ids) == []


def test_published_rounds_need_no_board(app, given, clock, contest, ids):
    given.attempt(given.entry(contest), ids[0])
    judge, later = given.account(), clock.now + timedelta(hours=2)
    with app.app_context(), transaction():
        round_, division, actor = (
            db.session.get(m, i) for m, i in ((Round, ids[0]), (Division, ids[1]), (Account, judge))
        )
        service.publish(service.make_sheet(round_, division, actor, now=later), actor, now=later)
    tick(app, later, thorough=True)
    with app.app_context():
        assert board_queries.live_board(*ids) is None
        assert boards.rounds_with_news() == []


def test_a_board_that_cannot_be_kept_does_not_stop_the_others(app, given, clock, monkeypatch, caplog):
    first, second = given.contest(), given.contest()
    broken = given.round_ids(first)[0]
    real = boards.build

    def build_or_fail(plan, **how):
        if plan.round_id == broken:
            raise RuntimeError("no disk")
        return real(plan, **how)

    monkeypatch.setattr(boards, "build", build_or_fail)
    assert tick(app, clock.now)
    assert "were not kept up" in caplog.text
    assert entries(app, given.round_ids(second)[0], given.division_ids(second)[0]) == []
