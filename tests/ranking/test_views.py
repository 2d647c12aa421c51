"""The public boards: places, the own one pinned, and what must not be told while predictions can still be made."""

import html
import re
from datetime import timedelta

import pytest

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.contests.models import Contest, Division, Round
from quiz.db import db, transaction
from quiz.marking.models import Annulment
from quiz.ranking import boards, clockwork, service, visibility

PREDICTS = {"prediction": {"target": "people_all_correct"}, "chain": ["score", "prediction", "elapsed", "submitted"]}


@pytest.fixture
def build(app, given, clock):
    """Bring all boards of a contest up to date now."""

    def run(contest_id):
        with app.app_context():
            clockwork.keep_up(contest_id, given.round_ids(contest_id), now=clock.now)
            boards.tally(now=clock.now, every=timedelta(0))

    return run


@pytest.fixture
def publish(app, given, clock):
    """Make and publish the sheets of a contest's first round, whose time is over."""

    def run(contest_id, divisions=None):
        actor_id = given.account(Role.ORGANIZER)
        with app.app_context(), transaction():
            actor = db.session.get(Account, actor_id)
            round_ = db.session.get(Round, given.round_ids(contest_id)[0])
            for division_id in divisions or given.division_ids(contest_id):
                sheet = service.make_sheet(round_, db.session.get(Division, division_id), actor, now=clock.now)
                service.publish(sheet, actor, now=clock.now)

    return run


@pytest.fixture
def address(app):
    def of(contest_id, division="bang-1", round_="ky-1", query=""):
        with app.app_context():
            return f"/bang-xep-hang/{db.session.get(Contest, contest_id).slug}/{round_}/{division}{query}"

    return of


def follow(page, rel):
    """The address of the neighbouring page."""
    return html.unescape(re.search(rf'href="([^"]+)" rel="{rel}"', page)[1])


def people(given, contest, number, **attempt):
    """So many people with an attempt each, every one a second slower than the one before; their accounts."""
    accounts = [given.account(name=f"Thí Sinh {n:03d}") for n in range(1, number + 1)]
    for n, account in enumerate(accounts, 1):
        given.attempt(given.entry(contest, account), given.round_ids(contest)[0], seconds=100 + n, **attempt)
    return accounts


def test_places_are_paged_by_twenty_and_ties_share(given, visit, build, address):
    contest = given.contest(rules={"chain": ["score", "elapsed"]})
    people(given, contest, 22)
    tied = given.account(name="Người Bằng Giờ")
    given.attempt(given.entry(contest, tied), given.round_ids(contest)[0], seconds=102)
    build(contest)
    page = visit().get(address(contest))
    assert page.status_code == 200
    assert page.text.count("(đồng hạng)") == 2
    assert "01:42,000" in page.text
    assert "1–20 trong 23 người" in page.text
    assert "Thí Sinh 019" in page.text
    assert "Thí Sinh 020" not in page.text
    second = visit().get(follow(page.text, "next"))
    assert "Thí Sinh 020" in second.text
    assert "21–23 trong 23 người" in second.text
    assert "1–20 trong 23 người" in visit().get(follow(second.text, "prev")).text
    nonsense = visit().get(address(contest, query="?sau=AAAA&truoc=không"))
    assert "1–20 trong 23 người" in nonsense.text


def test_the_own_place_is_pinned_with_the_way_to_it(given, visit, build, address):
    contest = given.contest()
    people(given, contest, 22)
    me = given.account(name="Ngô Văn Sáu")
    given.attempt(given.entry(contest, me), given.round_ids(contest)[0], seconds=500)
    build(contest)
    page = visit(me).get(address(contest)).text
    assert "Hạng của bạn" in page
    assert '<b class="fs-4 num">23</b>' in page
    assert "Đến hạng của bạn" in page
    there = re.search(r'href="([^"]+)">Đến hạng của bạn', page)[1]
    assert "Ngô Văn Sáu (bạn)" in visit(me).get(html.unescape(there)).text
    assert "Hạng của bạn" not in visit().get(address(contest)).text


ABOVE = "Vì sao người ngay trên tôi xếp trên tôi?"


def ask_why(person, page):
    """Follow the link below the own place; the comparison alone."""
    there = person.get(html.unescape(re.search(rf'href="([^"]+)">{re.escape(ABOVE)}', page)[1])).text
    assert ABOVE not in there
    return there.split('id="vi-sao"')[1].split("</section>")[0]


