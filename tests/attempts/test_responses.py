"""The responses document: canonical whatever the order, refused when it is not of our shape."""

import json

import pytest
from hypothesis import given as each
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from quiz.attempts.responses import (
    EMPTY,
    LONGEST_BODY,
    LONGEST_ESSAY,
    LONGEST_TEXT,
    LONGEST_TYPED,
    LONGEST_WRITTEN,
    PLACES,
    QUESTIONS,
    BadResponses,
    answered,
    canonical,
    from_form,
    from_text,
    longest_essay,
    way,
)


def by_question(first, last, values):
    return st.dictionaries(st.integers(first, last).map(str), values, max_size=20)


documents = st.fixed_dictionaries(
    {
        "a": by_question(1, 150, st.lists(st.integers(1, 20), max_size=5)),
        "f": st.lists(st.integers(1, 400), max_size=10),
        "p": st.none() | st.integers(0, 999_999_999),
        "t": by_question(1, 400, st.integers(0, 10**9)),
    },
    optional={
        "s": by_question(151, 300, st.lists(st.integers(0, 20), max_size=12)),
        "w": by_question(301, 380, st.text(max_size=100)),
        "e": by_question(381, 400, st.text(max_size=300)),
    },
)
SENTENCE = (
    "Thi đua là hoạt động có tổ chức với sự tham gia tự nguyện của cá nhân, tập thể nhằm phấn đấu đạt thành tích. "
)
KINDS = ["single", "multiple", "short_text", "number", "ordering", "matching"]


@each(documents)
def test_canonical_documents_stay_as_they_are(document):
    once = canonical(document)
    assert canonical(once) == once
    assert canonical(json.loads(json.dumps(once))) == once
    assert answered(once) == sum(len(once.get(part, {})) for part in "aswe")
    assert once.keys() >= EMPTY.keys()
    assert all(once[part] for part in once.keys() - EMPTY.keys())


@each(st.text(max_size=LONGEST_TEXT) | st.text(st.sampled_from("ă \t\u0306\u0301a\u200d\ud800\x00\u1e69"), max_size=60))
def test_a_typed_text_can_be_stored_and_shown(typed):
    text = canonical({"w": {"1": typed}}).get("w", {}).get("1", "x")
    assert text.encode()
    assert text.isprintable()
    assert text == " ".join(text.split())
    assert 1 <= len(text) <= LONGEST_TEXT


def test_a_document_without_the_newer_parts_is_what_it_was():
    assert canonical({"a": {"1": [2]}, "s": {"2": [0, 0]}, "w": {"3": "  "}}) == {
        "a": {"1": [2]}, "f": [], "p": None, "t": {},
    }  # fmt: skip


def test_a_text_is_composed_with_single_blanks_and_lists_keep_their_order():
    document = canonical({"w": {"2": " ba  na\u0306m\n"}, "s": {"10": [3, 1, 0], "9": [2, 2]}})
    assert document["w"] == {"2": "ba năm"}
    assert list(document["s"].items()) == [("9", [2, 2]), ("10", [3, 1, 0])]


def test_the_longest_document_fits_a_save():
    most = LONGEST_TYPED // (3 * LONGEST_TEXT + 10)
    document = canonical(
        {
            "a": {str(n): list(range(1, PLACES + 1)) for n in range(most + 1, QUESTIONS + 1)},
            "w": {str(n): "ữ" * LONGEST_TEXT for n in range(1, most + 1)},
            "f": list(range(1, QUESTIONS + 1)), "p": 999_999_999, "t": {str(n): 10**9 for n in range(1, QUESTIONS + 1)},
        }
    )  # fmt: skip
    body = json.dumps({"revision": 10**6, "responses": document}, ensure_ascii=False, separators=(",", ":"))
    assert LONGEST_BODY * 0.8 < len(body.encode()) < LONGEST_BODY


