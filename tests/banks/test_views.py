"""The pages of banks: what they show, refuse and keep, and who may open them."""

import io
import json
import re

import pytest
import yaml
from PIL import Image as PillowImage
from python_calamine import CalamineWorkbook

from quiz.access import Role
from quiz.banks import drafts, queries
from quiz.banks.models import Bank, ImportDraft, Item, ItemVersion
from quiz.db import db
from tests.banks.sheets import HEADINGS, good, workbook

BANK = "/ngan-hang/ngan-hang"
ITEM = f"{BANK}/cau/C001"


@pytest.fixture
def organizer(given):
    return given.account(Role.ORGANIZER, name="Lê Minh Tâm")


@pytest.fixture
def judge(given):
    return given.account(Role.JUDGE, name="Nguyễn Hoài Nam")


def count(app, model):
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(model))


def item_in(app, code="C001", bank="ngan-hang"):
    with app.app_context():
        item = queries.item_by_code(bank, code)
        return item.state, [(v.number, v.stem, v.is_live, v.declined_why) for v in item.versions]


@pytest.mark.parametrize(
    ("method", "url", "allowed"),
    [
        ("get", "/ngan-hang", {Role.ORGANIZER, Role.JUDGE}),
        ("get", BANK, {Role.ORGANIZER, Role.JUDGE}),
        ("get", f"{BANK}.yaml", {Role.ORGANIZER, Role.JUDGE}),
        ("get", ITEM, {Role.ORGANIZER, Role.JUDGE}),
        ("get", "/ngan-hang/tep-mau.xlsx", {Role.ORGANIZER, Role.JUDGE}),
        ("get", "/ngan-hang/moi", {Role.ORGANIZER}),
        ("get", f"{BANK}/sua", {Role.ORGANIZER}),
        ("get", f"{BANK}/nhap", {Role.ORGANIZER}),
        ("get", f"{BANK}/cau-moi", {Role.ORGANIZER}),
        ("get", f"{ITEM}/sua", {Role.ORGANIZER}),
    ],
)
def test_who_may_open_what(given, visit, method, url, allowed):
    given.bank(1)
    for role in (Role.ORGANIZER, Role.JUDGE, Role.UNIT_CONTACT, Role.ADMIN):
        assert visit(given.account(role)).get(url).status_code == (200 if role in allowed else 403), role
    assert visit(given.account()).get(url).status_code == 403
    assert visit().get(url).status_code in (302, 401)


@pytest.mark.parametrize(
    ("url", "role"),
    [(f"{ITEM}/ngung-dung", Role.JUDGE), (f"{BANK}/nhieu-cau", Role.JUDGE), (f"{BANK}/xoa", Role.JUDGE)],
)
def test_a_judge_reviews_but_does_not_edit(given, visit, url, role):
    given.bank(1, live=False)
    assert visit(given.account(role)).post(url, {"action": "retire"}, page=ITEM).status_code == 403


def test_unknown_banks_items_versions_and_uploads(given, visit, organizer):
    given.bank(1)
    for url in (
        "/ngan-hang/khong-co",
        f"{BANK}/cau/X",
        f"{ITEM}?phien-ban=9",
        "/ngan-hang/nhap/99",
        "/ngan-hang/khong-co.yaml",
    ):
        assert visit(organizer).get(url).status_code == 404


def test_the_index_and_its_first_page(given, visit, organizer):
    page = visit(organizer).get("/ngan-hang").text
    assert "Chưa có ngân hàng nào" in page
    given.bank(3, live=False)
    page = visit(organizer).get("/ngan-hang").text
    assert "Duyệt 3 câu" in page


