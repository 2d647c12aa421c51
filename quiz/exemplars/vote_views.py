"""Pages of the council: the ballot, declaring a conflict of interest, the minutes; and what the office does about a vote."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from quiz.access import Permission, allows, needs
from quiz.codes import read_code
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.exemplars import nomination_queries as queries
from quiz.exemplars import votes
from quiz.exemplars.nomination_forms import CHOICES, ConflictForm, ExtendForm, OpenVoteForm
from quiz.exemplars.nomination_models import Nomination, Quarter
from quiz.exemplars.nomination_refusals import VoteRefusal
from quiz.exemplars.nomination_views import quarter_or_404
from quiz.exemplars.views import bp
from quiz.exemplars.vote_models import ConflictCause, CouncilVote, OpenBallot, VoteMode
from quiz.exemplars.words import (
    CAUSE_TEXTS,
    CHOICE_TEXTS,
    MODE_TEXTS,
    OUTCOME_TEXTS,
    quorum_words,
    threshold_words,
)
from quiz.rules import votes as rules
from quiz.rules.votes import Choice


def vote_or_404(quarter_name: str) -> CouncilVote:
    """The quarter's open vote, or its last one."""
    found = queries.votes_of(quarter_or_404(quarter_name))
    return found[-1] if found else abort(404)


@bp.route("/hoi-dong/<quarter_name>")
@needs(Permission.SEE_VOTES, of=vote_or_404)
def ballot(vote: CouncilVote) -> str:
    return _ballot_page(vote)


def _ballot_page(
    vote: CouncilVote,
    chosen: dict[int, Choice] | None = None,
    fault: str = "",
    conflict_form: ConflictForm | None = None,
) -> str:
    """chosen: what was posted and comes back with a fault; what a secret ballot says is never shown again"""
    member = allows(current_user, Permission.VOTE, vote)
    own_conflicts = votes.conflicts_of(vote, current_user.id) if member else {}
    has_voted = member and votes.has_voted(vote, current_user.id)
    papers = [p.nomination for p in vote.papers]
    own = [n for n in papers if n.id not in own_conflicts]
    if chosen is None and has_voted and not vote.is_secret:
        chosen = {b.nomination_id: Choice(b.choice) for b in _own_open_ballots(vote)}
    form = conflict_form or ConflictForm(prefix="xung-dot")
    form.nomination.choices = [(n.id, n.name) for n in own]
    return render_template(
        "exemplars/ballot.html",
        vote=vote,
        quarter=vote.quarter,
        papers=papers,
        own=own,
        conflicts=own_conflicts,
        causes=CAUSE_TEXTS,
        choices=CHOICES,
        chosen=chosen or {},
        reasons={b.nomination_id: b.reason for b in _own_open_ballots(vote)} if member and not vote.is_secret else {},
        fault=fault,
        is_member=member,
        is_over=votes.is_over(vote, g.now),
        has_voted=has_voted,
        progress=votes.progress(vote) if vote.closed_at is None else None,
        code=votes.new_ballot_code() if vote.is_secret and not has_voted else "",
        threshold=threshold_words(vote.rule),
        quorum=quorum_words(vote.rule),
        few=vote.is_secret and len(vote.seats) < 5,
        conflict_form=form,
        modes=MODE_TEXTS,
        may_close=allows(current_user, Permission.CONSOLIDATE) and votes.may_close(vote, g.now),
    )


def _own_open_ballots(vote: CouncilVote) -> list[OpenBallot]:
    own = db.select(OpenBallot).where(OpenBallot.vote_id == vote.id, OpenBallot.account_id == current_user.id)
    return list(db.session.scalars(own))


@bp.route("/hoi-dong/<quarter_name>", methods=["POST"])
@needs(Permission.VOTE, of=vote_or_404)
def cast_ballot(vote: CouncilVote) -> Any:
    """The answer to a secret ballot shows its code: it is kept nowhere, so no redirect could show it."""
    if not FlaskForm().validate_on_submit():
        abort(400)
    ids = [p.nomination_id for p in vote.papers]
    chosen = {n: Choice(c) for n in ids if (c := request.form.get(f"phieu-{n}", "")) in set(Choice)}
    reasons = {n: request.form.get(f"ly-do-{n}", "").strip()[:500] for n in ids}
    code = read_code(request.form.get("ma", ""))
    changes = votes.has_voted(vote, current_user.id)
    try:
        with transaction():
            votes.cast(vote, current_user, chosen, code=code, reasons=reasons, now=g.now)
    except Refusal as refusal:
        if refusal.reason not in (VoteRefusal.INCOMPLETE, VoteRefusal.WRONG_CODE, VoteRefusal.BAD_CODE):
            raise
        status = 422 if refusal.reason is VoteRefusal.INCOMPLETE else 409
        return _ballot_page(vote, chosen, refusal.sentence), status
    if not vote.is_secret:
        flash(_("Đã sửa phiếu.") if changes else _("Đã ghi phiếu."), "ok")
        return redirect(url_for(".ballot", quarter_name=vote.quarter.name))
    return render_template(
        "exemplars/ballot_taken.html", vote=vote, quarter=vote.quarter, code=code, progress=votes.progress(vote)
    )