def test_order_and_repetition_do_not_matter():
    assert canonical({"a": {"2": [3, 1, 3], "1": []}, "f": [5, 5, 2]}) == {
        "a": {"2": [1, 3]}, "f": [2, 5], "p": None, "t": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        None, [], "x", {"a": {"0": [1]}}, {"a": {"1": [0]}}, {"a": {"1": [21]}}, {"a": {"1": ["2"]}}, {"a": {"1": [True]}},
        {"a": {"x": [1]}}, {"a": {"1": 5}}, {"a": []} | {"f": [0]}, {"p": -1}, {"p": "9"}, {"p": 10**9}, {"p": 1.5},
        {"t": {"1": -1}}, {"a": {"١": [1]}}, {"s": {"1": [-1]}}, {"s": {"1": [21]}}, {"s": {"1": [0] * 21}}, {"s": {"1": "12"}},
        {"s": {"1": [1.0]}}, {"s": {"0": [1]}}, {"s": [1]}, {"w": {"1": 5}}, {"w": {"1": ["a"]}}, {"w": {"1": "x" * 201}},
        {"w": {"1": " " * 5000}}, {"w": {"1": None}}, {"a": {"1": [1]}, "w": {"1": "x"}}, {"x": {}},
        {"w": {str(n): "ữ" * 200 for n in range(1, 60)}}, {"w": {str(n): '"' * 200 for n in range(1, 100)}},
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
    assert from_form(form, ["single", "single", "multiple"]) == canonical({"a": {"1": [2], "3": [1, 4]}, "p": 1250})


def test_a_plain_form_answers_every_kind():
    form = MultiDict(
        [("q1", "3"), ("q2", "1"), ("q2", "4"), ("q3", " Hồ Chí Minh"), ("q4", "3,14"), ("q5-1", "2"), ("q5-2", ""), ("q5-3", "1"),
         ("q6-1", "4"), ("q6-2", "4")]
    )  # fmt: skip
    assert from_form(form, KINDS) == {
        "a": {"1": [3], "2": [1, 4]}, "s": {"5": [2, 0, 1], "6": [4, 4]}, "w": {"3": "Hồ Chí Minh", "4": "3,14"},
        "f": [], "p": None, "t": {},
    }  # fmt: skip


def test_an_untouched_plain_form_answers_nothing():
    form = MultiDict([("q3", ""), ("q4", ""), ("q5-1", ""), ("q5-2", ""), ("q6-1", ""), ("p", "")])
    assert from_form(form, KINDS) == EMPTY


NAMES = st.integers(1, 6).map("q{}".format) | st.tuples(st.integers(1, 6), st.integers(0, 3)).map(
    "q{0[0]}-{0[1]}".format
)


@each(st.lists(st.tuples(NAMES, st.text(max_size=5) | st.integers(0, 30).map(str)), max_size=20))
def test_any_plain_form_is_a_document_or_refused(fields):
    try:
        document = from_form(MultiDict(fields), KINDS)
    except BadResponses:
        return
    assert canonical(document) == document
    for part in "asw":
        assert {way(KINDS[int(n) - 1]) for n in document.get(part, {})} <= {part}


def test_a_plain_form_with_letters_in_the_prediction_is_refused():
    with pytest.raises(BadResponses):
        from_form(MultiDict([("p", "nhiều")]), ["single"])


@each(st.text(max_size=400) | st.text(st.sampled_from("ă \t\r\n\u0306\u0301a\u200d\ud800\x00"), max_size=80))
def test_an_essay_can_be_stored_and_shown_with_its_lines(typed):
    text = canonical({"e": {"1": typed}}).get("e", {}).get("1", "x")
    assert text.encode()
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert all(line.isprintable() and line == " ".join(line.split()) for line in text.split("\n"))
    assert canonical({"e": {"1": text}})["e"]["1"] == text


def test_line_ends_of_any_machine_are_the_same():
    assert canonical({"e": {"1": " Mở bài \r\n\r\n\r\nThân bài\rKết bài "}})["e"] == {
        "1": "Mở bài\n\nThân bài\nKết bài"
    }


def test_an_essay_of_2500_words_fits_and_more_than_the_field_takes_does_not():
    words = (SENTENCE * 120).split()[:2500]
    document = canonical({"e": {"1": " ".join(words)}})
    assert len(json.dumps({"revision": 10**6, "responses": document}, ensure_ascii=False).encode()) < LONGEST_BODY // 2
    assert len(" ".join(words)) < longest_essay(1)
    with pytest.raises(BadResponses):
        canonical({"e": {"1": "x" * (LONGEST_ESSAY + 1)}})


@pytest.mark.parametrize("essays", [1, 2, 3, 9])
def test_whatever_the_fields_take_can_be_stored(essays):
    text = (SENTENCE * 200)[: longest_essay(essays)]
    assert len(canonical({"e": {str(n): text for n in range(1, essays + 1)}})["e"]) == essays
    with pytest.raises(BadResponses):
        canonical({"e": {str(n): "ữ" * (LONGEST_WRITTEN // 3 // essays + 1) for n in range(1, essays + 1)}})


def test_an_essay_comes_from_a_plain_form():
    form = MultiDict([("q1", "2"), ("q2", "Dòng một\r\nDòng hai")])
    assert from_form(form, ["single", "essay"]) == EMPTY | {"a": {"1": [2]}, "e": {"2": "Dòng một\nDòng hai"}}
