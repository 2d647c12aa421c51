"""The periodic report for the director: a page, a workbook and a paper of the same lines."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quiz import jobs, journal
from quiz.access import Permission, needs
from quiz.db import transaction
from quiz.formats import day, local
from quiz.reports import contest_figures, period_figures
from quiz.reports.period_figures import PeriodFigures
from quiz.reports.statistics_views import tabular
from quiz.reports.views import bp
from quiz.rules.periods import month_of, span_before
from quiz.spreadsheets import send_book


@bp.route("/to-chuc/bao-cao")
@needs(Permission.SEE_STATISTICS)
def period() -> str:
    """The figures of a quarter, or of any days (`?tu=…&den=…`), beside those of the same span before."""
    now, past = asked_periods()
    return render_template(
        "reports/period.html",
        now_=now,
        names=[named(now), named(past)],
        lines=period_lines(now, past),
        contests=contest_lines(now),
        shortcomings=shortcomings(now) + shortcomings(past),
        spans=_spans(local(g.now).date()),
    )


@bp.route("/to-chuc/bao-cao/dem", methods=["POST"])
@needs(Permission.SEE_STATISTICS)
def count_period() -> Any:
    """Have every contest of both periods counted whose figures are missing or out of date."""
    periods = asked_periods()
    lines = [line for period in periods for line in period.lines if line.attempts is None or line.is_outdated]
    with transaction():
        for line in lines:
            jobs.ask(contest_figures.JOB, contest_figures.subject_of(line.contest_id), current_user, now=g.now)
    flash(_("Máy đang đếm %(n)s cuộc thi; mở lại trang sau ít giây.", n=len(lines)), "ok")
    return redirect(url_for(".period", tu=periods[0].begins, den=periods[0].ends))


@bp.route("/to-chuc/bao-cao.xlsx")
@needs(Permission.SEE_STATISTICS)
def period_xlsx() -> Response:
    now, past = asked_periods()
    with transaction():
        after = {"begins": now.begins.isoformat(), "ends": now.ends.isoformat()}
        journal.record(current_user, "period.exported", "statistics:period", now=g.now, after=after)
    heads = [_("Cuộc thi"), _("Đăng ký"), _("Người dự thi"), _("Lượt thi"), _("Giải")]
    name = f"bao-cao-{now.begins:%Y%m%d}-{now.ends:%Y%m%d}.xlsx"
    return send_book(
        name,
        tabular(_("Tổng hợp"), [_("Số liệu"), named(now), named(past)], period_lines(now, past)),
        tabular(_("Từng cuộc thi"), heads, contest_lines(now)),
    )


def named(period: PeriodFigures) -> str:
    """ "Quý 4/2024", as pages and papers head a column; "01/11/2024–20/11/2024" where the calendar has no name."""
    return _name(period.begins, period.ends) or f"{day(period.begins)}–{day(period.ends)}"


def contest_lines(period: PeriodFigures) -> list[list[str | int]]:
    """Title, registered, people, attempts, prizes of each contest; "–" for what nobody has counted yet."""
    counted = [(c.title, c.registered, c.people, c.attempts, c.prizes) for c in period.lines]
    return [["–" if value is None else value for value in line] for line in counted]


def shortcomings(period: PeriodFigures) -> list[str]:
    """What the sums leave out, and what they have from before something happened, as page and paper say it."""
    found = []
    if n := period.uncounted:
        told = _(
            "%(n)s cuộc thi chưa đếm xong nên chưa cộng vào số người và số lượt của %(name)s.", n=n, name=named(period)
        )
        found.append(told)
    if n := period.outdated:
        told = _("%(n)s cuộc thi của %(name)s đếm trước khi có thay đổi: kỳ thi kết thúc, hủy bài, chấm lại hoặc lập bảng kết quả mới.",
                 n=n, name=named(period))  # fmt: skip
        found.append(told)
    return found


def period_lines(now: PeriodFigures, past: PeriodFigures) -> list[tuple[str, int, int]]:
    """(what, this period, the one before)."""
    return [
        (_("Cuộc thi kết thúc trong kỳ"), len(now.lines), len(past.lines)),
        (_("Lượt người đăng ký"), now.registered, past.registered),
        (_("Lượt người dự thi"), now.people, past.people),
        (_("Lượt thi hợp lệ"), now.attempts, past.attempts),
        (_("Giải đã trao"), now.prizes, past.prizes),
        (_("Tiền thưởng (đồng)"), now.amount, past.amount),
        (_("Khiếu nại đã nhận"), now.complaints, past.complaints),
        (_("Khiếu nại đúng hoặc đúng một phần"), now.upheld, past.upheld),
    ]


def _name(begins: date, ends: date) -> str:
    """What the calendar calls the days; "" where it has no name for them."""
    values = {"n": begins.month, "year": begins.year}
    if (begins, ends) == month_of(begins):
        return _("Tháng %(n)s/%(year)s", **values)
    if begins.month % 3 == 1 and (begins, ends) == month_of(begins, length=3):
        return _("Quý %(n)s/%(year)s", **values | {"n": begins.month // 3 + 1})
    if begins.month == 1 and (begins, ends) == month_of(begins, length=12):
        return _("Năm %(year)s", **values)
    return ""


def _spans(today: date) -> list[tuple[str, date, date]]:
    """What one asks for most: (name, first day, last day) of this month and the last, of five quarters, of this year."""
    in_quarter, in_year = (today.month - 1) % 3, today.month - 1
    spans = [
        *(month_of(today, back) for back in range(2)),
        *(month_of(today, in_quarter + 3 * back, 3) for back in range(5)),
        month_of(today, in_year, 12),
    ]
    return [(_name(*span), *span) for span in spans]


def asked_periods() -> tuple[PeriodFigures, PeriodFigures]:
    """The period that is asked for, and the same span before it."""
    begins, ends = _asked_days()
    return period_figures.of_period(begins, ends, g.now), period_figures.of_period(*span_before(begins, ends), g.now)


def _asked_days() -> tuple[date, date]:
    today = local(g.now).date()
    begins, ends = this_quarter = month_of(today, (today.month - 1) % 3, 3)
    try:
        begins = date.fromisoformat(request.values.get("tu", begins.isoformat()))
        ends = date.fromisoformat(request.values.get("den", ends.isoformat()))
    except ValueError:
        flash(_("Ngày trong địa chỉ chưa đúng nên trang hiện quý này."), "warn")
        return this_quarter
    if date(2000, 1, 1) <= begins <= ends <= date(2100, 1, 1):
        return begins, ends
    flash(_("Ngày cuối phải sau ngày đầu; trang hiện quý này."), "warn")
    return this_quarter
