"""Papers with questions of every kind: what is shown, what was given, what is right, and the score."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as each
from hypothesis import strategies as st

from quiz.attempts.papers import Line, kinds, of_paper, score
from quiz.attempts.responses import EMPTY, canonical
from quiz.banks.wording import Image
from quiz.rules.marking import Score, Worth
from tests.kinds import DIGEST, KINDS, MIXED, RIGHT, SECRET, THINGS, paper_of_all_kinds

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def paper(given, app):
    paper = paper_of_all_kinds(given)
    with app.app_context():
        yield paper


def by_kind(paper, responses, worth=None):
    return {q.kind: q for q in of_paper(paper, responses, worth or Worth())}


def test_options_and_things_are_shown_as_drawn_left_sides_as_written(paper):
    shown = {kind: [text for text, _image in q.offers] for kind, q in by_kind(paper, EMPTY).items()}
    assert shown["single"] == [f"Phương án {letter} của câu 1" for letter in "CADB"]
    assert shown["ordering"] == [THINGS[1], THINGS[3], THINGS[0], THINGS[2]]
    assert shown["matching"] == ["Luật", "Nghị định", "Thông tư"]
    assert shown["short_text"] == shown["number"] == []
    assert by_kind(paper, EMPTY)["matching"].matches == ["Chủ tịch nước", "Quốc hội", "Chính phủ", "Bộ trưởng"]
    assert kinds(paper) == list(KINDS)


def test_a_picture_goes_with_its_option(paper):
    single = by_kind(paper, EMPTY)["single"]
    assert [image for _text, image in single.offers] == [Image(3, DIGEST, "Mẫu cờ"), None, None, None]


def test_right_answers_are_right_whatever_the_kind(paper):
    assert canonical(RIGHT) == RIGHT
    for q in of_paper(paper, RIGHT):
        assert q.is_answered
        assert q.mark.correct, q.kind
    assert score(paper, RIGHT, Worth(6)) == Score(points=42, maximum=42, correct=7, items=7)


def test_what_is_right_is_said_in_the_terms_of_what_was_given(paper):
    for kind, q in by_kind(paper, RIGHT).items():
        if kind in ("short_text", "number"):
            assert q.right == q.face.key.accepted
        elif kind in ("ordering", "matching"):
            assert list(q.right) == q.given
        else:
            assert q.right == set(q.given)


def test_parts_earn_their_share_rounded_down(paper):
    assert canonical(MIXED) == MIXED
    earned = {kind: q.mark.points for kind, q in by_kind(paper, MIXED, Worth(6)).items()}
    assert earned == {
        "single": 6, "multiple": 3, "true_false": 0, "short_text": 0, "number": 6, "ordering": 3, "matching": 4,
    }  # fmt: skip
    assert score(paper, MIXED, Worth(6)) == Score(points=22, maximum=42, correct=2, items=7)
    assert score(paper, MIXED, Worth(1)) == Score(points=2, maximum=7, correct=2, items=7)


def test_an_empty_paper_has_no_answers_and_no_points(paper):
    assert not any(q.is_answered for q in of_paper(paper, EMPTY))
    assert score(paper, EMPTY, Worth(6)).points == 0


def test_a_review_lists_an_ordering_in_its_right_order(paper):
    assert by_kind(paper, MIXED)["ordering"].lines == [
        Line(THINGS[0], None, "1", "3", False),
        Line(THINGS[1], None, "2", "2", True),
        Line(THINGS[2], None, "3", "3", False),  # its position, but another thing was given it too
        Line(THINGS[3], None, "4", "4", True),
    ]


def test_a_review_lists_a_matching_by_its_left_sides(paper):
    assert by_kind(paper, MIXED)["matching"].lines == [
        Line("Luật", None, "Quốc hội", "Quốc hội", True),
        Line("Nghị định", None, "Chính phủ", "", False),
        Line("Thông tư", None, "Bộ trưởng", "Bộ trưởng", True),
    ]


NUMBERS = st.lists(st.integers(0, 20), max_size=20)
DOCUMENTS = st.fixed_dictionaries(
    {"a": st.dictionaries(st.sampled_from("123"), st.lists(st.integers(1, 20), max_size=6))},
    optional={
        "s": st.dictionaries(st.sampled_from("67"), NUMBERS),
        "w": st.dictionaries(st.sampled_from("45"), st.sampled_from([SECRET, "3,5", "x"])),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@each(document=DOCUMENTS)
def test_any_document_is_shown_and_the_score_is_the_sum_of_what_is_shown(paper, document):
    document = canonical(document)
    shown = of_paper(paper, document, Worth(6))
    total = score(paper, document, Worth(6))
    assert total.points == sum(q.mark.points for q in shown)
    assert total.correct == sum(q.mark.correct for q in shown)
    for q in shown:
        if q.kind in ("ordering", "matching"):
            assert len(q.given) == len(q.offers)
            assert all(line.is_right for line in q.lines) == q.mark.correct
            assert 6 * sum(line.is_right for line in q.lines) // len(q.lines) == q.mark.points


@pytest.mark.parametrize(("part", "number"), [("a", "4"), ("w", "1"), ("s", "1"), ("a", "6"), ("w", "7"), ("a", "99")])
def test_an_answer_of_another_kind_counts_as_none(paper, part, number):
    values = {"a": [1], "s": [1, 2], "w": "x"}
    document = canonical({part: {number: values[part]}})
    assert not any(q.is_answered for q in of_paper(paper, document))
    assert score(paper, document, Worth(1)).points == 0