def test_a_participant_is_told_why_the_next_one_stands_above(given, visit, build, publish, address, clock):
    contest = given.contest(rules=PREDICTS)
    before_us = people(given, contest, 2, prediction=9)
    ids = [given.account(name=name) for name in ("Ngô Văn Sáu", "Lê Thị Bảy", "Đỗ Văn Tám")]
    for account, seconds, prediction in zip(ids, (109, 109, 300), (2, 2, 5), strict=True):
        entry = given.entry(contest, account)
        given.attempt(entry, given.round_ids(contest)[0], seconds=seconds, prediction=prediction)
    build(contest)
    first, second, me = (visit(account) for account in (*before_us, ids[1]))
    assert ABOVE not in visit().get(address(contest)).text
    assert ABOVE not in first.get(address(contest, query="?vi-sao=1")).text  # nobody stands above
    found = ask_why(me, me.get(address(contest)).text)
    assert "Vì sao Thí Sinh 002 xếp trên bạn?" in found  # not the other one of the same place
    assert "Bạn đồng hạng 3." in found
    assert "Hạng 2 ngắn hơn 7,000 giây" in found
    assert "lệch" not in found  # the truth is not known yet
    assert "Vì sao Thí Sinh 002" not in visit().get(address(contest, query="?vi-sao=1")).text
    clock.advance(minutes=61)
    publish(contest)
    found = ask_why(second, second.get(address(contest)).text)  # the truth is 5
    assert "Vì sao Thí Sinh 001 xếp trên bạn?" in found
    assert "lệch 4" in found
    assert "Hạng 4 ngắn hơn 1,000 giây" in found


def test_a_hidden_place_is_not_compared(given, visit, build, address, monkeypatch):
    monkeypatch.setattr(visibility, "FIRST_PLACES", 3)
    contest = given.contest(rules=PREDICTS)
    shown, hidden = (visit(account) for account in people(given, contest, 4, prediction=50)[2:])
    build(contest)
    assert ABOVE in shown.get(address(contest)).text
    for query in ("", "?vi-sao=1"):
        page = hidden.get(address(contest, query=query)).text
        assert "Bạn ở ngoài" in page
        assert ABOVE not in page
        assert 'id="vi-sao"' not in page


def test_who_has_just_submitted_is_told_to_wait(given, visit, build, address):
    contest = given.contest()
    build(contest)
    me = given.account()
    given.attempt(given.entry(contest, me), given.round_ids(contest)[0])
    assert "đang được xếp hạng" in visit(me).get(address(contest)).text


def test_who_is_in_another_division_is_shown_the_way(given, visit, build, address):
    contest = given.contest(divisions=("Cán bộ", "Nhân dân"))
    me = given.account()
    given.attempt(given.entry(contest, me, division=1), given.round_ids(contest)[0])
    build(contest)
    page = visit(me).get(address(contest)).text
    assert "Bạn dự thi ở bảng khác" in page
    assert "Hạng của bạn" not in page


def test_while_predictions_are_made_nobody_can_count(given, visit, build, address, monkeypatch):
    monkeypatch.setattr(visibility, "FIRST_PLACES", 30)
    contest = given.contest(rules=PREDICTS)
    people(given, contest, 43, prediction=50)
    me = given.account(name="Ngô Văn Sáu")
    given.attempt(given.entry(contest, me), given.round_ids(contest)[0], seconds=500, prediction=51)
    build(contest)
    page = visit(me).get(address(contest)).text
    assert "1–20 trong 30 hạng đầu" in page
    assert "44 người" not in page
    assert "Bạn ở ngoài 30 hạng đầu" in page
    assert '<b class="fs-4 num">44</b>' not in page  # a place behind them would count those before it
    assert "Đến hạng của bạn" not in page  # there is no such page to go to
    assert "lệch" not in page.split("<tbody>")[1].split("</tbody>")[0]
    last = visit(me).get(follow(page, "next")).text
    assert 'rel="next"' not in last
    assert "21–30 trong 30 hạng đầu" in last
    assert "Thí Sinh 031" not in last
    judge = visit(given.account(Role.JUDGE)).get(address(contest)).text
    assert "1–20 trong 44 người" in judge


def test_after_the_end_everybody_may_count(given, visit, build, address, clock, monkeypatch):
    monkeypatch.setattr(visibility, "FIRST_PLACES", 2)
    contest = given.contest(rules=PREDICTS)
    people(given, contest, 3, prediction=3)
    build(contest)
    clock.advance(minutes=61)
    page = visit().get(address(contest)).text
    assert "1–3 trong 3 người" in page
    assert "Tạm tính, chờ công bố kết quả" in page
    assert "Ẩn đến khi chốt kết quả" in page


