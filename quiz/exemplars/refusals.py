"""What the refusals of this domain say: what happened, whether anything was lost, what to do next."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quiz.errors import explain
from quiz.exemplars.nomination_refusals import (
    CommentRefusal,
    EvidenceRefusal,
    NominationRefusal,
    QuarterRefusal,
    VoteRefusal,
)

explain(
    {
        QuarterRefusal.OPENED_ALREADY: _l("Quý này đã mở nhận đề cử từ trước. Chưa có gì bị thay đổi. Hãy mở trang của quý."),
        QuarterRefusal.NO_UNITS: _l("Cần ít nhất một đơn vị được mời đề cử. Chưa có gì được ghi."),
        QuarterRefusal.STEPS_OUT_OF_ORDER: _l(
            "Hạn của bước sau phải không sớm hơn hạn của bước trước. Chưa có gì được ghi. Hãy xem lại các mốc."
        ),
        QuarterRefusal.UNIT_HAS_NOMINATIONS: _l(
            "“%(unit)s” đã có đề cử trong quý nên không bỏ khỏi danh sách được. Chưa có gì bị thay đổi."
        ),
        QuarterRefusal.NOBODY_TO_REMIND: _l(
            "Không còn đơn vị nào cần nhắc hôm nay: các đơn vị đã gửi đề cử, hoặc đã được nhắc trong ngày."
        ),
        QuarterRefusal.HEAD_NAMED_ALREADY: _l("Người này đã được giao xác nhận cho đơn vị. Chưa có gì bị thay đổi."),
        QuarterRefusal.NO_SUCH_PERSON: _l("Không có tài khoản đang hoạt động nào với tên đăng nhập, điện thoại hoặc email này."),
        NominationRefusal.UNIT_NOT_ASKED: _l(
            "Đơn vị không có trong danh sách được mời đề cử của quý này. Hãy liên hệ Văn phòng để được bổ sung."
        ),
        NominationRefusal.TOO_LATE: _l(
            "Đã hết hạn gửi đề cử (%(due)s), nên hồ sơ chưa được gửi. Nội dung đã lưu vẫn còn. Hãy liên hệ Văn phòng nếu cần thêm thời gian."
        ),
        NominationRefusal.MOVED_ON: _l(
            "Hồ sơ vừa chuyển sang bước khác, nên lần bấm này không làm gì thêm. Hãy tải lại trang để xem hiện trạng."
        ),
        NominationRefusal.EDITED_MEANWHILE: _l(
            "Người khác vừa sửa hồ sơ này, nên bản của bạn chưa được ghi đè. Hãy mở lại hồ sơ, rồi đưa phần sửa của bạn vào bản mới."
        ),
        NominationRefusal.NOT_WITH_UNIT: _l("Hồ sơ không còn ở đơn vị nên không sửa được. Chưa có gì bị thay đổi."),
        NominationRefusal.TOO_MANY_WORDS: _l("Tóm tắt có %(words)s chữ, nhiều hơn %(most)s chữ. Hãy rút gọn rồi gửi lại."),
        NominationRefusal.NO_SUMMARY: _l("Hồ sơ chưa có tóm tắt thành tích, nên chưa được gửi. Hãy bổ sung."),
        NominationRefusal.NO_ACHIEVEMENTS: _l("Hồ sơ chưa có phần thành tích đạt được, nên chưa được gửi. Hãy bổ sung."),
        NominationRefusal.NO_CONSENT: _l(
            "Hồ sơ chưa ghi việc người được đề cử đồng ý nêu tên, nên chưa được gửi. Tên và tóm tắt sẽ được công khai để lấy ý kiến."
        ),
        NominationRefusal.NO_HEAD: _l(
            "Đơn vị chưa có người xác nhận khác với người lập và người sửa hồ sơ, nên chưa gửi được. Hãy nhờ Văn phòng ghi tên thủ trưởng đơn vị."
        ),
        NominationRefusal.OWN_WORK: _l(
            "Bạn đã lập, sửa hoặc xác nhận hồ sơ này, nên việc này phải do người khác làm. Chưa có gì bị thay đổi."
        ),
        NominationRefusal.TERM_PASSED: _l("Hạn phải ở sau thời điểm này. Chưa có gì được ghi."),
        NominationRefusal.REPEAT_NEEDS_REASON: _l(
            "Người hoặc tập thể này đã được đề cử hay tuyên truyền trước đây. Nếu vẫn nhận, hãy ghi lý do; lý do được ghi vào nhật ký."
        ),
        NominationRefusal.CANNOT_MERGE_INTO: _l(
            "Chỉ gộp được vào một hồ sơ khác của cùng quý đang ở Văn phòng. Chưa có gì bị thay đổi."
        ),
        NominationRefusal.NOTHING_TO_COMMENT: _l("Chưa có đề cử nào được nhận để lấy ý kiến. Chưa có gì bị thay đổi."),
        NominationRefusal.NOTHING_CHOSEN: _l("Không có đề cử nào được hội đồng chọn đang chờ gửi. Chưa có gì bị thay đổi."),
        NominationRefusal.NOTHING_RECOMMENDED: _l("Không có đề cử nào đang chờ công bố được chọn. Chưa có gì bị thay đổi."),
        EvidenceRefusal.EMPTY: _l("Tệp rỗng nên chưa được nhận. Hãy chọn tệp khác."),
        EvidenceRefusal.TOO_MANY: _l("Mỗi hồ sơ có nhiều nhất %(most)s tệp. Tệp vừa gửi chưa được nhận."),
        EvidenceRefusal.PDF_TOO_LARGE: _l("Tệp PDF lớn hơn %(most)s MB nên chưa được nhận. Hãy giảm dung lượng hoặc chia tệp."),
        EvidenceRefusal.NOT_A_PDF: _l("Tệp này không phải PDF, cũng không phải hình, nên chưa được nhận. Hãy lưu thành PDF, PNG hoặc JPEG."),
        EvidenceRefusal.SAME_FILE: _l("Hồ sơ đã có tệp này. Không có gì được ghi thêm."),
        CommentRefusal.CLOSED: _l("Thời gian lấy ý kiến về đề cử này đã hết, nên ý kiến chưa được ghi."),
        CommentRefusal.TOO_MANY: _l("Bạn đã gửi nhiều ý kiến trong hôm nay, nên ý kiến này chưa được ghi. Hãy gửi tiếp vào ngày mai."),
    }
)  # fmt: skip

explain(
    {
        VoteRefusal.NOTHING_TO_VOTE_ON: _l("Chưa có đề cử nào qua thời gian lấy ý kiến, nên chưa mở bỏ phiếu."),
        VoteRefusal.COMMENTS_STILL_RUN: _l("Còn đề cử đang lấy ý kiến đến %(until)s, nên chưa mở bỏ phiếu."),
        VoteRefusal.OPEN_ALREADY: _l("Quý này đang có một cuộc bỏ phiếu. Chưa có gì bị thay đổi."),
        VoteRefusal.TOO_FEW_MEMBERS: _l("Hội đồng cần ít nhất %(fewest)s người. Chưa có gì được ghi."),
        VoteRefusal.NOT_OF_THE_COUNCIL: _l("Trong danh sách có người không còn là thành viên hội đồng. Chưa có gì được ghi. Hãy tải lại trang."),
        VoteRefusal.CLOSES_TOO_SOON: _l("Thời điểm kết thúc phải ở sau thời điểm này. Chưa có gì được ghi."),
        VoteRefusal.NOBODY_FREE: _l(
            "Không ủy viên nào được bỏ phiếu cho “%(name)s” vì đều có liên quan. Chưa mở bỏ phiếu. Hãy bổ sung ủy viên hoặc đưa hồ sơ ra."
        ),
        VoteRefusal.TOO_FEW_FOR_SECRET: _l(
            "Chỉ có %(n)s ủy viên được bỏ phiếu cho “%(name)s”: bỏ phiếu kín sẽ không giữ kín được. Chưa mở bỏ phiếu. Hãy bổ sung ủy viên hoặc chọn bỏ phiếu công khai."
        ),
        VoteRefusal.OVER: _l("Cuộc bỏ phiếu đã kết thúc, nên phiếu này không được ghi."),
        VoteRefusal.NOT_OVER: _l("Chưa hết hạn và chưa đủ phiếu, nên chưa kiểm phiếu được."),
        VoteRefusal.NO_SEAT: _l("Bạn không có tên trong thành phần hội đồng của cuộc bỏ phiếu này, nên phiếu không được ghi."),
        VoteRefusal.ALL_IN_CONFLICT: _l("Bạn có liên quan đến mọi đề cử của cuộc bỏ phiếu này, nên không có phiếu để gửi."),
        VoteRefusal.INCOMPLETE: _l("Mới chọn %(chosen)s trong %(all)s, nên phiếu chưa được ghi. Hãy chọn cho từng đề cử."),
        VoteRefusal.WRONG_CODE: _l(
            "Bạn đã bỏ phiếu, và mã phiếu chưa đúng, nên phiếu cũ vẫn nguyên. Muốn sửa, hãy nhập đúng mã hiện ra khi gửi phiếu lần đầu."
        ),
        VoteRefusal.BAD_CODE: _l("Mã phiếu không hợp lệ, nên phiếu chưa được ghi. Hãy tải lại trang rồi gửi lại."),
        VoteRefusal.CONFLICT_AFTER_VOTE: _l(
            "Bạn đã bỏ phiếu nên không khai thêm được: hệ thống không biết phiếu nào là của bạn. Hãy dùng mã phiếu đổi lựa chọn thành “Ý kiến khác” và báo Văn phòng."
        ),
        VoteRefusal.CONFLICT_ALREADY: _l("Bạn đã ở ngoài việc bỏ phiếu cho đề cử này. Không có gì được ghi thêm."),
    }
)  # fmt: skip
