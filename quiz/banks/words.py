"""Words that pages say for kinds, levels and states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from quiz.banks.faults import Severity
from quiz.banks.models import ItemKind, ItemState
from quiz.banks.queries import FiguresFilter, ItemFilter
from quiz.banks.wording import letter
from quiz.rules.statistics import TOO_EASY_ABOVE, TOO_HARD_BELOW, ItemWarning

KINDS = {
    ItemKind.SINGLE: _l("Một đáp án"),
    ItemKind.MULTIPLE: _l("Nhiều đáp án"),
    ItemKind.TRUE_FALSE: _l("Đúng sai"),
    ItemKind.SHORT_TEXT: _l("Điền từ"),
    ItemKind.NUMBER: _l("Điền số"),
    ItemKind.ORDERING: _l("Sắp xếp"),
    ItemKind.MATCHING: _l("Ghép đôi"),
    ItemKind.ESSAY: _l("Tự luận"),
}
LEVELS = {1: _l("Nhận biết"), 2: _l("Thông hiểu"), 3: _l("Vận dụng")}
# word, kind of tag, icon
STATES = {
    ItemState.DRAFT: (_l("Nháp"), "", "info"),
    ItemState.REVIEW: (_l("Chờ duyệt"), "warn", "clock"),
    ItemState.LIVE: (_l("Đang dùng"), "ok", "check"),
    ItemState.RETIRED: (_l("Ngừng dùng"), "", "off"),
}
FILTERS = {
    ItemFilter.PENDING: _l("Chờ duyệt"),
    ItemFilter.LIVE: _l("Đang dùng"),
    ItemFilter.REVIEW: _l("Chờ duyệt lần đầu"),
    ItemFilter.DRAFT: _l("Nháp"),
    ItemFilter.RETIRED: _l("Ngừng dùng"),
}
SEVERITIES = {
    Severity.KNOWN: (_l("Đã có"), "", "check"),
    Severity.ERROR: (_l("Lỗi"), "bad", "cross"),
    Severity.WARNING: (_l("Cảnh báo"), "warn", "warn"),
    Severity.INFO: (_l("Lưu ý"), "info", "info"),
}
FIELDS = {
    "kind": _l("Loại câu"),
    "stem": _l("Câu dẫn"),
    "options": _l("Phương án"),
    "key": _l("Đáp án"),
    "matches": _l("Vế phải"),
    "accepted": _l("Câu trả lời đúng"),
    "partial": _l("Chấm từng phần"),
    "pinned": _l("Giữ nguyên chỗ"),
    "images": _l("Hình"),
    "words": _l("Số chữ tối đa"),
    "topic": _l("Chủ đề"),
    "level": _l("Mức độ"),
    "explanation": _l("Giải thích"),
    "document_id": _l("Văn bản"),
    "article": _l("Điều"),
    "clause": _l("Khoản"),
    "point": _l("Điểm"),
    "valid_from": _l("Đúng từ ngày"),
    "valid_until": _l("Hết đúng từ ngày"),
    "exemplar": _l("Điển hình"),
}
FORMATS = {
    "xlsx": _l("Excel (.xlsx)"),
    "ods": _l("OpenDocument (.ods)"),
    "csv": _l("CSV"),
    "docx": _l("Word (.docx)"),
    "text": _l("Văn bản"),
    "aiken": _l("Aiken"),
    "gift": _l("GIFT"),
    "moodle_xml": _l("Moodle XML"),
    "qti": _l("QTI"),
    "yaml": _l("YAML"),
}
# what a bank can be downloaded as; the detection of uploads knows more
EXPORTS = {
    "xlsx": _l("Excel (.xlsx)"),
    "docx": _l("Word (.docx)"),
    "ods": _l("OpenDocument (.ods)"),
    "csv": _l("CSV"),
    "yaml": _l("YAML"),
    "gift": _l("GIFT (Moodle)"),
    "moodle_xml": _l("Moodle XML"),
    "qti": _l("QTI 2.1"),
    "aiken": _l("Aiken"),
}
EXPORT_USES = {
    "xlsx": _l("Sửa nhiều câu trên bảng tính rồi nhập lại."),
    "docx": _l("In ra để họp góp ý, hoặc soạn tiếp rồi nhập lại."),
    "ods": _l("Như tệp Excel, theo chuẩn mở; LibreOffice dùng sẵn."),
    "csv": _l("Bảng tính đơn giản, mở được bằng mọi phần mềm; không có hình."),
    "yaml": _l("Lưu giữ lâu dài: đủ mọi thông tin, đọc được bằng mắt."),
    "gift": _l("Đưa sang Moodle bằng văn bản đơn giản; không có hình."),
    "moodle_xml": _l("Đưa sang Moodle, kèm hình."),
    "qti": _l("Đưa sang hệ thống thi trực tuyến khác, kèm hình."),
    "aiken": _l("Văn bản ngắn nhất: chỉ câu một đáp án, không có giải thích hay căn cứ."),
}
FIGURES_FILTERS = {
    FiguresFilter.UNUSED: _l("Chưa có số liệu"),
    FiguresFilter.SUSPECT: _l("Có dấu hiệu cần xem"),
    FiguresFilter.HARD: _l("Khó: dưới 30% trả lời đúng"),
    FiguresFilter.EASY: _l("Dễ: trên 90% trả lời đúng"),
}


class WarningText(NamedTuple):
    """How a page warns: in short, in full, and with which tag and icon."""

    label: object
    sentence: object
    kind: str
    icon: str


# the gravest first
WARNINGS = {
    ItemWarning.LIKELY_WRONG_KEY: WarningText(
        _l("Có thể sai đáp án"),
        _l("Nhóm điểm cao chọn %(options)s nhiều hơn đáp án. Hãy đối chiếu lại đáp án với văn bản."),
        "bad",
        "warn",
    ),
    ItemWarning.NEGATIVE_DISCRIMINATION: WarningText(
        _l("Phân biệt ngược"),
        _l("Người làm tốt các câu khác lại hay sai câu này hơn. Câu dẫn có thể gây hiểu lầm, hoặc đáp án sai."),
        "bad",
        "warn",
    ),
    ItemWarning.TOO_HARD: WarningText(
        _l("Quá khó"),
        _l("Dưới %(hard)d%% trả lời đúng. Hãy xem câu dẫn có rõ và đáp án có đúng không."),
        "warn",
        "warn",
    ),
    ItemWarning.NEVER_CHOSEN: WarningText(
        _l("Có phương án bỏ không"),
        _l("Không ai chọn %(options)s. Hãy thay bằng phương án hợp lý hơn."),
        "warn",
        "warn",
    ),
    ItemWarning.TOO_EASY: WarningText(
        _l("Quá dễ"), _l("Trên %(easy)d%% trả lời đúng. Câu này hầu như không giúp xếp hạng."), "info", "info"
    ),
}


def warning_texts(warnings: Mapping[str, Sequence[int]]) -> list[WarningText]:
    """Each warning in words, the gravest first.  warnings: as ItemFigures keeps them"""
    return [
        text._replace(
            sentence=str(text.sentence)
            % {
                "options": ", ".join(map(letter, warnings[name])),
                "easy": round(100 * TOO_EASY_ABOVE),
                "hard": round(100 * TOO_HARD_BELOW),
            }
        )
        for name, text in WARNINGS.items()
        if name in warnings
    ]
