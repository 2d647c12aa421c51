"""Papers and pictures set by typst from templates/documents.

Nothing touches the disk: the data goes in as one JSON value, pictures inside it, and the file comes out as bytes. The same
data give the same bytes.
"""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import segno
import typst

FOLDER = Path(__file__).resolve().parents[1] / "templates" / "documents"
_one_at_a_time = Lock()  # a compiler keeps the inputs of its last run
_compilers: dict[str, typst.Compiler] = {}  # by template, for the life of the process: each reads its template once
_MASK = 3  # of a QR code: any is right; to look for the one with the fewest blots takes five times as long


@cache
def _fonts() -> typst.Fonts:
    """Those inside the package, read once. Fonts of the system are left out, or two machines would differ."""
    return typst.Fonts(include_system_fonts=False)


def compiled(
    template: str, data: Any, format: Literal["pdf", "png", "svg"], *, forget: bool = False, **options: Any
) -> bytes:
    """The one file that a template makes of the data; of a PDF of any number of pages, of others of one.

    options: as typst.Compiler.compile takes them · forget: many pages kept in the compiler's memory are of no use to the
    next run
    """
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    with _one_at_a_time:
        if template not in _compilers:
            _compilers[template] = typst.Compiler(
                FOLDER / template, root=FOLDER, font_paths=_fonts(), ignore_system_fonts=True
            )
        file = _compilers[template].compile(format=format, sys_inputs=inputs, **options)
        if forget:
            del _compilers[template]
    assert isinstance(file, bytes)
    return file


def qr(address: str) -> str:
    """A QR code as SVG, without a border."""
    svg = BytesIO()
    code = segno.make(address, error="m", micro=False, mask=_MASK)
    code.save(svg, kind="svg", border=0, xmldecl=False, dark="#221b14")
    return svg.getvalue().decode()


def picture(media_type: str, width: int, height: int, content: bytes) -> str:
    """A picture as SVG: what goes into a compiler is text."""
    address = f"data:{media_type};base64,{b64encode(content).decode()}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image href="{address}" width="{width}" height="{height}"/></svg>'
    )
