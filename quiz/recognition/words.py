"""Words of complaints and of certificates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quiz.recognition.models import ComplaintAbout, ImageKind, Outcome, Template

ABOUT_TEXTS = {
    ComplaintAbout.QUESTION: _l("Một câu hỏi hoặc đáp án"),
    ComplaintAbout.ATTEMPT: _l("Lượt thi của tôi (mất bài, chấm điểm, bị hủy)"),
    ComplaintAbout.RESULT: _l("Kết quả đã công bố"),
}
ABOUT_SHORT = {
    ComplaintAbout.QUESTION: _l("Câu hỏi"),
    ComplaintAbout.ATTEMPT: _l("Lượt thi"),
    ComplaintAbout.RESULT: _l("Kết quả"),
}
OUTCOME_TEXTS = {
    Outcome.UPHELD: _l("Khiếu nại đúng"),
    Outcome.PARTLY: _l("Đúng một phần"),
    Outcome.REJECTED: _l("Không có cơ sở"),
}

TEMPLATE_TEXTS = {Template.CERTIFICATE: _l("Giấy chứng nhận"), Template.COMMENDATION: _l("Giấy khen")}
IMAGE_TEXTS = {ImageKind.SEAL: _l("Dấu"), ImageKind.SIGNATURE: _l("Chữ ký")}
