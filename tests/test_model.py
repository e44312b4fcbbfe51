"""What is derived from what a notice says."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aboveboard.model import (
    FOLLOWS,
    Action,
    ComponentSpan,
    Impact,
    Kind,
    Log,
    Origin,
    PostMortem,
    Section,
    Status,
    update_id,
)
from make import DEGRADED, FINE, MAJOR, PARTIAL, UNKNOWN, at, incident, maintenance


def test_a_notice_that_is_put_away_comes_back_as_it_was():
    """With everything in it, and with what is not compared."""
    notice = incident("x", "14:00 investigating", ("14:30 identified", {"api": PARTIAL}), "15:00 resolved")
    promise = Action(text="Page us.", owner="us", due=date(2026, 11, 20))
    account = PostMortem(lead="It was us.", sections=(Section(title="What happened", body="", actions=(promise,)),))
    notice = replace(notice, post_mortem=account, path="incidents/x.md", source=Origin(system="s", id="1"))
    back = pickle.loads(pickle.dumps(notice))

    assert repr(back) == repr(notice)
    assert back == notice
    with pytest.raises(AttributeError):
        back.title = "another"


def spans(notice):
    return [(span.component, span.status, span.start, span.end) for span in notice.component_spans()]


def test_a_status_holds_until_an_update_changes_it_and_ends_with_the_notice():
    notice = incident("x", "14:00 investigating", ("14:30 identified", {"api": PARTIAL}), "15:00 resolved")

    assert spans(notice) == [
        ("api", MAJOR, at("14:00"), at("14:30")),
        ("api", PARTIAL, at("14:30"), at("15:00")),
    ]
    assert notice.ended == at("15:00")


def test_ended_is_when_the_last_component_recovered_not_when_we_said_so():
    notice = incident("x", "14:00 investigating", ("14:40 monitoring", {"api": FINE}), "15:00 resolved")

    assert notice.ended == at("14:40")
    assert notice.resolved_at == at("15:00")


def test_an_open_incident_has_not_ended():
    assert incident("x", "14:00 investigating").ended is None


def test_customers_may_be_well_while_we_still_watch():
    notice = incident("x", "14:00 investigating", ("14:40 monitoring", {"api": FINE}))

    assert notice.ended == at("14:40")
    assert not notice.is_over


def test_a_reopened_incident_goes_on_with_the_statuses_it_had():
    notice = incident("x", "14:00 investigating", "15:00 resolved", "16:00 investigating", "17:00 resolved")

    assert spans(notice) == [("api", MAJOR, at("14:00"), at("15:00")), ("api", MAJOR, at("16:00"), at("17:00"))]


def test_a_stated_end_after_the_resolved_stretches_the_last_span():
    """Whoever finds out later that it lasted longer can say so."""
    notice = incident("x", "14:00 investigating", "15:00 resolved", ended="15:20")

    assert spans(notice) == [("api", MAJOR, at("14:00"), at("15:20"))]


def test_an_update_after_the_resolved_does_not_undo_a_stated_end():
    assert spans(incident("x", "14:00 investigating", "15:00 resolved", "16:00 update", ended="15:40")) == [
        ("api", MAJOR, at("14:00"), at("15:40"))
    ]


def test_a_stated_end_before_the_resolved_cuts_it():
    assert spans(incident("x", "14:00 investigating", "15:00 resolved", ended="14:50")) == [
        ("api", MAJOR, at("14:00"), at("14:50"))
    ]


def test_trouble_before_the_first_post_counts_from_the_stated_start():
    notice = incident("x", "14:20 investigating", "15:00 resolved", started="14:00")

    assert spans(notice)[0][2] == at("14:00")


@pytest.mark.parametrize(
    ("status", "impact"),
    [(MAJOR, Impact.CRITICAL), (PARTIAL, Impact.MAJOR), (DEGRADED, Impact.MINOR), (UNKNOWN, Impact.NONE)],
)
def test_impact_is_that_of_the_worst_status(status, impact):
    assert incident("x", "14:00 investigating", "15:00 resolved", components={"api": status}).impact == impact


def test_a_log_is_in_one_order_whatever_the_order_of_files():
    notices = [incident("b", "14:00 investigating"), incident("a", "14:00 investigating"), maintenance("c")]

    assert Log.of(notices) == Log.of(reversed(notices))


def test_two_notices_of_one_id_are_refused():
    with pytest.raises(ValueError, match="share an id"):
        Log.of([incident("a", "14:00 investigating"), incident("a", "15:00 investigating")])


def test_what_claims_to_be_posted_later_is_withheld():
    notice = incident("x", "14:00 investigating", "15:00 resolved")

    assert notice.as_of(at("14:30")).status == Status.INVESTIGATING
    assert notice.as_of(at("13:00")) is None
    assert notice.as_of(at("15:00")) is notice


def test_twins_have_ids_of_their_own():
    first = update_id(at("14:00"), [])

    assert first == "20260302T140000Z"
    assert update_id(at("14:00"), [first]) == "20260302T140000Z-2"


@given(st.integers(0, 2**37).map(partial(datetime.fromtimestamp, tz=ZoneInfo("Europe/Dublin"))))
def test_an_id_is_the_second_of_utc(time: datetime):
    utc = time.astimezone(UTC)
    assert update_id(time, []) == f"{utc:%Y%m%d}T{utc:%H%M%S}Z"


def test_every_status_that_may_follow_has_a_row_of_its_own():
    for kind in Kind:
        reachable = {status for row in FOLLOWS[kind].values() for status in row} - {Status.UPDATE}
        assert reachable <= set(FOLLOWS[kind])


def test_statuses_of_no_length_make_no_span():
    notice = incident("x", "14:00 investigating", ("14:00 update", {"api": PARTIAL}), "15:00 resolved")

    assert list(notice.component_spans()) == [
        ComponentSpan(component="api", status=PARTIAL, start=at("14:00"), end=at("15:00"))
    ]