def test_a_bank_is_made_with_topics_one_a_line(app, visit, organizer):
    form = {"title": "Luật Thi đua", "code": "", "topics": "chung: Quy định chung\n\n Danh hiệu thi đua \n", "note": ""}
    reply = visit(organizer).post("/ngan-hang/moi", form)
    assert (reply.status_code, reply.location) == (302, "/ngan-hang/luat-thi-dua")
    with app.app_context():
        assert queries.bank_by_code("luat-thi-dua").topics == [
            {"code": "chung", "title": "Quy định chung"},
            {"code": "danh-hieu-thi-dua", "title": "Danh hiệu thi đua"},
        ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Mục này cần được điền."),
        ({"code": "Có Dấu"}, "Chỉ dùng chữ thường không dấu"),
        ({"code": "nhap"}, "Hãy chọn mã khác"),
        ({"code": "ngan-hang"}, "Mã “ngan-hang” đã được dùng"),
        ({"topics": ""}, "Hãy ghi ít nhất một chủ đề."),
        ({"topics": "A\na"}, "được ghi hai lần"),
    ],
)
def test_a_bank_form_with_a_mistake_keeps_what_was_typed(given, app, visit, organizer, changes, message):
    given.bank(0)
    form = {"title": "Luật", "code": "luat", "topics": "Chung", "note": "Ghi chú của tôi"} | changes
    reply = visit(organizer).post("/ngan-hang/moi", form)
    assert reply.status_code == 422
    assert message in reply.text
    assert "Ghi chú của tôi" in reply.text
    assert count(app, Bank) == 1


def test_a_topic_in_use_stays_and_an_empty_bank_goes(given, app, visit, organizer):
    given.bank(2)
    reply = visit(organizer).post(f"{BANK}/sua", {"title": "T", "topics": "moi: Mới", "note": ""})
    assert reply.status_code == 422
    assert "đang có câu hỏi nên không bỏ được" in reply.text
    reply = visit(organizer).post(f"{BANK}/xoa", page=ITEM)
    assert reply.status_code == 409
    given.bank(0, "trong")
    assert visit(organizer).post("/ngan-hang/trong/xoa", page="/ngan-hang/trong/sua").status_code == 302
    assert count(app, Bank) == 1


def test_the_list_filters_pages_and_escapes(given, visit, organizer):
    given.bank(51, stem="Câu <b>đậm</b> & hỏi?")
    page = visit(organizer).get(BANK).text
    assert "1–50 trong 51 câu" in page
    assert "Câu &lt;b&gt;đậm&lt;/b&gt; &amp; hỏi?" in page
    assert "51–51 trong 51 câu" in visit(organizer).get(f"{BANK}?trang=2").text
    assert "Không có câu nào như vậy" in visit(organizer).get(f"{BANK}?q=khong+co").text
    assert "C001" in visit(organizer).get(f"{BANK}?q=cau+dam&chu-de=danh-hieu&muc=2&loai=single&trang-thai=live").text
    assert visit(organizer).get(f"{BANK}?muc=x&loai=x&trang-thai=x&trang=0").status_code == 200


def ids(app):
    with app.app_context():
        return list(db.session.scalars(db.select(Item.id).order_by(Item.code)))


def test_many_are_approved_or_retired_at_once(given, app, visit, judge, organizer):
    given.bank(3, live=False, author_id=organizer)
    first, second, _third = ids(app)
    mine = visit(organizer)
    reply = mine.post(f"{BANK}/nhieu-cau", {"action": "approve", "item": [first]}, page=BANK, follow_redirects=True)
    assert "Chưa làm với C001: Bạn là người soạn phiên bản này" in reply.text
    other = visit(judge)
    back = f"{BANK}?trang-thai=pending"
    reply = other.post(f"{BANK}/nhieu-cau", {"action": "approve", "item": [first, second], "back": back}, page=BANK)
    assert reply.location == back
    assert "Đã duyệt 2 câu" in other.get(back).text
    assert item_in(app)[0] == "live"
    reply = mine.post(f"{BANK}/nhieu-cau", {"action": "retire", "item": [first]}, page=BANK, follow_redirects=True)
    assert "Đã ngừng dùng 1 câu" in reply.text
    assert item_in(app)[0] == "retired"


def test_nothing_chosen_and_items_of_other_banks(given, app, visit, judge):
    given.bank(1, live=False)
    given.bank(1, "khac", live=False)
    browser = visit(judge)
    assert (
        "Chưa chọn câu nào"
        in browser.post(f"{BANK}/nhieu-cau", {"action": "approve"}, page=BANK, follow_redirects=True).text
    )
    browser.post(
        f"{BANK}/nhieu-cau",
        {"action": "approve", "item": [*ids(app), "x", "9" * 30], "back": "https://example.com/"},
        page=BANK,
    )
    assert item_in(app)[0] == "live"
    assert item_in(app, bank="khac")[0] == "review"


