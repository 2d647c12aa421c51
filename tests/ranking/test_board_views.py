"""Finding one's way on a board: pages by key, units and blocks, names; the board of the whole contest; files to take away."""

import csv
import html
import io
import re
import zipfile
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from quiz.access import Role
from quiz.accounts.models import Account, OrgUnit
from quiz.contests.models import Contest, Division, Entry, Round
from quiz.db import db, transaction
from quiz.journal import JournalRecord
from quiz.ranking import board_queries, boards, clockwork, export_views, service, visibility

PREDICTS = {"prediction": {"target": "people"}, "chain": ["score", "prediction", "elapsed"]}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(boards, "LONGEST_PAUSE_S", 0)


@pytest.fixture
def build(app, given, clock):
    def run(contest_id):
        with app.app_context():
            clockwork.keep_up(contest_id, given.round_ids(contest_id), now=clock.now)
            boards.tally(now=clock.now, every=timedelta(0))

    return run


@pytest.fixture
def address(app):
    def of(contest_id, division="bang-1", round_="ky-1", query=""):
        with app.app_context():
            return f"/bang-xep-hang/{db.session.get(Contest, contest_id).slug}/{round_}/{division}{query}"

    return of


def names(page):
    """The people in the table of a page, from the top."""
    return [
        html.unescape(n).removesuffix(" (bạn)")
        for n in re.findall(r'<th scope="row"><span class="main">([^<]+)<', page)
    ]


def follow(page, rel):
    found = re.search(rf'href="([^"]+)" rel="{rel}"', page)
    return html.unescape(found[1]) if found else None


@pytest.fixture
def many(given, build):
    """45 people of three units in two blocks, or of none, with many ties."""
    contest = given.contest(rules={"chain": ["score", "elapsed"]})
    (round_id,) = given.round_ids(contest)
    top = given.org_unit("Sở Tư pháp")
    units = [top, given.org_unit("Văn phòng", parent=top), given.org_unit("Ủy ban xã"), None]
    for n in range(45):
        account = given.account(name=f"Thí Sinh {n:03d}", unit=units[n % 4])
        given.attempt(given.entry(contest, account), round_id, seconds=100 + n // 3)
    build(contest)
    return contest, units


@pytest.mark.parametrize(("query", "people"), [("", 45), ("?don-vi=0", 23), ("?don-vi=1", 11), ("?khoi=Khối 1", 11)])
def test_pages_by_key_give_everybody_once_in_both_directions(app, visit, address, many, monkeypatch, query, people):
    contest, units = many
    with app.app_context(), transaction():
        db.session.get(OrgUnit, units[2]).block = "Khối 1"
    monkeypatch.setattr("quiz.ranking.views.PER_PAGE", 7)
    query = re.sub(r"don-vi=(\d)", lambda m: f"don-vi={units[int(m[1])]}", query)
    for merged in (60, 0):  # few units by their own keys, and many by looking through the board
        monkeypatch.setattr(board_queries, "UNITS_MERGED", merged)
        path, found, pages = address(contest, query=query), [], []
        while path:
            page = visit().get(path).text
            found += names(page)
            pages.append(names(page))
            path = follow(page, "next")
        assert len(found) == len(set(found)) == people
        back = []
        while True:
            back.append(names(page))
            path = follow(page, "prev")
            if not path:
                break
            page = visit().get(path).text
        assert sorted({n for p in back for n in p}) == sorted(found)
        assert back[-1] == pages[0]


def test_a_unit_shows_its_people_with_their_places_on_the_whole_board(visit, address, many):
    contest, units = many
    page = visit().get(address(contest, query=f"?don-vi={units[2]}")).text
    assert names(page)[:2] == ["Thí Sinh 002", "Thí Sinh 006"]
    places = re.findall(r'<span class="medal p\d">(\d+)</span>', page)
    assert places[:2] == ["1", "7"]
    assert "Hạng là hạng trên toàn bảng" in page
    nonsense = visit().get(address(contest, query="?don-vi=999999&khoi=không có"))
    assert len(names(nonsense.text)) == 20


def test_one_can_go_to_a_number(visit, address, many):
    contest, _units = many
    assert "31–45 trong 45 người" in visit().get(address(contest, query="?hang=31")).text
    assert "45–45 trong 45 người" in visit().get(address(contest, query="?hang=9999")).text
    assert "1–20 trong 45 người" in visit().get(address(contest, query="?hang=-3")).text


@pytest.mark.parametrize("number", ["3000000000", "9" * 25])
def test_a_number_that_no_row_can_have_chooses_nothing(given, visit, address, many, number):
    contest, _units = many
    for query in (f"?don-vi={number}", f"?hang={number}", f"?trang={number}"):
        assert visit().get(address(contest, query=query)).status_code == 200
    staff = visit(given.account(Role.ORGANIZER))
    file = address(contest).replace("/bang-xep-hang/", "/to-chuc/").replace("/ky-1", "/bang-xep-hang/ky-1") + ".csv"
    assert staff.get(f"{file}?bang={number}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Nguyễn Văn", ["Nguyễn Văn An", "Nguyễn Văn Sáu"]), ("nguyen", ["Nguyễn Văn An", "Nguyễn Văn Sáu"]),
        ("sáu", ["Ngô Thị Sáu", "Nguyễn Văn Sáu"]), ("SAU", ["Ngô Thị Sáu", "Nguyễn Văn Sáu"]),
        ("Văn Sáu", ["Nguyễn Văn Sáu"]), ("Đặng", ["Đặng Ánh"]), ("dang a", ["Đặng Ánh"]), ("Văn", []), ("%", []), ("...", []),
    ],
)  # fmt: skip
def test_people_are_found_by_name_without_marks(given, visit, build, address, asked, found):
    contest = given.contest()
    (round_id,) = given.round_ids(contest)
    for n, name in enumerate(["Ngô Thị Sáu", "Nguyễn Văn An", "Nguyễn Văn Sáu", "Đặng Ánh"]):
        given.attempt(given.entry(contest, given.account(name=name)), round_id, seconds=60 + n)
    given.entry(contest, given.account(name="Nguyễn Văn Chưa Thi"))
    build(contest)
    page = visit().get(address(contest, query=f"?ten={asked}"))
    assert page.status_code == 200
    assert names(page.text) == found
    assert "Chưa Thi" not in page.text


