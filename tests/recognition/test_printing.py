"""Certificates as PDF: always one page, the right text whatever the names hold, and the same bytes every time."""

import time
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from quiz.accounts.models import Account
from quiz.contests.models import Contest, Division, Entry, Round
from quiz.ranking.models import Ranking
from quiz.recognition import printing
from quiz.recognition.models import Award, Certificate, Decision

ADDRESS = "https://thi.example.gov.vn/tra-cuu/7KQ49XPM2RTW"


def certificate(**changes):
    """A certificate that was never stored: printing reads nothing but the rows it is handed."""
    words = {
        "name": "Trần Văn Út", "belongs_to": "Xã Bến Cầu, tỉnh Tây Ninh", "tier": "Giải Nhất", "division": "Bảng Nhân dân",
        "round": "Kỳ 1", "contest": "Cuộc thi Tìm hiểu pháp luật", "number": "45/QĐ-BTC", "place": "Tây Ninh",
        "signer": "Lê Văn Hòa", "signer_title": "Trưởng Ban Tổ chức", "organization": "Sở Tư pháp tỉnh Tây Ninh",
        "signed_on": date(2024, 11, 20),
    } | changes  # fmt: skip
    ranking = Ranking(round_=Round(name=words["round"]), division=Division(name=words["division"]))
    decision = Decision(
        contest=Contest(title=words["contest"]), ranking=ranking, number=words["number"], signed_on=words["signed_on"],
        place_name=words["place"], signer_name=words["signer"], signer_title=words["signer_title"],
        organization=words["organization"],
    )  # fmt: skip
    entry = Entry(full_name=words["name"], belongs_to=words["belongs_to"], account=Account(full_name=words["name"]))
    award = Award(decision=decision, entry=entry, tier_name=words["tier"], place=1)
    return Certificate(
        award=award, code="7KQ49XPM2RTW", year=2024, register_number=127, issued_at=datetime(2024, 11, 21, tzinfo=UTC)
    )


def pdf(row, address=ADDRESS, demo=False):
    return printing.certificate_pdf(row, address=address, demo=demo)


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
    assert name in text_of(pdf(certificate(name=name, belongs_to=name, contest=name, signer=name)))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Nguyễn " * 28 + "Út", "belongs_to": "Trung tâm Trợ giúp pháp lý nhà nước, " * 8},
        {"name": "W" * 200, "belongs_to": "Ệ" * 300, "contest": "Ặ" * 300, "division": "W" * 200, "round": "W" * 200},
        {"tier": "Giải đặc biệt xuất sắc " * 4, "signer": "Nguyễn Phúc " * 16, "signer_title": "Phó Chủ tịch " * 15},
        {"organization": "Ủy ban nhân dân " * 12, "place": "Thành phố " * 10, "number": "1/" + "Q" * 58},
        {"name": "Út", "belongs_to": "", "contest": "A"},
    ],
)
def test_long_and_short_texts_keep_to_one_page(changes):
    text = text_of(pdf(certificate(**changes))).replace(" ", "")
    for words in changes.values():
        assert words.replace(" ", "").casefold() in text.casefold()
    assert "0127/2024" in text


def test_a_long_address_keeps_to_one_page():
    address = "https://" + "rat-dai." * 12 + "gov.vn/tra-cuu/7KQ49XPM2RTW"
    assert address in text_of(pdf(certificate(), address)).replace(" ", "")


def test_days_below_ten_and_early_months_have_two_digits():
    assert "ngày 05 tháng 02 năm 2025" in text_of(pdf(certificate(signed_on=date(2025, 2, 5))))
    assert "ngày 05 tháng 3 năm 2025" in text_of(pdf(certificate(signed_on=date(2025, 3, 5))))


def test_the_same_certificate_gives_the_same_bytes():
    first = pdf(certificate())
    assert pdf(certificate(name="Người khác")) != first
    assert pdf(certificate()) == first


def test_a_demonstration_is_marked():
    assert "BẢN TRÌNH DIỄN – KHÔNG CÓ GIÁ TRỊ" in text_of(pdf(certificate(), demo=True))


def test_one_takes_less_than_a_third_of_a_second():
    pdf(certificate())
    start = time.perf_counter()
    for i in range(10):
        pdf(certificate(name=f"Người thứ {i}"))
    assert (time.perf_counter() - start) / 10 < 0.3


def test_nothing_is_left_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = sorted(printing._FOLDER.iterdir())
    pdf(certificate())
    assert list(tmp_path.iterdir()) == []
    assert sorted(printing._FOLDER.iterdir()) == before
