"""Pages around contests: who may open them, what they say, what they refuse."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.banks.models import ItemVersion
from quiz.contests import service
from quiz.contests.models import Contest, ContestState, Division, Entry, Round
from quiz.contests.refusals import ContestRefusal
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.journal import JournalRecord
from tests.kinds import KINDS, SECRET, THINGS


def changed(app, model, id_, **columns):
    with app.app_context(), transaction():
        row = db.session.get_one(model, id_)
        for name, value in columns.items():
            setattr(row, name, value)


def state_of(app, contest_id):
    with app.app_context():
        return db.session.get_one(Contest, contest_id).state


class TestPublicPages:
    def test_the_index_sorts_by_phase(self, given, visit, clock):
        hour = timedelta(hours=1)
        given.contest(opens_at=clock.now - 3 * hour, closes_at=clock.now - hour)  # cuoc-thi-1
        given.contest()
        given.contest(opens_at=clock.now + hour, closes_at=clock.now + 2 * hour)
        given.contest(state="draft")
        page = visit().get("/cuoc-thi").text
        found = re.findall(r'<h2 id="([a-z-]+)"|href="/cuoc-thi/(cuoc-thi-\d)"', page)
        assert found == [
            ("dang-mo", ""), ("", "cuoc-thi-2"), ("sap-mo", ""), ("", "cuoc-thi-3"), ("da-dong", ""), ("", "cuoc-thi-1"),
        ]  # fmt: skip

    def test_between_two_rounds_a_contest_is_still_coming(self, given, visit, clock):
        given.contest(rounds=2)
        clock.advance(minutes=60)
        assert "dang-mo" in visit().get("/cuoc-thi").text
        clock.advance(minutes=61)
        assert "da-dong" in visit().get("/cuoc-thi").text

    def test_the_list_of_ended_contests_is_paged(self, given, visit, clock):
        for _ in range(21):
            given.contest(opens_at=clock.now - timedelta(hours=2), closes_at=clock.now - timedelta(hours=1))
        page = visit().get("/cuoc-thi").text
        assert page.count('href="/cuoc-thi/cuoc-thi-') == 20
        assert "/cuoc-thi?trang=2" in page
        assert visit().get("/cuoc-thi?trang=2").text.count('href="/cuoc-thi/cuoc-thi-') == 1

    def test_the_page_of_a_contest_is_its_rules(self, given, visit):
        given.contest(
            rules_number="12/TL-BTC", prizes=[{"code": "a", "name": "Giải Nhất", "quota": 1, "amount": 5000000}]
        )
        page = visit().get("/cuoc-thi/cuoc-thi-1")
        assert page.status_code == 200
        for words in (
            "Thể lệ số 12/TL-BTC", "Nội dung pháp luật tính đến ngày 31/12/2024", "V. Cơ cấu giải, cách xét", "5.000.000 đồng",
            "12:00 ngày 20/11/2024", "VII. Xử lý vi phạm", "c" * 64, 'href="/cuoc-thi/cuoc-thi-1/dang-ky"',
        ):  # fmt: skip
            assert words in page.text
        assert page.text.count("<h1") == 1

    def test_the_secret_of_a_round_is_shown_only_after_its_end(self, given, visit, clock):
        given.contest()
        clock.advance(minutes=60, seconds=10)
        assert "0" * 64 not in visit().get("/cuoc-thi/cuoc-thi-1").text
        clock.advance(seconds=1)
        assert "0" * 64 in visit().get("/cuoc-thi/cuoc-thi-1").text

    def test_drafts_have_no_public_page(self, given, visit):
        given.contest(state="draft")
        organizer = given.account(Role.ORGANIZER)
        for visitor in (visit(), visit(organizer)):
            assert visitor.get("/cuoc-thi/cuoc-thi-1").status_code == 404
        assert visit(organizer).get("/cuoc-thi/cuoc-thi-1/dang-ky").status_code == 404
        assert visit().get("/cuoc-thi/khong-co").status_code == 404

    @pytest.mark.parametrize(
        ("release", "seen"),
        [
            ("after_submit", [False, True, True, True]),
            ("after_close", [False, False, True, True]),
            ("after_publish", [False, False, False, True]),
            ("never", [False, False, False, False]),
        ],
    )
    def test_boards_are_linked_from_when_the_rules_say(self, given, visit, clock, app, release, seen):
        contest_id = given.contest(
            rules={"board_release": release},
            opens_at=clock.now + timedelta(hours=1),
            closes_at=clock.now + timedelta(hours=2),
        )

        def linked():
            return "/bang-xep-hang/cuoc-thi-1/ky-1/bang-1" in visit().get("/cuoc-thi/cuoc-thi-1").text

        found = [linked()]
        clock.advance(minutes=60)
        found.append(linked())
        clock.advance(minutes=61)
        found.append(linked())
        changed(app, Round, given.round_ids(contest_id)[0], published_at=clock.now)
        assert [*found, linked()] == seen

    def test_help_is_public(self, visit):
        page = visit().get("/tro-giup").text
        for words in ("Mất mạng", "Hết giờ", "Hai máy"):
            assert words in page


class TestEntering:
    URL = "/cuoc-thi/cuoc-thi-1/dang-ky"

    def entries(self, app):
        with app.app_context():
            return [(e.account_id, e.division_id) for e in db.session.scalars(select(Entry))]

    def test_a_stranger_signs_in_first(self, given, visit):
        given.contest()
        assert "/dang-nhap" in visit().get(self.URL).headers["Location"]

    def test_identity_is_shown_and_one_click_enters(self, given, visit, app):
        contest_id, account_id = given.contest(), given.account(name="Trần Văn Út")
        visitor = visit(account_id)
        page = visitor.get(self.URL).text
        for words in ("Trần Văn Út", "01/01/1990", "Xã Bến Cầu, tỉnh Tây Ninh", "Bảng chung"):
            assert words in page
        response = visitor.post(self.URL, {"division": "bang-1"})
        assert response.headers["Location"] == "/cuoc-thi/cuoc-thi-1/thi"
        assert self.entries(app) == [(account_id, given.division_ids(contest_id)[0])]
        assert visitor.get(self.URL).headers["Location"] == "/cuoc-thi/cuoc-thi-1/thi"
        assert "Bạn đã đăng ký" in visitor.get("/cuoc-thi/cuoc-thi-1").text

    def test_only_fitting_divisions_are_offered(self, given, visit, app):
        contest_id = given.contest(divisions=("Cán bộ", "Nhân dân", "Mọi người"))
        staff, citizen, _everybody = given.division_ids(contest_id)
        for id_, audience in ((staff, "staff"), (citizen, "citizen")):
            with app.app_context():
                rules = db.session.get_one(Division, id_).rules
            changed(app, Division, id_, rules=rules | {"audience": audience})
        visitor = visit(given.account())
        assert re.findall(r'name="division"[^>]*value="([^"]+)"', visitor.get(self.URL).text) == ["bang-2", "bang-3"]
        response = visitor.post(self.URL, {"division": "bang-1"})
        assert response.status_code == 422
        assert visitor.post(self.URL).status_code == 422
        assert self.entries(app) == []

    @pytest.mark.parametrize(
        ("roles", "born", "words"),
        [((Role.JUDGE,), date(1990, 1, 1), "đang làm nhiệm vụ"), ((), date(2015, 1, 1), "phải đủ 15 tuổi")],
    )
    def test_who_may_not_is_told_why(self, given, visit, app, roles, born, words):
        given.contest()
        visitor = visit(given.account(*roles, birth_date=born))
        page = visitor.get(self.URL)
        assert page.status_code == 200
        assert words in page.text
        assert "<button" not in page.text.split("<main")[1].split("</main>")[0]
        response = visitor.post(self.URL, {"division": "bang-1"}, page="/tai-khoan")
        assert response.status_code == 409
        assert words in response.text
        assert self.entries(app) == []

    def test_the_declaration_is_asked_for_and_kept(self, given, visit, app):
        given.contest(rules={"bars_relatives": True})
        visitor = visit(given.account())
        assert "không phải là người thân" in visitor.get(self.URL).text
        response = visitor.post(self.URL, {"division": "bang-1"})
        assert response.status_code == 422
        assert "Hãy đọc và đánh dấu vào ô này" in response.text
        assert self.entries(app) == []
        assert visitor.post(self.URL, {"division": "bang-1", "declared": "y"}).status_code == 302
        with app.app_context():
            assert db.session.scalars(select(Entry.declared)).one()

    def test_nobody_is_asked_to_declare_where_the_rules_do_not(self, given, visit):
        given.contest()
        assert "declared" not in visit(given.account()).get(self.URL).text

    def test_the_page_of_the_contest_says_so_instead_of_a_button(self, given, visit):
        given.contest()
        page = visit(given.account(Role.JUDGE)).get("/cuoc-thi/cuoc-thi-1").text
        assert "đang làm nhiệm vụ" in page
        assert self.URL not in page

    def test_an_ended_contest(self, given, visit, clock):
        given.contest()
        clock.advance(hours=1)
        assert "không còn nhận đăng ký" in visit(given.account()).get(self.URL).text


class TestAccess:
    @pytest.mark.parametrize(
        "url", ["/to-chuc/cuoc-thi", "/to-chuc/cuoc-thi/moi", "/to-chuc/cuoc-thi/1", "/to-chuc/cuoc-thi/1/xem-truoc"]
    )
    def test_pages_of_organizers(self, given, visit, url):
        given.contest(state="draft")
        assert visit().get(url).status_code == 302
        assert visit(given.account()).get(url).status_code == 403
        assert visit(given.account(Role.ADMIN)).get(url).status_code == 403
        assert visit(given.account(Role.ORGANIZER)).get(url).status_code == 200

    def test_judges_preview_and_do_not_open(self, given, visit, app):
        contest_id = given.contest(state="draft")
        judge = visit(given.account(Role.JUDGE))
        page = judge.get("/to-chuc/cuoc-thi/1/xem-truoc")
        assert page.status_code == 200
        assert "/to-chuc/cuoc-thi/1/mo" not in page.text
        assert judge.get("/to-chuc/cuoc-thi/1").status_code == 403
        assert judge.post("/to-chuc/cuoc-thi/1/mo", page="/tai-khoan").status_code == 403
        assert state_of(app, contest_id) == ContestState.DRAFT

    @pytest.mark.parametrize(
        "url", ["/to-chuc/cuoc-thi/1/mo", "/to-chuc/cuoc-thi/1/xoa", "/to-chuc/dot/1/dong", "/to-chuc/dot/1/gia-han"]
    )
    def test_deeds_of_organizers(self, given, visit, app, url):
        given.contest()
        participant = visit(given.account())
        page = "/cuoc-thi/cuoc-thi-1/dang-ky"
        assert participant.post(url, page=page).status_code == 403
        assert participant.client.post(url).status_code == 400  # no token
        assert participant.get(url).status_code == 405


class TestCreating:
    URL = "/to-chuc/cuoc-thi/moi"

    def form(self, **differing):
        return {
            "title": "Tìm hiểu Luật Thi đua, khen thưởng", "preset": "mot-ky-du-doan-hai-bang", "banks": ["thi-dua"],
            "opens_at": "2024-12-02T07:00", **differing,
        }  # fmt: skip

    def test_a_draft_from_a_preset(self, given, visit, app):
        given.bank(40, "thi-dua")
        organizer = visit(given.account(Role.ORGANIZER))
        assert "Bốn kỳ hằng tuần, lấy lượt tốt nhất" in organizer.get(self.URL).text
        response = organizer.post(self.URL, self.form())
        assert response.headers["Location"] == "/to-chuc/cuoc-thi/1"
        assert "Đã lập bản nháp" in organizer.get("/to-chuc/cuoc-thi/1").text
        with app.app_context():
            contest = db.session.get_one(Contest, 1)
            assert (contest.slug, contest.state) == ("tim-hieu-luat-thi-dua-khen-thuong", "draft")
            assert (contest.law_date, len(contest.divisions)) == (date(2024, 12, 2), 2)
        assert "Bản nháp" in organizer.get("/to-chuc/cuoc-thi").text

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"title": ""}, "Mục này cần được điền."),
            ({"preset": ""}, "Hãy chọn một mẫu."),
            ({"banks": []}, "Hãy chọn ít nhất một ngân hàng câu hỏi."),
            ({"opens_at": ""}, "Hãy chọn ngày giờ mở kỳ đầu."),
            ({"law_date-d": "1", "law_date-m": "13", "law_date-y": "2024"}, "Ngày này không có trong lịch."),
        ],
    )
    def test_what_is_missing(self, given, visit, typed, words):
        given.bank(40, "thi-dua")
        response = visit(given.account(Role.ORGANIZER)).post(self.URL, self.form(**typed))
        assert response.status_code == 422
        assert words in response.text

    def test_the_kind_of_the_chosen_preset_is_unfolded(self, given, visit):
        given.bank(40, "thi-dua")
        organizer = visit(given.account(Role.ORGANIZER))
        first = organizer.get(self.URL).text
        assert first.count("<details open><summary>Một kỳ thi") == first.count("<details open>") == 1
        again = organizer.post(self.URL, self.form(title="", preset="hang-quy-thi-viet")).text
        assert again.count("<details open><summary>Có bài tự luận, thi viết") == again.count("<details open>") == 1

    def test_without_a_bank_there_is_nothing_to_draw_from(self, given, visit):
        assert "Chưa có ngân hàng câu hỏi" in visit(given.account(Role.ORGANIZER)).get(self.URL).text


class TestOpening:
    @pytest.fixture
    def organizer(self, given, visit, clock):
        given.contest(state="draft", opens_at=clock.now + timedelta(days=1), closes_at=clock.now + timedelta(days=9))
        return visit(given.account(Role.ORGANIZER))

    def test_the_preview_shows_questions_without_keys(self, organizer, app):
        page = organizer.get("/to-chuc/cuoc-thi/1/xem-truoc?de=7")
        assert page.text.count('class="stem') == 4
        assert "đáp án)" not in page.text
        stems = re.findall(r'class="stem[^>]*>([^<]+)', page.text)
        assert stems == re.findall(
            r'class="stem[^>]*>([^<]+)', organizer.get("/to-chuc/cuoc-thi/1/xem-truoc?de=7").text
        )
        assert page.text.count("<h1") == 1
        with_keys = organizer.get("/to-chuc/cuoc-thi/1/xem-truoc?de=7&dap-an=1").text
        assert with_keys.count("(đáp án)") == 4

    @pytest.mark.parametrize(
        ("kind", "offers", "key"),
        [
            ("ordering", THINGS, "vị trí 4"),
            ("matching", ["Nghị định", "Chủ tịch nước"], "Quốc hội</span>"),
            ("short_text", ["Người thi tự gõ câu trả lời."], SECRET),
            ("number", ["Người thi tự gõ câu trả lời."], "3,5 (lệch không quá 0,25)"),
        ],
    )
    def test_the_preview_of_every_kind(self, given, visit, kind, offers, key):
        given.contest(state="draft", version={"kind": kind} | KINDS[kind])
        organizer = visit(given.account(Role.ORGANIZER))
        page = organizer.get("/to-chuc/cuoc-thi/1/xem-truoc").text
        with_keys = organizer.get("/to-chuc/cuoc-thi/1/xem-truoc?dap-an=1").text
        assert all(page.count(text) == 4 for text in offers)
        assert key not in page
        assert with_keys.count(key) == 4

    def test_the_sample_of_an_open_contest_comes_from_its_frozen_pool(self, organizer, app):
        organizer.post("/to-chuc/cuoc-thi/1/mo", page="/to-chuc/cuoc-thi/1")
        before = re.findall(r'class="stem[^>]*>([^<]+)', organizer.get("/to-chuc/cuoc-thi/1/xem-truoc?de=7").text)
        with app.app_context(), transaction():
            db.session.execute(db.update(ItemVersion).values(is_live=False))
        after = re.findall(r'class="stem[^>]*>([^<]+)', organizer.get("/to-chuc/cuoc-thi/1/xem-truoc?de=7").text)
        assert len(before) == 4
        assert after == before

    def test_a_preview_of_a_short_bank_says_so_and_offers_no_opening(self, organizer, app):
        changed(app, Contest, 1, law_date=date(2024, 12, 31))
        with app.app_context(), transaction():
            db.session.execute(db.update(ItemVersion).values(is_live=False))
        page = organizer.get("/to-chuc/cuoc-thi/1/xem-truoc").text
        assert "Chưa mở được:" in page
        assert "ngân hàng có 0 câu rút được" in page
        assert 'action="/to-chuc/cuoc-thi/1/mo"' not in page
        response = organizer.post("/to-chuc/cuoc-thi/1/mo", page="/to-chuc/cuoc-thi/1")
        assert response.status_code == 409
        assert "cần 4 câu thuộc chủ đề “Quy định chung”, mức bất kỳ" in response.text
        assert state_of(app, 1) == ContestState.DRAFT

    def test_opening_makes_the_page_public(self, organizer, visit, app):
        assert organizer.post("/to-chuc/cuoc-thi/1/mo", page="/to-chuc/cuoc-thi/1/xem-truoc").status_code == 302
        assert "Cuộc thi đã mở" in organizer.get("/to-chuc/cuoc-thi/1").text
        assert "Đăng ký dự thi" in visit().get("/cuoc-thi/cuoc-thi-1").text
        again = organizer.post("/to-chuc/cuoc-thi/1/mo", page="/to-chuc/cuoc-thi/1")
        assert again.status_code == 409
        assert "đã được mở từ trước" in again.text

    def test_what_somebody_changed_after_the_preview_is_not_opened(self, organizer, app):
        preview = organizer.get("/to-chuc/cuoc-thi/1/xem-truoc").text
        seen = re.search(r'name="seen" value="(\w+)"', preview)[1]
        changed(app, Contest, 1, summary="Người khác vừa viết")
        stale = organizer.post("/to-chuc/cuoc-thi/1/mo", {"seen": seen}, page="/to-chuc/cuoc-thi/1/xem-truoc")
        assert stale.status_code == 409
        assert "Người khác vừa lưu bản nháp này" in stale.text
        assert state_of(app, 1) == ContestState.DRAFT

    def test_a_draft_can_be_dropped(self, organizer, app):
        assert organizer.post("/to-chuc/cuoc-thi/1/xoa", page="/to-chuc/cuoc-thi/1").status_code == 302
        assert organizer.get("/to-chuc/cuoc-thi/1").status_code == 404
        with app.app_context():
            assert db.session.scalars(select(JournalRecord.action)).all() == ["contest.draft_dropped"]


class TestRunning:
    PAGE = "/to-chuc/cuoc-thi/1"

    @pytest.fixture
    def organizer(self, given, visit):
        given.contest(rounds=2)
        return visit(given.account(Role.ORGANIZER))

    def test_closing_needs_a_reason(self, organizer, clock, app):
        clock.advance(minutes=1)
        response = organizer.post("/to-chuc/dot/1/dong", page=self.PAGE)
        assert response.status_code == 422
        assert "Hãy ghi lý do" in response.text
        assert organizer.post("/to-chuc/dot/1/dong", {"why": "Mất điện"}, page=self.PAGE).status_code == 302
        page = organizer.get(self.PAGE).text
        assert "Đóng sớm, giờ cũ" in page
        assert 'action="/to-chuc/dot/1/dong"' not in page
        again = organizer.post("/to-chuc/dot/1/dong", {"why": "Mất điện"}, page=self.PAGE)
        assert again.status_code == 409
        assert "“Kỳ 1” đã đóng từ trước" in again.text

    def test_closing_before_opening_is_refused(self, organizer, clock):
        clock.advance(minutes=1)
        response = organizer.post("/to-chuc/dot/2/dong", {"why": "Nhầm"}, page=self.PAGE)
        assert response.status_code == 409
        assert "“Kỳ 2” chưa đến giờ mở" in response.text

    def test_extending(self, organizer, app, visit):
        data = {"closes_at": "2024-11-20T20:00", "why": "Mạng chậm"}
        assert organizer.post("/to-chuc/dot/2/gia-han", data, page=self.PAGE).status_code == 302
        assert "20:00 ngày 20/11/2024" in visit().get("/cuoc-thi/cuoc-thi-1").text
        response = organizer.post("/to-chuc/dot/2/gia-han", data, page=self.PAGE)
        assert response.status_code == 409
        bad = organizer.post("/to-chuc/dot/1/gia-han", {"closes_at": "mai", "why": ""}, page=self.PAGE)
        assert bad.status_code == 422
        assert 'value="mai"' in bad.text

    def test_extending_into_the_next_round_is_refused(self, organizer, visit):
        data = {"closes_at": "2024-11-20T13:01", "why": "Mạng chậm"}
        response = organizer.post("/to-chuc/dot/1/gia-han", data, page=self.PAGE)
        assert response.status_code == 409
        assert "không muộn hơn giờ mở của “Kỳ 2”" in response.text
        assert visit().get("/cuoc-thi/cuoc-thi-1").status_code == 200

    @pytest.mark.parametrize("year", ["0001", "1999", "2101", "9999"])
    def test_a_year_that_leaves_no_room_to_reckon_with_is_refused(self, organizer, visit, year):
        data = {"closes_at": f"{year}-12-31T23:59", "why": "Nhầm"}
        response = organizer.post("/to-chuc/dot/1/gia-han", data, page=self.PAGE)
        assert response.status_code == 422
        assert "Năm phải từ 2000 đến 2100." in response.text
        assert visit().get("/cuoc-thi/cuoc-thi-1").status_code == 200

    def test_the_introduction_may_change_and_nothing_else(self, organizer, app):
        assert organizer.post(self.PAGE, {"summary": "Lời mới"}).status_code == 302
        response = organizer.post(self.PAGE, {"act": "save", "title": "Tên khác", "summary": "x"})
        assert response.status_code == 409
        with app.app_context():
            contest = db.session.get_one(Contest, 1)
            assert (contest.summary, contest.title) == ("Lời mới", "Cuộc thi số 1")
            record = db.session.scalars(select(JournalRecord)).one()
            assert (record.before, record.after) == ("", "Lời mới")

    def test_unknown_rounds_and_contests(self, organizer):
        assert organizer.post("/to-chuc/dot/99/dong", {"why": "x"}, page=self.PAGE).status_code == 404
        assert organizer.get("/to-chuc/cuoc-thi/99").status_code == 404


@pytest.mark.parametrize("state", ["open", "draft"])
def test_rounds_that_run_into_each_other_are_shown_and_not_opened(app, given, visit, clock, state):
    """Before 0004 nothing kept an extended round from running into the next one."""
    contest_id = given.contest(rounds=2, state=state)
    with app.app_context(), transaction():
        contest = db.session.get(Contest, contest_id)
        first, second = contest.rounds
        first.closes_at = second.opens_at + timedelta(minutes=10)
        slug = contest.slug
    account_id = given.account(Role.ORGANIZER)
    organizer = visit(account_id)
    if state == "open":
        for path in ("/", f"/cuoc-thi/{slug}", f"/to-chuc/cuoc-thi/{contest_id}/sua-the-le"):
            assert organizer.get(path).status_code == 200
        return
    assert organizer.get(f"/to-chuc/cuoc-thi/{contest_id}").status_code == 200
    with app.app_context(), pytest.raises(Refusal) as refusal, transaction():
        service.open_contest(db.session.get(Contest, contest_id), db.session.get(Account, account_id), now=clock.now)
    assert refusal.value.reason is ContestRefusal.INCOMPLETE
