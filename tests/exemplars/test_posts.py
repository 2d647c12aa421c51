"""Posts: who writes, who publishes, what calendars take over."""

from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from quiz.access import Role
from quiz.accounts.models import Account
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.exemplars import post_queries, posts
from quiz.exemplars.models import Exemplar
from quiz.exemplars.post_models import Post
from quiz.exemplars.posts import PostRefusal
from quiz.journal import JournalRecord

NEWS = {"kind": "news", "title": "Tin thứ nhất", "summary": "Tóm tắt", "body": "Một **đoạn**.", "org_unit_id": "0"}


@pytest.fixture
def organizer(given):
    return given.account(Role.ORGANIZER, name="Lê Minh Tâm")


@pytest.fixture
def second(given):
    return given.account(Role.ORGANIZER, name="Trần Thị Thu")


@pytest.fixture
def post_of(given, clock):
    """`post_of(author, kind="talk", state="published", …)` gives the id of a post."""

    def make(author=None, **columns):
        event = columns.get("kind", "news") in ("talk", "meeting", "visit")
        published = columns.get("state", "published") != "draft"
        values = {
            "slug": f"bai-{next(given.numbers)}", "kind": "news", "title": "Tọa đàm với tổ hòa giải", "body": "Nội dung.",
            "summary": "Mời dự.", "state": "published", "author_id": author, "created_at": clock.now, "updated_at": clock.now,
            "starts_at": clock.now + timedelta(days=3) if event else None, "place": "Hội trường" if event else "",
            "published_at": clock.now if published else None,
        }  # fmt: skip
        return given.save(Post(**values | columns))

    return make


def post_in(app, post_id):
    with app.app_context():
        return db.session.get(Post, post_id)


def test_a_unit_writes_and_somebody_else_publishes(app, given, visit, organizer):
    unit = given.org_unit("Phòng Mẫu")
    contact = visit(given.account(Role.UNIT_CONTACT, unit=unit))
    answer = contact.post("/to-chuc/tin/moi", NEWS | {"org_unit_id": str(unit)})
    assert answer.status_code == 302
    (post_id,) = (int(answer.location.rpartition("/")[2]),)
    preview = contact.get(f"/to-chuc/tin/{post_id}").text
    assert "Duyệt và đăng" not in preview
    assert "<strong>đoạn</strong>" in preview
    assert visit().get("/tin/tin-thu-nhat").status_code == 404
    assert contact.post(f"/to-chuc/tin/{post_id}/dang", page=f"/to-chuc/tin/{post_id}").status_code == 403
    assert visit(organizer).post(f"/to-chuc/tin/{post_id}/dang", page=f"/to-chuc/tin/{post_id}").status_code == 302
    assert "Tin thứ nhất" in visit().get("/tin/tin-thu-nhat").text
    assert (
        contact.post(
            f"/to-chuc/tin/{post_id}/sua", NEWS | {"org_unit_id": str(unit)}, page="/to-chuc/tin/moi"
        ).status_code
        == 409
    )
    with app.app_context():
        assert db.session.scalars(select(JournalRecord.action)).all() == ["post.published"]


def test_nobody_publishes_what_they_wrote(app, visit, organizer, second, post_of):
    post_id = post_of(organizer, state="draft")
    page = f"/to-chuc/tin/{post_id}"
    assert "Duyệt và đăng" not in visit(organizer).get(page).text
    answer = visit(organizer).post(f"{page}/dang", page=page)
    assert answer.status_code == 409
    assert "người khác duyệt" in answer.text
    assert visit(second).post(f"{page}/dang", page=page).status_code == 302
    assert post_in(app, post_id).published_by_id == second


def test_the_database_keeps_two_people_apart(given, clock, organizer, post_of):
    with pytest.raises(IntegrityError):
        post_of(organizer, published_by_id=organizer)
    with pytest.raises(IntegrityError):
        post_of(organizer, kind="talk", starts_at=None)


