"""Instants, days and nights, and how they are written and read.

An instant is saved as text, ISO 8601 with its offset in the United Kingdom ("2017-03-14T02:14:00+00:00"). So both the UTC
moment and the time that the clock on the wall showed are known. Everything that turns such text into words, or words into
such text, is here. Must not read the clock itself: a caller passes a ``Clock``.
"""

import calendar
import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from hipss_desktop.errors import UserError, WrongCall

Clock = Callable[[], datetime]
Zone = Literal["GMT", "BST"]

UNITED_KINGDOM = ZoneInfo("Europe/London")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NIGHT_BEGINS, NIGHT_ENDS = time(17, 30), time(9, 0)
"""A contact before nine in the morning belongs to the night that began the day before (handover is by 09:00)."""

END_OF_DAY = time(23, 59)
"""The time of day of something that is due on a day: it is in time until that day ends (domain notes h, 11)."""
REACH = timedelta(hours=18)
"""How far back a time without a day may be. At 02:18 "23:10" was yesterday; "04:59" is not: 21 hours ago is another night."""


def system_clock() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


CLOCK_OFFSET = "HIPSS_CLOCK_OFFSET"
"""Environment variable: seconds by which a program's clock runs ahead of the machine's, for demonstrations and training."""
DEMONSTRATION = "demonstration"
"""The file that marks the home of a laptop or a council as a demonstration's."""


def program_clock(home: Path) -> Clock:
    """The clock that a program uses: the machine's, or in a demonstration one that is ahead of it and may be moved again.

    Args:
        home: where the program keeps its files.

    Raises:
        WrongCall: the offset is not a number of seconds, or the home is not a demonstration's.
    """
    if not of_demonstration(CLOCK_OFFSET, "moves the clock", home):
        return system_clock
    _moved_clock()
    return _moved_clock


def of_demonstration(variable: str, does: str, home: Path) -> bool:
    """Whether an environment variable is set that only demonstrations use; ``does`` says what the variable does.

    Raises:
        WrongCall: it is set, and the home is not a demonstration's.
    """
    if not os.environ.get(variable):
        return False
    if not (home / DEMONSTRATION).is_file():
        raise WrongCall(f"{variable} {does} of a demonstration alone. Unset it, then try again.")
    return True


def _moved_clock() -> datetime:
    try:
        return system_clock() + timedelta(seconds=float(os.environ[CLOCK_OFFSET]))
    except (ValueError, OverflowError) as wrong:
        raise WrongCall(f"{CLOCK_OFFSET} must be a number of seconds that leads to a day there is.") from wrong


def local(moment: datetime) -> datetime:
    """The same moment in United Kingdom local time."""
    return moment.astimezone(UNITED_KINGDOM)


def stamp(moment: datetime, *, precise: bool = False) -> str:
    """The moment as text to be saved: local time with its offset, to the second (or millisecond when ``precise``)."""
    return local(moment).isoformat(timespec="milliseconds" if precise else "seconds")


@lru_cache(maxsize=4096)
def instant(text: str) -> datetime:
    """The moment that a saved text names; the last few thousand are cached, as lists read the same ones again.

    Raises:
        ValueError: the text is not an ISO 8601 instant, has no offset, or is outside the years 1900 to 2999.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs its offset")
    if not 1900 <= moment.year < 3000:
        raise ValueError("an instant of no year that anybody lives in")
    return moment


def instant_or_none(text: object) -> datetime | None:
    """The moment that a saved text names, None if it is not an instant."""
    try:
        return instant(str(text or ""))
    except ValueError:
        return None


def ms(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC, the number that records are sorted by."""
    return int(moment.timestamp() * 1000)


def of_ms(at: int) -> datetime:
    """The moment (UTC) that a number from ``ms`` stands for."""
    return datetime.fromtimestamp(at / 1000, UTC)


def begins(when: datetime | date) -> datetime:
    """The moment itself, or the midnight in the United Kingdom at which a day begins."""
    return when if isinstance(when, datetime) else datetime.combine(when, time(), UNITED_KINGDOM)


