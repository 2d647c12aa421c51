"""What is written into a Word file comes back from it, whatever the texts look like."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.banks import pins
from quiz.banks.formats import docx
from quiz.banks.formats.assembly import assemble
from quiz.banks.formats.reading import Known
from quiz.banks.formats.writing import Lost, OutBank, OutItem, OutPicture
from quiz.banks.wording import TRUE_FALSE, Image, Wording
from quiz.law.models import LegalDocument
from tests.banks.formats.round_trips import BANK, KNOWN, LAW
from tests.banks.formats.text_formats import choices, out, paragraphs, texts, worded
from tests.banks.formats.word_files import PICTURE, png

CHOICE = Wording(
    kind="single", stem="Ai quyết định?", options=("Quốc hội", "Chính phủ"), key=(2,), topic="chung", level=1
)


def read_back(*items, known=KNOWN, bank=BANK):
    """Wordings of the items after writing and reading, with what the store was given."""
    stored = {}

    def store(content):
        digest = hashlib.sha256(content).hexdigest()
        stored[digest] = content
        return digest

    reading = docx.read(docx.write(bank, items).content)
    return [assemble(raw, known, store) for raw in reading.items]


def unique(least, most):
    return st.lists(texts, min_size=least, max_size=most, unique_by=str.casefold).map(tuple)


@st.composite
def wordings(draw):
    """Items of every kind, with everything that an item may say."""
    kind = draw(
        st.sampled_from(["single", "multiple", "true_false", "short_text", "number", "ordering", "matching", "essay"])
    )
    said = {"explanation": draw(paragraphs), "exemplar": draw(paragraphs), "source": draw(st.just("") | texts)}
    if kind in ("single", "multiple"):
        chosen = draw(choices(kind))
        fixed = {*chosen["pinned"], *draw(st.sets(st.integers(1, len(chosen["options"]))))}
        said |= chosen | {"pinned": tuple(sorted(fixed))}
    elif kind == "true_false":
        said |= {"options": TRUE_FALSE, "key": (draw(st.integers(1, 2)),)}
    elif kind == "short_text":
        said |= {"accepted": draw(unique(1, 3))}
    elif kind == "number":
        said |= {"accepted": draw(st.sampled_from([("1822",), ("3.5±0.25", "-10"), ("0.125",)]))}
    elif kind == "ordering":
        said |= {"options": draw(unique(3, 12))}
    elif kind == "matching":
        lefts, rights = draw(unique(2, 5)), draw(unique(2, 6))
        said |= {"options": lefts, "matches": rights, "key": tuple(draw(st.integers(1, len(rights))) for _ in lefts)}
    else:
        said |= {"words": draw(st.none() | st.integers(1, 5000))}
    start = draw(st.none() | st.dates(date(2020, 1, 1), date(2026, 1, 1)))
    return replace(
        worded(draw, **{"kind": kind} | said),
        valid_from=start,
        valid_until=draw(st.sampled_from([None, date(2027, 1, 1)])),
    )


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60, deadline=None)
@given(st.lists(wordings(), min_size=1, max_size=6))
def test_what_is_written_is_read_back(chosen):
    items = [out(wording, f"CH-{n:04}") for n, wording in enumerate(chosen, 1)]
    found = read_back(*items)
    assert [item.wording for item in found] == [replace(w, source=w.source[:300]) for w in chosen]
    assert [item.code for item in found] == [item.code for item in items]


def test_pictures_come_back_at_their_places_with_their_words():
    content = png(40, 30)
    digest = hashlib.sha256(content).hexdigest()
    images = (Image(0, digest, "Sơ đồ tổ chức"), Image(2, PICTURE.digest, "Huân chương"))
    wording = replace(CHOICE, images=images)
    pictures = {digest: OutPicture("image/png", content), PICTURE.digest: OutPicture("image/png", PICTURE.content)}
    (found,) = read_back(OutItem(code="CH-1", wording=wording, pictures=pictures))
    assert found.wording.images == images


@pytest.mark.parametrize(
    ("article", "clause", "point"), [("5", "2", "a"), ("5", "", ""), ("5a", "1", "đ"), ("Phụ lục I", "II.1", "*")]
)
def test_places_of_the_law_come_back(article, clause, point):
    wording = replace(CHOICE, document_id=LAW.id, article=article, clause=clause, point=point)
    assert read_back(out(wording))[0].wording == wording


def test_a_document_without_its_number_is_told_as_lost():
    wording = replace(CHOICE, document_id=LAW.id)
    assert docx.write(BANK, [OutItem(code="CH-1", wording=wording)]).losses == [("CH-1", Lost.CITATION)]


def test_topics_of_one_title_are_told_apart_by_their_codes():
    bank = OutBank("b", "B", "", [{"code": "mot", "title": "Chung"}, {"code": "hai", "title": "CHUNG"}])
    known = Known(bank.topics, [LegalDocument(number="1", title="t")], date(2024, 5, 31))
    wording = replace(CHOICE, topic="hai")
    assert read_back(OutItem(code="CH-1", wording=wording), known=known, bank=bank)[0].wording.topic == "hai"


def test_an_option_that_says_a_letter():
    for options in [("B", "A"), ("A, B", "C", "D")]:
        wording = replace(CHOICE, kind="multiple", options=options, key=(1, 2), pinned=pins.pins(options))
        assert read_back(out(wording))[0].wording == wording
