"""What judges are refused, and the sentences that say so."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

from quiz.errors import explain


class MarkingRefusal(enum.Enum):
    NOT_ENDED = "not_ended"
    ABANDONED = "abandoned"
    ALREADY_ANNULLED = "already_annulled"
    NOT_ANNULLED = "not_annulled"


explain(
    {
        MarkingRefusal.NOT_ENDED: _l(
            "Lượt thi này còn đang làm nên chưa hủy được. Chưa có gì bị thay đổi. Hãy quay lại khi lượt thi đã nộp hoặc hết giờ."
        ),
        MarkingRefusal.ABANDONED: _l(
            "Người dự thi đã tự bỏ lượt này khi đang làm, nên nó không được tính vào đâu cả và không cần hủy. "
            "Chưa có gì bị thay đổi."
        ),
        MarkingRefusal.ALREADY_ANNULLED: _l(
            "Lượt thi này đã bị hủy từ trước, lần bấm này không ghi thêm gì. Hãy mở lại lượt thi để xem ai đã hủy và vì sao."
        ),
        MarkingRefusal.NOT_ANNULLED: _l(
            "Lượt thi này đang hợp lệ nên không có gì để khôi phục. Lần bấm này không ghi thêm gì."
        ),
    }
)
