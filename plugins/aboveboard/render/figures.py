"""Counts, lengths and shares as text, in one language. What is rounded is rounded against ourselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from functools import cached_property, lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING

from msgspec import Struct

from ..language import ENGLISH, Language
from ..uptime import Tally

if TYPE_CHECKING:  # a site that shows nothing of its monitoring pays nothing for it
    from ..measured import Compared

MONTH = 30
"""From so many days on, hours say nothing any more."""

_NOTHING, _MINUTE = timedelta(), timedelta(minutes=1)


class Figures(Struct, frozen=True, dict=True):
    """How one language writes them."""

    language: Language = ENGLISH

    @cached_property
    def _(self) -> Callable[[str], str]:
        """A message."""
        return self.language.gettext

    @cached_property
    def _c(self) -> Callable[[str, str], str]:
        """A message and, before it, what tells it apart from others of the same English."""
        return self.language.pgettext

    def _n(self, one: str, many: str, number: int, **filled: str) -> str:
        """A message that counts, filled in; the number is `count`."""
        return self.language.ngettext(one, many, number) % {"count": self.number(number), **filled}

    def number(self, number: int) -> str:
        """`1,024`."""
        return self.language.number(number)

    @cached_property
    def length(self) -> Callable[[timedelta], str]:
        """`2 h 27 min`, `17 min`, `3 d 4 h`, `40 s`: two units at most, the smaller rounded down."""
        return lru_cache(4096)(self._length)

    def _length(self, time: timedelta) -> str:
        seconds = time.days * 86_400 + time.seconds
        minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
        if days:
            if hours % 24 and days < MONTH:
                return self._n("%(count)s d %(hours)s h", "%(count)s d %(hours)s h", days, hours=str(hours % 24))
            return self._n("%(count)s d", "%(count)s d", days)
        if hours:
            if minutes % 60:
                return self._("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes % 60}
            return self._("%(hours)s h") % {"hours": hours}
        return (
            self._("%(minutes)s min") % {"minutes": minutes}
            if minutes
            else self._("%(seconds)s s") % {"seconds": seconds}
        )

    @cached_property
    def later(self) -> Callable[[timedelta], str]:
        """`17 min later`, `at once` within the minute, and `5 min too soon` of an end that was told before it came."""
        return lru_cache(4096)(self._later)

    def _later(self, time: timedelta) -> str:
        if abs(time) < _MINUTE:
            return self._("at once")
        if time > _NOTHING:
            return self._("%(length)s later") % {"length": self.length(time)}
        return self._("%(length)s too soon") % {"length": self.length(-time)}

    def lost(self, seconds: Fraction) -> str:
        """Lost time, rounded up against ourselves: `188 min`, `2 min`, `0 min`."""
        return self._("%(minutes)s min") % {"minutes": self.number(ceil(seconds / 60))}

    def known(self, seconds: Fraction) -> str:
        """Known time in minutes, rounded down."""
        return self._("%(minutes)s min") % {"minutes": self.number(floor(seconds / 60))}

    def share(self, share: Fraction | None) -> str:
        """A share with two decimals, rounded down: 100% only for no lost second, `no data` where nothing is known."""
        if share is None:
            return self._("no data")
        if share == 1:
            return self.language.percent.format("100")
        hundredths = floor(share * 10_000)
        return self.language.percent.format(f"{hundredths // 100}{self.language.decimal}{hundredths % 100:02}")

    def promised(self, share: Fraction) -> str:
        """A share that is promised, as it was written: `99.9%`."""
        hundredths = f"{float(share * 100):.10g}".replace(".", self.language.decimal)
        return self.language.percent.format(hundredths)

    def left(self, seconds: Fraction) -> str:
        """What is left of a promise, in minutes, rounded against ourselves; or by how much it was missed."""
        if seconds < 0:
            return self._("missed by %(minutes)s min") % {"minutes": self.number(ceil(-seconds / 60))}
        return self._("%(minutes)s min") % {"minutes": self.number(floor(seconds / 60))}

    def no_data(self, tally: Tally | Compared) -> str:
        """How much of a window is not known, leaving out what is still to come; a dash for none."""
        return self.length(tally.no_data) if tally.no_data else "–"
