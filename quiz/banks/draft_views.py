"""Uploads in two steps: read and report, mend on the page, then write. Also the files that teach the formats.

Reading and writing may take seconds, so both tell of their progress while they work when the script of the page asks for it,
and redirect at their end when it does not.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Generator, Iterator
from typing import Any

from flask import (
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.accounts.models import Account
from quiz.addresses import page_number
from quiz.banks import drafts, mending, picture_store, queries
from quiz.banks.drafts import Progress, Stage, draft_row
from quiz.banks.faults import Problem
from quiz.banks.formats.files import FileRefusal
from quiz.banks.formats.sheets import xlsx_template
from quiz.banks.formats.word import docx_template
from quiz.banks.forms import UploadForm
from quiz.banks.item_form import ItemForm, item_data
from quiz.banks.models import Bank, ImportDraft, ItemKind
from quiz.banks.queries import RowFilter
from quiz.banks.refusals import BankRefusal
from quiz.banks.views import bank_or_404, bp
from quiz.banks.words import FORMATS, SEVERITIES
from quiz.db import db, transaction
from quiz.errors import Refusal, error_response, fault_sentence, sentence
from quiz.law import queries as law
from quiz.spreadsheets import Worksheet, send_book

log = logging.getLogger(__name__)

ROWS = 50
PENDING: dict[str, Any] = {"trang-thai": "pending"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

STAGES = {
    Stage.READ: _l("Đang đọc tệp…"),
    Stage.CHECK: _l("Đang kiểm tra từng câu…"),
    Stage.COMPARE: _l("Đang so với ngân hàng…"),
    Stage.KEEP: _l("Đang lập báo cáo…"),
    Stage.WRITE: _l("Đang ghi vào ngân hàng…"),
}
TABS = {
    RowFilter.LOOK: _l("Cần xem"),
    RowFilter.WRITABLE: _l("Ghi được"),
    RowFilter.KNOWN: _l("Đã có"),
    RowFilter.ALL: _l("Tất cả"),
}


def draft_or_404(draft_id: int) -> ImportDraft:
    return queries.draft_by_id(draft_id) or abort(404)


@bp.app_template_global()
def problem_text(problem: Problem) -> str:
    return sentence(problem.fault, **problem.details)


Work = Generator[Progress, None, Any]


def _carried_out(begin: Callable[[Account], Work], done: Callable[[Any], str]) -> Any:
    """Do the work in a transaction of its own; `done` gets what it returns and gives the address to go on to.

    begin: loads what the work is done with, for the account that asks: when it is told line by line, the session of the
    request has ended before the first line.
    For the page's script: a line of JSON for each telling, the last one with the address or with what went wrong.
    """
    if request.headers.get("X-Requested-With") != "fetch":
        with transaction():
            where = done(drafts.finished(begin(current_user)))
        return redirect(where)
    asker_id = current_user.id

    def lines() -> Iterator[str]:
        try:
            with transaction():
                work = begin(db.session.get_one(Account, asker_id))
                try:
                    while True:
                        step = next(work)
                        yield json.dumps({"say": str(STAGES[step.stage]), "done": step.done, "of": step.of}) + "\n"
                except StopIteration as end:
                    where = done(end.value)
            yield json.dumps({"next": where}) + "\n"
        except Refusal as refusal:
            yield json.dumps({"error": refusal.sentence}) + "\n"
        except Exception:  # the answer has begun, so no error page can be sent any more
            if current_app.testing:
                raise
            log.exception("unhandled fault while telling of progress")
            yield json.dumps({"error": fault_sentence()}) + "\n"

    # nginx hands each line on at once
    return Response(stream_with_context(lines()), mimetype="application/x-ndjson", headers={"X-Accel-Buffering": "no"})


@bp.route("/ngan-hang/<code>/nhap", methods=["GET", "POST"])
@needs(Permission.EDIT_BANK, of=bank_or_404)
def upload(bank: Bank) -> Any:
    form = UploadForm().prepare(bank, law.all_documents())
    if form.validate_on_submit():
        name, content = form.upload
        code, defaults = bank.code, form.defaults

        def begin(uploader: Account) -> Work:
            return drafts.start_import(bank_or_404(code), name, content, uploader, now=g.now, defaults=defaults)

        try:
            return _carried_out(begin, lambda draft: url_for(".draft", draft_id=draft.id))
        except Refusal as refusal:
            if not isinstance(refusal.reason, FileRefusal):
                raise
            form.file.errors = [refusal.sentence]
            bank = bank_or_404(code)  # the transaction was rolled back
    elif form.errors and request.headers.get("X-Requested-With") == "fetch":
        return error_response(422, " ".join(str(error) for errors in form.errors.values() for error in errors))
    waiting = queries.drafts_of(bank)
    return render_template("banks/upload.html", bank=bank, form=form, waiting=waiting), 422 if form.errors else 200


@bp.route("/ngan-hang/nhap/<int:draft_id>")
@needs(Permission.EDIT_BANK, of=draft_or_404)
def draft(draft: ImportDraft) -> Any:
    counts = drafts.counts_of(draft)
    in_tab = {
        RowFilter.LOOK: counts.error + counts.warning,
        RowFilter.WRITABLE: counts.can_be_written,
        RowFilter.KNOWN: counts.known,
        RowFilter.ALL: counts.read,
    }
    asked = request.args.get("xem", "")
    tab = (
        RowFilter(asked)
        if asked in {t.value for t in in_tab}
        else RowFilter.LOOK
        if in_tab[RowFilter.LOOK]
        else RowFilter.ALL
    )
    number = page_number()
    rows = queries.rows_of(draft, tab, limit=ROWS, offset=(number - 1) * ROWS)
    return render_template(
        "banks/draft.html",
        counts=counts,
        format_name=FORMATS[draft.format],
        file_problems=[Problem.from_json(problem) for problem in draft.report["problems"]],
        skipped=[(place, Problem.from_json(problem)) for place, problem in draft.report["skipped"]],
        tabs=[(value, TABS[value], in_tab[value]) for value in in_tab],
        tab=tab,
        rows=[draft_row(row) for row in rows],
        in_all=in_tab[tab],
        number=number,
        size=ROWS,
        form=UploadForm(formdata=None, prefix="fill-").prepare(draft.bank, law.all_documents()),
        **_row_words(draft),
    )


@bp.route("/ngan-hang/nhap/<int:draft_id>/cau/<int:number>", methods=["GET", "POST"])
@needs(Permission.EDIT_BANK, of=draft_or_404)
def mend(draft: ImportDraft, number: int) -> Any:
    """One row of an upload in the form of the editor."""
    row = queries.row_of(draft.id, number) or abort(404)
    wording = draft_row(row).wording
    kind = request.args.get("loai", wording.kind)
    if kind in {*ItemKind} and kind != wording.kind:
        wording = mending.change_kind(wording, ItemKind(kind))
    form = ItemForm(data=item_data(wording)).prepare(draft.bank, wording.kind, law.all_documents())
    inline = request.headers.get("X-Requested-With") == "fetch"
    back = _here(draft, f"d{number}")
    if form.validate_on_submit():
        with transaction():
            picture_store.keep_all(form.pictures, now=g.now)
            mending.mend_row(row, form.wording, draft)
            # shown before the end of the transaction: after it, somebody else may write or drop the upload
            page = render_template("banks/_draft_row.html", row=draft_row(row), **_row_words(draft)) if inline else ""
        if inline:
            return page
        flash(_("Đã lưu câu thứ %(number)s của tệp. Chưa ghi vào ngân hàng.", number=number), "ok")
        return redirect(back)
    if form.errors:
        with transaction():
            picture_store.keep_all(form.pictures, now=g.now)
    page = "banks/_mend_form.html" if inline else "banks/mend.html"
    values = {"row": draft_row(row), "form": form, "back": back, **_row_words(draft)}
    return render_template(page, **values), 422 if form.errors else 200


def _row_words(draft: ImportDraft) -> dict[str, Any]:
    """What a row of the report is shown with."""
    titles = {topic["code"]: topic["title"] for topic in draft.bank.topics}
    return {"draft": draft, "bank": draft.bank, "SEVERITIES": SEVERITIES, "topic_titles": titles}


def _here(draft: ImportDraft, anchor: str = "") -> str:
    """The report as it was looked at."""
    tab, page = request.values.get("xem", ""), request.values.get("trang", "")
    kept: dict[str, Any] = {
        "xem": tab if tab in {*RowFilter} else None,
        "trang": page if page.isdecimal() and len(page) < 6 else None,
    }
    return url_for(".draft", draft_id=draft.id, **kept, _anchor=anchor or None)


@bp.route("/ngan-hang/nhap/<int:draft_id>/dap-an", methods=["POST"])
@needs(Permission.EDIT_BANK, of=draft_or_404)
def decide_keys(draft: ImportDraft) -> Any:
    """Many keys at once."""
    back = _here(draft)
    with transaction():
        changed = mending.decide_keys(draft, _chosen_keys())
    if changed:
        flash(_("Đã lưu đáp án của %(count)s câu. Chưa ghi vào ngân hàng.", count=changed), "ok")
    else:
        flash(
            _("Chưa có đáp án nào được chọn nên chưa có gì thay đổi. Hãy chọn đáp án ở từng câu rồi bấm lưu."), "warn"
        )
    return redirect(back)


def _chosen_keys() -> dict[int, list[int]]:
    """Fields key-<number of the row>: the row's number → numbers of the options that were ticked."""
    keys: dict[int, list[int]] = {}
    for name, values in request.form.lists():
        number = name.removeprefix("key-")
        if name.startswith("key-") and number.isdecimal() and len(number) < 7:
            keys[int(number)] = [int(value) for value in values if value in "12345678" and value]
    return keys


