"""Everything that tells the key of an item, weighed: lines, symbols, looks, tables. Where two disagree, people decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from quiz.banks.faults import Fault, Severity
from quiz.banks.formats.lines import key_marks, option_lines
from quiz.banks.formats.lines.document import Line, Run, fold, text_of
from quiz.banks.formats.lines.key_marks import MARKS, Marked
from quiz.banks.formats.lines.key_values import Answer, letter_at, read_answer
from quiz.banks.formats.lines.pieces import Piece
from quiz.banks.models import ItemKind

_TRUTH_HINTS = ("dung sai", "dung/sai", "dung hoac sai", "dung hay sai")


@dataclass(frozen=True, slots=True)
class Source:
    """how: for people, to be put after “Đáp án B theo”.  by_look: told by looks, not by words.

    text: the key as it is written · says_itself: by a line of the item
    """

    numbers: tuple[int, ...]
    how: str
    by_look: bool = False
    text: str = ""
    says_itself: bool = False
    truths: tuple[bool, ...] = ()


@dataclass(slots=True)
class Weighing:
    """What the sources of one item say, before looks are trusted or not."""

    piece: Piece
    sources: list[Source] = field(default_factory=list)
    looks: list[Marked] = field(default_factory=list)
    unread: list[Answer] = field(default_factory=list)

    @property
    def told(self) -> tuple[int, ...]:
        """What words and symbols agree on; () when there are none or they disagree."""
        said = {source.numbers for source in self.sources}
        return next(iter(said)) if len(said) == 1 else ()


def weigh(piece: Piece, key_first: bool) -> Weighing:
    """Collect the sources of a piece that has options, taking them out of its texts.

    key_first: the file puts the right option first
    """
    weighing = Weighing(piece)
    _take_from_options(weighing)
    for key in piece.keys:
        answer = read_answer(key.text, piece.options)
        if answer.rest:
            piece.explanation.append(Line(piece.place, [Run(answer.rest)]))
        if answer.says:
            weighing.sources.append(
                Source(answer.numbers, key.how, text=key.text, says_itself=key.says_itself, truths=answer.truths)
            )
        else:
            weighing.unread.append(answer)
    if key_first and not weighing.sources:
        weighing.sources.append(Source((1,), _("chỗ đứng đầu của phương án")))
    weighing.looks = key_marks.marked(piece.options)
    return weighing


def _take_from_options(weighing: Weighing) -> None:
    """What stands beside the options: Đ or S behind every one of them, or a symbol at the right ones."""
    options = weighing.piece.options
    if truths := option_lines.truths(options):
        numbers = tuple(n for n, true in enumerate(truths, 1) if true)
        weighing.sources.append(Source(numbers, _("chữ Đúng, Sai sau từng ý"), truths=tuple(truths)))
        return
    for option in options:
        option.take_symbols()
    if right := tuple(n for n, option in enumerate(options, 1) if option.says):
        symbols = ", ".join(dict.fromkeys(options[n - 1].symbol for n in right))
        weighing.sources.append(Source(right, _("ký hiệu %(signs)s ở phương án", signs=symbols)))


def distrusted(weighings: Sequence[Weighing]) -> set[str]:
    """Looks that say nothing of keys in this file: where words tell the key, they mostly contradict it."""
    agree: Counter[str] = Counter()
    contradict: Counter[str] = Counter()
    for weighing in weighings:
        for look in weighing.looks:
            if weighing.told:
                (agree if look.numbers == weighing.told else contradict)[look.mark] += 1
    return {mark for mark in MARKS if contradict[mark] >= 3 and contradict[mark] > agree[mark]}


def settle(weighing: Weighing, not_trusted: Collection[str]) -> None:
    """Write the key into the raw item, or why it is open."""
    piece, raw = weighing.piece, weighing.piece.raw
    looks = [look for look in weighing.looks if look.mark not in not_trusted]
    if weighing.told:  # letters of which several stand out are an accident of typing beside a key in words
        looks = [look for look in looks if look.whole or len(look.numbers) == 1]
    by_look = [Source(look.numbers, look.name, by_look=True) for look in looks]
    sources = [*weighing.sources, *by_look]
    said_by = [key.text for key in piece.keys] + [_as_written(source, piece) for source in sources if not source.text]
    raw.key_text = "; ".join({text.upper(): text for text in said_by}.values())
    for answer in weighing.unread:
        assert answer.problem is not None
        raw.problems.append(answer.problem)
    said = dict.fromkeys(source.numbers for source in sources)
    if len(said) > 1:
        _note_disagreement(weighing, sources)
    elif said and not weighing.unread and not _is_open(piece) and _may_be(weighing, sources):
        raw.key = list(sources[0].numbers)
        _note_how(weighing, sources)
    elif not said:
        _note_why_none(piece)


def _is_open(piece: Piece) -> bool:
    return any(problem.fault == Fault.KEY_UNCERTAIN for problem in piece.raw.problems)


def _as_written(source: Source, piece: Piece) -> str:
    return f"{_names(source.numbers, piece)} ({source.how})"


def _names(numbers: Sequence[int], piece: Piece) -> str:
    return ", ".join(letter_at(n, piece.options) for n in numbers)


def _note_disagreement(weighing: Weighing, sources: Sequence[Source]) -> None:
    first = sources[0]
    other = next(source for source in sources if source.numbers != first.numbers)
    a, b = (f"{_names(s.numbers, weighing.piece)} theo {s.how}" for s in (first, other))
    weighing.piece.raw.note(Fault.KEYS_DISAGREE, a=a, b=b)


def _may_be(weighing: Weighing, sources: Sequence[Source]) -> bool:
    """Can this be the key? Notes why not."""
    piece, first = weighing.piece, sources[0]
    if any(source.truths for source in sources):
        return _take_truths(piece, next(s for s in sources if s.truths))
    by_looks = all(source.by_look for source in sources)
    if by_looks and len(first.numbers) > 1 and not piece.asks_for_several and not _is_truth_list(piece):
        names = _names(first.numbers, piece)
        why = _(
            "%(how)s đánh dấu nhiều phương án (%(options)s) mà câu dẫn không bảo chọn nhiều",
            how=first.how,
            options=names,
        )
        piece.raw.note(Fault.KEY_UNCERTAIN, why=why)
        return False
    doubled = [n for n in first.numbers if n <= len(piece.options) and _is_doubled(n, piece) and not first.by_look]
    if doubled and any(source.text for source in sources):
        piece.raw.note(Fault.KEY_UNCERTAIN, why=_("có hai phương án %(options)s", options=_names(doubled, piece)))
        return False
    return True


def _is_doubled(number: int, piece: Piece) -> bool:
    name = piece.options[number - 1].letter
    return bool(name) and sum(option.letter == name for option in piece.options) > 1


def _is_truth_list(piece: Piece) -> bool:
    title = piece.section.title + " " + fold(text_of(piece.stem, " "))
    return any(hint in title for hint in _TRUTH_HINTS)


def _take_truths(piece: Piece, source: Source) -> bool:
    """A list of statements, each right or wrong: the right ones become the key of an item with several keys."""
    if not source.numbers:
        piece.raw.note(Fault.KEY_UNCERTAIN, why=_("mọi ý đều sai nên không có phương án nào để chọn"))
        return False
    piece.raw.kind = ItemKind.MULTIPLE
    piece.raw.note(Fault.TRUTHS_AS_SEVERAL, Severity.WARNING, key=_names(source.numbers, piece))
    return True


def _note_how(weighing: Weighing, sources: Sequence[Source]) -> None:
    """Keys that no line "Đáp án: …" of the item says are explained."""
    plain = any(source.says_itself for source in sources)
    if not plain and not any(source.truths for source in sources):
        how = ", ".join(dict.fromkeys(source.how for source in sources))
        weighing.piece.raw.note(
            Fault.KEY_TOLD_BY, Severity.INFO, key=_names(sources[0].numbers, weighing.piece), how=how
        )


def _note_why_none(piece: Piece) -> None:
    if partly := key_marks.partly_marked(piece.options):
        if len(partly) < len(piece.options):
            why = _("chỉ một phần của phương án %(options)s được định dạng khác", options=_names(partly, piece))
            piece.raw.note(Fault.KEY_UNCERTAIN, why=why)
    elif struck := key_marks.struck(piece.options):
        why = _("phương án %(options)s bị gạch ngang", options=_names(struck, piece))
        piece.raw.note(Fault.KEY_UNCERTAIN, why=why)