def epoch_ms(text: str) -> int:
    """Milliseconds since 1970 in UTC of a saved instant or day; 0 if the text is neither."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UNITED_KINGDOM)
    return ms(moment)


def day(text: str) -> date:
    """The day that a saved text ("2017-03-14") names; raises ValueError if it is not a day."""
    return date.fromisoformat(text)


def zone(moment: datetime) -> Zone:
    """GMT or BST, whichever applied at the moment in the United Kingdom."""
    return "BST" if local(moment).utcoffset() else "GMT"


def clock_time(moment: datetime, *, seconds: bool = False) -> str:
    """24-hour local time, "02:14" or "02:14:41"."""
    at = local(moment)
    return f"{at:%H:%M:%S}" if seconds else f"{at.hour:02}:{at.minute:02}"


def long_day(when: date) -> str:
    """The day in full, "14 March 2017"."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def full_day(when: date) -> str:
    """The day in full with its weekday, "Tuesday 14 March 2017"."""
    return f"{WEEKDAYS[when.weekday()]} {long_day(when)}"


def short_day(when: date) -> str:
    """The day for tight rows, "14 March"."""
    return f"{when.day} {MONTHS[when.month - 1]}"


def brief_day(when: date) -> str:
    """The day with its month cut to three letters, "14 Nov 2016"."""
    return f"{when.day} {MONTHS[when.month - 1][:3]} {when.year}"


def local_day(moment: datetime) -> date:
    """The local calendar day of a moment."""
    return local(moment).date()


def with_zone(moment: datetime) -> str:
    """A time with its zone, "02:14 GMT", as on records and clocks."""
    return f"{clock_time(moment)} {zone(moment)}"


def since(moment: datetime, now: datetime) -> str:
    """A time in the fewest words that are unambiguous: "23:32", "Fri 19:05", "12 March" or "14 November 2016"."""
    days = (local_day(now) - local_day(moment)).days
    if days == 0 or (days == 1 and now - moment < timedelta(hours=18)):
        return clock_time(moment)
    if -7 < days < 7:
        return f"{WEEKDAYS[local(moment).weekday()][:3]} {clock_time(moment)}"
    if days < 0:  # what is still to come needs its hour, however far away it is
        return f"{short_day(local_day(moment))}, {clock_time(moment)}"
    if local_day(now).year == local_day(moment).year:
        return short_day(local_day(moment))
    return long_day(local_day(moment))


def due_since(due: datetime, now: datetime) -> str:
    """When something is due, in few words; without a time of day if it is due on a day: "Fri 10 March", "today"."""
    if local(due).time() != END_OF_DAY:
        return since(due, now)
    day, today = local_day(due), local_day(now)
    if abs(days := (day - today).days) <= 1:
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[days]
    return f"{WEEKDAYS[day.weekday()][:3]} {short_day(day)}" if abs(days) < 180 else long_day(day)


def on_its_day(moment: datetime, now: datetime) -> str:
    """A time, with its day if that is not today: "02:14", "yesterday 23:10", "Fri 17 March 01:00"."""
    days = (local_day(moment) - local_day(now)).days
    if days == 0:
        return clock_time(moment)
    near = {-1: "yesterday", 1: "tomorrow"}.get(days)
    day = local_day(moment)
    words = near or f"{WEEKDAYS[day.weekday()][:3]} {short_day(day) if abs(days) < 180 else long_day(day)}"
    return f"{words} {clock_time(moment)}"


def day_of_past_time(at: time, now: datetime) -> date:
    """The local day of an event in the past of which only the time of day was typed.

    It is today, or yesterday if today's time is still to come and yesterday's is at most ``REACH`` ago. So "23:10", typed
    at 02:18, was yesterday. "10:30", typed at 10:26, is in four minutes; it stays today, as nobody means the day before.
    """
    today = local_day(now)
    wall = datetime.combine(today, at, UNITED_KINGDOM)
    earlier = datetime.combine(today - timedelta(days=1), at, UNITED_KINGDOM)
    if wall.astimezone(UTC) > now and now - earlier.astimezone(UTC) <= REACH:
        return today - timedelta(days=1)
    return today


def written_at(clock: str) -> str:
    """The laptop's time of writing, "14 March 2017, 09:40"; a text that is not an instant is returned unchanged."""
    moment = instant_or_none(clock)
    return f"{long_day(local_day(moment))}, {clock_time(moment)}" if moment is not None else clock


def written_since(clock: str, now: datetime) -> str:
    """The laptop's time of writing in the fewest words that are unambiguous, see ``since``."""
    moment = instant_or_none(clock)
    return since(moment, now) if moment is not None else clock


