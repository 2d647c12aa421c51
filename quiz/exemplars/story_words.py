"""What pages call the kinds, fields and states of stories, and the scopes of movements."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quiz.exemplars.models import ExemplarKind, Field, Origin, Scope, StoryState

KINDS = {
    ExemplarKind.PERSON: _l("Cá nhân"),
    ExemplarKind.GROUP: _l("Tập thể"),
    ExemplarKind.EVENT: _l("Sự kiện"),
}

LIFE = {
    Field.PRODUCTION: _l("Lao động, sản xuất"),
    Field.AGRICULTURE: _l("Nông nghiệp, nông thôn"),
    Field.INDUSTRY: _l("Công nghiệp"),
    Field.DEFENCE: _l("Quốc phòng, an ninh"),
    Field.EDUCATION: _l("Giáo dục"),
    Field.HEALTH: _l("Y tế"),
    Field.SCIENCE: _l("Khoa học, công nghệ"),
    Field.JUSTICE: _l("Tư pháp, pháp luật"),
    Field.CULTURE: _l("Văn hóa, xã hội"),
    Field.ADMINISTRATION: _l("Quản lý nhà nước"),
    Field.HISTORY: _l("Lịch sử thi đua yêu nước"),
}

# state → (word, kind of tag, icon)
STATES = {
    StoryState.DRAFT: (_l("Bản nháp"), "", "info"),
    StoryState.APPROVED: (_l("Đã duyệt, chờ đăng"), "info", "check"),
    StoryState.PUBLISHED: (_l("Đã đăng"), "ok", "check"),
    StoryState.ARCHIVED: (_l("Lưu trữ"), "", "book"),
}
WAITING = (_l("Chờ duyệt"), "warn", "clock")  # a draft whose author has said that it is ready

SCOPES = {
    Scope.NATIONAL: _l("Cả nước"),
    Scope.PROVINCE: _l("Trong tỉnh"),
    Scope.DEPARTMENT: _l("Trong ngành"),
}

ORIGINS = {
    Origin.DIRECT: _l("Mở thẳng địa chỉ"),
    Origin.LIST: _l("Danh sách điển hình"),
    Origin.SEARCH: _l("Tìm kiếm"),
    Origin.CONTEST: _l("Trang cuộc thi"),
    Origin.REVIEW: _l("Xem lại bài thi"),
    Origin.PRACTICE: _l("Ôn luyện"),
    Origin.FEED: _l("Nguồn tin Atom"),
    Origin.QR: _l("Mã QR"),
    Origin.SHARED: _l("Liên kết chia sẻ"),
}

# what a story says, in the order of its form
CONTENT = {
    "kind": _l("Loại"),
    "name": _l("Tên cá nhân, tập thể"),
    "title": _l("Tiêu đề"),
    "summary": _l("Tóm tắt"),
    "field": _l("Lĩnh vực"),
    "org_unit_id": _l("Đơn vị trong hệ thống"),
    "unit_name": _l("Tên đơn vị khi đăng"),
    "place": _l("Nơi"),
    "period": _l("Thời gian"),
    "year": _l("Năm"),
    "quarter": _l("Quý được chọn"),
    "figures": _l("Thành tích bằng con số"),
    "body": _l("Câu chuyện"),
    "sources": _l("Nguồn"),
    "provisions": _l("Điều luật trong câu chuyện"),
    "movements": _l("Phong trào thi đua"),
    "topics": _l("Từ khóa để tìm"),
    "pictures": _l("Hình"),
}
