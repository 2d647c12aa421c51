"""Markdown of stories against those who write with another intention; tests/test_markdown.py has the plain cases."""

import time

import pytest
from lxml.html import document_fromstring

from quiz.markdown import MOST_SIGNS, html_of, quotation

ALLOWED = {"body", "div", "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br", "hr", "code", "pre"}  # fmt: skip


def elements(text):
    return list(document_fromstring(f"<div>{html_of(text)}</div>").body.iter())


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<SCRIPT SRC=//vi.du/x.js></SCRIPT>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
        "<p onclick=x>", "</div></main><script>x</script>", "<!-- --><script>x</script>", "<a href=javascript:x>y</a>",
        "# <b onmouseover=x>a", "> <iframe src=x>", "- <object data=x>", "**<style>*{display:none}</style>**",
        "[a](<javascript:alert(1)>)", "[a](java\nscript:x)", "[a](&#106;avascript:x)", "[a](data:text/html;base64,PHN2Zz4=)",
        "<data:text/html,x>", "![x](data:image/svg+xml,<svg>)", "![x](x onerror=alert(1))", '[a](/x "\\" onfocus=x autofocus=\\"")',
        "[a](file:///etc/passwd)", "[a](vbscript:x)", "[a](\x01javascript:x)", "<form action=//vi.du><input name=q>",
        "**unbalanced *and `so [on](http://vi.du", "```\n<script>never closed", "> > > > > > > >\n- - - - - 1. 1.",
    ],
)  # fmt: skip
def test_nothing_of_it_acts(text):
    for element in elements(text):
        assert element.tag in ALLOWED, html_of(text)
        assert set(element.attrib) <= {"href", "rel", "start", "title"}
        address = element.get("href", "https:").lower()
        assert ":" not in address or address.startswith(("http:", "https:", "mailto:")), address


@pytest.mark.parametrize(
    ("address", "rel"),
    [
        ("https://vi.du/a", "noopener nofollow"), ("HTTP://vi.du", "noopener nofollow"), ("//vi.du", "noopener nofollow"),
        ("/guong/to-hoa-giai", None), ("#nguon", None), ("mailto:so@vi.du", None),
    ],
)  # fmt: skip
def test_only_links_that_lead_away_say_so(address, rel):
    (link,) = [e for e in elements(f"[chữ](<{address}>)") if e.tag == "a"]
    assert link.get("rel") == rel


@pytest.mark.parametrize(
    ("written", "shown"), [("#", "h2"), ("##", "h2"), ("###", "h3"), ("####", "h4"), ("#####", "h4"), ("######", "h4")]
)
def test_headings_stand_below_the_one_of_the_page(written, shown):
    assert html_of(f"{written} Đầu") == f"<{shown}>Đầu</{shown}>\n"


@pytest.mark.parametrize("piece", ["a *", "[", "- x\n", "<b>", "> ", "&#x6a;", "[a](b) ", "`` ", "\\", "1. "])
def test_a_million_signs_take_no_time(piece):
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()
    html = html_of(text)
    assert time.process_time() - began < 2
    assert {e.tag for e in document_fromstring(html).body.iter()} <= {"body", "pre"}


def test_lists_within_lists_come_to_an_end():
    text = "".join("  " * n + "- a\n" for n in range(300))[: MOST_SIGNS - 1]
    assert len(html_of(text)) < 10 * len(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mở.\n\n> Luật viết cho\n> **mọi** người.\n\nSau.\n\n> Lời khác.", "Luật viết cho mọi người."),
        ("> Một.\n>\n> Hai.", "Một. Hai."), ("Không trích.", ""), ("", ""), ("> > lồng nhau", "lồng nhau"),
    ],
)  # fmt: skip
def test_the_first_quotation_is_found(text, said):
    assert quotation(text) == said
