"""Posters, cards and the feed: made beforehand, never while a reader waits."""

from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from pypdf import PdfReader

from quiz import jobs, pictures
from quiz.access import Role
from quiz.db import db, transaction
from quiz.exemplars import story_files
from quiz.exemplars.models import Exemplar, FileKind, StoryFile, StoryPicture
from tests.exemplars.told import BROWSER, CONSENT, picture_file, row

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = one_database

LONG = {
    "name": "Tập thể cán bộ, hòa giải viên, cộng tác viên " * 4, "title": "Một tiêu đề rất dài về sự đổi thay " * 8,
    "summary": "Tóm tắt dài, nghiêng ngả, ướt át, chuệnh choạng. " * 10, "body": "> " + "Ễ Ộ ặ nói rất dài. " * 16,
    "unit_name": "Ủy ban nhân dân xã có tên rất dài " * 8, "place": "Xã Mẫu " * 20, "period": "1948–1952",
    "figures": [{"value": "9.999.999.999.999.999 đồng", "label": "số tiền tiết kiệm được trong nhiều năm liền " * 2}] * 8,
}  # fmt: skip


@pytest.fixture
def tell(given, clock, app):
    """`tell(with_picture=True, …)`: the id of a published story."""

    def make(with_picture=False, **columns):
        story = row(clock.now, **{"slug": "chuyen"} | columns)
        if with_picture:
            encoded = pictures.encode(picture_file(size=(900, 1400)))
            story.pictures.append(
                StoryPicture(
                    digest=encoded.digest, media_type=encoded.media_type, width=encoded.width, height=encoded.height,
                    content=encoded.content, position=1, added_at=clock.now, is_shown=True, **CONSENT | {"credit": "Báo Mẫu"},
                )
            )  # fmt: skip
        return given.save(story)

    return make


@pytest.fixture
def work(app, clock):
    """Do what waits, as the process for jobs does."""

    def do():
        with app.app_context():
            jobs.do_chores(clock)
            jobs.run_all(clock)
            return {f.kind: f.digest for f in db.session.query(StoryFile)}

    return do


def text_of(pdf):
    [page] = PdfReader(BytesIO(pdf)).pages
    return " ".join(page.extract_text().replace("\u200b", "").split()), [round(float(x)) for x in page.mediabox[2:]]


