"""Pages of nominations and votes: who sees what, the way through the whole quarter, and that no page tells a secret ballot."""

import io
import logging
import re
import shutil
from datetime import timedelta

import pytest
from PIL import Image

from quiz.access import Role
from quiz.db import db, transaction
from quiz.exemplars import nominations, votes
from quiz.exemplars.models import Exemplar
from quiz.exemplars.nomination_models import Evidence, Nomination, PublicComment
from quiz.exemplars.vote_models import BallotBox, CouncilVote, VoteMode
from quiz.rules.votes import Choice
from tests.exemplars.nominees import code_of
from tests.test_pictures import file_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PDF = b"%PDF-1.7\n%%EOF"
FORM = {
    "kind": "person", "honorific": "Bà", "name": "Lê Thị Mẫu", "position": "Công chức", "birth_year": "", "field": "justice",
    "movement_id": "0", "summary": "Rút ngắn thời gian.", "situation": "", "achievements": "1.200 hồ sơ.",
    "figures": "1.200 | hồ sơ\n98% | đúng hạn", "honours": "", "grounds": "", "consent": "Chính người đó", "revision": "0",
    "consented_on-d": "18", "consented_on-m": "11", "consented_on-y": "2024",
}  # fmt: skip


@pytest.fixture
def opened(app, department):
    with app.app_context():
        department.open_quarter()
    return department


def made(app, deed):
    with app.app_context():
        return deed()


# The way of a nomination


def test_the_way_from_the_unit_to_the_published_story(app, opened, visit, clock):
    d = opened
    contact, head, office = (visit(i) for i in (d.contacts[0], d.heads[0], d.office))
    answer = contact.post("/de-cu/2024-Q4/moi", FORM)
    page = answer.location
    assert contact.get(page).status_code == 200
    id_ = int(page.rpartition("/")[2])
    files = {"kind": "minutes", "file": (io.BytesIO(PDF), "biên bản.pdf")}
    answer = contact.post(f"{page}/minh-chung", files, page=page, content_type="multipart/form-data")
    assert answer.status_code == 302
    assert contact.post(f"{page}/gui", page=page).status_code == 302
    assert contact.get(f"{page}/sua").status_code == 200
    assert head.get("/de-cu/xac-nhan").text.count("Lê Thị Mẫu") == 1
    assert head.post(f"{page}/xac-nhan", page=page).status_code == 302
    assert "Lê Thị Mẫu" in office.get("/to-chuc/de-cu/2024-Q4").text
    assert office.post(f"{page}/nhan", {"nhan-why": ""}, page=page).status_code == 302
    board = "/to-chuc/de-cu/2024-Q4"
    assert office.post(f"{board}/lay-y-kien", page=board).status_code == 302
    public = visit().get("/de-cu/2024-Q4/lay-y-kien").text
    assert "Rút ngắn thời gian." in public
    assert "1.200 hồ sơ." not in public  # the report itself is not public
    with app.app_context():
        clock.now = d.nomination(id_).comments_until
    vote = {
        "members": d.council, "chair": str(d.council[0]), "mode": "open", "quorum": "2/3", "threshold": "2/3",
        "more_than": "y", "base": "council", "closes_at": "2024-12-20T17:00",
    }  # fmt: skip
    assert office.post(f"{board}/bo-phieu", vote).status_code == 302
    for member in map(visit, d.council):
        answer = member.post("/hoi-dong/2024-Q4", {f"phieu-{id_}": "agree", f"ly-do-{id_}": "Tốt"})
        assert answer.status_code == 302
    assert office.get("/hoi-dong/2024-Q4/bien-ban").status_code == 404  # nothing before the count
    assert office.post(f"{board}/kiem-phieu", page=board).status_code == 302
    assert "Được chọn" in office.get("/hoi-dong/2024-Q4/bien-ban").text
    told = contact.get(page).text
    assert "Đã bỏ phiếu, chờ công bố" in told
    assert "Được chọn" not in told
    assert office.post(f"{board}/gui-tinh", {"document": "CV 7"}, page=board).status_code == 302
    choice = {"cong-bo-nominations": [id_], "cong-bo-decision": "QĐ 12"}
    assert office.post(f"{board}/cong-bo", choice, page=board).status_code == 302
    assert "Đã công bố" in contact.get(page).text
    with app.app_context():
        story = db.session.scalars(db.select(Exemplar)).one()
        assert (story.state, story.quarter, story.figures[1]) == (
            "draft",
            "2024-Q4",
            {"value": "98%", "label": "đúng hạn"},
        )


