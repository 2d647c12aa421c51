"""Every page, by everybody who opens it, says the same on SQLite and on PostgreSQL: same status, same words, same order."""

import re
import secrets
import shutil
from difflib import unified_diff
from random import Random
from types import SimpleNamespace

from quiz.app import create_app
from tests.browser.rooms import PAGES, furnish
from tests.conftest import HandClock, empty, settings_for
from tests.given import Given
from tests.visitor import Visitor

MARKUP = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
# the journal keeps the SQL by which a truth was counted, so its hashes differ from there on
HASH = re.compile(r"\b[0-9a-f]{64}\b")


def words(page):
    return HASH.sub("…", MARKUP.sub(" ", page)).split()


def walk(url, monkeypatch):
    """{(who, address): [status, word, …]} of every page over a database; what is drawn by lot is drawn alike each time."""
    dice = Random(1)
    monkeypatch.setattr(secrets, "_sysrand", dice)
    monkeypatch.setattr(secrets, "choice", dice.choice)
    app = create_app(settings_for(url), HandClock())
    try:
        values, people = furnish(SimpleNamespace(app=app, clock=HandClock(), given=Given(app, HandClock())))
        pages = {}
        for who, addresses in PAGES.items():
            visitor = Visitor(app, people[who])
            for address in addresses:
                answer = visitor.get(address.format(**values))
                pages[who, address] = [answer.status, *words(answer.text)]
        return pages
    finally:
        empty(app, url)


def test_every_page_says_the_same_on_both_databases(sqlite_template, postgresql_url, tmp_path, monkeypatch):
    path = shutil.copy(sqlite_template, tmp_path / "pages.sqlite3")
    one, other = walk(f"sqlite:///{path}", monkeypatch), walk(postgresql_url, monkeypatch)
    assert one.keys() == other.keys()
    assert min(map(len, one.values())) > 30  # they are pages
    differ = [
        line for who, page in one
        for line in unified_diff(one[who, page], other[who, page], f"{who} {page}", "PostgreSQL", n=3, lineterm="")
    ]  # fmt: skip
    assert differ == []
