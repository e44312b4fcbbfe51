"""Our words in every language, and how each writes dates and numbers."""

from __future__ import annotations

import ast
import re
from collections import Counter
from datetime import date, time, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.messages.catalog import Message
from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from aboveboard import language
from aboveboard.language import ENGLISH, SKELETONS, SPOKEN, Language
from aboveboard.render.clock import Clock
from aboveboard.render.words import Words
from catalogues import KEYWORDS, PACKAGE, catalogue, said, strings
from make import DUBLIN, at

OTHERS = sorted(set(SPOKEN) - {"en"})
LOADED = {code: language.load(code) for code in SPOKEN}

Days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def filled(text: str) -> set[str]:
    """The names of what is filled into a message, by us or by a script."""
    return set(re.findall(r"%\(\w+\)s|\{\w+\}", text))


def tags(text: str) -> Counter[str]:
    """The tags of a message, with their attributes."""
    return Counter(re.findall(r"<[^>]+>", text))


def numbers_of(spoken: Language, form: int) -> list[int]:
    """The numbers up to 250 that take a form."""
    return [number for number in range(250) if spoken.form(number) == form]


def test_there_is_a_catalogue_for_each_language_that_we_speak():
    assert sorted(path.name for path in (PACKAGE / "languages").iterdir()) == OTHERS


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_no_message_hides_in_an_f_string(path: Path):
    """Babel does not look into one, and the message would be in no catalogue."""
    strings = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.JoinedStr))
    calls = (node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call))

    assert [ast.unparse(call) for call in calls if ast.unparse(call.func).rpartition(".")[2] in KEYWORDS] == []


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated(code: str):
    """None is missing, left over or in doubt: `make words` brings catalogues up to the program."""
    ours = {(message.context, message.id) for message in said() if message.id}
    theirs = {(message.context, message.id): message for message in catalogue(code) if message.id}

    assert [key for key in theirs if key not in ours] == [], "make words"
    assert [key for key in ours if key not in theirs] == [], "make words"
    assert [key for key, message in theirs.items() if message.fuzzy or not all(strings(message.string))] == []


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_filled_in_is_filled_in_everywhere(code: str):
    """A translation has the placeholders and tags of the message, in each form; one of one number need not say it."""
    assert [message.id for message in catalogue(code) if message.id and not is_complete(message, LOADED[code])] == []


def is_complete(message: Message, spoken: Language) -> bool:
    english = strings(message.id)
    if len(strings(message.string)) != (spoken.plurals if len(english) > 1 else 1):
        return False
    for form, text in enumerate(strings(message.string)):
        may_be_left_out = {"%(count)s"} if len(english) > 1 and 0 < len(numbers_of(spoken, form)) <= 2 else set()
        missing = filled(english[-1]) - filled(text)
        if missing - may_be_left_out or filled(text) - filled(english[-1]) or tags(text) != tags(english[-1]):
            return False
        if text.replace("%%", "").count("%") != len(re.findall(r"%\(\w+\)s", text)):
            return False
    return True


@pytest.mark.parametrize("code", sorted(SPOKEN))
@given(number=st.integers(0, 10**7))
def test_every_number_takes_a_form(code: str, number: int):
    assert LOADED[code].form(number) in range(LOADED[code].plurals)


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("de", 1, "1 Meldung"),
        ("de", 3, "3 Meldungen"),
        ("fr", 0, "0 avis"),
        ("ja", 3, "お知らせ 3件"),
        ("ar", 0, "0 إشعار"),
        ("ar", 1, "إشعار واحد"),
        ("ar", 2, "إشعاران"),
        ("ar", 3, "3 إشعارات"),
        ("ar", 11, "11 إشعارًا"),
        ("ar", 100, "100 إشعار"),
        ("ar", 1_103, "1,103 إشعارات"),
    ],
)
def test_counted_as_the_language_counts(code: str, number: int, text: str):
    assert Words(LOADED[code])._n("%(count)s notice", "%(count)s notices", number) == text


def test_a_message_that_nobody_has_translated_is_english():
    bare = language._written(Locale("ar"))

    assert Words(bare).later(timedelta(minutes=17)) == "17 min later"
    assert [Words(bare)._n("%(count)s a", "%(count)s b", number) for number in (1, 2)] == ["1 a", "2 b"]


