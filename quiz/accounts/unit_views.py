"""Pages of the tree of units, and the two steps of importing it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.accounts import queries, unit_import, unit_service
from quiz.accounts.models import OrgUnit, UnitImportDraft
from quiz.accounts.unit_file import HEADINGS, MOST_BYTES, MOST_ROWS
from quiz.accounts.unit_forms import HeadcountForm, NewUnitForm, UnitFileForm, UnitForm
from quiz.accounts.unit_plan import RowStatus
from quiz.accounts.views import bp
from quiz.addresses import page_number
from quiz.db import db, transaction
from quiz.errors import Refusal, sentence

UNITS_A_PAGE = 100
LINES_A_PAGE = 200


def unit_or_404(unit_id: int) -> OrgUnit:
    return db.get_or_404(OrgUnit, unit_id)


def draft_or_404(draft_id: int) -> UnitImportDraft:
    return db.get_or_404(UnitImportDraft, draft_id)


def _slice(length: int, size: int) -> tuple[int, int, int]:
    """(page, start, end) of the page that the address asks for, moved to the nearest one that exists."""
    page = max(1, min(page_number(), -(-length // size)))
    return page, (page - 1) * size, min(page * size, length)


@bp.route("/to-chuc/don-vi")
@needs(Permission.MANAGE_UNITS)
def units() -> str:
    search = request.args.get("tim", "").strip()[:100]
    nodes = queries.unit_tree(search)
    page, start, end = _slice(len(nodes), UNITS_A_PAGE)
    return render_template(
        "accounts/units.html", nodes=nodes[start:end], total=len(nodes), page=page, start=start, end=end, search=search
    )


@bp.route("/to-chuc/don-vi/moi", methods=["GET", "POST"])
@needs(Permission.MANAGE_UNITS)
def new_unit() -> Any:
    form = NewUnitForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                unit = unit_service.create_unit(code=form.code.data or "", **form.values(), by=current_user, now=g.now)
        except Refusal as refusal:
            form.code.errors = [refusal.sentence]
            status = 409
        else:
            flash(_("Đã thêm đơn vị “%(name)s”.", name=unit.name), "ok")
            return redirect(url_for(".unit", unit_id=unit.id))
    return render_template("accounts/new_unit.html", form=form), status


@bp.route("/to-chuc/don-vi/<int:unit_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_UNITS, of=unit_or_404)
def unit(unit: OrgUnit) -> Any:
    form = UnitForm(unit)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with transaction():
                unit_service.correct_unit(unit, **form.values(), by=current_user, now=g.now)
        except Refusal as refusal:
            form.parent.errors = [refusal.sentence]
            status = 409
        else:
            flash(_("Đã lưu đơn vị."), "ok")
            return redirect(url_for(".unit", unit_id=unit.id))
    return _unit_page(unit, form, HeadcountForm(formdata=None)), status


def _unit_page(unit: OrgUnit, form: UnitForm, headcount_form: HeadcountForm) -> str:
    members = queries.count_members(unit.id)
    return render_template(
        "accounts/unit.html", unit=unit, form=form, headcount_form=headcount_form, members=members
    )  # fmt: skip


@bp.route("/to-chuc/don-vi/<int:unit_id>/so-nguoi", methods=["POST"])
@needs(Permission.MANAGE_UNITS, of=unit_or_404)
def state_headcount(unit: OrgUnit) -> Any:
    form = HeadcountForm()
    if not form.validate_on_submit():
        return _unit_page(unit, UnitForm(unit, formdata=None), form), 422
    with transaction():
        unit_service.state_headcount(unit, form.count, by=current_user, now=g.now)
    flash(_("Đã ghi số liệu về người của đơn vị."), "ok")
    return redirect(url_for(".unit", unit_id=unit.id))


@bp.route("/to-chuc/don-vi/<int:unit_id>/xoa", methods=["POST"])
@needs(Permission.MANAGE_UNITS, of=unit_or_404)
def remove_unit(unit: OrgUnit) -> Any:
    name = unit.name
    with transaction():
        unit_service.remove_unit(unit, by=current_user, now=g.now)
    flash(_("Đã xóa đơn vị “%(name)s”.", name=name), "ok")
    return redirect(url_for(".units"))


@bp.route("/to-chuc/don-vi.csv")
@needs(Permission.MANAGE_UNITS)
def units_csv() -> Response:
    """The tree in the columns that the import reads: to keep, or to correct and load again."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings[0] for headings in HEADINGS.values())
    writer.writerows(_csv_rows())
    headers = {"Content-Disposition": "attachment; filename=don-vi.csv"}
    # the mark tells Excel that the text is UTF-8
    return Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _csv_rows() -> Iterator[list[str]]:
    nodes = queries.unit_tree()
    codes = {node.unit.id: node.unit.code for node in nodes}
    for node in nodes:
        unit, count = node.unit, node.headcount
        counted = [""] * 5
        if count:
            numbers = (count.people, count.obliged, count.population)
            counted = ["" if n is None else str(n) for n in numbers] + [f"{count.as_of:%d/%m/%Y}", count.source]
        parent = codes[unit.parent_id] if unit.parent_id else ""
        yield [unit.code, unit.name, unit.kind, unit.block, parent, *counted, unit.note]


