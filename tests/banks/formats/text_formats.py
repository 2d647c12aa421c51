"""Wordings made by chance, written into a format and read back: what tests of GIFT and Aiken share."""

from datetime import date

from hypothesis import strategies as st

from quiz.banks import pins
from quiz.banks.formats.assembly import assemble
from quiz.banks.formats.reading import Known
from quiz.banks.formats.writing import OutBank, OutItem
from quiz.banks.wording import Wording, one_line
from quiz.law.models import LegalDocument

BANK = OutBank(
    "ngan-hang",
    "Ngân hàng / thử",
    "",
    [{"code": "chung", "title": "Quy định chung: a/b"}, {"code": "danh-hieu", "title": "Danh hiệu"}],
)
LAW = LegalDocument(
    id=7, number="06/2022/QH15", title="Luật Thi đua, khen thưởng", kind="Luật", effective_on=date(2024, 1, 1)
)
KNOWN = Known(BANK.topics, [LAW], date(2024, 5, 31))

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


def no_pictures(_content):
    raise AssertionError("these formats hold no picture")


def assembled(reading):
    return [assemble(raw, KNOWN, no_pictures) for raw in reading.items]
