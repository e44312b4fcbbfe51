"""The form of a calendar: its lines, and text that can stand in them.

They are written here, since there is one event for each promise, and icalendar takes as long to import as a small site
takes to make. What is hard stays the library's: the rules of what recurs, and the clock changes of zones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from .outlet import Basis
from .telling import is_plain, sayable

_WIDTH = 74
"""Bytes of a line. "Lines of text SHOULD NOT be longer than 75 octets, excluding the line break."  RFC 5545, 3.1"""


def calendar(basis: Basis, title: str, at: str, page: str, changed: datetime | None, parts: Iterable[bytes]) -> bytes:
    """A calendar at that address and about that page, of parts that are printed: one stands in several.

    RFC 5545, with the properties of RFC 7986 that say what it is called and how often to look.
    """
    name = text(_line(title))
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{text(f'-//Aboveboard//{_line(basis.report.settings.name)}//{basis.language.code.upper()}')}",
        "METHOD:PUBLISH",
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        *([timed("LAST-MODIFIED", changed)] if changed else []),
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        f"SOURCE;VALUE=URI:{basis.urls.absolute(at)}",
        f"URL:{basis.urls.absolute(page)}",
        "X-PUBLISHED-TTL:PT1H",
    ]
    return b"".join([_printed(head), *parts, b"END:VCALENDAR\r\n"])


def event(lines: Iterable[str]) -> bytes:
    """An event of these lines."""
    return _printed(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def text(words: str) -> str:
    """Words as the value of a line: "BACKSLASH, SEMICOLON, COMMA and line breaks are escaped".  RFC 5545, 3.3.11"""
    return plain_text(words).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def listed(words: Iterable[str]) -> str:
    """Several words as the value of a line."""
    return ",".join(map(text, words))


def timed(name: str, instant: datetime, zone: ZoneInfo | None = None) -> str:
    """A line with a time: of UTC, or of the clocks of a zone."""
    digits = instant.astimezone(zone or UTC).isoformat()[:19].replace("-", "").replace(":", "")
    return f"{name};TZID={zone.key}:{digits}" if zone and zone.key != "UTC" else f"{name}:{digits}Z"


def dated(name: str, day: date) -> str:
    """A line with a day."""
    return f"{name};VALUE=DATE:{day.isoformat().replace('-', '')}"


def _printed(lines: Iterable[str]) -> bytes:
    return b"".join([b"%b\r\n" % b"\r\n ".join(_folded(line.encode())) for line in lines])


def _folded(line: bytes) -> Iterator[bytes]:
    """A line, cut where it is too long, but within no letter, and not behind what escapes the letter after it."""
    begin = 0
    while len(line) - begin > _WIDTH:
        end = begin + _WIDTH
        while line[end] & 0b1100_0000 == 0b1000_0000:  # which in UTF-8 continues a letter
            end -= 1
        end -= line[end - 1] in b"\\^"
        yield line[begin:end]
        begin = end
    yield line[begin:]


_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def plain_text(text: str) -> str:
    """Text without what a calendar cannot hold: "CONTROL = %x00-08 / %x0A-1F / %x7F".  RFC 5545, 3.1.

    What some programs take for the end of a line is one, and none shows the mark with which some begin a file.
    """
    if is_plain(text):
        return text
    return _BREAK.sub("\n", sayable(text)).replace("\x7f", "").removeprefix("\ufeff")


def _line(text: str) -> str:
    return " ".join(plain_text(text).split())
