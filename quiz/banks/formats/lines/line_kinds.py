"""What a line of a question file is by its beginning: a question, an option, "Đáp án:", a heading, the foot of a page.

Only the line itself is looked at; whether "1." opens a question or stands in a list is for layouts to decide.
Source of the layouts and their noise: facts/contest-practice.md §4.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from quiz.banks.formats.lines.document import GUARD, Line
from quiz.banks.wording import MOST_THINGS, letter

DOTS = " \t.…_"  # where somebody is to write an answer
ALL_LETTERS = "".join(map(letter, range(1, MOST_THINGS + 1)))  # of orderings too, which have more than wording.LETTERS


class Kind(enum.Enum):
    QUESTION = "question"  # "Câu 12."
    NUMBERED = "numbered"  # "12."
    OPTION = "option"
    PINNED = "pinned"  # "#!", "#$" of the layout that puts the key first
    FIELD = "field"  # "Giải thích: …"
    SECTION = "section"
    END = "end"  # "HẾT"
    KEYS = "keys"  # "BẢNG ĐÁP ÁN"
    SOLUTIONS = "solutions"  # "LỜI GIẢI CHI TIẾT"
    FOOT = "foot"  # "Trang 3/10", and words of other programs
    TEXT = "text"
    BLANK = "blank"


@dataclass(slots=True)
class Token:
    """A line and what it is.  rest: what stands behind its beginning.

    name: number of a question or "", letter of an option, name of a field, id of a section · style: how numbers and letters are
    written, to tell lists apart · mark: the symbol beside the letter of an option, or the brackets behind a number ·
    at: place of the letter of an option in the line, -1 when it has none of its own
    """

    kind: Kind
    line: Line
    rest: Line
    name: str = ""
    style: str = ""
    mark: str = ""
    at: int = -1

    @property
    def number(self) -> int:
        """Of a question, the last part of "2.15"; 0 when it has none."""
        return int(self.name.rpartition(".")[2] or 0) if self.kind in (Kind.QUESTION, Kind.NUMBERED) else 0


_QUESTION = re.compile(
    r"[\s*•\-–#]*[(\[]?(?P<word>cau hoi so|cau hoi|cau so|cau|bai tap|bai|question)\s*(?P<number>\d{1,5}(?:\.\d{1,3}(?=\s*[.:)]))?)(?!\d)"
    r"\s*(?P<notes>(?:[(\[][^)\]\n]{1,40}[)\]]\s*)*)(?P<end>[.:)\]/–—-]+(?!\d)|\.|$|(?=\s))\s*"
)
_NUMBERED = re.compile(r"\s*(?P<number>\d{1,5})\s?(?P<end>\.\)|[.)\]:](?!\d)|/(?=\s)|[-–](?=\s))\s*")
_OPTION = re.compile(
    r"[\s]*(?P<mark>[*✓✔☑✅√☒☐□]|\[[x*]\]|\([x*]\)|x(?=\s+[a-l]\s?[.)]))?\s*"
    r"(?P<open>[(\[])?(?P<letter>[a-l])(?P<star>\*)?\s?(?P<end>[.)\]:](?P<star2>\*)?|/(?=\s)|[-–](?=\s)|(?=\t))\s*"
)
_BULLET = re.compile(r"\s*[-–•▪➢+o]\s+(?=\S)")
_PINNED = re.compile(r"\s*(?:[a-l]\s?[.)]\s*)?#(?P<sign>[!$])\s*")

_FIELDS = {
    "key": [
        "dap an", "dap an dung", "dap an chinh xac", "dap an la", "dap an dung la", "dap an chinh xac la", "da", "d/a", "d.a",
        "tra loi", "cau tra loi", "cau tra loi dung", "cau tra loi dung la", "phuong an dung", "phuong an dung la", "chon",
        "chon dap an", "chon phuong an", "chon cau", "answer", "correct answer", "the correct answer is", "key", "dap so",
    ],
    "or": ["hoac", "hoac la"],
    "explanation": [
        "giai thich", "giai thich dap an", "loi giai", "loi giai chi tiet", "huong dan", "huong dan giai", "huong dan tra loi",
        "huong dan chi tiet", "hd", "hdg", "vi", "ly do", "giai", "phan hoi", "feedback", "explanation", "dien giai",
    ],
    "source": ["tham khao", "nguon", "tai lieu", "tai lieu tham khao", "trich"],
    "citation": ["can cu", "can cu phap ly", "can cu phap luat", "co so phap ly", "van ban", "van ban can cu", "dieu luat"],
    "article": ["so dieu"], "clause": ["so khoan"], "point": ["chu diem"],
    "topic": ["chu de", "chuyen de", "linh vuc", "topic"],
    "level": ["muc do", "muc do nhan thuc", "do kho", "level", "cap do"],
    "kind": ["loai", "loai cau", "loai cau hoi", "dang", "dang cau", "dang cau hoi", "kieu cau hoi"],
    "code": ["id", "ma", "ma cau", "ma cau hoi", "ma so", "code"],
    "partial": ["cach cham"],
    "pinned": ["giu cho", "giu nguyen cho"],
    "words": ["so chu toi da", "gioi han so chu"],
    "exemplar": ["dien hinh", "guong dien hinh", "dien hinh tien tien"],
}  # fmt: skip
_FIELD_OF = {name: field for field, names in _FIELDS.items() for name in names}
_NAMES = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(_FIELD_OF, key=len, reverse=True))
_FIELD = re.compile(
    rf"[\W_]{{0,4}}(?P<name>{_NAMES})\s*(?P<number>\d{{1,3}}|[ivx]{{1,4}})?\s*[.]?\s*(?P<end>:|=>|[-–](?=\s))\s*"
)
_DAY = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}"
_PERIOD = re.compile(
    rf"\s*(?:dap an )?(?:dung|ap dung|hieu luc)(?: tu(?: ngay)?\s*:?\s*(?P<from>{_DAY}))?\s*,?"
    rf"(?:\s+den(?P<how> truoc| het)?(?: ngay)?\s*:?\s*(?P<to>{_DAY}))?\s*\.?\s*$"
)
_LETTERS_ONLY = r"[a-l](?:\s*(?:[,;&+]|va)\s*[a-l])*\s*[.)]?\s*$"
_BARE_KEY = re.compile(
    rf"[\W_]{{0,4}}(?:dap an|d/a|d\.a|da|phuong an|chon|answer|key|cau tra loi)(?: dap an| phuong an| cau)?(?: dung)?(?: la)?"
    rf"\s*[.\-–]?\s+(?={_LETTERS_ONLY})"
)
_BARE_SOLUTION = re.compile(r"[\W_]{0,4}(?:loi giai|giai thich|huong dan giai|huong dan tra loi|phan hoi|feedback)\W*$")
# fields that may stand in the middle of a line, behind a sentence
_INNER = re.compile(
    r"(?:(?<=[.;?!)])|(?<=\s))\s*(?P<name>Vì|Giải thích|Lời giải|Tham khảo|Căn cứ|Căn cứ pháp lý|Đáp án|ĐÁP ÁN|Đáp án đúng|Đáp án đúng là|ĐA)\s*:"
)
_INNER_KEY = re.compile(
    r"[\s(\[]{1,4}(?:dap an|d/a)(?: dung)?(?: la)?\s*:?\s+(?P<value>[a-h](?:\s*,\s*[a-h])*)\s*[)\]]?\s*\.?\s*$"
)

_SECTION = re.compile(
    r"\W*(?:phan|nhom|chuong|de so|bo de|de|cum)\s+(?:thu\s+)?(?P<id>[ivx]{1,5}|\d{1,3}|[a-d]|nhat|hai|ba|tu|nam)\b\s*(?=[.:()–\-]|$)"
)
_ROMAN = re.compile(r"\s*(?P<id>i{1,3}|iv|vi{0,3}|ix|xi{0,3})\s?[.):/–-]\s+(?=\S)")
_SECTION_WORDS = re.compile(r"trac nghiem|tu luan|cau hoi|dung sai|dung/sai|tra loi ngan|nhieu lua chon|phan ")
_END = re.compile(r"[\W_]*(?:h\s?e\s?t|the end|end)[\W_]*$")
_KEYS = re.compile(
    r"(?:[ivxa-d\d]{1,4}[.)]\s*)?[\W_]*(?:phan )?(?:bang\s+(?:tong hop\s+)?(?:dap an|tra loi)|dap an|bang da)"
    r"(?:\s+(?:tham khao|chi tiet|trac nghiem|va\b.*|de\b.*|phan\b.*|cac cau\b.*|cau hoi\b.*|bo cau hoi\b.*))?[\W_]*$"
)
_SOLUTIONS = re.compile(
    r"(?:[ivxa-d\d]{1,4}[.)]\s*)?[\W_]*(?:loi giai|huong dan(?: giai| tra loi| cham)?|dap an|giai thich)"
    r"(?: (?:va|,) (?:dap an|loi giai|huong dan giai|giai thich))?(?: chi tiet)+[\W_]*$"
    r"|[\W_]*dap an (?:va|,|-) (?:loi giai|huong dan(?: giai)?|giai thich)(?: chi tiet)?[\W_]*$"
)
_FOOT = re.compile(
    r"[\W_]*(?:ma de(?: thi)?\W*\d+\W+)?(?:trang|page)\s*(?:so\s*)?\d{1,4}\s*(?:(?:/|tren|of|-)\s*\d{1,4})?[\W_]*(?:ma de(?: thi)?\W*\d+\W*)?$"
    r"|\s*[-–]\s*\d{1,4}\s*[-–]\s*$|\s*\d{1,4}\s*/\s*\d{1,4}\s*$"
    r"|\s*(?:chon (?:mot|1)(?: cau tra loi| hoac nhieu(?: hon)?)?|chon cau tra loi(?: dung| cua ban)?|select one(?: or more)?)\s*:?\s*$"
    r"|\s*(?:chua tra loi|dat diem [\d,. ]+.*|dat co|khong cham diem|da tra loi)\s*$"
)  # fmt: skip
_CAPITAL_SHARE = 0.7
_IN_CAPITALS = ("da", "hd", "hdg")


def tokens_of(line: Line) -> Iterator[Token]:
    """The line as one token, or as several where fields stand one behind another in it."""
    for part in _parts(line):
        yield classify(part)


def classify(line: Line) -> Token:
    if line.is_blank:
        return Token(Kind.BLANK, line, line)
    if line.is_guarded:
        return Token(Kind.TEXT, line, line)
    for read in (_pinned, _question, _foot_or_heading, _field, _numbered, option_of):
        if token := read(line):
            return token
    return Token(Kind.TEXT, line, line)


def bullet(line: Line) -> Line | None:
    """What stands behind a dash or dot at the beginning of the line."""
    found = _BULLET.match(line.folded)
    return line.cut(found.end()) if found else None


def letter_of(char: str) -> str:
    """The letter that a character at the head of an option is meant as; "" for any other."""
    return "Đ" if char in "đĐ" else _LETTER_OF.get(char, "")


_LETTER_OF = {char: char.upper() for char in ALL_LETTERS + ALL_LETTERS.lower()} | {
    "А": "A",
    "В": "B",
    "С": "C",
    "Е": "E",
}


def period_of(line: Line) -> tuple[str, str, bool] | None:
    """The days of "Đúng từ ngày 01/01/2024 đến trước 01/10/2026": first, last or "", and whether the last one is still right."""
    found = _PERIOD.match(line.folded) if "/" in line.text or "-" in line.text or "." in line.text else None
    if found is None or not (found["from"] or found["to"]):
        return None
    return found["from"] or "", found["to"] or "", found["how"] != " truoc"


def is_heading(line: Line) -> bool:
    """In capitals, as titles are."""
    if line.is_guarded:
        return False
    letters = [char for char in line.text if char.isalpha()]
    return len(letters) >= 6 and sum(map(str.isupper, letters)) >= _CAPITAL_SHARE * len(letters)


def _parts(line: Line) -> Iterator[Line]:
    text = line.text
    if ":" not in text and "(" not in text:
        yield line
        return
    cuts = [found.start("name") for found in _INNER.finditer(text, 1)]
    if not cuts and (key := _INNER_KEY.search(line.folded)) and line.folded[: key.start()].strip():
        end = key.end("value")
        yield from (line.cut(0, key.start()), line.cut(key.start() + _lead(line, key.start()), end))
        return
    start = 0
    for cut in cuts:
        if line.text[start:cut].strip(" ([\t"):
            yield line.cut(start, cut)
            start = cut
    yield line.cut(start) if start else line


def _lead(line: Line, start: int) -> int:
    return len(line.text[start:]) - len(line.text[start:].lstrip(" \t(["))


def _pinned(line: Line) -> Token | None:
    found = _PINNED.match(line.folded) if "#" in line.text[:12] else None
    return Token(Kind.PINNED, line, line.behind(found.end()), found["sign"]) if found else None


def _question(line: Line) -> Token | None:
    found = _QUESTION.match(line.folded)
    if found is None:
        return None
    rest = line.behind(found.end())
    notes = found["notes"].strip()
    # "Câu 5 và câu 6 nói về…" is a sentence, "Câu 5 Theo Luật…" is a question without its point
    if not found["end"] and not notes and rest.text and not rest.text[0].isupper() and not rest.text[0].isdigit():
        return None
    number = ".".join(str(int(part)) for part in found["number"].split("."))
    style = "bài" if found["word"].startswith("bai") else "câu"
    return Token(Kind.QUESTION, line, rest, number, style, line.text[found.start("notes") : found.end("notes")].strip())


def _numbered(line: Line) -> Token | None:
    found = _NUMBERED.match(line.folded)
    if found is None or not line.text[found.end() :].strip():
        return None
    return Token(Kind.NUMBERED, line, line.behind(found.end()), str(int(found["number"])), found["end"])


def option_of(line: Line) -> Token | None:
    """The line as an option, if it can be one."""
    found = _OPTION.match(line.folded)
    if found is None:
        return None
    letter = letter_of(line.text[found.start("letter")])
    if not letter or (not found["end"] and not line.text[found.start("letter")].isupper()):
        return None
    mark = found["mark"] or found["star"] or found["star2"] or ""
    style = ("A" if line.text[found.start("letter")].isupper() else "a") + found["end"].strip("*")
    return Token(Kind.OPTION, line, line.behind(found.end()), letter, style, mark, found.start("letter"))


def _field(line: Line) -> Token | None:
    folded = line.folded
    if period_of(line):
        return Token(Kind.FIELD, line, line, "period")
    if found := _FIELD.match(folded):
        name = _FIELD_OF[" ".join(found["name"].split())]
        said = line.text[found.start("name") : found.end("name")]
        if found["number"] and name != "topic":
            return None  # "Giải 1: …" is a prize
        if found["end"] not in (":", "=>") and name != "key":
            return None
        if len(said) <= 3 and (said[0].islower() or (found["name"] in _IN_CAPITALS and not said.isupper())):
            return None  # "vì: …" of a sentence that goes on; "Đá: …"
        return Token(Kind.FIELD, line, line.behind(found.end()), name)
    if found := _BARE_KEY.match(folded):
        said = line.text[: found.end()].strip()
        if len(said) > 3 or said.isupper():
            return Token(Kind.FIELD, line, line.behind(found.end()), "key")
    if found := _BARE_SOLUTION.match(folded):
        return Token(Kind.FIELD, line, line.behind(found.end()), "explanation")
    return None


def _foot_or_heading(line: Line) -> Token | None:
    folded = line.folded
    if len(folded) > 300 or GUARD in folded:
        return None
    for pattern, kind in ((_FOOT, Kind.FOOT), (_END, Kind.END), (_SOLUTIONS, Kind.SOLUTIONS), (_KEYS, Kind.KEYS)):
        if pattern.match(folded):
            return Token(kind, line, line.behind(len(line.text)))
    if found := _SECTION.match(folded):
        return Token(
            Kind.SECTION, line, line.behind(found.end()), " ".join(folded[: found.end()].split()).strip(" .:-–*_")
        )
    found = _ROMAN.match(folded)
    if found and line.text[found.start("id")].isupper():
        rest = line.behind(found.end())
        if is_heading(rest) or _SECTION_WORDS.search(rest.folded):
            return Token(Kind.SECTION, line, rest, "phan " + found["id"])
    return None
