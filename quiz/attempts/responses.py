"""The responses document: what a browser sends with every save, made canonical before it is stored.

{"a": {"3": [2]}, "s": {"4": [3, 1, 2]}, "w": {"5": "ba năm"}, "e": {"6": "Bài viết"}, "f": [5], "p": 850, "t": {"3": 8123}, "b": {"3": 5210}}: answers by
question number, flagged questions, prediction, and milliseconds after the start at which a question was last (t) and first (b) answered, as the browser
says. A question is answered in one way:

a: the places of the options chosen · w: the text typed · e: an essay, with its line breaks · s: for each thing or left side, in the order shown, what was
chosen in its list, 0 for nothing yet: the position of a thing to put in order, the place of the right side of a match

Places, positions and questions count from 1. Parts s, w, e and b are there only when something is in them. Only the shape is
checked here; what is not on the paper is dropped when the attempt is marked.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from quiz.rules.answering import way

QUESTIONS = 400  # more than any paper has
PLACES = 20  # more options than any question has
LONGEST_TEXT = 200  # characters of one typed answer
LONGEST_ESSAY = 20_000  # characters of one essay; 2,500 words have some 14,000
LONGEST_TYPED = 24 * 1024  # bytes of all typed answers, as JSON
LONGEST_WRITTEN = 36 * 1024  # bytes of those and all essays; an essay of 2,500 words has 20 KB, and rarely 28
LONGEST_PREDICTION = 999_999_999
REVISIONS = 10**6  # more than anybody makes in one attempt
LONGEST_BODY = 64 * 1024  # bytes of a save; no document of our shape is longer
EMPTY: dict[str, Any] = {"a": {}, "f": [], "p": None, "t": {}}
_PARTS = {*EMPTY, "s", "w", "e", "b"}


class BadResponses(ValueError):
    """The document does not have the shape that our own page sends."""


def longest_essay(essays: int) -> int:
    """How many characters the field of each essay of a paper takes. Vietnamese has less than one and a half bytes to one."""
    return min(LONGEST_ESSAY, LONGEST_WRITTEN // 2 // max(1, essays))


def canonical(document: Any) -> dict[str, Any]:
    """The document with sorted keys and no unanswered questions, so that equal answers are equal documents.

    Raises BadResponses.
    """
    if not isinstance(document, dict):
        raise BadResponses("not an object")
    if strange := document.keys() - _PARTS:
        # a document of another shape would pass for one without answers
        raise BadResponses(f"unknown parts: {strange}")
    try:
        ways = {name: _by_question(document, name, read) for name, read in _WAYS.items()}
        flags = sorted({_whole(number, 1, QUESTIONS) for number in document.get("f") or []})
        times = _by_question(document, "t", _milliseconds)
        first = _by_question(document, "b", _milliseconds)
        prediction = document.get("p")
        if prediction is not None:
            prediction = _whole(prediction, 0, LONGEST_PREDICTION)
        given = {name: kept for name, of in ways.items() if (kept := {n: value for n, value in of.items() if value})}
        _check_bounds(given)
    except (TypeError, ValueError) as error:
        raise BadResponses(str(error)) from None
    return {"a": {}, **given, "f": flags, "p": prediction, "t": times, **({"b": first} if first else {})}


def from_form(form: Mapping[str, Any], kinds: Sequence[str]) -> dict[str, Any]:
    """The document of a page without script.  kinds: of the paper's questions, in order.

    form: a MultiDict, because a question with several right options posts its name more than once. Question 3 is field q3,
    or the lists q3-1, q3-2, … of an ordering or a matching; the prediction is p.
    Raises BadResponses.
    """
    found: dict[str, Any] = {"a": {}, "s": {}, "w": {}, "e": {}}
    typed = str(form.get("p", "")).replace(".", "").replace(" ", "")
    try:
        for n, kind in enumerate(kinds, 1):
            found[way(kind)][str(n)] = _FIELDS[way(kind)](form, f"q{n}")
        prediction = int(typed) if typed else None
    except ValueError as error:
        raise BadResponses(str(error)) from None
    return canonical(found | {"p": prediction})


def _boxes(form: Any, name: str) -> list[int]:
    return [int(place) for place in form.getlist(name)]


def _lists(form: Any, name: str) -> list[int]:
    names = takewhile(form.__contains__, (f"{name}-{place}" for place in range(1, PLACES + 1)))
    return [int(form[name] or 0) for name in names]


def _field(form: Any, name: str) -> str:
    return str(form.get(name, ""))


_FIELDS: dict[str, Callable[[Any, str], Any]] = {"a": _boxes, "s": _lists, "w": _field, "e": _field}


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
    """How many questions have an answer."""
    return sum(len(document.get(name, ())) for name in _WAYS)


def _check_bounds(given: Mapping[str, Mapping[str, Any]]) -> None:
    if sum(map(len, given.values())) != len(set().union(*given.values())):
        raise ValueError("a question is answered in two ways")
    typed, essays = (len(json.dumps(given[name], ensure_ascii=False).encode()) if name in given else 0 for name in "we")
    if typed > LONGEST_TYPED or typed + essays > LONGEST_WRITTEN:
        raise ValueError("too much is typed")


def _by_question(document: Mapping[str, Any], name: str, read: Callable[[Any], Any]) -> dict[str, Any]:
    """One part of the document, sorted by question."""
    found = {_question(number): read(value) for number, value in dict(document.get(name) or {}).items()}
    return {str(number): found[number] for number in sorted(found)}


def _places(values: Any) -> list[int]:
    return sorted({_whole(value, 1, PLACES) for value in values})


def _numbers(values: Any) -> list[int]:
    numbers = [_whole(value, 0, PLACES) for value in values]
    if len(numbers) > PLACES:
        raise ValueError(f"{len(numbers)} lists in one question")
    return numbers if any(numbers) else []


def _text(typed: Any) -> str:
    """NFC with single blanks; what cannot be printed counts as a blank."""
    if not isinstance(typed, str) or len(typed) > 3 * LONGEST_TEXT:  # a letter with two marks may come as three
        raise ValueError("not a text of a field")
    printed = "".join(c if c.isprintable() else " " for c in typed)
    text = " ".join(unicodedata.normalize("NFC", printed).split())
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{len(text)} characters in one answer")
    return text


def _essay(typed: Any) -> str:
    """NFC, with single blanks within a line and at most one empty line between two."""
    if not isinstance(typed, str) or len(typed) > 3 * LONGEST_ESSAY:
        raise ValueError("not a text of a field")
    lines = unicodedata.normalize("NFC", typed).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    printed = (" ".join("".join(c if c.isprintable() else " " for c in line).split()) for line in lines)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(printed)).strip()
    if len(text) > LONGEST_ESSAY:
        raise ValueError(f"{len(text)} characters in one essay")
    return text


_WAYS: dict[str, Callable[[Any], Any]] = {
    "a": _places,
    "s": _numbers,
    "w": _text,
    "e": _essay,
}  # in which a question is answered


def _milliseconds(value: Any) -> int:
    return _whole(value, 0, 10**9)


def _question(number: Any) -> int:
    if not (isinstance(number, str) and number.isascii() and number.isdecimal()):
        raise ValueError(f"not a question number: {number!r}")
    return _whole(int(number), 1, QUESTIONS)


def _whole(value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{value!r} is not a whole number from {low} to {high}")
    return value
