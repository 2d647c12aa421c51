"""A served application and a real Chromium. The site's clock ticks and can be moved, so nobody waits for a deadline."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request, session
from werkzeug.serving import BaseWSGIServer, make_server

from quiz.app import create_app
from quiz.settings import Settings
from tests.conftest import NOON, empty
from tests.given import Given
from tests.visitor import Visitor

# Both are Debian's Chromium; the first draws no window around the page, which takes a third of the whole one's time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--js-flags=--min-semi-space-size=32 --max-semi-space-size=64",  # axe makes much that is soon forgotten
]  # fmt: skip
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


class TickingClock:
    """Starts at noon, goes on at its natural pace, and jumps when a test says so."""

    def __init__(self) -> None:
        self.offset = NOON - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def advance(self, **span: float) -> None:
        self.offset += timedelta(**span)

    def set(self, moment: datetime) -> None:
        self.offset = moment - datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sent to somebody.  account_id: None for a visitor who is not signed in · text: headers and body"""

    account_id: int | None
    method: str
    path: str
    status: int
    text: str


class Site:
    """A served application: its address, its clock, what it was given, and all answers it gave, files apart."""

    def __init__(self, app: Flask, server: BaseWSGIServer, clock: TickingClock, answers: list[Answer]) -> None:
        self.app = app
        self.url = f"http://127.0.0.1:{server.port}"
        self.clock = clock
        self.given = Given(app, clock)
        self.answers = answers

    def cookie(self, account_id: int) -> dict[str, Any]:
        """The session cookie of somebody who has signed in."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        client = Visitor(self.app, account_id).client
        return {"name": name, "value": client.get_cookie(name).value, "url": self.url}  # type: ignore[union-attr]


def keep_answers(app: Flask) -> list[Answer]:
    """Keep every answer, seen where it leaves the server: no page can look away or forget one."""
    answers: list[Answer] = []

    @app.after_request
    def keep(response: Response) -> Response:
        if not response.direct_passthrough:  # a file
            account_id = int(session["_user_id"]) if "_user_id" in session else None
            text = f"{response.headers}\n{response.get_data().decode(errors='replace')}"
            answers.append(Answer(account_id, request.method, request.full_path, response.status_code, text))
        return response

    return answers


@contextmanager
def served(database_url: str, clock: TickingClock, *, demo: bool = False) -> Iterator[Site]:
    settings = Settings(
        secret_key="only for tests", database_url=database_url, base_url="http://localhost", secure_cookies=False,
        demo=demo,
    )  # fmt: skip
    app = create_app(settings, clock)
    answers = keep_answers(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, server, clock, answers)
    server.shutdown()
    thread.join()
    empty(app, database_url)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long journeys first: what is left for the end is short, and the workers end together."""
    items.sort(key=lambda item: item.path.name == "test_accessibility.py")


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def site(database_url: str, clock: TickingClock) -> Iterator[Site]:
    with served(database_url, clock) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright_api = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium, and it is not installed")
        pytest.skip("no Chromium: apt-get install chromium")
    playwright_api.expect.set_options(timeout=15_000)  # only a failure takes it, or a machine that has other work
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """`open_page(account_id)`: a phone's tab, signed in; `size=DESKTOP`, `dark=True`, `script=False` change it."""
    contexts = []

    def open_(
        account_id: int | None = None, *, size: dict[str, int] = PHONE, dark: bool = False, script: bool = True
    ) -> Any:
        context = browser.new_context(
            base_url=site.url,
            viewport=size,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        if account_id is not None:
            context.add_cookies([site.cookie(account_id)])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        return page

    yield open_
    for context in contexts:
        context.close()
