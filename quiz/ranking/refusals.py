"""What ranking refuses, and the sentences that say so."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

from quiz.errors import explain


class RankingRefusal(enum.Enum):
    ROUND_STILL_OPEN = "round_still_open"
    ATTEMPTS_STILL_OPEN = "attempts_still_open"
    SHEET_STILL_RIGHT = "sheet_still_right"
    MADE_MEANWHILE = "made_meanwhile"
    NEWER_SHEET_EXISTS = "newer_sheet_exists"
    SHEET_OUT_OF_DATE = "sheet_out_of_date"
    ALREADY_PUBLISHED = "already_published"
    NO_PREDICTION = "no_prediction"
    CONTEST_NOT_RANKED = "contest_not_ranked"
    ESSAYS_UNMARKED = "essays_unmarked"
    NOT_SHARED = "not_shared"
    DRAWN_ALREADY = "drawn_already"
    NO_LUCKY_DRAW = "no_lucky_draw"
    EMPTY_URN = "empty_urn"
    NOBODY_QUALIFIED = "nobody_qualified"
    NOT_ANNOUNCED = "not_announced"
    ANNOUNCED_ALREADY = "announced_already"
    SHEET_NOT_LATEST = "sheet_not_latest"
    NOT_SIGNED = "not_signed"
    NOT_PROVED = "not_proved"
    NOT_WHAT_WAS_SEEN = "not_what_was_seen"
    SIGNER_TAKES_PART = "signer_takes_part"
    SAID_ALREADY = "said_already"
    NOTHING_TO_WITHDRAW = "nothing_to_withdraw"
    CORRECTED_SINCE = "corrected_since"
    CORRECTION_NOT_OUT = "correction_not_out"


explain(
    {
        RankingRefusal.ROUND_STILL_OPEN: _l(
            "Kỳ thi vẫn còn người có thể làm bài nên chưa lập bảng kết quả được. Chưa có gì được ghi. Hãy quay lại từ %(until)s."
        ),
        RankingRefusal.ATTEMPTS_STILL_OPEN: _l(
            "Còn %(count)s lượt thi chưa kết thúc nên chưa lập bảng kết quả được. Chưa có gì được ghi. Hãy thử lại sau ít phút."
        ),
        RankingRefusal.SHEET_STILL_RIGHT: _l(
            "Từ khi lập bảng kết quả số %(number)s không có lượt thi nào bị hủy, khôi phục hay chấm lại, nên bảng mới sẽ giống hệt. "
            "Chưa có gì được ghi. Hãy dùng bảng đã có."
        ),
        RankingRefusal.MADE_MEANWHILE: _l(
            "Một người khác vừa lập bảng kết quả cho kỳ và bảng này cùng lúc với bạn. Lần bấm của bạn không ghi thêm gì. "
            "Hãy mở trang Xét hạng để xem bảng vừa lập."
        ),
        RankingRefusal.NEWER_SHEET_EXISTS: _l(
            "Đã có bảng kết quả số %(number)s mới hơn nên không công bố bảng này. Chưa có gì bị thay đổi. Hãy mở bảng mới nhất."
        ),
        RankingRefusal.SHEET_OUT_OF_DATE: _l(
            "Có lượt thi bị hủy, khôi phục, chấm lại hoặc cách xếp hạng đã đổi sau khi lập bảng này nên bảng không còn đúng. "
            "Chưa có gì được công bố. Hãy lập bảng kết quả mới rồi công bố bảng đó."
        ),
        RankingRefusal.ALREADY_PUBLISHED: _l(
            "Bảng kết quả này đã được công bố từ trước, lần bấm này không ghi thêm gì."
        ),
        RankingRefusal.NO_PREDICTION: _l("Cuộc thi này không có câu dự đoán nên không có số thực tế để chốt."),
        RankingRefusal.CONTEST_NOT_RANKED: _l(
            "Theo thể lệ, cuộc thi này chỉ xếp hạng từng kỳ, không xếp hạng chung. Chưa có gì được ghi."
        ),
        RankingRefusal.ESSAYS_UNMARKED: _l(
            "Còn %(count)s bài tự luận chưa chấm nên chưa lập bảng kết quả được. Chưa có gì được ghi. Hãy chấm xong rồi lập."
        ),
        RankingRefusal.NOT_SHARED: _l(
            "Hạng này không có người đồng hạng nên không có gì để bốc thăm. Chưa có gì được ghi."
        ),
        RankingRefusal.DRAWN_ALREADY: _l(
            "Việc này đã được bốc thăm trên bảng kết quả và không bốc lại. Lần bấm này không ghi thêm gì."
        ),
        RankingRefusal.NO_LUCKY_DRAW: _l("Thể lệ của cuộc thi không có giải bốc thăm may mắn. Chưa có gì được ghi."),
        RankingRefusal.NOBODY_QUALIFIED: _l(
            "Chưa có kết quả nào của các kỳ trước được công bố nên chưa có ai để ghi vào danh sách. Chưa có gì được ghi. "
            "Hãy công bố kết quả các kỳ trước rồi trở lại."
        ),
        RankingRefusal.NOT_ANNOUNCED: _l(
            "Phải báo trước dãy số lấy từ đâu rồi mới bốc thăm, để không ai chọn được dãy số có lợi. Chưa có gì được ghi. "
            "Hãy ghi nguồn của dãy số trước."
        ),
        RankingRefusal.ANNOUNCED_ALREADY: _l(
            "Nguồn của dãy số đã được báo trước và không đổi được nữa. Lần bấm này không ghi thêm gì."
        ),
        RankingRefusal.EMPTY_URN: _l("Không có ai đủ điều kiện để bốc thăm. Chưa có gì được ghi."),
        RankingRefusal.NOT_PROVED: _l(
            "Dấu kiểm chứng của bảng này đang được tính nên chưa công bố được. Chưa có gì được ghi. Hãy thử lại sau ít phút."
        ),
        RankingRefusal.NOT_SIGNED: _l(
            "Thể lệ cần giám khảo ký chốt và còn thiếu %(count)s chữ ký nên chưa công bố được. Chưa có gì được ghi. "
            "Hãy nhờ Ban Giám khảo mở bảng này và ký."
        ),
        RankingRefusal.NOT_WHAT_WAS_SEEN: _l(
            "Bảng này không còn đúng hoặc không phải bảng bạn vừa xem nên chưa ghi ý kiến của bạn. Hãy mở lại bảng mới nhất và xem lại."
        ),
        RankingRefusal.SIGNER_TAKES_PART: _l(
            "Bạn có đăng ký dự thi trong cuộc thi này nên không ký chốt kết quả của nó. Chưa có gì được ghi."
        ),
        RankingRefusal.SAID_ALREADY: _l(
            "Bạn đã ghi ý kiến về bảng này. Lần bấm này không ghi thêm gì. Muốn đổi, hãy rút ý kiến trước."
        ),
        RankingRefusal.NOTHING_TO_WITHDRAW: _l("Bạn chưa ghi ý kiến nào về bảng này nên không có gì để rút."),
        RankingRefusal.CORRECTED_SINCE: _l(
            "Sau khi lập bảng kết quả số %(number)s, bài thi của bạn được chấm lại do đính chính đáp án hoặc điểm tự luận, nên không "
            "còn biên nhận cho bảng đó. Những gì bạn đã trả lời vẫn còn nguyên. Hãy lấy biên nhận ở bảng kết quả số %(newer)s, tại "
            "/kiem-chung/%(sheet)s."
        ),
        RankingRefusal.CORRECTION_NOT_OUT: _l(
            "Sau khi lập bảng kết quả số %(number)s, bài thi của bạn được chấm lại do đính chính đáp án hoặc điểm tự luận, nên không "
            "còn biên nhận cho bảng đó. Những gì bạn đã trả lời vẫn còn nguyên. Hãy lấy biên nhận khi bảng kết quả đính chính được "
            "công bố."
        ),
        RankingRefusal.SHEET_NOT_LATEST: _l(
            "Bảng này không còn là bảng kết quả mới nhất hoặc không còn đúng nên không bốc thăm trên bảng này. "
            "Chưa có gì được ghi. Hãy mở bảng mới nhất."
        ),
    }
)
