"""What reports refuse, and the sentences that say so."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

from quiz.errors import explain


class FiguresRefusal(enum.Enum):
    TOO_MANY = "too_many"


explain(
    {
        FiguresRefusal.TOO_MANY: _l(
            "Cuộc thi có %(count)s lượt thi; nút này chỉ tính đến %(most)s lượt để không làm chậm người đang thi. "
            "Số liệu đã có vẫn giữ nguyên. Hãy nhờ người vận hành chạy lệnh: flask reports figures --contest %(slug)s"
        ),
    }
)


class PublicDataRefusal(enum.Enum):
    NOT_PUBLISHED = "not_published"
    OUT_OF_DATE = "out_of_date"


explain(
    {
        PublicDataRefusal.NOT_PUBLISHED: _l(
            "Bảng kết quả chưa công bố nên chưa có dữ liệu để tải. Chưa có gì được ghi."
        ),
        PublicDataRefusal.OUT_OF_DATE: _l(
            "Kết quả đã được đính chính sau khi lập bảng này nên không lập lại được dữ liệu của bảng. "
            "Tệp đã lập trước đó vẫn giữ nguyên; dữ liệu mới có ở bảng đính chính."
        ),
    }
)
