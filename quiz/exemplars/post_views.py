"""Pages of news, articles and events, for everybody and for those who write them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, Role, allows, needs, public
from quiz.accounts import queries as accounts
from quiz.addresses import page_number
from quiz.db import transaction
from quiz.errors import Refusal
from quiz.exemplars import choices, post_queries, posts
from quiz.exemplars.calendars import calendar
from quiz.exemplars.post_forms import PostForm, WhyForm
from quiz.exemplars.post_models import Post, PostKind, PostState
from quiz.exemplars.post_words import POST_KINDS, POST_STATES
from quiz.exemplars.posts import PostRefusal
from quiz.exemplars.views import bp
from quiz.settings import Settings

PER_PAGE = 20
STAFF_PER_PAGE = 50


@bp.context_processor
def words_of_posts() -> dict[str, Any]:
    return {"POST_KINDS": POST_KINDS, "POST_STATES": POST_STATES}


def public_post_or_404(slug: str) -> Post:
    post = post_queries.post_by_slug(slug)
    return post if post is not None and post.is_public else abort(404)


def post_or_404(post_id: int) -> Post:
    return post_queries.post_by_id(post_id) or abort(404)


@bp.route("/tin")
@public
def news() -> Any:
    kind = request.args.get("loai", "")
    kind = kind if kind in {*PostKind} else ""
    text, page = request.args.get("q", "").strip()[:200], page_number()
    found, in_all = post_queries.published(text=text, kind=kind, page=page, size=PER_PAGE)
    return render_template(
        "exemplars/news.html", posts=found, in_all=in_all, page=page, size=PER_PAGE, text=text, kind=kind,
        coming=post_queries.events(after=g.now)[:5],
    )  # fmt: skip


@bp.route("/tin/<slug>")
@public
def post(slug: str) -> Any:
    return render_template("exemplars/post.html", post=public_post_or_404(slug), is_preview=False)


@bp.route("/tin/<slug>.ics")
@public
def post_calendar(slug: str) -> Any:
    found = public_post_or_404(slug)
    return _ics([found], f"{found.slug}.ics") if found.is_event else abort(404)


@bp.route("/lich")
@public
def events() -> Any:
    """What is to come, and what was."""
    return render_template(
        "exemplars/events.html", coming=post_queries.events(after=g.now), past=post_queries.past_events(g.now)
    )


@bp.route("/lich.ics")
@public
def events_calendar() -> Any:
    return _ics(post_queries.events(after=g.now - post_queries.KEPT_IN_CALENDAR), "lich-su-kien.ics")


def _ics(found: list[Post], name: str) -> Response:
    settings: Settings = current_app.extensions["settings"]
    host = urlsplit(settings.base_url).hostname or "localhost"
    content = calendar(
        _("Sự kiện – %(office)s", office=settings.organization), host, found,
        lambda p: settings.base_url + url_for("exemplars.post", slug=p.slug),
    )  # fmt: skip
    response = Response(content, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f"inline; filename={name}"
    response.headers["Cache-Control"] = "public, max-age=600"
    return response


# For those who write them


def _own_units() -> list[int] | None:
    """The units whose posts the visitor may see: all, or the own one."""
    return None if Role.ORGANIZER in current_user.roles else [current_user.org_unit_id or 0]


@bp.route("/to-chuc/tin")
@needs(Permission.WRITE_POST)
def manage_posts() -> Any:
    page = page_number()
    found, in_all = post_queries.for_staff(_own_units(), page=page, size=STAFF_PER_PAGE)
    return render_template("exemplars/manage_posts.html", posts=found, in_all=in_all, page=page, size=STAFF_PER_PAGE)


@bp.route("/to-chuc/tin/moi", methods=["GET", "POST"])
@needs(Permission.WRITE_POST)
def new_post() -> Any:
    form = _prepared(PostForm.of(None))
    if form.validate_on_submit():
        with transaction():
            written = posts.write_post(form.said(), _chosen(form), current_user, now=g.now)
        flash(_("Đã lưu bản nháp. Người khác đọc và duyệt thì bài mới đăng."), "ok")
        return redirect(url_for(".preview_post", post_id=written.id))
    return render_template("exemplars/post_form.html", form=form, post=None), 422 if form.errors else 200


@bp.route("/to-chuc/tin/<int:post_id>/sua", methods=["GET", "POST"])
@needs(Permission.EDIT_POST, of=post_or_404)
def edit_post(post: Post) -> Any:
    if post.state == PostState.WITHDRAWN:
        raise Refusal(PostRefusal.NOT_PUBLISHED)
    if post.is_public and not allows(current_user, Permission.PUBLISH_POST, post):
        raise Refusal(PostRefusal.IS_PUBLISHED)
    form, post_id = _prepared(PostForm.of(post)), post.id
    status = 200
    if form.validate_on_submit():
        try:
            with transaction():
                edited = posts.edit_post(
                    post, form.said(), _chosen(form), current_user, revision=form.revision, now=g.now
                )
        except Refusal as refusal:
            if refusal.reason is not PostRefusal.EDITED_SINCE:
                raise
            form.form_errors.append(refusal.sentence)
            post, status = post_or_404(post_id), 409
            form.seen.data = str(post.revision)  # saved again, it is meant to stand over the other one
        else:
            flash(_("Đã lưu bài.") if edited else _("Không có gì khác so với trước nên không ghi gì."), "ok")
            return redirect(url_for(".preview_post", post_id=post_id))
    elif form.errors:
        status = 422
    return render_template("exemplars/post_form.html", form=form, post=post), status


def _prepared(form: PostForm) -> PostForm:
    whole = Role.ORGANIZER in current_user.roles
    units = [(n.unit.id, n.label) for n in accounts.unit_tree() if whole or n.unit.id == current_user.org_unit_id]
    form.org_unit_id.choices = [(0, _("Cả Sở, không riêng đơn vị nào")), *units] if whole else units
    form.exemplars.choices = [(e.id, e.name) for e in choices.linkable()]
    return form


def _chosen(form: PostForm) -> list[Any]:
    wanted = set(form.exemplars.data or ())
    return [exemplar for exemplar in choices.linkable() if exemplar.id in wanted]


@bp.route("/to-chuc/tin/<int:post_id>")
@needs(Permission.EDIT_POST, of=post_or_404)
def preview_post(post: Post) -> Any:
    """The post as readers see it, or will, with what can be done about it."""
    return _preview(post, WhyForm(formdata=None))


def _preview(post: Post, form: WhyForm) -> Any:
    may_publish = allows(current_user, Permission.PUBLISH_POST, post)
    return render_template(
        "exemplars/post.html", post=post, is_preview=True, form=form, may_publish=may_publish,
        is_own=post.author_id == current_user.id,
    ), 422 if form.errors else 200  # fmt: skip


def _done(post: Post, said: str) -> Any:
    flash(said, "ok")
    return redirect(url_for(".preview_post", post_id=post.id))


@bp.route("/to-chuc/tin/<int:post_id>/dang", methods=["POST"])
@needs(Permission.PUBLISH_POST, of=post_or_404)
def publish_post(post: Post) -> Any:
    with transaction():
        posts.publish_post(post, current_user, now=g.now)
    return _done(post, _("Đã đăng bài."))


@bp.route("/to-chuc/tin/<int:post_id>/go", methods=["POST"])
@needs(Permission.PUBLISH_POST, of=post_or_404)
def withdraw_post(post: Post) -> Any:
    form = WhyForm()
    if not form.validate_on_submit():
        return _preview(post, form)
    with transaction():
        posts.withdraw_post(post, current_user, form.why.data or "", now=g.now)
    return _done(post, _("Đã gỡ bài. Địa chỉ của bài không mở được nữa."))


@bp.route("/to-chuc/tin/<int:post_id>/huy", methods=["POST"])
@needs(Permission.PUBLISH_POST, of=post_or_404)
def cancel_event(post: Post) -> Any:
    form = WhyForm()
    if not form.validate_on_submit():
        return _preview(post, form)
    with transaction():
        posts.cancel_event(post, current_user, form.why.data or "", now=g.now)
    return _done(post, _("Đã báo hủy sự kiện. Lịch mà mọi người đã tải cũng ghi là đã hủy."))


@bp.route("/to-chuc/tin/<int:post_id>/xoa", methods=["POST"])
@needs(Permission.EDIT_POST, of=post_or_404)
def drop_post(post: Post) -> Any:
    with transaction():
        posts.drop_draft(post, current_user, now=g.now)
    flash(_("Đã xóa bản nháp."), "ok")
    return redirect(url_for(".manage_posts"))
