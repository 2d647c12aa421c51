"""The page of an item shows every kind as the participant sees it, and what is right in it."""

import pytest

from quiz.access import Role
from tests.kinds import DIGEST, KINDS, paper_of_all_kinds

SHOWN = {
    "single": ("Phương án B của câu 1", 'alt="Mẫu huy hiệu"', 'alt="Mẫu cờ"', f"/hinh/{DIGEST}"),
    "multiple": ("Chọn mọi phương án đúng", "Chấm từng phần"),
    "true_false": ("Đúng</span>", "Sai</span>"),
    "short_text": ("Câu trả lời của bạn", "ba trăm triệu đồng; 300 triệu đồng"),
    "number": ("3,5 (lệch không quá 0,25)",),
    "ordering": ("Trong đề, các mục được xáo trộn", "<b>4.</b><span>Công bố quyết định"),
    "matching": ("Trong đề, danh sách được xáo trộn", "Luật: <b>Quốc hội</b>", "Thông tư: <b>Bộ trưởng</b>"),
}


@pytest.fixture
def organizer(given, visit):
    paper_of_all_kinds(given)
    given.bank(1, "loai-essay", kind="essay", options=[], key=[], words=1500)
    return visit(given.account(Role.ORGANIZER))


def test_every_kind_is_shown_with_its_key(organizer):
    assert SHOWN.keys() == KINDS.keys()
    for kind, texts in SHOWN.items():
        page = " ".join(organizer.get(f"/ngan-hang/loai-{kind.replace('_', '-')}/cau/C001").text.split())
        for text in texts:
            assert text in page, kind


def test_an_essay_says_how_long_it_may_be(organizer):
    page = organizer.get("/ngan-hang/loai-essay/cau/C001").text
    assert "nhiều nhất 1.500 từ" in page
    assert "Ban Giám khảo chấm" in page
