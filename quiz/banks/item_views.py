"""Pages of one item: all its versions, a new wording, the review."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.banks import queries, service
from quiz.banks.forms import ItemForm, WhyForm, item_data
from quiz.banks.models import Bank, Item, ItemKind, ItemVersion
from quiz.banks.refusals import BankRefusal, ReviewRefusal
from quiz.banks.views import bank_or_404, bp
from quiz.banks.wording import Wording, letter, wording_of
from quiz.banks.words import FIELDS, KINDS, LEVELS
from quiz.db import transaction
from quiz.errors import Refusal
from quiz.formats import day, local
from quiz.law import queries as law

_BASE = "/ngan-hang/<code>/cau/<item_code>"


def item_or_404(code: str, item_code: str) -> Item:
    return queries.item_by_code(code, item_code) or abort(404)


def _at(item: Item) -> Any:
    return redirect(url_for(".item", code=item.bank.code, item_code=item.code))


@bp.route(_BASE)
@needs(Permission.SEE_BANK, of=item_or_404)
def item(item: Item) -> Any:
    return _item_page(item, WhyForm())


def _item_page(item: Item, decline_form: WhyForm) -> Any:
    number = request.args.get("phien-ban", type=int) or item.latest.number
    shown = next((version for version in item.versions if version.number == number), None) or abort(404)
    live = item.live_version
    earlier = [version for version in item.versions if version.number < shown.number]
    compared = live if live and live is not shown else earlier[-1] if earlier else None
    page = render_template(
        "banks/item.html",
        item=item,
        shown=shown,
        compared=compared,
        changes=_changes(compared, shown, item.bank) if compared else [],
        topic_titles={topic["code"]: topic["title"] for topic in item.bank.topics},
        why_not=service.why_not_review(item, shown, current_user),
        OWN_WORDING=ReviewRefusal.OWN_WORDING,
        decline_form=decline_form,
        today=local(g.now).date(),
        letter=letter,
    )
    return page, 422 if decline_form.errors else 200


def _changes(old: ItemVersion, new: ItemVersion, bank: Bank) -> list[tuple[Any, str, str]]:
    """(name of a field, how it read, how it reads) for every field that differs."""
    before, after = wording_of(old), wording_of(new)
    names = [f.name for f in fields(Wording) if f.name in FIELDS and getattr(before, f.name) != getattr(after, f.name)]
    return [(FIELDS[name], _said(name, before, old, bank), _said(name, after, new, bank)) for name in names]


def _said(name: str, wording: Wording, version: ItemVersion, bank: Bank) -> str:
    value = getattr(wording, name)
    if name == "options":
        return "\n".join(f"{letter(n)}. {text}" for n, text in enumerate(value, 1))
    if name == "key":
        return ", ".join(map(letter, value))
    if name == "kind":
        return str(KINDS[ItemKind(value)])
    if name == "level":
        return str(LEVELS[value])
    if name == "topic":
        return next((topic["title"] for topic in bank.topics if topic["code"] == value), value)
    if name == "document_id":
        return version.document.name if version.document else ""
    return day(value) if isinstance(value, date) else value or ""


@bp.route("/ngan-hang/<code>/cau-moi", methods=["GET", "POST"])
@needs(Permission.EDIT_BANK, of=bank_or_404)
def new_item(bank: Bank) -> Any:
    form = ItemForm(data={"after": "0"}).prepare(bank, _kind(ItemKind.SINGLE), law.all_documents())
    if form.validate_on_submit():
        with transaction():
            item = service.add_item(bank, form.wording, current_user, now=g.now)
        flash(_("Đã ghi câu %(code)s ở trạng thái nháp. Người khác duyệt thì câu mới vào đề.", code=item.code), "ok")
        return _at(item)
    return render_template("banks/item_form.html", bank=bank, item=None, form=form), 422 if form.errors else 200


@bp.route(f"{_BASE}/sua", methods=["GET", "POST"])
@needs(Permission.EDIT_BANK, of=item_or_404)
def edit_item(item: Item) -> Any:
    latest = wording_of(item.latest)
    data = item_data(latest) | {"after": str(item.latest.number)}
    form = ItemForm(data=data).prepare(item.bank, _kind(latest.kind), law.all_documents())
    status = 200
    if form.validate_on_submit():
        try:
            with transaction():
                version = _write(item, form)
        except Refusal as refusal:
            if not isinstance(refusal.reason, BankRefusal):
                raise
            item = item_or_404(item.bank.code, item.code)  # the transaction was rolled back
            form.form_errors.append(refusal.sentence)
            status = 409
        else:
            flash(
                _(
                    "Đã ghi phiên bản %(number)s ở trạng thái nháp. Người khác duyệt thì phiên bản này mới vào đề.",
                    number=version.number,
                ),
                "ok",
            )
            return _at(item)
    elif form.errors:
        status = 422
    return render_template("banks/item_form.html", bank=item.bank, item=item, form=form), status


def _write(item: Item, form: ItemForm) -> ItemVersion:
    after = int(form.after.data) if str(form.after.data).isdecimal() else 0
    return service.write_version(item, form.wording, current_user, now=g.now, after=after)


def _kind(usual: str) -> str:
    asked = request.args.get("loai", usual)
    return asked if asked in {*ItemKind} else usual


def _seen(item: Item) -> ItemVersion:
    """The version that the reviewer had on the page, not one written since."""
    number = request.form.get("version", type=int)
    return next((version for version in item.versions if version.number == number), None) or abort(400)


@bp.route(f"{_BASE}/duyet", methods=["POST"])
@needs(Permission.REVIEW_ITEM, of=item_or_404)
def approve(item: Item) -> Any:
    version = _seen(item)
    with transaction():
        service.approve_version(version, current_user, now=g.now)
    flash(_("Đã duyệt phiên bản %(number)s. Câu vào đề được từ bây giờ.", number=version.number), "ok")
    return _at(item)


@bp.route(f"{_BASE}/tra-lai", methods=["POST"])
@needs(Permission.REVIEW_ITEM, of=item_or_404)
def decline(item: Item) -> Any:
    version, form = _seen(item), WhyForm()
    if not form.validate_on_submit():
        return _item_page(item, form)
    with transaction():
        service.decline_version(version, current_user, form.why.data, now=g.now)
    flash(_("Đã trả lại phiên bản %(number)s cho người soạn, kèm lý do.", number=version.number), "ok")
    return _at(item)


@bp.route(f"{_BASE}/ngung-dung", methods=["POST"])
@needs(Permission.EDIT_BANK, of=item_or_404)
def retire(item: Item) -> Any:
    with transaction():
        service.retire_item(item, current_user, request.form.get("why", "").strip()[:500], now=g.now)
    flash(_("Đã ngừng dùng câu %(code)s: đề mới không rút câu này nữa, bài đã thi giữ nguyên.", code=item.code), "ok")
    return _at(item)


@bp.route(f"{_BASE}/dung-lai", methods=["POST"])
@needs(Permission.EDIT_BANK, of=item_or_404)
def revive(item: Item) -> Any:
    with transaction():
        service.revive_item(item, current_user, now=g.now)
    flash(_("Câu %(code)s được dùng lại.", code=item.code), "ok")
    return _at(item)
