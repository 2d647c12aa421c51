"""The pages of collective results: from the list to a sheet, its working, a comparison, downloads, and the public page."""

import csv
import io
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from quiz.access import Role
from quiz.accounts.models import Account, Headcount, OrgUnit
from quiz.contests.models import Contest
from quiz.db import db, transaction
from quiz.ranking import queries, service

TIERS = [{"code": "nhat", "name": "Giải Nhất", "quota": 1}]
UNIT_TIERS = [{"code": "a", "name": "Giải Nhất tập thể", "quota": 1}]
COMPETITIONS = [
    {"code": "ty-le", "name": "Tỷ lệ dự thi", "formula": "ratio", "tie_breaks": ["participants"], "prizes": UNIT_TIERS},
    {"code": "tong-hop", "name": "Tiêu biểu", "formula": "composite", "prize_points": {"nhat": 10}},
]
INJECTION = '=HYPERLINK("http://x.vn")'


@pytest.fixture
def judge(given, visit):
    return visit(given.account(Role.JUDGE, name="Nguyễn Hoài Nam"))


@pytest.fixture
def organizer(given, visit):
    return visit(given.account(Role.ORGANIZER))


@pytest.fixture
def ended(given, clock):
    """Khối sở: Y tế 1 of 2, a unit named like a formula 1 of 4; Khối xã: Bến Cầu 2 of 1, Lợi Thuận without a number."""
    contest = given.contest(rules={"collective": COMPETITIONS}, prizes=TIERS)
    units = {}
    for n, (name, block, people) in enumerate(
        [
            ("Sở Y tế", "Khối sở", 2),
            (INJECTION, "Khối sở", 4),
            ("Xã Bến Cầu", "Khối xã", 1),
            ("Xã Lợi Thuận", "Khối xã", None),
        ]
    ):
        row = OrgUnit(code=f"D{n}", name=name, block=block)
        if people:
            row.headcounts.append(Headcount(as_of=date(2024, 1, 1), people=people, source="báo cáo"))
        units[name] = given.save(row)
    (round_id,) = given.round_ids(contest)
    for name, people in [("Sở Y tế", 1), (INJECTION, 1), ("Xã Bến Cầu", 2), ("Xã Lợi Thuận", 1)]:
        for n in range(people):
            entry = given.entry(contest, given.account(unit=units[name]))
            given.attempt(entry, round_id, score=3, seconds=60 + n)
    clock.advance(minutes=61)
    with given.app.app_context():
        slug = db.session.get_one(Contest, contest).slug
    return {"contest": contest, "units": units, "slug": slug, "list": f"/xet-hang/tap-the/{contest}"}


@pytest.fixture
def rank_people(given, ended, clock):
    """Make, and with publish=True publish, the result sheet of the people."""

    def make(publish=True):
        actor_id = given.account()
        with given.app.app_context(), transaction():
            contest, actor = db.session.get_one(Contest, ended["contest"]), db.session.get_one(Account, actor_id)
            sheet = service.make_sheet(contest.rounds[0], contest.divisions[0], actor, now=clock.now)
            if publish:
                service.publish(queries.sheet_by_id(sheet.id), actor, now=clock.now)

    return make


@pytest.fixture
def make(ended):
    def press(person, code="ty-le"):
        return person.post(f"{ended['list']}/{code}/chung/lap", page="/tai-khoan")

    return press


def test_from_the_list_to_a_published_sheet(ended, judge, organizer, visit, rank_people, make):
    waiting = judge.get(ended["list"]).text
    assert "Chờ bảng kết quả cá nhân: Kỳ 1, Bảng chung" in waiting
    refused = make(judge)
    assert refused.status_code == 409
    assert "còn thiếu bảng kết quả cá nhân: Kỳ 1, Bảng chung" in refused.text
    rank_people()
    assert "Lập bảng" in judge.get(ended["list"]).text
    sheet = make(judge).location
    page = judge.get(sheet).text
    for words in (
        "50,00%",
        "25,00%",
        "100,00%",
        "01/01/2024, nguồn: báo cáo",
        "Giải Nhất tập thể",
        "Cơ cấu giải áp dụng cho từng khối",
        "xếp hạng các đơn vị trong từng khối thi đua",
    ):
        assert words in page
    assert "Ban Tổ chức công bố bảng này." in page
    public = f"/bang-xep-hang/{ended['slug']}/tap-the/ty-le"
    assert "Chưa công bố" in visit().get(public).text
    assert "Công bố bảng này" in organizer.get(sheet).text
    assert organizer.post(sheet + "/cong-bo", page=sheet).status_code == 302
    shown = visit().get(public).text
    assert "Tỷ lệ dự thi: 1 người dự thi trên 2 người (01/01/2024, nguồn: báo cáo) = 50,00%." in shown
    assert "Không xếp" in shown
    assert "Đã công bố" in judge.get(ended["list"]).text
    only = visit().get(public + "?khoi=Khối xã").text
    assert "Xã Bến Cầu" in only
    assert "Sở Y tế" not in only
    again = make(judge)
    assert again.status_code == 409
    assert "bảng mới sẽ giống hệt" in again.text


