"""What collective competitions refuse, and the sentences that say so."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

from quiz.errors import explain


class UnitSheetRefusal(enum.Enum):
    SHEETS_MISSING = "sheets_missing"
    SHEETS_OUT_OF_DATE = "sheets_out_of_date"
    NO_UNITS = "no_units"
    STILL_RIGHT = "still_right"
    MADE_MEANWHILE = "made_meanwhile"
    NEWER_EXISTS = "newer_exists"
    OUT_OF_DATE = "out_of_date"
    SHEETS_NOT_PUBLISHED = "sheets_not_published"
    ALREADY_PUBLISHED = "already_published"
    QUALITY_NOT_ASKED = "quality_not_asked"
    QUALITY_CHANGED_MEANWHILE = "quality_changed_meanwhile"


explain(
    {
        UnitSheetRefusal.SHEETS_MISSING: _l(
            "Chưa lập bảng xếp hạng đơn vị được vì còn thiếu bảng kết quả cá nhân: %(names)s. Chưa có gì được ghi. "
            "Hãy lập các bảng đó ở trang Xét hạng trước."
        ),
        UnitSheetRefusal.SHEETS_OUT_OF_DATE: _l(
            "Chưa lập bảng xếp hạng đơn vị được vì có bảng kết quả cá nhân không còn đúng: %(names)s. Chưa có gì được ghi. "
            "Hãy lập lại các bảng đó ở trang Xét hạng trước."
        ),
        UnitSheetRefusal.NO_UNITS: _l(
            "Chưa có đơn vị nào trong hệ thống nên không có gì để xếp hạng. Chưa có gì được ghi. "
            "Hãy đưa danh sách đơn vị vào trước."
        ),
        UnitSheetRefusal.STILL_RIGHT: _l(
            "Từ khi lập bảng xếp hạng đơn vị số %(number)s không có số liệu nào thay đổi, nên bảng mới sẽ giống hệt. "
            "Chưa có gì được ghi. Hãy dùng bảng đã có."
        ),
        UnitSheetRefusal.MADE_MEANWHILE: _l(
            "Một người khác vừa lập bảng xếp hạng đơn vị này cùng lúc với bạn. Lần bấm của bạn không ghi thêm gì. "
            "Hãy mở lại trang Thi đua tập thể để xem bảng vừa lập."
        ),
        UnitSheetRefusal.NEWER_EXISTS: _l(
            "Đã có bảng xếp hạng đơn vị số %(number)s mới hơn nên không công bố bảng này. Chưa có gì bị thay đổi. "
            "Hãy mở bảng mới nhất."
        ),
        UnitSheetRefusal.OUT_OF_DATE: _l(
            "Số liệu đã thay đổi sau khi lập bảng này nên bảng không còn đúng. Chưa có gì được công bố. "
            "Hãy lập bảng mới rồi công bố bảng đó."
        ),
        UnitSheetRefusal.SHEETS_NOT_PUBLISHED: _l(
            "Bảng xếp hạng đơn vị nêu số cá nhân đạt giải, nên chỉ công bố được sau các bảng kết quả cá nhân. "
            "Còn chưa công bố: %(names)s. Chưa có gì bị thay đổi."
        ),
        UnitSheetRefusal.ALREADY_PUBLISHED: _l(
            "Bảng xếp hạng đơn vị này đã được công bố từ trước, lần bấm này không ghi thêm gì."
        ),
        UnitSheetRefusal.QUALITY_NOT_ASKED: _l(
            "Theo thể lệ, nội dung thi đua này không chấm chất lượng tuyên truyền. Chưa có gì được ghi."
        ),
        UnitSheetRefusal.QUALITY_CHANGED_MEANWHILE: _l(
            "Một người khác vừa ghi điểm cho đơn vị “%(unit)s” cùng lúc với bạn. Lần gửi này chưa ghi gì. "
            "Hãy mở lại trang, xem điểm mới rồi ghi tiếp."
        ),
    }
)
