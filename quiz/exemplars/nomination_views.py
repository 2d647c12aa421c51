"""Pages of nominations: the unit's desk, the head's confirmation, the public term."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.utils import secure_filename

from quiz.access import Permission, Role, allows, needs, public
from quiz.accounts.models import OrgUnit
from quiz.db import db, transaction
from quiz.errors import Refusal
from quiz.exemplars import comments, evidence, nominations, refusals  # noqa: F401  the sentences of refusals
from quiz.exemplars import nomination_queries as queries
from quiz.exemplars.models import Movement
from quiz.exemplars.nomination_forms import (
    AcceptForm,
    AskBackForm,
    CommentForm,
    EvidenceForm,
    MergeForm,
    NominationForm,
    NoteForm,
    ReasonForm,
)
from quiz.exemplars.nomination_models import (
    BEFORE_THE_VOTE,
    DECIDED_BY_VOTE,
    Evidence,
    EvidenceKind,
    Nomination,
    NominationState,
    PublicComment,
    Quarter,
)
from quiz.exemplars.views import bp
from quiz.exemplars.words import (
    EVIDENCE_TEXTS,
    FIELD_TEXTS,
    HIDDEN_OUTCOME,
    KIND_TEXTS,
    OWNER_TEXTS,
    STATE_TEXTS,
    full_name,
    quarter_title,
)
from quiz.formats import local

FILE_POLICY = "sandbox; default-src 'none'"  # a file from outside runs nothing, even where a browser shows it

bp.add_app_template_filter(quarter_title, "quarter_title")
bp.add_app_template_filter(full_name, "full_name")


@bp.app_template_filter()
def quarter_heading(name: str) -> str:
    """ "2026-Q4" → "Quý IV/2026"."""
    title = quarter_title(name)
    return title[:1].upper() + title[1:]


@bp.app_template_global()
def state_words(nomination: Nomination) -> str:
    """The state as the visitor may know it: a unit learns what the council decided with the decision."""
    if _outcome_is_hidden(nomination):
        return str(HIDDEN_OUTCOME)
    return str(STATE_TEXTS[nomination.state])


def _outcome_is_hidden(nomination: Nomination) -> bool:
    knows = current_user.is_authenticated and current_user.roles & {Role.ORGANIZER, Role.COUNCIL_MEMBER}
    return not knows and nomination.state in DECIDED_BY_VOTE and nomination.announced_at is None


def quarter_or_404(quarter_name: str) -> Quarter:
    return queries.quarter_by_name(quarter_name) or abort(404)


def nomination_or_404(nomination_id: int) -> Nomination:
    return db.get_or_404(Nomination, nomination_id)


def own_unit_or_404() -> OrgUnit:
    """The visitor's unit, as a subject that belongs to itself."""
    unit = current_user.org_unit if current_user.is_authenticated else None
    return unit or abort(404)


# The way in


@bp.route("/to-chuc/de-cu")
@needs(Permission.SEE_NOMINATIONS)
def nominations_home() -> str:
    """Each sees the own part: the office all quarters, a unit its nominations, the council its votes."""
    roles = current_user.roles
    quarters = queries.quarters()
    is_contact = Role.UNIT_CONTACT in roles and current_user.org_unit_id is not None
    return render_template(
        "exemplars/nominations.html",
        quarters=quarters,
        open_quarters=[q for q in quarters if g.now < q.nominations_due_at and _asks(q)] if is_contact else [],
        own=queries.nominations_of_unit(current_user.org_unit_id) if is_contact else [],
        votes=[(q, v) for q in quarters for v in reversed(queries.votes_of(q))] if Role.COUNCIL_MEMBER in roles else [],
        task_of=_task,
        owners=OWNER_TEXTS,
        is_contact=is_contact,
    )


def _asks(quarter: Quarter) -> bool:
    return current_user.org_unit_id in {unit.id for unit in quarter.units}


def _task(nomination: Nomination) -> queries.Task | None:
    if _outcome_is_hidden(nomination):
        return queries.Task(queries.Owner.OFFICE, nomination.quarter.publication_due_at)
    vote = queries.open_vote(nomination.quarter) if nomination.state == NominationState.VOTING else None
    return queries.task_of(nomination, now=g.now, vote=vote)


@bp.route("/de-cu/xac-nhan")
@needs(Permission.SEE_OWN_ACCOUNT)
def to_confirm() -> str:
    """What waits for the visitor as head of a unit."""
    waiting = queries.nominations_to_confirm(current_user)
    return render_template("exemplars/to_confirm.html", waiting=waiting, task_of=_task)


# Writing


