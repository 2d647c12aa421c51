"""A person sits a paper: start, save, resume, submit, outcome; and everything that is refused on the way."""

from datetime import timedelta
from json import dumps

import pytest
from sqlalchemy import event

from quiz.access import Role
from quiz.attempts.models import Attempt
from quiz.banks.models import Item
from quiz.db import db
from tests.kinds import DIGEST, KINDS, MIXED, RIGHT, paper_of_all_kinds

NO_ANSWERS = {"a": {}, "f": [], "p": None, "t": {}}


@pytest.fixture
def contest(given):
    return given.contest(rules={"review_release": "after_close"})


@pytest.fixture
def person(given, visit, contest):
    account = given.account(name="Ngô Văn Sáu")
    given.entry(contest, account)
    return visit(account)


def attempts(app):
    with app.app_context():
        return db.session.scalars(db.select(Attempt).order_by(Attempt.id)).all()


@pytest.fixture
def start(given, contest):
    """Start an attempt by its form; gives the address of the paper."""

    def press(visitor, round_number=0):
        round_id = given.round_ids(contest)[round_number]
        return visitor.post(f"/thi/bat-dau/{round_id}", page="/tai-khoan")

    return press


def test_start_opens_a_paper_without_any_key(app, person, start):
    response = start(person)
    assert response.status_code == 302
    page = person.get(response.location)
    assert page.status_code == 200
    assert page.text.count("<fieldset") == 4
    for word in ("Giải thích", "explanation", "data-key", "Đáp án,"):
        assert word not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_two_starts_give_one_attempt(app, person, start):
    assert start(person).location == start(person).location
    assert len(attempts(app)) == 1


def test_save_then_resume_on_another_device(app, given, visit, contest, start):
    account = given.account()
    given.entry(contest, account)
    phone, computer = visit(account), visit(account)
    address = start(phone).location
    api = "/api" + address
    body = {"revision": 1, "responses": NO_ANSWERS | {"a": {"2": [3]}, "f": [2]}}
    saved = phone.post_json(api, body, page=address)
    assert saved.status_code == 204
    assert int(saved.headers["X-Left-Ms"]) == 20 * 60_000
    page = computer.get(address).text
    assert 'name="q2" value="3" checked' in page
    assert 'data-revision="1"' in page
    # the phone, which has not seen what the computer then saved, is told
    assert computer.post_json(api, {"revision": 2, "responses": NO_ANSWERS}, page=address).status_code == 204
    stale = phone.post_json(api, {"revision": 2, "responses": body["responses"]}, page=address)
    assert (stale.status_code, stale.json["error"]) == (409, "other_device")
    assert "máy khác" in stale.json["message"]


@pytest.mark.parametrize("body", [None, {}, {"revision": 1}, {"revision": "x", "responses": {}}, {"revision": 0, "responses": {}},
                                  {"revision": 1, "responses": {"a": {"1": "A"}}}, [1]])  # fmt: skip
def test_a_save_of_another_shape_is_refused_and_loses_nothing(app, person, start, body):
    address = start(person).location
    response = person.post_json("/api" + address, body, page=address)
    assert response.status_code == 422
    assert "còn nguyên" in response.json["message"]
    assert attempts(app)[0].revision == 0


LONG = "9" * 5000
STRANGE = [
    b"", b"{", b"[" * 50_000, b'{"revision": 1, "responses": ' + b'{"a":' * 9_000, b"\xff\xfe", b'{"revision": 1e999, "responses": {}}',
    b'{"revision": NaN, "responses": {}}', b'{"revision": true, "responses": {}}', f'{{"revision": {LONG}, "responses": {{}}}}',
    b'{"revision": 99999999999999999999, "responses": {}}', b'{"revision": 1, "responses": {"a": [[1e999, [1]]]}}',
    b'{"revision": 1, "responses": {"answers": {"1": [2]}}}', b'{"revision": 1, "responses": {"a": {"\\u0000": [1]}}}',
]  # fmt: skip


@pytest.mark.parametrize("body", STRANGE)
def test_a_save_of_any_bytes_is_refused_and_loses_nothing(app, person, start, body):
    address = start(person).location
    token = person.token(address)
    response = person.client.post("/api" + address, data=body, headers={"X-CSRFToken": token})
    assert response.status_code == 422
    assert "còn nguyên" in response.json["message"]
    submitted = person.post(address + "/nop", {"revision": "1", "document": body}, page=address)
    assert submitted.status_code == 422
    assert "Bài chưa nộp" in submitted.text
    assert (attempts(app)[0].revision, attempts(app)[0].state) == (0, "open")


