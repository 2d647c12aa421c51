"""Readers are counted, never known: sums of a day in one statement, and a cookie that forgets."""

import threading
from datetime import date

import pytest
from sqlalchemy import event

from quiz.access import Role
from quiz.db import db, transaction
from quiz.exemplars import reach
from quiz.exemplars.models import Origin, Reach
from quiz.exemplars.reach import Sums
from tests.exemplars.told import BROWSER, row

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def told(given, clock):
    """Ids of three published stories."""
    return [given.save(row(clock.now)) for _ in range(3)]


def rows(db_session):
    return {(r.exemplar_id, r.on, r.origin): (r.opened, r.read, r.finished) for r in db_session.query(Reach)}


def test_a_day_begins_at_midnight_here(told, db_session, clock):
    with transaction():
        reach.count_opened(told[0], Origin.LIST, now=clock.now)
        reach.count_opened(told[0], Origin.LIST, now=clock.now)
        reach.count_opened(told[0], Origin.QR, now=clock.now)
        clock.advance(hours=13)  # 01:00 in Tây Ninh, still the same day in UTC
        reach.count_opened(told[0], Origin.LIST, now=clock.now)
    day, next_day = date(2024, 11, 20), date(2024, 11, 21)
    assert rows(db_session) == {
        (told[0], day, "list"): (2, 0, 0), (told[0], day, "qr"): (1, 0, 0), (told[0], next_day, "list"): (1, 0, 0),
    }  # fmt: skip


