"""Where people in office give stories their pictures, with words, credit and consent."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.db import transaction
from quiz.errors import Refusal
from quiz.exemplars import stories
from quiz.exemplars.models import Exemplar
from quiz.exemplars.stories import Saved
from quiz.exemplars.story_content import latest_content
from quiz.exemplars.story_forms import PictureForm, PicturesForm
from quiz.exemplars.story_office_views import story_by_id_or_404, tell_saved
from quiz.exemplars.story_refusals import StoryRefusal
from quiz.exemplars.views import bp
from quiz.pictures import PictureRefusal


@bp.route("/to-chuc/guong/<int:story_id>/hinh")
@needs(Permission.EDIT_STORY, of=story_by_id_or_404)
def edit_pictures(story: Exemplar) -> Any:
    return _pictures(story, PictureForm(formdata=None), PicturesForm(story))


def _pictures(story: Exemplar, form: PictureForm, present: PicturesForm, status: int = 200) -> Any:
    if not form.is_submitted() or not form.seen.data or form.seen.data == "0":
        form.seen.data = str(story.revision)
    sizes = {p.digest: (p.width, p.height) for p in story.pictures}
    return render_template(
        "exemplars/story_pictures.html", story=story, form=form, present=present, sizes=sizes,
        most=stories.MOST_PICTURES,
    ), status  # fmt: skip


@bp.route("/to-chuc/guong/<int:story_id>/hinh/them", methods=["POST"])
@needs(Permission.EDIT_STORY, of=story_by_id_or_404)
def add_picture(story: Exemplar) -> Any:
    form, story_id = PictureForm(), story.id
    if not form.validate_on_submit():
        return _pictures(story, form, PicturesForm(story), 422)
    try:
        with transaction():
            saved = stories.add_picture(
                story, form.file.data.read(), form.texts, current_user, revision=form.revision, now=g.now
            )
    except Refusal as refusal:
        if isinstance(refusal.reason, PictureRefusal):
            form.file.errors = [refusal.sentence]
        else:
            form.form_errors.append(refusal.sentence)
        story = story_by_id_or_404(story_id)
        form.seen.data = str(story.revision)
        return _pictures(story, form, PicturesForm(story), 409)
    return _pictures_saved(saved, story_id)


@bp.route("/to-chuc/guong/<int:story_id>/hinh/sua", methods=["POST"])
@needs(Permission.EDIT_STORY, of=story_by_id_or_404)
def change_pictures(story: Exemplar) -> Any:
    present, story_id = PicturesForm(story, request.form), story.id
    if not present.is_right():
        return _pictures(story, PictureForm(formdata=None), present, 422)
    content = latest_content(story) | {"pictures": present.wanted}
    try:
        with transaction():
            saved = stories.edit_story(story, content, current_user, revision=present.revision, now=g.now)
    except Refusal as refusal:
        if refusal.reason is not StoryRefusal.EDITED_SINCE:
            raise
        story = story_by_id_or_404(story_id)
        present = PicturesForm(story, request.form)
        present.form_errors.append(refusal.sentence)
        present.seen.data = str(story.revision)
        return _pictures(story, PictureForm(formdata=None), present, 409)
    return _pictures_saved(saved, story_id)


def _pictures_saved(saved: Saved, story_id: int) -> Any:
    tell_saved(saved, story_id)  # says what has become of it
    return redirect(url_for(".edit_pictures", story_id=story_id))
