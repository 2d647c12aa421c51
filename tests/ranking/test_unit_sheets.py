"""Collective results: what units are counted by, sheets that stay, prizes by block, and when a sheet is out of date."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import count

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from quiz.accounts.models import Account, Headcount, OrgUnit
from quiz.contests.models import Contest, Division, Entry, Round
from quiz.contests.rule_set import contest_rules
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.marking.models import Annulment
from quiz.ranking import collective_words, queries, results, service, tallies, unit_sheet_queries, unit_sheets
from quiz.ranking.refusals import RankingRefusal
from quiz.ranking.tallies import Counted
from quiz.ranking.unit_models import UnitSheet, UnitStanding
from quiz.ranking.unit_refusals import UnitSheetRefusal
from quiz.ranking.unit_sheets import Competition, QualityPoints
from quiz.ranking.unit_working import digest, result_of, step_json, step_of
from quiz.rules.collective import Denominator, rank_units

TIERS = [{"code": "nhat", "name": "Giải Nhất", "quota": 1}, {"code": "nhi", "name": "Giải Nhì", "quota": 1}]
UNIT_TIERS = [
    {"code": "a", "name": "Giải Nhất tập thể", "quota": 1},
    {"code": "b", "name": "Giải Nhì tập thể", "quota": 1},
]
RATIO = {
    "code": "ty-le",
    "name": "Tập thể có tỷ lệ dự thi cao",
    "formula": "ratio",
    "tie_breaks": ["participants"],
    "prizes": UNIT_TIERS,
}
COMPOSITE = {
    "code": "tong-hop", "name": "Tập thể tiêu biểu", "formula": "composite", "prize_points": {"nhat": 10, "nhi": 8},
    "weights": {"ratio": 50, "quality": 30, "winners": 20},
}  # fmt: skip
MINUTES = 61


@pytest.fixture
def unit(given):
    """`unit("Sở Y tế", "Khối sở", 50)`: a unit with a block and so many people."""
    numbers = count(1)

    def make(name, block="", people=None, parent=None, **columns):
        row = OrgUnit(code=f"D{next(numbers)}", name=name, block=block, parent_id=parent)
        if people is not None:
            row.headcounts.append(Headcount(as_of=date(2024, 1, 1), people=people, source="báo cáo", **columns))
        return given.save(row)

    return make


@pytest.fixture
def sit(given):
    """`sit(contest, unit, score=4)`: somebody of the unit takes part in a round; gives the entry."""

    def play(contest, unit_id, *, score=4, seconds=60, round_=0, division=0, entry=None, **columns):
        entry = entry or given.entry(contest, given.account(unit=unit_id), division)
        given.attempt(entry, given.round_ids(contest)[round_], score=score, seconds=seconds, **columns)
        return entry

    return play


@pytest.fixture
def judge(given):
    return given.account(name="Nguyễn Hoài Nam")


@pytest.fixture
def at(clock):
    return lambda minutes=MINUTES: clock.now + timedelta(minutes=minutes)


@pytest.fixture
def rank_people(app, judge, at):
    """Make the result sheets of all divisions of all rounds; ids by round and division."""

    def make(contest_id, minutes=MINUTES, overall=False):
        with app.app_context(), transaction():
            contest, actor = db.session.get_one(Contest, contest_id), db.session.get_one(Account, judge)
            rounds = [*contest.rounds, None] if overall else contest.rounds
            return [service.make_sheet(r, d, actor, now=at(minutes)).id for r in rounds for d in contest.divisions]

    return make


@pytest.fixture
def rank_units_of(app, judge, at):
    """Make the unit sheet of the contest's n-th competition and give its id."""

    def make(contest_id, round_=None, minutes=MINUTES, n=0):
        with app.app_context(), transaction():
            contest, actor = db.session.get_one(Contest, contest_id), db.session.get_one(Account, judge)
            chosen = contest.rounds[round_] if round_ is not None else None
            rules = contest_rules(contest).collective[n]
            return unit_sheets.make_unit_sheet(contest, chosen, rules, actor, now=at(minutes)).id

    return make


def rows_of(sheet_id):
    """[(name, place, tied, value, prize), …] in the order of the sheet."""
    rows = unit_sheet_queries.unit_standings(sheet_id)
    return [(r.name, r.place, r.tied, r.points, r.prize) for r in rows]


