"""Options as people write them: several on one line, with a symbol at the right one, a bare "(đúng)" behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quiz.banks.formats.lines.document import Line, Look, fold, text_of
from quiz.banks.formats.lines.line_kinds import ALL_LETTERS, letter_of

# the letters of lists of laws go a, b, c, d, đ, e, g, h: đ may follow d, and f may be left out
_AFTER = {letter: {ALL_LETTERS[n + 1]} for n, letter in enumerate(ALL_LETTERS[:-1])} | {"Đ": {"E"}}
_AFTER["D"] |= {"Đ"}
_AFTER["E"] |= {"G"}

_INNER = re.compile(
    r"(?:(?<=\s)|(?<=[?:.;)…]))(?P<mark>[*✓✔])?[(\[]?(?P<letter>[a-lA-LđĐ])(?P<star>\*)?(?P<end>[.):])(?P<tab>\s*)"
)
_BEFORE_A_NAME = re.compile(r"\b(?:diem|khoan|muc|y|cau|phuong an|dap an) $")
_BEFORE = re.compile(r"\s*(?P<mark>\*{1,2}(?!\*)|[✓✔☑✅√☒☐□]|\[[xX*]\]|\[\s?\]|\([xX*]\))\s*")
_BEHIND = re.compile(
    r"\s*(?P<mark>[(\[](?:dap an dung|phuong an dung|dung|chinh xac|correct|true|dap an|x|\*|d)[)\]]"
    r"|[(\[](?:sai|incorrect|false|s)[)\]]|[✓✔☑✅√]|(?<=[\s.;])\*{1,2}|<-+\s*(?:dap an|dung)?)\s*(?P<end>[.;]?)\s*$"
)
_WRONG = ("sai", "incorrect", "false", "s", "☐", "□", "[]")
_TRUTH = re.compile(r"(?:\s*[:–\-=→]+|\s*\t|\s+)\s*[(\[]?(?P<said>Đúng|ĐÚNG|Sai|SAI|Đ|S)[)\]]?\s*[.;]?\s*$")


@dataclass(slots=True)
class Option:
    """letter: as the file calls it, "" where it does not.  style: how letters are written, to tell lists apart.

    says: True where a symbol says that it is right, False where one says that it is wrong · symbol: that symbol ·
    head: its first line as a whole, with the letter
    """

    letter: str
    lines: list[Line] = field(default_factory=list)
    style: str = ""
    says: bool | None = None
    symbol: str = ""
    letter_look: Look | None = None
    head: Line | None = None

    @property
    def text(self) -> str:
        return text_of(self.lines)

    def take_symbols(self) -> None:
        """Take symbols out of the text and remember what they say."""
        if not self.lines:
            return
        first = self.lines[0]
        if found := _BEFORE.match(first.text):
            self.note(found["mark"])
            self.lines[0] = first.cut(found.end())
        last = self.lines[-1]
        found = _BEHIND.search(last.folded)
        if found and last.text[found.start("mark") : found.end("mark")] not in ("(d)", "[d]"):  # a point of a law
            self.note(last.text[found.start("mark") : found.end("mark")])
            self.lines[-1] = last.cut(0, found.start())

    def note(self, mark: str) -> None:
        said = fold(mark.strip("()[] "))
        self.says = not (said in _WRONG or mark.replace(" ", "") in _WRONG)
        self.symbol = mark.strip()


def follows(letter: str, last: str) -> bool:
    """May an option of this letter stand directly behind one of the other?  last: "" at the beginning."""
    return letter in _AFTER.get(last, ()) if last else letter == "A"


def split(line: Line, *, last: str, style: str, stop: str, starts_with_option: bool) -> list[tuple[str, Line]]:
    """Parts of a line with options in it: ("", what stands before them), then (letter, its option).

    last: letter of the option before · style: of a letter at the very beginning, "" when there is none · stop: letter of the
    option on a later line, at which those of this line must have ended, or "" · Letters must come in order, written alike.
    """
    kept: list[re.Match[str]] = []
    letters: list[str] = []
    for found in _INNER.finditer(line.text):
        letter = letter_of(found["letter"])
        written = ("A" if found["letter"].isupper() else "a") + found["end"]
        if not follows(letter, letters[-1] if letters else last) or (style and written != style):
            continue
        if _BEFORE_A_NAME.search(line.folded, max(0, found.start() - 12), found.start()):
            continue  # "Theo điểm b) khoản 2"
        if letter == stop:
            break
        kept.append(found)
        letters.append(letter)
        style = style or written
    if not kept or not (starts_with_option or _is_list(line, kept, letters, alone=not stop)):
        return [("", line)]
    ends = [*(found.start() for found in kept[1:]), len(line.text)]
    parts = [("", line.cut(0, kept[0].start()))]
    for found, letter, end in zip(kept, letters, ends, strict=True):
        star = "*" if found["mark"] or found["star"] else ""
        parts.append((letter + star, line.cut(found.end(), end)))
    return parts if all(part.text.strip() for _letter, part in parts[1:]) else [("", line)]


def _is_list(line: Line, kept: list[re.Match[str]], letters: list[str], *, alone: bool) -> bool:
    """Behind a stem: three options, or two behind the end of a sentence, or two when no line with options follows."""
    before = line.text[: kept[0].start()].rstrip()
    ends = not before or before[-1] in "?:.;…" or "\t" in line.text
    return len(letters) >= 3 or (len(letters) == 2 and (ends or alone))


def truths(options: list[Option]) -> list[bool] | None:
    """What "… – Đ", "… (S)" behind every option say, and take it out of the texts; None when not all of them say so."""
    found = [_TRUTH.search(option.lines[-1].text) if option.lines else None for option in options]
    if len(options) < 2 or not all(found):
        return None
    said = []
    for option, match in zip(options, found, strict=True):
        assert match is not None
        if not option.lines[-1].text[: match.start()].strip() and len(option.lines) == 1:
            return None  # the option itself is "Đúng"
        option.lines[-1] = option.lines[-1].cut(0, match.start())
        said.append(match["said"][0] in "Đđ")
    return said
