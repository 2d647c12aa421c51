"""The Word file of a bank, in the plainest of the layouts that the reader knows: people go on with it, and upload it again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from quiz.banks import pins
from quiz.banks.formats.lines import option_lines
from quiz.banks.formats.lines.document import GUARD, Line, Run
from quiz.banks.formats.lines.line_kinds import ALL_LETTERS, DOTS, tokens_of
from quiz.banks.formats.lines.option_lines import Option
from quiz.banks.formats.spelling import citations, notation
from quiz.banks.formats.spelling.cells import KIND_NAMES, LEVEL_NAMES
from quiz.banks.formats.spelling.citations import Citation
from quiz.banks.formats.word.paper import Paper
from quiz.banks.formats.writing import Lost, OutBank, OutItem, Written
from quiz.banks.models import ItemKind
from quiz.banks.wording import TRUE_FALSE, Wording, essence, letter
from quiz.text import plain

_BREAKABLE = re.compile(r"(?<=\w)(?=\s*[.:)])")


def write(bank: OutBank, items: Sequence[OutItem]) -> Written:
    """A Word file of the items, one below the other, with their pictures."""
    paper = Paper(bank.title)
    losses: list[tuple[str, Lost]] = []
    for number, item in enumerate(items, 1):
        _write_item(paper, number, item, bank)
        if item.wording.document_id is not None and not item.document:
            losses.append((item.code, Lost.CITATION))
        if any(image.digest not in item.pictures for image in item.wording.images):
            losses.append((item.code, Lost.IMAGES))
    return Written(paper.content(), losses)


def _write_item(paper: Paper, number: int, item: OutItem, bank: OutBank) -> None:
    w = item.wording
    paper.line(item.code, strong="Mã: ", gap=True, keep=True)
    name = f"Câu {number}. "
    paper.line(guarded(w.stem, name), strong=name, keep=True)
    _write_pictures(paper, item, 0)
    if w.kind != ItemKind.SINGLE or w.options == TRUE_FALSE:
        paper.line(KIND_NAMES[ItemKind(w.kind)], strong="Loại: ")
    if w.kind != ItemKind.TRUE_FALSE:
        for place, text in enumerate(w.options, 1):
            label = f"{letter(place)}. "
            paper.line(label + guarded(text, label))
            _write_pictures(paper, item, place)
    for place, text in enumerate(w.matches, 1):
        paper.line(f"{place}) {guarded(text, f'{place}) ')}")
    for label, text in _fields(item, bank):
        first, *others = text.split("\n\n")
        paper.line(guarded(first, label) if first else "", strong=label)
        for paragraph in others:
            paper.line(GUARD + guarded(paragraph, GUARD))


def _write_pictures(paper: Paper, item: OutItem, place: int) -> None:
    for image in item.wording.images:
        if image.place == place and image.digest in item.pictures:
            paper.picture(item.pictures[image.digest].content, image.alt)


def _fields(item: OutItem, bank: OutBank) -> Iterator[tuple[str, str]]:
    """Beginnings of lines and what follows them, in order."""
    w = item.wording
    for n, answer in enumerate(_answers(w)):
        yield ("Hoặc: " if n else "Đáp án: ", answer)
    if w.partial:
        yield "Cách chấm: ", "từng phần"
    if set(w.pinned) != set(pins.pins(w.options)):
        yield "Giữ chỗ: ", _named(w.pinned, w.options)
    if w.words is not None:
        yield "Số chữ tối đa: ", str(w.words)
    if w.explanation:
        yield "Giải thích: ", w.explanation
    yield from _citation(item)
    yield "Chủ đề: ", _topic(w.topic, bank)
    yield "Mức độ: ", LEVEL_NAMES.get(w.level, str(w.level))
    if w.valid_from or w.valid_until:
        yield _period(w.valid_from, w.valid_until), ""
    if w.exemplar:
        yield "Điển hình: ", w.exemplar
    if w.source:
        yield "Nguồn: ", w.source


def _answers(w: Wording) -> list[str]:
    if w.kind == ItemKind.TRUE_FALSE:
        return [TRUE_FALSE[n - 1] for n in w.key]
    if w.kind == ItemKind.SHORT_TEXT:
        return list(w.accepted)
    if w.kind == ItemKind.NUMBER:
        return [notation.write_number_list([number]) for number in w.accepted]
    if w.kind == ItemKind.ORDERING:
        return [_names(range(1, len(w.options) + 1))]
    if w.kind == ItemKind.MATCHING:
        return [", ".join(f"{letter(n)}-{right}" for n, right in enumerate(w.key, 1))]
    return [_named(w.key, w.options)] if w.key else []


def _named(numbers: Sequence[int], options: Sequence[str]) -> str:
    """ "A, C", or at length where the text of an option is just that."""
    names = _names(numbers)
    is_text = any(essence(option) == essence(names) for option in options)
    return ", ".join(f"phương án {name}" for name in names.split(", ")) if is_text else names


def _names(numbers: Sequence[int]) -> str:
    return ", ".join(map(letter, numbers))


def _citation(item: OutItem) -> Iterator[tuple[str, str]]:
    """In one line as people write it, or part by part where it would not be understood."""
    if not item.document:
        return
    w = item.wording
    parts = Citation(item.document, w.article, w.clause, w.point)
    joined = citations.join(parts)
    if citations.split(joined) == parts:
        yield "Căn cứ: ", joined
        return
    yield "Căn cứ: ", item.document
    for label, text in (("Số điều: ", w.article), ("Số khoản: ", w.clause), ("Chữ điểm: ", w.point)):
        if text:
            yield label, text


def _topic(code: str, bank: OutBank) -> str:
    """Its title, or its code where two titles read alike."""
    title = plain(bank.topic_title(code))
    names = [plain(topic[name]) for topic in bank.topics for name in ("code", "title") if topic["code"] != code]
    return code if title in names else bank.topic_title(code)


def _period(valid_from: date | None, valid_until: date | None) -> str:
    parts = ["Đúng"]
    if valid_from:
        parts.append(f"từ ngày {valid_from:%d/%m/%Y}")
    if valid_until:
        parts.append(f"đến trước ngày {valid_until:%d/%m/%Y}")
    return " ".join(parts)


def guarded(text: str, beginning: str) -> str:
    """The text, with invisible signs where it would be read as something else behind this beginning of a line."""
    if _reads_back(text, beginning):
        return text
    return GUARD + _BREAKABLE.sub(GUARD, text) + GUARD


def _reads_back(text: str, beginning: str) -> bool:
    line = Line("", [Run(beginning + text)])
    tokens = list(tokens_of(line))
    if len(tokens) != 1 or text.startswith(("#", "(", "[")) or not text.strip(DOTS):
        return False
    rest = line if beginning == GUARD else tokens[0].rest
    if rest.text.strip() != (GUARD + text if beginning == GUARD else text):
        return False
    if len(option_lines.split(rest, last="", style="", stop="", starts_with_option=False)) > 1:
        return False
    if (
        beginning[0] in ALL_LETTERS
        and len(option_lines.split(rest, last=beginning[0], style="A.", stop="", starts_with_option=True)) > 1
    ):
        return False
    option = Option("", [rest])
    option.take_symbols()
    return option.says is None and option_lines.truths([Option("", [rest]), Option("", [rest])]) is None
