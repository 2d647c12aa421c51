"""Where people in office write stories, approve them and bring them before the public."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from quiz.access import Permission, Role, allows, needs
from quiz.accounts import queries as accounts
from quiz.db import db, transaction
from quiz.differences import Piece, pieces
from quiz.errors import Refusal
from quiz.exemplars import reach, stories, story_files, story_queries
from quiz.exemplars.models import Exemplar, ExemplarKind, Field, StoryState
from quiz.exemplars.stories import Saved
from quiz.exemplars.story_content import Content, changed, content_of, latest_content
from quiz.exemplars.story_forms import (
    LONGEST_BODY,
    SeenForm,
    StoryForm,
    WhyForm,
    write_figures,
    write_sources,
)
from quiz.exemplars.story_page import page_of
from quiz.exemplars.story_refusals import StoryRefusal
from quiz.exemplars.story_words import CONTENT, KINDS, LIFE, STATES, WAITING
from quiz.exemplars.views import bp
from quiz.journal import JournalRecord
from quiz.law import queries as law
from quiz.law.models import place_of

SHOWN_RECORDS = 30  # of the journal, on the page of a story

# action of the journal → what was done
DEEDS = {
    "story.written": _l("Viết bản nháp"),
    "story.edited": _l("Sửa bản nháp"),
    "story.edit_proposed": _l("Gửi bản sửa"),
    "story.submitted": _l("Gửi duyệt"),
    "story.approved": _l("Duyệt"),
    "story.published": _l("Đăng"),
    "story.archived": _l("Đưa vào lưu trữ"),
    "story.taken_back": _l("Đưa về bản nháp"),
    "story.edit_applied": _l("Duyệt bản sửa"),
    "story.edit_refused": _l("Không nhận bản sửa"),
}


def story_by_id_or_404(story_id: int) -> Exemplar:
    return story_queries.story_by_id(story_id) or abort(404)


def _sees_all() -> bool:
    return Role.ORGANIZER in current_user.roles


@bp.app_template_global()
def story_state_tag(story: Exemplar) -> tuple[object, str, str]:
    """Word, kind of tag and icon for where a story stands."""
    return WAITING if story.submitted_at is not None else STATES[StoryState(story.state)]


@bp.app_template_global()
def story_owner(story: Exemplar) -> str:
    """Whose turn it is."""
    author = story.author.full_name if story.author else ""
    if story.pending_by is not None:
        return _("Ban Tổ chức: duyệt bản sửa của %(name)s", name=story.pending_by.full_name)
    if story.state == StoryState.APPROVED:
        return _("Ban Tổ chức: đăng")
    if story.state == StoryState.DRAFT:
        if story.submitted_at is not None:
            return _("Ban Tổ chức (người khác người viết): duyệt")
        return _("%(name)s: viết tiếp", name=author) if author else _("Ban Tổ chức: viết tiếp")
    return "–"


# the list


@bp.route("/to-chuc/guong")
@needs(Permission.WRITE_STORY)
def manage_stories() -> Any:
    unit_id = current_user.org_unit_id
    found = story_queries.to_manage() if _sees_all() else story_queries.to_manage(unit_id) if unit_id else []
    groups = [
        (_("Chờ duyệt"), [s for s in found if s.submitted_at is not None or s.pending is not None]),
        (_("Đã duyệt, chờ đăng"), [s for s in found if s.state == StoryState.APPROVED and s.pending is None]),
        (_("Bản nháp"), [s for s in found if s.state == StoryState.DRAFT and s.submitted_at is None]),
        (_("Đã đăng"), [s for s in found if s.state == StoryState.PUBLISHED and s.pending is None]),
        (_("Lưu trữ"), [s for s in found if s.state == StoryState.ARCHIVED and s.pending is None]),
    ]
    return render_template(
        "exemplars/manage_stories.html", groups=[(name, listed) for name, listed in groups if listed],
        sums=reach.by_story(), none=reach.Sums(), in_all=len(found), has_unit=_sees_all() or unit_id is not None,
    )  # fmt: skip


# writing


@bp.route("/to-chuc/guong/moi", methods=["GET", "POST"])
@needs(Permission.WRITE_STORY)
def new_story() -> Any:
    if not _sees_all() and current_user.org_unit_id is None:
        abort(403)
    form = _prepared(StoryForm.of(None))
    if form.validate_on_submit() and "preview" not in request.form:
        with transaction():
            written = stories.write_story(form.content, current_user, now=g.now)
        flash(_("Đã lưu bản nháp."), "ok")
        return redirect(url_for(".manage_story", story_id=written.id))
    return _story_form(form, None, 422 if form.errors else 200)


@bp.route("/to-chuc/guong/<int:story_id>/sua", methods=["GET", "POST"])
@needs(Permission.EDIT_STORY, of=story_by_id_or_404)
def edit_story(story: Exemplar) -> Any:
    if story.state == StoryState.ARCHIVED:
        raise Refusal(StoryRefusal.IS_ARCHIVED)
    form, story_id = _prepared(StoryForm.of(story)), story.id
    status = 200
    if form.validate_on_submit() and "preview" not in request.form:
        try:
            with transaction():
                saved = stories.edit_story(story, form.content, current_user, revision=form.revision, now=g.now)
        except Refusal as refusal:
            if refusal.reason is not StoryRefusal.EDITED_SINCE:
                raise
            form.form_errors.append(refusal.sentence)
            story, status = story_by_id_or_404(story_id), 409
            form.seen.data = str(story.revision)  # saved again, it is meant to stand over the other one
        else:
            return tell_saved(saved, story_id)
    elif form.errors:
        status = 422
    return _story_form(form, story, status)


def tell_saved(saved: Saved, story_id: int) -> Any:
    said = {
        Saved.NOTHING: _("Không có gì khác so với trước nên không ghi gì."),
        Saved.AT_ONCE: _("Đã lưu."),
        Saved.WAITS: _("Đã lưu thành bản sửa chờ duyệt. Người đọc vẫn thấy bản cũ tới khi người khác duyệt."),
    }
    flash(said[saved], "ok")
    return redirect(url_for(".manage_story", story_id=story_id))


def _story_form(form: StoryForm, story: Exemplar | None, status: int) -> Any:
    previewed = request.method == "POST" and "preview" in request.form and not form.errors
    return render_template(
        "exemplars/story_form.html", form=form, story=story, preview=form.content if previewed else None,
        longest=LONGEST_BODY, sees_all=_sees_all(),
    ), status  # fmt: skip


def _prepared(form: StoryForm) -> StoryForm:
    """With what can be chosen; a unit's contact writes for that unit alone, and chooses no quarter."""
    whole = _sees_all()
    units = [
        SelectChoice(n.unit.id, n.label) for n in accounts.unit_tree() if whole or n.unit.id == current_user.org_unit_id
    ]
    form.org_unit_id.choices = [SelectChoice(0, _("Không có trong hệ thống")), *units] if whole else units
    form.movements.choices = [SelectChoice(m.id, m.title) for m in story_queries.all_movements()]
    form.provisions.documents = law.all_documents()
    if not whole:
        form.quarter.data = form.base.get("quarter", "")
    return form


