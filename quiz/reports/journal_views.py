"""The journal as people read it: who decided what, when and why."""

from __future__ import annotations

import json
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from quiz.access import Permission, needs
from quiz.addresses import asked_number
from quiz.reports import journal_queries
from quiz.reports.views import bp

PER_PAGE = 50
CHECKED = 1_000
LONGEST = 4_000  # characters of before and after that a page shows

# action → what was done; a test finds every action that services record
ACTION_TEXTS = {
    "account.role_granted": _l("Giao vai trò"),
    "account.role_revoked": _l("Thu hồi vai trò"),
    "account.disabled": _l("Khóa tài khoản"),
    "account.enabled": _l("Mở lại tài khoản"),
    "account.password_set": _l("Đặt lại mật khẩu cho người khác"),
    "account.contact_shown": _l("Xem thông tin liên hệ"),
    "unit.created": _l("Thêm đơn vị"),
    "unit.corrected": _l("Sửa đơn vị"),
    "unit.headcount_stated": _l("Ghi tổng số người của đơn vị"),
    "unit.removed": _l("Xóa đơn vị"),
    "units.imported": _l("Nhập danh sách đơn vị"),
    "law.added": _l("Thêm văn bản pháp luật"),
    "law.changed": _l("Sửa thông tin văn bản pháp luật"),
    "law.provision_added": _l("Thêm điều khoản của văn bản"),
    "law.provision_edited": _l("Sửa điều khoản của văn bản"),
    "law.provision_removed": _l("Bỏ điều khoản của văn bản"),
    "law.change_recorded": _l("Ghi nhận văn bản được sửa đổi, thay thế"),
    "law.change_edited": _l("Sửa thay đổi đã ghi nhận của văn bản"),
    "law.change_withdrawn": _l("Xóa thay đổi ghi nhận nhầm của văn bản"),
    "bank.created": _l("Lập ngân hàng câu hỏi"),
    "bank.changed": _l("Sửa thông tin ngân hàng câu hỏi"),
    "bank.deleted": _l("Xóa ngân hàng câu hỏi"),
    "bank.imported": _l("Nhập ngân hàng câu hỏi kèm phần mềm"),
    "bank.items_imported": _l("Nhập câu hỏi từ tệp"),
    "item.approved": _l("Duyệt câu hỏi"),
    "item.declined": _l("Trả lại câu hỏi cho người soạn"),
    "item.law_checked": _l("Đối chiếu câu hỏi với thay đổi pháp luật"),
    "item.retired": _l("Ngừng dùng câu hỏi"),
    "item.revived": _l("Dùng lại câu hỏi"),
    "practice.changed": _l("Đổi cách ôn luyện của ngân hàng câu hỏi"),
    "contest.drafted": _l("Lập bản nháp cuộc thi"),
    "contest.draft_dropped": _l("Xóa bản nháp cuộc thi"),
    "contest.rehearsed": _l("Tổng duyệt cuộc thi bằng người thi mô phỏng"),
    "item.stories_linked": _l("Gắn câu hỏi với gương điển hình"),
    "post.published": _l("Đăng tin, bài"),
    "post.corrected": _l("Sửa tin, bài đã đăng"),
    "post.withdrawn": _l("Gỡ tin, bài"),
    "post.dropped": _l("Xóa bản nháp tin, bài"),
    "event.cancelled": _l("Hủy sự kiện"),
    "story.written": _l("Viết bản nháp câu chuyện điển hình"),
    "story.edited": _l("Sửa bản nháp câu chuyện điển hình"),
    "story.edit_proposed": _l("Gửi bản sửa câu chuyện đã duyệt"),
    "story.edit_applied": _l("Nhận bản sửa câu chuyện"),
    "story.edit_refused": _l("Không nhận bản sửa câu chuyện"),
    "story.submitted": _l("Gửi duyệt câu chuyện điển hình"),
    "story.approved": _l("Duyệt câu chuyện điển hình"),
    "story.published": _l("Đăng câu chuyện điển hình"),
    "story.archived": _l("Lưu trữ câu chuyện điển hình"),
    "story.taken_back": _l("Đưa câu chuyện điển hình về bản nháp"),
    "story.dropped": _l("Xóa bản nháp câu chuyện điển hình"),
    "stories.imported": _l("Nhập câu chuyện, phong trào kèm phần mềm"),
    "movement.added": _l("Thêm phong trào thi đua"),
    "movement.edited": _l("Sửa phong trào thi đua"),
    "contest.featured": _l("Chọn gương và phong trào của cuộc thi"),
    "contest.opened": _l("Mở cuộc thi"),
    "rules.changed": _l("Sửa thể lệ của cuộc thi đã mở"),
    "contest.summary_changed": _l("Sửa lời giới thiệu cuộc thi"),
    "round.closed": _l("Đóng kỳ thi sớm"),
    "round.extended": _l("Gia hạn kỳ thi"),
    "attempt.annulled": _l("Hủy lượt thi"),
    "attempt.restored": _l("Khôi phục lượt thi"),
    "verdict.given": _l("Ra phán quyết về lượt thi"),
    "annulment.proposed": _l("Đề nghị hủy lượt thi"),
    "annulment.declined": _l("Không đồng ý hủy lượt thi"),
    "attempt.noted": _l("Ghi chú bên lượt thi"),
    "identity.checked": _l("Xác minh người đạt giải"),
    "identity.exported": _l("Tải bảng xác minh về"),
    "key.proposed": _l("Đề xuất đính chính đáp án"),
    "key.confirmed": _l("Xác nhận đính chính đáp án"),
    "key.withdrawn": _l("Rút đề xuất đính chính đáp án"),
    "key.applied": _l("Chấm lại theo đáp án đính chính"),
    "essay.panel_set": _l("Lập ban chấm tự luận"),
    "essay.assigned": _l("Bốc thăm giám khảo chấm tự luận"),
    "essay.points_given": _l("Giám khảo cho điểm bài tự luận"),
    "essay.alarmed": _l("Hai giám khảo lệch điểm quá mức"),
    "essay.marked": _l("Chấm bài tự luận"),
    "round.admitted": _l("Đưa người vào kỳ thi"),
    "board.exported": _l("Tải bảng xếp hạng về"),
    "truth.frozen": _l("Chốt số thực tế của câu dự đoán"),
    "lot.announced": _l("Báo trước nguồn dãy số bốc thăm"),
    "lot.drawn": _l("Bốc thăm"),
    "sheet.made": _l("Lập bảng kết quả"),
    "sheet.proved": _l("Tính dấu kiểm chứng của bảng kết quả"),
    "sheet.signed": _l("Ký chốt bảng kết quả"),
    "sheet.declined": _l("Ghi ý kiến không ký bảng kết quả"),
    "sheet.signature_withdrawn": _l("Rút ý kiến về bảng kết quả"),
    "sheet.published": _l("Công bố bảng kết quả"),
    "unit_sheet.made": _l("Lập bảng xếp hạng đơn vị"),
    "unit_sheet.published": _l("Công bố bảng xếp hạng đơn vị"),
    "unit_quality.given": _l("Chấm chất lượng tuyên truyền của đơn vị"),
    "prizes.awarded": _l("Ghi quyết định trao giải"),
    "complaint.filed": _l("Nộp khiếu nại"),
    "complaint.assigned": _l("Giao khiếu nại"),
    "complaint.answered": _l("Trả lời khiếu nại"),
    "complaints.exported": _l("Tải sổ khiếu nại về"),
    "paper.made": _l("Lập văn bản"),
    "statistics.exported": _l("Tải thống kê cuộc thi về"),
    "period.exported": _l("Tải báo cáo định kỳ về"),
    "certificate.revoked": _l("Thu hồi giấy chứng nhận, giấy khen"),
    "certificate.reissued": _l("Cấp lại giấy chứng nhận, giấy khen"),
    "certificates.exported": _l("Tải sổ cấp về"),
    "certificates.images_chosen": _l("Chọn hình dấu, chữ ký in trên giấy"),
    "print_image.added": _l("Thêm hình dấu hoặc chữ ký"),
    "print_image.deleted": _l("Xóa hình dấu hoặc chữ ký"),
    "quarter.opened": _l("Mở nhận đề cử một quý"),
    "quarter.calendar_changed": _l("Đổi lịch đề cử của quý"),
    "quarter.units_changed": _l("Đổi danh sách đơn vị được mời đề cử"),
    "quarter.units_reminded": _l("Nhắc đơn vị chưa gửi đề cử"),
    "unit.head_named": _l("Giao người xác nhận đề cử của đơn vị"),
    "unit.head_dismissed": _l("Thôi giao xác nhận đề cử của đơn vị"),
    "nomination.drafted": _l("Lập đề cử"),
    "nomination.edited": _l("Sửa đề cử"),
    "nomination.evidence_added": _l("Thêm minh chứng vào đề cử"),
    "nomination.evidence_removed": _l("Bỏ minh chứng khỏi đề cử"),
    "nomination.draft": _l("Thủ trưởng trả đề cử để sửa"),
    "nomination.sent": _l("Gửi đề cử cho thủ trưởng đơn vị"),
    "nomination.confirmed": _l("Thủ trưởng đơn vị xác nhận đề cử"),
    "nomination.returned": _l("Trả đề cử về đơn vị bổ sung"),
    "nomination.accepted": _l("Nhận đề cử"),
    "nomination.declined": _l("Không nhận đề cử"),
    "nomination.merged": _l("Gộp đề cử trùng"),
    "nomination.withdrawn": _l("Đơn vị rút đề cử"),
    "nomination.commenting": _l("Đưa đề cử ra lấy ý kiến, hoặc chờ bỏ phiếu lại"),
    "nomination.comment_noted": _l("Ghi kết quả xem xét ý kiến"),
    "nomination.voting": _l("Đưa đề cử ra bỏ phiếu"),
    "nomination.chosen": _l("Đề cử được hội đồng chọn"),
    "nomination.not_chosen": _l("Đề cử không được hội đồng chọn"),
    "nomination.recommended": _l("Gửi đề cử lên hội đồng tỉnh"),
    "nomination.published": _l("Công bố điển hình được chọn"),
    "vote.opened": _l("Mở bỏ phiếu của hội đồng"),
    "vote.term_changed": _l("Đổi hạn nhận phiếu của hội đồng"),
    "vote.conflict_declared": _l("Ủy viên khai có liên quan"),
    "vote.closed": _l("Kiểm phiếu của hội đồng"),
}

