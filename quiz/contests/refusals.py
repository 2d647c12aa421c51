"""What contests refuse, and the sentences that say so."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

from quiz.errors import explain
from quiz.rules.eligibility import EntryRefusal


class ContestRefusal(enum.Enum):
    BANK_TOO_SMALL = "bank_too_small"
    ROUND_BANK_TOO_SMALL = "round_bank_too_small"
    SHARE_TOO_SMALL = "share_too_small"
    INCOMPLETE = "incomplete"
    OPENED_ALREADY = "opened_already"
    RULES_FIXED = "rules_fixed"
    CHANGED_MEANWHILE = "changed_meanwhile"
    ROUND_IS_OVER = "round_is_over"
    NOT_OPENED = "not_opened"
    ROUND_NOT_OPEN = "round_not_open"
    ROUND_CLOSED = "round_closed"
    CLOSE_NOT_LATER = "close_not_later"
    CLOSE_OVERLAPS = "close_overlaps"
    NO_ADMISSION = "no_admission"
    # of changes to the rules of an open contest (contests.rule_changes)
    NOTHING_CHANGED = "nothing_changed"
    RULES_CHANGED_MEANWHILE = "rules_changed_meanwhile"
    NOT_CONFIRMED = "not_confirmed"
    LAW_DATE_SEALED = "law_date_sealed"
    BLUEPRINT_SEALED = "blueprint_sealed"
    POOL_SEALED = "pool_sealed"
    DIVISIONS_SEALED = "divisions_sealed"
    ROUNDS_SEALED = "rounds_sealed"
    OPENS_EARLIER = "opens_earlier"
    ROUND_HAS_OPENED = "round_has_opened"
    CLOSE_BY_BUTTON = "close_by_button"
    ROUND_HAS_CLOSED = "round_has_closed"
    ATTEMPTS_RUNNING = "attempts_running"
    POINTS_FIXED = "points_fixed"
    QUESTION_FIXED = "question_fixed"
    RESULTS_PUBLISHED = "results_published"


explain(
    {
        ContestRefusal.BANK_TOO_SMALL: _l(
            "Bảng “%(division)s” cần %(asked)s câu thuộc chủ đề “%(topic)s”, %(level)s, nhưng ngân hàng chỉ có "
            "%(available)s câu được rút với ngày tính pháp luật đã chọn. Cuộc thi chưa mở, bản nháp còn nguyên. "
            "Hãy giảm số câu, đổi ngày tính pháp luật hoặc bổ sung câu hỏi rồi mở lại."
        ),
        ContestRefusal.ROUND_BANK_TOO_SMALL: _l(
            "Ma trận đề riêng của “%(round)s” cho bảng “%(division)s” cần %(asked)s câu thuộc chủ đề “%(topic)s”, %(level)s, "
            "nhưng ngân hàng chỉ có %(available)s câu được rút với ngày tính pháp luật đã chọn. Cuộc thi chưa mở, bản nháp "
            "còn nguyên. Hãy giảm số câu, đổi ngày tính pháp luật hoặc bổ sung câu hỏi rồi mở lại."
        ),
        ContestRefusal.SHARE_TOO_SMALL: _l(
            "Ngân hàng được chia để mỗi kỳ có câu riêng: “%(round)s”, bảng “%(division)s” cần %(asked)s câu thuộc chủ đề "
            "“%(topic)s”, %(level)s, nhưng phần của kỳ này chỉ có %(available)s câu. Cuộc thi chưa mở, bản nháp còn nguyên. "
            "Hãy bổ sung câu hỏi, giảm số câu hoặc số kỳ, hay bỏ việc chia ngân hàng rồi mở lại."
        ),
        ContestRefusal.INCOMPLETE: _l(
            "Bản nháp chưa đủ bảng, kỳ thi hoặc ma trận đề, hoặc có hai kỳ trùng giờ, nên chưa mở được. Bản nháp còn nguyên. "
            "Hãy vào sửa rồi mở lại."
        ),
        ContestRefusal.OPENED_ALREADY: _l(
            "Cuộc thi này đã được mở từ trước nên lần bấm này không làm gì thêm. Hãy mở trang cuộc thi để xem."
        ),
        ContestRefusal.RULES_FIXED: _l(
            "Cuộc thi đã mở nên muốn sửa thể lệ phải lập bản mới; chưa có gì được ghi. "
            "Bạn vẫn sửa được lời giới thiệu, gia hạn hoặc đóng sớm từng kỳ."
        ),
        ContestRefusal.CHANGED_MEANWHILE: _l(
            "Người khác vừa lưu bản nháp này sau khi bạn mở trang. Lần bấm của bạn chưa đổi gì. "
            "Hãy mở lại trang xem trước, đọc bản mới rồi quyết định."
        ),
        ContestRefusal.ROUND_IS_OVER: _l(
            "“%(round)s” có giờ đóng đã qua nên không ai thi được. Cuộc thi chưa mở, bản nháp còn nguyên. "
            "Hãy sửa lịch rồi mở lại."
        ),
        ContestRefusal.NOT_OPENED: _l(
            "Cuộc thi còn là bản nháp nên kỳ thi chưa đóng hay gia hạn được. Hãy sửa giờ ngay trong bản nháp."
        ),
        ContestRefusal.ROUND_NOT_OPEN: _l(
            "“%(round)s” chưa đến giờ mở nên chưa đóng được. Chưa có gì thay đổi. Hãy chờ đến sau giờ mở."
        ),
        ContestRefusal.ROUND_CLOSED: _l(
            "“%(round)s” đã đóng từ trước. Chưa có gì thay đổi. Kỳ đã đóng thì không mở lại, vì đáp án có thể đã được xem."
        ),
        ContestRefusal.CLOSE_NOT_LATER: _l(
            "Giờ đóng mới phải sau giờ đóng đang công bố. Chưa có gì thay đổi. Muốn đóng sớm, hãy mở mục “Đóng … ngay” của kỳ đó."
        ),
        ContestRefusal.CLOSE_OVERLAPS: _l(
            "Giờ đóng mới của “%(round)s” nằm sau giờ mở của “%(next)s”, mà hai kỳ không được trùng giờ nhau. Chưa có gì thay "
            "đổi. Hãy chọn giờ đóng không muộn hơn giờ mở của “%(next)s”."
        ),
        ContestRefusal.NO_ADMISSION: _l(
            "Theo thể lệ, “%(round)s” nhận mọi người đã đăng ký nên không có danh sách được vào. Chưa có gì thay đổi."
        ),
        EntryRefusal.CONTEST_NOT_OPEN: _l(
            "Cuộc thi này chưa mở đăng ký. Chưa có gì được ghi. Hãy xem lịch trên trang cuộc thi."
        ),
        EntryRefusal.CONTEST_ENDED: _l(
            "Mọi kỳ của cuộc thi này đã đóng nên không còn nhận đăng ký. Chưa có gì được ghi."
        ),
        EntryRefusal.BARRED_ROLE: _l(
            "Theo thể lệ, người đang làm nhiệm vụ cho cuộc thi không được dự thi. "
            "Tài khoản của bạn đang có nhiệm vụ đó. Nếu chưa đúng, hãy liên hệ Ban Tổ chức."
        ),
        EntryRefusal.TOO_YOUNG: _l(
            "Theo thể lệ, người dự thi phải đủ %(min_age)s tuổi vào ngày %(day)s. Tính theo ngày sinh trong tài khoản, "
            "bạn chưa đủ tuổi. Nếu ngày sinh ghi sai, hãy sửa ở trang tài khoản rồi đăng ký lại."
        ),
        EntryRefusal.TOO_OLD: _l(
            "Theo thể lệ, người dự thi không quá %(max_age)s tuổi vào ngày %(day)s. Tính theo ngày sinh trong tài khoản, "
            "bạn đã quá tuổi. Nếu ngày sinh ghi sai, hãy sửa ở trang tài khoản rồi đăng ký lại."
        ),
        EntryRefusal.OUTSIDE_AREA: _l(
            "Theo thể lệ, cuộc thi dành cho người sinh sống, làm việc tại %(areas)s. Nơi ở ghi trong tài khoản của bạn không "
            "thuộc địa bàn này. Nếu tài khoản ghi chưa đúng, hãy sửa ở trang tài khoản rồi đăng ký lại."
        ),
        EntryRefusal.WROTE_ITEMS: _l(
            "Theo thể lệ, người soạn hoặc duyệt câu hỏi của cuộc thi không được dự thi, và đề của cuộc thi có câu do bạn soạn "
            "hoặc duyệt. Chưa có gì được ghi. Nếu chưa đúng, hãy liên hệ Ban Tổ chức."
        ),
        EntryRefusal.NOT_DECLARED: _l(
            "Cuộc thi này chỉ nhận người cam đoan không phải là người thân của những người tổ chức. Bạn chưa đánh dấu vào ô cam "
            "đoan nên chưa đăng ký được, chưa có gì được ghi. Hãy đọc lại rồi đánh dấu nếu đúng."
        ),
        EntryRefusal.WRONG_AUDIENCE: _l(
            "Cuộc thi không có bảng dành cho đối tượng ghi trong tài khoản của bạn. "
            "Nếu tài khoản ghi chưa đúng, hãy sửa ở trang tài khoản rồi đăng ký lại."
        ),
    }
)