@bp.route("/hoi-dong/<quarter_name>/lien-quan", methods=["POST"])
@needs(Permission.VOTE, of=vote_or_404)
def declare_conflict(vote: CouncilVote) -> Any:
    form = ConflictForm(prefix="xung-dot")
    own = votes.conflicts_of(vote, current_user.id)
    form.nomination.choices = [(p.nomination_id, p.nomination.name) for p in vote.papers if p.nomination_id not in own]
    if not form.validate_on_submit():
        return _ballot_page(vote, conflict_form=form), 422
    with transaction():
        votes.declare_conflict(
            vote, form.nomination.data, current_user, ConflictCause(form.cause.data), str(form.reason.data or ""),
            now=g.now,
        )  # fmt: skip
    name = db.session.get_one(Nomination, form.nomination.data).name
    flash(_("Đã ghi: bạn không bỏ phiếu cho “%(name)s”.", name=name), "ok")
    return redirect(url_for(".ballot", quarter_name=vote.quarter.name))


@bp.route("/hoi-dong/<quarter_name>/bien-ban")
@needs(Permission.SEE_VOTES, of=vote_or_404)
def vote_minutes(vote: CouncilVote) -> str:
    number = request.args.get("lan", type=int)
    found = votes.minutes(vote.quarter, number) or abort(404)
    base = {
        line.nomination_id: line.may_vote if found.rule.base is rules.Base.COUNCIL else line.tally.voted
        for line in found.lines
        if line.tally is not None
    }
    return render_template(
        "exemplars/minutes.html",
        m=found,
        quarter=vote.quarter,
        base=base,
        causes=CAUSE_TEXTS,
        choices=CHOICE_TEXTS,
        outcomes=OUTCOME_TEXTS,
        threshold=threshold_words(found.rule),
        quorum=quorum_words(found.rule),
        others=[v.number for v in queries.votes_of(vote.quarter) if v.closed_at and v.number != found.number],
    )


# The office


@bp.route("/to-chuc/de-cu/<quarter_name>/bo-phieu", methods=["GET", "POST"])
@needs(Permission.CONSOLIDATE, of=quarter_or_404)
def open_vote(quarter: Quarter) -> Any:
    members = votes.council()
    form = OpenVoteForm(members=[m.id for m in members], closes_at=max(quarter.vote_due_at, g.now + timedelta(days=2)))
    form.members.choices = [
        (m.id, f"{m.full_name} – {m.org_unit.name}" if m.org_unit else m.full_name) for m in members
    ]
    form.chair.choices = [(0, _("Chưa ghi")), *((m.id, m.full_name) for m in members)]
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        assert form.closes_at.data is not None  # required
        try:
            with transaction():
                votes.open_vote(
                    quarter, form.members.data or [], form.chair.data or None, VoteMode(form.mode.data), form.rule(),
                    form.closes_at.data, current_user, now=g.now,
                )  # fmt: skip
        except Refusal as refusal:
            form.form_errors.append(refusal.sentence)
            status = 409
        else:
            flash(_("Đã mở bỏ phiếu. Ủy viên được báo."), "ok")
            return redirect(url_for(".board", quarter_name=quarter.name))
    waiting = queries.public_nominations(quarter)
    return render_template("exemplars/open_vote.html", quarter=quarter, form=form, waiting=waiting), status


@bp.route("/to-chuc/de-cu/<quarter_name>/gia-han-phieu", methods=["GET", "POST"])
@needs(Permission.CONSOLIDATE, of=vote_or_404)
def extend_vote(vote: CouncilVote) -> Any:
    form = ExtendForm(closes_at=vote.closes_at)
    if form.validate_on_submit():
        assert form.closes_at.data is not None  # required
        with transaction():
            votes.extend(vote, form.closes_at.data, current_user, why=str(form.why.data), now=g.now)
        flash(_("Đã đổi hạn nhận phiếu."), "ok")
        return redirect(url_for(".board", quarter_name=vote.quarter.name))
    page = render_template("exemplars/extend_vote.html", vote=vote, quarter=vote.quarter, form=form)
    return page, 422 if form.errors else 200


@bp.route("/to-chuc/de-cu/<quarter_name>/kiem-phieu", methods=["POST"])
@needs(Permission.CONSOLIDATE, of=vote_or_404)
def count_votes(vote: CouncilVote) -> Any:
    if not FlaskForm().validate_on_submit():
        abort(400)
    with transaction():
        votes.close(vote, current_user, now=g.now)
    flash(_("Đã kiểm phiếu."), "ok")
    return redirect(url_for(".vote_minutes", quarter_name=vote.quarter.name))