SUBJECT_TEXTS = {
    "account": _l("Tài khoản"),
    "orgunit": _l("Đơn vị"),
    "unit_import": _l("Lần nhập đơn vị"),
    "legal_document": _l("Văn bản"),
    "legal_documents": _l("Các văn bản"),
    "bank": _l("Ngân hàng câu hỏi"),
    "item": _l("Câu hỏi"),
    "exemplar": _l("Điển hình"),
    "exemplars": _l("Các điển hình"),
    "movement": _l("Phong trào"),
    "contest": _l("Cuộc thi"),
    "round": _l("Kỳ thi"),
    "attempt": _l("Lượt thi"),
    "entry": _l("Đăng ký dự thi"),
    "ranking": _l("Bảng kết quả"),
    "unit_sheet": _l("Bảng xếp hạng đơn vị"),
    "decision": _l("Quyết định"),
    "certificate": _l("Giấy chứng nhận"),
    "certificates": _l("Sổ cấp"),
    "print_image": _l("Hình in trên giấy"),
    "essay_task": _l("Bài tự luận được giao"),
    "key_ruling": _l("Đính chính đáp án"),
    "complaint": _l("Khiếu nại"),
    "statistics": _l("Thống kê"),
    "complaints": _l("Sổ khiếu nại"),
    "quarter": _l("Quý đề cử"),
    "org_unit": _l("Đơn vị"),
    "nomination": _l("Đề cử"),
    "councilvote": _l("Cuộc bỏ phiếu"),
}


