"""Spans of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveboard.span import Span, epoch, total, union
from make import at


def span(start: str, end: str) -> Span:
    return Span(at(start), at(end))


def test_a_span_must_end_after_it_starts():
    with pytest.raises(ValueError, match="must end after it starts"):
        span("14:00", "14:00")


def test_a_span_holds_its_start_and_not_its_end():
    assert at("14:00") in span("14:00", "15:00")
    assert at("15:00") not in span("14:00", "15:00")


def test_clipping_keeps_what_is_inside():
    assert span("13:00", "15:00").clip(span("14:00", "16:00")) == span("14:00", "15:00")
    assert span("13:00", "14:00").clip(span("14:00", "16:00")) is None


def test_a_union_joins_what_touches():
    spans = [span("15:00", "16:00"), span("13:00", "14:00"), span("14:00", "15:00"), span("18:00", "19:00")]

    assert list(union(spans)) == [span("13:00", "16:00"), span("18:00", "19:00")]
    assert total(spans) == timedelta(hours=4)


@given(st.floats(0, 2**37).map(partial(datetime.fromtimestamp, tz=UTC)))
def test_seconds_since_1970_are_those_of_python(instant: datetime):
    assert epoch(instant) == int(instant.timestamp())
