"""Figures of contests in words: the tables and charts that the page, the workbook and the report share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quiz.formats import number, span
from quiz.reports.charts import Chart
from quiz.reports.contest_count import Figures
from quiz.reports.contest_figures import Since
from quiz.spreadsheets import Cell

SHOWN = 15  # rows of a long table, bars of its chart
MOST_BARS = 31  # days of a month, each with a bar
LONG_PAPER = 25  # with more questions, tenths tell more than single numbers


@dataclass(frozen=True, slots=True)
class Table:
    """key: in addresses · head: of the columns · rows: the first cell names the row · chart: of its figures, or None"""

    key: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    chart: Chart | None = None

    @property
    def is_told_by_chart(self) -> bool:
        """Does the chart say all that the table does? Then the page folds the table away."""
        return self.chart is not None and len(self.head) < 4

    @property
    def shown(self) -> int:
        """Rows on the page: no fewer than the chart has bars. The workbook has all."""
        return max(SHOWN, len(self.chart.bars) if self.chart else 0)


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
        lines.append((_("Tuổi người dự thi"), f"{f.youngest}–{f.oldest}"))
    return lines


def tables(f: Figures) -> list[Table]:
    """Every table that has something in it."""
    found = [_histogram(f), _weeks(f), _days(f), _hours(f)]
    named = [
        ("bang", _("Theo bảng thi"), _("Bảng"), f.divisions),
        ("don-vi", _("Theo đơn vị"), _("Đơn vị"), f.units),
        ("khoi", _("Theo khối thi đua"), _("Khối"), f.blocks),
        ("noi-o", _("Theo nơi ở"), _("Xã, phường hoặc tỉnh"), f.places),
        ("thiet-bi", _("Theo thiết bị"), _("Thiết bị"), [(DEVICES.get(n, n), p, a) for n, p, a in f.devices]),
        ("tuoi", _("Theo độ tuổi"), _("Tuổi"), [(_ages(n), p, a) for n, p, a in f.ages]),
    ]
    found += [_by(key, title, what, rows, f) for key, title, what, rows in named]
    return [table for table in found if table.rows]


def _ages(band: str) -> str:
    if band.startswith("00"):
        return _("Dưới %(age)s", age=int(band[3:]) + 1)
    return _("%(age)s trở lên", age=band[:-1]) if band.endswith("+") else band


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
    """By right questions; of long papers by tenths."""
    if f.largest > LONG_PAPER:
        return _counted(
            [(_tenth(k), n) for k, n in f.tenths],
            title=_("Tỷ lệ câu đúng"),
            of_chart=_("Số lượt thi theo tỷ lệ câu đúng"),
        )
    return _counted(
        [(_("%(k)s câu đúng", k=k), n) for k, n in f.histogram],
        title=_("Số câu đúng"),
        of_chart=_("Số lượt thi theo số câu đúng"),
    )


def _counted(lines: Sequence[tuple[str, int]], *, title: str, of_chart: str) -> Table:
    whole = sum(n for _name, n in lines)
    chart = None
    if lines:
        name, n = max(lines, key=lambda line: line[1])
        says = _("%(title)s: nhiều nhất là %(name)s với %(n)s lượt.", title=of_chart, name=_lowered(name), n=number(n))
        chart = Chart(of_chart, lines, says)
    rows: list[list[Cell]] = [[name, n, _percent(n, whole)] for name, n in lines]
    return Table("so-cau-dung", title, [_("Kết quả"), _("Lượt thi"), _("Tỷ lệ")], rows, chart)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _tenth(k: int) -> str:
    match k:
        case 10:
            return _("Đúng tất cả")
        case 0:
            return _("Dưới 10 % số câu")
        case _:
            return _("Từ %(a)s đến dưới %(b)s %%", a=10 * k, b=10 * k + 10)


def _days(f: Figures) -> Table:
    """From the first to the last, also those on which nobody began, as far as a chart has room for them."""
    days = {date.fromisoformat(text): n for text, n in f.days}
    if days and (span_ := (max(days) - min(days)).days) < MOST_BARS:
        days = {day: days.get(day, 0) for day in (min(days) + timedelta(days=n) for n in range(span_ + 1))}
    lines = [(f"{day:%d/%m/%Y}", n) for day, n in days.items()]
    chart = None
    if 1 < len(lines) <= MOST_BARS:
        day, n = max(lines, key=lambda line: line[1])
        says = _("Đông nhất là ngày %(day)s với %(n)s lượt bắt đầu.", day=day, n=number(n))
        chart = Chart(_("Lượt bắt đầu theo ngày"), lines, says)
    rows: list[list[Cell]] = [[name, n] for name, n in lines]
    return Table("ngay", _("Theo ngày"), [_("Ngày"), _("Lượt bắt đầu")], rows, chart)


def _weeks(f: Figures) -> Table:
    """Of a contest with more days than a chart can have bars; of others nothing. A week begins on its Monday."""
    weeks: Counter[date] = Counter()
    for text, n in f.days if len(f.days) > MOST_BARS else ():
        day = date.fromisoformat(text)
        weeks[day - timedelta(days=day.weekday())] += n
    lines = [(f"{first:%d/%m}–{first + timedelta(days=6):%d/%m/%Y}", n) for first, n in sorted(weeks.items())]
    lines = lines[-MOST_BARS:]
    chart = None
    if lines:
        name, n = max(lines, key=lambda line: line[1])
        says = _("Đông nhất là tuần %(week)s với %(n)s lượt bắt đầu.", week=name, n=number(n))
        chart = Chart(_("Lượt bắt đầu theo tuần"), lines, says)
    rows: list[list[Cell]] = [[name, n] for name, n in lines]
    return Table("tuan", _("Theo tuần"), [_("Tuần"), _("Lượt bắt đầu")], rows, chart)


def _hours(f: Figures) -> Table:
    """The hours of the day, all days together, from the first to the last in which anybody began."""
    hours: Counter[int] = Counter()
    for hour, n in f.hours:
        hours[int(hour[11:13])] += n
    lines = [
        (_("%(h)s giờ", h=f"{h:02d}"), hours[h]) for h in range(min(hours, default=24), max(hours, default=-1) + 1)
    ]
    chart = None
    if lines:
        busiest, n = max(lines, key=lambda line: line[1])
        says = _("Đông nhất là lúc %(h)s với %(n)s lượt bắt đầu.", h=busiest, n=number(n))
        chart = Chart(_("Lượt bắt đầu theo giờ trong ngày"), lines, says)
    rows: list[list[Cell]] = [[name, n] for name, n in lines]
    return Table("gio", _("Theo giờ trong ngày"), [_("Giờ"), _("Lượt bắt đầu")], rows, chart)
