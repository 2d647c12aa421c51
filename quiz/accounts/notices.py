"""Notices to people: what has happened that concerns them, read from the facts themselves.

A notice is no row. Each domain says which of its facts people are told of (`@source`), as a query over a span of time; a
person's page asks for their own, and the letters (mailing.py) for everybody's. So a million people are told that a round
has opened without a row for each, and nothing can be told before it is a fact that its reader may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import ColumnElement, and_

from quiz.accounts.models import Account

KEPT = timedelta(days=180)  # as far back as the page looks
SHOWN = 50


class Notice(NamedTuple):
    """key: tells one thing from another, as "award:12" · endpoint, values: of the page that it leads to"""

    account_id: int
    key: str
    at: datetime
    title: str
    text: str
    endpoint: str
    values: dict[str, Any]

    @property
    def url(self) -> str:
        return url_for(self.endpoint, **self.values)


class Span(NamedTuple):
    """Who is told of what happened when: after `after` and up to `until`, one person or, with None, all who take letters."""

    after: datetime
    until: datetime
    account_id: int | None = None

    def when(self, moment: Any) -> ColumnElement[bool]:
        """The condition that a column of moments lies within."""
        return and_(moment > self.after, moment <= self.until)

    def whom(self, statement: Any, account_id: Any) -> Any:
        """Keep the rows of a SELECT about who is told.  account_id: the column that names them"""
        if self.account_id is not None:
            return statement.where(account_id == self.account_id)
        takes = Account.takes_letters & Account.email.is_not(None) & Account.disabled_at.is_(None)
        return statement.join(Account, Account.id == account_id).where(takes)


Source = Callable[[Span], Iterable[Notice]]

_sources: list[Source] = []


def source(find: Source) -> Source:
    """Name a function that finds the notices of a span; for one person it reads few rows by index."""
    _sources.append(find)
    return find


def found(span: Span) -> Iterable[Notice]:
    for find in _sources:
        yield from find(span)


def inbox(account: Account, *, now: datetime) -> list[Notice]:
    """The latest notices of a person, newest first."""
    return sorted(found(Span(now - KEPT, now, account.id)), key=attrgetter("at"), reverse=True)[:SHOWN]


def is_unread(notice: Notice, account: Account) -> bool:
    return account.notices_seen_at is None or notice.at > account.notices_seen_at


def count_unread(account: Account, *, now: datetime) -> int:
    return sum(is_unread(notice, account) for notice in inbox(account, now=now))
