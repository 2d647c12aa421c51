"""Pages on which documents and their provisions are written and corrected."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.db import transaction
from quiz.errors import Refusal
from quiz.law import queries, service
from quiz.law.forms import DocumentForm, ProvisionForm
from quiz.law.models import LegalDocument, Provision
from quiz.law.places import in_order
from quiz.law.refusals import LawRefusal
from quiz.law.views import bp, document_or_404


def provision_or_404(provision_id: int) -> Provision:
    return queries.provision_by_id(provision_id) or abort(404)


@bp.route("/van-ban/moi", methods=["GET", "POST"])
@needs(Permission.EDIT_LAW)
def new_document() -> Any:
    form = DocumentForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                document = service.add_document(form.values(), current_user, now=g.now)
        except Refusal as refusal:
            form.number.errors = [refusal.sentence]
            status = 409
        else:
            flash(_("Đã thêm văn bản vào thư viện."), "ok")
            return redirect(url_for(".show", document_id=document.id))
    return render_template("law/document_form.html", form=form, document=None), status


@bp.route("/van-ban/<int:document_id>/sua", methods=["GET", "POST"])
@needs(Permission.EDIT_LAW, of=document_or_404)
def edit_document(document: LegalDocument) -> Any:
    form = DocumentForm(obj=document)
    document_id, status = document.id, 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                edited = service.edit_document(document, form.values(), current_user, now=g.now)
        except Refusal as refusal:
            _show_refusal(form, refusal)
            status = 409
        else:
            flash(_("Đã lưu văn bản.") if edited else _("Không có gì khác so với trước nên không ghi gì."), "ok")
            return redirect(url_for(".show", document_id=document_id))
    return render_template("law/document_form.html", form=form, document=document_or_404(document_id)), status


_FIELD_OF = {
    LawRefusal.NUMBER_TAKEN: "number",
    LawRefusal.CHANGE_BEFORE_EFFECT: "effective_on",
    LawRefusal.END_IS_A_CHANGE: "expires_on",
}


def _show_refusal(form: DocumentForm, refusal: Refusal) -> None:
    if refusal.reason not in _FIELD_OF:
        raise refusal
    form[_FIELD_OF[refusal.reason]].errors = [refusal.sentence]


@bp.route("/van-ban/<int:document_id>/dieu-khoan", methods=["GET", "POST"])
@needs(Permission.EDIT_LAW, of=document_or_404)
def provisions(document: LegalDocument) -> Any:
    form = ProvisionForm()
    document_id, status = document.id, 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                provision = service.add_provision(document, form.values(), current_user, now=g.now)
        except Refusal as refusal:
            form.article.errors = [refusal.sentence]
            status = 409
        else:
            flash(_("Đã thêm %(place)s.", place=provision.name), "ok")
            return redirect(url_for(".provisions", document_id=document_id))
    document = document_or_404(document_id)
    listed = sorted(document.provisions, key=lambda p: in_order(p.place))
    return render_template("law/provisions.html", document=document, provisions=listed, form=form), status


@bp.route("/van-ban/dieu-khoan/<int:provision_id>", methods=["GET", "POST"])
@needs(Permission.EDIT_LAW, of=provision_or_404)
def edit_provision(provision: Provision) -> Any:
    form = ProvisionForm(obj=provision)
    provision_id, status = provision.id, 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                service.edit_provision(provision, form.values(), current_user, now=g.now)
        except Refusal as refusal:
            form.article.errors = [refusal.sentence]
            status = 409
        else:
            flash(_("Đã lưu %(place)s.", place=provision.name), "ok")
            return redirect(url_for(".provisions", document_id=provision.document_id))
    provision = provision_or_404(provision_id)
    return render_template("law/provision_form.html", provision=provision, form=form), status


@bp.route("/van-ban/dieu-khoan/<int:provision_id>/bo", methods=["POST"])
@needs(Permission.EDIT_LAW, of=provision_or_404)
def remove_provision(provision: Provision) -> Any:
    document_id, name = provision.document_id, provision.name
    with transaction():
        service.remove_provision(provision, current_user, now=g.now)
    flash(_("Đã bỏ %(place)s khỏi danh sách.", place=name), "ok")
    return redirect(url_for(".provisions", document_id=document_id))