def duration(span: timedelta) -> str:
    """A span in hours and minutes, "6 h 16 min", "14 min"."""
    minutes = max(0, int(span.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{rest} min"


def months_later(when: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month: a month after 31 January is 28 or 29 February."""
    years, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(when.day, last))


def quarter_of(day: date) -> str:
    """The calendar quarter of a day: "2017-1" is January to March 2017."""
    return f"{day.year}-{(day.month + 2) // 3}"


def tonight(now: datetime) -> date:
    """The evening's day of the present or coming night; a night's sleeping places change at nine in the morning."""
    at = local(now)
    return at.date() - timedelta(days=1) if at.time() < NIGHT_ENDS else at.date()


def night_of(moment: datetime) -> tuple[date, date] | None:
    """The evening and the morning of the night that a moment belongs to, or None during the day.

    A night runs from 17:30 to 09:00, the hours of the on-call line outside the office.
    """
    at = local(moment)
    if NIGHT_ENDS <= at.time() < NIGHT_BEGINS:
        return None
    evening = tonight(moment)
    return evening, evening + timedelta(days=1)


def night_words(moment: datetime) -> str:
    """The night in words, "night of 14 to 15 March" or "night of 31 March to 1 April"; during the day, the day itself."""
    night = night_of(moment)
    if night is None:
        return full_day(local_day(moment))
    return night_from(night[0])


def night_from(evening: date) -> str:
    """The night that begins on a day, in words."""
    morning = evening + timedelta(days=1)
    first = str(evening.day) if evening.month == morning.month else short_day(evening)
    return f"night of {first} to {short_day(morning)}"


def came_twice(when: date, at: time) -> bool:
    """Whether the local time ``at`` occurred twice on ``when``, as an hour does when the clocks go back."""
    early = datetime.combine(when, at, UNITED_KINGDOM).replace(fold=0)
    late = early.replace(fold=1)
    return (early.utcoffset() or timedelta()) > (late.utcoffset() or timedelta())


def at_local(when: date, at: time, which: Zone | None = None) -> datetime:
    """The moment at which the local time in the United Kingdom was ``at`` on ``when``.

    Args:
        when: the local day.
        at: the local time, to the minute or second.
        which: which of the two moments is meant, in the hour that is repeated when the clocks go back.

    Raises:
        UserError: the time did not happen that day, or came twice and ``which`` was not said.
    """
    early = datetime.combine(when, at, UNITED_KINGDOM)
    late = early.replace(fold=1)
    words = at.strftime("%H:%M")
    if early.utcoffset() == late.utcoffset():
        return early
    if (early.utcoffset() or timedelta()) < (late.utcoffset() or timedelta()):
        raise UserError(f"{words} did not happen on {long_day(when)}. The clocks went forward.")
    if which is None:
        raise UserError(f"The clocks went back, so {words} came twice. Choose one.")
    return early if which == "BST" else late


def hours_after(moment: datetime, hours: int) -> datetime:
    """The local time a number of elapsed hours after a moment: a day of a clock change has 23 or 25 of them."""
    return local(moment.astimezone(UTC) + timedelta(hours=hours))


def days_after(moment: datetime, days: int) -> datetime:
    """The same local time of day a number of days after a moment.

    A later moment never gives an earlier result. A time that does not occur on the new day becomes the end of the gap. A
    time that occurs twice becomes its first occurrence. Moments in an hour that is about to be repeated count from its
    beginning.
    """
    at = local(moment)
    if came_twice(at.date(), at.time()) and not at.fold:
        at = at.replace(minute=0, second=0, microsecond=0)
    day = at.date() + timedelta(days=days)
    real = local(datetime.combine(day, at.time(), UNITED_KINGDOM).astimezone(UTC))
    if real.time() != at.time():  # the clocks went forward over it
        return real.replace(minute=0, second=0, microsecond=0)
    return real


def typed_time(text: str) -> time:
    """Read a typed time of day: "02:05", "2:05", "0205", "2.05".

    Raises:
        UserError: it cannot be read as a time.
    """
    plain = text.strip().replace(".", ":")
    if plain.isdigit() and len(plain) in (3, 4):
        plain = f"{plain[:-2]}:{plain[-2:]}"
    hour, colon, minute = plain.partition(":")
    if colon and hour.isdigit() and minute.isdigit() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60:
        return time(int(hour), int(minute))
    raise UserError("Enter a time like 02:05")


_LIKE_A_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{1,2}-\d{1,2}")
"""A day in figures, whether or not a calendar has it."""


def typed_day(text: str) -> date:
    """Read a typed day: "14/03/2017", "14 March 2017", "14 Mar 2017" or "2017-03-14".

    Raises:
        UserError: it cannot be read as a day.
    """
    plain = text.strip()
    for form in ("%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007  a calendar day has no zone
        except ValueError:
            continue
    is_no_day = _LIKE_A_DAY.fullmatch(plain) is not None
    raise UserError(f"{'There is no such day. ' if is_no_day else ''}Enter a date like 14/03/2017")
