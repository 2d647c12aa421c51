"""Markdown that people in office write, as HTML that pages may show."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

MOST_SIGNS = 100_000  # twice what a form takes; of a million hostile ones the parser would think for a minute
_TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br", "hr", "code", "pre"}
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).disable(["image"])


@lru_cache(maxsize=256)  # the same stories are read again and again
def html_of(text: str) -> Markup:
    """CommonMark without HTML, pictures and tables; a first-level heading becomes a second-level one, since a page has one
    of its own. What comes out is cleaned all the same: links lead to web pages, letters and pages of ours only, and those
    that lead away say so to machines. A text too long to be read is shown as it was typed.
    """
    if len(text) > MOST_SIGNS:
        return Markup("<pre>{}</pre>").format(escape(text))
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.tag in ("h1", "h5", "h6"):
            token.tag = "h2" if token.tag == "h1" else "h4"
        for child in token.children or ():
            if child.type == "link_open" and _leads_away(str(child.attrs["href"])):
                child.attrSet("rel", "noopener nofollow")
    rough = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(
        rough, tags=_TAGS, attributes={"a": {"href", "rel"}, "ol": {"start"}}, url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )  # fmt: skip
    return Markup(clean)


def _leads_away(address: str) -> bool:
    return address.lower().startswith(("http:", "https:", "//"))


def quotation(text: str) -> str:
    """The words of the first block of quotation, on one line; "" where there is none."""
    tokens = _PARSER.parse(text[:MOST_SIGNS])
    start = next((n for n, token in enumerate(tokens) if token.type == "blockquote_open"), None)
    if start is None:
        return ""
    end = next(n for n, token in enumerate(tokens) if n > start and token.type == "blockquote_close")
    return " ".join(" ".join(_words(token) for token in tokens[start:end] if token.type == "inline").split())


def _words(inline: object) -> str:
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in inline.children or ()  # type: ignore[attr-defined]
    )
