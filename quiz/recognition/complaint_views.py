"""Pages of complaints: a person's own, and the register that organizers answer from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz import journal
from quiz.access import Permission, needs
from quiz.accounts.models import Account
from quiz.addresses import page_number
from quiz.attempts.models import Attempt
from quiz.contests.models import Entry, Round
from quiz.contests.queries import contest_by_slug, entry_of
from quiz.contests.rule_set import contest_rules
from quiz.db import db, transaction
from quiz.formats import LOCAL, day, local
from quiz.ranking.models import Ranking
from quiz.ranking.words import scope_name
from quiz.recognition import complaint_queries, complaints
from quiz.recognition.complaint_queries import RegisterPart
from quiz.recognition.forms import AnswerForm, AssignForm, ComplaintForm
from quiz.recognition.models import Complaint, ComplaintAbout, Outcome
from quiz.recognition.views import bp
from quiz.recognition.words import ABOUT_SHORT, ABOUT_TEXTS, OUTCOME_TEXTS
from quiz.rules import terms
from quiz.spreadsheets import Cell, Worksheet, send_book

PER_PAGE = 30


bp.add_app_template_global(complaints.open_complaints)


@bp.app_template_global()
def objections_until(sheet: Ranking) -> datetime | None:
    """Until when people may complain about a published sheet; None when that is over, or none are taken."""
    until = complaints.complaints_until(sheet)
    return until if until is not None and g.now < until else None


@bp.app_template_filter()
def last_day_of(end: datetime) -> str:
    """The end of a term as people say it."""
    return _("hết ngày %(day)s", day=day(terms.last_day(end, LOCAL)))


def complaint_or_404(code: str) -> Complaint:
    return complaint_queries.complaint_by_code(code) or abort(404)


def own_entry_or_404(slug: str) -> Entry:
    """The visitor's entry in a contest."""
    contest = contest_by_slug(slug)
    entry = entry_of(contest.id, current_user.id) if contest is not None and current_user.is_authenticated else None
    return entry or abort(404)


@bp.route("/khieu-nai")
@needs(Permission.SEE_OWN_ACCOUNT)
def my_complaints() -> str:
    own = complaint_queries.complaints_of(current_user.id)
    takes = [c for c in complaint_queries.contests_of(current_user.id) if contest_rules(c).complaint_days]
    return render_template("recognition/my_complaints.html", complaints=own, contests=takes, **_words())


@bp.route("/khieu-nai/moi/<slug>", methods=["GET", "POST"])
@needs(Permission.TAKE_PART)
def new_complaint(slug: str) -> Any:
    entry = own_entry_or_404(slug)
    subjects = complaints.subjects(entry, now=g.now)
    form = ComplaintForm()
    form.attempt.choices = [(s.attempt.code, _attempt_words(s.attempt)) for s in subjects]
    offered = {about for s in subjects for about in s.may_be_about}
    form.about.choices = [(about.value, text) for about, text in ABOUT_TEXTS.items() if about in offered]
    if request.method == "GET" and request.args.get("luot") in {s.attempt.code for s in subjects}:
        form.attempt.data = request.args["luot"]
    if subjects and form.validate_on_submit():
        attempt = next(s.attempt for s in subjects if s.attempt.code == form.attempt.data)
        with transaction():
            made = complaints.file(
                entry, attempt, ComplaintAbout(form.about.data), form.question.data, str(form.text.data), now=g.now
            )
        flash(_("Đã ghi khiếu nại vào sổ, số %(number)s.", number=made.serial), "ok")
        return redirect(url_for(".complaint", code=made.code))
    page = render_template(
        "recognition/new_complaint.html",
        form=form,
        entry=entry,
        contest=entry.contest,
        subjects=subjects,
        rules=contest_rules(entry.contest),
        until=min((s.until for s in subjects if s.until), default=None),
    )
    return page, 422 if form.errors else 200


def _attempt_words(attempt: Attempt) -> str:
    return _("%(round)s, lượt %(number)s, nộp lúc %(at)s", round=attempt.round_.name, number=attempt.number,
             at=f"{local(attempt.ended_at):%H:%M ngày %d/%m/%Y}" if attempt.ended_at else "")  # fmt: skip


@bp.route("/khieu-nai/<code>")
@needs(Permission.SEE_OWN_COMPLAINT, of=complaint_or_404)
def complaint(complaint: Complaint) -> str:
    return render_template(
        "recognition/complaint.html",
        c=complaint,
        contest=complaint.entry.contest,
        ruling=complaints.ruling_on(complaint),
        **_words(),
    )


