"""Pages of stories and movements, as visitors see them."""

import io
import re
from datetime import date

import pytest
from lxml import html

from quiz.access import Role
from quiz.db import db, transaction
from quiz.exemplars import movement_sections
from quiz.exemplars.models import Exemplar, Reach, StoryPicture, StoryProvision
from quiz.journal import JournalRecord
from tests.exemplars.told import BROWSER, CONSENT, content, movement, picture_file, row

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = one_database


@pytest.fixture
def organizer(given):
    return given.account(Role.ORGANIZER, name="Người Tổ Chức")


@pytest.fixture
def other(given):
    return given.account(Role.ORGANIZER, name="Người Duyệt Bài")


@pytest.fixture
def tell(given, clock):
    """`tell(state="draft", …)`: a story, by its address."""

    def make(**columns):
        story = row(clock.now, **columns)
        slug = story.slug
        given.save(story)
        return slug

    return make


@pytest.fixture
def stored(app):
    """`stored(lambda story: …)` of the only story there is."""

    def look(ask=lambda story: story.state):
        with app.app_context():
            return ask(db.session.scalars(db.select(Exemplar)).one())

    return look


# for everybody


def test_nothing_is_there_yet(visit):
    assert "Chưa có câu chuyện nào được đăng" in visit().get("/guong").text
    assert "Chưa có phong trào nào" in visit().get("/phong-trao").text
    assert visit().get("/guong/khong-co").status_code == 404
    assert visit().get("/phong-trao/khong-co").status_code == 404


def test_the_list_shows_filters_and_counts(visit, tell):
    tell(name="Trần Thị Đậm", title="Chuyện trạm y tế", field="health", year=2024)
    tell(title="Chuyện tổ hòa giải")
    tell(state="archived", title="Chuyện cũ")
    page = visit().get("/guong").text
    assert "2 câu chuyện" in page
    assert "Chuyện cũ" not in page
    assert '<option value="health">Y tế (1)</option>' in page
    found = visit().get("/guong?q=tram+y+te&linh-vuc=health&nam=2024&trang=1").text
    assert "Chuyện trạm y tế" in found
    assert "Chuyện tổ hòa giải" not in found
    assert "tu=search" in found
    assert "Không có câu chuyện nào như vậy" in visit().get("/guong?q=khong+co").text
    for odd in (
        "loai=xyz",
        "linh-vuc=<b>",
        "nam=abc",
        "nam=99999999999999",
        "trang=-4",
        "trang=999",
        "phong-trao=%00x"[:12],
    ):
        assert visit().get(f"/guong?{odd}").status_code == 200, odd


def test_the_list_is_paged(visit, given, clock):
    given.save(*(row(clock.now, title=f"Chuyện số {n:02d}") for n in range(13)))
    assert "1–12 trong 13 câu chuyện" in visit().get("/guong?linh-vuc=justice").text
    second = visit().get("/guong?linh-vuc=justice&trang=2").text
    assert "13–13 trong 13" in second
    assert "linh-vuc=justice&amp;trang=1" in second or "trang=1&amp;linh-vuc=justice" in second