@bp.route("/to-chuc/don-vi/nhap", methods=["GET", "POST"])
@needs(Permission.MANAGE_UNITS)
def import_units() -> Any:
    form = UnitFileForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        upload = form.file.data
        try:
            with transaction():
                # one byte more than is taken, so that a longer file is known as such without being read whole
                data = upload.stream.read(MOST_BYTES + 1)
                draft = unit_import.draft_import(data, upload.filename or "", by=current_user, now=g.now)
        except Refusal as refusal:
            form.file.errors = [refusal.sentence]
            status = 422
        else:
            return redirect(url_for(".unit_draft", draft_id=draft.id))
    return render_template(
        "accounts/import_units.html", form=form, headings=HEADINGS, most_rows=MOST_ROWS, most_mb=MOST_BYTES >> 20
    ), status  # fmt: skip


@bp.route("/to-chuc/don-vi/nhap/<int:draft_id>")
@needs(Permission.MANAGE_UNITS, of=draft_or_404)
def unit_draft(draft: UnitImportDraft) -> Any:
    if draft.committed_at is not None:
        flash(_("Tệp này đã được ghi."), "info")
        return redirect(url_for(".units"))
    plan = unit_import.plan_of(draft, now=g.now)
    only = request.args.get("chi", "")
    lines = plan.having(RowStatus(only)) if only in list(RowStatus) else plan.lines
    page, start, end = _slice(len(lines), LINES_A_PAGE)
    return render_template(
        "accounts/unit_draft.html", draft=draft, plan=plan, digest=unit_import.plan_digest(plan), only=only,
        lines=lines[start:end], total=len(lines), page=page, start=start, end=end,
        headings={column: names[0] for column, names in HEADINGS.items()}, said=_said,
    )  # fmt: skip


def _said(problem: tuple[Any, dict[str, object]]) -> str:
    reason, details = problem
    if "column" in details:
        details = details | {"column": HEADINGS[str(details["column"])][0]}
    return sentence(reason, **details)


@bp.route("/to-chuc/don-vi/nhap/<int:draft_id>/ghi", methods=["POST"])
@needs(Permission.MANAGE_UNITS, of=draft_or_404)
def commit_units(draft: UnitImportDraft) -> Any:
    try:
        with transaction():
            plan = unit_import.commit_import(draft, request.form.get("digest", ""), by=current_user, now=g.now)
    except Refusal as refusal:
        flash(refusal.sentence, "warn")
        return redirect(url_for(".unit_draft", draft_id=draft.id))
    new, changed = plan.count(RowStatus.NEW), plan.count(RowStatus.CHANGED)
    flash(_("Đã ghi: %(new)s đơn vị mới, %(changed)s đơn vị thay đổi.", new=new, changed=changed), "ok")
    return redirect(url_for(".units"))
