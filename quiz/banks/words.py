"""Words that pages say for kinds, levels and states."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quiz.banks.models import ItemKind, ItemState
from quiz.banks.queries import ItemFilter
from quiz.banks.wording import Severity

KINDS = {
    ItemKind.SINGLE: _l("Một đáp án"),
    ItemKind.MULTIPLE: _l("Nhiều đáp án"),
    ItemKind.TRUE_FALSE: _l("Đúng sai"),
}
LEVELS = {1: _l("Nhận biết"), 2: _l("Thông hiểu"), 3: _l("Vận dụng")}
# word, kind of tag, icon
STATES = {
    ItemState.DRAFT: (_l("Nháp"), "", "info"),
    ItemState.LIVE: (_l("Đang dùng"), "ok", "check"),
    ItemState.RETIRED: (_l("Ngừng dùng"), "", "off"),
}
FILTERS = {
    ItemFilter.PENDING: _l("Chờ duyệt"),
    ItemFilter.LIVE: _l("Đang dùng"),
    ItemFilter.DRAFT: _l("Nháp"),
    ItemFilter.RETIRED: _l("Ngừng dùng"),
}
SEVERITIES = {
    Severity.ERROR: (_l("Lỗi"), "bad", "cross"),
    Severity.WARNING: (_l("Cảnh báo"), "warn", "warn"),
    Severity.INFO: (_l("Lưu ý"), "info", "info"),
}
FIELDS = {
    "kind": _l("Loại câu"),
    "stem": _l("Câu dẫn"),
    "options": _l("Phương án"),
    "key": _l("Đáp án"),
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
