"""From a complaint to its answer: terms, the register, who may see and answer it."""

import io
from datetime import datetime, timedelta, timezone
from functools import partial

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.attempts.models import Attempt
from quiz.contests.models import Entry
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from quiz.marking.models import KeyRuling
from quiz.recognition import complaint_queries, complaints
from quiz.recognition.complaint_queries import RegisterPart
from quiz.recognition.models import Complaint, ComplaintAbout, Outcome
from quiz.recognition.refusals import ComplaintRefusal
from tests.test_races import at_once

HANOI = timezone(timedelta(hours=7))
TEXT = "Câu 2 có hai phương án đúng theo khoản 1 Điều 5."


@pytest.fixture
def attempt(given, contest):
    """The attempt of somebody in the first division and round."""
    return given.attempt(given.entry(contest), given.round_ids(contest)[0])


@pytest.fixture
def file(app, clock, attempt):
    """`file(about, question)`: a complaint about the attempt; gives its id, or why it is refused."""

    def make(about, question=None, *, of=None):
        with app.app_context():
            try:
                with transaction():
                    row = db.session.get_one(Attempt, of or attempt)
                    return complaints.file(row.entry, row, ComplaintAbout(about), question, TEXT, now=clock()).id
            except Refusal as refusal:
                return refusal.reason

    return make


def test_a_question_may_be_complained_about_before_the_results_are_out(file):
    assert isinstance(file("question", 2), int)
    assert file("question", 2) is ComplaintRefusal.FILED_ALREADY
    assert isinstance(file("question", 3), int)
    assert file("question", 5) is ComplaintRefusal.NO_SUCH_QUESTION
    assert file("result") is ComplaintRefusal.OUT_OF_TERM


@pytest.mark.parametrize(("seconds", "is_taken"), [(-1, True), (0, False), (1, False)])
def test_the_term_ends_with_its_last_day(given, clock, contest, sheet, file, seconds, is_taken):
    of = given.attempt(given.entry(contest), given.round_ids(contest)[0])
    sheet([1])  # published on 20 November 2024
    clock.now = datetime(2024, 11, 24, 0, 0, tzinfo=HANOI) + timedelta(seconds=seconds)
    assert isinstance(file("result", of=of), int) is is_taken


def test_a_corrected_sheet_begins_another_term(given, clock, contest, sheet, file):
    of = given.attempt(given.entry(contest), given.round_ids(contest)[0])
    sheet([1])
    clock.advance(days=10)
    assert file("result", of=of) is ComplaintRefusal.OUT_OF_TERM
    sheet([1], number=2)
    assert isinstance(file("result", of=of), int)


def test_who_is_at_work_or_has_left_complains_about_nothing(given, contest, file):
    open_ = given.open_attempt(given.entry(contest), given.round_ids(contest)[0])
    assert file("attempt", of=open_) is ComplaintRefusal.OUT_OF_TERM


def test_a_contest_may_take_none(given, file):
    contest = given.contest(rules={"complaint_days": 0})
    assert (
        file("attempt", of=given.attempt(given.entry(contest), given.round_ids(contest)[0]))
        is ComplaintRefusal.OUT_OF_TERM
    )


def test_nobody_floods_the_register(app, given, contest, file):
    for n in range(1, 5):
        assert isinstance(file("question", n), int)
    assert isinstance(file("attempt"), int)
    with app.app_context(), transaction():  # answered ones count too
        db.session.execute(
            text("UPDATE complaint SET answered_at = filed_at, answered_by_id = 1, outcome = 'rejected', answer = 'x'")
        )
    assert file("attempt") is ComplaintRefusal.TOO_MANY


def test_an_answer_is_for_good_and_the_register_whole(app, given, clock, organizer, file):
    complaint_id = file("question", 2)
    clock.advance(days=1)

    def answer(by):
        with app.app_context(), transaction():
            row, actor = db.session.get_one(Complaint, complaint_id), db.session.get_one(Account, by)
            complaints.answer(
                row, Outcome.UPHELD, "Đúng, đáp án đã được đính chính.", actor, remedy="đính chính câu 2", now=clock()
            )

    with app.app_context():
        own = db.session.get_one(Complaint, complaint_id).account_id
    with pytest.raises(Refusal) as refusal:
        answer(own)
    assert refusal.value.reason is ComplaintRefusal.OWN_COMPLAINT

    def try_it():
        try:
            return answer(organizer)
        except Refusal as refusal:
            return refusal.reason

    assert set(at_once(try_it, try_it, try_it)) == {None, ComplaintRefusal.ANSWERED_ALREADY}
    for statement in (
        "DELETE FROM complaint",
        "UPDATE complaint SET text = 'x'",
        "UPDATE complaint SET version_id = NULL",
        "UPDATE complaint SET answer = 'x'",
    ):
        with app.app_context(), pytest.raises(IntegrityError), transaction():
            db.session.execute(text(statement))