def meta(page):
    tree = html.fromstring(page)
    found = {m.get("property") or m.get("name"): m.get("content") for m in tree.iter("meta")}
    return found | {link.get("rel"): link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"}


def test_a_story_says_all_it_has(visit, tell, given, clock):
    law = given.document()
    old = given.document("98/2023/NĐ-CP", title="Quy định", expires_on=date(2024, 11, 1))
    moved = movement(clock.now, title="Cả nước chung sức")
    slug = tell(
        quarter="2026-Q3", movements=[moved], body="## Mở\n\nĐoạn.\n\n> Luật viết cho mọi người.",
        provisions=[StoryProvision(document_id=law, article="5"), StoryProvision(document_id=old)],
        sources=[{"title": "Bài báo", "publisher": "Báo Mẫu", "address": "https://vi.du/a", "fact": f"A-{n}"} for n in (1, 2)],
    )  # fmt: skip
    tell(title="Chuyện kế bên")
    page = visit().get(f"/guong/{slug}").text
    for words in (
        "Điển hình tiên tiến quý III/2026", "Cuốn sổ luật của ấp Mẫu", "Hòa giải thành mọi vụ.", "vụ việc", "<h2>Mở</h2>",
        "<blockquote>", "Điều luật trong câu chuyện", "<b>Điều 5</b>", "Còn hiệu lực</span>", "Hết hiệu lực</span>",
        "Cả nước chung sức", "Chuyện kế bên", "Đọc khoảng 1 phút", "<svg", 'content="summary"',
    ):  # fmt: skip
        assert words in page, words
    assert page.count("https://vi.du/a") == 1  # once, however many facts rest on it
    said = meta(page)
    assert said["canonical"] == said["og:url"] == f"http://localhost/guong/{slug}"
    assert said["og:title"] == "Cuốn sổ luật của ấp Mẫu"
    assert "robots" not in said
    assert "og:image" not in said  # until its card is made


def test_pictures_stand_with_words_and_are_shared(visit, tell, given, app):
    slug = tell()
    with app.app_context(), transaction():
        from quiz import pictures

        encoded = pictures.encode(picture_file())
        story = db.session.scalars(db.select(Exemplar)).one()
        story.pictures.append(
            StoryPicture(
                digest=encoded.digest, media_type=encoded.media_type, width=encoded.width, height=encoded.height,
                content=encoded.content, position=1, added_at=story.created_at, is_shown=True,
                **CONSENT | {"caption": "Chiều thứ Năm.", "credit": "Báo Mẫu"},
            )
        )  # fmt: skip
    address = f"/guong/{slug}/hinh/{encoded.digest}"
    page = visit().get(f"/guong/{slug}").text
    assert f'src="{address}" width="320" height="200" alt="Sân nhà văn hóa"' in page
    assert "Chiều thứ Năm. Ảnh: Báo Mẫu" in page
    assert CONSENT["consent"] not in page
    said = meta(page)
    assert said["og:image"] == said["twitter:image"] == f"http://localhost{address}"
    assert (said["og:image:width"], said["twitter:card"]) == ("320", "summary_large_image")
    picture = visit().get(address)
    assert picture.data == encoded.content
    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert visit().get(f"/guong/{slug}/hinh/{'0' * 64}").status_code == 404
    with app.app_context(), transaction():
        db.session.scalars(db.select(StoryPicture)).one().is_shown = False
    assert visit().get(address).status_code == 404
    assert encoded.digest not in visit().get(f"/guong/{slug}").text
    assert visit(given.account(Role.ORGANIZER)).get(address).headers["Cache-Control"] == "private, max-age=3600"


def test_an_archived_story_still_answers(visit, tell):
    slug = tell(state="archived")
    answer = visit().get(f"/guong/{slug}")
    assert answer.status_code == 200
    assert "đang được lưu trữ" in answer.text
    assert meta(answer.text)["robots"] == answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("state", ["draft", "approved"])
def test_what_is_not_published_is_seen_by_those_who_have_to(visit, tell, given, state):
    unit = given.org_unit()
    slug = tell(state=state, org_unit_id=unit)
    seen = {
        None: 404, given.account(): 404, given.account(Role.ADMIN): 404, given.account(Role.UNIT_CONTACT, unit=given.org_unit()): 404,
        given.account(Role.UNIT_CONTACT, unit=unit): 200, given.account(Role.ORGANIZER): 200, given.account(Role.JUDGE): 200,
        given.account(Role.COUNCIL_MEMBER): 200,
    }  # fmt: skip
    for account, status in seen.items():
        answer = visit(account).get(f"/guong/{slug}")
        assert answer.status_code == status
        if status == 200:
            assert "Bản xem trước, chưa đăng" in answer.text
            assert answer.headers["X-Robots-Tag"] == "noindex"
    assert visit().get(f"/guong/{slug}/ap-phich.pdf").status_code == 404


HOSTILE = "<script>alert(1)</script> [a](javascript:alert(1)) <img src=x onerror=alert(1)>"


def test_hostile_words_do_nothing_wherever_they_stand(visit, tell, given, organizer, app):
    tell(title=HOSTILE, name=HOSTILE, summary=HOSTILE, body=HOSTILE, unit_name=HOSTILE, place=HOSTILE, period=HOSTILE[:90],
         figures=[{"value": HOSTILE, "label": HOSTILE}], sources=[{"title": HOSTILE, "publisher": HOSTILE, "address": ""}])  # fmt: skip
    with app.app_context():
        story = db.session.scalars(db.select(Exemplar)).one()
        slug, story_id = story.slug, story.id
    for account, address in (
        (None, "/guong"), (None, f"/guong/{slug}"), (None, "/"), (organizer, "/to-chuc/guong"),
        (organizer, f"/to-chuc/guong/{story_id}"), (organizer, f"/to-chuc/guong/{story_id}/sua"), (organizer, "/to-chuc/guong/tiep-can"),
    ):  # fmt: skip
        tree = html.fromstring(visit(account).get(address).text)
        for element in tree.iter():
            if isinstance(element.tag, str):
                assert not [name for name in element.attrib if name.startswith("on")], address
                assert not (element.get("href") or element.get("src") or "").startswith("javascript:"), address
                assert element.tag != "script" or "alert" not in (element.text or ""), address
    assert "<script>alert" not in visit().get("/guong/atom.xml").text


def test_the_front_page_features_the_newest_story(visit, tell, clock):
    assert 'id="dien-hinh"' not in visit().get("/").text
    tell(title="Chuyện trước")
    clock.advance(hours=1)
    tell(title="Chuyện sau", published_at=clock.now)
    page = visit().get("/").text
    assert "Chuyện sau" in page
    assert "Chuyện trước" not in page


def test_movements_lead_to_their_stories(visit, given, clock, tell, organizer, monkeypatch):
    shown = movement(
        clock.now, slug="chung-suc", title="Chung sức", started="2011-06-08", body="## Mục\n\nChữ.",
        sources=[{"fact": "A-1", "note": "Kế hoạch 2024"}, {"fact": "A-2", "note": "Kế hoạch 2024"}],
    )  # fmt: skip
    hidden = movement(clock.now, slug="an", title="Phong trào ẩn", is_shown=False)
    given.save(shown, hidden)
    tell(title="Chuyện của phong trào", movements=[shown, hidden])
    listed = visit().get("/phong-trao").text
    assert "Chung sức" in listed
    assert "1 câu chuyện" in listed
    assert "từ 08/06/2011" in listed
    assert "Phong trào ẩn" not in listed
    page = visit().get("/phong-trao/chung-suc").text
    assert "Chuyện của phong trào" in page
    assert page.count("Kế hoạch 2024") == 1
    assert visit().get("/phong-trao/an").status_code == 404
    assert "đang ẩn" in visit(organizer).get("/phong-trao/an").text
    monkeypatch.setattr(movement_sections, "_sections", [lambda m: "", lambda m: f"<section>Thi: {m.id}</section>"])
    assert re.search(r"<section>Thi: \d+</section>", visit().get("/phong-trao/chung-suc").text)


# in office


def form_of(**changes):
    said = content(**changes)
    fields = {k: said[k] for k in ("kind", "name", "title", "summary", "field", "unit_name", "place", "period", "body", "topics", "quarter")}  # fmt: skip
    return fields | {
        "org_unit_id": said["org_unit_id"] or 0, "year": said["year"] or "", "movements": said["movements"],
        "figures": "\n".join(f"{f['value']} | {f['label']}" for f in said["figures"]),
        "sources": "Báo cáo | UBND xã Mẫu",
    }  # fmt: skip


def test_strangers_write_nothing(visit, given, tell, stored):
    tell(state="draft")
    story_id = stored(lambda s: s.id)
    for account in (given.account(), given.account(Role.JUDGE), given.account(Role.COUNCIL_MEMBER)):
        for address in ("/to-chuc/guong", "/to-chuc/guong/moi", f"/to-chuc/guong/{story_id}/sua", f"/to-chuc/guong/{story_id}/hinh",
                        "/to-chuc/phong-trao", "/to-chuc/guong/tiep-can"):  # fmt: skip
            assert visit(account).get(address).status_code == 403, address
    contact = visit(given.account(Role.UNIT_CONTACT, unit=given.org_unit()))
    assert contact.get(f"/to-chuc/guong/{story_id}/sua").status_code == 403
    assert contact.get("/to-chuc/phong-trao").status_code == 403


def test_a_unit_writes_and_the_office_approves_and_publishes(visit, given, organizer, stored, app):
    unit = given.org_unit("Xã Mẫu")
    contact = visit(given.account(Role.UNIT_CONTACT, name="Đầu Mối", unit=unit))
    law = given.document()
    written = contact.post(
        "/to-chuc/guong/moi",
        form_of(org_unit_id=unit, quarter="2026-Q3") | {"provisions-0-document": law, "provisions-0-article": "Điều 5", "provisions-0-clause": "", "provisions-0-point": "", "provisions-1-document": ""},
    )  # fmt: skip
    page = written.location
    assert stored(lambda s: (s.org_unit_id, s.state, s.quarter)) == (
        unit,
        "draft",
        "",
    )  # the quarter is not theirs to give
    assert stored(lambda s: [p.name for p in s.provisions]) == ["Điều 5"]
    seen = {"seen": "1"}
    assert contact.post(f"{page}/duyet", seen, page=page).status_code == 403
    assert contact.post(f"{page}/dang", seen, page=page).status_code == 403
    assert contact.post(f"{page}/gui-duyet", seen, page=page).status_code == 302
    office = visit(organizer)
    assert "Ban Tổ chức (người khác người viết): duyệt" in office.get("/to-chuc/guong").text
    assert office.post(f"{page}/duyet", seen, page=page).status_code == 302
    assert office.post(f"{page}/dang", page=page).status_code == 302
    slug = stored(lambda s: s.slug)
    assert visit().get(f"/guong/{slug}").status_code == 200
    with app.app_context():
        actions = list(db.session.scalars(db.select(JournalRecord.action).order_by(JournalRecord.seq)))
    assert actions == ["story.written", "story.submitted", "story.approved", "story.published"]
    assert contact.get("/to-chuc/guong").text.count("Cuốn sổ luật của ấp Mẫu") >= 1


def test_an_author_cannot_approve(visit, organizer, stored):
    office = visit(organizer)
    page = office.post("/to-chuc/guong/moi", form_of()).location
    answer = office.post(f"{page}/duyet", {"seen": "1"}, page=page)
    assert answer.status_code == 409
    assert "cần người khác duyệt" in answer.text
    assert stored() == "draft"


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("name", "", "Hãy điền tên"), ("title", "", "Hãy điền tiêu đề"), ("quarter", "quý 3", "Viết như 2026-Q3"),
        ("figures", "212 vụ", "cần đúng một dấu |"), ("figures", "1 | a\n" * 9, "Nhiều nhất 8 dòng"), ("year", "xưa", "số nguyên"),
        ("sources", "Bài | Báo | javascript:alert(1)", "phải bắt đầu bằng http"), ("sources", "| Báo", "chưa đọc được"),
        ("provisions-0-document", "999", "hãy chọn văn bản"), ("kind", "khac", "không có trong danh sách"),
        ("body", "x" * 50_001, "Nhiều nhất 50000"), ("summary", "x" * 501, "Nhiều nhất 500"), ("movements", "77", "không có trong danh sách"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_lost(visit, organizer, field, typed, error):
    answer = visit(organizer).post("/to-chuc/guong/moi", form_of(topics="từ khóa đã gõ") | {field: typed})
    assert answer.status_code == 422
    assert error in html.fromstring(answer.text).text_content()
    assert "từ khóa đã gõ" in answer.text


@pytest.mark.parametrize(
    ("article", "clause", "point", "error"),
    [
        ("năm", "", "", "điều, khoản là số"),
        ("", "2", "", "có khoản thì phải có điều"),
        ("5", "", "a", "có điểm thì phải có khoản"),
    ],
)
def test_places_in_the_law_are_checked(visit, given, organizer, article, clause, point, error):
    row = {"document": given.document(), "article": article, "clause": clause, "point": point}
    answer = visit(organizer).post("/to-chuc/guong/moi", form_of() | {f"provisions-0-{k}": v for k, v in row.items()})
    assert answer.status_code == 422
    assert error in answer.text


def test_a_preview_writes_nothing(visit, organizer, app):
    answer = visit(organizer).post("/to-chuc/guong/moi", form_of(body="**đậm** <script>x</script>") | {"preview": "1"})
    assert answer.status_code == 200
    assert "<strong>đậm</strong> &lt;script&gt;" in answer.text
    with app.app_context():
        assert db.session.query(Exemplar).count() == 0


def test_of_two_editors_the_second_loses_nothing(visit, organizer, other, stored):
    one, two = visit(organizer), visit(other)
    page = one.post("/to-chuc/guong/moi", form_of()).location
    assert one.post(f"{page}/sua", form_of(title="Bản của một") | {"seen": "1"}).status_code == 302
    answer = two.post(f"{page}/sua", form_of(title="Bản của hai") | {"seen": "1"})
    assert answer.status_code == 409
    assert "Người khác vừa sửa" in answer.text
    assert "Bản của hai" in answer.text
    assert stored(lambda s: s.title) == "Bản của một"
    assert '<input id="seen" name="seen" type="hidden" value="2">' in answer.text  # so that it can be meant
    assert two.post(f"{page}/sua", form_of(title="Bản của hai") | {"seen": "2"}).status_code == 302
    assert stored(lambda s: s.title) == "Bản của hai"


def test_an_edit_of_a_published_story_is_compared_and_applied(visit, organizer, other, tell, stored):
    slug = tell(author_id=organizer, approved_by_id=other)
    page = f"/to-chuc/guong/{stored(lambda s: s.id)}"
    one, two = visit(organizer), visit(other)
    answer = one.post(f"{page}/sua", form_of(body="Đoạn đầu mới.") | {"seen": "1"})
    assert answer.status_code == 302
    assert "<del>" in one.get(page).text
    assert "Nhận bản sửa" not in html.fromstring(one.get(page).text).text_content().replace("Không nhận bản sửa", "")
    shown = two.get(page).text
    assert "<del>đầu.</del>" in shown or "<del>" in shown
    assert "<ins>" in shown
    assert "Đoạn đầu mới" not in visit().get(f"/guong/{slug}").text
    assert two.post(f"{page}/tu-choi", {"seen": "2", "why": ""}, page=page).status_code == 422
    assert two.post(f"{page}/ap-dung", {"seen": "2"}, page=page).status_code == 302
    assert "Đoạn đầu mới" in visit().get(f"/guong/{slug}").text


def test_a_refusal_needs_a_reason_that_its_author_reads(visit, organizer, other, tell, stored):
    tell(author_id=organizer, approved_by_id=other)
    page = f"/to-chuc/guong/{stored(lambda s: s.id)}"
    visit(organizer).post(f"{page}/sua", form_of(title="Khác") | {"seen": "1"})
    visit(other).post(f"{page}/tu-choi", {"seen": "2", "why": "Chưa có nguồn."}, page=page)
    assert "Lý do: Chưa có nguồn." in html.fromstring(visit(organizer).get(page).text).text_content()
    assert stored(lambda s: s.pending) is None
    visit(other).post(f"{page}/luu-tru", {"seen": "3", "why": "Hết quý."}, page=page)
    assert stored() == "archived"
    visit(other).post(f"{page}/ve-ban-nhap", {"seen": "4", "why": "Viết lại."}, page=page)
    assert stored() == "draft"
    assert visit(organizer).post(f"{page}/xoa", page=page).location == "/to-chuc/guong"


def upload(**changes):
    fields = {**CONSENT, "seen": "1", **changes}
    return {k: v for k, v in fields.items() if v is not None} | {"file": (io.BytesIO(picture_file()), "hinh.png")}


@pytest.mark.parametrize(("missing", "error"), [("consent", "ai đồng ý"), ("alt", "không nhìn thấy")])
def test_a_picture_without_consent_is_refused_and_nothing_is_lost(visit, organizer, tell, stored, missing, error):
    tell(state="draft")
    page = f"/to-chuc/guong/{stored(lambda s: s.id)}/hinh"
    answer = visit(organizer).post(f"{page}/them", upload(**{missing: " ", "caption": "Chú thích đã gõ"}), page=page)
    assert answer.status_code == 422
    assert error in answer.text
    assert "Chú thích đã gõ" in answer.text
    assert stored(lambda s: len(s.pictures)) == 0


def test_pictures_are_added_changed_ordered_and_taken_away(visit, organizer, tell, stored):
    tell(state="draft")
    page = f"/to-chuc/guong/{stored(lambda s: s.id)}/hinh"
    office = visit(organizer)
    assert office.post(f"{page}/them", upload(), page=page).status_code == 302
    second = upload(seen="2", alt="Hình hai") | {"file": (io.BytesIO(picture_file("#00f")), "b.png")}
    assert office.post(f"{page}/them", second, page=page).status_code == 302
    again = office.post(f"{page}/them", upload(seen="3"), page=page)
    assert again.status_code == 409
    assert "đã có trong câu chuyện" in again.text
    damaged = office.post(f"{page}/them", upload(seen="3") | {"file": (io.BytesIO(b"GIF89a"), "x.gif")}, page=page)
    assert "không đọc được như một hình" in damaged.text
    a, b = stored(lambda s: [p.digest for p in s.pictures])
    texts = {f"{d}-{k}": v for d in (a, b) for k, v in CONSENT.items()}
    wrong = office.post(f"{page}/sua", texts | {f"{a}-consent": "", f"{a}-place": "1", f"{b}-place": "x", "seen": "3", f"{b}-caption": "Đã gõ"}, page=page)  # fmt: skip
    assert wrong.status_code == 422
    assert "Đã gõ" in wrong.text
    late = office.post(f"{page}/sua", texts | {f"{a}-place": "2", f"{b}-place": "1", "seen": "1", f"{b}-caption": "Đã gõ"}, page=page)  # fmt: skip
    assert late.status_code == 409
    assert "Đã gõ" in late.text
    office.post(
        f"{page}/sua", texts | {f"{a}-place": "2", f"{b}-place": "1", "seen": "3", f"{b}-caption": "Xanh"}, page=page
    )
    assert stored(lambda s: [(p.digest, p.caption) for p in s.pictures]) == [(b, "Xanh"), (a, "")]
    office.post(
        f"{page}/sua", texts | {f"{a}-place": "1", f"{b}-place": "2", f"{b}-away": "on", "seen": "4"}, page=page
    )
    assert stored(lambda s: [p.digest for p in s.pictures]) == [a]


def test_a_page_too_old_to_take_a_picture_keeps_what_was_typed(visit, organizer, tell, stored):
    tell(state="draft", revision=5)
    page = f"/to-chuc/guong/{stored(lambda s: s.id)}/hinh"
    answer = visit(organizer).post(f"{page}/them", upload(seen="1", caption="Đã gõ"), page=page)
    assert answer.status_code == 409
    assert "Đã gõ" in answer.text
    assert 'value="5"' in answer.text


def test_organizers_write_movements(visit, organizer, other, app):
    office = visit(organizer)
    said = {"title": "Chung sức", "scope": "national", "started": "2011", "ended": "", "position": "3", "is_shown": "y", "sources": "Kế hoạch\nBáo cáo"}  # fmt: skip
    assert office.post("/to-chuc/phong-trao/moi", said | {"title": ""}).status_code == 422
    assert office.post("/to-chuc/phong-trao/moi", said | {"started": "năm ngoái"}).status_code == 422
    assert office.post("/to-chuc/phong-trao/moi", said | {"ended": "2010"}).status_code == 422
    assert office.post("/to-chuc/phong-trao/moi", said).location == "/phong-trao/chung-suc"
    edit = "/to-chuc/phong-trao/1"
    seen = re.search(r'name="seen" type="hidden" value="([0-9a-f]{64})"', office.get(edit).text)[1]
    assert visit(other).post(edit, said | {"summary": "Bản hai", "seen": seen}).status_code == 302
    late = office.post(edit, said | {"summary": "Bản ba", "seen": seen})
    assert late.status_code == 409
    assert "Bản ba" in late.text
    assert "Bản hai" in visit().get("/phong-trao/chung-suc").text
    with app.app_context():
        assert [r.action for r in db.session.query(JournalRecord).order_by(JournalRecord.seq)] == ["movement.added", "movement.edited"]  # fmt: skip
        assert db.session.query(Reach).count() == 0


def test_staff_are_not_counted_and_see_no_script_that_counts(visit, organizer, tell, app):
    slug = tell()
    assert "data-story=" not in visit(organizer).get(f"/guong/{slug}", headers=BROWSER).text
    assert "data-story=" in visit().get(f"/guong/{slug}", headers=BROWSER).text
