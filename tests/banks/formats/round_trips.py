"""Items of every kind as hypothesis makes them, written by a writer and read back: for the formats that hold all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date

from hypothesis import strategies as st

from quiz.banks.formats.assembly import Assembled, assemble
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.reading import Known, Reading
from quiz.banks.formats.spelling.repair import mend
from quiz.banks.formats.writing import OutBank, OutItem, OutPicture
from quiz.banks.models import ItemKind
from quiz.banks.pins import pins
from quiz.banks.wording import TRUE_FALSE, Image, Wording, one_line
from quiz.errors import Refusal
from quiz.law.models import LegalDocument
from quiz.text import plain

TOPICS = [
    {"code": "chung", "title": "Quy định chung: a/b"},
    {"code": "danh-hieu", "title": "Danh hiệu <thi đua>"},
]
BANK = OutBank("thu", "Ngân hàng / thử & nghiệm", "", TOPICS)
LAW = LegalDocument(
    id=7, number="06/2022/QH15", title="Luật Thi đua, khen thưởng", kind="Luật", effective_on=date(2024, 1, 1)
)
KNOWN = Known(TOPICS, [LAW], date(2024, 5, 31))


def store(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_back(reading: Reading) -> list[Assembled]:
    return [assemble(raw, KNOWN, store) for raw in reading.items]


def reason_to_refuse(read: Callable[[bytes], Reading], content: bytes) -> FileRefusal | None:
    """Read bad input to its end; why it is refused as a file, or None. Any other exception fails the test."""
    try:
        read_back(read(content))
    except Refusal as refusal:
        return FileRefusal(refusal.reason)
    return None


def faults(item: object) -> set[str]:
    return {problem.fault.name for problem in item.problems}


_ALPHABET = "aâăbcdđeêghiyắằưứờợựỵ ABĐÊ019.,;:!?'\"()[]{}<>&=*/\\%$@#~^-–_+|“”…\t\n\u00a0²№★😀"


def _is_whole(text: str) -> bool:
    """Does the bank keep the text as it is?"""
    return bool(text) and mend(text, []) == text


def texts(most: int = 40) -> st.SearchStrategy[str]:
    return st.text(_ALPHABET, min_size=1, max_size=most).map(one_line).filter(_is_whole)


paragraphs = st.lists(texts(), max_size=3).map("\n\n".join)
numbers = st.decimals("-100000", "100000", places=3, allow_nan=False).map(lambda d: f"{d.normalize():f}")
tolerances = st.decimals("0.001", "50", places=3).map(lambda d: f"{d.normalize():f}")
accepted_numbers = st.one_of(numbers, st.builds("{}±{}".format, numbers, tolerances))


def _several(least: int, most: int) -> st.SearchStrategy[list[str]]:
    found = st.lists(texts(), min_size=least, max_size=most, unique_by=str.casefold)
    return found.filter(lambda options: {plain(o).strip(" .,!?") for o in options} != {"dung", "sai"})


@st.composite
def wordings(draw: st.DrawFn) -> Wording:
    """A wording without flaws, of any kind."""
    kind = draw(st.sampled_from([*ItemKind]))
    options, key, matches, accepted, pinned = [], (), (), (), ()
    if kind in (ItemKind.SINGLE, ItemKind.MULTIPLE):
        options = draw(_several(2, 8))
        places = st.integers(1, len(options))
        most = 1 if kind == ItemKind.SINGLE else len(options)
        key = tuple(sorted(draw(st.sets(places, min_size=1, max_size=most))))
        pinned = tuple(sorted({*draw(st.sets(places)), *pins(options)}))
    elif kind == ItemKind.TRUE_FALSE:
        options, key = list(TRUE_FALSE), (draw(st.integers(1, 2)),)
    elif kind == ItemKind.SHORT_TEXT:
        accepted = tuple(draw(st.lists(texts(), min_size=1, max_size=4, unique_by=str.casefold)))
    elif kind == ItemKind.NUMBER:
        accepted = tuple(draw(st.lists(accepted_numbers, min_size=1, max_size=3, unique=True)))
    elif kind == ItemKind.ORDERING:
        options = draw(_several(3, 6))
    elif kind == ItemKind.MATCHING:
        options = draw(st.lists(texts(), min_size=2, max_size=6, unique_by=str.casefold))
        matches = tuple(draw(st.lists(texts(), min_size=2, max_size=8, unique_by=str.casefold)))
        key = tuple(draw(st.lists(st.integers(1, len(matches)), min_size=len(options), max_size=len(options))))
    with_law, shown = draw(st.booleans()), set(range(len(options) + 1 if kind != ItemKind.TRUE_FALSE else 1))
    contents = draw(st.dictionaries(st.sampled_from(sorted(shown)), st.binary(min_size=1, max_size=20), max_size=2))
    return Wording(
        kind=kind, stem=draw(texts(100)), options=tuple(options), key=key, matches=matches, accepted=accepted, pinned=pinned,
        partial=draw(st.booleans()) and kind.may_be_partial, words=draw(st.none() | st.integers(1, 5000)) if kind == ItemKind.ESSAY else None,
        images=tuple(Image(place, content.hex(), draw(texts())) for place, content in sorted(contents.items())),
        topic=draw(st.sampled_from(["chung", "danh-hieu"])), level=draw(st.integers(1, 3)), explanation=draw(paragraphs),
        document_id=7 if with_law else None, article=draw(st.sampled_from(["", "5", "12a"])) if with_law else "",
        clause="2" if with_law else "", point=draw(st.sampled_from(["", "đ"])) if with_law else "",
        valid_from=draw(st.none() | st.just(date(2024, 1, 1))), valid_until=draw(st.none() | st.just(date(2026, 10, 1))),
        exemplar=draw(paragraphs), source=draw(st.just("") | texts()),
    )  # fmt: skip


def out_item(number: int, wording: Wording) -> OutItem:
    """An item to be written; its images carry their content in hex in place of a digest until here."""
    contents = [bytes.fromhex(image.digest) for image in wording.images]
    images = tuple(image._replace(digest=store(c)) for image, c in zip(wording.images, contents, strict=True))
    pictures = {store(content): OutPicture("image/png", content) for content in contents}
    columns = {name: getattr(wording, name) for name in wording.__dataclass_fields__}
    return OutItem(
        code=f"{'T' if number % 2 else ''}{number:03}-a.b", wording=Wording(**columns | {"images": images}),
        document=LAW.number if wording.document_id else "", pictures=pictures,
    )  # fmt: skip


banks = st.lists(wordings(), min_size=1, max_size=4).map(lambda found: [out_item(n, w) for n, w in enumerate(found, 1)])
