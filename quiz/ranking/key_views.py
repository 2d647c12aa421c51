"""Pages of wrong keys: what has been ruled in a contest, a proposal for an item, its preview, its confirmation, and what the
public reads of it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz import jobs
from quiz.access import Permission, needs, public
from quiz.attempts.models import Attempt
from quiz.banks.models import ItemKind
from quiz.banks.versions import Face, faces
from quiz.contests.key_rulings import rulings_of
from quiz.contests.models import Contest, ContestState
from quiz.contests.round_state import keys_are_public
from quiz.contests.rule_set import contest_rules
from quiz.db import db, transaction
from quiz.marking import keys
from quiz.marking.forms import KeyForm
from quiz.marking.models import KeyRuling
from quiz.ranking import key_previews, queries
from quiz.ranking.models import Ranking
from quiz.ranking.views import bp, contest_or_404
from quiz.rules.keys import effective
from quiz.rules.visibility import Release

PER_PAGE = 50


def opened_contest_or_404(contest_id: int) -> Contest:
    contest = db.session.get(Contest, contest_id)
    return contest if contest is not None and contest.state == ContestState.OPEN else abort(404)


def ruling_or_404(ruling_id: int) -> KeyRuling:
    return db.session.get(KeyRuling, ruling_id) or abort(404)


def _face_or_404(version_id: int) -> Face:
    face = faces([version_id]).get(version_id)
    return face if face is not None and face.kind != ItemKind.ESSAY else abort(404)


@bp.route("/xet-hang/dap-an/<int:contest_id>")
@needs(Permission.RULE_ON_KEY, of=opened_contest_or_404)
def key_rulings(contest: Contest) -> str:
    made = keys.rulings_proposed(contest.id)
    return render_template(
        "ranking/key_rulings.html", contest=contest, rulings=made, faces=faces([r.version_id for r in made])
    )


@bp.route("/xet-hang/dap-an/<int:contest_id>/cau/<int:version_id>", methods=["GET", "POST"])
@needs(Permission.RULE_ON_KEY, of=opened_contest_or_404)
def propose_key(contest: Contest, version_id: int) -> Any:
    """What is wrong with the key of an item; a post proposes a ruling and asks for its preview."""
    face = _face_or_404(version_id)
    form = KeyForm(face)
    if form.validate_on_submit():
        with transaction():
            ruling = keys.propose(contest, version_id, form.overlay, current_user, why=str(form.why.data), now=g.now)
            jobs.ask(key_previews.JOB, f"key_ruling:{ruling.id}", current_user, now=g.now)
        return redirect(url_for(".key_ruling", ruling_id=ruling.id))
    holds = rulings_of(contest).items.get(version_id)
    page = render_template(
        "ranking/propose_key.html",
        contest=contest,
        face=face,
        key=effective(face.key, holds) if holds else face.key,
        form=form,
    )
    return page, 422 if form.errors else 200


@bp.route("/xet-hang/dap-an/de-xuat/<int:ruling_id>")
@needs(Permission.RULE_ON_KEY, of=ruling_or_404)
def key_ruling(ruling: KeyRuling) -> str:
    """A ruling with what it would change, or has changed."""
    subject = f"key_ruling:{ruling.id}"
    preview = jobs.latest(key_previews.JOB, subject)
    result = preview.result if preview is not None and preview.result else None
    sheets = {s["sheet"]: db.session.get(Ranking, s["sheet"]) for s in result["scopes"]} if result else {}
    return render_template(
        "ranking/key_ruling.html",
        ruling=ruling,
        contest=ruling.contest,
        face=faces([ruling.version_id])[ruling.version_id],
        preview=preview,
        result=result,
        sheets=sheets,
        people=[_rows(some) for some in result.get("people", ())] if result and not ruling.finished_at else [],
        applying=jobs.latest(keys.JOB, subject),
        out_of_date=_sheets_out_of_date(ruling.contest) if ruling.finished_at else [],
    )


def _rows(people: list[list[int]]) -> list[tuple[Attempt, int, int]]:
    """people: [attempt id, points before, after] of each"""
    found = db.session.scalars(
        select(Attempt).where(Attempt.id.in_([person[0] for person in people])).options(joinedload(Attempt.entry))
    )
    attempts = {attempt.id: attempt for attempt in found}
    return [(attempts[attempt_id], before, after) for attempt_id, before, after in people]


@bp.route("/xet-hang/dap-an/de-xuat/<int:ruling_id>/bai")
@needs(Permission.RULE_ON_KEY, of=ruling_or_404)
def key_affected(ruling: KeyRuling) -> str:
    """Whose points the ruling has changed, page by page.  ?sau=: id of the last attempt of the page before"""
    found = keys.affected(ruling.id, request.args.get("sau", 0, type=int), PER_PAGE + 1)
    return render_template(
        "ranking/key_affected.html",
        ruling=ruling,
        contest=ruling.contest,
        face=faces([ruling.version_id])[ruling.version_id],
        rows=[(r.attempt, r.score_before, r.score_after) for r in found[:PER_PAGE]],
        has_more=len(found) > PER_PAGE,
    )


@bp.route("/cuoc-thi/<slug>/dinh-chinh")
@public
def key_corrections(slug: str) -> str:
    """What has been corrected in a contest: that it has from the start, what and why once everybody may read the keys."""
    contest = contest_or_404(slug)
    made = keys.rulings_applied(contest.id)
    return render_template(
        "ranking/key_corrections.html",
        contest=contest,
        rulings=made,
        faces=faces([r.version_id for r in made]) if keys_are_public(contest, g.now) else {},
        are_kept=contest_rules(contest).review_release is Release.NEVER,
    )


def _sheets_out_of_date(contest: Contest) -> list[Ranking]:
    return [sheet for sheet in queries.latest_sheets(contest) if queries.is_out_of_date(sheet)]


@bp.route("/xet-hang/dap-an/de-xuat/<int:ruling_id>/xem-truoc", methods=["POST"])
@needs(Permission.RULE_ON_KEY, of=ruling_or_404)
def preview_key(ruling: KeyRuling) -> Any:
    """Work the preview out again, as after more attempts have ended."""
    with transaction():
        jobs.ask(key_previews.JOB, f"key_ruling:{ruling.id}", current_user, now=g.now)
    return redirect(url_for(".key_ruling", ruling_id=ruling.id))


@bp.route("/xet-hang/dap-an/de-xuat/<int:ruling_id>/xac-nhan", methods=["POST"])
@needs(Permission.RULE_ON_KEY, of=ruling_or_404)
def confirm_key(ruling: KeyRuling) -> Any:
    """The second person's word, on the preview that the page has shown."""
    preview = jobs.latest(key_previews.JOB, f"key_ruling:{ruling.id}")
    if preview is None or preview.result is None or request.form.get("preview") != str(preview.id):
        flash(
            _("Bản xem trước đã được tính lại sau khi bạn mở trang. Chưa có gì thay đổi. Hãy xem lại rồi xác nhận."),
            "warn",
        )
        return redirect(url_for(".key_ruling", ruling_id=ruling.id))
    with transaction():
        keys.confirm(ruling, current_user, now=g.now)
    flash(_("Đã xác nhận. Mọi bài có câu này đang được chấm lại."), "ok")
    return redirect(url_for(".key_ruling", ruling_id=ruling.id))


@bp.route("/xet-hang/dap-an/de-xuat/<int:ruling_id>/rut", methods=["POST"])
@needs(Permission.RULE_ON_KEY, of=ruling_or_404)
def withdraw_key(ruling: KeyRuling) -> Any:
    with transaction():
        keys.withdraw(ruling, current_user, now=g.now)
    flash(_("Đã rút đề xuất. Không bài nào bị chấm lại."), "ok")
    return redirect(url_for(".key_rulings", contest_id=ruling.contest_id))
