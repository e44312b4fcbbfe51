"""Times as a clock in one zone writes them, in one language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from ..language import ENGLISH, Language
from ..span import epoch
from .words import Words


class Local(Struct, frozen=True, gc=False):
    """An instant as a clock writes it."""

    day: date
    short: str
    """`2 Nov`."""
    time: str
    """`09:14`."""
    when: str
    """`2 Nov 2025, 09:14`, as far as it does not go without saying."""
    iso: str
    full: str
    """`2025-11-02 09:14 GMT`: nothing left to guess."""


class Clock(Struct, frozen=True, dict=True):
    """Writes times in one zone and one language.

    With a `now`, its year goes without saying, and its day too. Without one nothing does: what it writes will read the
    same whenever it is written again.
    """

    zone: ZoneInfo
    now: datetime | None = None
    language: Language = ENGLISH

    @cached_property
    def words(self) -> Words:
        """Our words in its language."""
        return Words(self.language)

    @cached_property
    def today(self) -> date | None:
        return self.now.astimezone(self.zone).date() if self.now else None

    def time(self, instant: datetime) -> str:
        """`09:14`. Seconds stand in the `datetime` of its element and in the feeds, for whoever needs them."""
        return self.local(instant).time

    @cached_property
    def time_of_day(self) -> Callable[[int, int], str]:
        """`09:14`, given an hour and a minute. It remembers them all."""
        return lru_cache(24 * 60)(self.language.time)

    @cached_property
    def day(self) -> Callable[[date], str]:
        """`2 Nov 2025`, or `2 Nov` of this year."""
        return self._by_year("short", "short_year")

    @cached_property
    def weekday(self) -> Callable[[date], str]:
        """`Mon 2 Nov 2026`, or `Mon 2 Nov` of this year."""
        return self._by_year("weekday", "weekday_year")

    @cached_property
    def day_of_year(self) -> Callable[[date], str]:
        """`Mon 2 Nov`, below a heading that names the year."""
        return lru_cache(1024)(lambda day: self.language.written("weekday", day))

    def _by_year(self, this: str, other: str) -> Callable[[date], str]:
        """Writes days in one way, and those of another year than this in another. It remembers the last."""
        year, write = self.today.year if self.today else None, self.language.written
        return lru_cache(1024)(lambda day: write(this if day.year == year else other, day))

    def long_day(self, day: date) -> str:
        """`Monday 2 November 2026`."""
        return self.language.written("long", day)

    def date(self, instant: datetime) -> date:
        """The calendar day on which it lies."""
        return self.local(instant).day

    def when(self, instant: datetime) -> str:
        """`2 Nov 2025, 09:14`; without what goes without saying: this year, today."""
        return self.local(instant).when

    def then(self, instant: datetime, before: datetime | None) -> str:
        """As `when`, beside another time: without its day or its year where they are the same."""
        local = self.local(instant)
        return self.beside(local, self.local(before)) if before else local.when

    def beside(self, local: Local, before: Local) -> str:
        """The same of what is known of both."""
        if local.day == before.day:
            return local.time
        if local.day.year != before.day.year or local.day == self.today:
            return local.when
        return self.dated(local.time, local.short)

    def end(self, instant: datetime) -> str:
        """`Wednesday 30 June 2027, 12:00`; a midnight, which stands for its whole day, without its time."""
        local = instant.astimezone(self.zone)
        day = self.long_day(local.date())
        return self.dated(self.language.time(local.hour, local.minute), day) if local.hour or local.minute else day

    def full(self, instant: datetime) -> str:
        """`2026-11-02 09:14 GMT`: nothing left to guess."""
        return self.local(instant).full

    def window(self, start: datetime, end: datetime) -> str:
        """`02:00–03:30`, with the day of the end where it is another, and its year too."""
        first, last = self.local(start), self.local(end)
        if last.day == first.day:
            return f"{first.time}–{last.time}"
        day = last.short if last.day.year == first.day.year else self.language.written("short_year", last.day)
        return f"{first.time}–{self.dated(last.time, day)}"

    def epoch(self, instant: datetime) -> int:
        """Whole seconds since 1970, as scripts count."""
        return epoch(instant)

    def iso(self, instant: datetime) -> str:
        """For `<time datetime>`."""
        return self.local(instant).iso

    @cached_property
    def local(self) -> Callable[[datetime], Local]:
        """All of it at once. A page and the feeds write the same times again and again, by clocks that are equal."""
        return _local(self)

    def dated(self, time: str, day: str) -> str:
        """`2 Nov, 09:14`."""
        return self.language.dated.format(time, day)


_MONTH = 4096
"""So many times stand on the pages of a busy month, which are printed together with what feeds tell of it."""


@lru_cache(16)
def _local(clock: Clock) -> Callable[[datetime], Local]:
    """What a clock writes; the last of it is remembered, and of what many instants share a little more."""
    language, zone, today = clock.language, clock.zone, clock.today
    opens, closes = _around(language.isolated)

    @lru_cache(1024)
    def written_day(day: date) -> tuple[str, str, str, str]:
        said = clock.day(day)
        return *_around(lambda time: clock.dated(time, said)), language.written("short", day), day.isoformat()

    @lru_cache(24 * 60)
    def written_time(time: time) -> tuple[str, str, str]:
        return language.time(time.hour, time.minute), time.isoformat("minutes"), time.isoformat()

    @lru_cache(16)
    def written_offset(offset: timedelta) -> str:
        return datetime.min.replace(tzinfo=timezone(offset)).isoformat()[19:]

    @lru_cache(_MONTH)
    def local(instant: datetime) -> Local:
        here = instant.astimezone(zone)
        day = here.date()
        before, after, short, iso_day = written_day(day)
        time, minute, iso_time = written_time(here.time())
        iso = f"{iso_day}T{iso_time}{written_offset(here.utcoffset())}"
        when = time if day == today else f"{before}{time}{after}"
        return Local(day, short, time, when, iso, f"{opens}{iso_day} {minute} {here.tzname()}{closes}")

    return local


def _around(written: Callable[[str], str]) -> tuple[str, str]:
    """What is written before a text and after it, whatever it is."""
    before, _, after = written("\0").partition("\0")
    return before, after
