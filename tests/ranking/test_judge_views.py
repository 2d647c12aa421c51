"""The judges' pages: from the list of rounds to a sheet, a comparison, an annulment and the publication."""

import re
from datetime import timedelta

import pytest

from quiz.access import Role
from quiz.attempts.models import Attempt
from quiz.db import db
from quiz.ranking import queries, words
from quiz.rules.tie_break import NO_PREDICTION, Comparison
from tests.conftest import NOON

PRIZES = [{"code": "nhat", "name": "Giải Nhất", "quota": 1}, {"code": "nhi", "name": "Giải Nhì", "quota": 1}]
PREDICTS = {"prediction": {"target": "people_all_correct"}, "chain": ["score", "prediction", "elapsed", "submitted"]}
WHY = "Làm 4 câu trong 10 giây, cùng máy với người khác"


@pytest.fixture
def judge(given, visit):
    return visit(given.account(Role.JUDGE, name="Nguyễn Hoài Nam"))


@pytest.fixture
def organizer(given, visit):
    return visit(given.account(Role.ORGANIZER))


@pytest.fixture
def ended(given, clock):
    """An ended round: Út before Diễm by time, Tùng last by score; the truth is 2 and all have predicted 2."""
    contest = given.contest(rules=PREDICTS, prizes=PRIZES)
    (round_id,), (division_id,) = given.round_ids(contest), given.division_ids(contest)
    for name, score, seconds in [("Trần Văn Út", 4, 475.013), ("Huỳnh Ngọc Diễm", 4, 482.604), ("Lâm Tùng", 3, 60)]:
        entry = given.entry(contest, given.account(name=name))
        given.attempt(entry, round_id, score=score, seconds=seconds, prediction=2)
    clock.advance(minutes=61)
    return {"contest": contest, "round": round_id, "division": division_id}


@pytest.fixture
def make(ended):
    def press(person):
        return person.post(f"/xet-hang/lap/{ended['round']}/{ended['division']}", page="/xet-hang")

    return press


def code_of(app, name):
    with app.app_context():
        return next(a.code for a in db.session.scalars(db.select(Attempt)) if a.entry.full_name == name)


def test_from_the_list_to_the_sheet_with_all_criteria(ended, judge, make):
    page = judge.get("/xet-hang").text
    assert "Lập bảng kết quả" in page
    made = make(judge)
    assert made.status_code == 302
    sheet = judge.get(made.location).text
    for text in (
        "Bảng kết quả số 1",
        "4/4",
        "(lệch 0)",
        "07:55,013",
        "08:02,604",
        "Giải Nhất",
        "Giải Nhì",
        "20/11/2024",
    ):
        assert text in sheet
    assert sheet.index("Trần Văn Út") < sheet.index("Huỳnh Ngọc Diễm") < sheet.index("Lâm Tùng")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in sheet
    again = judge.get("/xet-hang").text
    assert "Bảng số 1" in again
    assert "Chưa công bố" in again


def test_a_second_sheet_without_a_reason_is_refused(judge, make):
    make(judge)
    # the button is gone, so the form is taken from another page
    refused = judge.post("/xet-hang/lap/1/1", page="/tai-khoan")
    assert refused.status_code == 409
    assert "bảng mới sẽ giống hệt" in refused.text


def test_no_sheet_while_the_round_is_open(given, judge):
    contest = given.contest()
    (round_id,), (division_id,) = given.round_ids(contest), given.division_ids(contest)
    assert "Lập được từ" in judge.get("/xet-hang").text
    refused = judge.post(f"/xet-hang/lap/{round_id}/{division_id}", page="/tai-khoan")
    assert refused.status_code == 409
    assert "13:00 ngày 20/11/2024" in refused.text


def test_a_division_of_another_contest_is_not_found(given, ended, judge):
    other = given.contest()
    assert (
        judge.post(f"/xet-hang/lap/{ended['round']}/{given.division_ids(other)[0]}", page="/tai-khoan").status_code
        == 404
    )


def test_why_one_is_above_another(judge, make):
    sheet = make(judge).location
    page = judge.get(sheet + "/so-sanh?a=2&b=1").text
    assert "Vì sao Trần Văn Út xếp trên Huỳnh Ngọc Diễm?" in page
    assert "Hạng 1 ngắn hơn 7,591 giây" in page
    assert page.count("Bằng nhau") == 2
    assert "Không cần xét" in page
    other = judge.get(sheet + "/so-sanh?a=2&b=3").text
    assert "Hạng 2 hơn 1 điểm" in other