@pytest.fixture
def two_blocks(given, unit, sit):
    """Worked by hand. Khối sở: Y tế 3 of 4 = 75 %, Tư pháp 3 of 5 = 60 %. Khối xã: Bến Cầu 2 of 2 through a hamlet and its
    own people, An Thạnh 4 of 6 and Lợi Thuận 2 of 3, both 2/3, An Thạnh with more people; Long Chữ nobody."""
    contest = given.contest(rules={"collective": [RATIO]}, prizes=TIERS)
    units = {
        "yt": unit("Sở Y tế", "Khối sở", 4), "tp": unit("Sở Tư pháp", "Khối sở", 5), "bc": unit("Xã Bến Cầu", "Khối xã", 2),
        "at": unit("Xã An Thạnh", "Khối xã", 6), "lt": unit("Xã Lợi Thuận", "Khối xã", 3), "lc": unit("Xã Long Chữ", "Khối xã", 7),
    }  # fmt: skip
    units["ap"] = unit("Ấp Thuận Lợi", parent=units["bc"])
    for key, people in {"yt": 3, "tp": 3, "bc": 1, "ap": 1, "at": 4, "lt": 2}.items():
        for n in range(people):
            sit(contest, units[key], score=3, seconds=60 + n)
    return contest, units


def test_two_blocks_worked_by_hand(app, two_blocks, rank_people, rank_units_of):
    contest, units = two_blocks
    rank_people(contest)
    sheet_id = rank_units_of(contest)
    with app.app_context():
        assert rows_of(sheet_id) == [
            ("Sở Y tế", 1, False, Fraction(75), "a"),
            ("Sở Tư pháp", 2, False, Fraction(60), "b"),
            ("Xã Bến Cầu", 1, False, Fraction(100), "a"),
            ("Xã An Thạnh", 2, False, Fraction(200, 3), "b"),
            ("Xã Lợi Thuận", 3, False, Fraction(200, 3), ""),
            ("Xã Long Chữ", None, False, Fraction(0), ""),
        ]
        sheet = db.session.get_one(UnitSheet, sheet_id)
        assert (sheet.number, sheet.units, sheet.counted_on) == (1, 6, date(2024, 11, 20))
        row = unit_sheet_queries.standing_of_unit(sheet_id, units["yt"])
        assert [line for line, _met in collective_words.working(sheet, row)] == [
            "Có 3 người dự thi, mỗi người có ít nhất một lượt thi hợp lệ.",
            "Tỷ lệ dự thi: 3 người dự thi trên 4 người (01/01/2024, nguồn: báo cáo) = 75,00%.",
            "Kết quả xếp hạng: 75,00%.",
        ]
        made = db.session.scalars(db.select(JournalRecord).filter_by(action="unit_sheet.made")).one()
        assert (made.after["units"], made.after["digest"]) == (6, sheet.digest)


def test_what_is_stored_gives_the_same_ranking_and_digest_again(app, two_blocks, rank_people, rank_units_of):
    contest, _units = two_blocks
    rank_people(contest)
    sheet_id = rank_units_of(contest)
    with app.app_context():
        sheet = db.session.get_one(UnitSheet, sheet_id)
        rows = unit_sheet_queries.unit_standings(sheet_id)
        names = [c.name for c in UnitStanding.__table__.columns if c.name != "sheet_id"]
        stored = [{name: getattr(row, name) for name in names} for row in rows]
        assert sheet.digest == digest(sheet.rules, stored)
        stored[0]["place"] = 2
        assert sheet.digest != digest(sheet.rules, stored)
        from quiz.contests.rule_set import CollectiveRules
        from quiz.ranking.unit_working import tally_of

        rules = CollectiveRules.model_validate(sheet.rules)
        again = unit_sheets.in_blocks(rank_units(map(tally_of, rows), rules.scheme), rules)
        assert again == list(map(result_of, rows))
        assert all(step_of(step_json(step)) == step for result in again for step in result.steps)


