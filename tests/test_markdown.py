"""Markdown of people in office, and of those who would like to be."""

import pytest
from lxml.html import document_fromstring

from quiz.markdown import html_of


def test_what_people_write():
    html = html_of("# Đầu\n\nMột **đậm** và [trang](https://vi.du).\n\n- a\n- b\n\n> Lời dẫn")
    assert html == (
        '<h2>Đầu</h2>\n<p>Một <strong>đậm</strong> và <a href="https://vi.du" rel="noopener nofollow">trang</a>.</p>\n'
        "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<blockquote>\n<p>Lời dẫn</p>\n</blockquote>\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,<script>)", "![a](https://vi.du/theo-doi.png)", "<a href='x' onclick='y'>z</a>",
        "<style>p{}</style>", '[a](https://vi.du "x\\" onmouseover=alert(1)")', "`<script>`", "<javascript:alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;", "[a](vbscript:x)", "<iframe src=//vi.du>", "[x]: javascript:alert(1)\n\n[x]",
    ],
)  # fmt: skip
def test_nothing_runs_and_nothing_is_fetched(text):
    html = html_of(text)
    for element in document_fromstring(f"<div>{html}</div>").body.iter():
        assert element.tag in {"body", "div", "p", "a", "pre", "code"}, html
        assert set(element.attrib) <= {"href", "rel", "title"}, html
        assert element.get("href", "https:").startswith(("https:", "#", "%")), html


@pytest.mark.parametrize("text", ["> " * 5000, "- " * 5000, "[" * 20000, "*a " * 20000, "a\n" * 50000, "`" * 9999])
def test_hostile_depth_and_length_come_to_an_end(text):
    assert len(html_of(text)) < 20 * len(text) + 100