def test_back_leads_nowhere_else(given, visit, judge):
    given.bank(1)
    for there in ("https://example.com/", "//example.com", f"{BANK}@example.com", "/dang-xuat"):
        assert visit(judge).post(f"{BANK}/nhieu-cau", {"action": "approve", "back": there}, page=BANK).location == BANK


def test_an_item_page_shows_text_key_law_and_history(given, visit, judge):
    document = given.document()
    given.bank(1, document_id=document, article="5", clause="2", source="NT-03")
    page = visit(judge).get(ITEM).text
    for text in (
        "Câu hỏi số 1?",
        "Phương án B của câu 1",
        "Giải thích câu 1.",
        "Khoản 2 Điều 5",
        "Nguồn: NT-03",
        "đi kèm phần mềm",
    ):
        assert text in page
    assert page.count("Đáp án</span>") == 1


FORM = {
    "after": "1", "stem": "Câu hỏi mới?", "option_1": "Một", "option_2": "Hai", "key": "1", "topic": "chung", "level": "1",
    "document": "0", "explanation": "Vì thế.",
}  # fmt: skip


def test_a_new_wording_goes_through_two_people(given, app, visit, organizer, judge):
    given.bank(1)
    mine, other = visit(organizer), visit(judge)
    assert mine.post(f"{ITEM}/sua", FORM).location == ITEM
    assert item_in(app)[1] == [(1, "Câu hỏi số 1?", True, ""), (2, "Câu hỏi mới?", False, "")]
    assert "Bạn soạn phiên bản này nên cần người khác duyệt." in mine.get(ITEM).text
    page = other.get(ITEM).text
    assert "Duyệt phiên bản 2" in page
    assert "Khác gì phiên bản 1" in page
    assert "<del>số 1?</del><ins>mới?</ins>" in page
    reply = mine.post(f"{ITEM}/duyet", {"version": 2}, page=ITEM)
    assert reply.status_code == 409
    assert "Bạn là người soạn phiên bản này nên không tự duyệt được" in reply.text
    assert other.post(f"{ITEM}/duyet", {"version": 2}, page=ITEM).location == ITEM
    assert item_in(app)[1] == [(1, "Câu hỏi số 1?", False, ""), (2, "Câu hỏi mới?", True, "")]
    assert other.post(f"{ITEM}/duyet", {"version": 2}, page=BANK).status_code == 409
    assert "Bạn đang xem phiên bản cũ" in other.get(f"{ITEM}?phien-ban=1").text


def test_a_wording_is_sent_back_with_a_reason(given, app, visit, organizer, judge):
    given.bank(1)
    visit(organizer).post(f"{ITEM}/sua", FORM)
    other = visit(judge)
    reply = other.post(f"{ITEM}/tra-lai", {"version": 2, "why": " "}, page=ITEM)
    assert reply.status_code == 422
    assert "Hãy ghi lý do" in reply.text
    other.post(f"{ITEM}/tra-lai", {"version": 2, "why": "Thiếu căn cứ."}, page=ITEM)
    assert item_in(app)[1][1] == (2, "Câu hỏi mới?", False, "Thiếu căn cứ.")
    page = visit(organizer).get(ITEM).text
    assert "Phiên bản này bị trả lại" in page
    assert "Thiếu căn cứ." in page


def test_an_edit_over_somebody_elses_edit_keeps_the_text(given, app, visit, organizer):
    given.bank(1)
    visit(organizer).post(f"{ITEM}/sua", FORM | {"stem": "Của người khác?"})
    reply = visit(organizer).post(f"{ITEM}/sua", FORM | {"stem": "Của tôi?"})
    assert reply.status_code == 409
    assert "người khác đã ghi một phiên bản mới" in reply.text
    assert "Của tôi?" in reply.text
    assert len(item_in(app)[1]) == 2


