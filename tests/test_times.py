"""Times as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveboard import times

DUBLIN = ZoneInfo("Europe/Dublin")
BEFORE = datetime(2026, 11, 2, 9, 31, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-07-02 09:31", "2026-07-02 08:31"),
        ("2026-11-02 09:31", "2026-11-02 09:31"),
        ("2026-11-02T09:31:20", "2026-11-02 09:31:20"),
        ("2026-11-02 09:31Z", "2026-11-02 09:31"),
        ("2026-11-02 09:31 +01:00", "2026-11-02 08:31"),
        ("2026-11-02T09:31+0530", "2026-11-02 04:01"),
        ("2026-11-02 09:31-08", "2026-11-02 17:31"),
        ("2026-11-02 9:31", "2026-11-02 09:31"),
        ("2026-03-29 01:30+00:00", "2026-03-29 01:30"),
        ("2026-10-25 01:30+01:00", "2026-10-25 00:30"),
        ("2026-10-25 01:30+00:00", "2026-10-25 01:30"),
        ("2026-10-25 02:00", "2026-10-25 02:00"),
    ],
)
def test_a_whole_time_is_in_the_zone_unless_it_says_otherwise(written: str, instant: str):
    assert times.instant(written, DUBLIN) == utc(instant)


@given(
    st.one_of(
        st.integers(0, 3_700_000_000).map(lambda minutes: utc("1969-01-01") + timedelta(minutes=minutes)),
        st.sampled_from(["2026-03-29", "2026-10-25", "2011-12-30"]).map(utc),
    ),
    st.integers(0, 200),
    st.sampled_from(["UTC", "Europe/Dublin", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns"]),
)
def test_the_short_way_to_read_a_time_leads_where_the_long_one_does(near: datetime, minutes: int, zone: str):
    """Nearly every time is written so; the long way begins where somebody writes seconds."""
    text = (near + timedelta(minutes=minutes)).isoformat(" ")[:16]

    assert read(text, ZoneInfo(zone)) == read(f"{text}:00", ZoneInfo(zone))


@pytest.mark.parametrize("text", ["2026-11-02 24:00", "2026-02-30 10:00", "1969-12-31 23:59", "9001-01-01 00:00"])
def test_what_python_might_read_and_we_do_not_is_refused_the_same(text: str):
    assert read(text, DUBLIN) == read(f"{text}:00", DUBLIN)
    assert isinstance(read(text, DUBLIN), str)


def read(text: str, zone: ZoneInfo) -> datetime | str:
    try:
        return times.instant(text, zone)
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("2026-03-29 01:30", "01:30 does not exist on 2026-03-29 in Europe/Dublin; write 01:30+00:00 or 01:30+01:00"),
        (
            "2026-10-25 01:30:05",
            "01:30:05 comes twice on 2026-10-25 in Europe/Dublin; write 01:30:05+01:00 or 01:30:05+00:00",
        ),
        ("2026-02-29 10:00", "there is no 2026-02-29 in the calendar"),
        ("2026-11-02 24:00", "there is no 24:00 on a clock"),
        ("2026-11-02 10:00+24:00", "+24:00 is not an offset from UTC"),
        ("9999-12-31 23:00-05:00", "the year 9999 is out of range; write one from 1970 to 9000"),
        ("2 November 2026", '"2 November 2026" is not a time; write it like 2026-11-02 09:14'),
    ],
)
def test_an_impossible_time_says_what_would_do(written: str, sentence: str):
    with pytest.raises(ValueError, match=r".") as refused:
        times.instant(written, DUBLIN)

    assert str(refused.value) == sentence


@pytest.mark.parametrize("offset", ["+00:00", "+01:00"])
def test_what_a_refusal_offers_will_do(offset: str):
    """In the gap and in the overlap."""
    for day in ("2026-03-29", "2026-10-25"):
        assert times.instant(f"{day} 01:30{offset}", DUBLIN)


@pytest.mark.parametrize(
    ("written", "later"),
    [
        ("11:40", timedelta(hours=2, minutes=9)),
        ("09:31", timedelta()),
        ("21:31", timedelta(hours=12)),
        ("+34m", timedelta(minutes=34)),
        ("+34min", timedelta(minutes=34)),
        ("+2h", timedelta(hours=2)),
        ("+1h30m", timedelta(minutes=90)),
        ("+1d", timedelta(days=1)),
        ("2026-11-20 09:31", timedelta(days=18)),
        ("11:40+01:00", timedelta(hours=1, minutes=9)),
    ],
)
def test_an_update_is_timed_from_the_one_before(written: str, later: timedelta):
    assert times.after(written, BEFORE, DUBLIN) - BEFORE == later


def test_a_bare_time_goes_over_midnight():
    before = utc("2026-11-02 23:50")

    assert times.after("00:10", before, DUBLIN) == utc("2026-11-03 00:10")


def test_a_bare_time_with_an_offset_takes_the_day_of_that_offset():
    """At 00:10 in Dublin's summer it is still yesterday in UTC."""
    before = utc("2026-07-01 23:10")

    assert times.after("23:20Z", before, DUBLIN) == utc("2026-07-01 23:20")


