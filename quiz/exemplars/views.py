"""Pages of exemplars: the blueprint that the views of stories, nominations, votes and posts belong to."""

from __future__ import annotations

from flask import Blueprint

from quiz.exemplars import models  # noqa: F401  known to the migrations

bp = Blueprint("exemplars", __name__)