@pytest.mark.parametrize("query", ["", "?a=1", "?a=1&b=1", "?a=1&b=99", "?a=x&b=-3", "?a=1&b=99999999999999999999"])
def test_two_different_rows_must_be_chosen(judge, make, query):
    page = judge.get(make(judge).location + "/so-sanh" + query)
    assert page.status_code == 200
    assert "Chưa chọn đủ hai người khác nhau" in page.text


def test_a_tie_is_explained(given, clock, judge):
    contest = given.contest()
    (round_id,), (division_id,) = given.round_ids(contest), given.division_ids(contest)
    for name in ("Phan Thị Lụa", "Dương Văn Tài"):
        given.attempt(given.entry(contest, given.account(name=name)), round_id)
    clock.advance(minutes=61)
    sheet = judge.post(f"/xet-hang/lap/{round_id}/{division_id}", page="/xet-hang").location
    assert judge.get(sheet).text.count("(đồng hạng)") == 2
    page = judge.get(sheet + "/so-sanh?a=1&b=2").text
    assert "Vì sao Phan Thị Lụa và Dương Văn Tài đồng hạng?" in page
    assert "Bằng nhau ở mọi tiêu chí" in page


def test_a_judge_annuls_one_attempt_and_the_ranking_changes(app, ended, judge, make):
    first = make(judge).location
    attempt = "/xet-hang/luot/" + code_of(app, "Trần Văn Út")
    look = judge.post(attempt + "/huy", {"why": WHY}, page=attempt)
    assert look.status_code == 200
    for text in (
        "Điều sẽ thay đổi",
        "Huỳnh Ngọc Diễm",
        "hạng 2, Giải Nhì",
        "hạng 1, Giải Nhất",
        "Số thực tế từ 2 thành 1",
        WHY,
    ):
        assert text in look.text
    with app.app_context():  # nothing is written yet
        assert queries.latest_sheet(ended["round"], ended["division"]).number == 1
    done = judge.post(attempt + "/huy", {"why": WHY, "confirmed": "y"}, page=attempt, follow_redirects=True)
    assert "Đã hủy lượt thi. Đã lập bảng kết quả mới." in done.text
    assert "Đã hủy" in done.text
    with app.app_context():
        sheet = queries.latest_sheet(ended["round"], ended["division"])
        assert (sheet.number, sheet.people, sheet.truth) == (2, 2, 1)
        address = f"/xet-hang/{sheet.id}"
    page = judge.get(address).text
    assert page.index("Huỳnh Ngọc Diễm") < page.index("Lâm Tùng") < page.index("Trần Văn Út")  # he is in the list below
    assert WHY in page
    old = judge.get(first).text
    assert "Đây là bảng cũ" in old
    twice = judge.post(attempt + "/huy", {"why": WHY, "confirmed": "y"}, page=attempt)
    assert twice.status_code == 409
    back = judge.post(attempt + "/khoi-phuc", {"why": "Đã xác minh lại", "confirmed": "y"}, page=attempt)
    assert back.status_code == 302
    with app.app_context():
        assert queries.latest_sheet(ended["round"], ended["division"]).truth == 2


def test_publishing_is_for_organizers(app, ended, judge, organizer, make):
    sheet = make(judge).location
    assert "Công bố bảng kết quả" not in judge.get(sheet).text
    assert judge.post(sheet + "/cong-bo", page="/xet-hang/luot/" + code_of(app, "Lâm Tùng")).status_code == 403
    assert "Công bố bảng kết quả" in organizer.get(sheet).text
    done = organizer.post(sheet + "/cong-bo", page=sheet, follow_redirects=True)
    assert "Đã công bố bảng kết quả số 1" in done.text
    again = organizer.post(sheet + "/cong-bo", page="/tai-khoan")
    assert again.status_code == 409


