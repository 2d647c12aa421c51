"""What a rule set is refused for, in words: which place of the document, what is wrong there, and what to do.

The codes are those that contests.rule_set raises itself, those of rules.collective.problems, and pydantic's own for types
and ranges. Where the place stands in the builder is the builder's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from quiz.contests.rule_words import CRITERION_TEXTS
from quiz.formats import number
from quiz.rules.collective import SchemeProblem

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class RuleFault:
    """path: of the place in the document, as ("contest", "chain") · sentence: what is wrong there and what to do"""

    path: Path
    sentence: str


# codes that contests.rule_set raises
_OURS: Mapping[str, Any] = {
    "unknown_criterion": _l("Không có tiêu chí “%(criterion)s”. Hãy bỏ ra và chọn tiêu chí có trong danh sách."),
    "criterion_twice": _l("Tiêu chí “%(criterion)s” xuất hiện hai lần, lần sau không bao giờ được xét. Hãy bỏ bớt một lần."),
    "prediction_not_asked": _l(
        "Không có câu dự đoán thì chuỗi xét hạng không dùng được tiêu chí “Dự đoán”. Hãy bỏ tiêu chí này, hoặc chọn câu dự đoán."
    ),
    "prediction_unused": _l(
        "Có câu dự đoán thì chuỗi xét hạng phải có tiêu chí “Dự đoán”. Hãy thêm vào chuỗi, hoặc bỏ câu dự đoán."
    ),
    "prediction_of_contest_in_round": _l(
        "Câu dự đoán hỏi về cả cuộc thi nên chưa có số thực tế khi xếp hạng từng kỳ. Hãy bỏ tiêu chí “Dự đoán” khỏi chuỗi của kỳ, "
        "hoặc đổi câu dự đoán thành hỏi về từng kỳ."
    ),
    "prediction_of_rounds_in_overall": _l(
        "Câu dự đoán hỏi về từng kỳ, mỗi kỳ có một số thực tế, nên không xét được ở xếp hạng chung cuộc. Hãy bỏ tiêu chí “Dự đoán” "
        "khỏi chuỗi chung cuộc, hoặc đổi câu dự đoán thành hỏi về cả cuộc thi."
    ),
    "ages_crossed": _l("Tuổi tối đa nhỏ hơn tuổi tối thiểu nên không ai dự thi được. Hãy sửa một trong hai, hoặc để trống tuổi tối đa."),
    "only_needs_one_attempt": _l(
        "“Lượt duy nhất” chỉ dùng khi mỗi kỳ có đúng một lượt. Hãy đặt số lượt mỗi kỳ là 1, hoặc chọn cách lấy kết quả khác."
    ),
    "freeze_needs_open_board": _l(
        "Chỉ giữ nguyên được bảng xếp hạng khi bảng công khai từ lúc kỳ thi mở. Hãy đặt 0 giờ, hoặc mở bảng xếp hạng từ khi kỳ mở."
    ),
    "rubric_sum": _l("Phiếu điểm phải cộng lại đúng bằng điểm tối đa mỗi bài tự luận. Hãy sửa điểm của các tiêu chí."),
    "collective_twice": _l("Hai nội dung thi đua tập thể trùng mã. Hãy bỏ một nội dung rồi thêm lại."),
    "tier_twice": _l("Hai giải trùng tên. Mỗi giải cần một tên riêng."),
    "hours_crossed": _l("Giờ nghỉ trong ngày phải sau giờ bắt đầu. Thi qua nửa đêm thì để trống các ngày, và dùng giờ mở, giờ đóng của kỳ."),
    "closes_before_opening": _l("Giờ đóng phải sau giờ mở."),
    "code_twice": _l("“%(name)s” trùng mã với một mục khác. Hãy bỏ mục này rồi thêm lại."),
    "code_reserved": _l("Mã của “%(name)s” là mã dành riêng cho cả cuộc thi. Hãy bỏ mục này rồi thêm lại."),
    "rounds_overlap": _l(
        "“%(b)s” mở khi “%(a)s” chưa đóng. Hai kỳ không được trùng giờ nhau, kể cả qua nửa đêm: hãy cho “%(b)s” mở muộn hơn, hoặc "
        "“%(a)s” đóng sớm hơn."
    ),
    "unknown_division": _l(
        "“%(name)s” có ma trận đề hoặc giải riêng cho một bảng không còn trong cuộc thi. Hãy chọn bảng khác, hoặc bỏ phần riêng đó."
    ),
    "admission_not_before": _l(
        "“%(name)s” chọn người từ một kỳ không đóng trước khi nó mở. Hãy chỉ chọn những kỳ đóng trước, hoặc đổi giờ."
    ),
    "overall_prizes_unranked": _l(
        "“%(name)s” có giải chung cuộc nhưng cuộc thi không xếp hạng chung cuộc. Hãy chọn cách xếp hạng chung cuộc, hoặc bỏ giải này."
    ),
}  # fmt: skip

_SCHEMES: Mapping[str, Any] = {
    SchemeProblem.WEIGHTS_NOT_100: _l("Ba trọng số phải cộng lại bằng 100%%. Hãy sửa các trọng số."),
    SchemeProblem.WEIGHT_NEGATIVE: _l("Trọng số không được âm. Hãy nhập số từ 0 đến 100."),
    SchemeProblem.UNKNOWN_PART: _l("Có trọng số cho một phần không tồn tại. Hãy bỏ nội dung này rồi thêm lại."),
    SchemeProblem.GATE_OUT_OF_RANGE: _l("Điều kiện là tỷ lệ phần trăm thì phải từ 1 đến 100. Hãy sửa con số."),
    SchemeProblem.BAND_OUT_OF_RANGE: _l("Tỷ lệ của mỗi quy mô phải từ 0 đến 100%%. Hãy sửa con số."),
    SchemeProblem.BANDS_NOT_ASCENDING: _l(
        "Các quy mô phải xếp từ nhỏ đến lớn, quy mô sau có số người lớn hơn quy mô trước. Hãy sửa thứ tự hoặc con số."
    ),
    SchemeProblem.LAST_BAND_NOT_OPEN: _l(
        "Quy mô cuối cùng phải để trống số người, để mọi đơn vị lớn hơn đều có tỷ lệ. Hãy thêm một dòng, hoặc để trống dòng cuối."
    ),
    SchemeProblem.NO_LISTS: _l("Cách tính theo danh sách cần ít nhất một danh sách. Hãy chọn."),
    SchemeProblem.LIST_TWICE: _l("Một danh sách được chọn hai lần. Hãy bỏ bớt một lần."),
    SchemeProblem.UNKNOWN_LIST: _l("Có danh sách không tồn tại. Hãy chọn lại các danh sách."),
    SchemeProblem.NO_TOP: _l("Số đơn vị được tính điểm trong mỗi danh sách phải từ 1 trở lên."),
    SchemeProblem.NO_PRIZE_POINTS: _l("Cách tính này cộng điểm giải cá nhân, nhưng chưa giải nào có điểm. Hãy thêm điểm cho các giải."),
    SchemeProblem.PRIZE_POINTS_NEGATIVE: _l("Điểm của giải không được âm. Hãy nhập từ 0 trở lên."),
    SchemeProblem.UNKNOWN_TIE_BREAK: _l("Có nội dung xét khi bằng nhau không tồn tại. Hãy bỏ ra và chọn lại."),
    SchemeProblem.TIE_BREAK_TWICE: _l("Một nội dung xét khi bằng nhau xuất hiện hai lần. Hãy bỏ bớt một lần."),
}  # fmt: skip

# lists that may not be empty, by their name in the document
_EMPTY: Mapping[str, Any] = {
    "divisions": _l("Cuộc thi cần ít nhất một bảng."),
    "rounds": _l("Cuộc thi cần ít nhất một kỳ thi."),
    "chain": _l("Chuỗi xét hạng cần ít nhất một tiêu chí. Hãy thêm vào chuỗi."),
    "blueprint": _l("Ma trận đề cần ít nhất một câu."),
    "blueprints": _l("Ma trận đề riêng của kỳ cần ít nhất một câu. Hãy thêm câu, hoặc bỏ ma trận riêng này."),
    "weekdays": _l("Hãy chọn ít nhất một ngày trong tuần."),
}


def rule_faults(error: ValidationError) -> list[RuleFault]:
    """Everything a rule set was refused for, each once, in the order of the document."""
    details = error.errors()
    places = [detail["loc"] for detail in details]
    found = [
        RuleFault(_path(detail), _sentence(detail))
        for detail in details
        if not (detail["type"] == "too_short" and _has_below(detail["loc"], places))
    ]
    return list(dict.fromkeys(found))


def _has_below(place: Path, places: Sequence[Path]) -> bool:
    """A list seems empty where its lines are refused themselves."""
    return any(len(other) > len(place) and other[: len(place)] == place for other in places)


def _path(detail: ErrorDetails) -> Path:
    field = detail.get("ctx", {}).get("field") or ""
    below = [int(part) if part.isdecimal() else part for part in str(field).split(".") if part]
    return (*detail["loc"], *below)


def _sentence(detail: ErrorDetails) -> str:
    code, context = detail["type"], detail.get("ctx", {})
    if code in _OURS:
        return str(_OURS[code]) % _named(context)
    if code in _SCHEMES:
        return str(_SCHEMES[code]) % {}
    return _of_type(code, context, detail["loc"])


def _named(context: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(context)
    if (title := CRITERION_TEXTS.get(str(values.get("criterion")))) is not None:
        values["criterion"] = title[0]
    return values


def _of_type(code: str, context: Mapping[str, Any], place: Path) -> str:
    """What pydantic itself says of types and ranges."""
    match code:
        case "greater_than_equal":
            return _("Số này phải từ %(n)s trở lên.", n=number(context["ge"]))
        case "less_than_equal":
            return _("Số này không được quá %(n)s.", n=number(context["le"]))
        case "too_short":
            name = next((str(part) for part in reversed(place) if str(part) in _EMPTY), "")
            return str(_EMPTY.get(name, _("Mục này cần ít nhất một dòng.")))
        case "string_too_short":
            return _("Mục này cần được điền.")
        case "string_too_long":
            return _("Mục này dài quá %(n)s ký tự.", n=number(context["max_length"]))
        case "string_pattern_mismatch":
            if place and place[-1] in ("at", "opens", "closes"):
                return _("Giờ chưa đúng. Ví dụ: 07:30.")
            return _("Mã chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối. Hãy bỏ mục này rồi thêm lại.")
        case "enum" | "literal_error":
            return _("Lựa chọn này không có trong danh sách. Hãy chọn lại.")
        case "missing" | "none_required":
            return _("Mục này cần được điền.")
        case "extra_forbidden":
            return _("Bản nháp có một mục mà phần mềm không biết. Hãy lập lại bản nháp từ mẫu thể lệ.")
    if code.startswith(("int", "float", "decimal")):
        return _("Mục này cần một số nguyên.")
    if code.startswith(("datetime", "timezone")):
        return _("Mục này cần một ngày giờ. Ví dụ: 30/11/2026 17:00.")
    if code.startswith("date"):
        return _("Mục này cần một ngày. Ví dụ: 30/11/2026.")
    if code.startswith("time"):
        return _("Giờ chưa đúng. Ví dụ: 07:30.")
    return _("Mục này chưa đúng. Hãy xem lại và chọn hoặc điền lại.")
