"""One language: our words in it, and how it writes dates, numbers and lists.

The words of pages and feeds are looked up by their English, so English needs no catalogue and costs nothing. Those of
the others are in `languages/`, and how they write dates and numbers is told by CLDR, which Babel carries. Both are read
once and remembered: no build after that asks Babel for anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, cached_property, lru_cache
from gettext import c2py
from importlib.resources import files
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:  # it takes longer to import than an edit takes to publish
    from babel import Locale

SPOKEN: Mapping[str, str] = {
    "en": "English",
    "ar": "العربية",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "ja": "日本語",
    "pt": "Português",
}
"""The languages in which we have our words, by their codes, as each calls itself."""

DOMAIN = "aboveboard"

Forms = tuple[str, ...]
"""A message that counts, in each of the forms in which its language counts."""


class Language(Struct, frozen=True, eq=False, dict=True):
    """A language, finished: everything in it is text to be filled in."""

    code: str
    messages: Mapping[str, str | Forms] = {}
    """By their English, the singular where they count; `context`, U+0004 and English where there are two meanings."""
    plurals: int = 2
    """How many forms a message has that counts."""
    plural: str = "n != 1"
    """Which form a number takes, as catalogues say it: in C."""
    direction: str = "ltr"
    months: Sequence[str] = ()
    months_short: Sequence[str] = ()
    days: Sequence[str] = ()
    """Monday first."""
    days_short: Sequence[str] = ()
    dates: Mapping[str, str] = {}
    """Each way to write a date, by its name in `SKELETONS`, to be filled with `_fields`."""
    padded: bool = True
    """Whether an hour has two digits."""
    dated: str = "{1}, {0}"
    """A time {0} and its day {1}."""
    pair: str = "{0} and {1}"
    decimal: str = "."
    group: str = ","
    percent: str = "{}%"
    names: Mapping[str, str] = {}
    """What it calls the languages that we speak, by their codes."""

    def __repr__(self) -> str:
        return f"Language({self.code!r})"  # and not its thousand messages

    @cached_property
    def gettext(self) -> Callable[[str], str]:
        """A message in this language. It remembers them: a page asks for twenty."""

        @cache
        def gettext(message: str) -> str:
            found = self.messages.get(message, message)
            return found if isinstance(found, str) else found[0]

        return gettext

    def pgettext(self, context: str, message: str) -> str:
        """A message that another language tells apart from others of the same English."""
        found = self.messages.get(f"{context}\x04{message}" if context else message, message)
        return found if isinstance(found, str) else found[0]

    def forms(self, one: str, many: str, context: str = "") -> Forms:
        """A message that counts, in each form."""
        found = self.messages.get(f"{context}\x04{one}" if context else one)
        if isinstance(found, tuple):
            return found
        return tuple(one if self.plurals > 1 and at == self.form(1) else many for at in range(self.plurals))

    @cached_property
    def ngettext(self) -> Callable[[str, str, int], str]:
        """A message in the form for a number, which is still to be filled in. It remembers the last."""
        return lru_cache(1024)(lambda one, many, number: self.forms(one, many)[self.form(number)])

    @cached_property
    def form(self) -> Callable[[int], int]:
        """From a number to which of the forms it takes."""
        return c2py(self.plural)

    def number(self, number: int) -> str:
        """`1,024`."""
        return f"{number:,}".replace(",", self.group) if number >= 1_000 else str(number)

    def written(self, how: str, day: date) -> str:
        """A day, written in one of the ways of `dates`."""
        return self.dates[how].format_map(self._fields(day))

    def time(self, hour: int, minute: int) -> str:
        """`09:14`."""
        return f"{hour:02}:{minute:02}" if self.padded else f"{hour}:{minute:02}"

    def isolated(self, text: str) -> str:
        """Text that reads from left to right, so that words of a language that does not leave its order alone."""
        return f"\u2066{text}\u2069" if self.direction == "rtl" else text

    def _fields(self, day: date) -> Mapping[str, object]:
        weekday, month = day.weekday(), day.month - 1
        return {
            "d": day.day,
            "M": day.month,
            "MMM": self.months_short[month],
            "MMMM": self.months[month],
            "y": day.year,
            "E": self.days_short[weekday],
            "EEEE": self.days[weekday],
        }


_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905

ENGLISH = Language(
    "en",
    months=_MONTHS,
    months_short=[month[:3] for month in _MONTHS],
    days=_DAYS,
    days_short=[day[:3] for day in _DAYS],
    dates={
        "short": "{d} {MMM}",
        "short_year": "{d} {MMM} {y}",
        "weekday": "{E} {d} {MMM}",
        "weekday_year": "{E} {d} {MMM} {y}",
        "long": "{EEEE} {d} {MMMM} {y}",
        "month": "{MMMM} {y}",
        "month_short": "{MMM}",
        "day_of_week": "{E} {d}",
    },
    names={
        "en": "English",
        "ar": "Arabic",
        "de": "German",
        "es": "Spanish",
        "fr": "French",
        "ja": "Japanese",
        "pt": "Portuguese",
    },
)
"""As the British write it, without points and with fewer commas."""

SKELETONS: Mapping[str, str] = {
    "short": "MMMd",
    "short_year": "yMMMd",
    "weekday": "MMMEd",
    "weekday_year": "yMMMEd",
    "month": "yMMMM",
    "day_of_week": "Ed",
}
"""What CLDR calls each way to write a date; the long one is its full one."""


def spoken(written: str) -> str | None:
    """The code of a language that we speak, for one that is written as `de-AT` or `pt_BR`; None where there is none."""
    code = written.replace("_", "-").partition("-")[0].lower()
    return code if code in SPOKEN else None


def tag(code: str, told: str) -> str:
    """The name of a language for machines: `pt-BR` for `pt`, where a site is told to be in that."""
    return told if spoken(told) == code else code


def load(code: str) -> Language:
    """A language of which there is a catalogue."""
    if code == ENGLISH.code:
        return ENGLISH
    from babel import Locale
    from babel.messages.pofile import read_po

    path = files(__package__).joinpath("languages", code, "LC_MESSAGES", f"{DOMAIN}.po")
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code)
    messages: dict[str, str | Forms] = {}
    for message in catalogue:
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
        if message.id and not message.fuzzy and all(forms):
            one = message.id if isinstance(message.id, str) else message.id[0]
            key = f"{message.context}\x04{one}" if message.context else one
            messages[key] = forms[0] if isinstance(message.id, str) else forms
    return replace(
        _written(Locale.parse(code)), messages=messages, plurals=catalogue.num_plurals, plural=catalogue.plural_expr
    )


_FIELD = re.compile(r"'([^']*)'|([A-Za-z])\2*")

_FIELDS: Mapping[str, str] = {
    "d": "d",
    "M": "M",
    "MMM": "MMM",
    "LLL": "MMM",
    "MMMM": "MMMM",
    "LLLL": "MMMM",
    "y": "y",
    "E": "E",
    "EEE": "E",
    "ccc": "E",
    "EEEE": "EEEE",
    "cccc": "EEEE",
}
"""The fields of CLDR's patterns by their names in ours."""