def test_a_search_shows_twenty_and_says_that_there_are_more(visit, address, many):
    contest, _units = many
    page = visit().get(address(contest, query="?ten=thi sinh")).text
    assert len(names(page)) == 20
    assert "Còn người khác trùng tên" in page
    assert "Còn người khác" not in visit().get(address(contest, query="?ten=thi sinh 01")).text


def test_while_numbers_are_hidden_no_way_leads_beyond_the_first_places(app, given, visit, build, address, monkeypatch):
    monkeypatch.setattr(visibility, "FIRST_PLACES", 25)
    contest = given.contest(rules=PREDICTS)
    (round_id,) = given.round_ids(contest)
    unit = given.org_unit("Sở Tư pháp")
    for n in range(40):
        account = given.account(name=f"Thí Sinh {n:03d}", unit=unit if n > 20 else None)
        given.attempt(given.entry(contest, account), round_id, seconds=100 + n, prediction=1)
    build(contest)
    with app.app_context():
        board = board_queries.live_board(round_id, given.division_ids(contest)[0])
        deep = board_queries.page(board, size=3, behind=board_queries.key_at(board.id, 30)).rows[0].cursor
    allowed = {f"Thí Sinh {n:03d}" for n in range(25)}
    judge = visit(given.account(Role.JUDGE))
    for query in (
        "",
        "?hang=39",
        f"?sau={deep}",
        f"?truoc={deep}",
        "?ten=thi sinh",
        "?ten=thi sinh 03",
        f"?don-vi={unit}",
    ):
        path = address(contest, query=query)
        while path:
            page = visit().get(path).text
            assert set(names(page)) <= allowed
            assert "40 người" not in page
            path = follow(page, "next")
    assert names(judge.get(address(contest, query="?ten=thi sinh 039")).text) == ["Thí Sinh 039"]


# The whole contest


WHOLE = {"overall": {"how": "sum", "chain": ["score", "attempts:more", "started"]}, "attempt_limit": None}


def test_the_whole_contest_has_a_board(given, visit, build, address, clock):
    contest = given.contest(rules=WHOLE, rounds=2)
    first, second = given.round_ids(contest)
    both, one = (given.entry(contest, given.account(name=n)) for n in ("Thi Hai Kỳ", "Thi Một Kỳ"))
    given.attempt(both, first, score=2)
    given.attempt(one, first, score=4)
    clock.advance(minutes=70)
    given.attempt(both, second, score=3)
    build(contest)
    page = visit().get(address(contest, round_="chung")).text
    assert names(page) == ["Thi Hai Kỳ", "Thi Một Kỳ"]
    assert "Bảng xếp hạng toàn cuộc thi" in page
    assert "Đơn vị</a></li></ul>" not in page
    assert "Bắt đầu lúc" in page
    assert names(visit().get(address(contest)).text) == ["Thi Một Kỳ", "Thi Hai Kỳ"]
    assert "Toàn cuộc thi" in visit().get(address(contest)).text


