"""Visitors and people with accounts practise; a question tells nothing of its key, and a kept item tells nothing at all."""

import re
from datetime import date, timedelta
from functools import partial

import pytest

from quiz.access import Role
from quiz.attempts import practice_views
from quiz.attempts.practice_models import PracticeBank, PracticeCard, PracticeUse
from quiz.banks.models import Bank
from quiz.contests.models import Contest
from quiz.db import db, transaction
from tests.kinds import KINDS, SECRET, paper_of_all_kinds
from tests.test_races import Device, at_once

HOUR = timedelta(hours=1)


@pytest.fixture
def practised(given, app, clock):
    """`practised(code)`: a bank that is given to practice; gives the address of its questions."""

    def make(code="kho", items=4, law_date=None, **version):
        bank_id = given.bank(items, code, **version) if items else _id_of(app, code)
        columns = {"is_on": True, "closed_topics": [], "law_date": law_date, "changed_at": clock()}
        given.save(PracticeBank(bank_id=bank_id, **columns))
        return f"/on-luyen/{code}/cau"

    return make


def _id_of(app, code):
    with app.app_context():
        return db.session.scalars(db.select(Bank.id).where(Bank.code == code)).one()


def mark_of(page):
    return re.search(r'name="cau" value="([^"]+)"', page)[1]