def test_elapsed_time_knows_no_clock_change():
    """Half an hour after 00:50 summer time it is 01:20 summer time, which a bare time could not say."""
    assert times.after("+30m", utc("2026-10-24 23:50"), DUBLIN) == utc("2026-10-25 00:20")


def test_a_jump_of_more_than_twelve_hours_needs_its_date():
    with pytest.raises(ValueError, match="is more than 12 hours after the update before it; write its date too"):
        times.after("21:32", BEFORE, DUBLIN)


@pytest.mark.parametrize(("written", "above"), [("09:30", "09:31"), ("10:30+01:00", "10:31+01:00")])
def test_a_time_that_runs_backwards_is_told_from_one_that_jumps(written: str, above: str):
    """Most who write 05:20 below 05:31 do not mean tomorrow."""
    with pytest.raises(ValueError, match=r".") as refused:
        times.after(written, BEFORE, DUBLIN)

    advice = "correct it, put it higher, or write its date if it is the next day"
    assert str(refused.value) == f'"{written}" is before {above} above it; {advice}'


@pytest.mark.parametrize(
    ("one", "two", "spelled"),
    [
        ("2026-07-01 08:00", "2026-07-01 09:30", ("2026-07-01 09:00", "2026-07-01 10:30")),
        ("2026-11-02 09:31", "2026-11-02 09:31:20", ("2026-11-02 09:31:00", "2026-11-02 09:31:20")),
        ("2026-10-25 00:50", "2026-10-25 01:30", ("2026-10-25 01:50+01:00", "2026-10-25 01:30+00:00")),
    ],
)
def test_two_times_are_spelled_so_that_one_sees_which_is_earlier(one: str, two: str, spelled: tuple[str, str]):
    assert times.compared(utc(one), utc(two), zone=DUBLIN) == spelled


@pytest.mark.parametrize("written", ["0001-01-01 00:00Z", "1969-12-31 23:59", "9001-01-01 00:00", "9999-12-31 23:59Z"])
def test_years_go_from_1970_to_9000(written: str):
    """Further out another zone might have no date for a time, or a sum of times no end."""
    for read in (
        times.instant,
        lambda text, zone: times.after(text, BEFORE, zone),
        lambda text, zone: times.midnight_or_instant(text[:10], zone),
        lambda text, _: times.day(text[:10]),
    ):
        with pytest.raises(ValueError, match="is out of range; write one from 1970 to 9000"):
            read(written, DUBLIN)


@pytest.mark.parametrize("written", ["1970-01-01 00:00", "1970-01-01 00:00+14:00", "9000-12-31 23:59-12:00"])
def test_the_first_and_the_last_year_are_read(written: str):
    assert times.instant(written, ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize("written", ["00:10", "+1h"])
def test_nothing_runs_over_the_last_year(written: str):
    with pytest.raises(ValueError, match=r"9001 is out of range|goes past the year 9000"):
        times.after(written, utc("9000-12-31 23:50"), DUBLIN)


@pytest.mark.parametrize("written", ["11:40", "+34m"])
def test_the_first_time_is_whole(written: str):
    with pytest.raises(ValueError, match="the first time is written whole"):
        times.after(written, None, DUBLIN)


@pytest.mark.parametrize("written", ["+", "+5", "+h", "5m", "+5s", "", "soon", "11", "11:4"])
def test_what_is_no_time_is_none(written: str):
    with pytest.raises(ValueError, match=r"is not a time; write 11:40, \+34m or 2026-11-02 11:40"):
        times.after(written, BEFORE, DUBLIN)


def test_a_date_is_its_first_instant_even_where_midnight_is_skipped():
    """In Beirut clocks go from 00:00 to 01:00 in spring."""
    beirut = ZoneInfo("Asia/Beirut")

    assert times.midnight_or_instant("2026-03-29", beirut) == utc("2026-03-28 22:00")
    assert times.day("2026-03-29") == date(2026, 3, 29)


@given(
    st.datetimes(utc("1990-01-01").replace(tzinfo=None), utc("2037-01-01").replace(tzinfo=None)).map(
        lambda time: time.replace(microsecond=0)
    ),
    st.sampled_from(["Europe/Dublin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"]),
)
def test_a_local_time_is_read_as_it_stands_or_refused(local: datetime, name: str):
    """Refused exactly where the clock does not show it once."""
    zone = ZoneInfo(name)
    shown = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    once = [time for time in shown if time.astimezone(zone).replace(tzinfo=None) == local]
    try:
        assert [times.instant(str(local), zone)] == once
    except ValueError:
        assert len(once) != 1


@given(st.text())
def test_any_text_is_a_time_or_a_sentence(text: str):
    for read in (times.instant, times.midnight_or_instant, lambda text, zone: times.after(text, BEFORE, zone)):
        try:
            found = read(text, DUBLIN)
        except ValueError:
            continue
        assert found.tzinfo == UTC


INSTANTS = st.datetimes(timezones=st.sampled_from([UTC, DUBLIN, ZoneInfo("Asia/Kolkata")]))


@given(INSTANTS, st.booleans())
def test_times_are_spelled_as_python_spells_them(instant: datetime, whole: bool):
    instant = instant.replace(microsecond=0) if whole else instant
    assert times.iso(instant) == instant.isoformat()
    assert times.spelled(instant) == instant.isoformat(" ")[: 19 if instant.second else 16]