def test_an_edit_that_changes_nothing(given, app, visit, organizer):
    given.bank(1)
    visit(organizer).post(f"{ITEM}/sua", FORM)
    reply = visit(organizer).post(f"{ITEM}/sua", FORM | {"after": "2"})
    assert reply.status_code == 409
    assert "giống hệt phiên bản mới nhất" in reply.text
    assert len(item_in(app)[1]) == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stem": " "}, "Câu dẫn để trống."),
        ({"option_2": ""}, "Cần ít nhất 2 phương án, đang có 1."),
        ({"option_2": "MỘT"}, "Phương án B giống phương án A."),
        ({"option_4": "Bốn"}, "Phương án C để trống mà phương án D lại có."),
        ({"key": []}, "Chưa có đáp án."),
        ({"key": ["1", "2"]}, "Câu một đáp án nhưng đáp án ghi A, B."),
        ({"key": "3"}, "Đáp án là C nhưng phương án chỉ có đến B."),
        ({"article": "5"}, "chưa ghi văn bản"),
        ({"stem": "x" * 2001}, "Nhiều nhất 2000 ký tự."),
        ({"valid_from-d": "30", "valid_from-m": "2", "valid_from-y": "2024"}, "Ngày này không có trong lịch."),
        (
            {
                f"valid_{n}-{part}": value
                for n in ("from", "until")
                for part, value in zip("dmy", ("1", "1", "2024"), strict=True)
            },
            "Ngày hết đúng phải sau ngày bắt đầu đúng.",
        ),
    ],
)
def test_an_item_form_with_a_mistake(given, app, visit, organizer, changes, message):
    given.bank(0)
    reply = visit(organizer).post(f"{BANK}/cau-moi", FORM | {"explanation": "Giữ lại nhé."} | changes)
    assert reply.status_code == 422
    assert message in reply.text
    assert "Giữ lại nhé." in reply.text
    assert count(app, Item) == 0


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("single", {}, ("single", ["Một", "Hai"], [1])),
        ("multiple", {"key": ["1", "2"], "option_3": "Ba"}, ("multiple", ["Một", "Hai", "Ba"], [1, 2])),
        ("true_false", {"key": "2"}, ("true_false", ["Đúng", "Sai"], [2])),
    ],
)
def test_a_new_item_of_each_kind(given, app, visit, organizer, kind, fields, expected):
    given.bank(0)
    reply = visit(organizer).post(f"{BANK}/cau-moi?loai={kind}", FORM | fields)
    assert reply.location == f"{BANK}/cau/CH-0001"
    with app.app_context():
        version = queries.item_by_code("ngan-hang", "CH-0001").latest
        assert (version.kind, version.options, version.key) == expected
        assert version.author_id == organizer
        assert not version.is_live


def test_an_item_is_retired_with_a_reason_and_revived(given, app, visit, organizer):
    given.bank(1)
    browser = visit(organizer)
    browser.post(f"{ITEM}/ngung-dung", {"why": "Luật đổi"}, page=ITEM)
    assert item_in(app)[0] == "retired"
    assert "Câu này đã ngừng dùng" in browser.get(ITEM).text
    browser.post(f"{ITEM}/dung-lai", page=ITEM)
    assert item_in(app)[0] == "live"


def test_the_export_is_yaml_of_what_is_in_use(given, visit, judge):
    given.bank(2)
    reply = visit(judge).get(f"{BANK}.yaml")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="ngan-hang.yaml"'
    content = yaml.safe_load(reply.text)
    assert content["bank"]["code"] == "ngan-hang"
    assert [(i["id"], i["key"]) for i in content["items"]] == [("C001", "B"), ("C002", "B")]


def upload(browser, content, name="cau-hoi.xlsx", **arguments):
    return browser.post(
        f"{BANK}/nhap", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data", **arguments
    )