@bp.route("/ngan-hang/nhap/<int:draft_id>/dien", methods=["POST"])
@needs(Permission.EDIT_BANK, of=draft_or_404)
def fill(draft: ImportDraft) -> Any:
    """Topic, level and document for the chosen rows, or for all that lack one."""
    back = _here(draft)
    form = UploadForm(prefix="fill-").prepare(draft.bank, law.all_documents())
    chosen = None if request.form.get("what") == "lacking" else _chosen_rows()
    values = form.defaults
    if form.topic.validate(form) and form.level.validate(form) and form.document.validate(form):
        with transaction():
            changed = mending.fill_rows(
                draft, chosen, topic=values.topic, level=values.level, document_id=values.document_id
            )
        if changed:
            flash(_("Đã điền cho %(count)s câu. Chưa ghi vào ngân hàng.", count=changed), "ok")
        else:
            flash(
                _("Không có câu nào để điền nên chưa có gì thay đổi. Hãy chọn điều cần điền và câu cần điền."), "warn"
            )
    else:
        flash(_("Lựa chọn này không có trong danh sách. Chưa có gì thay đổi. Hãy tải lại trang rồi chọn lại."), "warn")
    return redirect(back)


def _chosen_rows() -> set[int]:
    return {int(value) for value in request.form.getlist("row") if value.isdecimal() and len(value) < 7}


