"""Pages of one item: all its versions, a new wording, the review."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.banks import differences, doubts, law_checks, links, picture_store, queries, review, service
from quiz.banks.forms import CommentForm, WhyForm
from quiz.banks.item_form import ItemForm, item_data
from quiz.banks.models import Bank, Item, ItemKind, ItemVersion
from quiz.banks.refusals import BankRefusal, ReviewRefusal
from quiz.banks.views import bank_or_404, bp
from quiz.banks.wording import Wording, letter, wording_of
from quiz.db import transaction
from quiz.errors import Refusal
from quiz.exemplars import choices
from quiz.formats import local
from quiz.law import queries as law

_BASE = "/ngan-hang/<code>/cau/<item_code>"


def item_or_404(code: str, item_code: str) -> Item:
    return queries.item_by_code(code, item_code) or abort(404)


def _at(item: Item) -> Any:
    return redirect(url_for(".item", code=item.bank.code, item_code=item.code))


@bp.route(_BASE)
@needs(Permission.SEE_BANK, of=item_or_404)
def item(item: Item) -> Any:
    return _item_page(item, WhyForm(), CommentForm(formdata=None))


def _item_page(item: Item, decline_form: WhyForm, comment_form: CommentForm) -> Any:
    number = request.args.get("phien-ban", type=int) or item.latest.number
    shown = next((version for version in item.versions if version.number == number), None) or abort(404)
    compared = _compared_with(item, shown)
    page = render_template(
        "banks/item.html",
        item=item,
        shown=shown,
        compared=compared,
        differences=differences.between(compared, shown, item.bank) if compared else [],
        topic_titles={topic["code"]: topic["title"] for topic in item.bank.topics},
        figures=queries.figures_of(shown.id),
        open_changes=doubts.open_changes(shown),
        key_doubt=doubts.key_doubts([shown.id]).get(shown.id),
        askable=law_checks.askable(shown),
        stories=links.stories_of_item(item),
        linkable=choices.linkable(),
        why_not=review.why_not_review(item, shown, current_user),
        why_not_send=review.why_not_send(item, shown),
        OWN_WORDING=ReviewRefusal.OWN_WORDING,
        decline_form=decline_form,
        comment_form=comment_form,
        today=local(g.now).date(),
        letter=letter,
    )
    return page, 422 if decline_form.errors or comment_form.errors else 200


def _compared_with(item: Item, shown: ItemVersion) -> ItemVersion | None:
    """What a reviewer compares a version with: the one the address asks for, the live one, or the one before it."""
    asked = request.args.get("voi", type=int)
    live = item.live_version
    earlier = [version for version in item.versions if version.number < shown.number]
    usual = live if live and live is not shown else earlier[-1] if earlier else None
    return next((v for v in item.versions if v.number == asked and v is not shown), usual)


@bp.route("/ngan-hang/<code>/cau-moi", methods=["GET", "POST"])
@needs(Permission.EDIT_BANK, of=bank_or_404)
def new_item(bank: Bank) -> Any:
    form = ItemForm(data={"after": "0"}).prepare(bank, _kind(ItemKind.SINGLE), law.all_documents())
    if _is_preview():
        return _preview(bank, None, form)
    if form.validate_on_submit():
        with transaction():
            picture_store.keep_all(form.pictures, now=g.now)
            item = service.add_item(bank, form.wording, current_user, now=g.now, send=_sends())
        said = (
            _("Đã ghi câu %(code)s và gửi duyệt. Người khác duyệt thì câu mới vào đề.")
            if _sends()
            else _("Đã lưu nháp câu %(code)s.")
        )
        flash(said % {"code": item.code}, "ok")
        return _at(item)
    return _form_page(bank, None, form, 422 if form.errors else 200)


@bp.route(f"{_BASE}/sua", methods=["GET", "POST"])
@needs(Permission.EDIT_BANK, of=item_or_404)
def edit_item(item: Item) -> Any:
    latest = wording_of(item.latest)
    data = item_data(latest) | {"after": str(item.latest.number)}
    form = ItemForm(data=data).prepare(item.bank, _kind(latest.kind), law.all_documents())
    if _is_preview():
        return _preview(item.bank, item, form)
    status = 200
    if form.validate_on_submit():
        try:
            with transaction():
                picture_store.keep_all(form.pictures, now=g.now)
                version = _write(item, form)
        except Refusal as refusal:
            if not isinstance(refusal.reason, BankRefusal):
                raise
            item = item_or_404(item.bank.code, item.code)  # the transaction was rolled back
            form.form_errors.append(refusal.sentence)
            status = 409
        else:
            said = (
                _("Đã ghi phiên bản %(number)s và gửi duyệt. Người khác duyệt thì phiên bản này mới vào đề.")
                if _sends()
                else _("Đã lưu nháp phiên bản %(number)s.")
            )
            flash(said % {"number": version.number}, "ok")
            return _at(item)
    elif form.errors:
        status = 422
    return _form_page(item.bank, item, form, status)


def _form_page(bank: Bank, item: Item | None, form: ItemForm, status: int, preview: Wording | None = None) -> Any:
    if form.pictures:
        with transaction():  # an uploaded picture is not lost because something else must be corrected
            picture_store.keep_all(form.pictures, now=g.now)
    return render_template("banks/item_form.html", bank=bank, item=item, form=form, preview=preview), status


def _is_preview() -> bool:
    return request.method == "POST" and request.form.get("what") == "preview"


def _preview(bank: Bank, item: Item | None, form: ItemForm) -> Any:
    """The item as the participant will see it, and what is still missing; nothing is written but uploaded pictures."""
    form.validate()
    if request.headers.get("X-Requested-With") != "fetch":
        return _form_page(bank, item, form, 200, preview=form.wording)
    with transaction():
        picture_store.keep_all(form.pictures, now=g.now)
    errors = [str(error) for field in form for error in field.errors] + [str(error) for error in form.form_errors]
    return render_template("banks/_preview.html", wording=form.wording, errors=errors)


def _sends() -> bool:
    """Is the wording sent to review at once? The one button of the form that does not says so."""
    return request.form.get("what") != "draft"


def _write(item: Item, form: ItemForm) -> ItemVersion:
    after = int(form.after.data) if str(form.after.data).isdecimal() else 0
    return service.write_version(item, form.wording, current_user, now=g.now, after=after, send=_sends())


def _kind(usual: str) -> str:
    asked = request.args.get("loai", usual)
    return asked if asked in {*ItemKind} else usual


def _seen(item: Item) -> ItemVersion:
    """The version that the reviewer had on the page, not one written since."""
    number = request.form.get("version", type=int)
    return next((version for version in item.versions if version.number == number), None) or abort(400)


@bp.route(f"{_BASE}/gui-duyet", methods=["POST"])
@needs(Permission.EDIT_BANK, of=item_or_404)
def send(item: Item) -> Any:
    version = _seen(item)
    with transaction():
        review.send_version(version, now=g.now)
    flash(_("Đã gửi duyệt phiên bản %(number)s.", number=version.number), "ok")
    return _at(item)


@bp.route(f"{_BASE}/duyet", methods=["POST"])
@needs(Permission.REVIEW_ITEM, of=item_or_404)
def approve(item: Item) -> Any:
    version = _seen(item)
    checked = law_checks.checked_changes(request.form, version)
    with transaction():
        review.approve_version(version, current_user, now=g.now, checked=checked)
    flash(_("Đã duyệt phiên bản %(number)s. Câu vào đề được từ bây giờ.", number=version.number), "ok")
    return _at(item)


@bp.route(f"{_BASE}/tra-lai", methods=["POST"])
@needs(Permission.REVIEW_ITEM, of=item_or_404)
def decline(item: Item) -> Any:
    version, form = _seen(item), WhyForm()
    if not form.validate_on_submit():
        return _item_page(item, form, CommentForm(formdata=None))
    with transaction():
        review.decline_version(version, current_user, form.why.data, now=g.now)
    flash(_("Đã trả lại phiên bản %(number)s cho người soạn, kèm lý do.", number=version.number), "ok")
    return _at(item)


@bp.route(f"{_BASE}/y-kien", methods=["POST"])
@needs(Permission.SEE_BANK, of=item_or_404)
def comment(item: Item) -> Any:
    version, form = _seen(item), CommentForm()
    if not form.validate_on_submit():
        return _item_page(item, WhyForm(formdata=None), form)
    with transaction():
        service.comment(item, version.number, form.body.data, current_user, now=g.now)
    flash(_("Đã ghi ý kiến của bạn."), "ok")
    return redirect(url_for(".item", code=item.bank.code, item_code=item.code, _anchor="y-kien"))


@bp.route(f"{_BASE}/ngung-dung", methods=["POST"])
@needs(Permission.EDIT_BANK, of=item_or_404)
def retire(item: Item) -> Any:
    with transaction():
        review.retire_item(item, current_user, request.form.get("why", "").strip()[:500], now=g.now)
    flash(_("Đã ngừng dùng câu %(code)s: đề mới không rút câu này nữa, bài đã thi giữ nguyên.", code=item.code), "ok")
    return _at(item)


@bp.route(f"{_BASE}/dung-lai", methods=["POST"])
@needs(Permission.EDIT_BANK, of=item_or_404)
def revive(item: Item) -> Any:
    with transaction():
        review.revive_item(item, current_user, now=g.now)
    flash(_("Câu %(code)s được dùng lại.", code=item.code), "ok")
    return _at(item)