def test_a_unit_sees_its_own_posts_only(given, visit, post_of):
    mine, other = given.org_unit("Phòng Mẫu"), given.org_unit("Phòng Khác")
    contact = visit(given.account(Role.UNIT_CONTACT, unit=mine))
    post_of(title="Của tôi", org_unit_id=mine)
    theirs = post_of(title="Của họ", org_unit_id=other)
    page = contact.get("/to-chuc/tin").text
    assert "Của tôi" in page
    assert "Của họ" not in page
    assert contact.get(f"/to-chuc/tin/{theirs}").status_code == 403
    assert visit(given.account()).get("/to-chuc/tin").status_code == 403
    # nor can they write for another unit
    answer = contact.post("/to-chuc/tin/moi", NEWS | {"org_unit_id": str(other)})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, "Hãy điền tiêu đề."),
        ({"kind": "talk", "place": "Hội trường"}, "Sự kiện cần có giờ bắt đầu."),
        ({"kind": "talk", "starts_at": "2026-12-01T08:00"}, "Sự kiện cần có địa điểm"),
        ({"kind": "visit", "starts_at": "2026-12-01T08:00", "ends_at": "2026-12-01T07:00", "place": "x"}, "Giờ kết thúc phải sau"),
        ({"kind": "talk", "starts_at": "mai", "place": "x"}, "Ngày giờ chưa đúng"),
        ({"kind": "la"}, "Lựa chọn này không có"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_is_lost(app, visit, organizer, fields, said):
    answer = visit(organizer).post("/to-chuc/tin/moi", NEWS | {"body": "Chữ đã gõ"} | fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Chữ đã gõ" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Post)) == 0


def test_an_editor_who_comes_late_is_told_and_keeps_the_text(app, visit, organizer, second, post_of):
    page = f"/to-chuc/tin/{post_of(organizer, state='draft')}/sua"
    late = NEWS | {"body": "Bản của tôi", "seen": "1"}
    assert visit(second).post(page, NEWS | {"body": "Bản của chị Thu", "seen": "1"}).status_code == 302
    answer = visit(organizer).post(page, late)
    assert answer.status_code == 409
    assert "Người khác vừa sửa bài này" in answer.text
    assert "Bản của tôi" in answer.text


def test_correcting_a_published_post_keeps_what_it_said(app, visit, organizer, post_of):
    post_id = post_of(title="Cũ")
    assert visit(organizer).post(f"/to-chuc/tin/{post_id}/sua", NEWS | {"title": "Mới", "seen": "1"}).status_code == 302
    with app.app_context():
        record = db.session.scalars(select(JournalRecord)).one()
        assert (record.action, record.before["title"], record.after["title"]) == ("post.corrected", "Cũ", "Mới")


def test_withdrawing_needs_a_reason_and_is_for_good(app, visit, organizer, post_of):
    post_id = post_of()
    page, person = f"/to-chuc/tin/{post_id}", visit(organizer)
    assert person.post(f"{page}/go", {"why": ""}, page=page).status_code == 422
    assert person.post(f"{page}/go", {"why": "Đăng nhầm"}, page=page).status_code == 302
    assert visit().get(f"/tin/{post_in(app, post_id).slug}").status_code == 404
    assert person.get(f"{page}/sua").status_code == 409


def test_a_cancelled_event_stays_and_says_so(app, visit, organizer, post_of, clock):
    post_id = post_of(kind="talk", title="Tọa đàm; đầu, cuối")
    slug = post_in(app, post_id).slug
    page = f"/to-chuc/tin/{post_id}"

    def event():
        answer = visit().get("/lich.ics")
        assert answer.mimetype == "text/calendar"
        (found,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
        return found

    before = event()
    assert (before["summary"], before["location"], str(before["status"])) == (
        "Tọa đàm; đầu, cuối",
        "Hội trường",
        "CONFIRMED",
    )
    assert before.start == clock.now + timedelta(days=3)
    assert before["url"].endswith(f"/tin/{slug}")
    assert visit(organizer).post(f"{page}/huy", {"why": "Bão"}, page=page).status_code == 302
    after = event()
    assert after["uid"] == before["uid"]
    assert int(after["sequence"]) > int(before["sequence"])
    assert str(after["status"]) == "CANCELLED"
    shown = visit().get(f"/tin/{slug}").text
    assert "Sự kiện này đã hủy" in shown
    assert "Bão" in shown
    assert visit(organizer).post(f"{page}/huy", {"why": "Nữa"}, page=page).status_code == 409


def test_the_list_is_searched_without_marks_and_by_kind(visit, post_of):
    post_of(title="Tọa đàm về hòa giải", kind="talk")
    post_of(title="Tin công đoàn")
    page = visit().get("/tin?q=toa+dam+hoa+giai").text
    assert "Tọa đàm về hòa giải</a></h2>" in page
    assert "Tin công đoàn</a></h2>" not in page
    assert "Tin công đoàn</a></h2>" in visit().get("/tin?loai=news").text
    assert "Không có bài nào như vậy" in visit().get("/tin?q=khong+co").text
    assert visit().get("/tin?loai=xyz&trang=-1").status_code == 200


def test_events_move_from_coming_to_past(app, post_of, clock):
    post_id = post_of(kind="meeting", ends_at=clock.now + timedelta(days=3, hours=2))
    with app.app_context():
        ends_at = db.session.get(Post, post_id).ends_at
        assert [p.id for p in post_queries.events(after=ends_at)] == [post_id]
        assert [p.id for p in post_queries.past_events(ends_at + timedelta(seconds=1))] == [post_id]
        assert post_queries.events(after=ends_at + timedelta(seconds=1)) == []


def test_a_post_tells_of_its_exemplars(given, app, visit, organizer, post_of):
    exemplar = given.exemplar("Đội Mẫu")
    post_id = post_of(state="draft")
    assert (
        visit(organizer)
        .post(f"/to-chuc/tin/{post_id}/sua", NEWS | {"exemplars": [str(exemplar)], "seen": "1"})
        .status_code
        == 302
    )
    with app.app_context(), transaction():
        post, actor = db.session.get(Post, post_id), db.session.get(Account, organizer)
        posts.publish_post(post, actor, now=post.created_at)
        assert [p.id for p in post_queries.about(exemplar)] == [post_id]
        slug = db.session.get(Exemplar, exemplar).slug
        with pytest.raises(Refusal) as refused:
            posts.publish_post(post, actor, now=post.created_at)
        assert refused.value.reason is PostRefusal.NOT_A_DRAFT
    assert "Tin thứ nhất</a>" in visit().get(f"/guong/{slug}").text
