"""Pages of exemplars: the blueprint that the views of stories, nominations, votes and posts belong to."""

from __future__ import annotations

from flask import Blueprint

from quiz.exemplars import models, nomination_models, post_models, vote_models  # noqa: F401  known to the migrations

bp = Blueprint("exemplars", __name__)


# their routes belong to the same blueprint
from quiz.exemplars import (  # noqa: E402
    board_views,  # noqa: F401
    movement_views,  # noqa: F401
    nomination_views,  # noqa: F401
    post_views,  # noqa: F401
    reach_views,  # noqa: F401
    story_office_views,  # noqa: F401
    story_picture_views,  # noqa: F401
    story_views,  # noqa: F401
    vote_views,  # noqa: F401
)
