import unicodedata

import pytest

from quiz.text import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lời kêu gọi  THI ĐUA ái quốc\n", "loi keu goi thi dua ai quoc"),
        ("Đặng Văn Ẩm", "dang van am"),
        ("ngưỡng cửa, ượ ỗ ặ", "nguong cua, uo o a"),
        ("", ""),
    ],
)
def test_plain_text_in_either_normal_form(text, expected):
    assert plain(text) == expected
    assert plain(unicodedata.normalize("NFD", text)) == expected