def test_the_published_sheet_replaces_the_board(given, visit, build, publish, address, clock):
    contest = given.contest(rules=PREDICTS)
    people(given, contest, 2, prediction=9)
    near = given.account(name="Gần Đúng")
    given.attempt(given.entry(contest, near), given.round_ids(contest)[0], seconds=900, prediction=4)
    build(contest)
    before = visit().get(address(contest)).text
    assert before.index("Thí Sinh 001") < before.index("Gần Đúng")
    clock.advance(minutes=61)
    publish(contest)
    page = visit().get(address(contest)).text
    assert page.index("Gần Đúng") < page.index("Thí Sinh 001")
    assert "(lệch 1)" in page
    assert "Kết quả đã công bố" in page
    assert '<p class="mb-1 fs-4 num"><b>3</b></p>' in page  # the truth


@pytest.mark.parametrize(
    ("release", "minutes", "published", "shown"),
    [
        ("after_submit", 0, False, True), ("after_close", 30, False, False), ("after_close", 61, False, True),
        ("after_publish", 61, False, False), ("after_publish", 61, True, True), ("never", 61, True, False),
    ],
)  # fmt: skip
def test_the_rule_set_says_when_the_board_is_public(
    given, visit, build, publish, address, clock, release, minutes, published, shown
):
    contest = given.contest(rules={"board_release": release})
    people(given, contest, 1)
    build(contest)
    clock.advance(minutes=minutes)
    if published:
        publish(contest)
    page = visit().get(address(contest))
    assert page.status_code == 200
    assert ("Thí Sinh 001" in page.text) is shown
    assert "Thí Sinh 001" in visit(given.account(Role.ORGANIZER)).get(address(contest)).text


def test_a_division_published_before_the_others_is_shown(given, visit, build, publish, address, clock):
    contest = given.contest(rules={"board_release": "after_publish"}, divisions=("Cán bộ", "Nhân dân"))
    people(given, contest, 1)
    clock.advance(minutes=61)
    publish(contest, given.division_ids(contest)[:1])
    assert "Thí Sinh 001" in visit().get(address(contest)).text
    assert "mở khi công bố kết quả" in visit().get(address(contest, "bang-2")).text


def test_before_the_opening_there_is_an_explanation(given, visit, address, clock):
    contest = given.contest(opens_at=clock.now + timedelta(days=1), closes_at=clock.now + timedelta(days=2))
    for who in (None, given.account(Role.JUDGE)):
        page = visit(who).get(address(contest))
        assert (page.status_code, "Kỳ thi chưa mở" in page.text) == (200, True)


def test_a_board_says_how_fresh_it_is(given, visit, build, address, clock):
    contest = given.contest()
    people(given, contest, 1)
    build(contest)
    assert "chậm tối đa 10 giây" in visit().get(address(contest)).text
    clock.advance(minutes=5)
    page = visit().get(address(contest)).text
    assert "Bảng đang cập nhật chậm hơn thường lệ" in page
    assert "chậm tối đa" not in page
    build(contest)  # nothing new, but looked at
    assert "12:05:00 ngày 20/11/2024" in visit().get(address(contest)).text


def test_without_a_board_the_page_says_so(given, visit, address):
    assert "Bảng đang được lập" in visit().get(address(given.contest())).text


@pytest.mark.parametrize(("division", "round_"), [("bang-9", "ky-1"), ("bang-1", "ky-9")])
def test_boards_that_do_not_exist(given, visit, address, division, round_):
    assert visit().get(address(given.contest(), division, round_)).status_code == 404


def test_drafts_have_no_board(given, visit, address):
    assert visit().get(address(given.contest(state="draft"))).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_people(app, given, visit, build, address):
    from sqlalchemy import event

    contest = given.contest()
    counts = []
    for more in (2, 15):
        people(given, contest, more)
        build(contest)
        statements = []
        with app.app_context():
            engine = db.engine

        def note(*arguments, into=statements):
            into.append(arguments[2])

        event.listen(engine, "before_cursor_execute", note)
        visit().get(address(contest))
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1] < 16


# Units


@pytest.fixture
def with_units(given):
    """A department of 10 with two divisions below it, 4 and unknown; 2 and 1 people took part, one at the top."""
    contest = given.contest()
    (round_id,) = given.round_ids(contest)
    top = given.org_unit("Sở Tư pháp", people=10)
    office, inspection = given.org_unit("Văn phòng", people=4, parent=top), given.org_unit("Thanh tra", parent=top)
    idle = given.org_unit("Phòng Tư pháp Bến Cầu", people=5)
    for unit in (office, office, inspection, top):
        given.attempt(given.entry(contest, given.account(unit=unit)), round_id)
    return contest, {"top": top, "office": office, "inspection": inspection, "idle": idle}


