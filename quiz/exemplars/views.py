"""Pages of exemplars: the blueprint that the views of stories, nominations, votes and posts belong to."""

from __future__ import annotations

from flask import Blueprint

from quiz.exemplars import models, post_models  # noqa: F401  known to the migrations

bp = Blueprint("exemplars", __name__)


from quiz.exemplars import movement_views, post_views, story_office_views, story_views  # noqa: E402, F401  their routes belong to the same blueprint