def test_two_who_file_at_once_get_two_numbers(app, given, clock, contest):
    ids = [given.attempt(given.entry(contest), given.round_ids(contest)[0]) for _ in range(4)]

    def file_one(attempt_id):
        with app.app_context(), transaction():
            row = db.session.get_one(Attempt, attempt_id)
            return complaints.file(row.entry, row, ComplaintAbout.ATTEMPT, None, TEXT, now=clock()).number

    assert sorted(at_once(*(partial(file_one, i) for i in ids))) == [1, 2, 3, 4]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_judge_answers_what_was_assigned_but_never_of_the_own_unit(app, given, visit, contest, organizer):
    unit = given.org_unit()
    entry = given.entry(contest, given.account(unit=unit))
    near, far = given.account(Role.JUDGE, unit=unit, name="Gần"), given.account(Role.JUDGE, name="Xa")
    with app.app_context(), transaction():
        row = db.session.get_one(Attempt, given.attempt(entry, given.round_ids(contest)[0]))
        code = complaints.file(row.entry, row, ComplaintAbout.QUESTION, 1, TEXT, now=row.ended_at).code
    page = f"/to-chuc/khieu-nai/{code}"
    office, judge = visit(organizer), visit(far)
    answer = {"outcome": "rejected", "answer": "Đáp án đúng theo khoản 1 Điều 5.", "sheet": "0"}
    assert "Gửi trả lời" not in judge.get(page).text
    assert "Giám khảo không trả lời khiếu nại của người cùng đơn vị" in visit(near).get(page).text
    assert office.post(f"{page}/giao", {"account": near}, page=page).status_code == 422
    assert office.post(f"{page}/giao", {"account": far}, page=page).status_code == 302
    assert "giao cho Xa" in office.get("/to-chuc/khieu-nai").text
    assert "Giao cho tôi (1)" in judge.get("/to-chuc/khieu-nai?xem=cua-toi").text
    with app.app_context(), transaction():  # given to the judge before joining the unit
        db.session.get_one(Account, far).org_unit_id = unit
    assert "cùng đơn vị" in judge.post(f"{page}/tra-loi", answer, page="/tai-khoan").text
    with app.app_context(), transaction():
        db.session.get_one(Account, far).org_unit_id = None
    assert judge.post(f"{page}/tra-loi", answer, page=page).status_code == 302
    assert office.post(f"{page}/giao", {"account": far}, page="/tai-khoan").status_code == 409
    with app.app_context():
        actions = set(db.session.scalars(db.select(JournalRecord.action)))
        assert {"complaint.assigned", "complaint.answered"} <= actions


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_upheld_complaint_leads_to_the_sheet_that_puts_it_right(
    app, given, clock, visit, contest, organizer, sheet, file
):
    of = given.attempt(given.entry(contest), given.round_ids(contest)[0])
    sheet([1])
    clock.advance(minutes=1)
    complaint_id = file("result", of=of)
    corrected = sheet([1], number=2)
    with app.app_context():
        code, person = (getattr(db.session.get_one(Complaint, complaint_id), name) for name in ("code", "account_id"))
    page = f"/to-chuc/khieu-nai/{code}"
    office = visit(organizer)
    form = office.get(page).text
    assert "Bảng kết quả số 2" in form
    assert "Bảng kết quả số 1" not in form
    answer = {"outcome": "upheld", "answer": "Đúng, bảng kết quả đã được lập lại.", "remedy": "khôi phục lượt thi"}
    assert office.post(f"{page}/tra-loi", answer | {"sheet": corrected}, page=page).status_code == 302
    assert "Bảng kết quả đính chính số 2" in visit(person).get(f"/khieu-nai/{code}").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_publishes_is_told_what_waits_for_an_answer(given, visit, contest, organizer, sheet, file):
    file("question", 1)
    waiting = sheet([1], published=False)
    assert "Còn 1 khiếu nại chưa trả lời" in visit(organizer).get(f"/xet-hang/{waiting}").text
    other = sheet([1], division=1, published=False)
    assert "khiếu nại chưa trả lời" not in visit(organizer).get(f"/xet-hang/{other}").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages(app, given, clock, visit, contest, attempt, organizer):
    with app.app_context():
        row = db.session.get_one(Attempt, attempt)
        person, code, slug = row.account_id, row.code, row.entry.contest.slug
    browser, office, judge = visit(person), visit(organizer), visit(given.account(Role.JUDGE))
    form = f"/khieu-nai/moi/{slug}"
    assert form in browser.get(f"/thi/{code}/ket-qua").text
    assert visit(given.account()).get(form).status_code == 404
    missing = browser.post(form, {"attempt": code, "about": "question", "text": TEXT})
    assert missing.status_code == 422
    assert "Hãy ghi số thứ tự của câu" in missing.text
    assert TEXT in missing.text  # nothing typed is lost
    sent = browser.post(form, {"attempt": code, "about": "question", "question": "2", "text": TEXT})
    address = sent.headers["Location"]
    assert "Khiếu nại số 1/2024" in browser.get(address).text
    assert visit(given.account()).get(address).status_code == 403
    register = office.get("/to-chuc/khieu-nai").text
    assert "Chờ trả lời (1)" in register
    assert browser.get("/to-chuc/khieu-nai").status_code == 403
    page = f"/to-chuc{address}"
    assert TEXT in judge.get(page).text
    assert "Mở câu trong ngân hàng" in judge.get(page).text
    answer = {
        "outcome": "upheld",
        "answer": "Câu 2 có hai phương án đúng; đáp án đã đính chính.",
        "remedy": "",
        "sheet": "0",
    }
    assert judge.post(f"{page}/tra-loi", answer, page="/tai-khoan").status_code == 403
    assert "phải ghi đã xử lý thế nào" in office.post(f"{page}/tra-loi", answer, page=page).text
    done = office.post(f"{page}/tra-loi", answer | {"remedy": "đính chính đáp án, bảng kết quả số 2"}, page=page)
    assert done.status_code == 302
    with app.app_context():
        row = db.session.scalars(db.select(Complaint)).one()
        contest_id, version_id = row.entry.contest_id, row.version_id
    assert "Đề xuất đính chính" in judge.get(page).text
    assert "đính chính số 1" not in browser.get(address).text
    given.save(
        KeyRuling(
            contest_id=contest_id, version_id=version_id, number=1, what="void", keys=[], accepted=[], why=TEXT,
            proposed_at=clock(), proposed_by_id=person, confirmed_at=clock(), confirmed_by_id=organizer, finished_at=clock(),
        )
    )  # fmt: skip
    assert "Đáp án đã đính chính, số 1" in judge.get(page).text
    told = browser.get(address).text
    assert "đính chính số 1" in told
    assert "Khiếu nại đúng" in told
    assert "bảng kết quả số 2" in told
    assert "Khiếu nại số 1/2024 đã được trả lời" in browser.get("/thong-bao").text
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.get("/to-chuc/khieu-nai.xlsx").data))
    (head, line) = book.get_sheet_by_index(0).to_python()
    assert dict(zip(head, line, strict=True))["Đã xử lý bằng"] == "đính chính đáp án, bảng kết quả số 2"


