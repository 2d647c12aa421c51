"""Uploads made to break something: too much of a thing, signs that no text has, and two people at the same moment."""

import base64
import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import delete

from quiz import pictures
from quiz.access import Role
from quiz.accounts.models import Account
from quiz.banks import drafts, mending, picture_store, queries
from quiz.banks.drafts import draft_row
from quiz.banks.formats import detection, docx, pasted
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.safe import markup
from quiz.banks.formats.sheets import signs
from quiz.banks.models import Bank, ImportDraft, ImportRow, Picture
from quiz.banks.queries import RowFilter
from quiz.banks.refusals import BankRefusal
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.pictures import PictureRefusal, PicturesOfFile
from tests.banks.formats.round_trips import reason_to_refuse
from tests.banks.formats.word_files import p, package
from tests.banks.sheets import with_part
from tests.conftest import NOON

BANK = "/ngan-hang/ngan-hang"
ITEM = '- {{id: {code}, kind: single, topic: chung, level: 1, stem: "{stem}", options: {{A: Một, B: Hai}}, key: "{key}"{more}}}\n'


@pytest.fixture
def organizer(given):
    given.bank(1)
    return given.account(Role.ORGANIZER)


@pytest.fixture
def desk(organizer, app):
    """An organizer before a bank, inside an application context."""
    with app.app_context():
        yield db.session.get_one(Account, organizer), queries.bank_by_code("ngan-hang")


def in_yaml(code="T-1", stem="Hình này là gì?", key="A", more=""):
    return ("items:\n" + ITEM.format(code=code, stem=stem, key=key, more=more)).encode()


def with_picture(content, **item):
    text = base64.b64encode(content).decode()
    return in_yaml(more=f', images: [{{place: stem, alt: Huy hiệu, data: "{text}"}}]', **item)


def png(colour="#8c1c1c"):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return file.getvalue()


def upload(desk, content, name="tep.yaml", now=NOON):
    account, bank = desk
    with transaction():
        return drafts.finished(drafts.start_import(bank, name, content, account, now=now))


def rows_of(draft):
    return queries.rows_of(draft, RowFilter.ALL, limit=100)


# too much of a thing


def test_marks_of_bold_that_never_close_are_read_once():
    (item,) = pasted.read_text("Câu 1. Ai?\nA. " + "**a " * 100_000 + "\nB. b").items  # took hours
    assert item.options[1] == "b"


@pytest.mark.parametrize("ending", ["\n", "\r", "\u2028"])
def test_millions_of_lines_are_refused_before_they_are_taken_apart(monkeypatch, ending):
    monkeypatch.setattr(detection, "MOST_LINES", 10)
    with pytest.raises(Refusal) as refused:
        detection.detect(("Câu 1. Ai?" + ending * 11).encode())
    assert refused.value.reason == FileRefusal.TOO_MANY_LINES
    assert detection.detect(("Câu 1. Ai?" + ending * 10).encode()) == detection.Format.TEXT


def test_millions_of_paragraphs_are_refused(monkeypatch):
    monkeypatch.setattr(docx, "MOST_LINES", 10)
    lines = "<w:p><w:r><w:br/><w:br/></w:r></w:p>"  # three of them
    assert reason_to_refuse(docx.read, package(p("Câu 1. Ai?") + lines * 4)) == FileRefusal.TOO_MANY_LINES


def test_millions_of_elements_are_refused_before_a_tree_is_built(monkeypatch):
    monkeypatch.setattr(markup, "_MOST_TAGS", 10)
    assert reason_to_refuse(detection.detect, b"<quiz>" + b"<a/>" * 10 + b"</quiz>") == FileRefusal.TOO_LARGE_INSIDE


@pytest.mark.parametrize(
    "sign",
    [
        '<row r="{n}" hidden="1"/>',
        '<row r="{n}"><c r="A{n}"><f>1</f></c></row>',
        '<row r="{n}"><c r="A{n}" t="e"/></row>',
    ],
)
def test_signs_around_empty_cells_are_counted(monkeypatch, sign):
    monkeypatch.setattr(signs, "MOST_SIGNS", 10)
    rows = "".join(sign.format(n=n) for n in range(1, 12))
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    content = with_part("xl/worksheets/sheet1.xml", sheet)
    assert reason_to_refuse(detection.READERS[detection.Format.XLSX], content) == FileRefusal.TOO_LARGE_INSIDE


def test_a_picture_that_is_shown_often_is_encoded_once():
    of_file = PicturesOfFile()
    assert of_file.keep(png()) == of_file.keep(png()) != of_file.keep(png("#1c8c1c"))
    assert len(of_file.encoded) == 2


