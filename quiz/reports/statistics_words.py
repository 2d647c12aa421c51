"""Figures of contests in words: the tables and charts that the page, the workbook and the report share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quiz.formats import number, span
from quiz.reports.charts import Chart
from quiz.reports.contest_count import Figures
from quiz.reports.contest_figures import Since
from quiz.spreadsheets import Cell

SHOWN = 15  # rows of a table on the page; the workbook has all


@dataclass(frozen=True, slots=True)
class Table:
    """key: in addresses · head: of the columns · rows: the first cell names the row · chart: of its figures, or None"""

    key: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    chart: Chart | None = None


# what figures were counted before
SINCE = {
    Since.ANNULLED: _l("có lượt thi bị hủy"),
    Since.RESTORED: _l("có lượt thi được khôi phục"),
    Since.MARKED_ANEW: _l("chấm lại theo đáp án đính chính"),
    Since.NEW_SHEET: _l("lập bảng kết quả mới"),
    Since.ENDED: _l("kỳ thi kết thúc"),
}

DEVICES = {"phone": "Điện thoại", "computer": "Máy tính"}


def before(since: Sequence[Since]) -> str:
    """ "Số liệu này tính trước khi có lượt thi bị hủy, lập bảng kết quả mới."; "" when nothing has happened since."""
    if not since:
        return ""
    return _("Số liệu này tính trước khi %(what)s.", what=", ".join(str(SINCE[reason]) for reason in since))


def headline(f: Figures) -> list[tuple[str, str]]:
    """(what, how many) of the whole, as every page and paper says it."""
    lines = [
        (_("Người đăng ký"), number(f.registered)),
        (_("Người dự thi"), number(f.people)),
        (_("Lượt thi hợp lệ"), number(f.attempts)),
        (_("Bài đúng tất cả"), number(f.perfect)),
        (_("Bài dưới 1 phút"), number(f.quick)),
        (_("Lượt hết giờ, máy nộp"), number(f.expired)),
        (_("Lượt bỏ dở"), number(f.left)),
        (_("Lượt bị hủy"), number(f.annulled)),
    ]
    if f.best_ms is not None:
        lines.append((_("Bài đúng tất cả nhanh nhất"), span(f.best_ms)))
    if f.youngest is not None and f.oldest is not None:
        lines.append((_("Tuổi người dự thi"), _("từ %(young)s đến %(old)s", young=f.youngest, old=f.oldest)))
    return lines


def tables(f: Figures) -> list[Table]:
    """Every table that has something in it."""
    found = [_histogram(f), _days(f), _hours(f)]
    named = [
        ("bang", _("Theo bảng thi"), _("Bảng"), f.divisions),
        ("don-vi", _("Theo đơn vị"), _("Đơn vị"), f.units),
        ("khoi", _("Theo khối thi đua"), _("Khối"), f.blocks),
        ("noi-o", _("Theo nơi ở"), _("Xã, phường hoặc tỉnh"), f.places),
        ("thiet-bi", _("Theo thiết bị"), _("Thiết bị"), [(DEVICES.get(n, n), p, a) for n, p, a in f.devices]),
        ("tuoi", _("Theo độ tuổi"), _("Tuổi"), f.ages),
    ]
    found += [_by(key, title, what, rows, f) for key, title, what, rows in named]
    return [table for table in found if table.rows]


def _percent(part: int, whole: int) -> str:
    return f"{number(100 * part / whole, 1)} %" if whole else "–"


def _by(key: str, title: str, what: str, rows: Sequence[tuple[str, int, int]], f: Figures) -> Table:
    lines: list[list[Cell]] = [[name, people, attempts, _percent(people, f.people)] for name, people, attempts in rows]
    chart = None
    if len(rows) > 1:
        name, people, _attempts = max(rows, key=lambda row: row[1])
        says = _("%(title)s: nhiều nhất là %(name)s với %(n)s người dự thi.", title=title, name=name, n=number(people))
        chart = Chart(_("%(title)s, số người dự thi", title=title), [(n, p) for n, p, _a in rows[:SHOWN]], says)
    return Table(key, title, [what, _("Người dự thi"), _("Lượt thi"), _("% số người")], lines, chart)


def _histogram(f: Figures) -> Table:
    rows: list[list[Cell]] = [[_("%(k)s câu đúng", k=k), n, _percent(n, f.attempts)] for k, n in f.histogram]
    chart = None
    if f.attempts:
        k, n = max(f.histogram, key=lambda row: row[1])
        says = _("Nhiều nhất là %(n)s lượt thi đúng %(k)s câu.", n=number(n), k=k)
        bars = [(_("%(k)s câu", k=k), n) for k, n in f.histogram]
        chart = Chart(_("Số lượt thi theo số câu đúng"), bars, says)
    return Table("so-cau-dung", _("Số câu đúng"), [_("Kết quả"), _("Lượt thi"), _("Tỷ lệ")], rows, chart)


def _days(f: Figures) -> Table:
    rows: list[list[Cell]] = [[_day(day), n] for day, n in f.days]
    chart = None
    if len(f.days) > 1:
        day, n = max(f.days, key=lambda row: row[1])
        says = _("Đông nhất là ngày %(day)s với %(n)s lượt bắt đầu.", day=_day(day), n=number(n))
        chart = Chart(_("Lượt bắt đầu theo ngày"), [(_day(d), n) for d, n in f.days], says)
    return Table("ngay", _("Theo ngày"), [_("Ngày"), _("Lượt bắt đầu")], rows, chart)


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{day}/{month}/{year}"


def _hours(f: Figures) -> Table:
    """The hours of the day, all days together."""
    hours = dict.fromkeys(range(24), 0)
    for hour, n in f.hours:
        hours[int(hour[11:13])] += n
    rows: list[list[Cell]] = [[_("%(h)s giờ", h=f"{h:02d}"), n] for h, n in hours.items() if n]
    chart = None
    if f.started:
        busiest = max(hours, key=lambda h: hours[h])
        says = _("Đông nhất là lúc %(h)s giờ với %(n)s lượt bắt đầu.", h=busiest, n=number(hours[busiest]))
        chart = Chart(_("Lượt bắt đầu theo giờ trong ngày"), [(f"{h:02d} giờ", n) for h, n in hours.items()], says)
    return Table("gio", _("Theo giờ trong ngày"), [_("Giờ"), _("Lượt bắt đầu")], rows, chart)