def test_an_upload_is_reported_by_row_and_then_written(given, app, visit, organizer):
    given.bank(0)
    browser = visit(organizer)
    content = workbook(
        [*good(), ""], [*good("Hai?", key="Z"), ""], [*good("Ba?", level=""), ""], headings=[*HEADINGS, "Màu"]
    )
    draft = upload(browser, content).location
    page = browser.get(draft).text
    assert "1 câu chưa ghi được" in page
    assert "dòng 3" in page
    assert "Đáp án là Z nhưng phương án chỉ có đến D." in page
    assert "Không nhận ra cột I “Màu”" in page
    assert "Ghi 2 câu" in page
    assert count(app, Item) == 0
    assert "chưa ghi" in browser.get(BANK).text
    reply = browser.post(f"{draft}/ghi", {"what": "all", "send": "1"}, page=draft)
    assert reply.location == f"{BANK}?da-ghi=2-0-0&trang-thai=pending"
    assert "Đã ghi 2 câu mới" in browser.get(reply.location).text
    assert count(app, Item) == 2
    assert browser.get(draft).status_code == 404


def test_chosen_rows_tabs_and_the_report_as_a_workbook(given, app, visit, organizer):
    given.bank(0)
    browser = visit(organizer)
    draft = upload(browser, workbook(good(), good("Hai?"), good("Ba?", key="Z"))).location
    assert "Ba?" not in browser.get(f"{draft}?xem=writable").text
    assert "Hai?" in browser.get(f"{draft}?xem=all").text
    report = CalamineWorkbook.from_filelike(io.BytesIO(browser.get(f"{draft}/can-xem.xlsx").data))
    assert report.get_sheet_by_index(0).to_python()[1] == [
        3.0, "Ba?", "Lỗi", "Đáp án là Z nhưng phương án chỉ có đến D.",
    ]  # fmt: skip
    reply = browser.post(f"{draft}/ghi", {"what": "selected"}, page=draft, follow_redirects=True)
    assert "Chưa chọn câu nào ghi được" in reply.text
    browser.post(f"{draft}/ghi", {"what": "selected", "row": ["2", "3", "x"]}, page=draft)
    assert count(app, ItemVersion) == 1


def test_an_upload_is_dropped(given, app, visit, organizer):
    given.bank(0)
    browser = visit(organizer)
    draft = upload(browser, workbook(good())).location
    assert browser.post(f"{draft}/bo", page=draft).location == BANK
    assert (count(app, Item), count(app, ImportDraft)) == (0, 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7", "Đây là tệp PDF"),
        (b" ", "Tệp trống"),
        (b"\x89PNG\r\n\x1a\n", "Không nhận ra dạng của tệp này"),
        ("Câu 1. Tiếng Việt?".encode("utf-16-le")[:-1], "không dùng bảng mã Unicode"),
        (b"C\xe2u 1", "không dùng bảng mã Unicode"),
        ("Một đoạn văn không có câu hỏi nào.".encode(), "Không tìm thấy câu hỏi nào"),
        (workbook(good())[:900], "bị hỏng hoặc tải lên chưa hết"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "được đặt mật khẩu"),
        (workbook(headings=["A", "B"]), "Không thấy dòng tiêu đề"),
    ],
)
def test_files_that_cannot_be_read(given, app, visit, organizer, content, message):
    given.bank(0)
    reply = upload(visit(organizer), content)
    assert reply.status_code == 422
    assert message in reply.text
    assert count(app, ImportDraft) == 0


def test_no_file_and_a_file_too_large(given, app, visit, organizer):
    given.bank(0)
    browser = visit(organizer)
    reply = browser.post(f"{BANK}/nhap", {})
    assert reply.status_code == 422
    assert "Hãy chọn một tệp, hoặc dán văn bản" in reply.text
    reply = upload(browser, b"\0" * (20 * 1024 * 1024 + 1))
    assert reply.status_code == 413
    assert "Tệp quá lớn" in reply.text
    assert count(app, ImportDraft) == 0


