"""Pages of units: the tree, one unit, and the import in a browser."""

import io

import pytest

from quiz.access import Role

GOOD = "mã;tên;loại;khối;mã cấp trên;tổng số người;ngày;nguồn\nSTP;Sở Tư pháp;sở;;;60;31/12/2023;Báo cáo\nVP;Văn phòng;phòng;Khối 1;STP;;;\n"
BAD = "mã;tên;tổng số người\nA;Đơn vị A;0\nB;Đơn vị B;\n"
IMPORT = "/to-chuc/don-vi/nhap"


@pytest.fixture
def organizer(visit, given):
    return visit(given.account(Role.ORGANIZER))


def upload(visitor, text, name="don-vi.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return visitor.post(IMPORT, {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def confirm(visitor, draft_url):
    import re

    digest = re.search(r'name="digest" value="(\w+)"', visitor.get(draft_url).text)[1]
    return visitor.post(f"{draft_url}/ghi", {"digest": digest}, page=draft_url)


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMIN, 200), (Role.ORGANIZER, 200), (Role.JUDGE, 403), (Role.UNIT_CONTACT, 403)]
)
def test_who_sees_units(visit, given, role, status):
    unit = given.org_unit()
    visitor = visit(given.account(role))
    for url in ("/to-chuc/don-vi", "/to-chuc/don-vi.csv", "/to-chuc/don-vi/moi", f"/to-chuc/don-vi/{unit}", IMPORT):
        assert visitor.get(url).status_code == status


def test_a_file_is_reported_and_then_written(organizer):
    assert "Chưa có đơn vị nào" in organizer.get("/to-chuc/don-vi").text
    draft = upload(organizer, GOOD).location
    report = organizer.get(draft).text
    assert "Chưa có gì được ghi" in report
    assert "Văn phòng" in report
    assert "Chưa có đơn vị nào" in organizer.get("/to-chuc/don-vi").text
    assert confirm(organizer, draft).location == "/to-chuc/don-vi"
    page = organizer.get("/to-chuc/don-vi").text
    assert "Đã ghi: 2 đơn vị mới, 0 đơn vị thay đổi." in page
    assert "31/12/2023, Báo cáo" in page
    assert organizer.get(draft).location == "/to-chuc/don-vi"


def test_a_file_with_a_refused_row_cannot_be_confirmed(organizer):
    draft = upload(organizer, BAD).location
    report = organizer.get(draft).text
    assert "Còn 1 dòng bị từ chối, chưa ghi dòng nào" in report
    assert "Cột “tổng số người” phải lớn hơn 0" in report
    assert 'name="digest"' not in report
    assert "Đơn vị B" not in organizer.get(f"{draft}?chi=refused").text
    assert organizer.post(f"{draft}/ghi", {"digest": "x"}, page=IMPORT).location == draft
    assert "Chưa có đơn vị nào" in organizer.get("/to-chuc/don-vi").text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("mã,tên,lương\nA,B,3", "“lương”"),
        (b"%PDF-1.7", "không phải bảng CSV hay XLSX"),
        (b"m\xe3,t\xean\nA,V\xe3n ph\xf2ng", "UTF-8"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_cannot_be_read_is_said_at_the_field(organizer, data, said):
    answer = upload(organizer, data)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Chưa có gì được ghi" in answer.text


def test_no_file_and_too_big_a_file(organizer):
    assert organizer.post(IMPORT, {}).status_code == 422
    assert upload(organizer, b"a" * (5 * 1024 * 1024 + 1)).status_code == 422
    assert upload(organizer, b"a" * (21 * 1024 * 1024)).status_code == 413


def test_the_list_that_is_downloaded_can_be_loaded_again(organizer):
    confirm(organizer, upload(organizer, GOOD).location)
    data = organizer.get("/to-chuc/don-vi.csv").data
    assert data.startswith(b"\xef\xbb\xbf")
    report = organizer.get(upload(organizer, data).location).text
    assert "Không có gì để ghi" in report


def test_a_unit_is_made_corrected_counted_and_removed(organizer):
    fields = {"code": "stp-vp", "name": "Văn phòng", "kind": "phòng", "block": "", "parent": "", "note": ""}
    page = organizer.post("/to-chuc/don-vi/moi", fields).location
    assert organizer.post("/to-chuc/don-vi/moi", fields).status_code == 409
    assert organizer.post("/to-chuc/don-vi/moi", fields | {"code": "a b"}).status_code == 422
    assert organizer.post(page, fields | {"name": "Văn phòng Sở"}).location == page
    assert organizer.post(page, fields | {"name": ""}).status_code == 422
    unit = page.rsplit("/", 1)[1]
    assert organizer.post(page, fields | {"parent": unit}).status_code == 409
    count = {"people": "14", "as_of-d": "31", "as_of-m": "12", "as_of-y": "2023", "source": "Báo cáo"}
    for wrong in ({"people": "0"}, {"people": "x"}, {"as_of-y": "2025"}, {"as_of-d": "32"}, {"source": ""}, {"obliged": "15"}, {"obliged": "0"},
                  {"population": "-1"}, {"population": "x"}):  # fmt: skip
        assert organizer.post(f"{page}/so-nguoi", count | wrong, page=page).status_code == 422
    assert organizer.post(f"{page}/so-nguoi", count, page=page).location == page
    assert organizer.post(f"{page}/so-nguoi", count | {"people": "15"}, page=page).location == page
    too_many = organizer.post(f"{page}/so-nguoi", count | {"obliged": "15"}, page=page).text
    assert "Số người phải dự thi nhiều hơn tổng số người." in too_many
    more = {"people": "15", "obliged": "13", "population": "2300"}
    assert organizer.post(f"{page}/so-nguoi", count | more, page=page).location == page
    exported = organizer.get("/to-chuc/don-vi.csv").text
    assert "tổng số người,số người phải dự thi,dân số,ngày" in exported
    assert "15,13,2300,31/12/2023" in exported
    shown = organizer.get(page).text
    assert ">13<" in shown
    assert ">2.300<" in shown
    assert "STP-VP" in shown
    assert ">15<" in shown
    assert ">14<" not in shown
    assert organizer.post(f"{page}/xoa", page=page).location == "/to-chuc/don-vi"
    assert organizer.get(page).status_code == 404


def test_a_unit_with_people_stays(organizer, given):
    unit = given.org_unit("Văn phòng")
    given.account(unit=unit)
    page = f"/to-chuc/don-vi/{unit}"
    assert "1 tài khoản khai công tác" in organizer.get(page).text
    answer = organizer.post(f"{page}/xoa", page=page)
    assert answer.status_code == 409
    assert "không xóa được" in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_long_trees_are_paged(organizer, given):
    top = given.org_unit("Đơn vị cao nhất")
    for i in range(105):
        given.org_unit(f"Tổ {i:03d}", parent=top)
    first = organizer.get("/to-chuc/don-vi").text
    assert "1–100 trong 106 đơn vị" in first
    assert "Tổ 104" not in first
    last = organizer.get("/to-chuc/don-vi?trang=2").text
    assert "Tổ 104" in last
    assert organizer.get("/to-chuc/don-vi?trang=99").text.count("Tổ 104") == last.count("Tổ 104")
    assert "thuộc Đơn vị cao nhất" in organizer.get("/to-chuc/don-vi?tim=to+007").text


def test_a_number_below_one_is_refused_as_such(organizer):
    draft = upload(organizer, "mã,tên,tổng số người,ngày\nA,Phòng A,-4,01/01/2025\n").location
    assert "Hãy ghi số nguyên lớn hơn 0" in organizer.get(draft).text
