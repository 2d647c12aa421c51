"""Certificates as PDF: always one page, the right text whatever the names hold, and the same bytes every time."""

from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image
from pypdf import PdfReader

from quiz.pictures import encode
from quiz.recognition import printing
from quiz.recognition.models import Certificate, PrintImage
from quiz.typesetting import FOLDER

ADDRESS = "https://thi.example.gov.vn/tra-cuu/7KQ49XPM2RTW"


def certificate(**changes):
    """A certificate that was never stored: printing reads nothing but the row it is handed."""
    words = {
        "template": "certificate", "prize": "Giải Nhất", "of": "Bảng Nhân dân · Kỳ 1",
        "contest": "Cuộc thi Tìm hiểu pháp luật", "decision": "45/QĐ-BTC", "decided_on": "2024-11-20",
        "place_name": "Tây Ninh", "signer_name": "Lê Văn Hòa", "signer_title": "Trưởng Ban Tổ chức",
        "organization": "Sở Tư pháp tỉnh Tây Ninh", "reissue": 0,
    }  # fmt: skip
    row = {"name": "Trần Văn Út", "belongs_to": "Xã Bến Cầu, tỉnh Tây Ninh", "issued_on": date(2024, 11, 20)}
    return Certificate(
        code="7KQ49XPM2RTW", year=2024, register_number=changes.pop("number", 127), issued_at=datetime(2024, 11, 21, tzinfo=UTC),
        **{key: changes.pop(key, value) for key, value in row.items()}, printed=words | changes,
    )  # fmt: skip


def pdf(row, base="https://thi.example.gov.vn", **look):
    return printing.pdf_of([row], printing.Look(base_url=base, **look))


def text_of(data):
    """The text of the only page, blanks evened out."""
    [page] = PdfReader(BytesIO(data)).pages
    return " ".join(page.extract_text().replace("\u200b", "").split())


def test_everything_a_certificate_says_is_on_it():
    data = pdf(certificate())
    text = text_of(data)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc", "SỞ TƯ PHÁP TỈNH TÂY NINH",
        "BAN TỔ CHỨC CUỘC THI", "GIẤY CHỨNG NHẬN", "Trần Văn Út", "Xã Bến Cầu, tỉnh Tây Ninh", "ĐẠT GIẢI NHẤT",
        "Bảng Nhân dân · Kỳ 1", "Cuộc thi Tìm hiểu pháp luật", "Quyết định số 45/QĐ-BTC ngày 20/11/2024",
        "Tây Ninh, ngày 20 tháng 11 năm 2024", "TRƯỞNG BAN TỔ CHỨC", "Lê Văn Hòa", "Số vào sổ: 0127/2024",
        "Mã tra cứu: 7KQ4-9XPM-2RTW", ADDRESS,
    ):  # fmt: skip
        assert words in text
    assert "TRÌNH DIỄN" not in text


def test_the_page_is_a4_landscape_and_only_embedded_fonts_are_used():
    [page] = PdfReader(BytesIO(pdf(certificate()))).pages
    assert [round(float(x)) for x in page.mediabox[2:]] == [842, 595]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "LibertinusSerif" in font["/BaseFont"]
        assert "/FontFile3" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def test_every_vietnamese_letter_has_a_glyph():
    torture = "Nguyễn Thị Ngọc Ễ, Đỗ Quốc Ượng, Hữu Nghị, Ặ Ằ Ẵ Ỵ"
    marks = "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
    for words in (torture, marks, marks.lower()):
        data = pdf(certificate(name=words))
        assert words in text_of(data)
        # a letter missing from the font would have been drawn from another one
        [page] = PdfReader(BytesIO(data)).pages
        names = {font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()}
        assert all("LibertinusSerif" in name for name in names)


