"""The thể lệ: the rule set as numbered sections of plain data, so that the words and the engine say the same.

Every option that can change a place is in the text; tests/contests/test_rules_text.py changes each and looks. Each rule is
a piece by itself: the builder shows it beside the fields that make it, the sections put all of them in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from flask_babel import gettext as _
from markupsafe import Markup, escape

from quiz.accounts.places import provinces
from quiz.contests.collective_text import collective_texts, headcount_texts
from quiz.contests.hours import WEEKDAYS, hours_text
from quiz.contests.rule_set import (
    ESSAY_LEVEL,
    Blueprint,
    BlueprintCell,
    ContestRules,
    DivisionPart,
    RoundPart,
    RuleSet,
    Tiers,
)
from quiz.contests.rule_words import (
    AUDIENCE_TEXTS,
    BARRED_TEXTS,
    COUNTED_TEXTS,
    CRITERION_TEXTS,
    LUCKY_TEXTS,
    RELEASE_TEXTS,
    SCOPE_TEXTS,
    chain_lines,
    criterion_text,
    joined,
    overall_chain_lines,
    question_text,
    truth_text,
)
from quiz.contests.topics import LEVEL_TEXTS, LEVELS, Titles
from quiz.formats import day, moment, number
from quiz.rules.clock import Consumed, LateStart
from quiz.rules.counting import Counted, Overall
from quiz.rules.prediction import Placement, Scope, Use
from quiz.rules.tie_break import criterion_name
from quiz.rules.visibility import Release

# the words of contests.rule_words that other domains use belong to the thể lệ too
__all__ = [
    "AUDIENCE_TEXTS",
    "BARRED_TEXTS",
    "COUNTED_TEXTS",
    "CRITERION_TEXTS",
    "RELEASE_TEXTS",
    "Block",
    "Bullets",
    "Chain",
    "Heading",
    "Section",
    "Table",
    "area_name",
    "attempts_line",
    "chain_lines",
    "criterion_text",
    "limits_text",
    "one_attempt",
    "pieces",
    "plain",
    "question_text",
    "rules_text", "top_mark",
    "truth_text",
    "words_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """A subject within a section."""

    heading: str


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


Block = str | Heading | Bullets | Table | Chain

T = TypeVar("T")

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII")


@dataclass(frozen=True, slots=True)
class Section:
    number: int
    title: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        return f"m{self.number}"

    @property
    def roman(self) -> str:
        return _ROMAN[self.number - 1]


def pieces(rules: RuleSet, names: Titles) -> dict[str, list[Block]]:
    """What the thể lệ says of each subject; a paragraph is a str, or Markup where it holds moments."""
    writers = {
        "title": _title(rules),
        "area": _area(rules.contest),
        "age": _age(rules),
        "divisions": _divisions(rules),
        "barred": _barred(rules.contest),
        "identity": _identity(),
        "content": _content(rules, names),
        "matrix": _matrices(rules, names),
        "pool": _pool(rules),
        "registration": _registration(),
        "papers": _papers(rules),
        "marking": _marking(rules),
        "minutes": _minutes(rules),
        "late_start": _late_start(rules),
        "limits": _limits(rules),
        "prediction": _prediction(rules),
        "schedule": _schedule(rules),
        "counted": _counted(rules),
        "chain": _chain(rules),
        "overall": _overall(rules),
        "ties": _ties(),
        "prizes": _prizes(rules),
        "conditions": _conditions(rules),
        "lucky": _lucky(rules),
        "collective": _collective(rules),
        "score": _score(rules.contest),
        "review": _review(rules.contest),
        "board": _board(rules.contest),
        "announcement": _announcement(rules.contest),
        "signing": _signing(rules.contest),
        "checking": _checking(rules.contest),
        "complaints": _complaints(rules.contest),
        "seal": _seal(),
        "violations": _violations(rules.contest),
    }
    return {name: list(blocks) for name, blocks in writers.items()}


# Section → its subjects, each with the pieces that make it; a subject without a title has no heading.
def _order() -> list[tuple[str, list[tuple[str, list[str]]]]]:
    return [
        (_("Tên gọi, phạm vi, đối tượng"), [("", ["title", "area", "age", "divisions", "barred", "identity"])]),
        (_("Nội dung thi"), [("", ["content", "matrix", "pool"])]),
        (
            _("Hình thức, đăng ký, cách thi"),
            [
                (_("Đăng ký"), ["registration"]),
                (_("Đề thi và cách chấm"), ["papers", "marking"]),
                (_("Thời gian làm bài, số lượt"), ["minutes", "late_start", "limits"]),
                (_("Câu dự đoán"), ["prediction"]),
            ],
        ),
        (_("Thời gian"), [("", ["schedule"])]),
        (
            _("Cơ cấu giải, cách xét"),
            [
                (_("Kết quả được tính"), ["counted"]),
                (_("Thứ tự xét hạng"), ["chain", "ties"]),
                (_("Xếp hạng chung cuộc"), ["overall"]),
                (_("Giải cá nhân"), ["prizes", "conditions"]),
                (_("Bốc thăm may mắn"), ["lucky"]),
                (_("Giải tập thể"), ["collective"]),
            ],
        ),
        (
            _("Công bố, khiếu nại"),
            [("", ["score", "review", "board", "signing", "announcement", "complaints", "checking", "seal"])],
        ),
        (_("Xử lý vi phạm"), [("", ["violations"])]),
    ]


def rules_text(rules: RuleSet, names: Titles) -> list[Section]:
    """The sections of the thể lệ, in the order such texts have (facts/contest-practice.md §3, step 3)."""
    said = pieces(rules, names)
    sections = []
    for n, (title, subjects) in enumerate(_order(), 1):
        blocks: list[Block] = []
        headed = 0
        for heading, keys in subjects:
            found = [block for key in keys for block in said[key]]
            if heading and found:
                headed += 1
                blocks.append(Heading(f"{headed}. {heading}"))
            blocks += found
        sections.append(Section(n, title, tuple(blocks)))
    return sections


def plain(sections: list[Section]) -> str:
    """All words of the sections, without mark-up."""
    return "\n".join(text for s in sections for block in (s.title, *s.blocks) for text in words_of(block))


def words_of(block: Block) -> Iterator[str]:
    """The lines of a block, without mark-up."""
    match block:
        case Heading(text):
            yield text
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


# I. Who


def _title(rules: RuleSet) -> Iterator[Block]:
    yield _say(_("Cuộc thi mang tên “%(title)s”."), title=rules.title)


def _area(contest: ContestRules) -> Iterator[Block]:
    if not contest.areas:
        yield _("Cuộc thi không giới hạn nơi ở của người dự thi.")
        return
    named = [area_name(code) for code in contest.areas]
    yield _say(
        _(
            "Phạm vi: người đang sinh sống tại %(areas)s, hoặc đang công tác, học tập tại cơ quan, đơn vị có tên trong danh "
            "sách đơn vị của cuộc thi."
        ),
        areas=joined(named),
    )


def area_name(code: int) -> str:
    """ "tỉnh Tây Ninh", "Thành phố Hồ Chí Minh"."""
    name = provinces().get(code, str(code))
    return name if name.startswith("Thành phố") else _("tỉnh %(name)s", name=name)


def _age(rules: RuleSet) -> Iterator[Block]:
    low, high, first = rules.contest.min_age, rules.contest.max_age, day(rules.first_opens_at)
    if low and high is not None:
        text = _(
            "Người dự thi từ đủ %(low)s tuổi đến hết %(high)s tuổi (chưa đủ %(over)s tuổi), tính đến ngày %(day)s là ngày mở kỳ thi "
            "đầu tiên."
        )
    elif low:
        text = _("Người dự thi phải từ đủ %(low)s tuổi trở lên, tính đến ngày %(day)s là ngày mở kỳ thi đầu tiên.")
    elif high is not None:
        text = _(
            "Người dự thi đến hết %(high)s tuổi (chưa đủ %(over)s tuổi), tính đến ngày %(day)s là ngày mở kỳ thi đầu tiên."
        )
    else:
        text = _("Cuộc thi không giới hạn tuổi.")
    yield _say(text, low=low, high=high, over=(high or 0) + 1, day=first)


def _divisions(rules: RuleSet) -> Iterator[Block]:
    if len(rules.divisions) == 1:
        only = rules.divisions[0]
        yield _say(_("Cuộc thi có một bảng, “%(name)s”, dành cho %(audience)s."), **_division(only))
    else:
        yield _say(_("Mỗi người dự thi ở đúng một trong %(n)s bảng:"), n=len(rules.divisions))
        yield Bullets(tuple(_say(_("%(name)s: %(audience)s."), **_division(d)) for d in rules.divisions))


def _division(division: DivisionPart) -> dict[str, str]:
    return {"name": division.name, "audience": str(AUDIENCE_TEXTS[division.rules.audience])}


def _barred(contest: ContestRules) -> Iterator[Block]:
    who = [str(BARRED_TEXTS[role]) for role in contest.barred_roles]
    if contest.bars_authors:
        who.append(_("người biên soạn, thẩm định câu hỏi của cuộc thi"))
    if who:
        yield _say(_("Không được dự thi: %(who)s."), who="; ".join(who))
    if contest.bars_relatives:
        yield _(
            "Vợ, chồng, cha, mẹ, con, anh, chị, em ruột của người làm nhiệm vụ cho cuộc thi không được dự thi. Khi đăng ký, "
            "người dự thi cam đoan mình không thuộc trường hợp này và chịu trách nhiệm về lời cam đoan."
        )


def _identity() -> Iterator[Block]:
    yield _("Họ tên, ngày sinh, đơn vị hoặc nơi ở được giữ đúng như lúc đăng ký và dùng để công nhận kết quả.")


# II. What about


def _content(rules: RuleSet, names: Titles) -> Iterator[Block]:
    banks = dict.fromkeys(names.bank(cell.bank) for cell in _all_cells(rules))
    yield _say(_("Câu hỏi rút từ: %(banks)s."), banks="; ".join(banks))
    yield _say(
        _(
            "Nội dung pháp luật tính đến ngày %(day)s: đề thi chỉ dùng câu hỏi có căn cứ đang có hiệu lực và không có "
            "nghi vấn vào ngày đó, kể cả khi kỳ thi diễn ra vào ngày khác."
        ),
        day=day(rules.law_date),
    )


def _all_cells(rules: RuleSet) -> list[BlueprintCell]:
    blueprints = [d.rules.blueprint for d in rules.divisions]
    blueprints += [b for r in rules.rounds for b in r.rules.blueprints.values()]
    return [cell for blueprint in blueprints for cell in blueprint]


def _matrices(rules: RuleSet, names: Titles) -> Iterator[Block]:
    several = len({cell.bank for cell in _all_cells(rules)}) > 1
    for whom, blueprint in _alike(rules, [(d, d.rules.blueprint) for d in rules.divisions]):
        yield _matrix(_("Ma trận đề của %(whom)s", whom=whom), blueprint, names, several)
    for r in rules.rounds:
        own = [(d, r.rules.blueprints[d.code]) for d in rules.divisions if d.code in r.rules.blueprints]
        for whom, blueprint in _alike(rules, own):
            yield _matrix(_("Ma trận đề của %(whom)s ở %(round)s", whom=whom, round=r.name), blueprint, names, several)


def _alike(rules: RuleSet, parts: Iterable[tuple[DivisionPart, T]]) -> list[tuple[str, T]]:
    """[(whose, what), …]: what several divisions have alike is said once."""
    groups: dict[T, list[str]] = {}
    for division, what in parts:
        groups.setdefault(what, []).append(division.name)
    everybody = len(rules.divisions)
    if everybody == 1:
        return [(names[0], what) for what, names in groups.items()]
    return [(_("mỗi bảng") if len(names) == everybody else joined(names), what) for what, names in groups.items()]


def _matrix(caption: str, blueprint: Blueprint, names: Titles, several: bool) -> Table:
    asked = {cell.level for cell in blueprint}
    levels = [level for level in (*LEVELS, None, ESSAY_LEVEL) if level in asked] if asked != {None} else []
    heads = [_level_head(level) for level in levels]
    counts: dict[tuple[str, str], dict[int | None, int]] = {}
    for cell in blueprint:
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
    return Table(caption, (_("Chủ đề"), *heads, _("Số câu")), rows)


def _level_head(level: int | None) -> str:
    return str(LEVEL_TEXTS[level]).removeprefix("mức ").capitalize()


def _pool(rules: RuleSet) -> Iterator[Block]:
    if len(rules.rounds) == 1:
        return
    if rules.contest.split_pool:
        yield _(
            "Ngân hàng câu hỏi được chia trước cho các kỳ: câu hỏi đã dành cho kỳ này không dùng lại ở kỳ khác. Việc chia do "
            "phần mềm thực hiện khi mở cuộc thi và được niêm phong cùng danh sách câu hỏi."
        )
    else:
        yield _("Các kỳ rút đề từ cùng một ngân hàng câu hỏi, nên câu hỏi của kỳ trước có thể gặp lại ở kỳ sau.")


# III. How


def _registration() -> Iterator[Block]:
    yield _(
        "Thi trực tuyến tại trang này. Mỗi người dùng một tài khoản của chính mình và đăng ký một lần cho cả cuộc thi; thông "
        "tin đã đăng ký không đổi được."
    )


def _papers(rules: RuleSet) -> Iterator[Block]:
    yield Bullets(tuple(_paper_lines(rules)))


def _paper_lines(rules: RuleSet) -> Iterator[Markup]:
    for whom, paper in _alike(rules, [(d, _paper(rules, d.rules.blueprint)) for d in rules.divisions]):
        yield _say(_("%(whom)s: %(paper)s."), whom=_capital(whom), paper=paper)
    for r in rules.rounds:
        own = [(d, _paper(rules, r.rules.blueprints[d.code])) for d in rules.divisions if d.code in r.rules.blueprints]
        for whom, paper in _alike(rules, own):
            yield _say(_("%(whom)s ở %(round)s: %(paper)s."), whom=_capital(whom), round=r.name, paper=paper)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _paper(rules: RuleSet, blueprint: Blueprint) -> str:
    contest = rules.contest
    items = sum(cell.count for cell in blueprint if cell.level != ESSAY_LEVEL)
    essays = sum(cell.count for cell in blueprint if cell.level == ESSAY_LEVEL)
    parts = []
    if items:
        parts.append(_("%(n)s câu hỏi", n=number(items)))
    if essays:
        parts.append(_("%(n)s bài tự luận", n=number(essays)))
    text = _("mỗi lượt %(parts)s, rút ngẫu nhiên theo ma trận đề", parts=joined(parts))
    top = top_mark(contest, blueprint)
    return text if top is None else _("%(text)s; điểm cao nhất %(top)s", text=text, top=number(top))


def top_mark(contest: ContestRules, blueprint: Blueprint) -> int | None:
    """The full mark of a paper; None where it depends on what is drawn."""
    top = 0
    for cell in blueprint:
        if cell.level == ESSAY_LEVEL:
            top += contest.essay_points * cell.count
        elif contest.level_points is None:
            top += contest.points_per_item * cell.count
        elif cell.level is None:
            return None
        else:
            top += contest.level_points.by_level[cell.level] * cell.count
    return top


def _marking(rules: RuleSet) -> Iterator[Block]:
    contest = rules.contest
    has_items = any(cell.level != ESSAY_LEVEL for cell in _all_cells(rules))
    if has_items:
        yield from _marking_of_items(contest)
    if rules.has_essays:
        yield _say(
            _("Mỗi bài tự luận được nhiều nhất %(points)s điểm, do Ban Giám khảo chấm."),
            points=number(contest.essay_points),
        )
        if contest.essay_judges == 2:
            yield _say(
                _(
                    "Mỗi bài do hai giám khảo được bốc thăm chấm độc lập, không biết tên người dự thi và điểm của nhau; điểm bài "
                    "là trung bình cộng, lẻ nửa điểm thì làm tròn lên. Khi hai điểm lệch quá %(percent)s%% điểm tối đa, giám khảo thứ ba được "
                    "bốc thăm chấm độc lập và điểm bài là trung bình cộng của hai điểm gần nhau nhất (điểm ở giữa, nếu hai khoảng cách "
                    "bằng nhau); không còn giám khảo thứ ba thì trưởng ban chấm quyết định."
                ),
                percent=contest.essay_spread_percent,
            )
        if contest.essay_rubric:
            yield _say(
                _("Phiếu điểm: %(parts)s."),
                parts="; ".join(
                    _("%(name)s %(points)s điểm", name=c.name, points=number(c.points)) for c in contest.essay_rubric
                ),
            )
        yield _("Bài dài quá số từ đề cho vẫn nộp được; giám khảo được báo số từ khi chấm.")
        if has_items:
            yield _("Điểm bài thi là tổng điểm các câu và điểm bài tự luận.")


def _marking_of_items(contest: ContestRules) -> Iterator[Block]:
    if contest.level_points is None:
        yield _say(_("Mỗi câu đúng được %(points)s điểm."), points=number(contest.points_per_item))
    else:
        by_level = contest.level_points.by_level
        each = [
            _("câu %(level)s được %(points)s điểm", level=LEVEL_TEXTS[n], points=number(by_level[n])) for n in LEVELS
        ]
        yield _say(_("Điểm theo mức của câu hỏi: %(each)s."), each="; ".join(each))
    if contest.all_or_nothing:
        yield _(
            "Mỗi câu chỉ được điểm khi đúng toàn bộ, không chấm từng phần: câu có nhiều phương án đúng phải chọn đủ và không "
            "chọn thừa; câu sắp xếp, câu ghép đôi phải đúng tất cả. Câu sai hoặc bỏ trống không bị trừ điểm."
        )
    else:
        yield _(
            "Câu có nhiều phương án đúng chỉ được điểm khi chọn đủ các phương án đúng và không chọn thừa; câu sắp xếp, câu ghép "
            "đôi chỉ được điểm khi đúng toàn bộ. Riêng câu ghi “chấm từng phần” được số điểm theo tỷ lệ phần đúng, làm tròn xuống; "
            "chọn sai một phương án thì bớt đi một phương án chọn đúng. Câu sai hoặc bỏ trống không bị trừ điểm."
        )
    yield _(
        "Câu trả lời tự gõ không phân biệt chữ hoa, chữ thường và dấu câu ở hai đầu, nhưng dấu tiếng Việt phải đúng; câu trả lời "
        "bằng số được lệch trong khoảng mà đáp án cho phép."
    )


def _minutes(rules: RuleSet) -> Iterator[Block]:
    contest = rules.contest
    yield _say(
        _(
            "Thời gian làm bài là %(minutes)s phút. Hết giờ, máy chủ tự nộp những câu đã lưu. Đóng trang không dừng đồng hồ."
        ),
        minutes=contest.minutes,
    )
    for r in rules.rounds:
        if r.rules.minutes is not None:
            yield _say(_("Riêng %(round)s: %(minutes)s phút."), round=r.name, minutes=r.rules.minutes)
    if contest.grace_s:
        yield _say(
            _("Câu trả lời đã gửi trước khi hết giờ nhưng đến máy chủ chậm không quá %(s)s giây vẫn được nhận."),
            s=contest.grace_s,
        )
    else:
        yield _("Câu trả lời đến máy chủ sau khi hết giờ không được nhận.")


def _late_start(rules: RuleSet) -> Iterator[Block]:
    if rules.contest.late_start is LateStart.FULL:
        yield _("Bắt đầu trước giờ đóng của kỳ thì vẫn được làm đủ thời gian, kể cả quá giờ đóng.")
    elif any(r.rules.hours for r in rules.rounds):
        yield _(
            "Bắt đầu muộn thì lượt thi kết thúc đúng giờ đóng của kỳ hoặc giờ nghỉ trong ngày, dù chưa đủ thời gian làm bài."
        )
    else:
        yield _("Bắt đầu muộn thì lượt thi kết thúc đúng giờ đóng của kỳ, dù chưa đủ thời gian làm bài.")


def limits_text(contest: ContestRules) -> str:
    """How many attempts a person has, in one sentence."""
    limits = []
    if contest.attempt_limit is not None:
        limits.append(_("%(n)s lượt trong mỗi kỳ", n=contest.attempt_limit))
    if contest.week_limit is not None:
        limits.append(_("%(n)s lượt trong mỗi tuần", n=contest.week_limit))
    if contest.total_limit is not None:
        limits.append(_("%(n)s lượt trong cả cuộc thi", n=contest.total_limit))
    if not limits:
        return _("Số lượt thi của mỗi người không giới hạn.")
    return _("Mỗi người thi tối đa %(limits)s.", limits=joined(limits))


def attempts_line(rules: RuleSet) -> str:
    """ "2 lượt mỗi kỳ, lấy lượt có kết quả tốt nhất", for a list of facts."""
    c = rules.contest
    limits = [
        text
        for n, text in (
            (c.attempt_limit, _("%(n)s lượt mỗi kỳ", n=c.attempt_limit)),
            (c.week_limit, _("%(n)s lượt mỗi tuần", n=c.week_limit)),
            (c.total_limit, _("%(n)s lượt cả cuộc thi", n=c.total_limit)),
        )
        if n is not None
    ]
    said = ", ".join(limits) or _("Không giới hạn")
    return (
        said if one_attempt(rules) else _("%(limits)s, lấy %(counted)s", limits=said, counted=COUNTED_TEXTS[c.counted])
    )


def _limits(rules: RuleSet) -> Iterator[Block]:
    contest = rules.contest
    yield limits_text(contest)
    for r in rules.rounds:
        if r.rules.attempt_limit is not None:
            yield _say(_("Riêng %(round)s: tối đa %(n)s lượt."), round=r.name, n=r.rules.attempt_limit)
    if contest.week_limit is not None:
        starts = contest.week_starts
        yield _say(
            _("Tuần tính từ %(at)s %(weekday)s đến trước %(at)s %(weekday)s tuần sau."),
            at=starts.at,
            weekday=WEEKDAYS[starts.weekday],
        )
    if contest.consumed is Consumed.AT_START:
        yield _(
            "Một lượt được tính từ khi bấm Bắt đầu: thoát ra, đóng trang hay mất mạng đều không được trả lại lượt, nhưng còn thời gian thì mở lại làm tiếp được."
        )
    else:
        yield _(
            "Một lượt chỉ được tính khi nộp bài, hoặc khi hết giờ và máy chủ tự nộp. Trước khi hết giờ, người dự thi có thể bỏ lượt "
            "đang làm mà không mất lượt."
        )


def _prediction(rules: RuleSet) -> Iterator[Block]:
    prediction = rules.contest.prediction
    if prediction is None:
        return
    if prediction.placement is Placement.IN_PAPER:
        text = _("Cuối đề có một câu dự đoán, không tính điểm, trả lời trong thời gian làm bài: “%(question)s”")
    else:
        text = _(
            "Sau khi nộp bài, người dự thi trả lời một câu dự đoán, không tính điểm và ngoài thời gian làm bài: “%(question)s”"
        )
    yield _say(text, question=question_text(prediction))
    if prediction.scope is Scope.ROUND:
        yield _say(
            _("Số thực tế là %(truth)s, cộng mọi bảng, chốt một lần sau khi kỳ thi đóng và đã loại các lượt vi phạm."),
            truth=truth_text(prediction),
        )
        yield _("Dự đoán được xét là dự đoán của lượt thi được lấy kết quả.")
    else:
        yield _say(
            _(
                "Số thực tế là %(truth)s, cộng mọi bảng, chốt một lần sau khi kỳ thi cuối đóng và đã loại các lượt vi phạm."
            ),
            truth=truth_text(prediction),
        )
        if rules.contest.overall.how is Overall.SUM:
            yield _("Dự đoán được xét là dự đoán của lượt thi được lấy kết quả ở kỳ cuối mà người đó dự thi.")
        else:
            yield _("Dự đoán được xét là dự đoán của lượt thi được lấy kết quả chung cuộc.")
    if prediction.use is Use.CRITERION:
        yield _("Độ lệch giữa dự đoán và số thực tế là một tiêu chí xét hạng.")
        return
    text = _(
        "Độ lệch giữa dự đoán và số thực tế là một tiêu chí xét hạng; đồng thời chỉ người trả lời đúng tất cả các câu và có "
        "dự đoán mới được xét giải %(scope)s."
    )
    if prediction.max_gap == 0:
        text = _(
            "Độ lệch giữa dự đoán và số thực tế là một tiêu chí xét hạng; đồng thời chỉ người trả lời đúng tất cả các câu và "
            "dự đoán đúng số thực tế mới được xét giải %(scope)s."
        )
    elif prediction.max_gap is not None:
        text = _(
            "Độ lệch giữa dự đoán và số thực tế là một tiêu chí xét hạng; đồng thời chỉ người trả lời đúng tất cả các câu và "
            "dự đoán lệch không quá %(gap)s mới được xét giải %(scope)s."
        )
    scope = _("của kỳ") if prediction.scope is Scope.ROUND else _("chung cuộc")
    yield _say(text, scope=scope, gap=number(prediction.max_gap or 0))


# IV. When


def _schedule(rules: RuleSet) -> Iterator[Block]:
    has_periods = any(r.rules.period for r in rules.rounds)
    head = (_("Kỳ thi"), *([_("Đợt")] if has_periods else []), _("Mở lúc"), _("Đóng lúc"))
    rows = tuple(
        (r.name, *([r.rules.period or "–"] if has_periods else []), moment(r.opens_at), moment(r.closes_at))
        for r in rules.rounds
    )
    yield Table(_("Lịch thi"), head, rows, figures=len(head))
    yield _("Giờ là giờ Việt Nam, theo đồng hồ máy chủ. Kể từ giờ đóng, không bắt đầu được lượt thi mới.")
    yield from _daily_hours(rules)
    for r in rules.rounds:
        if r.rules.admission is not None:
            yield _admission(rules, r)


def _daily_hours(rules: RuleSet) -> Iterator[Block]:
    kinds = {r.rules.hours for r in rules.rounds}
    if len(kinds) == 1 and (hours := kinds.pop()) is not None:
        yield _say(_("Chỉ bắt đầu được lượt thi %(hours)s."), hours=hours_text(hours))
        return
    for r in rules.rounds:
        if r.rules.hours is not None:
            yield _say(
                _("%(round)s chỉ bắt đầu được lượt thi %(hours)s."), round=r.name, hours=hours_text(r.rules.hours)
            )


def _admission(rules: RuleSet, round_: RoundPart) -> Markup:
    admission = round_.rules.admission
    assert admission is not None
    named = {r.code: r.name for r in rules.rounds}
    return _say(
        _(
            "%(round)s chỉ dành cho %(quota)s người xếp đầu mỗi bảng ở mỗi kỳ sau đây, theo bảng kết quả đã công bố: %(rounds)s. "
            "Người đồng hạng với người cuối cùng cũng được vào; người đứng đầu nhiều kỳ chỉ tính là một người và không có người "
            "thay."
        ),
        round=round_.name,
        quota=number(admission.quota),
        rounds=joined([named.get(code, code) for code in admission.rounds]),
    )


# V. How it is decided


def _counted(rules: RuleSet) -> Iterator[Block]:
    contest = rules.contest
    if one_attempt(rules):
        yield _("Mỗi bảng xếp hạng riêng trong từng kỳ, theo lượt thi duy nhất của mỗi người.")
        return
    yield _say(
        _("Mỗi bảng xếp hạng riêng trong từng kỳ. Người thi nhiều lượt trong một kỳ được lấy %(counted)s."),
        counted=COUNTED_TEXTS[contest.counted],
    )
    if contest.counted is Counted.BEST and contest.prediction is not None:
        yield _(
            "Lượt tốt nhất là lượt có điểm cao nhất; bằng điểm thì xét theo các tiêu chí dưới đây, trừ câu dự đoán và những "
            "tiêu chí mà mọi lượt của một người đều như nhau; vẫn bằng nhau thì lấy lượt nộp sớm hơn."
        )
    elif contest.counted is Counted.BEST:
        yield _(
            "Lượt tốt nhất là lượt có điểm cao nhất; bằng điểm thì xét theo các tiêu chí dưới đây, trừ những tiêu chí mà mọi "
            "lượt của một người đều như nhau; vẫn bằng nhau thì lấy lượt nộp sớm hơn."
        )


def one_attempt(rules: RuleSet) -> bool:
    """Has nobody more than one attempt in any round?"""
    c = rules.contest
    least = min((n for n in (c.attempt_limit, c.week_limit, c.total_limit) if n is not None), default=None)
    if c.week_limit == least and c.attempt_limit != 1 and c.total_limit != 1:  # a round may hold several weeks
        return False
    own = [r.rules.attempt_limit for r in rules.rounds]
    return least == 1 and all(n in (None, 1) for n in own)


def _chain(rules: RuleSet) -> Iterator[Block]:
    contest = rules.contest
    yield _("Xét lần lượt từng tiêu chí, chỉ xét tiêu chí sau khi các tiêu chí trước bằng nhau:")
    yield Chain(tuple(chain_lines(contest.chain)))
    yield from _elapsed(contest.chain)


def _elapsed(chain: Iterable[str]) -> Iterator[Block]:
    names = {criterion_name(step) for step in chain}
    if "elapsed" in names:
        yield _("Thời gian làm bài tính từ lúc bắt đầu đến lúc nộp, nhiều nhất là đến hết giờ làm bài.")
    if "total_elapsed" in names:
        yield _("Tổng thời gian mọi lượt thi cộng cả những lượt không được lấy kết quả, trừ lượt bị hủy.")


def _overall(rules: RuleSet) -> Iterator[Block]:
    overall = rules.contest.overall
    match overall.how:
        case Overall.NONE:
            return
        case Overall.SUM:
            yield _(
                "Mỗi bảng còn được xếp hạng chung cuộc: cộng kết quả được tính của các kỳ mà mỗi người đã dự thi; kỳ không dự "
                "thi không có điểm. Xét lần lượt:"
            )
        case Overall.BEST:
            yield _(
                "Mỗi bảng còn được xếp hạng chung cuộc theo kỳ có kết quả tốt nhất của mỗi người: kỳ có điểm cao nhất, bằng điểm "
                "thì theo các tiêu chí sau. Xét lần lượt:"
            )
    yield Chain(tuple(overall_chain_lines(overall.chain, overall.how)))


def _ties() -> Iterator[Block]:
    yield _(
        "Bằng nhau ở tất cả các tiêu chí thì đồng hạng và cùng được giải của hạng đó. Khi số người đồng hạng nhiều hơn số giải "
        "còn lại, Ban Tổ chức quyết định trao chung hoặc bốc thăm và ghi rõ lý do. Bốc thăm bằng một dãy số công khai có sau "
        "khi bảng kết quả đã chốt, nguồn của dãy số được báo trước, nên ai cũng tự làm lại và kiểm tra được."
    )


def _prizes(rules: RuleSet) -> Iterator[Block]:
    given = [d for d in rules.divisions if d.rules.prizes or d.rules.overall_prizes]
    own = [(d, r) for r in rules.rounds for d in rules.divisions if d.code in r.rules.prizes]
    if not given and not any(r.rules.prizes[d.code] for d, r in own):
        yield _("Cuộc thi không đặt giải thưởng cá nhân.")
        return
    yield _("Giải trao cho từng bảng, xét từ trên xuống theo thứ hạng.")
    several = sum(len(r.rules.prizes) < len(rules.divisions) for r in rules.rounds) > 1
    caption = _("Giải mỗi kỳ của %(whom)s") if several else _("Giải của %(whom)s")
    for whom, tiers in _alike(rules, [(d, d.rules.prizes) for d in rules.divisions if d.rules.prizes]):
        yield _tiers(caption % {"whom": whom}, tiers)
    for r in rules.rounds:
        for whom, tiers in _alike(rules, [(d, r.rules.prizes[d.code]) for d, of in own if of is r]):
            if tiers:
                yield _tiers(_("Giải của %(whom)s ở %(round)s", whom=whom, round=r.name), tiers)
            else:
                yield _say(_("%(round)s không có giải riêng của kỳ cho %(whom)s."), round=r.name, whom=whom)
    for whom, tiers in _alike(rules, [(d, d.rules.overall_prizes) for d in rules.divisions if d.rules.overall_prizes]):
        yield _tiers(_("Giải chung cuộc của %(whom)s", whom=whom), tiers)


def _tiers(caption: str, tiers: Tiers) -> Table:
    rows = tuple(
        (tier.name, number(tier.quota), _("%(amount)s đồng", amount=number(tier.amount)) if tier.amount else "–")
        for tier in tiers
    )
    return Table(caption, (_("Giải"), _("Số giải"), _("Mức thưởng mỗi giải")), rows)


def _conditions(rules: RuleSet) -> Iterator[Block]:
    p = rules.contest.prize_rules
    if p.min_score:
        yield _say(_("Chỉ xét giải của kỳ cho người đạt từ %(score)s điểm trở lên."), score=number(p.min_score))
    if p.all_correct:
        sums = rules.contest.overall.how is Overall.SUM
        yield (
            _("Chỉ xét giải của kỳ cho người có lượt thi được lấy kết quả đúng tất cả các câu.")
            if sums
            else _("Chỉ xét giải cho người có lượt thi được lấy kết quả đúng tất cả các câu.")
        )
    if p.one_per_person:
        yield _(
            "Mỗi người chỉ nhận một giải cá nhân của cuộc thi. Người đủ điều kiện nhận nhiều giải thì nhận giải có mức thưởng "
            "cao hơn, mức thưởng bằng nhau thì nhận giải ở bậc cao hơn; giải còn lại xét cho người kế tiếp."
        )
    if p.one_per_period:
        yield _(
            "Trong một đợt, mỗi người chỉ nhận một giải của các kỳ thuộc đợt đó; giải còn lại xét cho người kế tiếp. Người đã "
            "nhận giải của kỳ vẫn được xét giải chung cuộc."
        )
    if p.share_percent is not None:
        yield _say(
            _(
                "Tổng số giải cá nhân của một bảng không quá %(percent)s%% số người dự thi của bảng; vượt quá thì giảm số giải, "
                "bắt đầu từ bậc thấp nhất."
            ),
            percent=p.share_percent,
        )


def _lucky(rules: RuleSet) -> Iterator[Block]:
    lucky = rules.contest.lucky
    if lucky is None:
        return
    amount = _(", mỗi suất %(amount)s đồng", amount=number(lucky.amount)) if lucky.amount else ""
    yield _say(
        _("Ngoài giải theo thứ hạng, trong %(scope)s, mỗi bảng bốc thăm %(quota)s suất “%(name)s”%(amount)s, trong số %(among)s."),
        scope=_("mỗi kỳ") if lucky.scope is Scope.ROUND else SCOPE_TEXTS[lucky.scope],
        quota=number(lucky.quota), name=lucky.name, amount=amount, among=LUCKY_TEXTS[lucky.among],
    )  # fmt: skip
    yield _(
        "Bốc thăm may mắn theo cùng cách với bốc thăm giữa những người đồng hạng; đồng thời bốc thêm người dự khuyết, nhiều "
        "bằng số giải, để thay người không đủ điều kiện và người đã có giải theo thứ hạng."
    )


def _collective(rules: RuleSet) -> Iterator[Block]:
    schemes = rules.contest.collective
    for scheme in schemes:
        yield Bullets(tuple(map(escape, collective_texts(rules, scheme))))
        if scheme.prizes:
            by_block = len(rules.rounds) > 1 and scheme.scope is Scope.ROUND
            where = _("%(name)s, mỗi kỳ", name=scheme.name) if by_block else scheme.name
            yield _tiers(_("%(name)s, mỗi khối", name=where) if scheme.by_block else where, scheme.prizes)
    if schemes:
        yield from headcount_texts(schemes)


# VI. Publication


def _score(contest: ContestRules) -> Iterator[Block]:
    if contest.score_release is Release.NEVER:
        yield _("Điểm của từng lượt không hiện cho người dự thi; kết quả xem ở danh sách được công bố.")
    else:
        yield _say(_("Người dự thi xem điểm của mình %(when)s."), when=RELEASE_TEXTS[contest.score_release])


def _review(contest: ContestRules) -> Iterator[Block]:
    if contest.review_release is Release.NEVER:
        yield _("Đáp án và giải thích của từng câu không công bố.")
    else:
        yield _say(
            _("Đáp án, giải thích và căn cứ của từng câu mở cho người dự thi %(when)s."),
            when=RELEASE_TEXTS[contest.review_release],
        )


def _board(contest: ContestRules) -> Iterator[Block]:
    release = contest.board_release
    match release:
        case Release.NEVER:
            yield _("Bảng xếp hạng không công bố; chỉ công bố danh sách đạt giải.")
        case Release.AFTER_SUBMIT:
            yield _("Bảng xếp hạng tạm thời công khai ngay từ khi kỳ thi mở, chậm vài giây so với lúc nộp bài.")
        case _:
            yield _say(_("Bảng xếp hạng công khai %(when)s."), when=RELEASE_TEXTS[release])
    if contest.freeze_hours:
        yield _say(
            _(
                "Trong %(hours)s giờ cuối của mỗi kỳ, bảng xếp hạng công khai giữ nguyên như lúc bắt đầu %(hours)s giờ đó; sau "
                "khi kỳ thi kết thúc mới hiện tiếp."
            ),
            hours=contest.freeze_hours,
        )
    if contest.prediction is not None and release in (Release.AFTER_SUBMIT, Release.AFTER_CLOSE):
        yield _("Bảng xếp hạng tạm thời chưa xét câu dự đoán, vì số thực tế chỉ có sau khi chốt.")


def _announcement(contest: ContestRules) -> Iterator[Block]:
    yield _say(
        _("Kết quả công bố tại trang này trong %(days)s ngày kể từ khi kỳ thi đóng, gồm họ tên và đơn vị hoặc nơi ở."),
        days=contest.announce_days,
    )


def _complaints(contest: ContestRules) -> Iterator[Block]:
    if contest.complaint_days:
        yield _say(
            _(
                "Người dự thi gửi khiếu nại trên trang của cuộc thi: về câu hỏi và bài thi của mình thì từ khi bài đã nộp, về kết quả "
                "thì từ khi công bố; chậm nhất là hết ngày thứ %(days)s sau ngày công bố kết quả, kết quả đính chính hoặc kết quả "
                "chung có tính bài thi đó. Ban Tổ chức trả lời trong %(answer)s ngày kể từ ngày nhận."
            ),
            days=contest.complaint_days,
            answer=contest.answer_days,
        )
    else:
        yield _("Sau khi công bố kết quả, Ban Tổ chức không nhận khiếu nại về kết quả.")


def _signing(contest: ContestRules) -> Iterator[Block]:
    if contest.signing_judges:
        yield _say(
            _("Bảng kết quả được công bố khi đã có chữ ký chốt của ít nhất %(judges)s thành viên Ban Giám khảo."),
            judges=contest.signing_judges,
        )


def _checking(contest: ContestRules) -> Iterator[Block]:
    # answers with their marks tell the keys: they wait for them (round_state.keys_are_public)
    if contest.open_answers and contest.review_release is not Release.NEVER:
        yield _(
            "Sau khi công bố kết quả và khi đáp án của mọi kỳ thi được mở, phương án trả lời của các lượt được xếp hạng được mở "
            "theo số đăng ký, không kèm họ tên và đơn vị, để ai cũng chấm lại được."
        )


def _seal() -> Iterator[Block]:
    yield _(
        "Khi mở cuộc thi, danh sách câu hỏi được rút và một mã bí mật của mỗi kỳ được chốt, dấu niêm phong của chúng được công "
        "bố; sau khi kỳ thi kết thúc, mã bí mật được mở để ai cũng kiểm tra được là không có gì bị đổi."
    )


# VII. Violations


def _violations(contest: ContestRules) -> Iterator[Block]:
    yield _(
        "Dùng thông tin của người khác, khai sai, thi hộ, nhờ thi hộ, lập nhiều tài khoản, can thiệp vào phần mềm: lượt thi vi "
        "phạm bị hủy, có ghi lý do."
    )
    if contest.annulment_judges == 2:
        yield _("Một lượt thi chỉ bị hủy khi hai giám khảo cùng kết luận.")
    if contest.prediction is None:
        yield _("Lượt bị hủy không được xếp hạng; giải đã công nhận theo lượt đó bị thu hồi.")
    else:
        yield _(
            "Lượt bị hủy không được xếp hạng và không tính vào số thực tế của câu dự đoán; giải đã công nhận theo lượt đó bị thu "
            "hồi."
        )