def _nomination_form(nomination: Nomination | None = None) -> NominationForm:
    form = NominationForm.of(nomination) if nomination is not None else NominationForm()
    movements = select(Movement.id, Movement.title).where(Movement.is_shown).order_by(Movement.position, Movement.id)
    form.movement_id.choices = [(0, _("Không thuộc phong trào nào")), *map(tuple, db.session.execute(movements))]
    return form


@bp.route("/de-cu/<quarter_name>/moi", methods=["GET", "POST"])
@needs(Permission.NOMINATE, of=lambda: _OwnUnit())
def new_nomination(_unit: _OwnUnit, quarter_name: str) -> Any:
    quarter, unit = quarter_or_404(quarter_name), own_unit_or_404()
    form = _nomination_form()
    if form.validate_on_submit():
        with transaction():
            made = nominations.draft(quarter, unit, form.content(), current_user, now=g.now)
        flash(_("Đã lưu bản nháp. Hãy thêm minh chứng rồi gửi thủ trưởng xác nhận."), "ok")
        return redirect(url_for(".nomination", nomination_id=made.id))
    page = render_template("exemplars/nomination_form.html", form=form, quarter=quarter, unit=unit, nomination=None)
    return page, 422 if form.errors else 200


class _OwnUnit:
    """Whoever nominates does so for the own unit."""

    @property
    def org_unit_id(self) -> int | None:
        return current_user.org_unit_id


@bp.route("/de-cu/ho-so/<int:nomination_id>/sua", methods=["GET", "POST"])
@needs(Permission.NOMINATE, of=nomination_or_404)
def edit_nomination(nomination: Nomination) -> Any:
    form = _nomination_form(nomination)
    if form.validate_on_submit():
        with transaction():
            nominations.edit(nomination, form.content(), form.revision.data or 0, current_user, now=g.now)
        flash(_("Đã lưu hồ sơ."), "ok")
        return redirect(url_for(".nomination", nomination_id=nomination.id))
    page = render_template(
        "exemplars/nomination_form.html", form=form, quarter=nomination.quarter, unit=nomination.org_unit,
        nomination=nomination,
    )  # fmt: skip
    return page, 422 if form.errors else 200


# One nomination


@bp.route("/de-cu/ho-so/<int:nomination_id>")
@needs(Permission.SEE_NOMINATION, of=nomination_or_404)
def nomination(nomination: Nomination) -> str:
    return _page_of(nomination)


def _page_of(nomination: Nomination, **forms: Any) -> str:
    """forms: those that come back with errors, by name"""
    state = NominationState(nomination.state)
    office = allows(current_user, Permission.CONSOLIDATE)
    duplicates = queries.duplicates_of(nomination) if office or nomination.is_with_unit else []
    merge_form = forms.get("merge_form") or MergeForm()
    at_office = [NominationState.CONFIRMED, NominationState.ACCEPTED]
    merge_form.into.choices = [
        (n.id, f"{n.name} – {n.org_unit.name}")
        for n in [*duplicates, *(n for n in queries.nominations_of(nomination.quarter) if n not in duplicates)]
        if office and n.id != nomination.id and n.state in at_office
    ]
    return render_template(
        "exemplars/nomination.html",
        n=nomination,
        quarter=nomination.quarter,
        task=_task(nomination),
        owners=OWNER_TEXTS,
        kinds=KIND_TEXTS,
        fields=FIELD_TEXTS,
        evidence_kinds=EVIDENCE_TEXTS,
        states=STATE_TEXTS,
        steps=[s for s in nomination.steps if not (_outcome_is_hidden(nomination) and s.to_state in DECIDED_BY_VOTE)],
        repeats=queries.repeats_of(nomination) if office or nomination.is_with_unit else [],
        duplicates=duplicates,
        portraits=[e for e in nomination.evidence if e.kind == EvidenceKind.PORTRAIT and e.is_picture],
        comments=queries.comments_on(nomination) if office else [],
        may_write=allows(current_user, Permission.NOMINATE, nomination) and nomination.is_with_unit,
        may_withdraw=allows(current_user, Permission.NOMINATE, nomination) and state in BEFORE_THE_VOTE,
        may_confirm=allows(current_user, Permission.CONFIRM_NOMINATION, nomination) and state == NominationState.SENT,
        may_consolidate=office and state in at_office,
        may_decline=office and state in [*at_office, NominationState.COMMENTING],
        send_until=nominations.send_until(nomination),
        evidence_form=forms.get("evidence_form") or EvidenceForm(),
        withdraw_form=forms.get("withdraw_form") or ReasonForm(prefix="rut"),
        back_form=forms.get("back_form") or ReasonForm(prefix="tra"),
        accept_form=forms.get("accept_form") or AcceptForm(prefix="nhan"),
        decline_form=forms.get("decline_form") or ReasonForm(prefix="khong-nhan"),
        ask_form=forms.get("ask_form") or AskBackForm(),
        merge_form=merge_form,
        note_form=NoteForm(),
        came_back=[form for form in forms.values() if form.errors],
    )


