"""Pages of banks: the list, a bank with its items, reviewing many at once. One item: item_views.py; uploads: draft_views.py."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, allows, needs
from quiz.addresses import page_number
from quiz.banks import doubts, queries, review, service
from quiz.banks.bulk import BULK, Deed
from quiz.banks.forms import BankForm
from quiz.banks.models import Bank, Item, ItemKind
from quiz.banks.queries import FiguresFilter, ItemFilter, ItemSearch
from quiz.banks.refusals import BankRefusal
from quiz.banks.words import EXPORTS, FIGURES_FILTERS, FILTERS, KINDS, LEVELS, STATES, warning_texts
from quiz.db import transaction
from quiz.errors import Refusal, sentence
from quiz.formats import number as number_text

bp = Blueprint("banks", __name__)
bp.add_app_template_filter(warning_texts)

PAGE = 50
MOST_AT_ONCE = 1000  # items of one bulk action


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
    search = _search(request.args)
    number = page_number()
    lines, in_all = queries.items(bank, search, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template(
        "banks/show.html",
        bank=bank,
        counts=queries.counts_of(bank),
        drafts=queries.drafts_of(bank),
        lines=lines,
        key_doubts=doubts.key_doubts([line.version.id for line in lines]),
        in_all=in_all,
        search=search,
        narrowed=search != ItemSearch(),
        filters=FILTERS,
        figures_filters=FIGURES_FILTERS,
        formats=EXPORTS,
        documents=queries.documents_of(bank),
        topic_titles={topic["code"]: topic["title"] for topic in bank.topics},
        number=number,
        size=PAGE,
        page_url=lambda n: url_for(".show", code=bank.code, **_kept_arguments(), trang=n),
        here=url_for(".show", code=bank.code, **_kept_arguments(), trang=number if number > 1 else None),
        written=_written(),
    )


def _written() -> tuple[int, int, int] | None:
    """What an upload has just brought: new items, new versions, and rows the bank had already."""
    told = request.args.get("da-ghi", "")
    found = re.fullmatch(r"(\d{1,6})-(\d{1,6})-(\d{1,6})", told)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


_ARGUMENTS = ("q", "chu-de", "muc", "loai", "trang-thai", "van-ban", "so-lieu")


def _kept_arguments() -> dict[str, Any]:
    return {name: request.args[name] for name in _ARGUMENTS if request.args.get(name)}


def _search(arguments: Mapping[str, str]) -> ItemSearch:
    """The search as the address, or a form that repeats it, says it; what makes no sense there does not narrow."""
    given = {name: arguments.get(name, "").strip()[:200] for name in _ARGUMENTS}
    level, document = given["muc"], given["van-ban"]
    return ItemSearch(
        text=given["q"],
        topic=given["chu-de"],
        level=int(level) if level in ("1", "2", "3") else None,
        kind=ItemKind(given["loai"]) if given["loai"] in {*ItemKind} else None,
        state=ItemFilter(given["trang-thai"]) if given["trang-thai"] in {*ItemFilter} else None,
        document_id=int(document) if document.isdecimal() and len(document) < 10 else None,
        figures=FiguresFilter(given["so-lieu"]) if given["so-lieu"] in {*FiguresFilter} else None,
    )


@bp.route("/ngan-hang/<code>/nhieu-cau", methods=["POST"])
@needs(Permission.SEE_BANK, of=bank_or_404)
def act(bank: Bank) -> Any:
    """Do one thing to many items: those ticked on the page, or all that the search finds."""
    action = BULK.get(request.form.get("action", "")) or abort(400)
    if not allows(current_user, action.permission, bank):
        abort(403)
    why, value = request.form.get("why", "").strip()[:500], request.form.get("value", "")
    if action.asks_why and not why:
        flash(_("Hãy ghi lý do để người soạn biết cần sửa gì. Chưa có gì thay đổi."), "warn")
        return _back(bank)
    items = _chosen_items(bank)
    with transaction():
        done = review.in_bulk(items, lambda item: action.do(item, Deed(bank, current_user, why, value, g.now)))
    if done.done:
        flash(action.said % {"count": number_text(len(done.done))}, "ok")
    for reason, codes in done.left.items():
        codes_text = ", ".join(codes[:10]) + ("…" if len(codes) > 10 else "")
        flash(_("Chưa làm với %(codes)s: %(why)s", codes=codes_text, why=sentence(reason)), "warn")
    if not items:
        flash(_("Chưa chọn câu nào nên chưa có gì thay đổi. Hãy đánh dấu các câu cần làm."), "warn")
    return _back(bank)


def _chosen_items(bank: Bank) -> Sequence[Item]:
    if request.form.get("all") == "1":
        return queries.found_items(bank, _search(request.form), limit=MOST_AT_ONCE)
    ids = [int(value) for value in request.form.getlist("item") if value.isdecimal() and len(value) < 10]
    return queries.items_by_id(bank, ids[:MOST_AT_ONCE])


def _back(bank: Bank) -> Any:
    """To the list as it was; only an address of this bank is followed."""
    start = url_for(".show", code=bank.code)
    there = request.form.get("back", "")
    return redirect(there if there == start or there.startswith(start + "?") else start)


from quiz.banks import draft_views, export_views, item_views, law_views, link_views, picture_views  # noqa: E402, F401  their routes belong to the same blueprint