def test_publication_waits_for_the_people(ended, organizer, rank_people, make):
    rank_people(publish=False)
    sheet = make(organizer).location
    assert "Còn chưa công bố: Kỳ 1, Bảng chung" in organizer.get(sheet).text
    refused = organizer.post(sheet + "/cong-bo", page="/tai-khoan")
    assert refused.status_code == 409
    assert "Kỳ 1, Bảng chung" in refused.text


def test_wrong_headcounts_are_named_with_what_to_do(ended, organizer, rank_people, make):
    rank_people()
    page = organizer.get(make(organizer).location).text
    assert "Chưa có số người để tính tỷ lệ: 1 đơn vị" in page
    assert "Số người đã khai ít hơn số người dự thi: 1 đơn vị" in page
    for name in ("Xã Lợi Thuận", "Xã Bến Cầu"):
        assert f'<a href="/to-chuc/don-vi/{ended["units"][name]}">{name}</a>' in page
    assert "Thiếu số người" in organizer.get(ended["list"]).text


def test_what_changes_is_said_and_a_new_sheet_offered(given, ended, organizer, rank_people, make):
    rank_people()
    first = make(organizer).location
    given.save(Headcount(org_unit_id=ended["units"]["Sở Y tế"], as_of=date(2024, 5, 1), people=5, source="đính chính"))
    page = organizer.get(first).text
    assert "Đã thay đổi sau khi lập bảng: số người của đơn vị." in page
    assert organizer.post(first + "/cong-bo", page=first).status_code == 409
    second = make(organizer).location
    assert second != first
    assert "20,00%" in organizer.get(second).text
    old = organizer.get(first).text
    assert "50,00%" in old
    assert "Mở bảng số 2, mới nhất" in old
    assert organizer.post(first + "/cong-bo", page="/tai-khoan").status_code == 409


def test_the_working_of_a_unit_and_the_comparison_of_two(ended, judge, rank_people, make):
    rank_people()
    sheet = make(judge).location
    working = judge.get(f"{sheet}/{ended['units']['Xã Bến Cầu']}").text
    assert "2 người dự thi trên 1 người (01/01/2024, nguồn: báo cáo) = 100,00%." in working
    assert "chỉ tính tròn 100%" in working
    found = judge.get(sheet + "/so-sanh?a=2&b=1").text
    assert "Vì sao Sở Y tế xếp trên =HYPERLINK(&#34;http://x.vn&#34;)?" in found
    assert "Kết quả xếp hạng: 50,00%." in found
    assert "Thể lệ xếp hạng riêng trong từng khối" in judge.get(sheet + "/so-sanh?a=1&b=3").text
    assert "Vì sao Xã Bến Cầu xếp trên Xã Lợi Thuận?" in judge.get(sheet + "/so-sanh?a=3&b=4").text
    assert judge.get(f"{sheet}/999").status_code == 404


@pytest.mark.parametrize("query", ["", "?a=1", "?a=1&b=1", "?a=1&b=99", "?a=x&b=-3", "?a=1&b=99999999999999999999"])
def test_two_different_units_must_be_chosen(judge, rank_people, make, query):
    rank_people()
    page = judge.get(make(judge).location + "/so-sanh" + query)
    assert page.status_code == 200
    assert "Chưa chọn đủ hai đơn vị khác nhau" in page.text


def test_the_print_view_has_the_working_of_all(judge, rank_people, make):
    rank_people()
    page = judge.get(make(judge).location + "?in=1").text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page
    assert page.count('class="working"') == 4


