"""What the law library refuses, and the sentences that say so."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

from quiz.errors import explain


class LawRefusal(enum.Enum):
    NUMBER_TAKEN = "number_taken"
    CHANGE_BEFORE_EFFECT = "change_before_effect"
    END_IS_A_CHANGE = "end_is_a_change"
    PLACE_TAKEN = "place_taken"
    BEFORE_EFFECT = "before_effect"
    END_BEFORE_EFFECT = "end_before_effect"
    AFTER_END = "after_end"
    OTHER_END = "other_end"
    SAME_CHANGE = "same_change"
    CHANGED_BY_ITSELF = "changed_by_itself"
    CHANGE_CHECKED = "change_checked"
    FILE_HAS_PROBLEMS = "file_has_problems"
    FILE_CHANGES_NOTHING = "file_changes_nothing"
    LIBRARY_CHANGED = "library_changed"


explain(
    {
        LawRefusal.NUMBER_TAKEN: _l(
            "Thư viện đã có văn bản “%(number)s”, chưa có gì được ghi. Hãy mở văn bản đó để sửa, hoặc kiểm tra lại số hiệu."
        ),
        LawRefusal.CHANGE_BEFORE_EFFECT: _l(
            "Đã ghi nhận một thay đổi từ ngày %(change)s, trước ngày có hiệu lực bạn vừa nhập. Chưa có gì được ghi. "
            "Hãy kiểm tra lại hai ngày này."
        ),
        LawRefusal.END_IS_A_CHANGE: _l(
            "Ngày hết hiệu lực và văn bản thay thế đang theo thay đổi đã ghi nhận từ ngày %(day)s. Chưa có gì được ghi. "
            "Hãy sửa ở thay đổi đó, để các câu hỏi liên quan được liệt kê lại."
        ),
        LawRefusal.PLACE_TAKEN: _l("%(place)s đã có trong danh sách, chưa có gì được ghi. Hãy sửa dòng đã có."),
        LawRefusal.BEFORE_EFFECT: _l(
            "Ngày thay đổi sớm hơn ngày văn bản có hiệu lực (%(day)s), chưa có gì được ghi. Hãy kiểm tra lại ngày."
        ),
        LawRefusal.END_BEFORE_EFFECT: _l(
            "Văn bản có hiệu lực từ ngày %(day)s nên chỉ có thể hết hiệu lực sau ngày đó. Chưa có gì được ghi. "
            "Hãy kiểm tra lại ngày."
        ),
        LawRefusal.AFTER_END: _l(
            "Văn bản đã hết hiệu lực từ ngày %(day)s nên không còn gì để thay đổi từ ngày bạn nhập. Chưa có gì được ghi. "
            "Hãy kiểm tra lại ngày, hoặc sửa ngày hết hiệu lực của văn bản."
        ),
        LawRefusal.OTHER_END: _l(
            "Văn bản đã ghi ngày hết hiệu lực khác (%(day)s), chưa có gì được ghi. "
            "Hãy nhập đúng ngày đó, hoặc sửa ngày hết hiệu lực của văn bản trước."
        ),
        LawRefusal.SAME_CHANGE: _l(
            "Thay đổi từ ngày này của cùng văn bản sửa đổi đã được ghi nhận, chưa có gì được ghi thêm. "
            "Nếu nó còn chạm tới điều khoản khác, hãy sửa phạm vi của thay đổi đã có."
        ),
        LawRefusal.CHANGED_BY_ITSELF: _l(
            "Văn bản không tự sửa đổi chính nó, chưa có gì được ghi. Hãy nhập số hiệu của văn bản sửa đổi hoặc thay thế."
        ),
        LawRefusal.CHANGE_CHECKED: _l(
            "Đã có câu hỏi được đối chiếu với thay đổi này nên không xóa được, mọi thứ còn nguyên. "
            "Nếu ghi sai ngày, phạm vi hay số hiệu, hãy sửa thay đổi."
        ),
        LawRefusal.FILE_HAS_PROBLEMS: _l(
            "Tệp còn dòng có lỗi nên chưa có gì được ghi. Hãy sửa các dòng đó trong tệp rồi tải lại."
        ),
        LawRefusal.FILE_CHANGES_NOTHING: _l("Mọi dòng của tệp đều trùng với thư viện nên không có gì để ghi."),
        LawRefusal.LIBRARY_CHANGED: _l(
            "Thư viện đã thay đổi từ lúc bạn xem báo cáo, nên chưa có gì được ghi. Báo cáo dưới đây đã tính lại, "
            "hãy xem rồi xác nhận."
        ),
    }
)
