"""Words that pages say for the states of documents and the kinds of changes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quiz.law.models import ChangeKind, DocumentState

# state → (word, kind of tag, icon)
STATES = {
    DocumentState.IN_FORCE: (_l("Còn hiệu lực"), "ok", "check"),
    DocumentState.QUESTIONED: (_l("Cần đối chiếu"), "warn", "warn"),
    DocumentState.NOT_YET: (_l("Chưa có hiệu lực"), "info", "clock"),
    DocumentState.EXPIRED: (_l("Hết hiệu lực"), "bad", "cross"),
    DocumentState.UNDATED: (_l("Không ghi thời hạn"), "", "info"),
}
CHANGES = {
    ChangeKind.AMENDED: _l("Sửa đổi, bổ sung"),
    ChangeKind.REPLACED: _l("Thay thế"),
    ChangeKind.REPEALED: _l("Bãi bỏ"),
}
FIELDS = {
    "number": _l("Số hiệu"),
    "title": _l("Tên"),
    "kind": _l("Loại"),
    "issuer": _l("Cơ quan ban hành"),
    "issued_on": _l("Ngày ban hành"),
    "effective_on": _l("Có hiệu lực từ"),
    "expires_on": _l("Hết hiệu lực từ"),
    "replaced_by": _l("Được thay thế bởi"),
    "note": _l("Ghi chú"),
    "source": _l("Nguồn"),
    "link": _l("Địa chỉ bản chính thức"),
    "questioned_from": _l("Cần đối chiếu từ"),
    "amended_by": _l("Được sửa đổi bởi"),
    "article": _l("Điều"),
    "clause": _l("Khoản"),
    "point": _l("Điểm"),
}