@pytest.mark.parametrize("code", OTHERS)
@given(day=Days)
def test_days_are_written_as_cldr_says(code: str, day: date):
    for how, skeleton in SKELETONS.items():
        assert LOADED[code].written(how, day) == format_skeleton(skeleton, day, locale=code)
    assert LOADED[code].written("long", day) == format_date(day, "full", locale=code)


@pytest.mark.parametrize("code", sorted(SPOKEN))
@given(clock=st.times())
def test_times_are_written_as_cldr_says(code: str, clock: time):
    pattern = Locale(code).datetime_skeletons["Hm"].pattern if code != "en" else "HH:mm"

    assert LOADED[code].time(clock.hour, clock.minute) == format_time(clock, pattern, locale=code)


@pytest.mark.parametrize("code", sorted(SPOKEN))
@given(number=st.integers(0, 10**9), hundredths=st.integers(0, 9_999))
def test_numbers_and_shares_are_written_as_cldr_says(code: str, number: int, hundredths: int):
    share = Fraction(hundredths, 10_000)
    symbols = Locale(code).percent_formats[None].pattern.replace("0", "0.00", 1)

    assert LOADED[code].number(number) == format_decimal(number, locale=code)
    assert unmarked(Words(LOADED[code]).share(share)) == format_percent(float(share), symbols, locale=code)


def unmarked(text: str) -> str:
    """Without what keeps a percent sign beside its number among Arabic letters, which CLDR asks for and Babel omits."""
    return text.replace("\u200e", "")


def test_english_is_that_of_the_british():
    """Written into the program, so that a site in English asks Babel for nothing."""
    british = Locale("en", "GB")

    assert list(ENGLISH.months) == [british.months["format"]["wide"][month] for month in range(1, 13)]
    assert list(ENGLISH.days) == [british.days["format"]["wide"][day] for day in range(7)]
    assert list(ENGLISH.days_short) == [british.days["format"]["abbreviated"][day] for day in range(7)]
    assert ENGLISH.written("short_year", date(2026, 11, 2)) == format_skeleton(
        "yMMMd", date(2026, 11, 2), locale="en_GB"
    )
    assert ENGLISH.names == {code: Locale("en").languages[code] for code in SPOKEN}
    assert {code: Locale(code).get_language_name(code).capitalize() for code in SPOKEN} == dict(SPOKEN)


@pytest.mark.parametrize(
    ("code", "when", "window", "share"),
    [
        ("de", "1. März, 09:14", "22:00–3. März, 02:00", "99,95\xa0%"),
        ("fr", "1 mars, 09:14", "22:00–3 mars, 02:00", "99,95\xa0%"),
        ("es", "1 mar, 9:14", "22:00–3 mar, 2:00", "99,95\xa0%"),
        ("pt", "1 de mar. 09:14", "22:00–3 de mar. 02:00", "99,95%"),
        ("ja", "3月1日 9:14", "22:00–3月3日 2:00", "99.95%"),
        ("ar", "1 مارس، 09:14", "22:00–3 مارس، 02:00", "99.95\u200e%\u200e"),
    ],
)
def test_times_and_shares_as_they_are_read(code: str, when: str, window: str, share: str):
    clock = Clock(DUBLIN, at("16:00"), LOADED[code])

    assert clock.when(at("03-01 09:14")) == when
    assert clock.window(at("22:00"), at("03-03 02:00")) == window
    assert clock.words.share(Fraction(99_959, 100_000)) == share


def test_what_reads_from_left_to_right_is_kept_apart_in_arabic():
    """Else `2026-03-02 09:14` would be shown with its day first, beside Arabic letters."""
    assert Clock(DUBLIN, at("16:00"), LOADED["ar"]).full(at("09:14")) == "\u20662026-03-02 09:14 GMT\u2069"


@pytest.mark.parametrize(
    ("written", "code"),
    [("de", "de"), ("de-AT", "de"), ("pt_BR", "pt"), ("PT-br", "pt"), ("nl", None), ("den", None), ("", None)],
)
def test_a_language_of_a_country_is_that_language(written: str, code: str | None):
    assert language.spoken(written) == code
