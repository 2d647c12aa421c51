"""The responses document: what a browser sends with every save, made canonical before it is stored.

{"a": {"3": [2]}, "f": [5], "p": 850, "t": {"3": 8123}}: answers by question number as places shown (both from 1), flagged
questions, prediction, and milliseconds after the page was opened at which a question was last answered, as the browser
says. Only the shape is checked here; what is not on the paper is dropped when the attempt is marked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

QUESTIONS = 400  # more than any paper has
PLACES = 20  # more options than any question has
LONGEST_PREDICTION = 999_999_999
REVISIONS = 10**6  # more than anybody makes in one attempt
LONGEST_BODY = 64 * 1024  # bytes of a save; the longest document of our shape has half of that
EMPTY: dict[str, Any] = {"a": {}, "f": [], "p": None, "t": {}}


class BadResponses(ValueError):
    """The document does not have the shape that our own page sends."""


def canonical(document: Any) -> dict[str, Any]:
    """The document with sorted keys and no unanswered questions, so that equal answers are equal documents.

    Raises BadResponses.
    """
    if not isinstance(document, dict):
        raise BadResponses("not an object")
    if strange := document.keys() - EMPTY.keys():
        # a document of another shape would pass for one without answers
        raise BadResponses(f"unknown parts: {strange}")
    try:
        answers = {
            _question(number): sorted({_whole(place, 1, PLACES) for place in places})
            for number, places in dict(document.get("a") or {}).items()
        }
        flags = sorted({_whole(number, 1, QUESTIONS) for number in document.get("f") or []})
        times = {_question(n): _whole(ms, 0, 10**9) for n, ms in dict(document.get("t") or {}).items()}
        prediction = document.get("p")
        if prediction is not None:
            prediction = _whole(prediction, 0, LONGEST_PREDICTION)
    except (TypeError, ValueError) as error:
        raise BadResponses(str(error)) from None
    return {
        "a": {str(n): answers[n] for n in sorted(answers) if answers[n]},
        "f": flags,
        "p": prediction,
        "t": {str(n): times[n] for n in sorted(times)},
    }


def from_form(form: Mapping[str, Any], questions: int) -> dict[str, Any]:
    """The document of a page without script, whose questions are fields q1, q2, … and the prediction p.

    form: a MultiDict, because a question with several right options posts its name more than once.
    Raises BadResponses.
    """
    lists = form.getlist  # type: ignore[attr-defined]
    typed = str(form.get("p", "")).replace(".", "").replace(" ", "")
    try:
        answers = {str(n): [int(place) for place in lists(f"q{n}")] for n in range(1, questions + 1)}
        prediction = int(typed) if typed else None
    except ValueError as error:
        raise BadResponses(str(error)) from None
    return canonical({"a": answers, "p": prediction})


def from_text(text: str) -> dict[str, Any]:
    """The document that the script puts into one field of the submitted form.  Raises BadResponses."""
    return canonical(_json(text))


def from_body(body: bytes) -> tuple[dict[str, Any], int]:
    """(document, revision) of a save.  Raises BadResponses."""
    content = _json(body)
    if not isinstance(content, dict):
        raise BadResponses("not an object")
    return canonical(content.get("responses")), _revision(content.get("revision"))


def read_revision(text: str) -> int:
    """The revision that a submitted form carries.  Raises BadResponses."""
    try:
        number = int(text)
    except ValueError as error:
        raise BadResponses(str(error)) from None
    return _revision(number)


def _revision(number: Any) -> int:
    try:
        return _whole(number, 1, REVISIONS)
    except ValueError as error:
        raise BadResponses(str(error)) from None


def _json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:  # numbers without end and brackets without end are no JSON of ours
        raise BadResponses(str(error)) from None


def answered(document: Mapping[str, Any]) -> int:
    return len(document["a"])


def _question(number: Any) -> int:
    if not (isinstance(number, str) and number.isascii() and number.isdecimal()):
        raise ValueError(f"not a question number: {number!r}")
    return _whole(int(number), 1, QUESTIONS)


def _whole(value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{value!r} is not a whole number from {low} to {high}")
    return value
