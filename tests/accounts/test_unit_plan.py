"""What a unit file would change, row by row."""

from datetime import date

import pytest

from quiz.accounts.unit_file import Row
from quiz.accounts.unit_plan import Count, RowStatus, Unit, UnitRowRefusal, make_plan, read_day, read_people

TODAY = date(2024, 11, 20)
TREE = {
    "STP": Unit("STP", "Sở Tư pháp", "sở"),
    "VP": Unit("VP", "Văn phòng", "phòng", "", "STP", "", {date(2023, 12, 31): Count(date(2023, 12, 31), 12, "BC")}),
}


def plan(*rows):
    return make_plan([Row(i, dict(cells)) for i, cells in enumerate(rows, 2)], TREE, TODAY)


def statuses(made):
    return [line.status for line in made.lines]


def reasons(line):
    return [reason for reason, _details in line.problems]


def test_rows_are_new_changed_or_unchanged():
    made = plan(
        {"code": "VP", "name": "Văn phòng", "parent": "STP"},
        {"code": "STP", "name": "Sở Tư pháp tỉnh", "parent": ""},
        {"code": "tt", "name": "Thanh tra", "parent": "stp"},
    )
    assert statuses(made) == [RowStatus.UNCHANGED, RowStatus.CHANGED, RowStatus.NEW]
    assert made.lines[1].changes == [("name", "Sở Tư pháp", "Sở Tư pháp tỉnh")]
    assert made.lines[2].code == "TT"
    assert made.can_commit


def test_a_column_that_is_there_replaces_and_one_that_is_not_leaves_alone():
    made = plan({"code": "VP", "name": "Văn phòng", "kind": ""})
    assert made.lines[0].changes == [("kind", "phòng", "")]  # the parent is not touched


def test_headcounts_are_compared_by_their_day():
    same = {"code": "VP", "name": "Văn phòng", "people": "12", "as_of": "31/12/2023", "source": "BC"}
    made = plan(same)
    assert (statuses(made), made.lines[0].count, made.can_commit) == ([RowStatus.UNCHANGED], None, False)
    made = plan(same | {"people": "13"})
    assert made.lines[0].changes == [("people", "12 (31/12/2023, BC)", "13 (31/12/2023, BC)")]
    made = plan(same | {"as_of": "20/11/2024"})
    assert made.lines[0].count == Count(TODAY, 12, "BC")
    made = plan(same | {"people": "", "as_of": ""})
    assert statuses(made) == [RowStatus.UNCHANGED]