@pytest.mark.parametrize("revision", ["", "0", "-5", "x", "2147483648", "9" * 20, LONG])
def test_a_submission_with_no_revision_of_ours_is_refused(app, person, start, revision):
    address = start(person).location
    response = person.post(address + "/nop", {"revision": revision, "q1": "2"}, page=address)
    assert response.status_code == 422
    assert attempts(app)[0].state == "open"


def test_a_save_longer_than_any_paper_is_not_read(app, person, start):
    address = start(person).location
    body = {"revision": 1, "responses": NO_ANSWERS, "rest": "x" * 70_000}
    assert person.post_json("/api" + address, body, page=address).status_code == 413


def test_a_save_needs_the_token_and_a_signed_in_person(app, person, start, visit):
    address = start(person).location
    assert person.client.post("/api" + address, json={"revision": 1, "responses": {}}).status_code == 400
    stranger = visit()
    assert stranger.post_json("/api" + address, {"revision": 1, "responses": {}}, page="/dang-nhap").status_code == 401


def test_submit_by_plain_form_marks_the_paper(app, person, start):
    address = start(person).location
    attempt = attempts(app)[0]
    # the key of every item is its second option; find where the paper shows it
    right = {f"q{n}": order.index(2) + 1 for n, (_version, order) in enumerate(attempt.paper, 1)}
    wrong = dict(right, q4=attempt.paper[3][1].index(1) + 1)
    done = person.post(address + "/nop", {"revision": "1", **wrong}, page=address, follow_redirects=True)
    assert done.request.path == address + "/ket-qua"
    assert "3<small>/4</small>" in done.text
    attempt = attempts(app)[0]
    assert (attempt.state, attempt.score, attempt.correct, attempt.all_correct) == ("submitted", 3, 3, False)


def test_submitting_twice_is_the_same_as_once(app, person, start, clock):
    address = start(person).location
    token = person.token(address)
    form = {"csrf_token": token, "revision": "1", "document": '{"a": {"1": [1]}}'}
    clock.advance(seconds=30)
    assert person.client.post(address + "/nop", data=form).status_code == 302
    first = attempts(app)[0]
    clock.advance(seconds=30)
    again = person.client.post(address + "/nop", data=form | {"document": '{"a": {"1": [2]}}', "revision": "9"})
    assert again.location == address + "/ket-qua"
    second = attempts(app)[0]
    assert (first.responses, first.ended_at, first.score) == (second.responses, second.ended_at, second.score)


def test_submitting_from_a_stale_tab_is_refused(app, person, start):
    address = start(person).location
    person.post_json("/api" + address, {"revision": 5, "responses": NO_ANSWERS | {"a": {"1": [1]}}}, page=address)
    response = person.post(address + "/nop", {"revision": "2", "document": '{"a": {"1": [3]}}'}, page=address)
    assert response.status_code == 409
    assert attempts(app)[0].state == "open"


@pytest.mark.parametrize(("seconds", "state"), [(1200, "submitted"), (1210, "submitted"), (1211, "expired")])
def test_submission_around_the_deadline(app, person, start, clock, seconds, state):
    address = start(person).location
    token = person.token(address)
    saved = {"revision": 1, "responses": NO_ANSWERS | {"a": {"1": [1]}}}
    assert person.post_json("/api" + address, saved, page=address).status_code == 204
    clock.advance(seconds=seconds)
    late = {"csrf_token": token, "revision": "2", "document": '{"a": {"1": [1], "2": [1]}}'}
    person.client.post(address + "/nop", data=late)
    attempt = attempts(app)[0]
    assert attempt.state == state
    assert attempt.elapsed_ms == 1_200_000
    assert ("2" in attempt.responses["a"]) is (state == "submitted")


def test_whoever_sees_an_expired_attempt_first_ends_it(app, person, start, clock):
    address = start(person).location
    person.post_json("/api" + address, {"revision": 1, "responses": NO_ANSWERS | {"a": {"1": [1]}}}, page=address)
    clock.advance(hours=2)
    page = person.get(address, follow_redirects=True)
    assert "máy đã nộp bài" in page.text
    attempt = attempts(app)[0]
    assert (attempt.state, attempt.ended_at) == ("expired", attempt.deadline_at)


