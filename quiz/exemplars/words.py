"""Vietnamese words for what nominations and votes store as names."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quiz.exemplars.models import Field
from quiz.exemplars.nomination_models import EvidenceKind, NominationKind, NominationState
from quiz.exemplars.nomination_queries import Owner
from quiz.exemplars.vote_models import ConflictCause, VoteMode
from quiz.rules.votes import Base, Choice, Outcome, VoteRule

STATE_TEXTS: dict[str, Any] = {
    NominationState.DRAFT: _l("Đơn vị đang soạn"),
    NominationState.SENT: _l("Chờ thủ trưởng xác nhận"),
    NominationState.CONFIRMED: _l("Chờ Văn phòng xem xét"),
    NominationState.RETURNED: _l("Đơn vị bổ sung"),
    NominationState.ACCEPTED: _l("Đã nhận, chờ lấy ý kiến"),
    NominationState.COMMENTING: _l("Lấy ý kiến công khai"),
    NominationState.VOTING: _l("Hội đồng bỏ phiếu"),
    NominationState.CHOSEN: _l("Được chọn, chờ gửi Hội đồng tỉnh"),
    NominationState.NOT_CHOSEN: _l("Không được chọn"),
    NominationState.RECOMMENDED: _l("Đã gửi Hội đồng tỉnh"),
    NominationState.PUBLISHED: _l("Đã công bố"),
    NominationState.DECLINED: _l("Không nhận"),
    NominationState.MERGED: _l("Đã gộp"),
    NominationState.WITHDRAWN: _l("Đơn vị đã rút"),
}
HIDDEN_OUTCOME = _l("Đã bỏ phiếu, chờ công bố")
OWNER_TEXTS: dict[str, Any] = {
    Owner.UNIT: _l("Đầu mối đơn vị"),
    Owner.HEAD: _l("Thủ trưởng đơn vị"),
    Owner.OFFICE: _l("Văn phòng"),
    Owner.PUBLIC: _l("Công chúng góp ý"),
    Owner.COUNCIL: _l("Hội đồng"),
}
KIND_TEXTS: dict[str, Any] = {NominationKind.PERSON: _l("Cá nhân"), NominationKind.GROUP: _l("Tập thể")}
FIELD_TEXTS: dict[str, Any] = {
    Field.JUSTICE: _l("Tư pháp, pháp luật"),
    Field.ADMINISTRATION: _l("Hành chính, dịch vụ công"),
    Field.PRODUCTION: _l("Lao động, sản xuất, kinh doanh"),
    Field.AGRICULTURE: _l("Nông nghiệp, nông thôn"),
    Field.INDUSTRY: _l("Công nghiệp, xây dựng"),
    Field.EDUCATION: _l("Giáo dục"),
    Field.HEALTH: _l("Y tế"),
    Field.SCIENCE: _l("Khoa học, sáng kiến"),
    Field.CULTURE: _l("Văn hóa, xã hội"),
    Field.DEFENCE: _l("Quốc phòng, an ninh"),
}
EVIDENCE_TEXTS: dict[str, Any] = {
    EvidenceKind.MINUTES: _l("Biên bản bình xét"),
    EvidenceKind.REPORT: _l("Báo cáo thành tích có ký"),
    EvidenceKind.CONSENT: _l("Văn bản đồng ý nêu tên"),
    EvidenceKind.ACHIEVEMENT: _l("Minh chứng thành tích"),
    EvidenceKind.PORTRAIT: _l("Ảnh"),
    EvidenceKind.OTHER: _l("Tài liệu khác"),
}
CHOICE_TEXTS: dict[str, Any] = {
    Choice.AGREE: _l("Đồng ý"),
    Choice.DISAGREE: _l("Không đồng ý"),
    Choice.OTHER: _l("Ý kiến khác"),
}
OUTCOME_TEXTS: dict[str, Any] = {
    Outcome.CHOSEN: _l("Được chọn"),
    Outcome.NOT_CHOSEN: _l("Không được chọn"),
    Outcome.NO_QUORUM: _l("Không đủ người bỏ phiếu"),
}
CAUSE_TEXTS: dict[str, Any] = {
    ConflictCause.UNIT: _l("cùng đơn vị, đơn vị cấp dưới hoặc cấp trên"),
    ConflictCause.AUTHOR: _l("đã lập, sửa hoặc xác nhận hồ sơ"),
    ConflictCause.NOMINEE: _l("là người hoặc thuộc tập thể được đề cử"),
    ConflictCause.DECLARED: _l("tự khai có liên quan"),
}
MODE_TEXTS: dict[str, Any] = {VoteMode.SECRET: _l("Bỏ phiếu kín"), VoteMode.OPEN: _l("Bỏ phiếu công khai")}


def quarter_title(name: str) -> str:
    """ "2026-Q4" → "quý IV/2026"."""
    year, n = name.split("-Q")
    return _("quý %(n)s/%(year)s", n=("I", "II", "III", "IV")[int(n) - 1], year=year)


def full_name(nomination: Any) -> str:
    """ "Ông Trương Văn Bảy"."""
    return f"{nomination.honorific} {nomination.name}".strip()


def threshold_words(rule: VoteRule) -> str:
    """ "trên 2/3 số ủy viên được bỏ phiếu cho đề cử đó"."""
    share = f"{rule.threshold.numerator}/{rule.threshold.denominator}" if rule.threshold < 1 else _("toàn bộ")
    how = _("trên %(share)s", share=share) if rule.more_than else _("ít nhất %(share)s", share=share)
    if rule.threshold == 1:
        how = share
    if rule.base is Base.COUNCIL:
        return _("%(how)s số ủy viên được bỏ phiếu cho đề cử đó", how=how)
    return _("%(how)s số ủy viên đã bỏ phiếu cho đề cử đó", how=how)


def quorum_words(rule: VoteRule) -> str:
    if rule.quorum == 1:
        return _("toàn bộ số ủy viên được bỏ phiếu")
    return _("ít nhất %(a)s/%(b)s số ủy viên được bỏ phiếu", a=rule.quorum.numerator, b=rule.quorum.denominator)
