"""How pages call roles and audiences. The one place for these names."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from quiz.access import Role
from quiz.accounts.models import Audience

ROLE_NAMES: dict[str, Any] = {
    Role.PARTICIPANT: _l("Thí sinh"),
    Role.ORGANIZER: _l("Ban Tổ chức"),
    Role.JUDGE: _l("Ban Giám khảo"),
    Role.UNIT_CONTACT: _l("Đầu mối đơn vị"),
    Role.COUNCIL_MEMBER: _l("Thành viên Hội đồng thi đua – khen thưởng"),
    Role.ADMIN: _l("Quản trị hệ thống"),
}

# What the role may do, for the person who gives it.
ROLE_TASKS: dict[str, Any] = {
    Role.ORGANIZER: _l("Nhập ngân hàng câu hỏi, lập và mở cuộc thi, công bố kết quả, trao giải."),
    Role.JUDGE: _l("Duyệt câu hỏi, xem bài thi, xét hạng, hủy lượt thi có lý do."),
    Role.UNIT_CONTACT: _l("Xem số người tham gia của đơn vị mình."),
    Role.COUNCIL_MEMBER: _l("Bình chọn điển hình tiên tiến."),
    Role.ADMIN: _l("Quản lý tài khoản, vai trò và đơn vị."),
}

AUDIENCE_NAMES: dict[str, Any] = {
    Audience.STAFF: _l("Cán bộ, công chức, viên chức, lực lượng vũ trang"),
    Audience.STUDENT: _l("Học sinh, sinh viên, học viên"),
    Audience.CITIZEN: _l("Nhân dân"),
}

AUDIENCE_HINTS: dict[str, Any] = {
    Audience.STAFF: _l("Người đang công tác tại cơ quan, đơn vị nhà nước"),
    Audience.STUDENT: _l("Người đang học ở trường phổ thông, trường nghề, cao đẳng, đại học"),
    Audience.CITIZEN: _l("Nông dân, công nhân, người nghỉ hưu, nghề tự do"),
}
