"""The part of a movement's page that tells of its contests and their results."""

from __future__ import annotations

from flask import g, render_template

from quiz.contests import featured
from quiz.contests.calendar import PHASE_TAGS, contest_phase
from quiz.exemplars.models import Movement
from quiz.exemplars.movement_sections import section


@section
def contests_of_movement(movement: Movement) -> str:
    """ "" where no public contest is part of the movement."""
    lines = [(contest, PHASE_TAGS[contest_phase(contest, g.now)]) for contest in featured.contests_of(movement)]
    return render_template("contests/_of_movement.html", lines=lines) if lines else ""