def test_review_is_shown_only_when_nobody_can_still_be_at_work(app, person, start, clock):
    address = start(person).location
    outcome = address + "/ket-qua"
    person.post(address + "/nop", {"revision": "1", "document": "{}"}, page=address)
    assert "Giải thích câu" not in person.get(outcome).text
    clock.now = attempts(app)[0].started_at + timedelta(hours=1, seconds=9)
    assert "Giải thích câu" not in person.get(outcome).text
    clock.advance(seconds=1, milliseconds=1)
    page = person.get(outcome).text
    assert page.count("Giải thích câu") == 4
    assert page.count("Đáp án</span>") == 4


def test_starting_around_the_closing_moment(app, person, start, clock):
    clock.advance(minutes=59, seconds=59, microseconds=999_999)
    assert start(person).status_code == 302
    clock.advance(microseconds=1)
    given_back = start(person)  # still the running attempt: it is inside its grace
    assert given_back.status_code == 302
    clock.advance(minutes=1)
    refused = start(person)
    assert refused.status_code == 409
    assert "đã đóng" in refused.text


def test_a_start_one_millisecond_after_the_close_is_refused(app, person, start, clock):
    clock.advance(hours=1, milliseconds=1)
    response = start(person)
    assert response.status_code == 409
    assert "đã đóng" in response.text
    assert attempts(app) == []


def test_the_last_attempt_is_the_last(app, person, start):
    for _ in range(2):
        address = start(person).location
        person.post(address + "/nop", {"revision": "1", "document": "{}"}, page=address)
    response = start(person)
    assert response.status_code == 409
    assert "hết số lượt" in response.text
    assert len(attempts(app)) == 2


def test_an_attempt_belongs_to_its_person(app, given, visit, contest, person, start):
    address = start(person).location
    other_account = given.account()
    given.entry(contest, other_account)
    other = visit(other_account)
    assert other.get(address).status_code == 403
    assert other.get(address + "/ket-qua").status_code == 403
    assert other.post(address + "/nop", {"revision": "1", "document": "{}"}, page="/tai-khoan").status_code == 403
    save = other.post_json("/api" + address, {"revision": 1, "responses": NO_ANSWERS}, page="/tai-khoan")
    assert (save.status_code, save.json["error"]) == (409, "not_found")
    assert attempts(app)[0].revision == 0
    assert visit().get(address).status_code == 302
    assert other.get("/thi/KHONGCOBAINAY").status_code == 404


def test_the_round_of_a_draft_tells_nothing(given, visit):
    draft = given.contest(state="draft")
    response = visit(given.account()).post(f"/thi/bat-dau/{given.round_ids(draft)[0]}", page="/tai-khoan")
    assert response.status_code == 404


def test_start_without_an_entry_leads_to_registration(given, visit, contest, start):
    response = start(visit(given.account()))
    assert response.status_code == 302
    assert response.location.endswith("/dang-ky")


def test_the_story_of_an_exemplar_stands_beside_its_question_once_the_keys_are_out(app, given, person, start, clock):
    with app.app_context():
        items = db.session.scalars(db.select(Item.id)).all()
    given.exemplar("Tổ Giáp", slug="to-giap", title="Ba mươi năm hòa giải", items=items)
    address = start(person).location
    assert "to-giap" not in person.get(address).text
    person.post(address + "/nop", {"revision": "1"}, page=address)
    outcome = address + "/ket-qua"
    assert "Ba mươi năm hòa giải" not in person.get(outcome).text
    clock.advance(days=3)
    page = person.get(outcome).text
    assert page.count('<a href="/guong/to-giap?tu=review">Ba mươi năm hòa giải</a>') == 4


# questions of every kind


@pytest.fixture
def every_kind(given, visit, clock):
    """Somebody with an open paper of questions of every kind, worth six points each: (visitor, address)."""
    contest = given.contest(rules={"points_per_item": 6, "review_release": "after_submit"})
    account = given.account(name="Ngô Văn Bảy")
    paper = paper_of_all_kinds(given)
    given.open_attempt(given.entry(contest, account), given.round_ids(contest)[0], code="MOILOAICAU12", paper=paper)
    return visit(account), "/thi/MOILOAICAU12"


