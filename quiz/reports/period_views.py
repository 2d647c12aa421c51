"""The periodic report for the director: a page, a workbook and a paper of the same lines."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, g, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from quiz import journal
from quiz.access import Permission, needs
from quiz.db import transaction
from quiz.formats import local
from quiz.reports import period_figures
from quiz.reports.period_figures import PeriodFigures
from quiz.reports.statistics_views import tabular
from quiz.reports.views import bp
from quiz.spreadsheets import send_book


@bp.route("/to-chuc/bao-cao")
@needs(Permission.SEE_STATISTICS)
def period() -> str:
    """The figures of a quarter, or of any days (`?tu=…&den=…`), beside those of the period before."""
    begins, ends = asked_days()
    now, past = (
        period_figures.of_period(begins, ends),
        period_figures.of_period(*period_figures.before(begins, ends)),
    )
    return render_template(
        "reports/period.html", now_=now, past=past, lines=period_lines(now, past), begins=begins, ends=ends,
        quarters=_quarters(local(g.now).date()),
    )  # fmt: skip


@bp.route("/to-chuc/bao-cao.xlsx")
@needs(Permission.SEE_STATISTICS)
def period_xlsx() -> Response:
    begins, ends = asked_days()
    now, past = (
        period_figures.of_period(begins, ends),
        period_figures.of_period(*period_figures.before(begins, ends)),
    )
    with transaction():
        after = {"begins": begins.isoformat(), "ends": ends.isoformat()}
        journal.record(current_user, "period.exported", "statistics:period", now=g.now, after=after)
    heads = [_("Cuộc thi"), _("Đăng ký"), _("Người dự thi"), _("Lượt thi"), _("Giải")]
    name = f"bao-cao-{begins:%Y%m%d}-{ends:%Y%m%d}.xlsx"
    return send_book(
        name,
        tabular(_("Tổng hợp"), [_("Số liệu"), _("Kỳ này"), _("Kỳ trước")], period_lines(now, past)),
        tabular(_("Từng cuộc thi"), heads, now.lines),
    )


def period_lines(now: PeriodFigures, past: PeriodFigures) -> list[tuple[str, int, int]]:
    """(what, this period, the one before)."""
    return [
        (_("Cuộc thi kết thúc trong kỳ"), now.contests, past.contests),
        (_("Lượt người đăng ký"), now.registered, past.registered),
        (_("Lượt người dự thi"), now.people, past.people),
        (_("Lượt thi hợp lệ"), now.attempts, past.attempts),
        (_("Giải đã trao"), now.prizes, past.prizes),
        (_("Tiền thưởng (đồng)"), now.amount, past.amount),
        (_("Khiếu nại đã nhận"), now.complaints, past.complaints),
        (_("Khiếu nại đúng hoặc đúng một phần"), now.upheld, past.upheld),
    ]


def _quarters(today: date) -> list[tuple[str, date, date]]:
    """The running quarter and the four before it: (name, first day, last day)."""
    found = []
    year, quarter = today.year, (today.month - 1) // 3
    for _back in range(5):
        begins = date(year, 3 * quarter + 1, 1)
        after = date(year + 1, 1, 1) if quarter == 3 else date(year, 3 * quarter + 4, 1)
        found.append(
            (_("Quý %(q)s/%(year)s", q=quarter + 1, year=year), begins, date.fromordinal(after.toordinal() - 1))
        )
        year, quarter = (year, quarter - 1) if quarter else (year - 1, 3)
    return found


def asked_days() -> tuple[date, date]:
    _name, begins, ends = _quarters(local(g.now).date())[0]
    try:
        begins = date.fromisoformat(request.args.get("tu", begins.isoformat()))
        ends = date.fromisoformat(request.args.get("den", ends.isoformat()))
    except ValueError:
        flash(_("Ngày trong địa chỉ chưa đúng nên trang hiện quý này."), "warn")
        return _quarters(local(g.now).date())[0][1:]
    is_sensible = date(2000, 1, 1) <= begins <= ends <= date(2100, 1, 1)
    return (begins, ends) if is_sensible else _quarters(local(g.now).date())[0][1:]
