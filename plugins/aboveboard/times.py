"""Times as people write them, in the site's zone, to UTC. Every refusal is a ValueError whose text is a sentence."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from datetime import timezone as fixed_offset
from functools import lru_cache
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?P<fraction>\.\d+)?)?"
_OFFSET = r"(?: ?(?P<offset>Z|z|[+-]\d\d(?::?[0-5]\d)?))?"
_DAY = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
WHOLE = re.compile(rf"{_DAY}[ Tt]{_CLOCK}{_OFFSET}")
BARE = re.compile(rf"{_CLOCK}{_OFFSET}")
RELATIVE = re.compile(r"\+ ?(?=\d)(?:(?P<days>\d+)d)? ?(?:(?P<hours>\d+)h)? ?(?:(?P<minutes>\d+)m(?:in)?)?")
DATE = re.compile(_DAY)

_PLAIN = re.compile(r"(?:19[7-9]|[2-8][0-9][0-9])[0-9]-[01][0-9]-[0-3][0-9] (?:[01][0-9]|2[0-3]):[0-5][0-9]")

JUMP = timedelta(hours=12)
"""A bare time further than this from the update before it needs its date."""

FIRST_YEAR, LAST_YEAR = 1970, 9000
"""The years that are read. Within them every instant has a date in every zone, and so have those for long around it."""


def instant(text: str, zone: ZoneInfo) -> datetime:
    """`2026-11-02 09:14`, with seconds and an offset if need be."""
    if found := _plain(text, zone):
        return found
    match = WHOLE.fullmatch(text.strip())
    if not match:
        raise ValueError(f'"{text}" is not a time; write it like 2026-11-02 09:14')
    return _in_zone(_date(match), match, zone)


def day(text: str) -> date:
    """`2026-11-20`."""
    match = DATE.fullmatch(text.strip())
    if not match:
        raise ValueError(f'"{text}" is not a date; write it like 2026-11-20')
    return _date(match)


def midnight_or_instant(text: str, zone: ZoneInfo) -> datetime:
    """A date, which is its first instant in the zone, or a whole time."""
    if DATE.fullmatch(text.strip()):
        # Where clocks skip or repeat midnight, fold=0 is the first instant of the day.
        return datetime.combine(day(text), time(), zone).astimezone(UTC)
    if not WHOLE.fullmatch(text.strip()):
        raise ValueError(f'"{text}" is not a date; write it like 2026-11-20 or 2026-11-20 09:00')
    return instant(text, zone)


def after(text: str, before: datetime | None, zone: ZoneInfo, *, far: bool = False) -> datetime:
    """A whole time, `11:40` or `+34m`: of an update, counted from the update before it.

    A bare time takes the day of the one before, or the next day where it would run backwards; a jump of more than
    12 hours needs its date unless `far`.
    """
    text = text.strip()
    if text[:1] != "+" and (found := _plain(text, zone)):
        return found
    if text[:1] != "+" and WHOLE.fullmatch(text):
        return instant(text, zone)
    if before is None:
        raise ValueError(f'the first time is written whole, like 2026-11-02 09:14, not "{text}"')
    try:
        if (span := _span(text)) is not None:
            when = before + span
            if when.year >= LAST_YEAR and when.astimezone(zone).year > LAST_YEAR:  # zones are less than a day from UTC
                raise OverflowError
            return when
    except OverflowError:
        raise ValueError(f'"{text}" goes past the year {LAST_YEAR}') from None
    match = BARE.fullmatch(text)
    if not match:
        raise ValueError(f'"{text}" is not a time; write 11:40, +34m or 2026-11-02 11:40')
    above = before.astimezone(_offset(match["offset"]) if match["offset"] else zone)
    same_day = _in_zone(above.date(), match, zone)
    when = same_day if same_day >= before else _in_zone(above.date() + timedelta(days=1), match, zone)
    check_year(str(when.astimezone(zone).year))
    if when - before <= JUMP or far:
        return when
    if same_day < before:
        clock = (above.timetz() if match["offset"] else above.time()).isoformat(_precision(above))
        advice = "correct it, put it higher, or write its date if it is the next day"
        raise ValueError(f'"{text}" is before {clock} above it; {advice}')
    raise ValueError(f'"{text}" is more than 12 hours after the update before it; write its date too')


def length(text: str) -> timedelta | None:
    """`30m`, `1h30m`, `1d`; None for any other text."""
    try:
        return _span(f"+{text.strip()}") or None
    except OverflowError:
        return None


def spelled(local: datetime) -> str:
    """`2026-11-02 09:14` or `2026-11-02 09:14:05`: what `isoformat` says of whole seconds, in a quarter of its time."""
    clock = f"{_iso_day(local.date())} {_CLOCKS[60 * local.hour + local.minute]}"
    return f"{clock}:{local.second:02}" if local.second else clock


def iso(instant: datetime) -> str:
    """`2026-11-02T09:14:05+00:00`: what `isoformat` says, in half of its time of whole seconds of UTC."""
    if instant.tzinfo is not UTC or instant.microsecond:
        return instant.isoformat()
    return f"{_iso_day(instant.date())}T{_CLOCKS[60 * instant.hour + instant.minute]}:{instant.second:02}+00:00"


_CLOCKS = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)]

_iso_day = lru_cache(1024)(date.isoformat)


def compared(*instants: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """Each in the zone, all spelled alike: with seconds where one has some, with offsets where these differ."""
    local = [instant.astimezone(zone) for instant in instants]
    offsets = len({one.utcoffset() for one in local}) > 1
    precision = _precision(*local)
    return tuple((one if offsets else one.replace(tzinfo=None)).isoformat(" ", precision) for one in local)


def _precision(*times: datetime) -> str:
    return "seconds" if any(time.second for time in times) else "minutes"


def _plain(text: str, zone: ZoneInfo) -> datetime | None:
    """A time as nearly every one is written, read by Python in one go; None for any that needs a second look.

    `_PLAIN` lets nothing through that `WHOLE` reads in another way: `24:00` or a year out of range.
    """
    if not _PLAIN.fullmatch(text):
        return None
    try:
        if zone.key == "UTC":
            return datetime.fromisoformat(f"{text}Z")
        local = datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:  # there is no such day
        return None
    return local.astimezone(UTC) if local.utcoffset() == local.replace(fold=1).utcoffset() else None


@lru_cache(maxsize=256)  # most updates follow within minutes, and so read alike
def _span(text: str) -> timedelta | None:
    """`+34m`; None for any other text. Raises OverflowError where it is longer than a span can be."""
    match = RELATIVE.fullmatch(text)
    return timedelta(**{name: int(count) for name, count in match.groupdict("0").items()}) if match else None


def _date(match: re.Match[str]) -> date:
    check_year(match["year"])
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise ValueError(f"there is no {match['year']}-{match['month']}-{match['day']} in the calendar") from None


def check_year(written: str) -> None:
    """Raises ValueError for a year with which nobody can reckon."""
    if not FIRST_YEAR <= int(written) <= LAST_YEAR:
        raise ValueError(f"the year {written} is out of range; write one from {FIRST_YEAR} to {LAST_YEAR}")


def _in_zone(day: date, match: re.Match[str], zone: ZoneInfo) -> datetime:
    """The clock of `match` on that day. A time that the zone skips or repeats needs its offset."""
    if match["fraction"]:
        raise ValueError("a time goes to the second; leave out what follows the point")
    try:
        clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        raise ValueError(f"there is no {match['hour']}:{match['minute']} on a clock") from None
    if match["offset"]:
        return datetime.combine(day, clock, _offset(match["offset"])).astimezone(UTC)
    local = datetime.combine(day, clock, zone)
    early, late = local.utcoffset(), local.replace(fold=1).utcoffset()
    if early != late:
        # PEP 495: in a gap the offset of fold=0 is the one before it, in an overlap that of the first passage.
        exists = local.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None)
        what = "comes twice" if exists else "does not exist"
        written = clock.isoformat("seconds" if clock.second else "minutes")
        choices = " or ".join(f"{written}{local.replace(fold=fold).isoformat()[19:]}" for fold in (0, 1))
        raise ValueError(f"{written} {what} on {day} in {zone.key}; write {choices}")
    return local.astimezone(UTC)


def _offset(text: str) -> tzinfo:
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    try:
        return fixed_offset(timedelta(minutes=-minutes if text[0] == "-" else minutes))
    except ValueError:
        raise ValueError(f"{text} is not an offset from UTC") from None


def rules(zone: ZoneInfo) -> bytes:
    """What the system's time zone database says of a zone; governments change it."""
    for folder in TZPATH:
        with suppress(OSError):
            return Path(folder, zone.key).read_bytes()
    return b""  # then it is from the package tzdata, whose release is a part of the program