@bp.route("/to-chuc/khieu-nai")
@needs(Permission.SEE_COMPLAINTS)
def complaints_register() -> str:
    """All complaints, those that wait first, the one that is due next above."""
    text = request.args.get("xem", "")
    asked = RegisterPart(text) if text in set(RegisterPart) else RegisterPart.ALL
    counts = {part: complaint_queries.count_register(part, current_user.id, g.now) for part in RegisterPart}
    page = min(page_number(), max(1, -(-counts[asked] // PER_PAGE)))
    return render_template(
        "recognition/complaints_register.html",
        complaints=complaint_queries.register(
            asked, current_user.id, g.now, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
        ),
        counts=counts,
        asked=asked,
        total=counts[asked],
        page=page,
        per_page=PER_PAGE,
        **_words(),
    )


@bp.route("/to-chuc/khieu-nai/<code>")
@needs(Permission.SEE_COMPLAINTS, of=complaint_or_404)
def handle_complaint(complaint: Complaint) -> str:
    """A complaint as people in office see it."""
    return _office_page(complaint)


@bp.route("/to-chuc/khieu-nai/<code>/giao", methods=["POST"])
@needs(Permission.ASSIGN_COMPLAINT, of=complaint_or_404)
def assign_complaint(complaint: Complaint) -> Any:
    form = _assign_form(complaint)
    if not form.validate_on_submit():
        return _office_page(complaint, assign_form=form), 422
    account = db.session.get_one(Account, form.account.data)
    with transaction():
        complaints.assign(complaint, account, current_user, now=g.now)
    flash(_("Đã giao khiếu nại số %(number)s cho %(name)s.", number=complaint.serial, name=account.full_name), "ok")
    return redirect(url_for(".handle_complaint", code=complaint.code))


@bp.route("/to-chuc/khieu-nai/<code>/tra-loi", methods=["POST"])
@needs(Permission.ANSWER_COMPLAINT, of=complaint_or_404)
def answer_complaint(complaint: Complaint) -> Any:
    form = _answer_form(complaint)
    if not form.validate_on_submit():
        return _office_page(complaint, answer_form=form), 422
    with transaction():
        complaints.answer(
            complaint,
            Outcome(form.outcome.data),
            str(form.answer.data),
            current_user,
            remedy=str(form.remedy.data or ""),
            sheet=db.session.get(Ranking, form.sheet.data) if form.sheet.data else None,
            now=g.now,
        )
    flash(_("Đã trả lời khiếu nại số %(number)s. Người khiếu nại đọc được ngay.", number=complaint.serial), "ok")
    return redirect(url_for(".handle_complaint", code=complaint.code))


def _assign_form(complaint: Complaint) -> AssignForm:
    form = AssignForm(account=complaint.assigned_to_id)
    form.account.choices = [(a.id, a.full_name) for a in complaints.people_for(complaint)]
    return form


def _answer_form(complaint: Complaint) -> AnswerForm:
    form = AnswerForm()
    none = (0, _("Không có"))
    form.sheet.choices = [none, *((s.id, _sheet_words(s)) for s in complaints.remedies(complaint))]
    return form


def _sheet_words(sheet: Ranking) -> str:
    return _("Bảng kết quả số %(number)s, %(scope)s", number=sheet.number, scope=scope_name(sheet))


def _office_page(
    complaint: Complaint, *, answer_form: AnswerForm | None = None, assign_form: AssignForm | None = None
) -> str:
    return render_template(
        "recognition/handle_complaint.html",
        c=complaint,
        contest=complaint.entry.contest,
        answer_form=answer_form or _answer_form(complaint),
        assign_form=assign_form or _assign_form(complaint),
        ruling=complaints.ruling_on(complaint),
        alike=complaints.alike(complaint),
        must_leave=complaints.why_not_deal_with(complaint, current_user),
        **_words(),
    )


@bp.route("/to-chuc/khieu-nai.xlsx")
@needs(Permission.SEE_COMPLAINTS)
def complaints_xlsx() -> Response:
    rows = complaint_queries.whole_register()
    with transaction():
        journal.record(current_user, "complaints.exported", "complaints:all", now=g.now, after={"rows": len(rows)})
    columns = [
        (_("Số"), 10), (_("Ngày nhận"), 18), (_("Người khiếu nại"), 26), (_("Đơn vị, nơi ở"), 30), (_("Cuộc thi"), 36),
        (_("Kỳ thi"), 14), (_("Về việc"), 14), (_("Nội dung"), 60), (_("Hạn trả lời"), 18), (_("Giao cho"), 26), (_("Ngày trả lời"), 18),
        (_("Kết luận"), 18), (_("Trả lời"), 60), (_("Đã xử lý bằng"), 36), (_("Bảng kết quả đính chính"), 30), (_("Người trả lời"), 26),
    ]  # fmt: skip
    return send_book("so-khieu-nai.xlsx", Worksheet(_("Sổ khiếu nại"), columns, _cells(rows)))


def _cells(rows: Sequence[Complaint]) -> list[list[Cell]]:
    return [
        [
            c.serial,
            f"{local(c.filed_at):%d/%m/%Y %H:%M}",
            c.entry.full_name,
            c.entry.belongs_to,
            c.entry.contest.title,
            _round(c).name,
            about_words(c),
            c.text,
            day(terms.last_day(c.due_at, LOCAL)),
            c.assigned_to.full_name if c.assigned_to else "",
            f"{local(c.answered_at):%d/%m/%Y %H:%M}" if c.answered_at else "",
            str(OUTCOME_TEXTS[Outcome(c.outcome)]) if c.outcome else "",
            c.answer,
            c.remedy,
            _sheet_words(c.sheet) if c.sheet else "",
            c.answered_by.full_name if c.answered_by else "",
        ]
        for c in rows
    ]


def _round(complaint: Complaint) -> Round:
    return complaint.attempt.round_


def about_words(complaint: Complaint) -> str:
    text = str(ABOUT_SHORT[ComplaintAbout(complaint.about)])
    return _("Câu hỏi %(n)s", n=complaint.question) if complaint.question else text


def _words() -> dict[str, Any]:
    return {"about_words": about_words, "outcomes": {o.value: t for o, t in OUTCOME_TEXTS.items()}}
