"""Where judges sign a result sheet, decline to, or take their word back."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz.access import Permission, needs
from quiz.db import transaction
from quiz.marking.forms import WhyForm
from quiz.ranking import signing
from quiz.ranking.judge_views import sheet_page
from quiz.ranking.models import Ranking
from quiz.ranking.views import bp, sheet_or_404


@bp.route("/xet-hang/<int:ranking_id>/ky", methods=["POST"])
@needs(Permission.SIGN_RESULTS, of=sheet_or_404)
def sign(ranking: Ranking) -> Any:
    with transaction():
        signing.sign(ranking, current_user, request.form.get("digest", ""), now=g.now)
    flash(_("Đã ghi chữ ký của bạn dưới bảng kết quả số %(number)s.", number=ranking.number), "ok")
    return redirect(url_for(".sheet", ranking_id=ranking.id))


@bp.route("/xet-hang/<int:ranking_id>/khong-ky", methods=["POST"])
@needs(Permission.SIGN_RESULTS, of=sheet_or_404)
def decline(ranking: Ranking) -> Any:
    form = WhyForm()
    if not form.validate_on_submit():
        return sheet_page(ranking, decline_form=form), 422
    with transaction():
        signing.decline(ranking, current_user, request.form.get("digest", ""), why=str(form.why.data), now=g.now)
    flash(_("Đã ghi ý kiến không ký của bạn. Ban Tổ chức và các giám khảo khác đọc được lý do."), "ok")
    return redirect(url_for(".sheet", ranking_id=ranking.id))


@bp.route("/xet-hang/<int:ranking_id>/rut-y-kien", methods=["POST"])
@needs(Permission.SIGN_RESULTS, of=sheet_or_404)
def withdraw(ranking: Ranking) -> Any:
    form = WhyForm()
    if not form.validate_on_submit():
        return sheet_page(ranking, withdraw_form=form), 422
    with transaction():
        signing.withdraw(ranking, current_user, why=str(form.why.data), now=g.now)
    flash(_("Đã rút ý kiến của bạn về bảng này; lần ký trước vẫn còn trong nhật ký."), "ok")
    return redirect(url_for(".sheet", ranking_id=ranking.id))