def test_contests_that_are_not_ranked_as_a_whole_have_no_such_page(given, visit, address):
    contest = given.contest(rounds=2)
    assert visit().get(address(contest, round_="chung")).status_code == 404
    assert "Toàn cuộc thi" not in visit().get(address(contest)).text


@pytest.mark.parametrize(("release", "hours", "shown"), [("after_submit", 0.5, True), ("after_close", 0.5, False),
                                                        ("after_close", 1.5, False), ("after_close", 2.5, True)])  # fmt: skip
def test_the_whole_contest_tells_no_more_than_its_most_secret_round(
    given, visit, build, address, clock, release, hours, shown
):
    contest = given.contest(rules=WHOLE | {"board_release": release}, rounds=2)
    given.attempt(given.entry(contest, given.account(name="Thí Sinh")), given.round_ids(contest)[0])
    build(contest)
    clock.advance(hours=hours)
    assert ("Thí Sinh" in visit().get(address(contest, round_="chung")).text) is shown


# Files


EVIL = ["=HYPERLINK(1)", "+1+1", "-2", "@SUM(A1)", "\tx", "\rx"]


@pytest.fixture
def with_evil(app, given, build):
    contest = given.contest(rules={"chain": ["score", "elapsed", "submitted"]})
    (round_id,) = given.round_ids(contest)
    for n, name in enumerate(["Ngô Văn Sáu", *EVIL]):
        entry = given.entry(contest)
        with app.app_context(), transaction():
            db.session.get(Entry, entry).full_name = name
        given.attempt(entry, round_id, seconds=60 + n)
    build(contest)
    return contest


def exported(person, address, contest, kind, query=""):
    board = address(contest).removeprefix("/bang-xep-hang/").replace("/", "/bang-xep-hang/", 1)
    return person.get(f"/to-chuc/{board}.{kind}{query}")


def test_organizers_take_the_board_away_as_csv(app, given, visit, address, with_evil):
    organizer = given.account(Role.ORGANIZER)
    reply = exported(visit(organizer), address, with_evil, "csv")
    assert reply.status_code == 200
    assert reply.data.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Hạng", "Họ tên", "Đơn vị, nơi ở", "Năm sinh", "Điểm", "Thời gian (giây)", "Nộp lúc"]
    assert rows[1][:2] == ["1", "Ngô Văn Sáu"]
    assert rows[1][3:] == ["1990", "4", "60.0", "20/11/2024 12:01:00.000000"]
    assert [row[1] for row in rows[2:]] == [f"'{name}" for name in EVIL]
    assert "01/01" not in reply.text  # of the birth date only the year
    with app.app_context():
        record = db.session.scalars(db.select(JournalRecord)).one()
        assert (record.action, record.actor_id, record.after["people"]) == ("board.exported", organizer, 7)


def test_organizers_take_the_board_away_as_a_workbook(given, visit, address, with_evil, monkeypatch):
    organizer = visit(given.account(Role.ORGANIZER))
    reply = exported(organizer, address, with_evil, "xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(reply.data)).get_sheet_by_index(0).to_python()
    assert [row[1].replace("_x000D_", "\r").strip() for row in rows[1:]] == ["Ngô Văn Sáu", *map(str.strip, EVIL)]
    assert rows[1][0] == 1
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")  # no formula
    monkeypatch.setattr(export_views, "MOST_ROWS", 7)
    page = organizer.get(exported(organizer, address, with_evil, "xlsx").location)
    assert "Hãy tải tệp CSV" in page.text


def test_a_sheet_can_be_taken_away_too(app, given, visit, address, with_evil, clock):
    (round_id,), (division_id,) = given.round_ids(with_evil), given.division_ids(with_evil)
    clock.advance(minutes=61)
    judge_id = given.account(Role.JUDGE)
    with app.app_context(), transaction():
        sheet_id = service.make_sheet(
            db.session.get(Round, round_id), db.session.get(Division, division_id), db.session.get(Account, judge_id),
            now=clock.now,
        ).id  # fmt: skip
    judge = visit(judge_id)
    assert "1,Ngô Văn Sáu" in exported(judge, address, with_evil, "csv", f"?bang={sheet_id}").text
    assert exported(judge, address, given.contest(), "csv", f"?bang={sheet_id}").status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.JUDGE, 200), (Role.UNIT_CONTACT, 403), (None, 403)])
def test_who_may_take_a_board_away(given, visit, address, with_evil, role, status):
    account = given.account(*([role] if role else []))
    assert exported(visit(account), address, with_evil, "csv").status_code == status
    assert exported(visit(), address, with_evil, "csv").status_code == 302
