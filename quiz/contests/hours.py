"""Daily hours in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quiz.contests.rule_set import DailyHours

WEEKDAYS = {
    1: _l("thứ Hai"),
    2: _l("thứ Ba"),
    3: _l("thứ Tư"),
    4: _l("thứ Năm"),
    5: _l("thứ Sáu"),
    6: _l("thứ Bảy"),
    7: _l("Chủ nhật"),
}


def hours_text(hours: DailyHours) -> str:
    """ "từ 07:30 đến 17:30, thứ Hai đến thứ Sáu"; "… mọi ngày trong tuần", "… thứ Hai, thứ Tư"."""
    days = sorted(set(hours.weekdays))
    if len(days) == 7:
        said = _("mọi ngày trong tuần")
    elif len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        said = _("%(first)s đến %(last)s", first=WEEKDAYS[days[0]], last=WEEKDAYS[days[-1]])
    else:
        said = ", ".join(str(WEEKDAYS[day]) for day in days)
    return _("từ %(opens)s đến %(closes)s, %(days)s", opens=hours.opens, closes=hours.closes, days=said)