def _step(nomination: Nomination, deed: Callable[[], None], said: str, **forms: Any) -> Any:
    """Do one step if the form that asks for it is whole, and show the nomination again."""
    form = next(iter(forms.values())) if forms else FlaskForm()
    if not form.validate_on_submit():
        return _page_of(nomination, **forms), 422
    with transaction():
        deed()
    flash(said, "ok")
    return redirect(url_for(".nomination", nomination_id=nomination.id))


@bp.route("/de-cu/ho-so/<int:nomination_id>/gui", methods=["POST"])
@needs(Permission.NOMINATE, of=nomination_or_404)
def send_nomination(nomination: Nomination) -> Any:
    deed = lambda: nominations.send(nomination, current_user, now=g.now)  # noqa: E731
    return _step(nomination, deed, _("Đã gửi. Thủ trưởng đơn vị được báo để xác nhận."))


@bp.route("/de-cu/ho-so/<int:nomination_id>/rut", methods=["POST"])
@needs(Permission.NOMINATE, of=nomination_or_404)
def withdraw_nomination(nomination: Nomination) -> Any:
    form = ReasonForm(prefix="rut")
    deed = lambda: nominations.withdraw(nomination, current_user, why=str(form.why.data), now=g.now)  # noqa: E731
    return _step(nomination, deed, _("Đã rút hồ sơ."), withdraw_form=form)


@bp.route("/de-cu/ho-so/<int:nomination_id>/xac-nhan", methods=["POST"])
@needs(Permission.CONFIRM_NOMINATION, of=nomination_or_404)
def confirm_nomination(nomination: Nomination) -> Any:
    deed = lambda: nominations.confirm(nomination, current_user, now=g.now)  # noqa: E731
    return _step(nomination, deed, _("Đã xác nhận. Hồ sơ đã chuyển đến Văn phòng."))


@bp.route("/de-cu/ho-so/<int:nomination_id>/tra-lai", methods=["POST"])
@needs(Permission.CONFIRM_NOMINATION, of=nomination_or_404)
def hand_back_nomination(nomination: Nomination) -> Any:
    form = ReasonForm(prefix="tra")
    deed = lambda: nominations.hand_back(nomination, current_user, why=str(form.why.data), now=g.now)  # noqa: E731
    return _step(nomination, deed, _("Đã trả hồ sơ cho người lập."), back_form=form)


@bp.route("/de-cu/ho-so/<int:nomination_id>/nhan", methods=["POST"])
@needs(Permission.CONSOLIDATE, of=nomination_or_404)
def accept_nomination(nomination: Nomination) -> Any:
    form = AcceptForm(prefix="nhan")
    deed = lambda: nominations.accept(nomination, current_user, why=str(form.why.data or ""), now=g.now)  # noqa: E731
    return _step(nomination, deed, _("Đã nhận đề cử."), accept_form=form)


@bp.route("/de-cu/ho-so/<int:nomination_id>/khong-nhan", methods=["POST"])
@needs(Permission.CONSOLIDATE, of=nomination_or_404)
def decline_nomination(nomination: Nomination) -> Any:
    form = ReasonForm(prefix="khong-nhan")
    deed = lambda: nominations.decline(nomination, current_user, why=str(form.why.data), now=g.now)  # noqa: E731
    return _step(nomination, deed, _("Đã ghi: không nhận. Đơn vị được báo lý do."), decline_form=form)


@bp.route("/de-cu/ho-so/<int:nomination_id>/hoi-lai", methods=["POST"])
@needs(Permission.CONSOLIDATE, of=nomination_or_404)
def ask_back(nomination: Nomination) -> Any:
    form = AskBackForm()

    def deed() -> None:
        assert form.due_at.data is not None  # required
        nominations.ask_back(nomination, str(form.question.data), form.due_at.data, current_user, now=g.now)

    return _step(nomination, deed, _("Đã trả hồ sơ về đơn vị kèm câu hỏi."), ask_form=form)


@bp.route("/de-cu/ho-so/<int:nomination_id>/gop", methods=["POST"])
@needs(Permission.CONSOLIDATE, of=nomination_or_404)
def merge_nomination(nomination: Nomination) -> Any:
    form = MergeForm()
    others = [n for n in queries.nominations_of(nomination.quarter) if n.id != nomination.id]
    form.into.choices = [(n.id, n.name) for n in others]

    def deed() -> None:
        survivor = nomination_or_404(form.into.data)
        nominations.merge(nomination, survivor, current_user, why=str(form.why.data), now=g.now)

    return _step(nomination, deed, _("Đã gộp hồ sơ; lịch sử của hồ sơ được giữ nguyên."), merge_form=form)