@bp.route("/ngan-hang/nhap/<int:draft_id>/ghi", methods=["POST"])
@needs(Permission.EDIT_BANK, of=draft_or_404)
def commit(draft: ImportDraft) -> Any:
    only = _chosen_rows() if request.form.get("what") == "selected" else None
    send = request.form.get("send") == "1"
    bank_code, draft_id = draft.bank.code, draft.id
    if where := _keys_kept_first(draft):
        return where

    def done(result: drafts.Committed) -> str:
        # told by the address, because a message of the session cannot be set once an answer has begun
        told: dict[str, Any] = {"da-ghi": f"{result.added}-{result.versions}-{result.same}"}
        return url_for(".show", code=bank_code, **told, **(PENDING if send else {"trang-thai": "draft"}))

    def begin(actor: Account) -> Work:
        return drafts.commit_import(draft_or_404(draft_id), actor, now=g.now, only=only, send=send)

    try:
        return _carried_out(begin, done)
    except Refusal as refusal:
        if refusal.reason != BankRefusal.NOTHING_TO_WRITE:
            raise
        db.session.rollback()
        flash(refusal.sentence, "warn")
        return redirect(url_for(".draft", draft_id=draft_id))


def _keys_kept_first(draft: ImportDraft) -> Any:
    """The way back to the report, when keys were chosen there and not saved: they change what the button said it writes."""
    where = _here(draft)
    with transaction():
        changed = mending.decide_keys(draft, _chosen_keys())
    if not changed:
        return None
    flash(_("Đã lưu đáp án bạn vừa chọn ở %(count)s câu nên số câu ghi được đã khác. Chưa ghi vào ngân hàng. Hãy xem lại rồi bấm ghi.", count=changed), "warn")  # fmt: skip
    if request.headers.get("X-Requested-With") == "fetch":
        return Response(json.dumps({"next": where}) + "\n", mimetype="application/x-ndjson")
    return redirect(where)


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
    """The problems of an upload, to mend the file by."""
    rows = queries.rows_of(draft, RowFilter.ALL, limit=drafts.MOST_ITEMS)
    lines = [
        (row.number, row.wording.stem, str(SEVERITIES[problem.severity][0]), problem_text(problem))
        for row in map(draft_row, rows)
        for problem in row.problems
    ]
    columns = [(_("Dòng"), 8), (_("Câu hỏi"), 60), (_("Mức"), 12), (_("Vấn đề"), 80)]
    return send_book("cau-can-xem.xlsx", Worksheet(_("Cần xem"), columns, lines, wraps=True))


@bp.route("/ngan-hang/tep-mau.xlsx")
@needs(Permission.SEE_BANK)
def template() -> Any:
    return attachment(xlsx_template.template(_topics_asked()), _XLSX, "cau-hoi-mau.xlsx")


@bp.route("/ngan-hang/tep-mau.docx")
@needs(Permission.SEE_BANK)
def word_template() -> Any:
    return attachment(docx_template.template(_topics_asked()), _DOCX, "cau-hoi-mau.docx")


def _topics_asked() -> Any:
    bank = queries.bank_by_code(request.args.get("ngan-hang", ""))
    return bank.topics if bank else ()


def attachment(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
