"""How pages print numbers, moments and spans: one format each, Vietnamese habits, local time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g
from markupsafe import Markup, escape

from quiz.access import Permission, Role, allows
from quiz.codes import grouped
from quiz.markdown import html_of
from quiz.settings import Settings

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def local(moment: datetime) -> datetime:
    return moment.astimezone(LOCAL)


def from_local(wall: datetime) -> datetime:
    """A wall time typed by an organizer, as aware UTC."""
    return wall.replace(tzinfo=LOCAL).astimezone(UTC)


def moment(value: datetime, seconds: bool = False) -> Markup:
    """ "17:00 ngày 30/11/2026" in a <time> element; with seconds where two moments must be told apart."""
    at = local(value)
    text = at.strftime("%H:%M:%S ngày %d/%m/%Y" if seconds else "%H:%M ngày %d/%m/%Y")
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), text)


def day(value: date) -> str:
    """ "30/11/2026"; a moment is taken as its local day."""
    return (local(value) if isinstance(value, datetime) else value).strftime("%d/%m/%Y")


def number(value: float, digits: int = 0) -> str:
    """18426 → "18.426"; 97.13 with one digit → "97,1"."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def span(milliseconds: int, digits: int = 1) -> str:
    """521200 → "08:41,2"; an hour and more → "1:02:03,0". Cut, not rounded: a time must not look like a worse one's."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"
    return f"{head},{rest:03d}"[: len(head) + 1 + digits] if digits else head


def paragraphs(text: str) -> Markup:
    """Plain text with blank lines between paragraphs, as <p> elements."""
    return Markup("").join(Markup("<p>{}</p>").format(p.strip()) for p in escape(text).split("\n\n") if p.strip())


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        moment=moment, day=day, number=number, span=span, paragraphs=paragraphs, code=grouped, markdown=html_of
    )
    app.jinja_env.globals.update(Permission=Permission, Role=Role, allows=allows)

    @app.context_processor
    def frame() -> dict[str, object]:
        settings: Settings = current_app.extensions["settings"]
        return {"settings": settings, "now": g.get("now")}