def test_after_publication_an_annulment_asks_for_a_new_sheet(app, ended, judge, organizer, make):
    sheet = make(judge).location
    organizer.post(sheet + "/cong-bo", page=sheet)
    attempt = "/xet-hang/luot/" + code_of(app, "Trần Văn Út")
    assert "Bảng đã công bố không tự đổi" in judge.post(attempt + "/huy", {"why": WHY}, page=attempt).text
    judge.post(attempt + "/huy", {"why": WHY, "confirmed": "y"}, page=attempt)
    assert "Không còn đúng" in judge.get("/xet-hang").text
    page = judge.get(sheet).text
    assert "Lập bảng kết quả mới" in page
    newer = make(judge).location
    assert "Bảng kết quả số 2" in judge.get(newer).text
    organizer.post(newer + "/cong-bo", page=newer)
    public = organizer.get(re.search(r'href="(/bang-xep-hang/[^"]+)"', organizer.get(newer).text)[1]).text
    assert "Thay cho bảng số 1" in public
    assert "Trần Văn Út" not in public


def test_the_print_view_has_the_first_places_on_one_page(given, clock, judge):
    contest = given.contest()
    (round_id,), (division_id,) = given.round_ids(contest), given.division_ids(contest)
    for n in range(55):
        given.attempt(given.entry(contest, given.account(name=f"Thí Sinh {n:03d}")), round_id, seconds=n + 1)
    clock.advance(minutes=61)
    sheet = judge.post(f"/xet-hang/lap/{round_id}/{division_id}", page="/xet-hang").location
    assert "Thí Sinh 054" not in judge.get(sheet).text
    assert "Thí Sinh 054" in judge.get(sheet + "?trang=2").text
    assert "Thí Sinh 054" in judge.get(sheet + "?in=1").text


@pytest.mark.parametrize(("role", "status"), [(Role.JUDGE, 200), (Role.ORGANIZER, 200), (Role.ADMIN, 403), (None, 403)])
def test_who_may_see_rankings(given, visit, ended, judge, make, role, status):
    sheet = make(judge).location
    person = visit(given.account(*([role] if role else [])))
    for address in ("/xet-hang", sheet, sheet + "/so-sanh?a=1&b=2"):
        assert person.get(address).status_code == status
        assert visit().get(address).status_code in (302, 401)
    # the sheet is there already, so who may make one is refused for that reason
    made = person.post(f"/xet-hang/lap/{ended['round']}/{ended['division']}", page="/tai-khoan")
    assert made.status_code == (409 if status == 200 else 403)


# Words


@pytest.mark.parametrize(
    ("criterion", "a", "b", "sentence"),
    [
        ("score", 20, 18, "Hạng 1 hơn 2 điểm"),
        ("prediction", 2, 1005, "Hạng 1 lệch ít hơn 1.003"),
        ("prediction", 2, NO_PREDICTION, "Hạng 1 có dự đoán, bên kia thì không"),
        ("elapsed", 475_013, 482_604, "Hạng 1 ngắn hơn 7,591 giây"),
        ("elapsed", 60_000, 200_500, "Hạng 1 ngắn hơn 2 phút 20,500 giây"),
        ("attempts", 1, 3, "Hạng 1 dùng ít hơn 2 lượt"),
        ("attempts:more", 3, 1, "Hạng 1 dùng nhiều hơn 2 lượt"),
        ("elapsed:more", 200_500, 60_000, "Hạng 1 dài hơn 2 phút 20,500 giây"),
        ("all_correct", 1, 0, "Hạng 1 đúng tất cả các câu, bên kia thì không"),
        ("perfect_attempts", 3, 1, "Hạng 1 có nhiều hơn 2 lượt đúng tất cả"),
        ("started", NOON, NOON + timedelta(seconds=2), "Hạng 1 bắt đầu sớm hơn 2,000 giây"),
    ],
)
def test_verdicts(app, criterion, a, b, sentence):
    with app.test_request_context():
        assert words.verdict(Comparison(criterion, a, b, "decides"), "Hạng 1") == sentence


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(microseconds=7), "7 phần triệu giây"),
        (timedelta(milliseconds=7), "0,007 giây"),
        (timedelta(hours=2, seconds=5), "2 giờ 0 phút 5,000 giây"),
        (timedelta(days=3, minutes=1), "3 ngày 0 giờ 1 phút 0,000 giây"),
    ],
)
def test_how_far_apart(app, span, text):
    with app.test_request_context():
        assert words.apart(span) == text