def _written(locale: Locale) -> Language:
    """A language without words, as CLDR says it is written. Digits are those of most of the world's screens."""
    symbols = locale.number_symbols["latn"]
    skeletons = {how: locale.datetime_skeletons[skeleton].pattern for how, skeleton in SKELETONS.items()}
    months, days = locale.months["format"], locale.days["format"]
    percent = locale.percent_formats[None]
    names = {one: locale.languages[one] for one in SPOKEN}
    return Language(
        code=locale.language,
        direction=locale.text_direction,
        months=[months["wide"][at] for at in range(1, 13)],
        months_short=[months["abbreviated"][at] for at in range(1, 13)],
        days=[days["wide"][at] for at in range(7)],
        days_short=[days["abbreviated"][at] for at in range(7)],
        dates={how: _pattern(said) for how, said in skeletons.items()}
        | {"long": _pattern(locale.date_formats["full"].pattern), "month_short": "{MMM}"},
        padded="HH" in locale.datetime_skeletons["Hm"].pattern,
        dated=str(locale.datetime_formats["medium"]),
        pair=locale.list_patterns["standard"]["2"],
        decimal=symbols["decimal"],
        group=symbols["group"],
        percent=f"{percent.prefix[0]}{{}}{percent.suffix[0]}".replace("%", symbols["percentSign"], 1),
        names=names,
    )


def _pattern(said: str) -> str:
    """A pattern of CLDR as ours: `d 'de' MMMM` is `{d} de {MMMM}`. Raises KeyError for a field that we do not fill."""
    return _FIELD.sub(lambda found: found[1] if found[1] is not None else f"{{{_FIELDS[found[0]]}}}", said)