@pytest.mark.parametrize(
    ("change", "status"),
    [({"summary": "chữ " * 301}, 422), ({"figures": "không có dấu"}, 422), ({"name": ""}, 422), ({"consent": ""}, 422),
     ({"birth_year": "1066"}, 422), ({"kind": "event"}, 422), ({"field": "history"}, 422), ({}, 302)],
    ids=str,
)  # fmt: skip
def test_the_form_checks_its_shape(opened, visit, change, status):
    assert visit(opened.contacts[0]).post("/de-cu/2024-Q4/moi", FORM | change).status_code == status


def test_who_sees_a_nomination(app, opened, visit, given):
    d = opened
    id_ = made(app, lambda: d.confirmed(0))
    page = f"/de-cu/ho-so/{id_}"
    sees = {
        d.office: 200, d.contacts[0]: 200, d.heads[0]: 200, d.contacts[1]: 403, d.heads[1]: 403, d.council[0]: 403,
        given.account(Role.JUDGE): 403, given.account(): 403,
    }  # fmt: skip
    assert {who: visit(who).get(page).status_code for who in sees} == sees
    for who in (d.contacts[1], d.heads[1], d.council[0]):
        assert visit(who).post(f"{page}/gui", page="/tai-khoan").status_code == 403
        assert visit(who).post(f"{page}/nhan", page="/tai-khoan").status_code == 403
        assert visit(who).post(f"{page}/xac-nhan", page="/tai-khoan").status_code == 403
    assert visit(d.contacts[0]).post(f"{page}/nhan", page="/tai-khoan").status_code == 403
    assert visit(d.office).get("/to-chuc/de-cu/2024-Q4/bo-phieu").status_code == 200
    assert visit(d.contacts[0]).get("/to-chuc/de-cu/2024-Q4").status_code == 403
    assert visit(given.account(Role.UNIT_CONTACT)).get("/de-cu/2024-Q4/moi").status_code == 403  # of no unit


