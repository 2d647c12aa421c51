"""Pages on which organizers change the rules of an open contest, and on which everybody reads what has changed."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from pydantic import ValidationError
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length

from quiz.access import Permission, needs, public
from quiz.contests import queries, rule_changes, rule_versions
from quiz.contests.builder_form import CHECKING, BuilderForm, form_for
from quiz.contests.builder_page import beside
from quiz.contests.drafting import draft_mark
from quiz.contests.models import Contest, ContestState, RuleVersion
from quiz.contests.refusals import ContestRefusal
from quiz.contests.retyped import without_noise
from quiz.contests.rule_changes import Change, Terms
from quiz.contests.rule_set import RuleSet
from quiz.contests.rules_text import rules_text
from quiz.contests.topics import supply, titles
from quiz.contests.views import bp, contest_or_404
from quiz.db import transaction
from quiz.errors import sentence
from quiz.forms import Form, required


class ConfirmForm(Form):
    """The changes as previewed, sent once more with their reason.  rules: JSON of a RuleSet"""

    seen = HiddenField()
    rules = HiddenField()
    summary = HiddenField()
    rules_number = HiddenField()
    why = StringField(
        _l("Lý do sửa thể lệ"),
        [required(_l("Hãy ghi lý do: người dự thi và nhật ký đều cần.")), Length(max=500, message=_l("Lý do dài quá 500 ký tự."))],
    )  # fmt: skip
    confirmed = BooleanField(_l("Tôi hiểu rằng mọi người đã đăng ký đều được báo về thay đổi này"))

    @property
    def terms(self) -> Terms:
        """Raises pydantic.ValidationError: what the preview made is always whole."""
        rules = RuleSet.model_validate_json(self.rules.data or "")
        return Terms(rules, (self.summary.data or "")[:2000], (self.rules_number.data or "")[:100])


def open_contest_or_404(contest_id: int) -> Contest:
    contest = queries.contest_by_id(contest_id)
    return contest if contest is not None and contest.state == ContestState.OPEN else abort(404)


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/sua-the-le", methods=["GET", "POST"])
@needs(Permission.MANAGE_CONTEST, of=open_contest_or_404)
def change_rules(contest: Contest) -> Any:
    """The builder over the rules that hold; what was typed goes on to a preview of what would change."""
    mark = draft_mark(contest)
    form = form_for(contest, mark)
    act = request.form.get("act", "preview")
    names = titles()
    status = 200
    if form.is_submitted() and act not in CHECKING:
        form.rearrange(act, supply(names.banks, contest.law_date, names))
    elif form.validate_on_submit():
        if act != "refresh":
            terms = _terms(contest, form)
            changed = _changes(contest, terms)
            if form.seen.data != mark:
                form.form_errors = [sentence(ContestRefusal.RULES_CHANGED_MEANWHILE)]
            elif not changed:
                form.form_errors = [sentence(ContestRefusal.NOTHING_CHANGED)]
            elif refused := [c.refusal.sentence for c in changed if c.refusal is not None]:
                form.form_errors = list(dict.fromkeys(refused))
            else:
                return _preview(contest, _confirmation(terms, mark), changed)
            status = 409
    elif form.is_submitted():
        status = 422
    shown = beside(form, contest.law_date, names)
    return render_template(
        "contests/change_rules.html", contest=contest, form=form, harmless=rule_versions.harmless_list(), **shown
    ), status


def _terms(contest: Contest, form: BuilderForm) -> Terms:
    typed = Terms(form.rules(), form.summary.data or "", form.rules_number.data or "")
    return without_noise(typed, rule_versions.terms_of(contest))


def _changes(contest: Contest, terms: Terms) -> list[Change]:
    return rule_changes.changes(rule_versions.terms_of(contest), terms, rule_versions.situation_of(contest, g.now))


def _confirmation(terms: Terms, mark: str) -> ConfirmForm:
    return ConfirmForm(
        formdata=None, seen=mark, rules=terms.rules.model_dump_json(), summary=terms.summary,
        rules_number=terms.rules_number,
    )  # fmt: skip


def _preview(contest: Contest, form: ConfirmForm, changed: list[Change], status: int = 200) -> Any:
    return render_template(
        "contests/confirm_change.html",
        contest=contest,
        form=form,
        changes=changed,
        is_harmless=rule_changes.is_harmless(changed),
        moves_boards=rule_changes.needs_new_boards(changed),
        differences=rule_changes.differences(rule_versions.terms_of(contest).rules, form.terms.rules, titles()),
        entries=sum(queries.count_entries(contest.id).values()),
    ), status


@bp.route("/to-chuc/cuoc-thi/<int:contest_id>/sua-the-le/xac-nhan", methods=["POST"])
@needs(Permission.MANAGE_CONTEST, of=open_contest_or_404)
def confirm_change(contest: Contest) -> Any:
    form = ConfirmForm()
    try:
        terms = form.terms
    except ValidationError:
        abort(400)
    if not form.validate_on_submit():
        return _preview(contest, form, _changes(contest, terms), 422)
    if not form.confirmed.data and not rule_changes.is_harmless(changed := _changes(contest, terms)):
        form.confirmed.errors = [_("Hãy đánh dấu ô này để xác nhận.")]
        return _preview(contest, form, changed, 422)
    with transaction():
        version = rule_versions.change_rules(
            contest, terms, current_user, why=form.why.data or "", seen=form.seen.data or "",
            confirmed=bool(form.confirmed.data), now=g.now,
        )  # fmt: skip
        number, is_harmless = version.number, version.is_harmless
    if is_harmless:
        flash(
            _("Đã sửa, thể lệ nay là bản số %(n)s. Thay đổi này không ảnh hưởng đến ai nên không cần báo.", n=number),
            "ok",
        )
    else:
        flash(_("Đã sửa, thể lệ nay là bản số %(n)s. Người đã đăng ký thấy thay đổi ở trang cuộc thi.", n=number), "ok")
    return redirect(url_for(".edit", contest_id=contest.id))


@bp.route("/cuoc-thi/<slug>/the-le/<int:number>")
@public
def rules_version(slug: str, number: int) -> Any:
    """The thể lệ as it was from a moment on, and what had changed."""
    contest = contest_or_404(slug)
    versions = rule_versions.versions_of(contest)
    version = next((v for v in versions if v.number == number), None) or abort(404)
    names = titles()
    return render_template(
        "contests/rules_version.html",
        contest=contest,
        version=version,
        versions=versions,
        sections=rules_text(rule_versions.rules_of(version), names),
        differences=rule_versions.differences_of(version, names),
        changes=_told_beside(version),
    )


def _told_beside(version: RuleVersion) -> list[tuple[Any, Any, Any]]:
    """[(title, before, after), …] of what stands beside the text of the thể lệ."""
    return [
        (rule_changes.FIELDS[place].title, before, after)
        for place, before, after in version.changes
        if place in ("summary", "rules_number")
    ]


@bp.route("/cuoc-thi/<slug>/the-le/<int:number>/da-doc", methods=["POST"])
@needs(Permission.TAKE_PART, of=contest_or_404)
def read_rules(contest: Contest, number: int) -> Any:
    """Somebody who has entered has read of a change; the note about it goes away."""
    entry = queries.entry_of(contest.id, current_user.id) or abort(404)
    version = next((v for v in rule_versions.unread(entry) if v.number == number), None)
    if version is not None:
        with transaction():
            rule_versions.mark_read(entry, version, now=g.now)
    flash(_("Đã ghi nhận là bạn đã đọc."), "ok")
    return redirect(url_for(".show", slug=contest.slug))