def test_the_template_is_read_without_a_fault(given, app, visit, organizer):
    given.document()
    given.bank(0)
    browser = visit(organizer)
    content = browser.get("/ngan-hang/tep-mau.xlsx?ngan-hang=ngan-hang").data
    draft = upload(browser, content).location
    with app.app_context():
        draft_row = db.session.scalars(db.select(ImportDraft)).one()
        counts = drafts.counts_of(draft_row)
        assert (counts.read, counts.valid, draft_row.report["problems"]) == (counts.read, counts.read, [])
        assert counts.read >= 3
    assert "Mọi câu đều hợp lệ" in browser.get(draft).text
    assert browser.get("/ngan-hang/tep-mau.xlsx").status_code == 200


def test_a_word_template_is_read_without_a_fault(given, visit, organizer):
    given.document()
    given.bank(0)
    browser = visit(organizer)
    content = browser.get("/ngan-hang/tep-mau.docx?ngan-hang=ngan-hang").data
    page = browser.get(upload(browser, content, "mau.docx").location).text
    assert "Word (.docx)" in page
    assert "câu chưa ghi được" not in page


def test_pasted_text_is_read_and_its_open_key_is_chosen_on_the_page(given, app, visit, organizer):
    given.bank(0)
    browser = visit(organizer)
    pasted = "Câu 1. Luật có hiệu lực từ ngày nào?\nA. 01/01/2023\nB. 01/01/2024\n\nCâu 2. Ai ban hành luật?\nA. Quốc hội\nB. Chính phủ\nĐáp án: A"
    draft = browser.post(f"{BANK}/nhap", {"pasted": pasted, "topic": "chung", "level": "1", "document": "0"}).location
    page = browser.get(draft).text
    assert "1 câu chưa ghi được" in page
    assert 'name="key-1"' in page
    browser.post(f"{draft}/dap-an", {"key-1": "2", "key-x": "1", "key-9": "1"}, page=draft)
    assert "câu chưa ghi được" not in browser.get(draft).text
    browser.post(f"{draft}/ghi", {"what": "all"}, page=draft)
    with app.app_context():
        versions = db.session.scalars(db.select(ItemVersion).order_by(ItemVersion.id)).all()
        assert [(v.stem, v.key, v.sent_at) for v in versions] == [
            ("Luật có hiệu lực từ ngày nào?", [2], None), ("Ai ban hành luật?", [1], None),
        ]  # fmt: skip


def test_keys_that_were_chosen_and_not_saved_are_kept_before_anything_is_written(given, app, visit, organizer):
    given.bank(0)
    browser = visit(organizer)
    pasted = "Câu 1. Ai ban hành luật?\nA. Quốc hội\nB. Chính phủ\n\nCâu 2. Luật gì?\nA. Cũ\nB. Mới\nĐáp án: A"
    draft = browser.post(f"{BANK}/nhap", {"pasted": pasted, "topic": "chung", "level": "1", "document": "0"}).location
    data = {"what": "all", "key-1": "1"}
    reply = browser.post(f"{draft}/ghi", data, page=draft, follow_redirects=True)
    assert "Đã lưu đáp án bạn vừa chọn ở 1 câu" in reply.text
    assert "Ghi 2 câu vào ngân hàng" in reply.text
    with app.app_context():
        assert db.session.scalars(db.select(ItemVersion)).all() == []
    assert "da-ghi=2-0-0" in browser.post(f"{draft}/ghi", data, page=draft).location


def test_a_lack_is_named_once_after_another_is_filled(given, visit, organizer):
    given.bank(0)
    browser = visit(organizer)
    pasted = "Câu 1. Ai ban hành luật?\nA. Quốc hội\nB. Chính phủ\nĐáp án: A hoặc B"
    draft = browser.post(f"{BANK}/nhap", {"pasted": pasted, "level": "0", "document": "0"}).location
    assert (
        "nên chưa có gì thay đổi"
        in browser.post(f"{draft}/dien", {"what": "lacking"}, page=draft, follow_redirects=True).text
    )
    page = browser.post(f"{draft}/dien", {"what": "lacking", "fill-level": "2"}, page=draft, follow_redirects=True).text
    assert "Chưa ghi chủ đề" in page
    assert "không có chủ đề" not in page


