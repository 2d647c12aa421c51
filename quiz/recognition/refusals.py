"""What recognition refuses, and the sentences that say so; with the words for why a certificate is void."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

from quiz.errors import explain
from quiz.recognition.models import RevokeCause


class ComplaintRefusal(enum.Enum):
    OUT_OF_TERM = "out_of_term"
    NO_SUCH_QUESTION = "no_such_question"
    TOO_MANY = "too_many"
    FILED_ALREADY = "filed_already"
    ANSWERED_ALREADY = "answered_already"
    OWN_COMPLAINT = "own_complaint"
    OWN_UNIT = "own_unit"
    REGISTER_BUSY = "register_busy"


explain(
    {
        ComplaintRefusal.OUT_OF_TERM: _l(
            "Lúc này không nhận khiếu nại về việc này: thời hạn theo thể lệ chưa đến hoặc đã hết. Chưa có gì được ghi. "
            "Hãy xem thời hạn trong thể lệ hoặc gọi Ban Tổ chức."
        ),
        ComplaintRefusal.NO_SUCH_QUESTION: _l(
            "Bài thi này có các câu từ 1 đến %(questions)s. Chưa có gì được ghi. Hãy ghi đúng số câu như trên bài của bạn."
        ),
        ComplaintRefusal.TOO_MANY: _l(
            "Bạn đã gửi nhiều khiếu nại trong một ngày. Nội dung vừa viết chưa được ghi; hãy giữ lại và gửi vào ngày mai, "
            "hoặc gọi Ban Tổ chức."
        ),
        ComplaintRefusal.FILED_ALREADY: _l(
            "Bạn đã có một khiếu nại về việc này đang chờ trả lời. Lần bấm này không ghi thêm gì. "
            "Hãy xem danh sách khiếu nại của bạn."
        ),
        ComplaintRefusal.ANSWERED_ALREADY: _l(
            "Khiếu nại này đã được trả lời và không sửa được. Lần bấm này không ghi thêm gì."
        ),
        ComplaintRefusal.OWN_COMPLAINT: _l(
            "Đây là khiếu nại của chính bạn, cần người khác trả lời. Chưa có gì được ghi."
        ),
        ComplaintRefusal.OWN_UNIT: _l(
            "Giám khảo không trả lời khiếu nại của người cùng đơn vị. Chưa có gì được ghi. Hãy giao cho người khác."
        ),
        ComplaintRefusal.REGISTER_BUSY: _l(
            "Nhiều người đang gửi khiếu nại cùng lúc nên chưa lấy được số trong sổ. Chưa có gì được ghi. Hãy gửi lại sau giây lát."
        ),
    }
)


class RecognitionRefusal(enum.Enum):
    NOT_PUBLISHED = "not_published"
    NEWER_SHEET = "newer_sheet"
    SHEET_OUT_OF_DATE = "sheet_out_of_date"
    ALREADY_AWARDED = "already_awarded"
    EARLIER_DECISION_STANDS = "earlier_decision_stands"
    NOBODY_TO_AWARD = "nobody_to_award"
    NOT_CONFIRMED = "not_confirmed"
    SIGNED_BEFORE_CLOSE = "signed_before_close"
    SIGNED_IN_FUTURE = "signed_in_future"
    CERTIFICATE_REVOKED = "certificate_revoked"
    REVOKED_ALREADY = "revoked_already"
    ALL_REVOKED_ALREADY = "all_revoked_already"
    REISSUED_ALREADY = "reissued_already"
    REISSUED_BEFORE_ISSUED = "reissued_before_issued"
    UNITS_NOT_PUBLISHED = "units_not_published"
    UNITS_NEWER_SHEET = "units_newer_sheet"
    UNITS_OUT_OF_DATE = "units_out_of_date"
    NOTHING_TO_PRINT = "nothing_to_print"
    NOT_A_PICTURE = "not_a_picture"
    PICTURE_TOO_LARGE = "picture_too_large"


explain(
    {
        RecognitionRefusal.NOT_PUBLISHED: _l(
            "Bảng kết quả này chưa công bố nên chưa lập quyết định trao giải được. Chưa có gì được ghi. "
            "Hãy công bố bảng kết quả ở trang Xét hạng rồi quay lại."
        ),
        RecognitionRefusal.NEWER_SHEET: _l(
            "Đã có bảng kết quả mới hơn được công bố cho kỳ và bảng này nên không trao giải theo bảng cũ. "
            "Chưa có gì được ghi. Hãy mở bảng kết quả mới nhất ở trang Xét hạng."
        ),
        RecognitionRefusal.SHEET_OUT_OF_DATE: _l(
            "Có lượt thi bị hủy, khôi phục, chấm lại hoặc cách xếp hạng đã đổi sau khi lập bảng kết quả này nên chưa trao giải theo bảng này được. "
            "Chưa có gì được ghi. Hãy lập và công bố bảng kết quả mới ở trang Xét hạng rồi quay lại."
        ),
        RecognitionRefusal.ALREADY_AWARDED: _l(
            "Quyết định trao giải theo bảng kết quả này đã được ghi từ trước, lần bấm này không ghi thêm gì. "
            "Hãy mở trang Kết quả để xem."
        ),
        RecognitionRefusal.EARLIER_DECISION_STANDS: _l(
            "Quyết định số %(number)s cho kỳ và bảng này vẫn còn giấy chứng nhận có giá trị nên chưa trao giải lại được. "
            "Chưa có gì được ghi. Hãy mở trang Kết quả của cuộc thi, thu hồi các giấy theo quyết định cũ rồi làm lại."
        ),
        RecognitionRefusal.NOBODY_TO_AWARD: _l(
            "Bảng này không có cơ cấu giải hoặc không có ai trên bảng kết quả nên không có giải nào để trao. "
            "Chưa có gì được ghi."
        ),
        RecognitionRefusal.NOT_CONFIRMED: _l(
            "Có người đồng hạng ở ranh giới giải. Chưa có gì được ghi. Hãy đọc phần lưu ý rồi đánh dấu xác nhận."
        ),
        RecognitionRefusal.SIGNED_BEFORE_CLOSE: _l("Ngày ký không thể trước ngày kỳ thi đóng (%(day)s)."),
        RecognitionRefusal.SIGNED_IN_FUTURE: _l("Ngày ký không thể sau hôm nay (%(day)s)."),
        RecognitionRefusal.CERTIFICATE_REVOKED: _l(
            "Giấy chứng nhận này đã bị thu hồi nên không tải về được nữa. Kết quả thi của bạn vẫn còn nguyên trong hệ thống. "
            "Nếu cần biết lý do, hãy liên hệ Ban Tổ chức."
        ),
        RecognitionRefusal.REVOKED_ALREADY: _l(
            "Giấy chứng nhận này đã được thu hồi từ trước, lần bấm này không ghi thêm gì."
        ),
        RecognitionRefusal.REISSUED_ALREADY: _l(
            "Giấy này đã được cấp lại từ trước, lần bấm này không ghi thêm gì. Hãy mở Sổ cấp để xem giấy mới."
        ),
        RecognitionRefusal.REISSUED_BEFORE_ISSUED: _l("Ngày cấp lại không thể trước ngày của giấy cũ (%(day)s)."),
        RecognitionRefusal.UNITS_NOT_PUBLISHED: _l(
            "Bảng xếp hạng đơn vị này chưa công bố nên chưa lập quyết định trao giải được. Chưa có gì được ghi. "
            "Hãy công bố bảng rồi quay lại."
        ),
        RecognitionRefusal.UNITS_NEWER_SHEET: _l(
            "Đã có bảng xếp hạng đơn vị mới hơn được công bố nên không trao giải theo bảng cũ. Chưa có gì được ghi. "
            "Hãy mở bảng mới nhất ở trang Xét giải tập thể."
        ),
        RecognitionRefusal.UNITS_OUT_OF_DATE: _l(
            "Số liệu sau bảng xếp hạng đơn vị này đã đổi nên chưa trao giải theo bảng này được. Chưa có gì được ghi. "
            "Hãy lập và công bố bảng mới rồi quay lại."
        ),
        RecognitionRefusal.NOTHING_TO_PRINT: _l(
            "Mọi giấy theo quyết định này đã thu hồi nên không còn giấy nào để in. Chưa có gì bị thay đổi."
        ),
        RecognitionRefusal.NOT_A_PICTURE: _l(
            "Không đọc được tệp này như một hình PNG, JPEG hoặc WebP. Chưa có gì được ghi."
        ),
        RecognitionRefusal.PICTURE_TOO_LARGE: _l(
            "Hình quá lớn. Chưa có gì được ghi. Hãy thu nhỏ hình còn dưới 10 MB và 40 triệu điểm ảnh rồi thử lại."
        ),
        RecognitionRefusal.ALL_REVOKED_ALREADY: _l(
            "Mọi giấy chứng nhận theo quyết định này đã được thu hồi từ trước, lần bấm này không ghi thêm gì."
        ),
    }
)

CAUSE_TEXTS = {
    RevokeCause.WRONG_DETAILS: _l("Thông tin in trên giấy không đúng"),
    RevokeCause.RESULT_CHANGED: _l("Kết quả xét giải được điều chỉnh"),
    RevokeCause.RULES_BROKEN: _l("Người nhận vi phạm thể lệ"),
    RevokeCause.OTHER: _l("Lý do khác"),
}