def test_the_parts_of_the_register(app, given, clock, organizer, file):
    late = file("question", 1)
    clock.advance(days=6)
    waits, mine, done = (file("question", n) for n in (2, 3, 4))
    with app.app_context():
        with transaction():
            me = db.session.get_one(Account, organizer)
            complaints.assign(db.session.get_one(Complaint, mine), me, me, now=clock())
            answered = db.session.get_one(Complaint, done)
            complaints.answer(answered, Outcome.REJECTED, "Đáp án đúng.", me, now=clock())
        parts = {
            RegisterPart.WAITING: [late, waits, mine],
            RegisterPart.OVERDUE: [late],
            RegisterPart.MINE: [mine],
            RegisterPart.ANSWERED: [done],
            RegisterPart.ALL: [late, waits, mine, done],
        }
        assert set(parts) == set(RegisterPart)
        for part, ids in parts.items():
            found = complaint_queries.register(part, organizer, clock(), limit=9)
            assert [c.id for c in found] == ids, part
            assert complaint_queries.count_register(part, organizer, clock()) == len(ids), part
        second = complaint_queries.register(RegisterPart.ALL, organizer, clock(), limit=2, offset=1)
        assert [c.id for c in second] == [waits, mine]
        assert [c.id for c in complaint_queries.whole_register()] == [late, waits, mine, done]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_overdue_complaints_are_seen(app, given, clock, visit, organizer, file):
    file("attempt")
    clock.advance(days=6)
    assert "Quá hạn (1)" in visit(organizer).get("/to-chuc/khieu-nai?xem=qua-han").text
    with app.app_context():
        assert db.session.scalars(db.select(Entry)).first() is not None