# Evidence


def evidence_or_404(evidence_id: int) -> Evidence:
    return db.get_or_404(Evidence, evidence_id)


class _OfEvidence:
    """A file belongs to whom its nomination belongs to."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def __getattr__(self, name: str) -> Any:
        return getattr(self.evidence.nomination, name)


def _evidence_subject(evidence_id: int) -> _OfEvidence:
    return _OfEvidence(evidence_or_404(evidence_id))


@bp.route("/de-cu/ho-so/<int:nomination_id>/minh-chung", methods=["POST"])
@needs(Permission.NOMINATE, of=nomination_or_404)
def add_evidence(nomination: Nomination) -> Any:
    form = EvidenceForm()
    if not form.validate_on_submit():
        return _page_of(nomination, evidence_form=form), 422
    upload = form.file.data
    try:
        with transaction():
            kind = EvidenceKind(form.kind.data)
            evidence.add(nomination, kind, upload.filename or "", upload.read(), current_user, now=g.now)
    except Refusal as refusal:
        form.file.errors = [refusal.sentence]
        return _page_of(nomination, evidence_form=form), 409
    flash(_("Đã thêm tệp vào hồ sơ."), "ok")
    return redirect(url_for(".nomination", nomination_id=nomination.id))


@bp.route("/de-cu/minh-chung/<int:evidence_id>/xoa", methods=["POST"])
@needs(Permission.NOMINATE, of=_evidence_subject)
def remove_evidence(subject: _OfEvidence) -> Any:
    nomination = subject.evidence.nomination
    with transaction():
        evidence.remove(subject.evidence, current_user, now=g.now)
    flash(_("Đã bỏ tệp khỏi hồ sơ."), "ok")
    return redirect(url_for(".nomination", nomination_id=nomination.id))


@bp.route("/de-cu/minh-chung/<int:evidence_id>")
@needs(Permission.SEE_NOMINATION, of=_evidence_subject)
def evidence_file(subject: _OfEvidence) -> Response:
    """Pictures, which are of our own making, show on the page; anything else is only to be kept as a file."""
    held = subject.evidence
    response = Response(held.content, mimetype=held.media_type)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not held.is_picture or request.args.get("tai"):
        plain_name = secure_filename(held.file_name) or "minh-chung"
        response.headers.set("Content-Disposition", "attachment", filename=plain_name)
    return response


# The public term


@bp.route("/de-cu/<quarter_name>/lay-y-kien", methods=["GET", "POST"])
@public
def public_comments(quarter_name: str) -> Any:
    """What everybody may read of the nominations, and say of them: name, unit and summary, and nothing else."""
    quarter = quarter_or_404(quarter_name)
    shown = queries.public_nominations(quarter)
    takes = [n for n in shown if comments.takes_comments(n, g.now)]
    form = CommentForm(signed_in=current_user.is_authenticated)
    form.nomination.choices = [(n.id, full_name(n)) for n in takes]
    if takes and form.validate_on_submit():
        signed_in = current_user.is_authenticated
        with transaction():
            comments.say(
                nomination_or_404(form.nomination.data), str(form.text.data), current_user if signed_in else None,
                name="" if signed_in else str(form.name.data), contact="" if signed_in else str(form.contact.data),
                sender=comments.sender_mark(request.remote_addr or "", str(current_app.secret_key), now=g.now), now=g.now,
            )  # fmt: skip
        flash(_("Đã ghi ý kiến. Chỉ Văn phòng đọc; tên và liên hệ của bạn không công khai."), "ok")
        return redirect(url_for(".public_comments", quarter_name=quarter.name))
    page = render_template(
        "exemplars/public_comments.html", quarter=quarter, shown=shown, takes=takes, form=form, fields=FIELD_TEXTS,
        until=max((n.comments_until for n in takes if n.comments_until), default=None),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def comment_or_404(comment_id: int) -> PublicComment:
    return db.get_or_404(PublicComment, comment_id)


@bp.route("/de-cu/y-kien/<int:comment_id>", methods=["POST"])
@needs(Permission.CONSOLIDATE, of=comment_or_404)
def note_comment(comment: PublicComment) -> Any:
    form = NoteForm()
    if not form.validate_on_submit():
        return _page_of(comment.nomination, note_form=form), 422
    with transaction():
        comments.note(comment, str(form.note.data), current_user, now=g.now)
    flash(_("Đã ghi kết quả xem xét ý kiến."), "ok")
    return redirect(url_for(".nomination", nomination_id=comment.nomination_id))


@bp.app_template_filter()
def local_day(moment: Any) -> str:
    return f"{local(moment):%d/%m/%Y}"
