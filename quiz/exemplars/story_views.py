"""Pages of stories for everybody: the list, the story, its pictures, its poster, the feed."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, abort, current_app, g, jsonify, render_template, request, session
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from werkzeug.http import is_resource_modified, quote_etag

from quiz.access import Permission, allows, public
from quiz.addresses import asked_number, page_number
from quiz.db import transaction
from quiz.exemplars import feed, reach, story_files, story_queries
from quiz.exemplars.models import Exemplar, ExemplarKind, Field, FileKind, Origin, StoryProvision
from quiz.exemplars.story_page import page_of
from quiz.exemplars.story_queries import Wanted
from quiz.exemplars.story_text import belongs_to, day_as_told, eyebrow, minutes_to_read, span_of
from quiz.exemplars.story_words import KINDS, LIFE, SCOPES
from quiz.exemplars.views import bp
from quiz.formats import local
from quiz.law.models import DocumentState
from quiz.rules.validity import Place
from quiz.settings import Settings

log = logging.getLogger(__name__)

PAGE = 12
FOREVER = "public, max-age=31536000, immutable"

bp.add_app_template_global(eyebrow, "story_eyebrow")
bp.add_app_template_global(belongs_to, "story_belongs_to")
bp.add_app_template_global(minutes_to_read, "minutes_to_read")
bp.add_app_template_global(span_of, "movement_span")
bp.add_app_template_filter(day_as_told, "day_as_told")


@bp.app_template_global()
def provision_state(provision: StoryProvision) -> DocumentState:
    """Whether the cited place holds today."""
    place = Place(provision.article, provision.clause, provision.point)
    return provision.document.state_at(place, local(g.now).date())


def story_or_404(slug: str) -> Exemplar:
    """A story that this visitor may read; for all others there is none."""
    story = story_queries.story_by_slug(slug)
    if story is None or not (story.is_public or allows(current_user, Permission.PREVIEW_STORY, story)):
        abort(404)
    return story


@bp.route("/guong")
@public
def stories() -> Any:
    asked = request.args
    wanted = Wanted(
        text=asked.get("q", "").strip()[:200],
        kind=_known(asked.get("loai"), ExemplarKind),
        field=_known(asked.get("linh-vuc"), Field),
        unit=asked.get("don-vi", "")[:300],
        movement=asked.get("phong-trao", "")[:80],
        year=asked_number("nam"),
    )
    number = page_number()
    found, in_all = story_queries.published(wanted, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template(
        "exemplars/stories.html", stories=found, in_all=in_all, wanted=wanted, number=number, size=PAGE, kinds=KINDS,
        fields=LIFE, origin=Origin.SEARCH if wanted.text else Origin.LIST, counts=_counts(),
    )  # fmt: skip


def _known(asked: str | None, words: Any) -> str:
    return str(words(asked)) if asked and asked in {*words} else ""


def _counts() -> dict[str, list[tuple[str, Any, int]]]:
    """Parameter of the address → (value, word, published stories), for each filter that has something to offer."""
    per_movement = story_queries.stories_by_movement()
    movements = [m for m in story_queries.all_movements() if m.is_shown and m.id in per_movement]
    return {
        "loai": [(v, KINDS[ExemplarKind(v)], n) for v, n in story_queries.counts_by(Exemplar.kind)],
        "linh-vuc": [(v, LIFE[Field(v)], n) for v, n in story_queries.counts_by(Exemplar.field)],
        "don-vi": [(v, v, n) for v, n in story_queries.counts_by(Exemplar.unit_name)],
        "phong-trao": [(m.slug, m.title, per_movement[m.id]) for m in movements],
        "nam": [(str(v), str(v), n) for v, n in reversed(story_queries.counts_by(Exemplar.year))],
    }


@bp.route("/guong/<slug>")
@public
def story(slug: str) -> Any:
    shown = story_or_404(slug)
    origin = reach.origin_of(request.args.get("tu"))
    counts = (
        shown.is_public
        and request.method == "GET"
        and not allows(current_user, Permission.PREVIEW_STORY, shown)
        and reach.is_reader(dict(request.headers))
    )
    story_id, is_archived = shown.id, shown.archived_at is not None
    response = Response(render_template("exemplars/story.html", origin=origin, counts=counts, **page_of(shown)))
    if is_archived or not shown.is_public:
        response.headers["X-Robots-Tag"] = "noindex"
    if counts:
        _count_opened(story_id, origin)
    return response


def _count_opened(story_id: int, origin: Origin) -> None:
    """A sum that cannot be written must not keep a page from its reader."""
    try:
        with transaction():
            reach.count_opened(story_id, origin, now=g.now)
    except OperationalError:
        log.exception("a reader was not counted")


@bp.route("/guong/<slug>/da-doc", methods=["POST"])
@public
def story_read(slug: str) -> Any:
    """Told once by the page's script, when the reader has come to the end or stayed long enough."""
    shown = story_queries.story_by_slug(slug)
    if shown is None or not shown.is_public:
        abort(404)
    if reach.is_reader({"User-Agent": request.headers.get("User-Agent", "")}):
        with transaction():
            reach.count_read(session, shown.id, reach.origin_of(request.form.get("tu")), now=g.now)
    return jsonify(ok=True)