def test_a_sheet_needs_the_end_and_all_result_sheets(given, two_blocks, rank_people, rank_units_of):
    contest, _units = two_blocks
    with pytest.raises(Refusal) as refused:
        rank_units_of(contest, minutes=10)
    assert refused.value.reason is RankingRefusal.ROUND_STILL_OPEN
    with pytest.raises(Refusal) as refused:
        rank_units_of(contest)
    assert refused.value.reason is UnitSheetRefusal.SHEETS_MISSING
    assert "Kỳ 1, Bảng chung" in refused.value.sentence
    rank_people(contest)
    rank_units_of(contest)
    with pytest.raises(Refusal) as refused:
        rank_units_of(contest, minutes=62)
    assert refused.value.reason is UnitSheetRefusal.STILL_RIGHT


def annul(given, clock, judge, entry):
    with given.app.app_context():
        attempt_id = db.session.scalar(text("SELECT id FROM attempt WHERE entry_id = :e"), {"e": entry})
    given.save(Annulment(attempt_id=attempt_id, reason="thi hộ", annulled_at=clock.now, annulled_by_id=judge))


def test_an_annulment_asks_for_new_sheets_one_after_the_other(
    app, given, clock, judge, two_blocks, sit, rank_people, rank_units_of
):
    contest, units = two_blocks
    extra = sit(contest, units["tp"], score=1)
    rank_people(contest)
    first = rank_units_of(contest)
    annul(given, clock, judge, extra)
    with app.app_context():
        assert unit_sheets.changed_parts(db.session.get_one(UnitSheet, first)) == ["results"]
    with pytest.raises(Refusal) as refused:
        rank_units_of(contest)
    assert refused.value.reason is UnitSheetRefusal.SHEETS_OUT_OF_DATE
    rank_people(contest)
    second = rank_units_of(contest)
    with app.app_context():
        old, new = db.session.get_one(UnitSheet, first), db.session.get_one(UnitSheet, second)
        assert (old.number, new.number) == (1, 2)
        assert unit_sheet_queries.standing_of_unit(first, units["tp"]).points == Fraction(80)
        assert unit_sheet_queries.standing_of_unit(second, units["tp"]).points == Fraction(60)


def test_a_new_headcount_or_block_makes_a_sheet_out_of_date(app, given, two_blocks, rank_people, rank_units_of):
    contest, units = two_blocks
    rank_people(contest)
    sheet_id = rank_units_of(contest)
    given.save(Headcount(org_unit_id=units["yt"], as_of=date(2024, 11, 21), people=9, source="muộn"))
    with app.app_context():
        assert unit_sheets.changed_parts(db.session.get_one(UnitSheet, sheet_id)) == []  # after the close
    given.save(Headcount(org_unit_id=units["yt"], as_of=date(2024, 11, 20), people=6, source="công văn"))
    with app.app_context(), transaction():
        assert unit_sheets.changed_parts(db.session.get_one(UnitSheet, sheet_id)) == ["headcounts"]
        db.session.get_one(OrgUnit, units["lt"]).block = "Khối sở"
    with app.app_context():
        assert unit_sheets.changed_parts(db.session.get_one(UnitSheet, sheet_id)) == ["units", "headcounts"]
    again = rank_units_of(contest)
    with app.app_context():
        assert [(name, place) for name, place, *_rest in rows_of(again)][:3] == [
            ("Xã Lợi Thuận", 1), ("Sở Tư pháp", 2), ("Sở Y tế", 3),
        ]  # fmt: skip


def test_a_unit_that_competes_in_nothing_changes_no_sheet(app, given, two_blocks, rank_people, rank_units_of):
    contest, _units = two_blocks
    rank_people(contest)
    sheet_id = rank_units_of(contest)
    given.org_unit("Phòng mới lập, ngoài các khối")
    with app.app_context():
        assert unit_sheets.changed_parts(db.session.get_one(UnitSheet, sheet_id)) == []


def test_other_individual_prizes_make_a_sheet_out_of_date(app, two_blocks, rank_people, rank_units_of):
    """They say who wins for a unit, and may change until results are out."""
    contest, _units = two_blocks
    rank_people(contest)
    sheet_id = rank_units_of(contest)
    with app.app_context(), transaction():
        division = db.session.get_one(Contest, contest).divisions[0]
        division.rules = division.rules | {"prizes": [TIERS[0] | {"quota": 3}, *TIERS[1:]]}
    with app.app_context():
        assert unit_sheets.changed_parts(db.session.get_one(UnitSheet, sheet_id)) == ["rules"]


