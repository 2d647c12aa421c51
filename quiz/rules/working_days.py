"""Terms in working days, with the holidays of the place handed in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_WEEKEND = (5, 6)
LONGEST = 1000  # working days of a term; beyond it an argument is wrong


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday without days off.  made_up: days of weekends on which people work for a bridge day."""

    days_off: Collection[date] = ()
    made_up: Collection[date] = ()

    def is_working(self, day: date) -> bool:
        if day in self.made_up:
            return True
        return day.weekday() not in _WEEKEND and day not in self.days_off

    def after(self, day: date, count: int) -> date:
        """The working day that is so many after a day, which is not counted itself; 0 gives the day."""
        if not 0 <= count <= LONGEST:
            raise ValueError(f"a term of {count} working days")
        while count:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day


def end_of(day: date, zone: tzinfo) -> datetime:
    """The moment at which a day is over by the clock of the place.  Aware UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def term_end(begins: datetime, count: int, zone: tzinfo, working: WorkingDays) -> datetime:
    """The end of the last of so many whole working days; the day on which the term begins is not counted.  Aware UTC."""
    return end_of(working.after(begins.astimezone(zone).date(), count), zone)
