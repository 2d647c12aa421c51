"""What the figures of a paper are called, and what each tells an organizer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quiz.formats import number


class PaperLine(NamedTuple):
    title: object
    value: str
    meaning: object


# name in rules.statistics.PaperFigures → (title, decimals, meaning)
PAPER_FIGURES = {
    "n": (_l("Số lượt thi"), 0, _l("Các lượt đã xong của mọi kỳ, cả lượt hết giờ; không tính lượt bị hủy.")),
    "mean": (_l("Điểm trung bình"), 2, _l("Cộng điểm mọi lượt rồi chia đều.")),
    "sd": (
        _l("Độ lệch chuẩn"),
        2,
        _l("Điểm các lượt thường cách điểm trung bình chừng này. Càng nhỏ, điểm càng sát nhau và càng khó xếp hạng."),
    ),
    "skewness": (
        _l("Độ bất đối xứng"),
        2,
        _l("Gần 0: số điểm cao và điểm thấp cân nhau. Dưới 0: phần đông điểm cao, một số ít tụt lại. Trên 0: ngược lại."),
    ),
    "kurtosis": (
        _l("Độ nhọn"),
        2,
        _l("Trên 0: nhiều điểm rất cao hoặc rất thấp hơn phân bố hình chuông. Dưới 0: ít hơn."),
    ),
    "kr20": (
        _l("Hệ số tin cậy KR-20"),
        2,
        _l("Chỉ xét câu đúng hay sai. Gần 1: thi lại bằng đề tương tự, thứ hạng gần như giữ nguyên. Gần 0: thứ hạng phần nhiều do may rủi."),
    ),
    "alpha": (
        _l("Hệ số tin cậy Cronbach"),
        2,
        _l("Đọc như KR-20, nhưng xét điểm từng câu. Khi mọi câu cùng điểm và không chấm từng phần thì hai số bằng nhau."),
    ),
    "sem": (
        _l("Sai số chuẩn của điểm"),
        2,
        _l("Điểm một lượt thường sai khác chừng này so với sức thật. Hai người hơn kém nhau ít hơn thế thì chưa nói được ai giỏi hơn."),
    ),
}  # fmt: skip


def paper_lines(figures: Mapping[str, Any]) -> list[PaperLine]:
    """The figures of a paper in words.  figures: as PaperFigures of reports keeps them"""
    return [
        PaperLine(title, _value(name, figures, decimals), meaning)
        for name, (title, decimals, meaning) in PAPER_FIGURES.items()
    ]


def _value(name: str, figures: Mapping[str, Any], decimals: int) -> str:
    value = figures[name]
    if value is None:
        return _("chưa tính được")
    if name == "mean":
        return _("%(mean)s trên %(most)s", mean=number(value, decimals), most=number(figures["maximum"]))
    return number(value, decimals)