# one story


@dataclass(frozen=True, slots=True)
class Change:
    """A part of a story that differs.  name: of the part, for people"""

    name: Any
    pieces: list[Piece]


@bp.route("/to-chuc/guong/<int:story_id>")
@needs(Permission.PREVIEW_STORY, of=story_by_id_or_404)
def manage_story(story: Exemplar) -> Any:
    return _manage(story, WhyForm(formdata=None, data={"seen": str(story.revision)}))


def _manage(story: Exemplar, form: WhyForm) -> Any:
    may_approve = allows(current_user, Permission.APPROVE_STORY, story)
    records = db.session.scalars(
        select(JournalRecord)
        .where(JournalRecord.subject == f"exemplar:{story.id}")
        .order_by(JournalRecord.seq.desc())
        .limit(SHOWN_RECORDS)
    ).all()
    wrote = {story.author_id, story.edited_by_id}
    status = 422 if form.errors else 200
    return render_template(
        "exemplars/manage_story.html", form=form, may_approve=may_approve, records=records, deeds=DEEDS,
        may_edit=allows(current_user, Permission.EDIT_STORY, story), is_own=current_user.id in wrote,
        changes=changes_waiting(story), is_own_edit=story.pending_by_id == current_user.id,
        may_see_reach=allows(current_user, Permission.SEE_REACH), sums=reach.by_story().get(story.id, reach.Sums()),
        **page_of(story),
    ), status  # fmt: skip


def changes_waiting(story: Exemplar) -> list[Change]:
    """What would change if the content that waits took the place of what is shown, in the order of the form."""
    if story.pending is None:
        return []
    before, after = content_of(story), latest_content(story)
    names = set(changed(before, after))
    return [
        Change(word, pieces(_said(before, name), _said(after, name))) for name, word in CONTENT.items() if name in names
    ]


