"""The form of a calendar: what stands at its head, and text that can stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from .outlet import Basis
from .telling import sayable

if TYPE_CHECKING:  # it takes as long to import as a small site takes to make
    from icalendar import Calendar


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


_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def plain_text(text: str) -> str:
    """Text without what a calendar cannot hold: "CONTROL = %x00-08 / %x0A-1F / %x7F".  RFC 5545, 3.1.

    What some programs take for the end of a line is one.
    """
    return _BREAK.sub("\n", sayable(text)).replace("\x7f", "")


def _line(text: str) -> str:
    return " ".join(plain_text(text).split())
