"""What every page takes from an address or a form: numbers a database can hold, and no NUL, which PostgreSQL refuses."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

GREATEST = 2**31 - 1  # of an INTEGER of PostgreSQL, which all our row numbers are


class RowNumber(IntegerConverter):
    """`<int:…>` of a route; an address with a greater number is no page."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = GREATEST) -> None:
        super().__init__(map, fixed_digits, min, max)


def asked_number(name: str) -> int | None:
    """The whole number that the address asks for (`?name=`); None when it is missing, no number, or none of a row."""
    number = request.args.get(name, type=int)
    return number if number is not None and abs(number) <= GREATEST else None


def page_number() -> int:
    """The page of a list that the address asks for (`?trang=`), from 1."""
    return max(1, asked_number("trang") or 1)


def init_app(app: Flask) -> None:
    """Before the routes are made, which look up the converter by its name."""
    app.url_map.converters["int"] = RowNumber

    @app.before_request
    def refuse_nul() -> None:
        if "\0" in request.path:
            abort(404)
        if any("\0" in text for text in _texts()):
            abort(400)


def _texts() -> list[Any]:
    fields = [text for values in (request.args, request.form) for pair in values.items(multi=True) for text in pair]
    return fields + [upload.filename or "" for upload in request.files.values()]
