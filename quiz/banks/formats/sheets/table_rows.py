"""Items as rows of a table, the same for Excel and CSV: what tables.read takes for the same items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quiz.banks.formats.losses import lost
from quiz.banks.formats.sheets import answers
from quiz.banks.formats.spelling import cells, notation
from quiz.banks.formats.writing import Lost, OutBank, OutItem
from quiz.banks.models import ItemKind
from quiz.banks.wording import TRUE_FALSE, Wording, letter

# words of the format, which headings.py reads: they are not translated with the pages
CODE, KIND, TOPIC, LEVEL, STEM = "Mã câu", "Loại câu", "Chủ đề", "Mức độ", "Câu hỏi"
KEY, PARTIAL, PINNED, WORDS = "Đáp án", "Chấm từng phần", "Giữ chỗ", "Giới hạn chữ"
EXPLANATION, DOCUMENT, ARTICLE, CLAUSE, POINT = "Giải thích", "Văn bản", "Điều", "Khoản", "Điểm"
VALID_FROM, VALID_UNTIL, EXEMPLAR, SOURCE = "Đúng từ ngày", "Hết đúng từ ngày", "Điển hình", "Nguồn"
FEWEST_OPTIONS = 5  # columns that are always there
HELD = frozenset({*Lost} - {Lost.KIND})


def option_headings(count: int) -> list[str]:
    return [f"Phương án {letter(number)}" for number in range(1, count + 1)]


def headings(options: int) -> list[str]:
    return [
        CODE, KIND, TOPIC, LEVEL, STEM, *option_headings(options), KEY, PARTIAL, PINNED, WORDS, EXPLANATION, DOCUMENT,
        ARTICLE, CLAUSE, POINT, VALID_FROM, VALID_UNTIL, EXEMPLAR, SOURCE,
    ]  # fmt: skip


def rows(bank: OutBank, items: Sequence[OutItem]) -> Iterator[list[str]]:
    """The headings, then a row for each item; all of one length."""
    answered = [_answer(item.wording) for item in items]
    width = max([FEWEST_OPTIONS, *(len(options) for options, _key in answered)])
    yield headings(width)
    for item, (options, key) in zip(items, answered, strict=True):
        w = item.wording
        yield [
            item.code, cells.KIND_NAMES[ItemKind(w.kind)], _topic(bank, w.topic), cells.LEVEL_NAMES.get(w.level, str(w.level)), w.stem,
            *options, *[""] * (width - len(options)), key, "Có" if w.partial else "", ", ".join(map(letter, w.pinned)),
            str(w.words or ""), w.explanation, item.document, w.article, w.clause, w.point,
            *(day.strftime("%d/%m/%Y") if day else "" for day in (w.valid_from, w.valid_until)), w.exemplar, w.source,
        ]  # fmt: skip


def losses(items: Sequence[OutItem], held: frozenset[Lost] = HELD) -> list[tuple[str, Lost]]:
    return [(item.code, what) for item in items for what in lost(item, held)]


def _answer(w: Wording) -> tuple[list[str], str]:
    """Cells of the options, and of the key."""
    if w.kind == ItemKind.TRUE_FALSE:
        return [], TRUE_FALSE[w.key[0] - 1] if w.key else ""
    if w.kind == ItemKind.SHORT_TEXT:
        return [], notation.write_list(w.accepted)
    if w.kind == ItemKind.NUMBER:
        return [], notation.write_number_list(w.accepted)
    if w.kind == ItemKind.ORDERING:
        return list(w.options), ""
    if w.kind == ItemKind.MATCHING:
        return answers.write_matching(w.options, w.matches, w.key)
    return [notation.write_option(text) for text in w.options], notation.write_key(w.key, w.options)


def _topic(bank: OutBank, code: str) -> str:
    """The title, unless it would be read as another topic."""
    title = bank.topic_title(code)
    return title if cells.read_topic(title, bank.topics) == code else code