def reply(visitor, address, **fields):
    """Answer the question that the address shows."""
    page = visitor.get(address).text
    fields = {"cau": mark_of(page), "csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1]} | fields
    return visitor.client.post(address, data=fields)


def right_place(page):
    """Of a single choice whose right option is the B of its author."""
    options = re.findall(r'value="(\d)"[^>]*><span>Phương án (\w)', page)
    return next(place for place, letter in options if letter == "B")


def count(app, model):
    with app.app_context():
        return len(db.session.scalars(db.select(model)).all())


def keep_all(given, app, code, clock):
    """A draft asks for every topic of the bank."""
    contest_id = given.contest(state="draft")
    with app.app_context(), transaction():
        division = db.session.get_one(Contest, contest_id).divisions[0]
        cells = [{"bank": code, "topic": topic, "count": 1} for topic in ("chung", "danh-hieu")]
        division.rules = {**division.rules, "blueprint": cells}


def test_a_visitor_practises_and_leaves_nothing_but_sums(app, visit, practised):
    address, visitor = practised(), visit()
    start = visitor.get("/on-luyen").text
    assert "Ngân hàng thử" in start
    assert "2 câu" in start
    assert "Chưa đăng nhập vẫn ôn được" in start
    met, url = [], address + "?hat=7"
    for _ in range(4):
        page = visitor.get(url).text
        met.append(re.search(r"Câu hỏi số (\d)\?", page)[1])
        answer = reply(visitor, url)
        assert answer.status_code == 200
        for words in ("Bạn chưa trả lời", f"Giải thích câu {met[-1]}.", "Đáp án"):
            assert words in answer.text
        url = re.search(r'href="([^"]+)">Câu tiếp theo', answer.text)[1].replace("&amp;", "&")
    assert sorted(met) == ["1", "2", "3", "4"]
    assert "Bạn đã đi hết phần này" in visitor.get(url).text
    assert (count(app, PracticeCard), count(app, PracticeUse)) == (0, 4)
    names = {cookie.key for cookie in visitor.client._cookies.values()}
    assert names == {"hieuluat"}


def test_right_and_wrong_are_told_at_once(visit, practised):
    address, visitor = practised(items=1), visit()
    page = visitor.get(address + "?hat=1").text
    place = right_place(page)
    fields = {"cau": mark_of(page)}
    right = visitor.post(address, fields | {"q1": place}, page=address)
    assert "mark-ok" in right.text
    assert "Đáp án, bạn chọn" in right.text
    wrong = visitor.post(address, fields | {"q1": str(int(place) % 4 + 1)}, page=address)
    assert "Chưa đúng" in wrong.text
    assert "Bạn chọn" in wrong.text


def test_only_the_chosen_topics_are_asked(visit, practised):
    address, visitor = practised(), visit()
    for seed in range(6):
        page = visitor.get(f"{address}?chu-de=danh-hieu&hat={seed}").text
        assert re.search(r"Câu hỏi số [13]\?", page)
    assert visitor.get(f"{address}?chu-de=khong-co&che-do=gi&hat=x&sau=y").status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_practised_without_script_and_tells_nothing_before(app, given, visit, practised, kind):
    paper_of_all_kinds(given)
    address, visitor = practised(f"loai-{kind.replace('_', '-')}", items=0), visit()
    right = {
        "multiple": None, "true_false": {"q1": "2"}, "short_text": {"q1": "Ba trăm triệu đồng"}, "number": {"q1": "3,5"},
    }.get(kind)  # fmt: skip
    page = visitor.get(address + "?hat=5").text
    for told in (SECRET, "300 triệu", "±", "mark-ok", "Giải thích câu", "Đáp án:"):
        assert told not in page
    answer = reply(visitor, address, **(right or {}))
    assert answer.status_code == 200
    assert "Giải thích câu 1." in answer.text
    if right:
        assert (
            ">Đúng<"
            in re.sub(r"<svg.*?</svg>|\s", "", answer.text.partition("<h1")[2].partition("</h1>")[0] + "<")[-6:]
        )
    if kind == "single":
        assert "/hinh/" in page


def test_a_question_that_a_contest_takes_meanwhile_is_not_told(app, given, visit, practised, clock):
    address, visitor = practised(), visit()
    shown = visitor.get(address + "?hat=2").text
    keep_all(given, app, "kho", clock)
    answer = visitor.client.post(
        address, data={"cau": mark_of(shown), "q1": "1", "csrf_token": visitor.token("/dang-nhap")}
    )
    assert answer.status_code == 409
    assert "để dành cho một cuộc thi" in answer.text
    for told in ("Giải thích", "Phương án", "Câu hỏi số"):
        assert told not in answer.text
    assert count(app, PracticeUse) == 0
    page = visitor.get(address + "?hat=2").text
    assert "chưa ôn được" in page
    assert "Phương án" not in page
    index = visitor.get("/on-luyen").text
    assert "chưa ôn được câu nào" in index
    assert "Cuộc thi số" not in index


@pytest.mark.parametrize("spoil", [lambda mark: mark[:-2], lambda mark: "", lambda mark: mark.replace(".", "x")])
def test_a_spoilt_mark_is_refused(app, visit, practised, spoil):
    address, visitor = practised(), visit()
    mark = mark_of(visitor.get(address).text)
    answer = visitor.post(address, {"cau": spoil(mark), "q1": "1"}, page=address)
    assert answer.status_code == 409
    assert "không nhận ra câu hỏi" in answer.text
    assert "Giải thích" not in answer.text


def test_an_answer_that_is_not_of_our_shape_is_refused(visit, practised):
    address, visitor = practised(), visit()
    assert reply(visitor, address, q1="một").status_code == 409


def test_a_bank_that_is_not_given_has_no_page(given, visit):
    given.bank(2, "kin")
    assert visit().get("/on-luyen/kin/cau").status_code == 404
    assert "Chưa có phần nào để ôn" in visit().get("/on-luyen").text


def test_a_visitor_is_shown_so_many_in_an_hour(visit, practised, clock, monkeypatch):
    monkeypatch.setattr(practice_views, "SHOWN_PER_HOUR", 2)
    address, visitor = practised(), visit()
    assert [visitor.get(address).status_code for _ in range(3)] == [200, 200, 409]
    assert "rất nhiều câu" in visitor.get(address).text
    clock.advance(hours=1)
    assert visitor.get(address).status_code == 200


def test_the_day_of_the_law_is_said(visit, practised, clock):
    address, visitor = practised(law_date=date(2023, 6, 30), valid_until=date(2024, 1, 1)), visit()
    assert "Theo pháp luật đến ngày 30/06/2023" in visitor.get("/on-luyen").text
    assert "Theo pháp luật đến ngày 30/06/2023" in visitor.get(address).text
    answer = reply(visitor, address).text
    assert "Theo pháp luật đến ngày 30/06/2023" in answer
    assert "đúng đến trước ngày 01/01/2024" in answer


def test_the_citation_comes_with_its_state(given, visit, practised):
    document = given.document()
    address = practised(items=1, document_id=document, article="5", exemplar="Gương một người.")
    answer = reply(visit(), address).text
    for words in ("Điều 5", "06/2022/QH15", "Còn hiệu lực", f"/van-ban/{document}", "Gương một người."):
        assert words in answer


def test_a_person_says_how_well_it_was_known_and_is_asked_again_in_time(app, given, visit, practised, clock):
    address, person = practised(items=1), visit(given.account())
    page = person.get(address + "?hat=1").text
    answer = reply(person, address + "?hat=1", q1=right_place(page))
    if "Bạn nhớ câu này đến đâu?" not in answer.text:  # the options stand otherwise on every page
        clock.advance(minutes=10)
        page = person.get(address + "?che-do=tat-ca").text
        fields = {"cau": mark_of(page), "q1": right_place(page)}
        answer = person.post(address + "?che-do=tat-ca", fields, page=address + "?che-do=tat-ca")
    assert "2 ngày nữa" in answer.text or "1 ngày nữa" in answer.text
    rate = re.search(r'action="([^"]+/nho[^"]+)"', answer.text)[1].replace("&amp;", "&")
    fields = {"cau": mark_of(answer.text), "muc": "de"}
    gone_on = person.post(rate, fields, page="/tai-khoan")
    assert gone_on.status_code == 302
    assert gone_on.location.startswith("/on-luyen/kho/cau?")
    assert person.post(rate, fields | {"muc": "gi"}, page="/tai-khoan").status_code == 400
    assert "đã ôn 1 câu" in person.get("/on-luyen").text
    clock.advance(days=30)
    assert "Ôn câu đến hạn (1)" in person.get("/on-luyen").text
    assert "Câu hỏi số 1?" in person.get(address + "?che-do=den-han").text
    forgotten = person.post("/on-luyen/quen", page="/on-luyen", follow_redirects=True)
    assert "Đã xóa việc ôn luyện của bạn: 1 câu" in forgotten.text
    assert count(app, PracticeCard) == 0
    assert "Không còn câu nào đến hạn" in person.get(address + "?che-do=den-han").text


def test_one_page_answered_twice_at_once_is_one_answer(app, given, practised):
    """And the second time over a card that is there already."""
    address, person = practised(items=1), given.account()
    for times in (1, 2):
        devices = [Device(app, person, "/tai-khoan") for _ in range(4)]
        mark = mark_of(devices[0].client.get(address + "?che-do=tat-ca").text)
        answers = at_once(*(partial(d.post, address, {"cau": mark, "q1": "1"}) for d in devices))
        assert {answer.status_code for answer in answers} == {200}
        with app.app_context():
            card, use = (db.session.scalars(db.select(model)).one() for model in (PracticeCard, PracticeUse))
            assert (card.seen, use.answered) == (times, times)


def test_a_stranger_rates_and_erases_nothing(visit, practised):
    address, visitor = practised(items=1), visit()
    for path in ("/on-luyen/kho/nho?sau=1", "/on-luyen/quen"):
        answer = visitor.post(path, {"cau": "x", "muc": "de"}, page=address)
        assert answer.location.startswith("/dang-nhap")


# Organizers


def test_organizers_give_a_bank_topic_by_topic_and_see_who_keeps_it(app, given, visit, clock):
    contest_id = given.contest(opens_at=clock() + HOUR, closes_at=clock() + 2 * HOUR)
    with app.app_context():
        contest = db.session.get_one(Contest, contest_id)
        code, title = contest.divisions[0].rules["blueprint"][0]["bank"], contest.title
    organizer = visit(given.account(Role.ORGANIZER))
    page = organizer.get("/to-chuc/on-luyen").text
    for words in ("Đóng", "0/16", title, "Kỳ 1", "giữ 16 câu", "kỳ thi sắp mở"):
        assert words in page
    address = f"/to-chuc/on-luyen/{code}"
    wrong = organizer.post(address, {"is_on": "y", "law_date-d": "31", "law_date-m": "2", "law_date-y": "2024"})
    assert wrong.status_code == 422
    fields = {"is_on": "y", "topics": ["chung"], "law_date-d": "31", "law_date-m": "12", "law_date-y": "2024"}
    assert organizer.post(address, fields).location == "/to-chuc/on-luyen"
    page = organizer.get("/to-chuc/on-luyen").text
    for words in ("Đang mở", "pháp luật đến ngày 31/12/2024", "0/8"):
        assert words in page
    clock.advance(hours=2, seconds=11)
    assert "8/8" in organizer.get(address).text
    index = visit().get("/on-luyen").text
    assert "Quy định chung" in index
    assert "Danh hiệu thi đua" not in index
    organizer.post(address, {"topics": ["chung"]})
    assert visit().get(f"/on-luyen/{code}/cau").status_code == 404


def test_organizers_see_sums_and_no_person(app, given, visit, practised):
    address, person = practised(items=1), visit(given.account(name="Ngô Thị Bảy"))
    for _ in range(5):
        reply(person, address + "?che-do=tat-ca")
    page = visit(given.account(Role.ORGANIZER)).get("/to-chuc/on-luyen/kho").text
    for words in ("Câu hay trả lời sai nhất", "đúng 0 trên 5 lần", "C001"):
        assert words in page
    assert "Ngô Thị Bảy" not in page


def test_others_do_not_come_to_the_organizers_pages(given, visit, practised):
    practised()
    for roles in ((), (Role.JUDGE,), (Role.ADMIN,)):
        assert visit(given.account(*roles)).get("/to-chuc/on-luyen").status_code == 403
        assert visit(given.account(*roles)).get("/to-chuc/on-luyen/kho").status_code == 403


def test_contest_pages_lead_to_practice_between_rounds(given, visit, clock):
    given.contest(opens_at=clock() + HOUR, closes_at=clock() + 2 * HOUR)
    page = visit().get("/cuoc-thi/cuoc-thi-1")
    assert "Ôn luyện trong lúc chờ" in page.text
    clock.advance(hours=1)
    assert "Ôn luyện trong lúc chờ" not in visit().get("/cuoc-thi/cuoc-thi-1").text
    clock.advance(hours=1)
    assert "Ôn luyện tiếp" in visit().get("/cuoc-thi/cuoc-thi-1").text
