"""Pages of recognition: awarding, winners, certificates, public verification."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs, public
from quiz.addresses import page_number
from quiz.codes import read_code
from quiz.contests.models import Contest
from quiz.contests.queries import contest_by_slug
from quiz.db import transaction
from quiz.errors import Refusal
from quiz.ranking.models import Ranking
from quiz.ranking.queries import sheet_by_id
from quiz.ranking.unit_models import UnitSheet
from quiz.ranking.unit_sheet_queries import unit_sheet_by_id
from quiz.ranking.words import SKIP_TEXTS, scope_name
from quiz.recognition import printing, prints, queries, service, unit_awards
from quiz.recognition.forms import DecisionForm, RevokeForm
from quiz.recognition.models import Certificate, Decision, RevokeCause, Template
from quiz.recognition.refusals import CAUSE_TEXTS, RecognitionRefusal
from quiz.recognition.words import TEMPLATE_TEXTS
from quiz.settings import Settings

bp = Blueprint("recognition", __name__)

PER_PAGE = 20
LONGEST_TYPED = 60  # a code with all the dashes and blanks people put in
SHOWN = 200  # proposed winners listed by name; only a large tie makes more


def sheet_or_404(ranking_id: int) -> Ranking:
    return sheet_by_id(ranking_id) or abort(404)


def unit_sheet_or_404(sheet_id: int) -> UnitSheet:
    return unit_sheet_by_id(sheet_id) or abort(404)


def certificate_or_404(code: str) -> Certificate:
    return queries.certificate_by_code(read_code(code)) or abort(404)


def decision_or_404(decision_id: int) -> Decision:
    return queries.decision_by_id(decision_id) or abort(404)


def _settings() -> Settings:
    return current_app.extensions["settings"]


def _own_certificates() -> Sequence[Certificate]:
    return queries.certificates_of(current_user.id) if current_user.is_authenticated else []


# Winners


@bp.route("/ket-qua")
@public
def index() -> Any:
    """Contests with published results; on top the visitor's own certificates."""
    page = page_number()
    total = queries.count_contests_with_results()
    return render_template(
        "recognition/index.html",
        contests=queries.contests_with_results(limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        mine=_own_certificates(),
        page=page,
        total=total,
        per_page=PER_PAGE,
    )


@dataclass(frozen=True, slots=True)
class _DivisionResult:
    """sheet: the valid published one · decision: the newest · replaced: older ones, whose certificates are revoked"""

    sheet: Ranking
    decision: Decision | None
    replaced: Sequence[Decision]

    @property
    def shared_places(self) -> set[int]:
        places = [a.place for a in self.decision.awards] if self.decision else []
        return {place for place in places if places.count(place) > 1}


@bp.route("/ket-qua/<slug>")
@public
def winners(slug: str) -> Any:
    """The winners of one round of the contest, the latest published unless `?ky=` names another."""
    contest = contest_by_slug(slug) or abort(404)
    sheets = queries.published_sheets(contest.id)
    scopes = list({sheet.scope_code: (sheet.scope_code, scope_name(sheet)) for sheet in sheets}.values())
    units = {
        d.sheet.scope_code: (d.sheet.scope_code, scope_name(d.sheet)) for d in queries.unit_decisions_of(contest.id)
    }
    scopes += [scope for code, scope in units.items() if code not in dict(scopes)]
    here = _chosen_scope([code for code, _name in scopes], request.args.get("ky"))
    of_scope = [sheet for sheet in sheets if sheet.scope_code == here]
    decisions = queries.decisions_of(contest.id, of_scope[0].round_id) if of_scope else []
    results = []
    for sheet in of_scope:
        of_division = [d for d in decisions if d.ranking is not None and d.ranking.division_id == sheet.division_id]
        results.append(_DivisionResult(sheet, of_division[0] if of_division else None, of_division[1:]))
    return render_template(
        "recognition/winners.html",
        contest=contest,
        scopes=scopes,
        here=here,
        scope_title=dict(scopes).get(here, ""),
        results=results,
        unit_decisions=[d for d in queries.unit_decisions_of(contest.id) if d.sheet.scope_code == here],
        mine=[c for c in _own_certificates() if c.award.decision.contest_id == contest.id],
        address=_settings().base_url + url_for(".winners", slug=slug, ky=here or None),
    )


def _chosen_scope(codes: Sequence[str], asked: str | None) -> str:
    """The round that the address names, or the last published one; that of the whole contest comes last."""
    if asked is None:
        return codes[-1] if codes else ""
    return asked if asked in codes else abort(404)


# Awarding


@bp.route("/to-chuc/giai/<int:ranking_id>", methods=["GET", "POST"])
@needs(Permission.AWARD, of=sheet_or_404)
def propose(ranking: Ranking) -> Any:
    """Proposed winners of a published sheet, and the form that enters the signed decision."""
    if request.method == "GET":
        if queries.decision_of(ranking.id):
            return redirect(_winners_of(ranking))
        if refusal := service.why_not_award(ranking):
            raise refusal
    return _propose(
        ranking,
        service.propose(ranking),
        lambda signed_on: service.why_not_signed_on(ranking, signed_on, g.now),
        lambda data: service.award(ranking, data, current_user, now=g.now),
    )


@bp.route("/to-chuc/giai/tap-the/<int:sheet_id>", methods=["GET", "POST"])
@needs(Permission.AWARD, of=unit_sheet_or_404)
def propose_units(sheet: UnitSheet) -> Any:
    """The same for units, by a published sheet of units."""
    if request.method == "GET":
        if queries.decision_of_units(sheet.id):
            return redirect(_winners_of(sheet))
        if refusal := unit_awards.why_not_award(sheet):
            raise refusal
    return _propose(
        sheet,
        unit_awards.propose(sheet),
        lambda signed_on: unit_awards.why_not_signed_on(sheet, signed_on, g.now),
        lambda data: unit_awards.award(sheet, data, current_user, now=g.now),
    )


def _winners_of(sheet: Ranking | UnitSheet) -> str:
    return url_for(".winners", slug=sheet.contest.slug, ky=sheet.scope_code)


def _propose(
    sheet: Ranking | UnitSheet,
    proposed: service.ProposedPrizes,
    why_not_signed_on: Callable[[date], Refusal | None],
    award: Callable[[service.DecisionData], Decision],
) -> Any:
    form = DecisionForm(
        data=_decision_defaults(sheet.contest),
        needs_confirmation=proposed.needs_confirmation,
        why_not_signed_on=why_not_signed_on,
    )
    if form.validate_on_submit():
        with transaction():
            decision = award(_decision_data(form))
            message = _(
                "Đã ghi quyết định số %(number)s và cấp %(count)s giấy.",
                number=decision.number,
                count=len(decision.awards),
            )
            where = url_for(".print_certificates", decision_id=decision.id)
        flash(message, "ok")
        return redirect(where)
    of_units = isinstance(sheet, UnitSheet)
    page = render_template(
        "recognition/propose.html",
        sheet=sheet,
        of_units=of_units,
        ranked=sheet.name if isinstance(sheet, UnitSheet) else sheet.division.name,
        contest=sheet.contest,
        proposed=proposed,
        shown=proposed.winners[:SHOWN],
        skip_texts=SKIP_TEXTS,
        form=form,
    )
    return page, 422 if form.errors else 200


def _decision_defaults(contest: Contest) -> dict[str, Any]:
    """One paper often names the winners of several divisions, so the contest's last decision fills in the next form."""
    last = queries.last_decision(contest.id)
    if last is None:
        named = re.search(r"(?:tỉnh|thành phố)\s+(.+)$", _settings().organization, re.IGNORECASE)
        return {"place_name": named[1] if named else ""}
    fields = ("number", "signed_on", "place_name", "signer_name", "signer_title", "template")
    return {field: getattr(last, field) for field in fields}


def _decision_data(form: DecisionForm) -> service.DecisionData:
    assert form.signed_on.data is not None  # the form has checked it
    return service.DecisionData(
        number=str(form.number.data),
        signed_on=form.signed_on.data,
        place_name=str(form.place_name.data),
        signer_name=str(form.signer_name.data),
        signer_title=str(form.signer_title.data),
        organization=_settings().organization,
        template=Template(form.template.data),
        confirmed=bool(form.confirmed.data),
    )


# Certificates


@bp.route("/giay-chung-nhan/<code>.pdf")
@needs(Permission.DOWNLOAD_CERTIFICATE, of=certificate_or_404)
def certificate_pdf(certificate: Certificate) -> Response:
    if certificate.revoked_at is not None:
        raise Refusal(RecognitionRefusal.CERTIFICATE_REVOKED)
    pdf = printing.pdf_of([certificate], prints.look_of(certificate.award.decision_id))
    name = printing.file_name(certificate)
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.route("/tra-cuu")
@public
def verify() -> Any:
    """The form; a typed code leads on to the address that the QR code has too."""
    typed = request.args.get("ma", "")[:LONGEST_TYPED]
    if code := read_code(typed):
        return redirect(url_for(".certificate", code=code))
    return render_template("recognition/verify.html", typed=typed, searched="ma" in request.args, missing=False)


@bp.route("/tra-cuu/<code>")
@public
def certificate(code: str) -> Any:
    found = queries.certificate_by_code(read_code(code[:LONGEST_TYPED]))
    if found is None:
        return render_template("recognition/verify.html", typed=code[:LONGEST_TYPED], searched=True, missing=True), 404
    return _certificate_page(found, RevokeForm())


@bp.route("/tra-cuu/<code>.json")
@public
def certificate_json(code: str) -> Any:
    """The same for machines: what the page says, and no more."""
    found = queries.certificate_by_code(read_code(code[:LONGEST_TYPED]))
    if found is None:
        return jsonify(state="unknown"), 404
    printed = found.printed
    revoked = found.revoked_at is not None
    return jsonify(
        state="revoked" if revoked else "valid",
        kind=printed["template"],
        register_number=found.serial,
        code=found.code,
        name=found.name,
        belongs_to=found.belongs_to,
        prize=printed["prize"],
        of=printed["of"],
        contest=printed["contest"],
        organization=printed["organization"],
        decision=printed["decision"],
        decided_on=printed["decided_on"],
        issued_on=found.issued_on.isoformat(),
        reissue=printed["reissue"],
        revoked_at=found.revoked_at.isoformat() if found.revoked_at else None,
        revoke_cause=found.revoke_cause,
        revoke_decision=found.revoke_decision or None,
        replaced_by=found.replaced_by.serial if found.replaced_by else None,
        checked_at=g.now.isoformat(),
    )


@bp.route("/giai/<code>")
@public
def honour(code: str) -> Any:
    """A page that a winner may share: name, unit, prize, and where to verify it."""
    found = queries.certificate_by_code(read_code(code[:LONGEST_TYPED])) or abort(404)
    return render_template(
        "recognition/honour.html",
        certificate=found,
        decision=found.award.decision,
        address=_settings().base_url + url_for(".honour", code=found.code),
    )


@bp.route("/to-chuc/giay-chung-nhan/<code>/thu-hoi", methods=["POST"])
@needs(Permission.REVOKE_CERTIFICATE, of=certificate_or_404)
def revoke(certificate: Certificate) -> Any:
    form = RevokeForm()
    if form.validate_on_submit():
        with transaction():
            service.revoke(
                certificate,
                RevokeCause(form.cause.data),
                str(form.decision_number.data),
                str(form.why.data),
                current_user,
                now=g.now,
            )
        flash(_("Đã thu hồi giấy chứng nhận số %(serial)s.", serial=certificate.serial), "ok")
        return redirect(url_for(".certificate", code=certificate.code))
    return _certificate_page(certificate, form), 422


@bp.route("/to-chuc/giai/quyet-dinh/<int:decision_id>/thu-hoi", methods=["GET", "POST"])
@needs(Permission.REVOKE_CERTIFICATE, of=decision_or_404)
def revoke_all(decision: Decision) -> Any:
    """All certificates of a decision at once, as a corrected ranking makes necessary."""
    form = RevokeForm(cause=RevokeCause.RESULT_CHANGED.value)
    if form.validate_on_submit():
        with transaction():
            count = service.revoke_all(
                decision,
                RevokeCause(form.cause.data),
                str(form.decision_number.data),
                str(form.why.data),
                current_user,
                now=g.now,
            )
        flash(_("Đã thu hồi %(count)s giấy chứng nhận.", count=count), "ok")
        return redirect(url_for(".winners", slug=decision.contest.slug, ky=decision.sheet.scope_code))
    if not decision.valid_certificates:
        raise Refusal(RecognitionRefusal.ALL_REVOKED_ALREADY)
    return render_template("recognition/revoke_all.html", decision=decision, form=form), 422 if form.errors else 200


def _certificate_page(certificate: Certificate, form: RevokeForm) -> str:
    cause = certificate.revoke_cause
    return render_template(
        "recognition/certificate.html",
        certificate=certificate,
        award=certificate.award,
        decision=certificate.award.decision,
        cause_text=CAUSE_TEXTS[RevokeCause(cause)] if cause else "",
        kind=TEMPLATE_TEXTS[certificate.template],
        form=form,
    )


from quiz.recognition import complaint_views, register_views  # noqa: E402, F401  their routes belong here
