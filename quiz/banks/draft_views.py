"""Uploads in two steps: read and report, then write. Also the workbook that teaches the format."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.addresses import page_number
from quiz.banks import drafts, queries
from quiz.banks.formats import xlsx_template
from quiz.banks.formats.xlsx_guard import FileRefusal
from quiz.banks.forms import UploadForm
from quiz.banks.models import Bank, ImportDraft
from quiz.banks.refusals import BankRefusal
from quiz.banks.views import bank_or_404, bp
from quiz.banks.wording import Problem, Severity
from quiz.banks.words import SEVERITIES
from quiz.db import transaction
from quiz.errors import Refusal, sentence

ROWS = 100
PENDING: dict[str, Any] = {"trang-thai": "pending"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draft_or_404(draft_id: int) -> ImportDraft:
    return queries.draft_by_id(draft_id) or abort(404)


@bp.app_template_global()
def problem_text(problem: Problem) -> str:
    return sentence(problem.fault, **problem.details)


@bp.route("/ngan-hang/<code>/nhap", methods=["GET", "POST"])
@needs(Permission.EDIT_BANK, of=bank_or_404)
def upload(bank: Bank) -> Any:
    form = UploadForm()
    if form.validate_on_submit():
        file = form.file.data
        try:
            with transaction():
                draft = drafts.start_import(bank, file.filename or "tep.xlsx", file.read(), current_user, now=g.now)
                draft_id = draft.id
        except Refusal as refusal:
            if not isinstance(refusal.reason, FileRefusal):
                raise
            form.file.errors = [refusal.sentence]
            bank = bank_or_404(bank.code)  # the transaction was rolled back
        else:
            return redirect(url_for(".draft", draft_id=draft_id))
    waiting = queries.drafts_of(bank)
    return render_template("banks/upload.html", bank=bank, form=form, waiting=waiting), 422 if form.errors else 200


@bp.route("/ngan-hang/nhap/<int:draft_id>")
@needs(Permission.EDIT_BANK, of=draft_or_404)
def draft(draft: ImportDraft) -> Any:
    rows = drafts.rows_of(draft)
    groups = {
        "can-xem": [r for r in rows if r.problems],
        "hop-le": [r for r in rows if r.can_be_written],
        "tat-ca": rows,
    }
    tab = request.args.get("xem", "")
    if tab not in groups:
        tab = "can-xem" if groups["can-xem"] else "tat-ca"
    number = page_number()
    return render_template(
        "banks/draft.html",
        draft=draft,
        report=draft.report,
        file_problems=[Problem.from_json(problem) for problem in draft.report["problems"]],
        errors=[row for row in rows if row.worst == Severity.ERROR],
        groups=groups,
        tab=tab,
        rows=groups[tab][(number - 1) * ROWS : number * ROWS],
        can_be_written=len(groups["hop-le"]),
        SEVERITIES=SEVERITIES,
        number=number,
        size=ROWS,
        form=UploadForm(formdata=None),
    )


@bp.route("/ngan-hang/nhap/<int:draft_id>/ghi", methods=["POST"])
@needs(Permission.EDIT_BANK, of=draft_or_404)
def commit(draft: ImportDraft) -> Any:
    only = None
    if request.form.get("what") == "selected":
        only = {int(value) for value in request.form.getlist("row") if value.isdecimal() and len(value) < 10}
    bank_code = draft.bank.code
    try:
        with transaction():
            done = drafts.commit_import(draft, current_user, now=g.now, only=only)
    except Refusal as refusal:
        if refusal.reason != BankRefusal.NOTHING_TO_WRITE:
            raise
        flash(refusal.sentence, "warn")
        return redirect(url_for(".draft", draft_id=draft.id))
    parts = [_("Đã ghi %(count)s câu mới ở trạng thái nháp.", count=done.added)]
    if done.versions:
        parts.append(_("%(count)s câu đã có nhận thêm phiên bản mới.", count=done.versions))
    if done.same:
        parts.append(_("%(count)s câu vừa có người khác ghi nên không ghi lại.", count=done.same))
    parts.append(_("Người khác duyệt thì câu mới vào đề."))
    flash(" ".join(parts), "ok")
    return redirect(url_for(".show", code=bank_code, **PENDING))


@bp.route("/ngan-hang/nhap/<int:draft_id>/bo", methods=["POST"])
@needs(Permission.EDIT_BANK, of=draft_or_404)
def drop(draft: ImportDraft) -> Any:
    bank_code, name = draft.bank.code, draft.file_name
    with transaction():
        drafts.drop_import(draft)
    flash(_("Đã bỏ tệp “%(name)s”. Chưa có câu nào của tệp được ghi.", name=name), "ok")
    return redirect(url_for(".show", code=bank_code))


@bp.route("/ngan-hang/nhap/<int:draft_id>/can-xem.xlsx")
@needs(Permission.EDIT_BANK, of=draft_or_404)
def draft_report(draft: ImportDraft) -> Any:
    lines = [
        (row.number, row.stem, str(SEVERITIES[problem.severity][0]), problem_text(problem))
        for row in drafts.rows_of(draft)
        for problem in row.problems
    ]
    return _workbook(xlsx_template.problem_report(lines), "cau-can-xem.xlsx")


@bp.route("/ngan-hang/tep-mau.xlsx")
@needs(Permission.SEE_BANK)
def template() -> Any:
    bank = queries.bank_by_code(request.args.get("ngan-hang", ""))
    return _workbook(xlsx_template.template(bank.topics if bank else ()), "cau-hoi-mau.xlsx")


def _workbook(content: bytes, name: str) -> Response:
    return Response(content, mimetype=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