def test_a_row_is_mended_in_the_form_of_the_editor(given, app, visit, organizer):
    given.bank(0)
    browser = visit(organizer)
    draft = upload(browser, workbook(good(key="Z"))).location
    address = f"{draft}/cau/1"
    assert "Câu hỏi thứ nhất?" in browser.get(address).text
    reply = browser.post(address, FORM | {"stem": " "})
    assert reply.status_code == 422
    assert "Câu dẫn để trống." in reply.text
    assert browser.post(address, FORM | {"stem": "Câu đã sửa?"}).status_code == 302
    page = browser.get(draft).text
    assert "Câu đã sửa?" in page
    assert "Bạn đã sửa" in page
    assert count(app, Item) == 0
    assert browser.get(f"{draft}/cau/9").status_code == 404


def test_long_work_is_told_line_by_line_to_the_script(given, app, visit, organizer):
    given.bank(0)
    browser = visit(organizer)
    reply = upload(browser, workbook(good()), headers={"X-Requested-With": "fetch"})
    lines = [json.loads(line) for line in reply.text.splitlines()]
    assert lines[0] == {"say": "Đang đọc tệp…", "done": 0, "of": 0}
    draft = lines[-1]["next"]
    assert "Mọi câu đều hợp lệ" in browser.get(draft).text
    fetch = {"X-Requested-With": "fetch"}
    reply = browser.post(f"{draft}/ghi", {"what": "all"}, page=draft, headers=fetch)
    assert json.loads(reply.text.splitlines()[-1]) == {"next": f"{BANK}?da-ghi=1-0-0&trang-thai=draft"}
    reply = upload(browser, b"%PDF-1.7", headers={"X-Requested-With": "fetch"})
    assert "Đây là tệp PDF" in json.loads(reply.text.splitlines()[-1])["error"]
    assert (count(app, ImportDraft), count(app, Item)) == (0, 1)


def test_many_items_at_once_all_that_the_search_finds(given, app, visit, organizer, judge):
    given.bank(60, live=False)
    visit(judge).post(f"{BANK}/nhieu-cau", {"action": "approve", "all": "1", "chu-de": "chung"}, page=BANK)
    with app.app_context():
        states = dict(
            db.session.execute(
                db.select(Item.topic, db.func.count()).where(Item.state == "live").group_by(Item.topic)
            ).all()
        )
    assert states == {"chung": 30}
    mine = visit(organizer)
    reply = mine.post(f"{BANK}/nhieu-cau", {"action": "decline", "item": ids(app)}, page=BANK, follow_redirects=True)
    assert "Hãy ghi lý do" in reply.text
    reply = mine.post(
        f"{BANK}/nhieu-cau", {"action": "level", "value": "3", "item": ids(app)[:1]}, page=BANK, follow_redirects=True
    )
    assert "Đã đổi mức độ của 1 câu" in reply.text
    assert mine.post(f"{BANK}/nhieu-cau", {"action": "nuke"}, page=BANK).status_code == 400


def test_what_is_said_about_an_item_is_read_by_the_others(given, visit, organizer, judge):
    given.bank(1)
    other = visit(judge)
    assert other.post(f"{ITEM}/y-kien", {"version": 1, "body": " "}, page=ITEM).status_code == 422
    other.post(f"{ITEM}/y-kien", {"version": 1, "body": "Nên dẫn cả khoản 2 <b>"}, page=ITEM)
    page = visit(organizer).get(ITEM).text
    assert "Nên dẫn cả khoản 2 &lt;b&gt;" in page
    assert "về phiên bản 1" in page