@pytest.mark.parametrize(("paper", "size"), [("A4", [595, 842]), ("A3", [842, 1191])])
@pytest.mark.parametrize("with_picture", [False, True])
def test_a_poster_says_the_story_on_one_page(visit, tell, work, paper, size, with_picture):
    tell(with_picture, quarter="2026-Q3", body="Đoạn.\n\n> Luật viết cho mọi người.")
    work()
    answer = visit().get(f"/guong/chuyen/ap-phich.pdf?kho={paper}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text, measured = text_of(answer.data)
    assert measured == size
    for words in (
        "SỞ TƯ PHÁP TỈNH TÂY NINH", "ĐIỂN HÌNH TIÊN TIẾN QUÝ III/2026", "Tổ hòa giải ấp Mẫu", "Cuốn sổ luật của ấp Mẫu",
        "212", "vụ việc", "Hòa giải thành mọi vụ.", "“Luật viết cho mọi người.”", "Quét mã để đọc câu chuyện", "localhost/guong/chuyen",
    ):  # fmt: skip
        assert words in text, words
    assert ("Báo Mẫu" in text) is with_picture
    assert "GIẢ ĐỊNH" not in text


@pytest.mark.parametrize("with_picture", [False, True])
@pytest.mark.parametrize("columns", [LONG, {"figures": [], "summary": "", "body": "", "unit_name": "", "place": "", "period": "", "year": None}])  # fmt: skip
def test_however_much_or_little_there_is_it_stays_one_page(tell, app, columns, with_picture):
    story_id = tell(with_picture, is_demo=True, **columns)
    with app.app_context():
        story = db.session.get_one(Exemplar, story_id)
        for kind in (FileKind.POSTER_A4, FileKind.POSTER_A3):
            text, _size = text_of(story_files.made(story, kind))
            assert "NHÂN VẬT GIẢ ĐỊNH" in text
        assert Image.open(BytesIO(story_files.made(story, FileKind.CARD))).size == (1200, 630)


def test_words_are_never_markup(tell, app):
    story_id = tell(name='#panic("x") $x$ *a* <b>', title="= Tiêu đề", figures=[{"value": "#1", "label": "`x`"}])
    with app.app_context():
        text, _size = text_of(story_files.made(db.session.get_one(Exemplar, story_id), FileKind.POSTER_A4))
    assert '#panic("x") $x$ *a* <b>' in text


def test_a_reader_gets_what_is_kept_or_nothing(visit, tell, work, monkeypatch):
    tell()
    reader = visit()
    monkeypatch.setattr(story_files, "made", lambda *_: pytest.fail("a reader made typst work"))
    assert reader.get("/guong/chuyen/ap-phich.pdf").status_code == 404
    assert reader.get("/guong/chuyen/the.png").status_code == 404
    assert "ap-phich.pdf" not in reader.get("/guong/chuyen").text
    monkeypatch.undo()
    work()
    monkeypatch.setattr(story_files, "made", lambda *_: pytest.fail("a reader made typst work"))
    page = reader.get("/guong/chuyen").text
    assert "ap-phich.pdf?kho=A3" in page
    first = reader.get("/guong/chuyen/ap-phich.pdf")
    assert reader.get("/guong/chuyen/ap-phich.pdf", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert reader.get("/guong/chuyen/ap-phich.pdf?kho=A0").status_code == 404
    card = page.partition('og:image" content="http://localhost')[2].partition('"')[0]
    answer = reader.get(card)
    assert (answer.mimetype, "immutable" in answer.headers["Cache-Control"]) == ("image/png", True)
    assert "immutable" not in reader.get("/guong/chuyen/the.png?v=xyz").headers["Cache-Control"]


def test_people_in_office_have_a_draft_set_while_they_wait(visit, given, tell, app):
    tell(state="draft")
    answer = visit(given.account(Role.ORGANIZER)).get("/guong/chuyen/ap-phich.pdf")
    assert "Cuốn sổ luật" in text_of(answer.data)[0]
    assert answer.headers["Cache-Control"] == "no-store"
    with app.app_context():
        assert db.session.query(StoryFile).count() == 0


def test_files_are_made_anew_when_what_they_say_has_changed(visit, given, tell, work, app, clock):
    story_id = tell()
    before = work()
    assert set(before) == {"card", "poster-a4", "poster-a3"}
    assert work() == before
    with app.app_context(), transaction():
        story = db.session.get_one(Exemplar, story_id)
        story.topics = "chỉ để tìm"
        assert story_files.outdated(story) == []
        story.title = "Tiêu đề mới"
    clock.advance(hours=1)
    after = work()
    assert not set(before.values()) & set(after.values())
    assert "Tiêu đề mới" in text_of(visit().get("/guong/chuyen/ap-phich.pdf").data)[0]


def test_publishing_asks_for_the_files(visit, given, tell, app):
    tell(state="approved")
    page = "/to-chuc/guong/1"
    visit(given.account(Role.ORGANIZER)).post(f"{page}/dang", {"seen": "1"}, page=page)
    with app.app_context():
        assert jobs.latest(story_files.JOB, "exemplar:1").is_unfinished


# the feed

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_is_valid_atom(visit, given, tell, clock):
    empty = ET.fromstring(visit().get("/guong/atom.xml").data)
    assert empty.findall(f"{ATOM}entry") == []
    given.save(*(row(clock.now, title=f"Chuyện <{n}> & 'x'", slug=f"chuyen-{n}") for n in range(32)))
    tell(state="archived", slug="cu")
    answer = visit().get("/guong/atom.xml", headers=BROWSER)
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Sở Tư pháp tỉnh Tây Ninh"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": "http://localhost/guong/atom.xml", "alternate": "http://localhost/guong"}
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 30
    assert entries[0].findtext(f"{ATOM}title") == "Chuyện <31> & 'x'"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 30
    for entry in entries:
        assert all(entry.findtext(f"{ATOM}{name}") for name in ("updated", "published", "summary"))
        assert entry.find(f"{ATOM}link").get("href") == f"{entry.findtext(f'{ATOM}id')}?tu=feed"


def test_readers_of_the_feed_are_told_when_nothing_has_changed(visit, tell, clock, app):
    story_id = tell()
    first = visit().get("/guong/atom.xml")
    tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert visit().get("/guong/atom.xml", headers={"If-None-Match": tag}).status_code == 304
    assert visit().get("/guong/atom.xml", headers={"If-Modified-Since": modified}).status_code == 304
    clock.advance(minutes=5)
    with app.app_context(), transaction():
        story = db.session.get_one(Exemplar, story_id)
        story.revision, story.updated_at = 2, clock.now
    assert visit().get("/guong/atom.xml", headers={"If-None-Match": tag}).status_code == 200
    assert visit().get("/guong/atom.xml", headers={"If-Modified-Since": modified}).status_code == 200
