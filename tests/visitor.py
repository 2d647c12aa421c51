"""A visitor's browser: follows links, fills forms with their CSRF token, keeps its own cookies."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse


class Visitor:
    """`account_id` is signed in by its session cookie, so tests of other domains do not depend on the sign-in page."""

    def __init__(self, app: Flask, account_id: int | None = None) -> None:
        self.client = app.test_client()
        if account_id is not None:
            with self.client.session_transaction() as session:
                session["_user_id"] = str(account_id)
                session["_fresh"] = True

    def get(self, url: str, **arguments: Any) -> TestResponse:
        return self.client.get(url, **arguments)

    def token(self, url: str) -> str:
        """The CSRF token that the page at `url` carries."""
        page = self.get(url).text
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page) or re.search(r'data-csrf="([^"]+)"', page)
        assert found, f"no CSRF token at {url}"
        return found[1]

    def post(
        self, url: str, data: dict[str, Any] | None = None, *, page: str | None = None, **arguments: Any
    ) -> TestResponse:
        """Post a form, with the token of the page it stands on (`page`, default the same address)."""
        fields = {"csrf_token": self.token(page or url), **(data or {})}
        return self.client.post(url, data=fields, **arguments)

    def post_json(self, url: str, body: Any, *, page: str, **arguments: Any) -> TestResponse:
        headers = {"X-CSRFToken": self.token(page), "X-Requested-With": "fetch"}
        return self.client.post(url, json=body, headers=headers, **arguments)