def test_a_draft_is_kept_previewed_and_sent_later(given, app, visit, organizer):
    given.bank(0)
    browser = visit(organizer)
    reply = browser.post(f"{BANK}/cau-moi", FORM | {"what": "preview"})
    assert reply.status_code == 200
    assert "Người thi sẽ thấy" in reply.text
    assert count(app, Item) == 0
    browser.post(f"{BANK}/cau-moi", FORM | {"what": "draft"})
    assert item_in(app, "CH-0001")[0] == "draft"
    browser.post(f"{BANK}/cau/CH-0001/gui-duyet", {"version": 1}, page=BANK)
    assert item_in(app, "CH-0001")[0] == "review"


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("short_text", {"accepted": "Hồ Chí Minh\nBác Hồ"}, {"accepted": ["Hồ Chí Minh", "Bác Hồ"]}),
        ("number", {"accepted": "3,14\n100±5\n95..105"}, {"accepted": ["3.14", "100±5", "100±5"]}),
        ("ordering", {"option_3": "Ba", "partial": "y"}, {"options": ["Một", "Hai", "Ba"], "partial": True, "key": []}),
        (
            "matching",
            {"match_1": "a", "match_2": "b", "match_3": "thừa"},
            {"matches": ["a", "b", "thừa"], "key": [1, 2]},
        ),
        ("essay", {"words": "500"}, {"words": 500, "options": []}),
        ("multiple", {"key": ["1", "2"], "option_3": "Cả A và B"}, {"pinned": [1, 2, 3]}),
    ],
)
def test_the_editor_words_every_kind(given, app, visit, organizer, kind, fields, expected):
    given.bank(0)
    if kind == "number":
        reply = visit(organizer).post(f"{BANK}/cau-moi?loai=number", FORM | {"accepted": "ba phẩy một"})
        assert "không phải số" in reply.text
        fields = {"accepted": fields["accepted"].removesuffix("\n95..105")}
        expected = {"accepted": expected["accepted"][:2]}
    reply = visit(organizer).post(f"{BANK}/cau-moi?loai={kind}", FORM | fields)
    assert reply.status_code == 302, reply.text
    with app.app_context():
        version = queries.item_by_code("ngan-hang", "CH-0001").latest
        assert {name: getattr(version, name) for name in expected} == expected
    page = visit(organizer).get(f"{BANK}/cau/CH-0001/sua")
    assert page.status_code == 200
    assert visit(organizer).get(f"{BANK}/cau/CH-0001").status_code == 200


def test_a_picture_is_encoded_anew_needs_words_and_is_not_lost_meanwhile(given, app, visit, organizer):
    given.bank(0)
    browser = visit(organizer)
    form = FORM | {"image_0": (io.BytesIO(png()), "hinh.png")}
    reply = browser.post(f"{BANK}/cau-moi", form, content_type="multipart/form-data")
    assert reply.status_code == 422
    assert "chưa có lời mô tả" in reply.text
    digest = re.search(r'name="kept_0" value="([0-9a-f]{64})"', reply.text)[1]
    picture = browser.get(f"/hinh/{digest}")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    reply = browser.post(f"{BANK}/cau-moi", FORM | {"kept_0": digest, "alt_0": "Huân chương Sao vàng"})
    assert reply.status_code == 302
    page = browser.get(f"{BANK}/cau/CH-0001").text
    assert 'alt="Huân chương Sao vàng"' in page
    reply = browser.post(
        f"{BANK}/cau-moi", FORM | {"image_0": (io.BytesIO(b"<svg/>"), "a.svg")}, content_type="multipart/form-data"
    )
    assert "không đọc được như một hình" in reply.text


def png() -> bytes:
    file = io.BytesIO()
    PillowImage.new("RGB", (40, 30), "#8c1c1c").save(file, "PNG")
    return file.getvalue()


def test_a_bank_is_downloaded_in_every_format_and_told_what_is_lost(given, visit, organizer):
    given.bank(2)
    browser = visit(organizer)
    assert "Chọn dạng tệp" in browser.get(f"{BANK}/tai-ve").text
    assert "không giữ được mọi thứ" in browser.get(f"{BANK}/tai-ve?dang=aiken").text
    assert "giữ được mọi thứ" in browser.get(f"{BANK}/tai-ve?dang=xlsx").text
    for ending in ("xlsx", "docx", "ods", "csv", "yaml", "gift", "xml", "zip", "txt"):
        reply = browser.get(f"{BANK}.{ending}")
        assert reply.status_code == 200
        assert reply.headers["Content-Disposition"] == f'attachment; filename="ngan-hang.{ending}"'
        again = upload(browser, reply.data, f"lai.{ending}")
        assert again.status_code == 302, (ending, again.text)
        assert "Ngân hàng đã có mọi câu của tệp này" in browser.get(again.location).text, ending
