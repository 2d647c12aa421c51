"""Markdown that people in office write, as HTML that pages may show."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br", "hr", "code", "pre"}
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).disable(["image"])


def html_of(text: str) -> Markup:
    """CommonMark without HTML and pictures; a first-level heading becomes a second-level one, since a page has one of its
    own. What comes out is cleaned all the same: links lead to web pages, letters and pages of ours only."""
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.tag in ("h1", "h5", "h6"):
            token.tag = "h2" if token.tag == "h1" else "h4"
    rough = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(
        rough, tags=_TAGS, attributes={"a": {"href"}, "ol": {"start"}}, url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )  # fmt: skip
    return Markup(clean)
