"""Events as a calendar that phones and office programs take over (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from icalendar import Calendar, Event
from icalendar.enums import STATUS

from quiz.exemplars.post_models import Post

SCHEDULED_FOR = timedelta(hours=2)  # of an event without an end: calendars want one


def calendar(name: str, host: str, posts: Iterable[Post], address: Callable[[Post], str]) -> bytes:
    """name: what calendars call it · host: makes the numbers of events unique in the world · address: of the page of a post

    An event keeps its UID however often it is moved; a cancelled one stays, so that calendars strike it out.
    """
    found = Calendar.new(name=name, prodid=f"-//Hieu Luat//{host}//VI", method="PUBLISH")
    found.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    for post in posts:
        assert post.starts_at is not None
        found.add_component(
            Event.new(
                uid=f"su-kien-{post.id}@{host}",
                stamp=post.updated_at,
                last_modified=post.updated_at,
                sequence=post.revision,
                start=post.starts_at,
                end=post.ends_at or post.starts_at + SCHEDULED_FOR,
                summary=post.title,
                description="\n\n".join(filter(None, (post.cancelled_why, post.summary))),
                location=post.place,
                url=address(post),
                status=STATUS.CANCELLED if post.cancelled_why else STATUS.CONFIRMED,
            )
        )
    return found.to_ical()
