"""Lines that pages, posters, cards and feeds say of a story in the same words."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext as _

from quiz.exemplars.models import Exemplar, ExemplarKind, Movement
from quiz.settings import Settings

WORDS_A_MINUTE = 220  # Vietnamese words as blanks part them, read without haste on a phone
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
QUARTER = re.compile(r"(\d{4})-Q([1-4])")


def eyebrow(story: Exemplar) -> str:
    """ "Điển hình tiên tiến quý III/2026"; what is told of a call or a congress is no exemplar."""
    if story.kind == ExemplarKind.EVENT:
        return _("Dấu mốc thi đua yêu nước")
    quarter = QUARTER.fullmatch(story.quarter)
    if quarter is None:
        return _("Điển hình tiên tiến")
    return _("Điển hình tiên tiến quý %(quarter)s/%(year)s", quarter=_ROMAN[quarter[2]], year=quarter[1])


def belongs_to(story: Exemplar) -> str:
    """ "UBND xã Mẫu, tỉnh Tây Ninh · 2012–2026" """
    where = ", ".join(dict.fromkeys(filter(None, (story.unit_name, story.place))))
    return " · ".join(filter(None, (where, story.period or (str(story.year) if story.year else ""))))


def minutes_to_read(story: Exemplar) -> int:
    return max(1, round(len(story.body.split()) / WORDS_A_MINUTE))


def sources_of(story: Exemplar) -> list[dict[str, str]]:
    """Each once: a source that several facts rest on is kept once for each of them."""
    found = {(s.get("title", ""), s.get("publisher", ""), s.get("address", "")): s for s in story.sources}
    return list(found.values())


def address_of(story: Exemplar | Movement) -> str:
    """Its whole address, as printed and shared."""
    settings: Settings = current_app.extensions["settings"]
    room = "phong-trao" if isinstance(story, Movement) else "guong"
    return f"{settings.base_url}/{room}/{quote(story.slug)}"


def day_as_told(text: str) -> str:
    """ "1948-06-11" → "11/06/1948", "1948-06" → "06/1948", "1948" as it is."""
    return "/".join(reversed(text.split("-"))) if re.fullmatch(r"\d{4}(-\d\d){0,2}", text) else text


def span_of(movement: Movement) -> str:
    """ "từ 2011", "2021 – 2025", or nothing"""
    started, ended = day_as_told(movement.started), day_as_told(movement.ended)
    if started and ended:
        return f"{started} – {ended}"
    if started:
        return _("từ %(day)s", day=started)
    return _("đến %(day)s", day=ended) if ended else ""
