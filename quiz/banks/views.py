"""Pages of banks: the list, a bank with its items, reviewing many at once. One item: item_views.py; uploads: draft_views.py."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.addresses import page_number
from quiz.banks import queries, service
from quiz.banks.formats import bank_yaml
from quiz.banks.forms import BankForm
from quiz.banks.models import Bank, ItemKind
from quiz.banks.queries import ItemFilter, ItemSearch
from quiz.banks.refusals import BankRefusal
from quiz.banks.words import FILTERS, KINDS, LEVELS, STATES
from quiz.db import transaction
from quiz.errors import Refusal, sentence

bp = Blueprint("banks", __name__)

PAGE = 50


def bank_or_404(code: str) -> Bank:
    return queries.bank_by_code(code) or abort(404)


@bp.context_processor
def words() -> dict[str, Any]:
    return {"KINDS": KINDS, "LEVELS": LEVELS, "STATES": STATES}


@bp.route("/ngan-hang")
@needs(Permission.SEE_BANK)
def index() -> Any:
    return render_template("banks/index.html", banks=queries.banks_with_counts())


@bp.route("/ngan-hang/moi", methods=["GET", "POST"])
@needs(Permission.EDIT_BANK)
def create() -> Any:
    form = BankForm()
    if form.validate_on_submit():
        try:
            with transaction():
                bank = service.create_bank(
                    form.code.data, form.title.data, form.note.data, form.topic_list, current_user, now=g.now
                )
        except Refusal as refusal:
            if refusal.reason != BankRefusal.CODE_TAKEN:
                raise
            form.code.errors = [refusal.sentence]
        else:
            flash(_("Đã tạo ngân hàng “%(title)s”. Bây giờ hãy đưa câu hỏi vào.", title=bank.title), "ok")
            return redirect(url_for(".show", code=bank.code))
    return render_template("banks/bank_form.html", form=form, bank=None), 422 if form.errors else 200


@bp.route("/ngan-hang/<code>/sua", methods=["GET", "POST"])
@needs(Permission.EDIT_BANK, of=bank_or_404)
def edit(bank: Bank) -> Any:
    form = BankForm.of(bank)
    if form.validate_on_submit():
        try:
            with transaction():
                service.edit_bank(bank, form.title.data, form.note.data, form.topic_list, current_user, now=g.now)
        except Refusal as refusal:
            form.topics.errors = [refusal.sentence]
        else:
            flash(_("Đã lưu thông tin ngân hàng."), "ok")
            return redirect(url_for(".show", code=bank.code))
    counts = queries.counts_of(bank)
    return render_template("banks/bank_form.html", form=form, bank=bank, counts=counts), 422 if form.errors else 200


@bp.route("/ngan-hang/<code>/xoa", methods=["POST"])
@needs(Permission.EDIT_BANK, of=bank_or_404)
def delete(bank: Bank) -> Any:
    title = bank.title
    with transaction():
        service.delete_bank(bank, current_user, now=g.now)
    flash(_("Đã xóa ngân hàng “%(title)s”.", title=title), "ok")
    return redirect(url_for(".index"))


@bp.route("/ngan-hang/<code>")
@needs(Permission.SEE_BANK, of=bank_or_404)
def show(bank: Bank) -> Any:
    search = _search()
    number = page_number()
    lines, in_all = queries.items(bank, search, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template(
        "banks/show.html",
        bank=bank,
        counts=queries.counts_of(bank),
        drafts=queries.drafts_of(bank),
        lines=lines,
        in_all=in_all,
        search=search,
        narrowed=search != ItemSearch(),
        filters=FILTERS,
        topic_titles={topic["code"]: topic["title"] for topic in bank.topics},
        number=number,
        size=PAGE,
        page_url=lambda n: url_for(".show", code=bank.code, **_kept_arguments(), trang=n),
        here=url_for(".show", code=bank.code, **_kept_arguments(), trang=number if number > 1 else None),
    )


_ARGUMENTS = ("q", "chu-de", "muc", "loai", "trang-thai")


def _kept_arguments() -> dict[str, Any]:
    return {name: request.args[name] for name in _ARGUMENTS if request.args.get(name)}


def _search() -> ItemSearch:
    """The search as the address says it; what makes no sense there does not narrow."""
    given = {name: request.args.get(name, "").strip()[:200] for name in _ARGUMENTS}
    level = given["muc"]
    return ItemSearch(
        text=given["q"],
        topic=given["chu-de"],
        level=int(level) if level in ("1", "2", "3") else None,
        kind=ItemKind(given["loai"]) if given["loai"] in {*ItemKind} else None,
        state=ItemFilter(given["trang-thai"]) if given["trang-thai"] in {*ItemFilter} else None,
    )


def _chosen_items(bank: Bank) -> Any:
    ids = [int(value) for value in request.form.getlist("item") if value.isdecimal() and len(value) < 10]
    return queries.items_by_id(bank, ids[:1000])


def _back(bank: Bank) -> Any:
    """To the list as it was; only an address of this bank is followed."""
    start = url_for(".show", code=bank.code)
    there = request.form.get("back", "")
    return redirect(there if there == start or there.startswith(start + "?") else start)


@bp.route("/ngan-hang/<code>/duyet", methods=["POST"])
@needs(Permission.REVIEW_ITEM, of=bank_or_404)
def approve_items(bank: Bank) -> Any:
    items = _chosen_items(bank)
    with transaction():
        done = service.approve_items(items, current_user, now=g.now)
    if done.approved:
        flash(_("Đã duyệt %(count)s câu: đề mới rút được các câu này.", count=len(done.approved)), "ok")
    for reason, codes in done.left.items():
        codes_text = ", ".join(codes[:10]) + ("…" if len(codes) > 10 else "")
        flash(_("Chưa duyệt %(codes)s: %(why)s", codes=codes_text, why=sentence(reason)), "warn")
    if not items:
        flash(_("Chưa chọn câu nào nên chưa có gì thay đổi. Hãy đánh dấu các câu cần duyệt."), "warn")
    return _back(bank)


@bp.route("/ngan-hang/<code>/ngung-dung", methods=["POST"])
@needs(Permission.EDIT_BANK, of=bank_or_404)
def retire_items(bank: Bank) -> Any:
    items = _chosen_items(bank)
    with transaction():
        count = sum(service.retire_item(item, current_user, now=g.now) for item in items)
    if items:
        flash(
            _("Đã ngừng dùng %(count)s câu: đề mới không rút các câu này nữa, bài đã thi giữ nguyên.", count=count),
            "ok",
        )
    else:
        flash(_("Chưa chọn câu nào nên chưa có gì thay đổi. Hãy đánh dấu các câu cần ngừng dùng."), "warn")
    return _back(bank)


@bp.route("/ngan-hang/<code>.yaml")
@needs(Permission.SEE_BANK, of=bank_or_404)
def export(bank: Bank) -> Any:
    """The bank in the shipped format: the wording in use, or the latest one of items never approved."""
    items = [item for item in queries.items_with_versions(bank) if item.retired_at is None]
    text = bank_yaml.write(bank, [(item.code, item.live_version or item.latest) for item in items])
    headers = {"Content-Disposition": f'attachment; filename="{bank.code}.yaml"'}
    return Response(text, mimetype="application/yaml", headers=headers)


from quiz.banks import draft_views, item_views  # noqa: E402, F401  their routes belong to the same blueprint