@bp.route("/guong/<slug>/hinh/<digest>")
@public
def story_picture(slug: str, digest: str) -> Any:
    """One picture. A digest names its content, so a browser keeps it for good."""
    shown = story_or_404(slug)
    picture = story_queries.picture_of(shown, digest)
    for_all = shown.is_public and picture is not None and picture.is_shown
    if picture is None or not (for_all or allows(current_user, Permission.PREVIEW_STORY, shown)):
        abort(404)
    response = Response(picture.content, mimetype=picture.media_type)
    response.headers["Cache-Control"] = FOREVER if for_all else "private, max-age=3600"
    return response


@bp.route("/guong/<slug>/the.png")
@public
def card(slug: str) -> Any:
    """What other sites show beside a link to a story without pictures; its address changes with its content."""
    shown = story_or_404(slug)
    file = story_queries.file_of(shown.id, FileKind.CARD)
    if file is None or not shown.is_public:
        abort(404)
    response = Response(file.content, mimetype=file.media_type)
    response.headers["Cache-Control"] = FOREVER if request.args.get("v") == file.digest[:12] else "public, max-age=600"
    return response


@bp.route("/guong/<slug>/ap-phich.pdf")
@public
def poster(slug: str) -> Any:
    """The poster as it is kept (story_files.py says why readers get no other); people in office may wait for a new one."""
    shown = story_or_404(slug)
    kind = story_files.POSTERS.get(request.args.get("kho", "A4"))
    if kind is None:
        abort(404)
    file = story_queries.file_of(shown.id, kind)
    if allows(current_user, Permission.PREVIEW_STORY, shown):
        digest = story_files.digest_of(shown, kind)
        content = file.content if file is not None and file.digest == digest else story_files.made(shown, kind)
    elif file is None or not shown.is_public:
        abort(404)
    else:
        digest, content = file.digest, file.content
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="ap-phich-{shown.slug}-{kind.value[-2:]}.pdf"'
    response.set_etag(digest)
    response.headers["Cache-Control"] = "public, max-age=600" if shown.is_public else "no-store"
    return response.make_conditional(request)


@bp.route("/guong/atom.xml")
@public
def story_feed() -> Any:
    """The newest stories. Readers of feeds ask often, so that nothing has changed is told without reading a story."""
    mark, changed_at = feed.state_of()
    response = Response(mimetype="application/atom+xml")
    response.set_etag(mark)
    if changed_at is not None:
        response.last_modified = changed_at
    response.headers["Cache-Control"] = "public, max-age=300"
    if not is_resource_modified(request.environ, etag=quote_etag(mark), last_modified=changed_at):
        response.status_code = 304
        return response
    settings: Settings = current_app.extensions["settings"]
    response.set_data(feed.atom(story_queries.newest_stories(feed.MOST), settings, changed_at or g.now))
    return response


@bp.app_template_global()
def scope_word(scope: str) -> object:
    return SCOPES[scope]  # type: ignore[index]
