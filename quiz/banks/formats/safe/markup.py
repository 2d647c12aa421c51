"""XML and HTML from strangers: parsed without entities, network or document types; HTML cleaned, then read as plain text."""

from __future__ import annotations

import html
import re

import nh3
from lxml import etree

from quiz.banks.formats.files import FileRefusal
from quiz.errors import Refusal

_KEPT_TAGS = {
    "p", "br", "div", "li", "ul", "ol", "tr", "td", "th", "table", "img", "sub", "sup", "pre", "h1", "h2", "h3", "h4",
}  # fmt: skip
_DROPPED_WHOLE = {"script", "style", "iframe", "object", "embed", "svg", "template", "noscript", "title", "head"}
_BREAKS = re.compile(r"</?(?:p|div|li|ul|ol|tr|table|pre|h[1-4])\b[^>]*>|<br\b[^>]*>", re.IGNORECASE)
_CELLS = re.compile(r"</?t[dh]\b[^>]*>", re.IGNORECASE)
_RAISED = re.compile(r"<(sup|sub)>([0-9+−-]{1,6})</\1>", re.IGNORECASE)
_RAISED_SIGNS = {
    "sup": str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻"),
    "sub": str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋"),
}
_IMAGE = re.compile(r"<img\b([^>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(src|alt)=\"([^\"]*)\"", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_MOST_TAGS = 3_000_000  # a tree takes some two hundred bytes for each; 20,000 questions of Moodle have two million
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(content: bytes) -> etree._Element:
    """The root of an XML file.  Raises Refusal: DAMAGED for what is not well formed, UNSAFE for a document type,
    TOO_LARGE_INSIDE."""
    if content.count(b"<") > _MOST_TAGS:
        raise Refusal(FileRefusal.TOO_LARGE_INSIDE)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refusal(FileRefusal.DAMAGED) from error
    if root.getroottree().docinfo.doctype:
        raise Refusal(FileRefusal.UNSAFE)  # entities could unfold without end, or read the server's own files
    return root


def local_name(element: etree._Element) -> str:
    """ "{http://…}itemBody" → "itemBody"; "" for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def in_xml(text: str) -> str:
    """The text without the characters that no XML file may hold; they are invisible."""
    return _NOT_XML.sub("", text)


class HtmlText:
    """What remains of HTML: plain text with a line for each block, and the images it named.

    text: images stand as nothing · images: [(src, alt), …] in order · was_rich: formatting, or worse, has been dropped
    """

    def __init__(self, source: str) -> None:
        clean = nh3.clean(
            source,
            tags=_KEPT_TAGS,
            clean_content_tags=_DROPPED_WHOLE,
            attributes={"img": {"src", "alt"}},
            link_rel=None,
            url_schemes={"http", "https", "data"},
        )
        clean = _RAISED.sub(lambda found: found[2].translate(_RAISED_SIGNS[found[1].lower()]), clean)
        self.images = [_image(attributes) for attributes in _IMAGE.findall(clean)]
        lines = html.unescape(_TAG.sub("", _CELLS.sub("\t", _BREAKS.sub("\n", clean)))).split("\n")
        self.text = "\n".join(filter(None, (" ".join(line.split()) for line in lines)))
        self.was_rich = bool(re.search(r"<(?!/?(?:p|br|div|img)\b)[a-z]", source, re.IGNORECASE))


def _image(attributes: str) -> tuple[str, str]:
    found = {name.lower(): html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
    return found.get("src", ""), found.get("alt", "")
