"""Legal places as people write them: "Khoản 2 Điều 5 Luật Thi đua, khen thưởng năm 2022"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ARTICLE = re.compile(r"\bđiều\s+(\d{1,4}[a-zđ]?)(?:\.(\d{1,3}))?(?![\w/])", re.IGNORECASE)
_CLAUSE = re.compile(r"\bkhoản\s+(\d{1,3}[a-zđ]?)(?![\w/])", re.IGNORECASE)
_POINT = re.compile(r"\bđiểm\s+([a-zđ]\d?)(?!\w)", re.IGNORECASE)
_LEFT = re.compile(
    r"^(?:[\s,;:.–\-()]|và\b|của\b|tại\b|theo\b|quy định\b|văn bản(?: số)?\b)+|[\s,;:.–\-(]+$", re.IGNORECASE
)
_MORE = re.compile(r"\b(?:điều|khoản)\s+\d|\bđiểm\s+[a-zđ]\b", re.IGNORECASE)

_LONGEST = 500  # characters


@dataclass(frozen=True, slots=True)
class Citation:
    document: str = ""
    article: str = ""
    clause: str = ""
    point: str = ""


def split(text: str) -> Citation | None:
    """The parts of a citation; None when it names several places, which an item cannot hold apart."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return None
    found: dict[str, str] = {}
    for name, pattern in (("point", _POINT), ("clause", _CLAUSE), ("article", _ARTICLE)):
        places = list(pattern.finditer(text))
        if len(places) > 1:
            return None
        if places:
            found[name] = places[0][1]
            if name == "article" and places[0][2]:  # "Điều 5.2"
                if "clause" in found:
                    return None
                found["clause"] = places[0][2]
            text = text[: places[0].start()] + " , " + text[places[0].end() :]
    if _MORE.search(text):
        return None
    document = " ".join(_LEFT.sub("", text).split())
    return Citation(re.sub(r"(?:\s*,){2,}", ",", document).replace(" ,", ",").strip(" ,;"), **found)


def join(citation: Citation) -> str:
    """ "điểm a khoản 2 Điều 5, văn bản số 06/2022/QH15": what `split` takes apart again."""
    parts = [("điểm", citation.point), ("khoản", citation.clause), ("Điều", citation.article)]
    place = " ".join(f"{word} {value}" for word, value in parts if value)
    if not citation.document:
        return place[:1].upper() + place[1:]
    return f"{place[:1].upper()}{place[1:]}, văn bản số {citation.document}" if place else citation.document
