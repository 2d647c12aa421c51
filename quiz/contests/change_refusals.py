"""Why the rules of an open contest do not change in a given way, and what can be done instead."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quiz.contests.refusals import ContestRefusal
from quiz.errors import explain

explain(
    {
        ContestRefusal.NOTHING_CHANGED: _l("Bản bạn gửi giống hệt thể lệ đang dùng nên không có gì để ghi."),
        ContestRefusal.RULES_CHANGED_MEANWHILE: _l(
            "Người khác vừa sửa thể lệ hoặc giờ của cuộc thi này sau khi bạn mở trang. Thay đổi của bạn chưa được ghi. "
            "Hãy mở lại trang sửa thể lệ, xem bản mới rồi sửa tiếp."
        ),
        ContestRefusal.NOT_CONFIRMED: _l(
            "Thay đổi này ảnh hưởng đến người dự thi nên phải được xác nhận lần thứ hai. Chưa có gì được ghi. "
            "Hãy quay lại, đọc những chỗ thay đổi và đánh dấu ô xác nhận."
        ),
        ContestRefusal.LAW_DATE_SEALED: _l(
            "Ngày tính pháp luật không đổi được nữa: câu hỏi được rút theo ngày đó đã chốt và có dấu niêm phong. "
            "Câu nào không còn đúng thì xử lý ở mục sửa đáp án; muốn thi theo luật mới, hãy lập cuộc thi khác."
        ),
        ContestRefusal.BLUEPRINT_SEALED: _l(
            "Ma trận đề của “%(name)s” không đổi được nữa: danh sách câu hỏi được rút đã chốt và có dấu niêm phong. "
            "Muốn đổi số câu, chủ đề hoặc mức độ, hãy lập cuộc thi khác."
        ),
        ContestRefusal.POOL_SEALED: _l(
            "Việc chia câu hỏi cho từng kỳ không đổi được nữa: danh sách câu hỏi của các kỳ đã chốt và có dấu niêm phong. "
            "Muốn chia khác, hãy lập cuộc thi khác."
        ),
        ContestRefusal.DIVISIONS_SEALED: _l(
            "Không thêm hay bỏ được bảng “%(name)s”: dấu niêm phong đã công bố tính theo các bảng lúc mở cuộc thi. "
            "Bạn vẫn đổi được tên bảng, đối tượng và giải thưởng; muốn có bảng khác, hãy lập cuộc thi khác."
        ),
        ContestRefusal.ROUNDS_SEALED: _l(
            "Không thêm hay bỏ được “%(name)s”: mỗi kỳ có mã bí mật và dấu niêm phong từ lúc mở cuộc thi. "
            "Bạn có thể lùi giờ mở của kỳ chưa mở, gia hạn hoặc đóng sớm; muốn thêm kỳ, hãy lập cuộc thi khác."
        ),
        ContestRefusal.OPENS_EARLIER: _l(
            "“%(name)s” không mở sớm hơn giờ đã công bố được: người dự thi đã sắp xếp theo giờ đó. "
            "Bạn có thể lùi giờ mở hoặc gia hạn."
        ),
        ContestRefusal.ROUND_HAS_OPENED: _l(
            "“%(name)s” đã mở nên không đổi được giờ mở và điều kiện vào kỳ: có thể đã có người thi. "
            "Bạn có thể gia hạn hoặc đóng sớm ở trang điều hành."
        ),
        ContestRefusal.CLOSE_BY_BUTTON: _l(
            "“%(name)s” đang mở: giờ đóng đổi ở trang điều hành, bằng mục “Gia hạn” hoặc “Đóng ngay”."
        ),
        ContestRefusal.ROUND_HAS_CLOSED: _l(
            "“%(name)s” đã đóng nên lịch và quy định riêng của kỳ này không đổi được nữa. Bạn vẫn đổi được tên kỳ."
        ),
        ContestRefusal.ATTEMPTS_RUNNING: _l(
            "Đang có thể có người làm bài với thời gian đã hứa nên lúc này không rút ngắn được “%(title)s”: đáp án và kết quả sẽ "
            "hiện ra khi còn người chưa nộp. Hãy sửa khi mọi lượt của kỳ đã hết giờ, hoặc chỉ kéo dài."
        ),
        ContestRefusal.POINTS_FIXED: _l(
            "Kỳ đầu đã mở nên điểm của câu hỏi và cách chấm không đổi được nữa: có bài đã chấm theo điểm cũ. "
            "Đáp án sai thì sửa bằng chấm lại; muốn tính điểm khác, hãy lập cuộc thi khác."
        ),
        ContestRefusal.QUESTION_FIXED: _l(
            "Kỳ đầu đã mở nên điều câu dự đoán hỏi không đổi được nữa: có người đã trả lời câu hỏi cũ. "
            "Bạn vẫn đổi được câu dự đoán đứng thứ mấy trong chuỗi xét hạng, hoặc bỏ hẳn câu dự đoán."
        ),
        ContestRefusal.RESULTS_PUBLISHED: _l(
            "Kết quả của “%(name)s” đã công bố theo thể lệ này nên không sửa được “%(title)s”. "
            "Hãy đặt quy định riêng cho kỳ chưa công bố nếu mục đó có, hoặc lập cuộc thi khác."
        ),
    }
)