def test_each_count_is_one_statement_without_a_read_before(told, db_session, clock):
    said = []
    listen = lambda *arguments: said.append(arguments[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        session = {"read_stories": [[told[0], "list"], [told[1], "contest"]]}
        with transaction():
            reach.count_opened(told[0], Origin.DIRECT, now=clock.now)
            reach.finished_after_reading(session, now=clock.now)
            reach.finished_after_reading({}, now=clock.now)  # most people have read nothing
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert [statement.split()[:3] for statement in said] == [["INSERT", "INTO", "story_reach"]] * 2


def test_a_finished_quiz_is_counted_for_what_was_read_before_and_then_forgotten(told, db_session, clock):
    session = {}
    with transaction():
        assert reach.count_read(session, told[0], Origin.CONTEST, now=clock.now)
        assert not reach.count_read(session, told[0], Origin.LIST, now=clock.now)  # once for each browser
        assert reach.count_read(session, told[1], Origin.REVIEW, now=clock.now)
        reach.finished_after_reading(session, now=clock.now)
        assert "read_stories" not in session
        reach.finished_after_reading(session, now=clock.now)
    day = date(2024, 11, 20)
    assert rows(db_session) == {(told[0], day, "contest"): (0, 1, 1), (told[1], day, "review"): (0, 1, 1)}


def test_a_story_that_is_gone_does_not_stop_a_quiz(told, db_session, clock):
    session = {"read_stories": [[999_999, "list"], [told[0], "list"]]}
    with transaction():
        reach.finished_after_reading(session, now=clock.now)
    assert [*rows(db_session).values()] == [(0, 0, 1)]


def test_a_browser_remembers_ten_stories_at_most():
    session = {}
    for n in range(1, 14):
        reach.note_read(session, n, Origin.LIST)
    reach.note_read(session, 4, Origin.QR)
    assert [id_ for id_, _origin in session["read_stories"]] == [*range(5, 14), 4]


@pytest.mark.parametrize("kept", [None, "x", [1, 2], [[1]], [[1, "khác"]], {"1": "list"}])
@one_database
def test_a_cookie_of_another_shape_does_no_harm(told, db_session, clock, kept):
    session = {"read_stories": kept}
    with transaction():
        reach.finished_after_reading(session, now=clock.now)
    assert session == {}


def test_sums_by_story_origin_and_month(told, db_session, clock):
    with transaction():
        reach.count_opened(told[0], Origin.LIST, now=clock.now)
        reach.count_read({}, told[0], Origin.LIST, now=clock.now)
        reach.count_opened(told[1], Origin.QR, now=clock.now)
        clock.advance(days=11)
        reach.count_opened(told[0], Origin.LIST, now=clock.now)
    assert reach.by_story() == {told[0]: Sums(2, 1), told[1]: Sums(1)}
    assert reach.by_story(since=date(2024, 12, 1)) == {told[0]: Sums(1)}
    assert reach.by_origin() == {Origin.LIST: Sums(2, 1), Origin.QR: Sums(1)}
    assert reach.by_origin(told[1]) == {Origin.QR: Sums(1)}
    assert reach.by_month(told[0]) == [("2024-12", Sums(1)), ("2024-11", Sums(1, 1))]


def test_readers_at_the_same_moment_are_all_counted(told, app, clock):
    def read():
        with app.app_context():
            for _ in range(10):
                with transaction():
                    session = {"read_stories": [[id_, "list"] for id_ in told]}
                    reach.finished_after_reading(session, now=clock.now)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert [r.finished for r in db.session.query(Reach)] == [40, 40, 40]


@pytest.mark.parametrize(
    ("agent", "headers", "is_reader"),
    [
        (BROWSER["User-Agent"], {}, True), (BROWSER["User-Agent"], {"Sec-Fetch-Dest": "document"}, True),
        (BROWSER["User-Agent"], {"Sec-Fetch-Dest": "iframe"}, False), (BROWSER["User-Agent"], {"Sec-Purpose": "prefetch;prerender"}, False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", {}, False), ("facebookexternalhit/1.1", {}, False), ("curl/8.5", {}, False),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", {}, False), ("", {}, False),
    ],
)  # fmt: skip
def test_who_is_taken_for_a_reader(agent, headers, is_reader):
    assert reach.is_reader({"User-Agent": agent, **headers}) is is_reader


# pages


@pytest.fixture
def slug(given, clock):
    given.save(row(clock.now, slug="chuyen"))
    return "chuyen"


def counted(app):
    with app.app_context():
        return {r.origin: (r.opened, r.read, r.finished) for r in db.session.query(Reach)}


@one_database
def test_pages_count_readers_and_nobody_else(visit, given, slug, app):
    visit().get(f"/guong/{slug}?tu=contest", headers=BROWSER)
    visit().get(f"/guong/{slug}?tu=linh-tinh", headers=BROWSER)
    visit().get(f"/guong/{slug}", headers={"User-Agent": "Googlebot"})
    visit().client.head(f"/guong/{slug}", headers=BROWSER)
    visit(given.account(Role.ORGANIZER)).get(f"/guong/{slug}", headers=BROWSER)
    visit(given.account()).get(f"/guong/{slug}?tu=qr", headers=BROWSER)
    assert counted(app) == {"contest": (1, 0, 0), "direct": (1, 0, 0), "qr": (1, 0, 0)}


@one_database
def test_the_script_tells_once_and_needs_the_token(visit, slug, app):
    reader = visit()
    token = reader.client.get(f"/guong/{slug}", headers=BROWSER).text.partition('data-csrf="')[2].partition('"')[0]
    address, headers = f"/guong/{slug}/da-doc", {**BROWSER, "X-CSRFToken": token, "X-Requested-With": "fetch"}
    assert reader.client.post(address, data={"tu": "list"}, headers=BROWSER).status_code == 400
    for _ in range(2):
        assert reader.client.post(address, data={"tu": "list"}, headers=headers).json == {"ok": True}
    assert counted(app) == {"direct": (1, 0, 0), "list": (0, 1, 0)}
    with reader.client.session_transaction() as session:
        assert session["read_stories"][0][1] == "list"
    assert reader.client.post("/guong/khong-co/da-doc", headers=headers).status_code == 404


@one_database
def test_organizers_see_sums_and_no_person(visit, given, slug, app):
    visit(given.account(name="Nguyễn Thị Đọc")).get(f"/guong/{slug}?tu=qr", headers=BROWSER)
    office = visit(given.account(Role.ORGANIZER))
    for address in ("/to-chuc/guong/tiep-can", "/to-chuc/guong/1/tiep-can"):
        page = office.get(address).text
        assert "Mã QR" in page
        assert "11/2024" in page
        assert "Nguyễn Thị Đọc" not in page
    assert "Chưa có lượt đọc nào" not in page
    assert {c.name for c in Reach.__table__.columns} == {"exemplar_id", "on_day", "origin", "opened", "read_through", "finished"}  # fmt: skip