@pytest.mark.parametrize(
    "name",
    [
        '#eval("1 + 1") $x^2$ *b* _i_ `r` <l> @x // c',
        '"]) #panic("x") #[',
        "\\ \\u{41} \\n {{ 7*7 }} {% x %}",
        'O\'Brien "Út" & Söhne #name',
        "= Tiêu đề",
        "- một -- hai --- ba ... bốn",
    ],
)
def test_names_are_text_and_never_markup(name):
    assert name in text_of(pdf(certificate(name=name, belongs_to=name, contest=name, signer_name=name)))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Nguyễn " * 28 + "Út", "belongs_to": "Trung tâm Trợ giúp pháp lý nhà nước, " * 8},
        {"name": "W" * 200, "belongs_to": "Ệ" * 300, "contest": "Ặ" * 300, "of": "W" * 400},
        {
            "prize": "Giải đặc biệt xuất sắc " * 4,
            "signer_name": "Nguyễn Phúc " * 16,
            "signer_title": "Phó Chủ tịch " * 15,
        },
        {"organization": "Ủy ban nhân dân " * 12, "place_name": "Thành phố " * 10, "decision": "1/" + "Q" * 58},
        {"name": "Út", "belongs_to": "", "contest": "A"},
    ],
)
def test_long_and_short_texts_keep_to_one_page(changes):
    text = text_of(pdf(certificate(**changes))).replace(" ", "")
    for words in changes.values():
        assert words.replace(" ", "").casefold() in text.casefold()
    assert "0127/2024" in text


def test_a_long_address_keeps_to_one_page():
    base = "https://" + "rat-dai." * 12 + "gov.vn"
    assert f"{base}/tra-cuu/7KQ49XPM2RTW" in text_of(pdf(certificate(), base)).replace(" ", "")


def test_whoever_reads_it_on_a_screen_may_click_the_code():
    [page] = PdfReader(BytesIO(pdf(certificate()))).pages
    assert {str(note.get_object()["/A"]["/URI"]) for note in page["/Annots"]} == {ADDRESS}


def test_days_below_ten_and_early_months_have_two_digits():
    assert "ngày 05 tháng 02 năm 2025" in text_of(pdf(certificate(issued_on=date(2025, 2, 5))))
    assert "ngày 05 tháng 3 năm 2025" in text_of(pdf(certificate(issued_on=date(2025, 3, 5))))


def test_the_same_certificate_gives_the_same_bytes():
    first = pdf(certificate())
    assert pdf(certificate(name="Người khác")) != first
    assert pdf(certificate()) == first


def test_a_demonstration_is_marked():
    assert "BẢN TRÌNH DIỄN – KHÔNG CÓ GIÁ TRỊ" in text_of(pdf(certificate(), demo=True))


def test_a_commendation_names_who_gives_it_and_units_as_they_are():
    unit = certificate(
        template="commendation", signer_title="Phó Giám đốc", name="Ủy ban nhân dân xã Bến Cầu", belongs_to="Khối các xã",
        of="Tập thể · Toàn cuộc thi", reissue=2,
    )  # fmt: skip
    text = text_of(pdf(unit))
    for words in (
        "GIÁM ĐỐC SỞ TƯ PHÁP TỈNH TÂY NINH", "TẶNG", "GIẤY KHEN", "Ủy ban nhân dân xã Bến Cầu", "Khối các xã",
        "Đã đạt Giải Nhất (Tập thể · Toàn cuộc thi)", "PHÓ GIÁM ĐỐC", "0127/2024 · cấp lại lần 2",
    ):  # fmt: skip
        assert words in text
    assert "BAN TỔ CHỨC" not in text


def test_many_are_pages_of_one_file_in_their_order_or_single_files():
    rows = [
        certificate(number=n, name=f"Người thứ {n}", template=t) for n, t in ((1, "certificate"), (2, "commendation"))
    ]
    look = printing.Look(base_url="https://thi.example.gov.vn")
    pages = PdfReader(BytesIO(printing.pdf_of(rows, look))).pages
    assert [f"Người thứ {n}" in page.extract_text() for n, page in enumerate(pages, 1)] == [True, True]
    with ZipFile(BytesIO(printing.zip_of(rows, look))) as archive:
        assert archive.namelist() == ["giay-chung-nhan-0001-2024.pdf", "giay-khen-0002-2024.pdf"]
        assert "Người thứ 2" in text_of(archive.read("giay-khen-0002-2024.pdf"))


def test_images_of_seal_and_signature_are_on_the_page():
    drawn = BytesIO()
    Image.new("RGBA", (60, 40), (200, 0, 0, 128)).save(drawn, "PNG")
    kept = encode(drawn.getvalue())
    image = PrintImage(media_type=kept.media_type, width=kept.width, height=kept.height, content=kept.content)
    [page] = PdfReader(BytesIO(pdf(certificate(), seal=image, signature=image))).pages
    assert len(pdf(certificate(), seal=image)) > len(pdf(certificate()))
    assert "Lê Văn Hòa" in page.extract_text()


def test_nothing_is_left_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = sorted(FOLDER.iterdir())
    pdf(certificate())
    assert list(tmp_path.iterdir()) == []
    assert sorted(FOLDER.iterdir()) == before
