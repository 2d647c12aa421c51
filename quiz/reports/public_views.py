"""Where anybody checks a published result: the data, verify.py, how it is done, and a person's own receipt."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, g, jsonify, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy.orm import undefer

from quiz import jobs
from quiz.access import Permission, needs, public
from quiz.contests.queries import entry_of
from quiz.contests.round_state import keys_are_public
from quiz.db import db, transaction
from quiz.ranking import proofs, queries
from quiz.ranking.models import Ranking
from quiz.reports import public_data, verifier
from quiz.reports.models import PublicFile
from quiz.reports.views import bp


def published_or_404(ranking_id: int) -> Ranking:
    ranking = queries.sheet_by_id(ranking_id)
    return ranking if ranking is not None and ranking.published_at is not None else abort(404)


@bp.route("/kiem-chung/verify.py")
@public
def verify_py() -> Response:
    headers = {"Content-Disposition": 'attachment; filename="verify.py"', "Cache-Control": "public, max-age=3600"}
    return Response(verifier.source(), content_type="text/x-python; charset=utf-8", headers=headers)


@bp.route("/kiem-chung/<int:ranking_id>")
@public
def verification(ranking_id: int) -> Any:
    """How to check a published sheet, with its figures."""
    ranking = published_or_404(ranking_id)
    file = db.session.get(PublicFile, ranking.id)
    job = jobs.latest(public_data.JOB, f"ranking:{ranking.id}")
    own = entry_of(ranking.contest.id, current_user.id) if current_user.is_authenticated else None
    return render_template(
        "reports/verification.html",
        ranking=ranking,
        contest=ranking.contest,
        proof=proofs.proof_of(ranking.id),
        file=file,
        job=job,
        has_receipt=own is not None and own.division_id == ranking.division_id,
        keys_are_public=keys_are_public(ranking.contest, g.now),
    )


@bp.route("/kiem-chung/<int:ranking_id>/chuan-bi", methods=["POST"])
@public
def prepare_data(ranking_id: int) -> Any:
    """Ask for the file, where nobody has or where more has been opened since; one job at a time makes it."""
    ranking = published_or_404(ranking_id)
    with transaction():
        jobs.ask(public_data.JOB, f"ranking:{ranking.id}", None, now=g.now)
    return redirect(url_for(".verification", ranking_id=ranking.id))


@bp.route("/kiem-chung/<int:ranking_id>/du-lieu.zip")
@public
def public_file(ranking_id: int) -> Response:
    ranking = published_or_404(ranking_id)
    file = db.session.get(PublicFile, ranking.id, options=[undefer(PublicFile.content)]) or abort(404)
    headers = {"Content-Disposition": f'attachment; filename="du-lieu-{ranking.id}.zip"'}
    return Response(file.content, content_type="application/zip", headers=headers)


@bp.route("/kiem-chung/<int:ranking_id>/bien-nhan.json")
@needs(Permission.SEE_OWN_ACCOUNT)
def receipt(ranking_id: int) -> Any:
    """The visitor's own receipt on a published sheet."""
    ranking = published_or_404(ranking_id)
    entry = entry_of(ranking.contest.id, current_user.id)
    found = proofs.receipt(ranking, entry.id) if entry is not None else None
    if found is None:
        abort(404)
    response = jsonify(found)
    response.headers["Content-Disposition"] = f'attachment; filename="bien-nhan-{ranking.id}.json"'
    return response
