"""How far stories reach, for organizers."""

from __future__ import annotations

from typing import Any

from flask import render_template

from quiz.access import Permission, needs
from quiz.exemplars import reach, story_queries
from quiz.exemplars.models import Exemplar
from quiz.exemplars.story_office_views import story_by_id_or_404
from quiz.exemplars.story_words import ORIGINS
from quiz.exemplars.views import bp


@bp.route("/to-chuc/guong/tiep-can")
@needs(Permission.SEE_REACH)
def story_reach() -> Any:
    """How far all stories reach."""
    sums = reach.by_story()
    shown = [(s, sums.get(s.id, reach.Sums())) for s in story_queries.to_manage() if s.is_public or s.id in sums]
    shown.sort(key=lambda row: (row[1].opened, row[1].read), reverse=True)
    return _reach_page(None, shown)


@bp.route("/to-chuc/guong/<int:story_id>/tiep-can")
@needs(Permission.SEE_REACH, of=story_by_id_or_404)
def reach_of_story(story: Exemplar) -> Any:
    return _reach_page(story, [])


def _reach_page(story: Exemplar | None, shown: list[tuple[Exemplar, reach.Sums]]) -> Any:
    story_id = story.id if story else None
    origins = reach.by_origin(story_id)
    return render_template(
        "exemplars/reach.html", story=story, shown=shown, whole=sum(origins.values(), reach.Sums()), words=ORIGINS,
        by_origin=origins, by_month=reach.by_month(story_id),
    )  # fmt: skip
