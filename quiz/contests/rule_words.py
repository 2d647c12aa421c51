"""Words for the names in a rule set, as the thể lệ, the builder and other pages say them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quiz.access import Role
from quiz.contests.rule_set import DivisionAudience, LuckyAmong, Prediction
from quiz.rules.collective import Denominator, Formula
from quiz.rules.counting import Counted, Overall
from quiz.rules.prediction import Scope, Target
from quiz.rules.tie_break import criterion, criterion_name
from quiz.rules.visibility import Release

_LONGER = _l("dài hơn xếp trên, đo bằng giờ máy chủ đến phần nghìn giây")
_SHORTER = _l("ngắn hơn xếp trên, đo bằng giờ máy chủ đến phần nghìn giây")

# criterion name of rules.tie_break → (title, what "more" above means, what "less" above means)
_CRITERIA = {
    "score": (_l("Điểm"), _l("cao hơn xếp trên"), _l("thấp hơn xếp trên")),
    "correct": (_l("Số câu đúng"), _l("nhiều hơn xếp trên"), _l("ít hơn xếp trên")),
    "all_correct": (
        _l("Đúng tất cả các câu"),
        _l("đúng tất cả xếp trên chưa đúng tất cả"),
        _l("chưa đúng tất cả xếp trên đúng tất cả"),
    ),
    "written": (_l("Điểm bài tự luận"), _l("cao hơn xếp trên"), _l("thấp hơn xếp trên")),
    "prediction": (
        _l("Dự đoán"),
        _l("lệch nhiều hơn so với số thực tế xếp trên, không kể thừa hay thiếu"),
        _l("lệch ít hơn so với số thực tế xếp trên, không kể thừa hay thiếu; không dự đoán xếp sau"),
    ),
    "elapsed": (_l("Thời gian làm bài"), _LONGER, _SHORTER),
    "total_elapsed": (_l("Tổng thời gian mọi lượt thi"), _LONGER, _SHORTER),
    "started": (_l("Thời điểm bắt đầu làm bài"), _l("muộn hơn xếp trên"), _l("sớm hơn xếp trên")),
    "submitted": (_l("Thời điểm nộp"), _l("muộn hơn xếp trên"), _l("sớm hơn xếp trên")),
    "registered": (_l("Thời điểm đăng ký"), _l("muộn hơn xếp trên"), _l("sớm hơn xếp trên")),
    "attempts": (_l("Số lượt đã dùng"), _l("nhiều hơn xếp trên"), _l("ít hơn xếp trên")),
    "perfect_attempts": (_l("Số lượt đúng tất cả các câu"), _l("nhiều hơn xếp trên"), _l("ít hơn xếp trên")),
}

# the same where rounds are added up; what is not here means the same as in a round
_ADDED_UP = {
    "score": _l("Tổng điểm các kỳ"),
    "correct": _l("Tổng số câu đúng các kỳ"),
    "written": _l("Tổng điểm bài tự luận các kỳ"),
    "elapsed": _l("Tổng thời gian làm bài các kỳ"),
    "total_elapsed": _l("Tổng thời gian mọi lượt thi của các kỳ"),
    "started": _l("Thời điểm bắt đầu làm bài ở kỳ cuối đã dự thi"),
    "submitted": _l("Thời điểm nộp ở kỳ cuối đã dự thi"),
    "attempts": _l("Tổng số lượt đã dùng"),
    "perfect_attempts": _l("Tổng số lượt đúng tất cả các câu"),
}


def criterion_text(step: str) -> tuple[Any, Any]:
    """(title, which value stands above) of a step of a chain, in the direction that the step gives it."""
    title, more, less = _CRITERIA[criterion_name(step)]
    return title, more if criterion(step).more_is_better else less


def chain_lines(chain: tuple[str, ...]) -> list[tuple[str, str]]:
    """[(criterion, direction), …] as components/rank.html `tie_chain` takes them."""
    return [(str(title), str(direction)) for title, direction in map(criterion_text, chain)]


def overall_chain_lines(chain: tuple[str, ...], how: Overall) -> list[tuple[str, str]]:
    """The same for the ranking of the whole contest."""
    lines = chain_lines(chain)
    if how is not Overall.SUM:
        return lines
    named = []
    for step, (title, direction) in zip(chain, lines, strict=True):
        name = criterion_name(step)
        if name == "all_correct":
            more = criterion(step).more_is_better
            direction = str(_l("nhiều hơn xếp trên") if more else _l("ít hơn xếp trên"))
            title = str(_l("Số kỳ đúng tất cả các câu"))
        named.append((str(_ADDED_UP.get(name, title)), direction))
    return named


# in the usual direction
CRITERION_TEXTS = {name: criterion_text(name) for name in _CRITERIA}

AUDIENCE_TEXTS = {
    DivisionAudience.ALL: _l("mọi người đủ điều kiện dự thi"),
    DivisionAudience.STAFF: _l("người đăng ký là cán bộ, công chức, viên chức, người lao động của cơ quan, đơn vị"),
    DivisionAudience.CITIZEN: _l("người đăng ký là người dân, kể cả học sinh, sinh viên"),
    DivisionAudience.STUDENT: _l("người đăng ký là học sinh, sinh viên, học viên"),
    DivisionAudience.FREE: _l("người dân không phải cán bộ, cũng không phải học sinh, sinh viên"),
}

BARRED_TEXTS = {
    Role.ORGANIZER: _l("thành viên Ban Tổ chức, Tổ Thư ký"),
    Role.JUDGE: _l("thành viên Ban Giám khảo"),
    Role.ADMIN: _l("người quản trị, vận hành phần mềm"),
    Role.UNIT_CONTACT: _l("đầu mối của đơn vị"),
    Role.COUNCIL_MEMBER: _l("thành viên hội đồng thi đua, khen thưởng"),
}

# (target, scope) of the prediction → the question that is asked
_QUESTIONS = {
    (Target.PEOPLE_ALL_CORRECT, Scope.ROUND): _l("Có bao nhiêu người trả lời đúng tất cả các câu hỏi của kỳ thi này?"),
    (Target.PEOPLE_ALL_CORRECT, Scope.CONTEST): _l("Trong cả cuộc thi, có bao nhiêu người trả lời đúng tất cả các câu hỏi?"),
    (Target.PEOPLE, Scope.ROUND): _l("Có bao nhiêu người dự kỳ thi này?"),
    (Target.PEOPLE, Scope.CONTEST): _l("Cả cuộc thi có bao nhiêu người dự thi?"),
    (Target.ATTEMPTS, Scope.ROUND): _l("Có bao nhiêu lượt dự kỳ thi này?"),
    (Target.ATTEMPTS, Scope.CONTEST): _l("Cả cuộc thi có bao nhiêu lượt dự thi?"),
}  # fmt: skip

# target of the prediction → what the truth is, with a gap for the scope
_TRUTHS = {
    Target.PEOPLE_ALL_CORRECT: _l("số người có ít nhất một lượt thi đúng tất cả các câu trong %(scope)s"),
    Target.PEOPLE: _l("số người có ít nhất một lượt thi trong %(scope)s"),
    Target.ATTEMPTS: _l("tổng số lượt thi trong %(scope)s, một người thi nhiều lượt được tính nhiều lần"),
}

SCOPE_TEXTS = {Scope.ROUND: _l("kỳ"), Scope.CONTEST: _l("cả cuộc thi")}


def question_text(prediction: Prediction) -> str:
    """The prediction question as people are asked it."""
    return str(_QUESTIONS[prediction.target, prediction.scope])


def truth_text(prediction: Prediction) -> str:
    """What the truth of a prediction is, as the thể lệ says it and as it is kept with the record of the truth."""
    return str(_TRUTHS[prediction.target]) % {"scope": SCOPE_TEXTS[prediction.scope]}


COUNTED_TEXTS = {
    Counted.BEST: _l("lượt có kết quả tốt nhất"),
    Counted.FIRST: _l("lượt đầu tiên"),
    Counted.LAST: _l("lượt cuối cùng"),
    Counted.BEST_EARLIEST: _l("lượt có điểm cao nhất, bằng điểm thì lượt nộp sớm nhất"),
    Counted.ONLY: _l("lượt thi duy nhất"),
}

RELEASE_TEXTS = {
    Release.AFTER_SUBMIT: _l("ngay sau khi nộp bài"),
    Release.AFTER_CLOSE: _l("sau khi kỳ thi đóng và mọi lượt thi đã kết thúc"),
    Release.AFTER_PUBLISH: _l("sau khi kết quả của kỳ được công bố"),
}

LUCKY_TEXTS = {
    LuckyAmong.EVERYBODY: _l("những người dự thi có kết quả hợp lệ"),
    LuckyAmong.ALL_CORRECT: _l("những người có ít nhất một lượt thi đúng tất cả các câu"),
    LuckyAmong.WITHOUT_PRIZE: _l("những người dự thi không thuộc diện được đề nghị trao giải khác"),
}

FORMULA_TEXTS = {
    Formula.PARTICIPANTS: _l("Số người dự thi"),
    Formula.WINNERS: _l("Số giải cá nhân"),
    Formula.ATTEMPTS: _l("Số lượt dự thi"),
    Formula.RATIO: _l("Tỷ lệ người dự thi"),
    Formula.AVERAGE: _l("Điểm trung bình của người dự thi"),
    Formula.RANK_POINTS: _l("Điểm xếp hạng theo các danh sách"),
    Formula.SUM: _l("Tỷ lệ dự thi cộng điểm giải cá nhân"),
    Formula.COMPOSITE: _l("Tổng hợp có trọng số, có Ban Giám khảo đánh giá"),
}

DENOMINATOR_TEXTS = {
    Denominator.HEADCOUNT: _l("tổng số người của đơn vị"),
    Denominator.OBLIGED: _l("số người thuộc diện bắt buộc dự thi của đơn vị"),
    Denominator.POPULATION: _l("dân số của địa bàn"),
}

# names in rules.collective.LISTS and TIE_BREAKS
MEASURE_TEXTS = {
    "participants": _l("số người dự thi"),
    "attempts": _l("số lượt dự thi"),
    "winners": _l("số giải cá nhân"),
    "score_sum": _l("tổng điểm của người dự thi"),
    "perfect": _l("số người đạt điểm tối đa"),
    "ratio": _l("tỷ lệ người dự thi"),
    "average": _l("điểm trung bình"),
}


def joined(parts: list[str]) -> str:
    """ "a, b và c"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s và %(last)s", first=", ".join(parts[:-1]), last=parts[-1])