def test_evidence_is_for_those_who_see_the_nomination_and_runs_nothing(app, opened, visit, clock):
    d = opened
    id_ = made(app, lambda: d.drafted(0))
    contact, page = visit(d.contacts[0]), f"/de-cu/ho-so/{id_}"
    for name, content in (("x.pdf", PDF), ("x.png", file_of(Image.new("RGB", (4, 4)), "PNG"))):
        form = {"kind": "portrait", "file": (io.BytesIO(content), name)}
        contact.post(f"{page}/minh-chung", form, page=page, content_type="multipart/form-data")
    with app.app_context():
        pdf, picture = db.session.scalars(db.select(Evidence.id).order_by(Evidence.id))
    answer = contact.get(f"/de-cu/minh-chung/{pdf}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for id_ in (pdf, picture):
        headers = contact.get(f"/de-cu/minh-chung/{id_}").headers
        assert headers["Content-Security-Policy"].startswith("sandbox")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        for other in (d.contacts[1], d.council[0], d.heads[1]):
            assert visit(other).get(f"/de-cu/minh-chung/{id_}").status_code == 403
    bad = {"kind": "minutes", "file": (io.BytesIO(b"<html>"), "a.pdf")}
    answer = contact.post(f"{page}/minh-chung", bad, page=page, content_type="multipart/form-data")
    assert answer.status_code == 409
    assert "không phải PDF" in answer.text
    assert contact.post(f"/de-cu/minh-chung/{pdf}/xoa", page=page).status_code == 302
    assert contact.get(f"/de-cu/minh-chung/{pdf}").status_code == 404


def test_visitors_comment_and_only_the_office_reads_it(app, opened, visit, clock):
    d = opened
    id_ = made(app, lambda: d.accepted(0))
    with app.app_context(), transaction():
        nominations.open_comments(d.quarter(), d.person(d.office), now=clock.now)
    address = "/de-cu/2024-Q4/lay-y-kien"
    said = {"nomination": id_, "text": "Tôi phản ánh điều này", "name": "Người Dân Mẫu", "contact": "0912345678"}
    assert visit().post(address, said | {"name": ""}).status_code == 422
    assert visit().post(address, said).status_code == 302
    assert visit(d.heads[1]).post(address, {"nomination": id_, "text": "Đồng ý"}).status_code == 302
    for who in (None, d.contacts[0], d.heads[0], d.council[0]):
        for page in (address, f"/de-cu/ho-so/{id_}"):
            assert "phản ánh" not in visit(who).get(page).text
    office = visit(d.office)
    text = office.get(f"/de-cu/ho-so/{id_}").text
    assert "Tôi phản ánh điều này" in text
    assert "0912345678" in text
    with app.app_context():
        first = db.session.scalars(db.select(PublicComment).order_by(PublicComment.id)).first()
        assert "127.0.0.1" not in first.sender
        first = first.id
    answer = office.post(f"/de-cu/y-kien/{first}", {"note": "Đã xác minh"}, page=f"/de-cu/ho-so/{id_}")
    assert answer.status_code == 302
    clock.advance(days=30)
    assert visit().post(address, said, page="/dang-nhap").status_code == 200  # the form is gone; nothing is written
    with app.app_context():
        assert len(db.session.scalars(db.select(PublicComment)).all()) == 2


def test_the_board_marks_what_is_overdue_and_reminds(app, opened, visit, clock):
    d = opened
    made(app, lambda: d.confirmed(0))
    office, board = visit(d.office), "/to-chuc/de-cu/2024-Q4"
    page = office.get(board).text
    assert "Quá hạn" not in page
    assert "Nhắc 2 đơn vị" in page
    assert "Thiếu biên bản" in page
    assert office.post(f"{board}/nhac", page=board).status_code == 302
    assert "Đơn vị chưa gửi đề cử" in visit(d.contacts[1]).get("/thong-bao").text
    with app.app_context():
        clock.now = d.quarter().consolidation_due_at
    assert "Quá hạn" in office.get(board).text
    assert "Đã hết hạn tổng hợp đề cử" in office.get("/thong-bao").text


def test_the_calendar_and_the_units_change_with_a_reason(app, opened, visit):
    office, board = visit(opened.office), "/to-chuc/de-cu/2024-Q4"
    form = {
        "nominations_due_at": "2024-12-06T00:00", "confirmation_due_at": "2024-12-09T00:00", "comment_days": "7",
        "consolidation_due_at": "2024-12-12T00:00", "vote_due_at": "2024-12-23T00:00",
        "recommendation_due_at": "2024-12-27T00:00", "publication_due_at": "2025-01-10T00:00", "why": "Bão",
    }  # fmt: skip
    assert office.post(f"{board}/lich", form | {"why": ""}).status_code == 422
    assert office.post(f"{board}/lich", form | {"vote_due_at": "2024-12-01T00:00"}).status_code == 409
    assert office.post(f"{board}/lich", form).status_code == 302
    units = {"units": opened.units[:1], "why": "Gọn"}
    assert office.post(f"{board}/don-vi", units).status_code == 302
    with app.app_context():
        quarter = opened.quarter()
        assert (quarter.comment_days, len(quarter.units)) == (7, 1)
    assert visit(opened.contacts[1]).post("/de-cu/2024-Q4/moi", FORM).status_code == 409


def test_demo_nominations_say_so_everywhere(app, opened, visit):
    d = opened
    with app.app_context():
        vote_id, (id_,) = d.voting("Người Mẫu")
        with transaction():
            d.nomination(id_).is_demo = True
    board, ballot, page = "/to-chuc/de-cu/2024-Q4", "/hoi-dong/2024-Q4", f"/de-cu/ho-so/{id_}"
    for who, address in (
        (d.office, board),
        (d.council[0], ballot),
        (d.office, page),
        (d.contacts[0], "/to-chuc/de-cu"),
    ):
        assert "Mẫu</span>" in visit(who).get(address).text or "Dữ liệu mẫu" in visit(who).get(address).text, address
    with app.app_context():
        for n, member in enumerate(d.council):
            d.cast(vote_id, member, {id_: Choice.AGREE}, code_of(n))
        d.close(vote_id)
    assert "Dữ liệu mẫu" in visit(d.council[0]).get(f"{ballot}/bien-ban").text


# The ballot


def test_a_secret_ballot_gives_a_code_once_and_changes_with_it(app, opened, visit):
    d = opened
    _vote, (one, two) = made(app, lambda: d.voting("Người Một", "Người Hai"))
    member, address = visit(d.council[0]), "/hoi-dong/2024-Q4"
    page = member.get(address).text
    assert "trên 2/3 số ủy viên" in page
    code = re.search(r'name="ma" value="(\w{24})"', page)[1]
    answer = member.post(address, {f"phieu-{one}": "agree", "ma": code})
    assert answer.status_code == 422
    assert "Mới chọn 1 trong 2" in answer.text
    ballot = {f"phieu-{one}": "agree", f"phieu-{two}": "disagree", "ma": code}
    answer = member.post(address, ballot)
    grouped = "-".join(code[i : i + 4] for i in range(0, 24, 4))
    assert grouped in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    page = member.get(address).text
    assert code not in page
    assert grouped not in page
    assert "checked" not in page  # nothing tells what was chosen
    assert member.post(address, ballot | {"ma": code[::-1]}).status_code == 409
    assert member.post(address, ballot | {f"phieu-{one}": "other", "ma": grouped.lower()}).status_code == 200
    assert "1/5 ủy viên" in member.get(address).text
    with app.app_context():
        boxes = db.session.scalars(db.select(BallotBox).order_by(BallotBox.nomination_id)).all()
        assert [[choice for _mark, choice in box.ballots] for box in boxes] == [["other"], ["disagree"]]


def test_who_may_open_the_ballot_and_who_may_vote(app, opened, visit, given):
    d = opened
    _vote, (id_,) = made(app, lambda: d.voting("Người Một"))
    address, ballot = "/hoi-dong/2024-Q4", {"ma": code_of(1)}
    late = given.account(Role.COUNCIL_MEMBER)
    assert visit(late).get(address).status_code == 200
    for who in (d.office, late, d.contacts[0]):
        assert visit(who).post(address, ballot | {f"phieu-{id_}": "agree"}, page="/tai-khoan").status_code == 403
    assert visit(d.contacts[0]).get(address).status_code == 403
    member = visit(d.council[1])
    conflict = {"xung-dot-nomination": id_, "xung-dot-cause": "declared", "xung-dot-reason": "Anh em"}
    assert member.post(f"{address}/lien-quan", conflict, page=address).status_code == 302
    assert "Bạn không có phiếu để gửi" in member.get(address).text
    assert member.post(address, ballot | {f"phieu-{id_}": "agree"}, page="/tai-khoan").status_code == 409


def test_nothing_of_the_result_is_seen_before_the_count(app, opened, visit, clock):
    d = opened
    vote_id, (id_,) = made(app, lambda: d.voting("Người Một"))
    with app.app_context():
        for n, member in enumerate(d.council):
            d.cast(vote_id, member, {id_: Choice.DISAGREE}, code_of(n))
    for who in (d.office, d.council[0]):
        assert visit(who).get("/hoi-dong/2024-Q4/bien-ban").status_code == 404
        assert "5/5 ủy viên" in visit(who).get("/hoi-dong/2024-Q4").text
    made(app, lambda: d.close(vote_id))
    for who in (d.office, d.council[0]):
        assert "Không được chọn" in visit(who).get("/hoi-dong/2024-Q4/bien-ban").text
    assert visit(d.contacts[0]).get("/hoi-dong/2024-Q4/bien-ban").status_code == 403
    assert "Không được chọn" not in visit(d.contacts[0]).get(f"/de-cu/ho-so/{id_}").text


# No page links a ballot to its voter

FRESH = re.compile(r'(name="(?:[\w-]*csrf_token|ma)"[^>]*value=")[^"]+')
PATHS = [
    "/to-chuc/de-cu", "/to-chuc/de-cu/2024-Q4", "/hoi-dong/2024-Q4", "/hoi-dong/2024-Q4/bien-ban", "/nhat-ky", "/thong-bao",
    "/de-cu/2024-Q4/lay-y-kien", "/de-cu/ho-so/1", "/de-cu/ho-so/2", "/tai-khoan",
]  # fmt: skip


def everything(visit, people):
    """Every page of everybody, without what is made anew for each answer."""
    return {
        (who, path): FRESH.sub(r"\1", f"{answer.status}\n{answer.text}")
        for who in people
        for path in PATHS
        for answer in [visit(who).get(path)]
    }


def test_no_page_and_no_log_tells_who_cast_which_secret_ballot(app, opened, visit, given, clock, sqlite_path, caplog):
    """The same ballots from other members, in another order: all pages of all roles, before and after the count, and the log
    are the same to the letter."""
    d = opened
    d.council.append(given.account(Role.COUNCIL_MEMBER, name="Ủy Viên Sáu", unit=d.top))
    with app.app_context():
        d.voting("Người Một", "Người Hai")
    people = [None, d.office, *d.council, d.contacts[0], d.heads[0], given.account(Role.JUDGE, Role.ADMIN)]
    start = clock.now
    with app.app_context():
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    before = sqlite_path.with_suffix(".before")
    shutil.copy(sqlite_path, before)
    ballots = [("agree", "agree"), ("disagree", "agree"), ("other", "disagree"), ("agree", "other"), ("agree", "agree")]
    caplog.set_level(logging.DEBUG)

    def play(voters, order):
        """voters: who casts which ballot; the sixth member does not vote"""
        with app.app_context():
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            sqlite_path.with_name(sqlite_path.name + ending).unlink(missing_ok=True)
        shutil.copy(before, sqlite_path)
        clock.now = start
        caplog.clear()
        browsers = {who: visit(who) for who in people}
        for n in order:
            one, two = ballots[n]
            form = {"phieu-1": one, "phieu-2": two, "ma": code_of(n)}
            assert browsers[d.council[voters[n]]].post("/hoi-dong/2024-Q4", form).status_code == 200
        running = everything(visit, people)
        clock.now = start + timedelta(days=2)
        with app.app_context():
            votes.close_in_time(clock)
        counted = everything(visit, people)
        log = [(r.name, r.levelname, r.getMessage()) for r in caplog.records]
        return running, counted, log

    one = play([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])
    two = play([3, 0, 4, 1, 2], [4, 2, 0, 3, 1])
    assert one[0] == two[0]
    assert one[1] == two[1]
    assert one[2] == two[2]
    assert "Được chọn" not in "".join(one[0].values()).replace("Được chọn, chờ", "")
    assert code_of(0) not in str(one)
    assert not any(word in str(one[2]) for word in ("disagree", code_of(0)))
    # the comparison is awake: other ballots are seen, after the count and only then
    ballots[0] = ("disagree", "disagree")
    three = play([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])
    assert three[0] == one[0]
    assert three[1] != one[1]


def test_an_open_vote_shows_names_beside_choices_after_the_count(app, opened, visit):
    d = opened
    vote_id, (id_,) = made(app, lambda: d.voting("Người Một", mode=VoteMode.OPEN))
    member = visit(d.council[0])
    ballot = {f"phieu-{id_}": "other", f"ly-do-{id_}": "Cần xác minh thêm"}
    assert member.post("/hoi-dong/2024-Q4", ballot).status_code == 302
    assert "Cần xác minh thêm" in member.get("/hoi-dong/2024-Q4").text  # the own one may be changed
    assert "Cần xác minh thêm" not in visit(d.council[1]).get("/hoi-dong/2024-Q4").text
    with app.app_context():
        for who in d.council[1:]:
            d.cast(vote_id, who, {id_: Choice.AGREE})
        d.close(vote_id)
        assert db.session.get_one(CouncilVote, vote_id).voted == 5
        assert db.session.get_one(Nomination, id_).state == "chosen"
    page = visit(d.council[1]).get("/hoi-dong/2024-Q4/bien-ban").text
    assert "Ủy Viên 1: Ý kiến khác" in page
    assert "Cần xác minh thêm" in page