def _said(content: Content, name: str) -> str:
    """A part of a story as people read it, in lines."""
    value = content[name]
    if name == "kind":
        return str(KINDS[ExemplarKind(value)])
    if name == "field":
        return str(LIFE[Field(value)])
    if name == "figures":
        return write_figures(value)
    if name == "sources":
        return write_sources(value)
    if name == "org_unit_id":
        return next((n.label for n in accounts.unit_tree() if n.unit.id == value), "")
    if name == "movements":
        return "\n".join(m.title for m in story_queries.all_movements() if m.id in value)
    if name == "provisions":
        names = {document.id: document.name for document in law.all_documents()}
        return "\n".join(f"{place_of(*place)} {names.get(id_, '')}".strip() for id_, *place in value)
    if name == "pictures":
        return "\n".join(
            f"{n}. " + " | ".join(p[part] for part in ("alt", "caption", "credit", "consent") if p[part])
            for n, p in enumerate(value, 1)
        )
    return str(value or "")


def _done(story_id: int, said: str) -> Any:
    flash(said, "ok")
    return redirect(url_for(".manage_story", story_id=story_id))


@bp.route("/to-chuc/guong/<int:story_id>/gui-duyet", methods=["POST"])
@needs(Permission.EDIT_STORY, of=story_by_id_or_404)
def submit_story(story: Exemplar) -> Any:
    with transaction():
        stories.submit_story(story, current_user, revision=SeenForm().revision, now=g.now)
    return _done(story.id, _("Đã gửi duyệt. Ban Tổ chức thấy câu chuyện ở đầu danh sách."))


@bp.route("/to-chuc/guong/<int:story_id>/duyet", methods=["POST"])
@needs(Permission.APPROVE_STORY, of=story_by_id_or_404)
def approve_story(story: Exemplar) -> Any:
    with transaction():
        stories.approve_story(story, current_user, revision=SeenForm().revision, now=g.now)
    return _done(story.id, _("Đã duyệt. Câu chuyện chờ đăng."))


@bp.route("/to-chuc/guong/<int:story_id>/dang", methods=["POST"])
@needs(Permission.APPROVE_STORY, of=story_by_id_or_404)
def publish_story(story: Exemplar) -> Any:
    with transaction():
        stories.publish_story(story, current_user, now=g.now)
        story_files.ask(story, current_user, now=g.now)
    return _done(story.id, _("Đã đăng. Áp phích có sau ít giây."))


@bp.route("/to-chuc/guong/<int:story_id>/ap-dung", methods=["POST"])
@needs(Permission.APPROVE_STORY, of=story_by_id_or_404)
def apply_story_edit(story: Exemplar) -> Any:
    with transaction():
        stories.apply_edit(story, current_user, revision=SeenForm().revision, now=g.now)
        story_files.ask(story, current_user, now=g.now)
    return _done(story.id, _("Đã nhận bản sửa: người đọc thấy bản mới."))


@bp.route("/to-chuc/guong/<int:story_id>/luu-tru", methods=["POST"])
@needs(Permission.APPROVE_STORY, of=story_by_id_or_404)
def archive_story(story: Exemplar) -> Any:
    return _with_reason(story, stories.archive_story, _("Đã đưa vào lưu trữ: không danh sách nào nêu nữa."))


@bp.route("/to-chuc/guong/<int:story_id>/ve-ban-nhap", methods=["POST"])
@needs(Permission.APPROVE_STORY, of=story_by_id_or_404)
def take_story_back(story: Exemplar) -> Any:
    return _with_reason(story, stories.take_back, _("Đã đưa về bản nháp. Người viết sửa được."))


@bp.route("/to-chuc/guong/<int:story_id>/tu-choi", methods=["POST"])
@needs(Permission.APPROVE_STORY, of=story_by_id_or_404)
def refuse_story_edit(story: Exemplar) -> Any:
    def refuse(story: Exemplar, actor: Any, why: str, *, now: Any) -> None:
        stories.refuse_edit(story, actor, why, revision=SeenForm().revision, now=now)

    return _with_reason(story, refuse, _("Không nhận bản sửa. Nhật ký giữ nội dung và lý do."))


def _with_reason(story: Exemplar, deed: Callable[..., None], said: str) -> Any:
    form = WhyForm()
    if not form.validate_on_submit():
        return _manage(story, form)
    with transaction():
        deed(story, current_user, form.why.data or "", now=g.now)
    return _done(story.id, said)


@bp.route("/to-chuc/guong/<int:story_id>/xoa", methods=["POST"])
@needs(Permission.EDIT_STORY, of=story_by_id_or_404)
def drop_story(story: Exemplar) -> Any:
    with transaction():
        stories.drop_draft(story, current_user, now=g.now)
    flash(_("Đã xóa bản nháp. Nhật ký giữ nội dung."), "ok")
    return redirect(url_for(".manage_stories"))
