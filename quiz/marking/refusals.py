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
    NO_SUCH_ESSAY = "no_such_essay"
    ESSAY_NOT_HANDED_IN = "essay_not_handed_in"
    MARKED_ALREADY = "marked_already"
    RESULTS_ARE_OUT = "results_are_out"
    OWN_ENTRY = "own_entry"
    OWN_UNIT = "own_unit"
    NEEDS_SECOND = "needs_second"
    PROPOSED_ALREADY = "proposed_already"
    SAME_JUDGE = "same_judge"
    SETTLED_ALREADY = "settled_already"
    TWO_JUDGES = "two_judges"
    PANEL_TOO_SMALL = "panel_too_small"
    JUDGE_TAKES_PART = "judge_takes_part"
    NO_PANEL = "no_panel"
    TOO_FEW_JUDGES = "too_few_judges"
    POINTS_STAY = "points_stay"


class KeyRefusal(enum.Enum):
    NOT_IN_CONTEST = "not_in_contest"
    CHANGES_NOTHING = "changes_nothing"
    ANOTHER_WAITS = "another_waits"
    SETTLED = "settled"
    SAME_PERSON = "same_person"
    BEING_APPLIED = "being_applied"


explain(
    {
        KeyRefusal.NOT_IN_CONTEST: _l(
            "Câu này không có trong đề của cuộc thi nên không cần đính chính ở đây. Chưa có gì được ghi."
        ),
        KeyRefusal.CHANGES_NOTHING: _l(
            "Đáp án đề xuất giống đáp án đang dùng nên không có gì để chấm lại. Chưa có gì được ghi. Hãy xem lại lựa chọn."
        ),
        KeyRefusal.ANOTHER_WAITS: _l(
            "Cuộc thi này đang có một đính chính chưa xong. Chưa có gì được ghi. Hãy xác nhận hoặc rút đề xuất đó trước, "
            "vì mỗi lần chấm lại dựa trên kết quả của lần trước."
        ),
        KeyRefusal.SETTLED: _l(
            "Đề xuất này đã được xác nhận hoặc đã rút. Lần bấm này không ghi thêm gì. Hãy mở lại trang để xem."
        ),
        KeyRefusal.SAME_PERSON: _l(
            "Người đề xuất không tự xác nhận được. Chưa có gì thay đổi. Hãy nhờ một người khác của Ban Tổ chức hoặc Ban Giám khảo."
        ),
        KeyRefusal.BEING_APPLIED: _l(
            "Các bài đang được chấm lại theo đáp án đính chính nên chưa lập kết quả được. Chưa có gì được ghi. Hãy thử lại sau ít phút."
        ),
    }
)


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
        MarkingRefusal.NO_SUCH_ESSAY: _l(
            "Bài thi không có bài tự luận này, hoặc số điểm vượt mức tối đa. Chưa có gì được ghi. Hãy mở lại bài từ danh sách."
        ),
        MarkingRefusal.ESSAY_NOT_HANDED_IN: _l(
            "Bài này chưa nộp hoặc đã bị người dự thi bỏ nên chưa chấm được. Chưa có gì được ghi. Hãy mở lại danh sách để xem."
        ),
        MarkingRefusal.MARKED_ALREADY: _l(
            "Bài tự luận này đã có điểm: %(points)s, do %(judge)s chấm. Lần bấm này chưa đổi gì. "
            "Muốn đổi điểm, hãy mở lại bài và ghi lý do."
        ),
        MarkingRefusal.RESULTS_ARE_OUT: _l(
            "Kết quả của kỳ này đã công bố nên không đổi điểm tự luận tại đây được nữa. Chưa có gì thay đổi. "
            "Hãy báo Ban Tổ chức để xem xét theo thể lệ."
        ),
        MarkingRefusal.OWN_ENTRY: _l(
            "Đây là bài của chính bạn nên bạn không ra phán quyết. Chưa có gì được ghi. Hãy để giám khảo khác xem."
        ),
        MarkingRefusal.OWN_UNIT: _l(
            "Người dự thi thuộc đơn vị của bạn, hoặc đơn vị cấp trên, cấp dưới của đơn vị bạn, nên bạn không ra phán quyết. "
            "Chưa có gì được ghi. Hãy để giám khảo khác xem."
        ),
        MarkingRefusal.NEEDS_SECOND: _l(
            "Thể lệ đòi hai giám khảo cùng đồng ý mới hủy một lượt thi. Chưa có gì được ghi. "
            "Hãy mở lại lượt thi và gửi đề nghị hủy; giám khảo thứ hai xác nhận."
        ),
        MarkingRefusal.PROPOSED_ALREADY: _l(
            "Lượt thi này đang có đề nghị hủy chờ giám khảo thứ hai. Lần bấm này không ghi thêm gì. "
            "Hãy mở lại lượt thi để xem đề nghị đó."
        ),
        MarkingRefusal.SAME_JUDGE: _l(
            "Bạn là người đã đề nghị hủy lượt thi này nên người xác nhận phải là giám khảo khác. Chưa có gì được ghi."
        ),
        MarkingRefusal.SETTLED_ALREADY: _l(
            "Đề nghị hủy này đã có giám khảo thứ hai trả lời. Lần bấm này không ghi thêm gì. Hãy mở lại lượt thi để xem."
        ),
        MarkingRefusal.TWO_JUDGES: _l(
            "Theo thể lệ, mỗi bài do hai giám khảo được bốc thăm chấm độc lập, nên không cho điểm ở trang này. Chưa có gì được ghi."
        ),
        MarkingRefusal.PANEL_TOO_SMALL: _l(
            "Ban chấm cần ít nhất hai giám khảo và một trưởng ban chấm, đều có vai trò giám khảo. Chưa có gì được ghi."
        ),
        MarkingRefusal.JUDGE_TAKES_PART: _l(
            "Một giám khảo được chọn có đăng ký dự thi trong cuộc thi này nên không chấm được. Chưa có gì được ghi. Hãy chọn người khác."
        ),
        MarkingRefusal.NO_PANEL: _l(
            "Kỳ này chưa có ban chấm nên chưa bốc thăm được. Chưa có gì được ghi. Hãy lập ban chấm trước."
        ),
        MarkingRefusal.TOO_FEW_JUDGES: _l(
            "Có bài không đủ hai giám khảo ngoài đơn vị của người dự thi. Chưa bài nào được phân công. Hãy thêm giám khảo vào ban chấm."
        ),
        MarkingRefusal.POINTS_STAY: _l(
            "Cả hai giám khảo đã cho điểm bài này nên điểm không đổi được nữa. Lần bấm này không ghi thêm gì."
        ),
        MarkingRefusal.NOT_ANNULLED: _l(
            "Lượt thi này đang hợp lệ nên không có gì để khôi phục. Lần bấm này không ghi thêm gì."
        ),
    }
)