def test_the_obliged_and_the_population_go_with_their_headcount():
    day = date(2023, 12, 31)
    units = {"VP": Unit("VP", "Văn phòng", counts={day: Count(day, 12, "BC", 10, 900)})}
    row = {"code": "VP", "name": "Văn phòng", "people": "12", "as_of": "31/12/2023", "source": "BC"}

    def line(**cells):
        return make_plan([Row(2, row | cells)], units, TODAY).lines[0]

    assert line().status == RowStatus.UNCHANGED  # columns that the file lacks leave what is known alone
    assert line(obliged="10", population="900").status == RowStatus.UNCHANGED
    changed = line(obliged="11", population="1.250")
    assert changed.count == Count(day, 12, "BC", 11, 1250)
    assert changed.changes == [("people", "12/10/900 (31/12/2023, BC)", "12/11/1250 (31/12/2023, BC)")]
    assert line(obliged="", population="").count == Count(day, 12, "BC")
    fewer = line(people="9")
    assert (fewer.status, fewer.problems[0][0]) == (RowStatus.REFUSED, UnitRowRefusal.OBLIGED_ABOVE_PEOPLE)
    assert make_plan([Row(2, row | {"people": "300000000"})], units, TODAY).lines[0].problems
    assert line(population="150.000.000").count.population == 150_000_000


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"code": ""}, [UnitRowRefusal.NO_CODE]),
        ({"code": "A B"}, [UnitRowRefusal.CODE_SHAPE]),
        ({"code": "A" * 41}, [UnitRowRefusal.TOO_LONG]),
        ({"name": ""}, [UnitRowRefusal.NO_NAME]),
        ({"name": "x" * 201}, [UnitRowRefusal.TOO_LONG]),
        ({"name": "=HYPERLINK(1)"}, [UnitRowRefusal.FORMULA]),
        ({"parent": "KHONG"}, [UnitRowRefusal.UNKNOWN_PARENT]),
        ({"parent": "A"}, [UnitRowRefusal.CYCLE]),
        ({"people": "0", "as_of": "1/1/2024"}, [UnitRowRefusal.PEOPLE_ZERO]),
        ({"people": "mười", "as_of": "1/1/2024"}, [UnitRowRefusal.PEOPLE_NOT_NUMBER]),
        ({"people": "1.5", "as_of": "1/1/2024"}, [UnitRowRefusal.PEOPLE_NOT_NUMBER]),
        ({"people": "-3", "as_of": "1/1/2024"}, [UnitRowRefusal.PEOPLE_NOT_NUMBER]),
        ({"people": "5"}, [UnitRowRefusal.PEOPLE_WITHOUT_DAY]),
        ({"people": "5", "obliged": "0", "as_of": "1/1/2024"}, [UnitRowRefusal.PEOPLE_ZERO]),
        ({"people": "5", "obliged": "6", "as_of": "1/1/2024"}, [UnitRowRefusal.OBLIGED_ABOVE_PEOPLE]),
        ({"people": "5", "obliged": "-1", "as_of": "1/1/2024"}, [UnitRowRefusal.PEOPLE_NOT_NUMBER]),
        ({"people": "5", "population": "đông", "as_of": "1/1/2024"}, [UnitRowRefusal.PEOPLE_NOT_NUMBER]),
        ({"obliged": "5", "as_of": "1/1/2024"}, [UnitRowRefusal.OBLIGED_WITHOUT_PEOPLE]),
        ({"population": "5"}, [UnitRowRefusal.OBLIGED_WITHOUT_PEOPLE]),
        ({"as_of": "1/1/2024"}, [UnitRowRefusal.DAY_WITHOUT_PEOPLE]),
        ({"people": "5", "as_of": "31/2/2024"}, [UnitRowRefusal.DAY_SHAPE]),
        ({"people": "5", "as_of": "2024"}, [UnitRowRefusal.DAY_SHAPE]),
        ({"people": "5", "as_of": "21/11/2024"}, [UnitRowRefusal.DAY_AHEAD]),
        ({"name": "", "people": "0", "as_of": "x"}, [UnitRowRefusal.NO_NAME, UnitRowRefusal.PEOPLE_ZERO, UnitRowRefusal.DAY_SHAPE]),
    ],
)  # fmt: skip
def test_a_row_is_refused_with_every_reason(cells, expected):
    made = plan({"code": "A", "name": "Đơn vị A"} | cells)
    assert statuses(made) == [RowStatus.REFUSED]
    assert reasons(made.lines[0]) == expected
    assert not made.can_commit


def test_both_rows_of_a_doubled_code_are_refused_and_name_each_other():
    made = plan({"code": "A", "name": "Một"}, {"code": "B", "name": "Hai"}, {"code": "a", "name": "Ba"})
    assert statuses(made) == [RowStatus.REFUSED, RowStatus.NEW, RowStatus.REFUSED]
    assert made.lines[0].problems == [(UnitRowRefusal.CODE_TWICE, {"code": "A", "lines": "4"})]
    assert made.lines[2].problems == [(UnitRowRefusal.CODE_TWICE, {"code": "A", "lines": "2"})]
    assert not made.can_commit  # all or nothing


def test_a_parent_may_stand_further_down():
    assert plan({"code": "B", "name": "B", "parent": "A"}, {"code": "A", "name": "A", "parent": "VP"}).can_commit


def test_a_cycle_through_the_tree_that_exists_is_seen():
    made = plan({"code": "STP", "name": "Sở Tư pháp", "parent": "VP"})
    assert made.lines[0].problems == [(UnitRowRefusal.CYCLE, {"loop": "STP → VP → STP"})]


def test_only_rows_inside_a_cycle_are_blamed():
    made = plan(
        {"code": "A", "name": "A", "parent": "B"},
        {"code": "B", "name": "B", "parent": "A"},
        {"code": "C", "name": "C", "parent": "A"},
    )
    assert [reasons(line) for line in made.lines] == [[UnitRowRefusal.CYCLE], [UnitRowRefusal.CYCLE], []]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("12", 12),
        ("1.250", 1250),
        ("1 250", 1250),
        ("12 người", 12),
        ("1,5", None),
        ("", None),
        ("²", None),
        ("9" * 13, None),
    ],
)
def test_numbers_of_people(text, people):
    assert read_people(text) == people


@pytest.mark.parametrize("text", ["31/12/2023", "31-12-2023", "31.12.2023", "2023-12-31"])
def test_days(text):
    assert read_day(text) == date(2023, 12, 31)
