"""The thể lệ: the rule set as numbered sections of plain data, so that the words and the engine say the same.

Every option that can change a place is in the text; tests/contests/test_rules_text.py changes each and looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from quiz.access import Role
from quiz.contests.rule_set import DivisionAudience, DivisionPart, Prediction, RuleSet
from quiz.contests.topics import LEVEL_TEXTS, LEVELS, Titles
from quiz.formats import day, moment, number
from quiz.rules.clock import LateStart
from quiz.rules.counting import Counted
from quiz.rules.prediction import Target
from quiz.rules.tie_break import criterion, criterion_name
from quiz.rules.visibility import Release

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
    "elapsed": (
        _l("Thời gian làm bài"),
        _l("dài hơn xếp trên, đo bằng giờ máy chủ đến phần nghìn giây"),
        _l("ngắn hơn xếp trên, đo bằng giờ máy chủ đến phần nghìn giây"),
    ),
    "total_elapsed": (
        _l("Tổng thời gian mọi lượt thi"),
        _l("dài hơn xếp trên, đo bằng giờ máy chủ đến phần nghìn giây"),
        _l("ngắn hơn xếp trên, đo bằng giờ máy chủ đến phần nghìn giây"),
    ),
    "started": (_l("Thời điểm bắt đầu làm bài"), _l("muộn hơn xếp trên"), _l("sớm hơn xếp trên")),
    "submitted": (_l("Thời điểm nộp"), _l("muộn hơn xếp trên"), _l("sớm hơn xếp trên")),
    "registered": (_l("Thời điểm đăng ký"), _l("muộn hơn xếp trên"), _l("sớm hơn xếp trên")),
    "attempts": (_l("Số lượt đã dùng"), _l("nhiều hơn xếp trên"), _l("ít hơn xếp trên")),
    "perfect_attempts": (_l("Số lượt đúng tất cả các câu"), _l("nhiều hơn xếp trên"), _l("ít hơn xếp trên")),
}


def criterion_text(step: str) -> tuple[Any, Any]:
    """(title, which value stands above) of a step of a chain, in the direction that the step gives it."""
    title, more, less = _CRITERIA[criterion_name(step)]
    return title, more if criterion(step).more_is_better else less


# in the usual direction
CRITERION_TEXTS = {name: criterion_text(name) for name in _CRITERIA}

AUDIENCE_TEXTS = {
    DivisionAudience.ALL: _l("mọi người đủ điều kiện dự thi"),
    DivisionAudience.STAFF: _l("người đăng ký là cán bộ, công chức, viên chức, người lao động của cơ quan, đơn vị"),
    DivisionAudience.CITIZEN: _l("người đăng ký là người dân, kể cả học sinh, sinh viên"),
    DivisionAudience.STUDENT: _l("người đăng ký là học sinh, sinh viên, học viên"),
    DivisionAudience.FREE: _l("thí sinh tự do: người dân không phải cán bộ, cũng không phải học sinh, sinh viên"),
}

BARRED_TEXTS = {
    Role.ORGANIZER: _l("thành viên Ban Tổ chức, Tổ Thư ký"),
    Role.JUDGE: _l("thành viên Ban Giám khảo"),
    Role.ADMIN: _l("người quản trị, vận hành phần mềm"),
    Role.UNIT_CONTACT: _l("đầu mối của đơn vị"),
    Role.COUNCIL_MEMBER: _l("thành viên hội đồng thi đua, khen thưởng"),
}

# target of the prediction → (the question in the paper, what the truth is)
PREDICTION_TEXTS = {
    Target.PEOPLE_ALL_CORRECT: (
        _l("Có bao nhiêu người trả lời đúng tất cả các câu hỏi?"),
        _l("số người có ít nhất một lượt thi đúng tất cả các câu trong kỳ"),
    ),
    Target.PEOPLE: (_l("Có bao nhiêu người dự thi?"), _l("số người có ít nhất một lượt thi trong kỳ")),
    Target.ATTEMPTS: (
        _l("Có bao nhiêu lượt dự thi?"),
        _l("tổng số lượt thi trong kỳ, một người thi nhiều lượt được tính nhiều lần"),
    ),
}

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


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts; the first cell of a row heads it. figures: from which column on the cells are numbers."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: int = 1


@dataclass(frozen=True, slots=True)
class Chain:
    """The tie-break chain in order: (criterion, direction)."""

    lines: tuple[tuple[str, str], ...]


Block = str | Bullets | Table | Chain


@dataclass(frozen=True, slots=True)
class Section:
    number: int
    title: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        return f"m{self.number}"


def rules_text(rules: RuleSet, names: Titles) -> list[Section]:
    """The sections of the thể lệ, in the order such texts have; a paragraph is a str, or Markup where it holds moments."""
    writers = (
        (_("Tên gọi, đối tượng"), _audience(rules)),
        (_("Nội dung thi"), _content(rules, names)),
        (_("Cách thi"), _taking(rules)),
        (_("Cách xếp hạng"), _ranking(rules)),
        (_("Giải thưởng"), _prizes(rules)),
        (_("Công bố, khiếu nại"), _publication(rules)),
        (_("Vi phạm"), _violations()),
    )
    return [Section(i, title, tuple(blocks)) for i, (title, blocks) in enumerate(writers, 1)]


def chain_lines(chain: tuple[str, ...]) -> list[tuple[str, str]]:
    """[(criterion, direction), …] as components/rank.html `tie_chain` takes them."""
    return [(str(title), str(direction)) for title, direction in map(criterion_text, chain)]


def truth_text(prediction: Prediction) -> str:
    """What the truth of a prediction is, as the thể lệ says it and as it is kept with the record of the truth."""
    return str(PREDICTION_TEXTS[prediction.target][1])


def plain(sections: list[Section]) -> str:
    """All words of the sections, without mark-up."""
    return "\n".join(text for s in sections for block in (s.title, *s.blocks) for text in _words(block))


def _words(block: Block) -> Iterator[str]:
    match block:
        case Bullets(items):
            yield from (Markup(item).striptags() for item in items)
        case Table(caption, head, rows):
            yield from (caption, " | ".join(head))
            yield from (" | ".join(Markup(cell).striptags() for cell in row) for row in rows)
        case Chain(lines):
            yield from (f"{i}. {title}: {text}" for i, (title, text) in enumerate(lines, 1))
        case _:
            yield Markup(escape(block)).striptags()


def _say(text: Any, **values: object) -> Markup:
    """A sentence with %(name)s gaps; values are escaped unless they are Markup."""
    return Markup(escape(text)) % values


def _audience(rules: RuleSet) -> Iterator[Block]:
    contest = rules.contest
    yield _say(_("Cuộc thi mang tên “%(title)s”."), title=rules.title)
    if contest.min_age:
        yield _say(
            _("Người dự thi phải đủ %(age)s tuổi tính đến ngày %(day)s, ngày mở kỳ thi đầu tiên."),
            age=contest.min_age,
            day=day(rules.first_opens_at),
        )
    else:
        yield _("Cuộc thi không giới hạn tuổi.")
    if len(rules.divisions) == 1:
        only = rules.divisions[0]
        yield _say(_("Cuộc thi có một bảng, “%(name)s”, dành cho %(audience)s."), **_division(only))
    else:
        yield _say(_("Mỗi người dự thi ở đúng một trong %(n)s bảng:"), n=len(rules.divisions))
        yield Bullets(tuple(_say(_("%(name)s: %(audience)s."), **_division(d)) for d in rules.divisions))
    if contest.barred_roles:
        yield _say(_("Không dự thi: %(who)s."), who="; ".join(str(BARRED_TEXTS[role]) for role in contest.barred_roles))
    yield _("Họ tên, ngày sinh, đơn vị hoặc nơi ở được giữ đúng như lúc đăng ký và dùng để công nhận kết quả.")


def _division(division: DivisionPart) -> dict[str, str]:
    return {"name": division.name, "audience": str(AUDIENCE_TEXTS[division.rules.audience])}


def _content(rules: RuleSet, names: Titles) -> Iterator[Block]:
    banks = dict.fromkeys(names.bank(cell.bank) for d in rules.divisions for cell in d.rules.blueprint)
    yield _say(_("Câu hỏi rút từ: %(banks)s."), banks="; ".join(banks))
    yield _say(
        _(
            "Nội dung pháp luật tính đến ngày %(day)s: đề thi chỉ dùng câu hỏi có căn cứ đang có hiệu lực và không có "
            "nghi vấn vào ngày đó, kể cả khi kỳ thi diễn ra vào ngày khác."
        ),
        day=day(rules.law_date),
    )
    cells = [cell for d in rules.divisions for cell in d.rules.blueprint]
    asked = {cell.level for cell in cells}
    levels = [level for level in (*LEVELS, None) if level in asked] if asked != {None} else []
    heads = [str(LEVEL_TEXTS[level]).removeprefix("mức ").capitalize() for level in levels]
    several = len({cell.bank for cell in cells}) > 1
    for division in rules.divisions:
        counts: dict[tuple[str, str], dict[int | None, int]] = {}
        for cell in division.rules.blueprint:
            row = counts.setdefault((cell.bank, cell.topic), {})
            row[cell.level] = row.get(cell.level, 0) + cell.count
        rows = tuple(
            (
                names.topic(*key) + (f" ({names.bank(key[0])})" if several else ""),
                *(number(row[level]) if level in row else "–" for level in levels),
                number(sum(row.values())),
            )
            for key, row in counts.items()
        )
        yield Table(_("Ma trận đề của %(name)s", name=division.name), (_("Chủ đề"), *heads, _("Số câu")), rows)


def _taking(rules: RuleSet) -> Iterator[Block]:
    contest = rules.contest
    rounds = tuple((r.name, moment(r.opens_at), moment(r.closes_at)) for r in rules.rounds)
    yield Table(_("Lịch thi"), (_("Kỳ thi"), _("Mở lúc"), _("Đóng lúc")), rounds, figures=3)
    yield _("Giờ là giờ Việt Nam, theo đồng hồ máy chủ. Đúng giờ đóng thì không bắt đầu được lượt mới.")
    yield Bullets(tuple(_paper(rules, d) for d in rules.divisions))
    yield _(
        "Câu có nhiều phương án đúng chỉ được điểm khi chọn đủ các phương án đúng và không chọn thừa; câu sắp xếp, câu ghép "
        "đôi chỉ được điểm khi đúng toàn bộ. Riêng câu ghi “chấm từng phần” được số điểm theo tỷ lệ phần đúng, làm tròn xuống; "
        "chọn sai một phương án thì bớt đi một phương án chọn đúng. Câu sai hoặc bỏ trống không bị trừ điểm."
    )
    yield _(
        "Câu trả lời phải gõ: chữ hoa, chữ thường và dấu câu ở hai đầu không kể, dấu tiếng Việt phải đúng; số được lệch trong "
        "khoảng mà đáp án cho phép."
    )
    yield _say(
        _(
            "Thời gian làm bài là %(minutes)s phút. Hết giờ, máy chủ tự nộp những câu đã lưu. Đóng trang không dừng đồng hồ."
        ),
        minutes=contest.minutes,
    )
    if contest.grace_s:
        yield _say(
            _("Câu trả lời đã gửi trước khi hết giờ nhưng đến máy chủ chậm không quá %(s)s giây vẫn được nhận."),
            s=contest.grace_s,
        )
    else:
        yield _("Câu trả lời đến máy chủ sau khi hết giờ không được nhận.")
    yield _late_start(rules)
    if contest.attempt_limit is None:
        yield _("Số lượt thi trong mỗi kỳ không giới hạn.")
    else:
        yield _say(
            _("Mỗi người thi tối đa %(n)s lượt trong mỗi kỳ. Một lượt được tính từ khi bấm Bắt đầu."),
            n=contest.attempt_limit,
        )
    if contest.prediction:
        question, truth = PREDICTION_TEXTS[contest.prediction.target]
        yield _say(
            _("Cuối đề có một câu dự đoán, không tính điểm: “%(question)s” Số thực tế là %(truth)s, cộng mọi bảng, chốt một "
              "lần sau khi kỳ thi đóng và đã loại các lượt vi phạm."),
            question=question, truth=truth,
        )  # fmt: skip


def _paper(rules: RuleSet, division: DivisionPart) -> Markup:
    points = rules.contest.points_per_item
    return _say(
        _("%(name)s: mỗi lượt %(items)s câu hỏi, rút ngẫu nhiên theo ma trận đề; mỗi câu đúng được %(points)s điểm, cao nhất %(top)s điểm."),
        name=division.name, items=division.rules.items, points=number(points), top=number(points * division.rules.items),
    )  # fmt: skip


def _late_start(rules: RuleSet) -> Markup:
    if rules.contest.late_start is LateStart.CUT:
        text = _("Bắt đầu muộn thì lượt thi kết thúc đúng giờ đóng của kỳ, dù chưa đủ %(minutes)s phút.")
    else:
        text = _("Bắt đầu trước giờ đóng của kỳ thì vẫn được làm đủ %(minutes)s phút, kể cả quá giờ đóng.")
    return _say(text, minutes=rules.contest.minutes)


def _ranking(rules: RuleSet) -> Iterator[Block]:
    contest = rules.contest
    if contest.attempt_limit == 1:
        yield _("Mỗi bảng xếp hạng riêng trong từng kỳ, theo lượt thi duy nhất của mỗi người.")
    else:
        yield _say(
            _("Mỗi bảng xếp hạng riêng trong từng kỳ. Người thi nhiều lượt được lấy %(counted)s."),
            counted=COUNTED_TEXTS[contest.counted],
        )
        if contest.counted is Counted.BEST:
            yield _(
                "Lượt tốt nhất là lượt có điểm cao nhất; bằng điểm thì xét theo các tiêu chí dưới đây, trừ câu dự đoán; "
                "vẫn bằng nhau thì lấy lượt nộp sớm hơn."
            )
    yield _("Xét lần lượt từng tiêu chí, chỉ xét tiêu chí sau khi các tiêu chí trước bằng nhau:")
    yield Chain(tuple(chain_lines(contest.chain)))
    if "elapsed" in contest.chain:
        yield _("Thời gian làm bài tính từ lúc bắt đầu đến lúc nộp, nhiều nhất là đến hết giờ làm bài.")
    yield _(
        "Bằng nhau ở tất cả các tiêu chí thì đồng hạng. Khi số người đồng hạng nhiều hơn số giải còn lại, "
        "Ban Tổ chức quyết định và ghi rõ lý do."
    )


def _prizes(rules: RuleSet) -> Iterator[Block]:
    given = [d for d in rules.divisions if d.rules.prizes]
    if not given:
        yield _("Thể lệ này không đặt giải thưởng.")
    elif len(rules.rounds) > 1:
        yield _("Giải trao cho từng bảng trong mỗi kỳ, xét từ trên xuống theo thứ hạng.")
    else:
        yield _("Giải trao cho từng bảng, xét từ trên xuống theo thứ hạng.")
    for division in given:
        rows = tuple(
            (tier.name, number(tier.quota), _("%(amount)s đồng", amount=number(tier.amount)) if tier.amount else "–")
            for tier in division.rules.prizes
        )
        yield Table(
            _("Giải thưởng của %(name)s", name=division.name), (_("Giải"), _("Số giải"), _("Mức thưởng mỗi giải")), rows
        )


def _publication(rules: RuleSet) -> Iterator[Block]:
    contest = rules.contest
    if contest.score_release is Release.NEVER:
        yield _("Điểm của từng lượt không hiện cho người dự thi; kết quả xem ở danh sách được công bố.")
    else:
        yield _say(_("Người dự thi xem điểm của mình %(when)s."), when=RELEASE_TEXTS[contest.score_release])
    if contest.review_release is Release.NEVER:
        yield _("Đáp án và giải thích của từng câu không công bố.")
    else:
        yield _say(
            _("Đáp án, giải thích và căn cứ của từng câu mở cho người dự thi %(when)s."),
            when=RELEASE_TEXTS[contest.review_release],
        )
    yield from _board(contest.board_release, contest.prediction is not None)
    yield _say(
        _("Kết quả công bố tại trang này trong %(days)s ngày kể từ khi kỳ thi đóng, gồm họ tên và đơn vị hoặc nơi ở."),
        days=contest.announce_days,
    )
    if contest.complaint_days:
        yield _say(
            _("Khiếu nại gửi Ban Tổ chức trong %(days)s ngày kể từ khi công bố kết quả."), days=contest.complaint_days
        )
    yield _(
        "Khi mở cuộc thi, danh sách câu hỏi được rút và một mã bí mật của mỗi kỳ được chốt, dấu niêm phong của chúng được công "
        "bố; sau khi kỳ thi kết thúc, mã bí mật được mở để ai cũng kiểm tra được là không có gì bị đổi."
    )


def _board(release: Release, predicts: bool) -> Iterator[Block]:
    match release:
        case Release.NEVER:
            yield _("Bảng xếp hạng không công bố; chỉ công bố danh sách đạt giải.")
        case Release.AFTER_SUBMIT:
            yield _("Bảng xếp hạng tạm thời công khai ngay từ khi kỳ thi mở, chậm vài giây so với lúc nộp bài.")
        case _:
            yield _say(_("Bảng xếp hạng công khai %(when)s."), when=RELEASE_TEXTS[release])
    if predicts and release in (Release.AFTER_SUBMIT, Release.AFTER_CLOSE):
        yield _("Bảng xếp hạng tạm thời chưa xét câu dự đoán, vì số thực tế chỉ có sau khi chốt.")


def _violations() -> Iterator[Block]:
    yield _(
        "Dùng thông tin của người khác, thi hộ, nhờ thi hộ, lập nhiều tài khoản, can thiệp vào phần mềm: lượt thi vi phạm bị "
        "hủy, có ghi lý do."
    )
    yield _("Lượt bị hủy không được xếp hạng và không tính vào số thực tế của câu dự đoán.")