def test_downloads_run_nothing_that_people_wrote(judge, rank_people, make):
    rank_people()
    sheet = make(judge).location
    answer = judge.get(sheet + ".csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0][:3] == ["TT", "Đơn vị", "Khối"]
    assert [row[1] for row in rows[1:]] == ["Sở Y tế", "'" + INJECTION, "Xã Bến Cầu", "Xã Lợi Thuận"]
    assert rows[1][3:11] == ["2", "01/01/2024, nguồn: báo cáo", "1", "50", "1", "3", "1", "50"]
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(judge.get(sheet + ".xlsx").data))
    table = workbook.get_sheet_by_index(0).to_python()
    assert INJECTION in [row[1] for row in table]


def test_judges_give_points_for_quality(ended, judge, organizer, rank_people, make):
    address = f"{ended['list']}/tong-hop/chung/chat-luong"
    a, b = ended["units"]["Sở Y tế"], ended["units"]["Xã Bến Cầu"]
    assert "Chất lượng tuyên truyền" in judge.get(address).text
    wrong = judge.post(address, {f"p-{a}": "101", f"p-{b}": "", f"n-{b}": "chưa rõ"})
    assert wrong.status_code == 422
    assert "Hãy nhập số nguyên từ 0 đến 100." in wrong.text
    assert "Hãy ghi điểm cho đơn vị có nhận xét." in wrong.text
    assert judge.post(address, {f"p-{a}": "85", f"n-{a}": "Nhiều hình thức"}).status_code == 302
    page = judge.get(address).text
    assert "85 điểm, lần 1" in page
    assert "Nguyễn Hoài Nam" in page
    assert "đã chấm 1/4 đơn vị" in judge.get(ended["list"]).text
    assert organizer.get(address).status_code == 403
    assert judge.get(f"{ended['list']}/ty-le/chung/chat-luong").status_code == 404
    rank_people()
    sheet = judge.get(make(judge, "tong-hop").location).text
    assert "Chưa chấm chất lượng tuyên truyền: 3 đơn vị" in sheet


def test_each_round_has_its_own_page(given, clock, visit):
    contest = given.contest(rules={"collective": [COMPETITIONS[0] | {"scope": "round"}]}, rounds=2)
    with given.app.app_context():
        slug = db.session.get_one(Contest, contest).slug
    page = visit().get(f"/bang-xep-hang/{slug}/tap-the/ty-le?ky=ky-2")
    assert page.status_code == 200
    assert 'aria-current="page">Kỳ 2</a>' in page.text
    clock.advance(minutes=1)
    assert visit().get(f"/bang-xep-hang/{slug}/tap-the/khong-co").status_code == 404


@pytest.mark.parametrize("role", [None, Role.UNIT_CONTACT])
def test_others_see_nothing_of_the_work(given, visit, ended, organizer, rank_people, make, role):
    rank_people()
    sheet = make(organizer).location
    person = visit(given.account(role) if role else given.account())
    for address in (ended["list"], sheet, sheet + "/so-sanh", sheet + ".csv", sheet + ".xlsx"):
        assert person.get(address).status_code == 403
    assert make(person).status_code == 403


def test_judges_do_not_publish(judge, rank_people, make):
    rank_people()
    sheet = make(judge).location
    assert judge.post(sheet + "/cong-bo", page="/tai-khoan").status_code == 403


def test_what_is_not_there_is_not_found(given, ended, judge):
    bare = given.contest()
    for address in (f"/xet-hang/tap-the/{bare}", "/xet-hang/tap-the/999", "/xet-hang/tap-the/bang/999"):
        assert judge.get(address).status_code == 404
    for end in ("ty-le/ky-1", "khong-co/chung"):
        assert judge.post(f"{ended['list']}/{end}/lap", page="/tai-khoan").status_code == 404


def test_no_sheet_before_the_end(given, judge, clock):
    contest = given.contest(rules={"collective": COMPETITIONS}, closes_at=clock.now + timedelta(hours=2))
    assert "Lập được từ" in judge.get(f"/xet-hang/tap-the/{contest}").text
    refused = judge.post(f"/xet-hang/tap-the/{contest}/ty-le/chung/lap", page="/tai-khoan")
    assert refused.status_code == 409