@bp.route("/nhat-ky")
@needs(Permission.SEE_JOURNAL)
def journal() -> Any:
    action = request.args.get("viec", "")
    action = action if action in ACTION_TEXTS else ""
    subject = request.args.get("doi-tuong", "").strip()[:120]
    before_seq = asked_number("truoc")
    rows = journal_queries.records(action=action, subject=subject, before_seq=before_seq, limit=PER_PAGE + 1)
    shown = rows[:PER_PAGE]
    return render_template(
        "reports/journal.html",
        records=shown,
        older_than=shown[-1].seq if len(rows) > PER_PAGE else None,
        is_first_page=before_seq is None,
        action=action,
        subject=subject,
        actions=ACTION_TEXTS,
        subject_text=subject_text,
        readable=readable,
        chain=journal_queries.check_chain_end(CHECKED),
        most_checked=CHECKED,
    )


def subject_text(subject: str) -> str:
    """ "contest:3" → "Cuộc thi số 3"."""
    kind, _colon, number = subject.partition(":")
    name = str(SUBJECT_TEXTS.get(kind, kind))
    return f"{name} {number}".strip()


def readable(value: Any) -> str:
    """The value of `before` or `after` as indented text; cut where it is long, the record itself is whole."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return text if len(text) <= LONGEST else text[:LONGEST] + "\n…"
