"""Flags in words: what was seen, how much it says, and what innocent reason there may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quiz.formats import number, span
from quiz.marking.models import Flag, Ruling, VerdictState
from quiz.rules.suspicion import Kind, Strength

KINDS = {
    Kind.FAST_PAPER: _l("Làm bài nhanh bất thường"),
    Kind.FAST_ANSWERS: _l("Trả lời đúng nhanh bất thường"),
    Kind.ALIKE: _l("Hai bài giống nhau"),
    Kind.ONE_DEVICE: _l("Nhiều tài khoản trên một thiết bị"),
    Kind.SAME_PERSON: _l("Một người đăng ký hai lần"),
    Kind.NETWORK_CHANGES: _l("Đổi mạng nhiều lần khi làm bài"),
    Kind.OVERLAP: _l("Làm bài cùng lúc"),
}

# strength → (words, kind of the tag)
STRENGTHS = {
    Strength.STRONG: (_l("Rất đáng chú ý"), "bad"),
    Strength.NOTABLE: (_l("Đáng chú ý"), "warn"),
    Strength.LOOK: (_l("Nên xem qua"), "info"),
}

INNOCENT = {
    Kind.FAST_PAPER: _l("Người thuộc luật, đã làm nhiều lượt hoặc gặp lại câu quen có thể làm rất nhanh."),
    Kind.FAST_ANSWERS: _l(
        "Giờ từng câu do trình duyệt tự báo; người đọc đề trước rồi chọn một loạt cũng cho khoảng cách rất ngắn."
    ),
    Kind.ALIKE: _l("Hai người học cùng tài liệu hoặc cùng lớp có thể hiểu sai giống nhau mà không chép bài."),
    Kind.ONE_DEVICE: _l("Người trong nhà dùng chung điện thoại, cơ quan dùng chung máy tính là chuyện thường."),
    Kind.SAME_PERSON: _l("Có người trùng họ tên, ngày sinh và đơn vị; cũng có người quên mật khẩu nên đăng ký lại."),
    Kind.NETWORK_CHANGES: _l("Điện thoại đổi giữa Wi-Fi và 4G, hoặc đang đi đường, thì mạng đổi liên tục."),
    Kind.OVERLAP: _l("Hai người ngồi cạnh nhau thay phiên một máy, hoặc hai người trùng tên làm bài cùng giờ."),
}

RULINGS = {
    Ruling.KEEP: _l("Giữ nguyên"),
    Ruling.ANNUL: _l("Hủy lượt thi"),
    Ruling.IDENTITY: _l("Đề nghị xác minh"),
}
VERDICT_STATES = {
    VerdictState.GIVEN: "",
    VerdictState.PROPOSED: _l("chờ giám khảo thứ hai"),
    VerdictState.CONFIRMED: _l("giám khảo thứ hai đồng ý"),
    VerdictState.DECLINED: _l("giám khảo thứ hai không đồng ý"),
}


def seen(flag: Flag) -> str:
    """What the flag saw, in a sentence or two."""
    return _SEEN[Kind(flag.kind)](flag.evidence)


def _fast_paper(e: Mapping[str, Any]) -> str:
    return _(
        "Làm xong trong %(span)s, đúng %(correct)s/%(n)s câu; đề gồm những câu này cả kỳ thường làm trong %(usual)s.",
        span=span(e["elapsed_ms"], 0), correct=e["correct"], n=e["questions"], usual=span(e["usual_ms"], 0),
    )  # fmt: skip


def _fast_answers(e: Mapping[str, Any]) -> str:
    fastest = min(e["answers"], key=lambda line: line[1])
    return _(
        "%(n)s câu đúng được trả lời nhanh hơn hẳn cả kỳ; nhanh nhất là %(ms)s giây, cả kỳ thường mất %(usual)s giây.",
        n=len(e["answers"]), ms=number(fastest[1] / 1000, 1), usual=number(fastest[2] / 1000, 1),
    )  # fmt: skip


def _alike(e: Mapping[str, Any]) -> str:
    said = _(
        "Cùng chọn %(wrong)s phương án sai giống hệt trong %(common)s câu chung.",
        wrong=len(e["shared"]),
        common=e["common"],
    )
    if e["by_chance"] >= 0.01:
        said += " " + _("Nếu ai cũng tự làm, cả kỳ có nhiều nhất %(n)s cặp giống đến thế.", n=number(e["by_chance"], 2))
    else:
        said += " " + _("Nếu ai cũng tự làm, cả kỳ có chưa đến 0,01 cặp giống đến thế.")
    if e["beside"]:
        said += " " + _(
            "Hai bài bắt đầu cách nhau %(span)s, cùng thiết bị, mạng hoặc đơn vị.",
            span=span(1000 * e["start_gap_s"], 0),
        )
    if e["order"] is not None and e["order"] >= 0.8 and e["paper_order"] is not None and e["paper_order"] <= 0.5:
        said += " " + _("Thứ tự trả lời các câu gần như trùng nhau dù đề xếp câu khác nhau.")
    return said


def _one_device(e: Mapping[str, Any]) -> str:
    return _("%(people)s người, %(n)s lượt thi bắt đầu trên cùng một trình duyệt.", people=e["people"], n=e["attempts"])


def _same_person(e: Mapping[str, Any]) -> str:
    if e["by"] == "mailbox":
        return _("%(n)s tài khoản dùng chung một hộp thư.", n=e["people"])
    return _("%(n)s tài khoản trùng họ tên, ngày sinh và đơn vị hoặc nơi ở.", n=e["people"])


def _network_changes(e: Mapping[str, Any]) -> str:
    return _(
        "Mạng đổi %(n)s lần giữa các lần lưu; hầu hết lượt của kỳ (999 trong 1.000) đổi ít hơn %(usual)s lần.",
        n=e["changes"],
        usual=e["from"],
    )


def _overlap(e: Mapping[str, Any]) -> str:
    together = span(1000 * e["together_s"], 0)
    if e["by"] == "device":
        return _("Hai người có bài mở cùng lúc %(span)s trên cùng một trình duyệt.", span=together)
    return _("Hai tài khoản có vẻ của một người có bài mở cùng lúc %(span)s.", span=together)


_SEEN = {
    Kind.FAST_PAPER: _fast_paper,
    Kind.FAST_ANSWERS: _fast_answers,
    Kind.ALIKE: _alike,
    Kind.ONE_DEVICE: _one_device,
    Kind.SAME_PERSON: _same_person,
    Kind.NETWORK_CHANGES: _network_changes,
    Kind.OVERLAP: _overlap,
}
