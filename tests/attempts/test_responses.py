"""The responses document: canonical whatever the order, refused when it is not of our shape."""

import pytest
from hypothesis import given as each
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from quiz.attempts.responses import BadResponses, answered, canonical, from_form, from_text

documents = st.fixed_dictionaries(
    {
        "a": st.dictionaries(st.integers(1, 400).map(str), st.lists(st.integers(1, 20), max_size=5), max_size=30),
        "f": st.lists(st.integers(1, 400), max_size=10),
        "p": st.none() | st.integers(0, 999_999_999),
        "t": st.dictionaries(st.integers(1, 400).map(str), st.integers(0, 10**9), max_size=30),
    }
)


@each(documents)
def test_canonical_documents_stay_as_they_are(document):
    once = canonical(document)
    assert canonical(once) == once
    assert answered(once) == sum(bool(places) for places in document["a"].values())


def test_order_and_repetition_do_not_matter():
    assert canonical({"a": {"2": [3, 1, 3], "1": []}, "f": [5, 5, 2]}) == {
        "a": {"2": [1, 3]}, "f": [2, 5], "p": None, "t": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        None, [], "x", {"a": {"0": [1]}}, {"a": {"1": [0]}}, {"a": {"1": [21]}}, {"a": {"1": ["2"]}}, {"a": {"1": [True]}},
        {"a": {"x": [1]}}, {"a": {"1": 5}}, {"a": []} | {"f": [0]}, {"p": -1}, {"p": "9"}, {"p": 10**9}, {"p": 1.5},
        {"t": {"1": -1}}, {"a": {"١": [1]}},
    ],
)  # fmt: skip
def test_other_shapes_are_refused(document):
    with pytest.raises(BadResponses):
        canonical(document)


def test_text_that_is_no_json_is_refused():
    with pytest.raises(BadResponses):
        from_text("{")


def test_a_plain_form_gives_the_same_document():
    form = MultiDict([("q1", "2"), ("q3", "4"), ("q3", "1"), ("p", "1.250"), ("csrf_token", "x")])
    assert from_form(form, 3) == canonical({"a": {"1": [2], "3": [1, 4]}, "p": 1250})


def test_a_plain_form_with_letters_in_the_prediction_is_refused():
    with pytest.raises(BadResponses):
        from_form(MultiDict([("p", "nhiều")]), 3)