def test_publishing_waits_for_the_results_of_people(app, given, judge, at, two_blocks, rank_people, rank_units_of):
    contest, _units = two_blocks
    people = rank_people(contest)
    sheet_id = rank_units_of(contest)

    def publish(what):
        with app.app_context(), transaction():
            actor = db.session.get_one(Account, judge)
            if what == "people":
                service.publish(queries.sheet_by_id(people[0]), actor, now=at())
            else:
                unit_sheets.publish_unit_sheet(unit_sheet_queries.unit_sheet_by_id(sheet_id), actor, now=at())

    with pytest.raises(Refusal) as refused:
        publish("units")
    assert refused.value.reason is UnitSheetRefusal.SHEETS_NOT_PUBLISHED
    publish("people")
    publish("units")
    with pytest.raises(Refusal) as refused:
        publish("units")
    assert refused.value.reason is UnitSheetRefusal.ALREADY_PUBLISHED
    with app.app_context():
        assert db.session.scalar(db.select(JournalRecord.action).filter_by(action="unit_sheet.published"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE unit_sheet SET units = 1",
        "UPDATE unit_sheet SET digest = 'x'",
        "DELETE FROM unit_sheet",
        "UPDATE unit_standing SET place = 1",
        "DELETE FROM unit_standing",
    ],
)
def test_sheets_are_never_edited(app, two_blocks, rank_people, rank_units_of, statement):
    contest, _units = two_blocks
    rank_people(contest)
    rank_units_of(contest)
    with app.app_context(), pytest.raises(DatabaseError, match="fixed"):
        db.session.execute(text(statement))


def test_a_published_sheet_is_not_published_again_or_taken_back(
    app, given, judge, at, two_blocks, rank_people, rank_units_of
):
    contest, _units = two_blocks
    rank_people(contest)
    rank_units_of(contest)
    with app.app_context():
        db.session.execute(text("UPDATE unit_sheet SET published_at = made_at, published_by_id = made_by_id"))
        db.session.commit()
        with pytest.raises(DatabaseError, match="fixed"):
            db.session.execute(text("UPDATE unit_sheet SET published_at = NULL, published_by_id = NULL"))


def test_quality_is_kept_with_its_history_and_decides(app, given, judge, at, unit, sit, rank_people, rank_units_of):
    contest = given.contest(rules={"collective": [COMPOSITE], "chain": ["score", "elapsed"]}, prizes=TIERS)
    a, b = unit("Sở A", people=2), unit("Sở B", people=2)
    sit(contest, a, seconds=10)  # giải Nhất
    sit(contest, b, seconds=20)  # giải Nhì
    rank_people(contest)
    first = rank_units_of(contest)
    with app.app_context():
        assert [place for _name, place, *_rest in rows_of(first)] == [None, None]  # nobody judged yet

    def give(points):
        with app.app_context(), transaction():
            row = db.session.get_one(Contest, contest)
            competition = Competition(row, None, contest_rules(row).collective[0])
            return unit_sheets.give_quality(competition, points, db.session.get_one(Account, judge), now=at())

    assert give({a: QualityPoints(60), b: QualityPoints(80, "nhiều hình thức")}) == [a, b]
    assert give({a: QualityPoints(60), b: QualityPoints(70)}) == [b]
    assert give({a: QualityPoints(60), b: QualityPoints(70), 999: QualityPoints(1)}) == []
    second = rank_units_of(contest)
    with app.app_context():
        # A: 50 % × 0.5 + 60 × 0.3 + 10 × 0.2 = 45; B: 25 + 21 + 1.6 = 47.6
        assert rows_of(second)[0][:4] == ("Sở B", 1, False, Fraction(238, 5))
        assert rows_of(second)[1][:4] == ("Sở A", 2, False, Fraction(45))
        last = unit_sheet_queries.quality_rows(contest, 0, "tong-hop")[b]
        assert (last.number, last.points, last.given_by_id) == (2, 70, judge)
        changes = db.session.scalars(db.select(JournalRecord).filter_by(action="unit_quality.given")).all()
        assert [c.after["units"] for c in changes] == [
            {str(a): [60, ""], str(b): [80, "nhiều hình thức"]}, {str(b): [70, ""]},
        ]  # fmt: skip
        with pytest.raises(DatabaseError, match="fixed"):
            db.session.execute(text("UPDATE unit_quality SET points = 100"))


