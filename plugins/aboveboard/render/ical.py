"""The form of a calendar: what stands at its head, and text that can stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from .outlet import Basis
from .telling import sayable

if TYPE_CHECKING:  # it takes as long to import as a small site takes to make
    from icalendar import Calendar, Event
    from icalendar.parser import Contentline

_WIDTH = 74
"""Bytes of a line. "Lines of text SHOULD NOT be longer than 75 octets, excluding the line break."  RFC 5545, 3.1"""


def headed(basis: Basis, title: str, at: str, page: str) -> Calendar:
    """A calendar without events, at that address and about that page.

    RFC 5545, with the properties of RFC 7986 that say what it is called and how often to look.
    """
    from icalendar import Calendar, vText

    calendar = Calendar()
    calendar.add("prodid", vText(f"-//Aboveboard//{_line(basis.report.settings.name)}//{basis.language.code.upper()}"))
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = vText(_line(title))
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("source", basis.urls.absolute(at), parameters={"value": "URI"})
    calendar.add("url", basis.urls.absolute(page))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar


def filled(calendar: Calendar, events: Iterable[bytes]) -> bytes:
    """A calendar and what was printed of each event in it: one stands in several, and to print it takes long."""
    whole: bytes = calendar.to_ical()
    end = b"END:VCALENDAR\r\n"
    return b"".join([whole.removesuffix(end), *events, end])


def printed(event: Event) -> bytes:
    """As the library prints it, which takes most of its time to look at each letter of each line."""
    return b"".join(b"%b\r\n" % _folded(line) for line in event.content_lines() if line)


def _folded(line: Contentline) -> bytes:
    """A line, cut where it is too long, but not behind what escapes the letter after it."""
    if not line.isascii():  # no letter may be cut in two
        whole: bytes = line.to_ical()  # type: ignore[no-untyped-call]
        return whole
    begin, parts = 0, list[str]()
    while len(line) - begin > _WIDTH:
        end = begin + _WIDTH - (line[begin + _WIDTH - 1] in "\\^")
        parts.append(line[begin:end])
        begin = end
    return "\r\n ".join([*parts, line[begin:]]).encode()


_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def plain_text(text: str) -> str:
    """Text without what a calendar cannot hold: "CONTROL = %x00-08 / %x0A-1F / %x7F".  RFC 5545, 3.1.

    What some programs take for the end of a line is one.
    """
    return _BREAK.sub("\n", sayable(text)).replace("\x7f", "")


def _line(text: str) -> str:
    return " ".join(plain_text(text).split())
