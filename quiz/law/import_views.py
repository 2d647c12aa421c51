"""The two steps of bringing in a CSV file: a report of what it would change, then all of it or nothing.

Between the steps the file travels with the page: workers keep nothing, and a file of law is small.
"""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.db import transaction
from quiz.errors import Refusal
from quiz.formats import day
from quiz.law import csv_file, csv_import
from quiz.law.csv_file import MOST_BYTES, Reading
from quiz.law.csv_import import LineStatus
from quiz.law.forms import FileForm
from quiz.law.views import bp
from quiz.law.words import FIELDS


@bp.route("/van-ban/nhap", methods=["GET", "POST"])
@needs(Permission.EDIT_LAW)
def import_file() -> Any:
    form = FileForm()
    if form.validate_on_submit():
        # one byte more than is taken, so that a longer file is known as such without being read whole
        data = form.file.data.stream.read(MOST_BYTES + 1)
        reading = csv_file.read_bytes(data)
        if reading.rows or reading.provisions or reading.problems:
            return _report(reading, data)
        form.file.errors = [_("Tệp không có dòng nào dưới dòng tiêu đề. Chưa có gì được ghi.")]
    page = render_template("law/import.html", form=form, most_kb=MOST_BYTES // 1024)
    return page, 422 if form.errors else 200


def _report(reading: Reading, data: bytes, status: int = 200) -> Any:
    page = render_template(
        "law/import_report.html",
        reading=reading,
        plan=csv_import.plan_of(reading),
        content=base64.b64encode(data).decode(),
        LineStatus=LineStatus,
        fields=FIELDS,
        said=lambda value: day(value) if isinstance(value, date) else value or _("(trống)"),
    )
    return page, 422 if reading.problems else status


@bp.route("/van-ban/nhap/ghi", methods=["POST"])
@needs(Permission.EDIT_LAW)
def apply_file() -> Any:
    try:
        data = base64.b64decode(request.form.get("content", ""), validate=True)
    except (binascii.Error, ValueError):
        abort(400)
    reading = csv_file.read_bytes(data)
    try:
        with transaction():
            plan = csv_import.apply(reading, request.form.get("seen", ""), current_user, now=g.now)
    except Refusal as refusal:
        flash(refusal.sentence, "warn")
        return _report(reading, data, 409)
    new, changed = plan.count(LineStatus.NEW), plan.count(LineStatus.CHANGED)
    flash(_("Đã ghi: %(new)s dòng mới, %(changed)s dòng thay đổi.", new=new, changed=changed), "ok")
    return redirect(url_for(".index"))