def test_pictures_that_are_too_much_together_are_left_out(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS_OF_FILE", 2 * 40 * 30)
    of_file = PicturesOfFile()
    of_file.keep(png("#111111"))
    of_file.keep(png("#222222"))
    with pytest.raises(Refusal) as refused:
        of_file.keep(png("#333333"))
    assert refused.value.reason == PictureRefusal.TOO_MANY
    assert of_file.keep(png("#111111")) in of_file.encoded  # known already


def test_a_report_tells_the_first_problems_and_how_many_there_are(visit, organizer):
    headings = ";".join(f"Cột lạ {n}" for n in range(300))
    content = f"Câu hỏi;Đáp án;A;B;{headings}\nAi ban hành luật?;A;Quốc hội;Chính phủ\n".encode()
    browser = visit(organizer)
    draft = browser.post(
        f"{BANK}/nhap", {"file": (io.BytesIO(content), "tep.csv"), "level": "0", "document": "0"}
    ).location
    page = browser.get(draft).text
    assert "Cột lạ 100" in page
    assert "Cột lạ 290" not in page
    assert "và 100 điều khác" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pasted_text_may_be_long(visit, organizer):
    questions = "\n\n".join(f"Câu {n}. Câu hỏi thứ {n} là gì?\nA. Một\nB. Hai\nĐáp án: A" for n in range(1, 9_500))
    nothing = (io.BytesIO(b""), "")  # what a browser sends for the empty field of the file
    fields = {"pasted": questions, "level": "1", "document": "0", "topic": "chung", "file": nothing}
    response = visit(organizer).post(f"{BANK}/nhap", fields, content_type="multipart/form-data")
    assert (len(questions) > 500_000, response.status_code) == (True, 302)


# signs that no text has


@pytest.mark.parametrize("field", ["stem", "key", "code"])
def test_a_nul_written_as_an_escape_reaches_no_column(desk, field):
    draft = upload(desk, in_yaml(**{field: "A\\0B"}))
    (row,) = rows_of(draft)
    assert "\0" not in row.key_text + row.code + row.wording["stem"]


def test_the_name_of_a_file_turns_no_line_around(app, visit, organizer):
    browser = visit(organizer)
    fields = {"file": (io.BytesIO(in_yaml()), "de\u202egpj.yaml"), "level": "0", "document": "0"}
    browser.post(f"{BANK}/nhap", fields)
    with app.app_context():
        assert db.session.scalars(db.select(ImportDraft.file_name)).one() == "degpj.yaml"


# pictures that wait for a decision


def test_a_picture_that_was_uploaded_long_ago_waits_anew(desk):
    drafts.drop_import(upload(desk, with_picture(png())))
    draft = upload(desk, with_picture(png()), now=NOON + timedelta(days=9))
    (row,) = rows_of(draft)
    assert picture_store.is_kept(draft_row(row).wording.images[0].digest)


def test_a_picture_of_a_mended_row_waits_as_long_as_the_upload_that_takes_it_over(desk):
    first = upload(desk, with_picture(png()))
    (row,) = rows_of(first)
    digest = draft_row(row).wording.images[0].digest
    mending.mend_row(row, draft_row(row).wording, first)
    upload(desk, with_picture(png()), now=NOON + timedelta(days=6))
    with transaction():
        picture_store.forget_unused(NOON + timedelta(days=12))
    assert picture_store.is_kept(digest)


def test_the_same_picture_may_be_kept_twice(desk):
    digest = picture_store.keep(png(), now=NOON)
    assert picture_store.keep(png(), now=NOON + timedelta(days=1)) == digest
    assert db.session.get_one(Picture, digest).created_at == NOON + timedelta(days=1)


@pytest.mark.parametrize("digest", ["xyz", "../../x", "ab" * 32, "x" * 5000])
@pytest.mark.parametrize("url", [f"{BANK}/cau-moi", f"{BANK}/cau/C001/sua"])
def test_a_picture_that_nobody_uploaded_is_not_taken(app, visit, organizer, url, digest):
    fields = {
        "after": "1", "stem": "Câu mới?", "option_1": "Một", "option_2": "Hai", "key": "1", "topic": "chung", "level": "1",
        "document": "0", "kept_0": digest, "alt_0": "Huy hiệu",
    }  # fmt: skip
    response = visit(organizer).post(url, fields)
    assert response.status_code == 422
    assert "Hình này không còn được giữ" in response.text
    assert digest not in response.text
    with app.app_context():
        (item,) = db.session.scalars(db.select(Bank)).one().items
        assert [version.images for version in item.versions] == [[]]


# two people at the same moment


def test_mending_what_somebody_has_just_written_or_dropped_is_refused(desk):
    draft = upload(desk, in_yaml(key="Z"))
    (row,) = rows_of(draft)
    wording = draft_row(row).wording
    db.session.execute(delete(ImportRow).execution_options(synchronize_session=False))
    with pytest.raises(Refusal) as refused:
        mending.mend_row(row, wording, draft)
    assert refused.value.reason == BankRefusal.DRAFT_GONE