def test_a_plain_form_of_every_kind_is_marked(app, every_kind):
    person, address = every_kind
    fields = {f"q{n}": [str(place) for place in places] for n, places in RIGHT["a"].items()} | {
        f"q{n}-{i}": str(number) for n, numbers in RIGHT["s"].items() for i, number in enumerate(numbers, 1)
    }
    fields |= {f"q{n}": text for n, text in RIGHT["w"].items()}
    person.post(address + "/nop", fields | {"revision": "1"}, page=address)
    (attempt,) = attempts(app)
    assert (attempt.responses, attempt.score, attempt.all_correct) == (RIGHT, 42, True)


def test_what_was_answered_is_on_the_page_again(every_kind):
    person, address = every_kind
    person.post_json("/api" + address, {"revision": 1, "responses": MIXED}, page=address)
    page = person.get(address).text
    assert 'name="q2" value="1" checked' in page
    assert 'value="ba tram trieu dong"' in page
    assert 'inputmode="decimal"' in page
    assert page.count(" selected>") == 4 + 2  # lists of the ordering and of the matching
    # with their sizes: no option moves away under a finger when a picture comes in
    assert page.count(f'width="1" height="1" src="/hinh/{DIGEST}" alt="Mẫu') == 2
    assert page.count("chấm từng phần") == 3


def test_a_save_of_every_kind_is_one_statement(app, every_kind):
    person, address = every_kind
    token = person.token(address)
    sent = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *a: sent.append(a[2]))
    headers = {"X-CSRFToken": token}
    assert (
        person.client.post("/api" + address, json={"revision": 1, "responses": MIXED}, headers=headers).status_code
        == 204
    )
    assert [text.split()[0] for text in sent] == ["UPDATE"]


def test_a_review_tells_parts_and_what_would_have_been_right(every_kind, given, visit):
    person, address = every_kind
    person.post(address + "/nop", {"document": dumps(MIXED), "revision": "1"}, page=address)
    judge = visit(given.account(Role.JUDGE))
    for page in (person.get(address + "/ket-qua").text, judge.get("/xet-hang/luot/MOILOAICAU12").text):
        words = " ".join(page.split())
        assert words.count('<details class="fold"') == len(KINDS)
        assert words.count("Đúng một phần") == 3
        for points in ("3/6 điểm", "4/6 điểm", "22"):
            assert points in words
        assert "ba tram trieu dong" in words
        assert "ba trăm triệu đồng; 300 triệu đồng" in words
        assert "3,5 (lệch không quá 0,25)" in words
        assert "Nghị định: <b>Chính phủ</b>" in words
        assert "<b>1.</b> Đề nghị khen thưởng" in words


# rules of hours, limits and admission, on the own panel


def panel_of(given, visit, contest):
    account = given.account(name="Lê Thị Tám")
    given.entry(contest, account)
    person = visit(account)
    slug = f"/cuoc-thi/cuoc-thi-{contest_number(given, contest)}/thi"
    return person, slug


def contest_number(given, contest):
    from quiz.contests.models import Contest

    with given.app.app_context():
        return db.session.get_one(Contest, contest).slug.rpartition("-")[2]


def test_the_panel_says_what_is_left_in_round_week_and_contest(given, visit):
    limits = {"attempt_limit": 3, "week_limit": 2, "total_limit": 5}
    contest = given.contest(rules=limits, round_rules=[{"minutes": 45}])
    person, panel = panel_of(given, visit, contest)
    round_id = given.round_ids(contest)[0]
    for _ in range(2):
        words = " ".join(person.get(panel).text.split())
        assert "đồng hồ 45 phút" in words
        address = person.post(f"/thi/bat-dau/{round_id}", page=panel).location
        person.post(address + "/nop", {"revision": "1", "document": "{}"}, page=address)
    words = " ".join(person.get(panel).text.split())
    for said in (
        "Còn 1 trong 3 lượt của kỳ này",
        "Còn 0 trong 2 lượt của tuần này",
        "Còn 3 trong 5 lượt của cả cuộc thi",
    ):
        assert said in words
    assert "hết 2 lượt của tuần này" in words
    assert "Bắt đầu lượt thứ" not in words


