"""Pages on which changes of the law are recorded: shown with the items they touch first, then written.

They stand with the banks, not with the law library, because the library knows nothing of items.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, allows, needs
from quiz.banks import law_checks
from quiz.banks.doubts import Affected
from quiz.banks.law_views import change_or_404
from quiz.banks.views import bp
from quiz.db import transaction
from quiz.law import changes
from quiz.law import queries as law
from quiz.law.changes import ChangeFacts
from quiz.law.forms import ChangeForm, WithdrawForm
from quiz.law.models import LawChange, LegalDocument
from quiz.law.refusals import LawRefusal
from quiz.law.views import document_or_404

SHOWN = 50  # items in a preview


@bp.route("/van-ban/<int:document_id>/thay-doi/moi", methods=["GET", "POST"])
@needs(Permission.EDIT_LAW, of=document_or_404)
def record_change(document: LegalDocument) -> Any:
    return _change_page(document, None, ChangeForm())


@bp.route("/van-ban/thay-doi/<int:change_id>/sua", methods=["GET", "POST"])
@needs(Permission.EDIT_LAW, of=change_or_404)
def edit_change(change: LawChange) -> Any:
    return _change_page(change.document, change, ChangeForm.of(change))


def _change_page(document: LegalDocument, change: LawChange | None, form: ChangeForm) -> Any:
    """Show the form; once it is sent, what it would touch; once that has been seen, write it."""
    if not form.validate_on_submit():
        return _render(document, change, form, status=422 if form.errors else 200)
    facts = form.facts
    if refusal := changes.why_not_change(document, facts, change):
        form[_FIELD_OF.get(refusal.reason, "from_on")].errors = [refusal.sentence]
        return _render(document, change, form, status=409)
    touched = law_checks.preview(document.id, facts.scope)
    mark = _mark(facts, touched)
    if request.form.get("act") != "write" or request.form.get("seen") != mark:
        overtaken = request.form.get("act") == "write"
        return _render(document, change, form, touched, mark, overtaken, 409 if overtaken else 200)
    with transaction():
        if change is None:
            change = changes.record_change(document, facts, current_user, now=g.now)
        else:
            changes.edit_change(change, facts, current_user, now=g.now)
    flash(_("Đã ghi nhận: %(n)s câu hỏi bị chạm tới.", n=len(touched)), "ok")
    if allows(current_user, Permission.SEE_BANK):
        return redirect(url_for(".touched_items", change_id=change.id))
    return redirect(url_for("law.show", document_id=change.document_id))


_FIELD_OF: dict[enum.Enum, str] = {LawRefusal.CHANGED_BY_ITSELF: "by_number", LawRefusal.SAME_CHANGE: "by_number"}


def _mark(facts: ChangeFacts, touched: Sequence[Affected]) -> str:
    """Tells whether two previews say the same, so that nobody writes another change than the one they have seen."""
    return hashlib.sha256(repr((facts, [a.version.id for a in touched])).encode()).hexdigest()[:32]


def _render(
    document: LegalDocument, change: LawChange | None, form: ChangeForm, touched: Sequence[Affected] | None = None,
    mark: str = "", overtaken: bool = False, status: int = 200,
) -> Any:  # fmt: skip
    page = render_template(
        "banks/law_change_form.html",
        document=document,
        change=change,
        form=form,
        withdraw_form=WithdrawForm(formdata=None) if change else None,
        documents=law.all_documents(),
        touched=touched,
        seen=mark,
        overtaken=overtaken,
        shown=SHOWN,
    )
    return page, status


@bp.route("/van-ban/thay-doi/<int:change_id>/xoa", methods=["POST"])
@needs(Permission.EDIT_LAW, of=change_or_404)
def withdraw_change(change: LawChange) -> Any:
    form, document_id = WithdrawForm(), change.document_id
    if not form.validate_on_submit():
        flash(_("Chưa xóa: hãy ghi lý do."), "warn")
        return redirect(url_for(".edit_change", change_id=change.id))
    with transaction():
        changes.withdraw_change(change, current_user, form.why.data or "", now=g.now, keep_end=bool(form.keep_end.data))
    flash(_("Đã xóa thay đổi ghi nhận nhầm. Các câu hỏi liên quan được rút như trước khi ghi."), "ok")
    return redirect(url_for("law.show", document_id=document_id))
