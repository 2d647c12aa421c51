"""The judges' page of one attempt. Annulling and restoring move places, so their routes are in ranking.correction_views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, g, render_template
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from quiz import errors
from quiz.access import Permission, needs
from quiz.attempts import submission
from quiz.attempts.models import Attempt, AttemptState
from quiz.attempts.papers import questions
from quiz.attempts.queries import attempt_by_code, attempts_of
from quiz.codes import read_code
from quiz.contests.models import ContestState, Round
from quiz.contests.queries import round_by_id
from quiz.contests.rule_set import contest_rules
from quiz.db import transaction
from quiz.marking import keys, queries, replay
from quiz.marking.conflicts import conflict
from quiz.marking.forms import NoteForm, VerdictForm, WhyForm
from quiz.marking.models import Remark, Ruling, VerdictState
from quiz.marking.words import RULINGS, VERDICT_STATES

bp = Blueprint("marking", __name__)

DEVICES = {"phone": _l("điện thoại"), "computer": _l("máy tính")}


def attempt_or_404(code: str) -> Attempt:
    return attempt_by_code(read_code(code)) or abort(404)


def round_or_404(round_id: int) -> Round:
    round_ = round_by_id(round_id)
    return round_ if round_ is not None and round_.contest.state == ContestState.OPEN else abort(404)


@bp.route("/xet-hang/luot/<code>")
@needs(Permission.SEE_ATTEMPT, of=attempt_or_404)
def attempt(attempt: Attempt) -> Any:
    """Person, paper, answers and timeline; the answers of a paper that is still being worked on stay closed."""
    with transaction():
        submission.end_if_over(attempt, now=g.now)
    return attempt_page(attempt, WhyForm(formdata=None))


def attempt_page(
    attempt: Attempt, form: WhyForm, *, verdict_form: VerdictForm | None = None, note_form: NoteForm | None = None
) -> str:
    """form: of annulling or restoring, whichever the attempt's state allows."""
    round_ = attempt.round_
    rules = contest_rules(round_.contest)
    has_ended = attempt.state != AttemptState.OPEN
    of_round = [a for a in attempts_of(attempt.entry_id) if a.round_id == attempt.round_id]
    annulments = queries.annulments_of(attempt.id)
    paper = questions(attempt, rules.worth) if has_ended else []
    run, reason = queries.flag_run(round_.id), conflict(current_user, attempt.entry)
    return render_template(
        "marking/attempt.html",
        attempt=attempt,
        round=round_,
        contest=round_.contest,
        rules=rules,
        has_ended=has_ended,
        annulments=annulments,
        is_annulled=bool(annulments) and annulments[-1].restored_at is None,
        siblings=of_round if len(of_round) > 1 else [],
        annulled_siblings=queries.annulled_among([a.id for a in of_round]),
        questions=paper,
        essay_marks=queries.essay_points(attempt.id) if attempt.essays else {},
        steps=replay.steps(attempt, paper, run.times if run is not None else {}),
        run=run,
        flags=queries.flags_of_attempt(attempt.id),
        verdicts=[
            (v, RULINGS[Ruling(v.ruling)], VERDICT_STATES[VerdictState(v.state)])
            for v in queries.verdicts_of(attempt.id)
        ],
        notes=queries.notes_of(attempt.id),
        proposed=queries.proposed_annulment(attempt.id),
        needs_two=rules.annulment_judges == 2,
        conflict=errors.sentence(reason) if reason else "",
        pairs=replay.PAIRS,
        verdict_form=verdict_form or VerdictForm(formdata=None),
        note_form=note_form or NoteForm(formdata=None),
        hides_essays=rules.essay_judges > 1 and attempt.awaits_marks,  # who marks must not find the author here
        device=DEVICES.get(attempt.device, _l("không rõ")),
        form=form,
    )


@bp.app_template_global("remarks_of")
def remarks_of(attempt: Attempt) -> Sequence[Remark]:
    """For the page on which people see their outcome: it stands in a room above this one."""
    return [r for r in keys.remarks_of(attempt.id) if r.ruling.finished_at is not None]


from quiz.marking import essay_views, verdict_views  # noqa: E402, F401  their routes belong to the same blueprint
