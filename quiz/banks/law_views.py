"""Pages of the items that rest on a document, and of those that a change of the law touches."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, allows, needs
from quiz.addresses import page_number
from quiz.banks import law_checks, law_queries
from quiz.banks.law_checks import CheckState, Done
from quiz.banks.views import bp
from quiz.db import transaction
from quiz.errors import sentence
from quiz.law import queries as law
from quiz.law.models import LawChange, LegalDocument
from quiz.law.views import document_or_404

PAGE = 100
MOST_SHOWN = 10  # codes in one sentence


def change_or_404(change_id: int) -> LawChange:
    return law.change_by_id(change_id) or abort(404)


@bp.route("/van-ban/<int:document_id>/cau-hoi")
@needs(Permission.SEE_BANK, of=document_or_404)
def items_on_document(document: LegalDocument) -> Any:
    number = page_number()
    lines, in_all = law_queries.items_on(document, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template(
        "banks/law_items.html", document=document, lines=lines, in_all=in_all, number=number, size=PAGE
    )  # fmt: skip


@bp.route("/van-ban/thay-doi/<int:change_id>")
@needs(Permission.SEE_BANK, of=change_or_404)
def touched_items(change: LawChange) -> Any:
    touched = law_checks.touched_by(change)
    counts = {state: sum(t.state is state for t in touched) for state in CheckState}
    asked = request.args.get("xem", "")
    state = CheckState(asked) if asked in {*CheckState} else None
    lines = [t for t in touched if state is None or t.state is state]
    number = max(1, min(page_number(), -(-len(lines) // PAGE)))
    return render_template(
        "banks/law_touched.html",
        change=change,
        counts=counts,
        touched=touched,
        lines=lines[(number - 1) * PAGE : number * PAGE],
        in_all=len(lines),
        number=number,
        size=PAGE,
        state=state,
        CheckState=CheckState,
    )


def _chosen() -> set[int]:
    return {int(value) for value in request.form.getlist("item") if value.isdecimal() and len(value) < 10}


def _why() -> str:
    return request.form.get("why", "").strip()[:500]


def _back(change: LawChange) -> Any:
    asked = request.form.get("xem", "")
    return redirect(url_for(".touched_items", change_id=change.id, xem=asked if asked in {*CheckState} else None))


@bp.route("/van-ban/thay-doi/<int:change_id>/van-dung", methods=["POST"])
@needs(Permission.REVIEW_ITEM, of=change_or_404)
def confirm_items(change: LawChange) -> Any:
    may_write = allows(current_user, Permission.EDIT_BANK)
    with transaction():
        done = law_checks.confirm(change, _chosen(), current_user, _why(), now=g.now, may_write=may_write)
    if done.checked:
        flash(_("Đã ghi nhận đối chiếu %(count)s câu: các câu này được rút trở lại.", count=len(done.checked)), "ok")
    if done.renewed:
        flash(
            _(
                "Đã viết phiên bản mới không ghi ngày hết đúng cho %(count)s câu. Người khác duyệt thì các câu này được rút trở lại.",
                count=len(done.renewed),
            ),
            "ok",
        )
    _say_left(done)
    return _back(change)


@bp.route("/van-ban/thay-doi/<int:change_id>/duyet", methods=["POST"])
@needs(Permission.REVIEW_ITEM, of=change_or_404)
def approve_renewals(change: LawChange) -> Any:
    with transaction():
        done = law_checks.approve_renewals(change, _chosen(), current_user, now=g.now)
    if done.approved:
        flash(
            _("Đã duyệt %(count)s câu, ghi rõ đã đối chiếu: các câu này được rút trở lại.", count=len(done.approved)),
            "ok",
        )
    _say_left(done)
    return _back(change)


def _say_left(done: Done) -> None:
    for reason, codes in done.left.items():
        listed = ", ".join(codes[:MOST_SHOWN]) + ("…" if len(codes) > MOST_SHOWN else "")
        flash(_("Để nguyên %(codes)s: %(why)s", codes=listed, why=sentence(reason)), "warn")
    if not (done.checked or done.renewed or done.approved or done.left):
        flash(_("Chưa chọn câu nào nên chưa có gì thay đổi. Hãy đánh dấu các câu cần xử lý."), "warn")


@bp.route("/van-ban/thay-doi/<int:change_id>/ngung-dung", methods=["POST"])
@needs(Permission.EDIT_BANK, of=change_or_404)
def retire_touched(change: LawChange) -> Any:
    with transaction():
        codes = law_checks.retire(change, _chosen(), current_user, _why(), now=g.now)
    if codes:
        flash(_("Đã ngừng dùng %(count)s câu: đề mới không rút các câu này nữa.", count=len(codes)), "ok")
    else:
        flash(_("Chưa chọn câu nào nên chưa có gì thay đổi. Hãy đánh dấu các câu cần xử lý."), "warn")
    return _back(change)


from quiz.banks import law_change_views  # noqa: E402, F401  its routes belong to the same blueprint