def test_the_panel_says_hours_and_admission(given, visit, clock):
    hours = {"weekdays": [6, 7], "opens": "08:00", "closes": "20:00"}
    admission = {"rounds": ["ky-1"], "quota": 3}
    contest = given.contest(rounds=2, round_rules=[{"hours": hours}, {"admission": admission}])
    person, panel = panel_of(given, visit, contest)
    words = " ".join(person.get(panel).text.split())
    assert "Nhận bài từ 08:00 đến 20:00, thứ Bảy, Chủ nhật" in words
    assert "lúc này ngoài giờ" in words
    assert "bạn chưa có tên trong danh sách" in words
    refused = person.post(f"/thi/bat-dau/{given.round_ids(contest)[0]}", page="/tai-khoan")
    assert (refused.status_code, "lúc này ngoài giờ" in refused.text) == (409, True)


def test_an_attempt_may_be_left_where_only_handing_in_counts(app, given, visit):
    contest = given.contest(rules={"attempt_limit": 1, "consumed": "at_submit"})
    person, panel = panel_of(given, visit, contest)
    start = f"/thi/bat-dau/{given.round_ids(contest)[0]}"
    address = person.post(start, page=panel).location
    assert f'href="{address}/bo"' in person.get(address).text
    asked = person.get(address + "/bo")
    assert asked.status_code == 200
    assert "không mở lại được" in asked.text
    assert attempts(app)[0].state == "open"
    done = person.post(address + "/bo", follow_redirects=True)
    assert "Bạn đã bỏ lượt này" in done.text
    assert "bạn đã bỏ, không tính" in done.text
    assert "Còn 1 trong 1 lượt" in done.text
    assert "Bắt đầu lượt thứ 2" in done.text
    assert person.get(address + "/ket-qua").location == panel
    assert attempts(app)[0].state == "abandoned"


def test_an_attempt_cannot_be_left_where_a_start_counts(app, person, start):
    address = start(person).location
    assert f"{address}/bo" not in person.get(address).text
    refused = person.post(address + "/bo", page=address)
    assert refused.status_code == 409
    assert "không bỏ lượt được" in refused.text
    assert attempts(app)[0].state == "open"


def test_nobody_leaves_the_attempt_of_another(app, given, visit):
    contest = given.contest(rules={"consumed": "at_submit"})
    given.open_attempt(given.entry(contest), given.round_ids(contest)[0], code="CUANGUOIKHAC")
    stranger = visit(given.account())
    assert stranger.post("/thi/CUANGUOIKHAC/bo", page="/tai-khoan").status_code == 403
    assert attempts(app)[0].state == "open"


def test_a_prediction_after_the_paper_is_asked_there_and_nowhere_else(app, given, visit):
    rules = {
        "prediction": {"target": "people", "scope": "contest", "placement": "after_paper"}, "chain": ["score"],
        "overall": {"how": "best", "chain": ["score", "prediction"]},
    }  # fmt: skip
    contest = given.contest(rules=rules)
    person, panel = panel_of(given, visit, contest)
    address = person.post(f"/thi/bat-dau/{given.round_ids(contest)[0]}", page=panel).location
    paper = person.get(address).text
    assert 'id="du-doan"' not in paper
    assert "Câu dự đoán được hỏi ngay sau đó" in paper
    outcome = person.post(address + "/nop", {"revision": "1", "document": "{}"}, page=address).location
    page = person.get(outcome).text
    assert "Cả cuộc thi có bao nhiêu người dự thi?" in page
    assert "mọi kỳ, mọi bảng thi" in page
    assert "Dự đoán cho lượt 1" in person.get(panel).text
    wrong = person.post(address + "/du-doan", {"prediction": "nhiều"}, page=outcome)
    assert wrong.status_code == 422
    assert "Hãy nhập số nguyên từ 0 đến" in wrong.text
    assert 'value="nhiều"' in wrong.text
    assert person.post(address + "/du-doan", {"prediction": "1.250"}, page=outcome).location == outcome
    page = person.get(outcome).text
    assert "Đã ghi dự đoán" in page
    assert "1.250" in page
    assert "Gửi dự đoán" not in page
    assert "Còn thiếu câu dự đoán" not in person.get(panel).text
    again = person.post(address + "/du-doan", {"prediction": "7"}, page=panel)
    assert (again.status_code, "được giữ nguyên" in again.text) == (409, True)
    assert attempts(app)[0].prediction == 1250