def test_quality_is_refused_where_the_rules_do_not_ask_for_it(app, given, judge, at):
    contest = given.contest(rules={"collective": [RATIO]})
    with app.app_context():
        row = db.session.get_one(Contest, contest)
        competition = Competition(row, None, contest_rules(row).collective[0])
        with pytest.raises(Refusal) as refused:
            unit_sheets.give_quality(competition, {}, db.session.get_one(Account, judge), now=at())
    assert refused.value.reason is UnitSheetRefusal.QUALITY_NOT_ASKED


# What is counted


def test_who_competes(app, given, unit):
    top, other = unit("Sở"), unit("Huyện")
    below = unit("Phòng", parent=top)
    with app.app_context():
        tree = tallies.tree()
        assert [u.id for u in tree.competing] == [top, other]
        assert tree.counts_for == {top: (top,), below: (top,), other: (other,)}
    room = unit("Tổ", "Khối tổ", parent=below)
    with app.app_context(), transaction():
        db.session.get_one(OrgUnit, top).block = "Khối sở"
    with app.app_context():
        tree = tallies.tree()
        assert [u.id for u in tree.competing] == [top, room]
        assert tree.counts_for[room] == (room, top)
        assert tree.counts_for[other] == ()


def test_denominators_are_those_of_the_day_or_added_up(app, given, unit):
    own = unit("Sở", "K", 10, obliged=8)
    given.save(Headcount(org_unit_id=own, as_of=date(2024, 6, 1), people=12, source="quyết định"))  # says nothing of 8
    summed = unit("Huyện", "K")
    given.save(Headcount(org_unit_id=unit("Xã 1", parent=summed), as_of=date(2024, 3, 1), people=3, source="xã 1"))
    given.save(Headcount(org_unit_id=unit("Xã 2", parent=summed), as_of=date(2024, 5, 1), people=4, source="xã 2"))
    uncovered = unit("Xã 3", parent=summed)
    with app.app_context():
        tree = tallies.tree()
        early, late = tallies.headcounts(date(2024, 2, 1)), tallies.headcounts(date(2024, 12, 1))
        assert early[Denominator.HEADCOUNT][own].people == 10
        found = tallies.denominators(tree, late, {})
        assert found[own][Denominator.HEADCOUNT].people == 12
        assert found[own][Denominator.OBLIGED].people == 8
        total = found[summed][Denominator.HEADCOUNT]
        assert (total.people, total.first, total.last, total.sources, total.added) == (
            7, date(2024, 3, 1), date(2024, 5, 1), ("xã 1", "xã 2"), 2,
        )  # fmt: skip
        assert Denominator.HEADCOUNT not in tallies.denominators(tree, late, {uncovered: 1})[summed]


@pytest.mark.parametrize("counted", ["best", "best_earliest", "first", "last"])
@pytest.mark.parametrize("chain", [["score", "elapsed", "submitted"], ["elapsed:more", "score"]])
def test_sql_chooses_the_same_attempts_as_the_ranking(app, given, unit, counted, chain):
    rules = {"collective": [RATIO], "attempt_limit": None, "counted": counted, "chain": chain}
    contest = given.contest(rules=rules)
    (round_id,), (division_id,) = given.round_ids(contest), given.division_ids(contest)
    unit_id = unit("Sở", "K", 9)
    for n in range(12):
        entry = given.entry(contest, given.account(unit=unit_id))
        for number in range(1, 4):
            score = (n * 7 + number * 5) % 5
            given.attempt(
                entry, round_id, score=score, seconds=30 + (n * number * 11) % 17, number=number,
                started_at=given.clock() + timedelta(minutes=number), max_score=4 + number,
            )  # fmt: skip
    with app.app_context():
        row = db.session.get_one(Contest, contest)
        found = tallies.of_round(contest_rules(row), round_id)[unit_id]
        scope = results.scope_of(db.session.get_one(Round, round_id), db.session.get_one(Division, division_id))
        table = results.gather(scope, ("score", "all_correct"), None)
        maxima = db.session.execute(
            text("SELECT sum(max_score) FROM attempt WHERE id IN (" + ",".join(map(str, table.attempt_ids)) + ")")
        ).scalar()
        assert found == Counted(
            12, 36, sum(table.columns["score"]), maxima, sum(table.columns["all_correct"])
        )  # fmt: skip


