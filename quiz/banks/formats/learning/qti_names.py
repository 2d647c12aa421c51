"""One set of names for all versions of QTI: no namespaces, no "qti-" in front, camel case as in 2.x; texts as HTML."""

from __future__ import annotations

import html
import re

from lxml import etree

_PREFIX = "qti-"


def normalise(root: etree._Element) -> None:
    """Rename elements and attributes in place: <qti-choice-interaction max-choices> becomes <choiceInteraction maxChoices>."""
    for element in list(root.iter(etree.Element)):
        name = str(element.tag).rpartition("}")[2]
        if name.startswith(_PREFIX):
            name = _camel(name[len(_PREFIX) :])
            for attribute in [a for a in element.attrib if "-" in a and not a.startswith(("{", "data-"))]:
                element.set(_camel(attribute), element.attrib.pop(attribute))
        if name != element.tag:
            element.tag = name
        if name == "object" and (element.get("type") or "image").startswith("image"):
            _as_image(element)


def _camel(name: str) -> str:
    return re.sub(r"-(\w)", lambda found: found[1].upper(), name)


def _as_image(element: etree._Element) -> None:
    """An <object> that shows a picture, with its text as what it shows."""
    alt = " ".join("".join(element.itertext()).split())
    source, tail = element.get("data") or "", element.tail
    element.clear()
    element.tag, element.tail = "img", tail
    element.set("src", source)
    element.set("alt", alt)


def inner_html(element: etree._Element) -> str:
    """What stands inside an element, as HTML."""
    parts = [html.escape(element.text or "", quote=False)]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in element.iterchildren()]
    return "".join(parts)


def text_of(element: etree._Element | None) -> str:
    """The text of an element and all in it, with single blanks."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


# identifiers that programs make up: they would be codes that nobody can read
_MADE_UP = re.compile(
    r"text2qti_.*|[a-z_-]{0,12}(?:[0-9a-f]{12,}|[0-9a-f]{8}(?:[-_]?[0-9a-f]{4}){3}[-_]?[0-9a-f]{12}|\d{10,})",
    re.IGNORECASE,
)


def is_made_up(identifier: str) -> bool:
    return _MADE_UP.fullmatch(identifier) is not None
