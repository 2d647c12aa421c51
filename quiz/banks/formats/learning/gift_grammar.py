r"""Moodle's GIFT as it is written: from text to blocks, signs, answers, weights and feedback. No item is made here.

Source: Moodle, question/format/gift/format.php, whose reading this follows; docs/formats.md says where it is stricter.
A sign after a backslash is a letter like others (\: \# \= \{ \} \~ \\, and \n for a new line); any other backslash is itself.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

GAP = "_____"
LONGEST_BLOCK = 300_000  # characters
MOST_ANSWERS = 100


class Form(enum.Enum):
    """What a block asks, as Moodle tells it from its answers."""

    DESCRIPTION = "description"
    ESSAY = "essay"
    TRUE_FALSE = "true_false"
    CHOICE = "choice"
    SHORT = "short"
    NUMBER = "number"
    MATCHING = "matching"
    BROKEN = "broken"  # one of the two braces is missing, or the closing one stands first
    TOO_LONG = "too_long"  # no item is that long: a file that is something else, or a trap


class Start(enum.IntEnum):
    """Where the sign of an answer stands: what tells an answer from a sign that somebody forgot to escape."""

    LINE = 0  # begins its line
    WORD = 1  # after a blank
    WITHIN = 2  # right after a letter


@dataclass(frozen=True, slots=True)
class Text:
    """format: "moodle" (plain, or HTML where it has tags), "html", "markdown" or "plain"."""

    source: str = ""
    format: str = "moodle"


@dataclass(frozen=True, slots=True)
class Answer:
    """right: it stands after "=", not after "~" · weight: in per cent, or None where none is written ·
    match: the right side of a pair; None where there is no arrow
    """

    text: Text
    right: bool
    start: Start = Start.LINE
    weight: Decimal | None = None
    feedback: Text | None = None
    match: str | None = None


@dataclass(slots=True, kw_only=True)
class Entry:
    """A block of the file.  line: its first one, from 1.  category: the last $CATEGORY before it.

    other: feedback for every other number · more_braces: after the answers there are further braces, so that the answers
    may be others than those read · id, tags: from its comments
    """

    line: int
    category: str
    form: Form
    name: str = ""
    stem: Text
    answers: list[Answer] = field(default_factory=list)
    other: Text | None = None
    general: Text | None = None
    more_braces: bool = False
    id: str = ""
    tags: list[str] = field(default_factory=list)


class Token(NamedTuple):
    """sign: "{", "}", "=", "~", "#", "->", "::", or "" for letters."""

    sign: str
    text: str


_TOKEN = re.compile(
    r"\\(?P<escaped>[\\:#={}~n])|(?P<sign>->|::|[{}=~#])|(?P<letters>[^\\:#={}~\-]+|.)", re.DOTALL
)  # fmt: skip
_SIGNS = {sign: Token(sign, sign) for sign in ("{", "}", "=", "~", "#", "->", "::")}
_FORMAT = re.compile(r"\[(html|markdown|moodle|plain)\]")
_WEIGHT = re.compile(r"%(-?[0-9]{1,9}(?:\.[0-9]{0,15})?)%")
_COMMENT_FIELD = re.compile(
    r"\[(id|tag):((?:\\.|[^\]\\\n])*)(\]?)"
)  # matched without its end too, so that nothing is read twice
_CATEGORY = "$CATEGORY:"
_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}


def entries(text: str) -> Iterator[Entry]:
    """The blocks of a file in order.  text: with "\\n" as end of line."""
    category = ""
    for first, lines in _blocks(text):
        comments = [line for line in lines if line.lstrip().startswith("//")]
        kept = [(number, line) for number, line in enumerate(lines, first) if not line.lstrip().startswith("//")]
        if kept and kept[0][1].lstrip().startswith(_CATEGORY):
            category = kept.pop(0)[1].strip()[len(_CATEGORY) :].strip()
        if kept:
            entry = _entry("\n".join(line for _number, line in kept), kept[0][0], category)
            for name, value, end in _COMMENT_FIELD.findall("\n".join(comments)):
                if end:
                    _take_field(entry, name, value.replace("\\]", "]").strip())
            yield entry


def _take_field(entry: Entry, name: str, value: str) -> None:
    if name == "tag":
        entry.tags.append(value)
    elif not entry.id:
        entry.id = value


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """(number of the first line, lines) of what stands between blank lines."""
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def tokenise(text: str) -> list[Token]:
    return [_token(found) for found in _TOKEN.finditer(text)]


def _token(found: re.Match[str]) -> Token:
    if escaped := found["escaped"]:
        return Token("", "\n" if escaped == "n" else escaped)
    return _SIGNS[found[0]] if found["sign"] else Token("", found[0])


def _entry(block: str, line: int, category: str) -> Entry:
    if len(block) > LONGEST_BLOCK:
        return Entry(line=line, category=category, form=Form.TOO_LONG, stem=Text(block[:100]))
    name, tokens = _name(tokenise(block))
    opening, closing = _place("{", tokens), _place("}", tokens)
    if opening is None and closing is None:
        return Entry(line=line, category=category, form=Form.DESCRIPTION, name=name, stem=_text(tokens))
    if opening is None or closing is None or closing < opening:
        return Entry(line=line, category=category, form=Form.BROKEN, name=name, stem=_text(tokens))
    before, inner, after = tokens[:opening], tokens[opening + 1 : closing], tokens[closing + 1 :]
    stem = _text([*before, Token("", GAP), *after] if _literal(after).strip() else before)
    inner, general = _general(inner)
    entry = Entry(
        line=line, category=category, form=_form(inner), name=name, stem=stem,
        general=_feedback(general, stem.format),
        more_braces=any(token.sign in ("{", "}") for token in after),
    )  # fmt: skip
    _take_answers(entry, inner)
    if len(entry.answers) > MOST_ANSWERS:
        entry.form = Form.TOO_LONG
    return entry


def _name(tokens: Sequence[Token]) -> tuple[str, Sequence[Token]]:
    """What stands between the colons of "::Tên:: …", and the rest."""
    tokens = _without_outer_blanks(tokens)
    if tokens and tokens[0].sign == "::":
        end = _place("::", tokens[1:])
        if end is not None:
            return _literal(tokens[1 : end + 1]).strip(), tokens[end + 2 :]
    return "", tokens


def _without_outer_blanks(tokens: Sequence[Token]) -> Sequence[Token]:
    first, last = 0, len(tokens)
    while first < last and not tokens[first].text.strip():
        first += 1
    while last > first and not tokens[last - 1].text.strip():
        last -= 1
    return tokens[first:last]


def _place(sign: str, tokens: Sequence[Token]) -> int | None:
    return next((place for place, token in enumerate(tokens) if token.sign == sign), None)


def _literal(tokens: Iterable[Token]) -> str:
    return "".join(token.text for token in tokens)


def _text(tokens: Iterable[Token], inherited: str = "moodle") -> Text:
    return _formatted(_literal(tokens), inherited)


def _formatted(source: str, inherited: str) -> Text:
    source = source.strip()
    found = _FORMAT.match(source)
    return Text(source[found.end() :].strip(), found[1]) if found else Text(source, inherited)


def _general(tokens: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """Answers, and the feedback for everybody after the last "####"."""
    for place in range(len(tokens) - 4, -1, -1):
        if all(token.sign == "#" for token in tokens[place : place + 4]):
            return _without_outer_blanks(tokens[:place]), tokens[place + 4 :]
    return _without_outer_blanks(tokens), ()


def _form(answers: Sequence[Token]) -> Form:
    signs = {token.sign for token in answers}
    if not answers:
        return Form.ESSAY
    if answers[0].sign == "#":
        return Form.NUMBER
    if "~" in signs:
        return Form.CHOICE
    if "=" in signs and "->" in signs:
        return Form.MATCHING
    return Form.TRUE_FALSE if _literal(_split(answers, "#", 1)[0]).strip() in _TRUTHS else Form.SHORT


def _take_answers(entry: Entry, tokens: Sequence[Token]) -> None:
    if entry.form == Form.TRUE_FALSE:
        _take_truth(entry, tokens)
        return
    if entry.form == Form.NUMBER:
        tokens, _sign, others = _part(tokens[1:], "~")
        _text_of_others, _sign, feedback = _part(others, "#")
        entry.other = _feedback(feedback, entry.stem.format)
    signs = ("=", "~") if entry.form == Form.CHOICE else ("=",)
    read = _pair if entry.form == Form.MATCHING else _answer
    for sign, start, piece in _pieces(tokens, signs):
        right = sign == "=" or entry.form != Form.CHOICE
        entry.answers.append(replace(read(piece, entry.stem.format), right=right, start=start))


def _take_truth(entry: Entry, tokens: Sequence[Token]) -> None:
    """{TRUE#for a wrong answer#for a right one}: feedback is kept with the answer that it is given for."""
    said, *feedbacks = _split(tokens, "#", 2)
    truth = _TRUTHS[_literal(said).strip()]
    of_wrong, of_right = (_feedback(part, entry.stem.format) for part in (*feedbacks, (), ())[:2])
    of_true, of_false = (of_right, of_wrong) if truth else (of_wrong, of_right)
    entry.answers = [Answer(Text("TRUE"), truth, feedback=of_true), Answer(Text("FALSE"), not truth, feedback=of_false)]


def _part(tokens: Sequence[Token], sign: str) -> tuple[Sequence[Token], str, Sequence[Token]]:
    """As str.partition."""
    place = _place(sign, tokens)
    return (tokens, "", ()) if place is None else (tokens[:place], sign, tokens[place + 1 :])


def _split(tokens: Sequence[Token], sign: str, most: int) -> list[Sequence[Token]]:
    """As str.split with a limit."""
    parts = []
    for _turn in range(most):
        before, found, tokens = _part(tokens, sign)
        parts.append(before)
        if not found:
            return parts
    return [*parts, tokens]


def _pieces(tokens: Sequence[Token], signs: Sequence[str]) -> Iterator[tuple[str, Start, Sequence[Token]]]:
    """Every answer that has any text: its sign, where the sign stands, and what follows. The first may have no sign."""
    sign, start, begin = "", Start.LINE, 0
    for place, token in enumerate([*tokens, Token(signs[0], "")]):
        if token.sign in signs:
            if _literal(tokens[begin:place]).strip():
                yield sign, start, tokens[begin:place]
            sign, start, begin = token.sign, _start(tokens[place - 1] if place else None), place + 1


def _start(before: Token | None) -> Start:
    if before is None or before.text.rstrip(" \t").endswith("\n"):
        return Start.LINE
    return Start.WORD if before.text[-1:].isspace() else Start.WITHIN


def _answer(tokens: Sequence[Token], inherited: str) -> Answer:
    said, _sign, feedback = _part(tokens, "#")
    source = _literal(said).strip()
    found = _WEIGHT.match(source)
    text = _formatted(source[found.end() :] if found else source, inherited)
    return Answer(text, True, weight=Decimal(found[1]) if found else None, feedback=_feedback(feedback, inherited))


def _pair(tokens: Sequence[Token], inherited: str) -> Answer:
    left, arrow, other = _part(tokens, "->")
    return Answer(_text(left, inherited), True, match=_literal(other).strip() if arrow else None)


def _feedback(tokens: Sequence[Token], inherited: str) -> Text | None:
    text = _text(tokens, inherited)
    return text if text.source else None