def test_people_of_several_rounds_are_counted_once_and_their_points_added(app, given, unit, sit):
    contest = given.contest(rules={"collective": [RATIO]}, rounds=2, divisions=("A", "B"))
    top = unit("Sở", "K", 9)
    both = sit(contest, top, score=4)
    sit(contest, top, score=2, round_=1, entry=both)
    sit(contest, unit("Phòng", parent=top), score=3, round_=1, division=1)
    sit(contest, None, score=4)  # of no unit
    with app.app_context():
        row = db.session.get_one(Contest, contest)
        tree = tallies.tree()
        facts = tallies.gather(row, [r.id for r in row.rounds], tree, tallies.headcounts(date(2025, 1, 1)), {}, {})
        (tally,) = facts.tallies
        assert (tally.participants, tally.participants_by_round, tally.attempts) == (2, (1, 2), 3)
        assert (tally.score_sum, tally.max_score_sum, tally.perfect) == (9, 12, 1)
        assert (tally.obliged_participants, tally.headcount) == (None, 9)


@pytest.mark.parametrize(("caps", "expected"), [({}, {"nhat": 2}), ({"one_per_person": True}, {"nhat": 1})])
def test_winners_keep_to_the_caps_over_rounds(app, given, unit, sit, rank_people, caps, expected):
    tiers = [{"code": "nhat", "name": "Giải Nhất", "quota": 1}]
    contest = given.contest(rules={"collective": [RATIO], "prize_rules": caps}, rounds=2, prizes=tiers)
    top = unit("Sở", "K", 9)
    best = sit(contest, top, seconds=10)
    sit(contest, top, seconds=10, round_=1, entry=best)
    sit(contest, unit("Huyện", "K", 9), seconds=20, round_=1)
    ids = rank_people(contest, minutes=200)
    with app.app_context():
        won = tallies.winners([queries.sheet_by_id(i) for i in ids], ids)
        assert won[top] == Counter(expected)
        only_second = tallies.winners([queries.sheet_by_id(i) for i in ids], ids[1:])
        assert only_second.get(top, Counter()) == Counter({"nhat": expected["nhat"] - 1})


def test_a_competition_of_each_round_has_a_sheet_for_each(app, given, unit, sit, rank_people, rank_units_of):
    contest = given.contest(rules={"collective": [RATIO | {"scope": "round"}]}, rounds=2)
    top = unit("Sở", "K", 4)
    sit(contest, top)
    sit(contest, top, round_=1)
    sit(contest, top, round_=1)
    rank_people(contest, minutes=200)
    one, two = (rank_units_of(contest, n, minutes=200) for n in (0, 1))
    with app.app_context():
        assert [rows_of(s)[0][3] for s in (one, two)] == [Fraction(25), Fraction(50)]
        assert [db.session.get_one(UnitSheet, s).number for s in (one, two)] == [1, 1]
        assert db.session.scalar(db.select(db.func.count()).select_from(Entry)) == 3


def test_without_units_there_is_nothing_to_rank(given, rank_people, rank_units_of):
    contest = given.contest(rules={"collective": [RATIO]})
    rank_people(contest)
    with pytest.raises(Refusal) as refused:
        rank_units_of(contest)
    assert refused.value.reason is UnitSheetRefusal.NO_UNITS


def test_shared_places_share_prizes_and_are_marked(app, given, unit, sit, rank_people, rank_units_of):
    contest = given.contest(rules={"collective": [RATIO | {"tie_breaks": []}]})
    for name in "ABC":
        sit(contest, unit(f"Sở {name}", "K", 2))
    rank_people(contest)
    sheet_id = rank_units_of(contest)
    with app.app_context():
        rows = unit_sheet_queries.unit_standings(sheet_id)
        assert [(r.place, r.tied, r.prize, r.contested) for r in rows] == [(1, True, "a", True)] * 3
