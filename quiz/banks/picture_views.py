"""Pictures of items, for everybody who knows their digest: papers show them to people who may see no bank."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, abort

from quiz.access import public
from quiz.banks import queries
from quiz.banks.views import bp

_DIGEST = re.compile(r"[0-9a-f]{64}")


@bp.app_template_global()
def picture_size(digest: str) -> tuple[int, int] | None:
    """Pages say it beforehand: an option that moves when a picture comes in is an option pressed by mistake."""
    return queries.picture_size(digest)


@bp.route("/hinh/<digest>")
@public
def picture(digest: str) -> Any:
    """One picture. A digest names its content, so a browser keeps it for good; nobody can guess one."""
    found = queries.picture_by_digest(digest) if _DIGEST.fullmatch(digest) else None
    if found is None:
        abort(404)
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
