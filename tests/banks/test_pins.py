"""Options that speak of other options keep their place, and ordinary ones do not."""

from __future__ import annotations

import pytest

from quiz.banks.pins import pins


@pytest.mark.parametrize(
    "option",
    [
        "Tất cả các phương án trên", "Tất cả các phương án trên đều đúng.", "Cả ba đáp án trên", "Cả 3 ý trên đều sai",
        "Tất cả đều đúng", "Không có phương án nào đúng", "Các nội dung nêu trên", "Không phải các phương án trên",
        "TẤT CẢ CÁC Ý TRÊN", "Phương án khác", "tat ca cac truong hop tren",
    ],
)  # fmt: skip
def test_what_speaks_of_all_the_others_stays_last(option: str):
    assert pins(["Một", "Hai", "Ba", option]) == (4,)


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("Cả A và B", (1, 2, 4)), ("A và C", (1, 3, 4)), ("A, B và C đều đúng", (1, 2, 3, 4)), ("Đáp án A và đáp án B", (1, 2, 4)),
        ("a hoặc b", (1, 2, 4)), ("Chỉ B và C", (2, 3, 4)),
    ],
)  # fmt: skip
def test_what_names_letters_keeps_those_too(option: str, expected: tuple[int, ...]):
    assert pins(["Một", "Hai", "Ba", option]) == expected


@pytest.mark.parametrize(
    "option",
    [
        "Tất cả các cơ quan nhà nước",
        "Không có thời hạn",
        "Cả nước",
        "Cả hai vợ chồng",
        "A",
        "Điểm a khoản 2 Điều 5",
        "Ban A và tổ B",
    ],
)
def test_ordinary_options_are_shuffled(option: str):
    assert pins(["Một", "Hai", "Ba", option]) == ()
