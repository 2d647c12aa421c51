"""Wordings made of the signs that formats of plain text live by: what tests of GIFT, Aiken and Word files share."""

from hypothesis import strategies as st

from quiz.banks import pins
from quiz.banks.formats.writing import OutItem
from quiz.banks.wording import Wording, one_line
from tests.banks.formats.round_trips import LAW

# letters that no mending joins, and every sign of GIFT, Aiken and HTML
_SIGNS = "AaBb1. )(:=~#{}\\/-<>[]%&;*_$Đx"
_WORDS = [
    "->",
    "::",
    "####",
    "%50%",
    "[html]",
    "//",
    "<b>",
    "&amp;",
    "\\n",
    "ANSWER: A",
    "A. ",
    "b)",
    "Câu 5. ",
    "$CATEGORY:",
    "TRUE",
    "https://vi.vn/?a=1",
    "Đáp án: ",
]
texts = st.lists(st.one_of(st.text(_SIGNS, min_size=1, max_size=8), st.sampled_from(_WORDS)), min_size=1, max_size=4).map(" ".join).map(one_line).filter(bool)  # fmt: skip
paragraphs = st.lists(texts, max_size=3).map("\n\n".join)


def options(least=2, most=6):
    return st.lists(texts, min_size=least, max_size=most, unique_by=str.casefold).map(tuple)


@st.composite
def choices(draw, kind="single"):
    """A choice with what pins its options by their words, as every reader finds it again."""
    chosen = draw(options())
    numbers = st.integers(1, len(chosen))
    key = draw(numbers.map(lambda n: (n,)) if kind == "single" else st.sets(numbers, min_size=1).map(sorted).map(tuple))
    partial = kind == "multiple" and draw(st.booleans())
    return {"kind": kind, "options": chosen, "key": key, "pinned": pins.pins(chosen), "partial": partial}


def worded(draw, **fields):
    """A wording with the fields given and chance in the others."""
    cited = draw(st.booleans())
    return Wording(
        stem=draw(texts), topic=draw(st.sampled_from(["chung", "danh-hieu"])), level=draw(st.integers(1, 3)),
        document_id=LAW.id if cited else None, article="5" if cited else "", clause="2" if cited else "", **fields,
    )  # fmt: skip


def out(wording, code="CH-0001"):
    return OutItem(code=code, wording=wording, document=LAW.number if wording.document_id else "")