def test_units_by_ratio_with_headcount_and_its_source(visit, build, address, with_units):
    contest, _units = with_units
    build(contest)
    page = visit().get(address(contest, "don-vi")).text
    assert page.index("Văn phòng") < page.index("Phòng Tư pháp Bến Cầu") < page.index("Thanh tra")
    assert "50,0%" in page  # 2 of 4
    assert "40,0%" in page  # 4 of 10, those below counted
    assert "2 / 4" in page
    assert "0,0%" in page
    assert "báo cáo, tính đến ngày 01/01/2024 (3 đơn vị)" in page


@pytest.mark.parametrize(("target", "shown"), [("people_all_correct", True), ("people", False), ("attempts", False)])
def test_units_do_not_answer_the_prediction(given, visit, build, address, clock, target, shown):
    contest = given.contest(rules={**PREDICTS, "prediction": {"target": target}})
    unit = given.org_unit("Sở Tư pháp", people=10)
    given.attempt(given.entry(contest, given.account(unit=unit)), given.round_ids(contest)[0])
    build(contest)
    assert ("10,0%" in visit().get(address(contest, "don-vi")).text) is shown
    clock.advance(minutes=61)
    assert "10,0%" in visit().get(address(contest, "don-vi")).text


def test_the_board_of_units_follows_the_release_of_the_board(given, visit, build, address, with_units):
    contest = given.contest(rules={"board_release": "after_close"})
    build(contest)
    assert "mở sau khi kỳ thi đóng" in visit().get(address(contest, "don-vi")).text


PARTICIPATION = "/to-chuc/don-vi-tham-gia"


def test_organizers_see_all_units_and_those_with_nobody(given, visit, build, with_units):
    contest, _units = with_units
    build(contest)
    person = visit(given.account(Role.ORGANIZER))
    page = person.get(PARTICIPATION).text
    assert "Chưa có người dự thi" in page
    assert "Văn phòng" in page
    nobody = person.get(PARTICIPATION + "?chi=chua-co").text
    assert "Phòng Tư pháp Bến Cầu" in nobody
    assert "Văn phòng" not in nobody


def test_a_unit_contact_sees_the_own_unit_and_those_below(given, visit, build, with_units):
    contest, units = with_units
    build(contest)
    page = visit(given.account(Role.UNIT_CONTACT, unit=units["top"])).get(PARTICIPATION).text
    assert "Văn phòng" in page
    assert "Bến Cầu" not in page
    lower = visit(given.account(Role.UNIT_CONTACT, unit=units["office"])).get(PARTICIPATION).text
    assert "Thanh tra" not in lower
    nowhere = visit(given.account(Role.UNIT_CONTACT)).get(PARTICIPATION).text
    assert "chưa gắn với đơn vị nào" in nowhere


def test_units_can_be_narrowed_to_a_block(app, given, visit, build, with_units):
    from quiz.accounts.models import OrgUnit

    contest, units = with_units
    with app.app_context(), transaction():
        db.session.get(OrgUnit, units["office"]).block = "Khối 1"
        db.session.get(OrgUnit, units["idle"]).block = "Khối 2"
    build(contest)
    page = visit(given.account(Role.JUDGE)).get(PARTICIPATION + "?khoi=Kh%E1%BB%91i+2").text
    assert "Phòng Tư pháp Bến Cầu" in page
    assert "Văn phòng" not in page


@pytest.mark.parametrize(("role", "status"), [(Role.JUDGE, 200), (Role.ORGANIZER, 200), (Role.ADMIN, 403), (None, 403)])
def test_who_may_see_participation(given, visit, role, status):
    account = given.account(*([role] if role else []))
    assert visit(account).get(PARTICIPATION).status_code == status
    assert visit().get(PARTICIPATION).status_code in (302, 401)


def test_a_person_is_told_which_attempt_was_annulled_and_why(given, visit, build, address, clock):
    contest = given.contest()
    account = given.account()
    attempt = given.attempt(given.entry(contest, account), given.round_ids(contest)[0])
    judge = given.account(Role.JUDGE)
    reason = "Hai người dùng chung một máy trong cùng một phút."
    given.save(Annulment(attempt_id=attempt, reason=reason, annulled_at=clock.now, annulled_by_id=judge))
    build(contest)
    assert reason in visit(account).get(address(contest)).text
    assert reason not in visit(given.account()).get(address(contest)).text
