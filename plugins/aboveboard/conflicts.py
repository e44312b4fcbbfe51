"""What the parts of a notice say against one another, and none of them alone."""

from __future__ import annotations

from datetime import datetime
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

from . import times, window
from .mistakes import Mistakes, nth
from .model import ComponentStatus, Incident, Maintenance, Notice, Retirement, Status

SAMPLE = 60
"""How many windows of a recurring maintenance are looked at to see whether they overlap."""

HORIZON = 5000
"""How many windows of a recurring maintenance are looked through for the one that an update names."""

_ACTIVE = frozenset((Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING))


def check(notice: Notice, zone: ZoneInfo, mistakes: Mistakes) -> None:
    """What no part of a notice says wrong alone."""
    if notice.post_mortem and notice.post_mortem.posted and notice.post_mortem.posted < notice.posted:
        mistakes.say(("postmortem_posted",), "the post-mortem is older than the first update; it comes after it")
    match notice:
        case Incident():
            _incident(notice, zone, mistakes)
        case Maintenance():
            _maintenance(notice, zone, mistakes)
        case Retirement():
            if notice.ends <= notice.announced:
                mistakes.say(("ends",), "the service ends before its end is announced; ends is later than announced")


def _incident(incident: Incident, zone: ZoneInfo, mistakes: Mistakes) -> None:
    if incident.stated_start and incident.stated_start > incident.posted:
        posted, _ = times.compared(incident.posted, incident.stated_start, zone=zone)
        sentence = f"the first update was posted before it, at {posted}; write an earlier started, or leave it out"
        mistakes.say(("started",), sentence)
    _end(incident, incident.started, mistakes)
    _resolved(incident, zone, mistakes)
    if incident.stated_impact is None and incident.worst in (
        None,
        ComponentStatus.OPERATIONAL,
        ComponentStatus.UNKNOWN,
    ):
        sentence = "no component says how bad it was; write impact: none, minor, major or critical"
        mistakes.say(("impact",), sentence)


def _resolved(incident: Incident, zone: ZoneInfo, mistakes: Mistakes) -> None:
    """While it is resolved nothing is wrong, and what was reopened had not ended before."""
    resolved = False
    for number, update in enumerate(incident.updates):
        if resolved and update.status in _ACTIVE and incident.stated_end and update.time > incident.stated_end:
            posted, _ = times.compared(update.time, incident.stated_end, zone=zone)
            sentence = f"it was reopened after that, at {posted}; write when it ended for good, or leave it out"
            mistakes.say(("ended",), sentence)
        here = update.status == Status.RESOLVED
        resolved = here or (resolved and update.status == Status.UPDATE)
        advice = "post Identified or Monitoring instead" if here else "reopen it with Investigating or Identified"
        for component, status in update.components.items():
            if resolved and status != ComponentStatus.OPERATIONAL:
                sentence = f"{component} cannot be {status} while the incident is resolved; {advice}"
                mistakes.say_at(update.line, 4, sentence, nth(number))


def _end(notice: Incident | Maintenance, start: datetime | None, mistakes: Mistakes) -> None:
    end = notice.stated_end
    if end is None:
        return
    if start and end < start:
        mistakes.say(("ended",), "it ends before it starts; ended is later than started")
    for number, update in enumerate(notice.updates):
        if update.time > end and any(one != ComponentStatus.OPERATIONAL for one in update.components.values()):
            sentence = "a component changes after the end that the front matter states; correct ended or the time"
            mistakes.say_at(update.line, 4, sentence, nth(number))


def _maintenance(work: Maintenance, zone: ZoneInfo, mistakes: Mistakes) -> None:
    if work.scheduled_until <= work.scheduled_for:
        mistakes.say(("scheduled_until",), "the window ends before it begins; it is later than scheduled_for")
    _end(work, work.stated_start, mistakes)
    named = [(update.occurrence, number, update) for number, update in enumerate(work.updates) if update.occurrence]
    if not work.recurs:
        for _, number, update in named:
            sentence = "at= names a window of a recurring maintenance, and this one does not recur"
            mistakes.say_at(update.line, 4, sentence, nth(number))
        return
    for key in ("started", "ended"):
        if mistakes.source.front.values.get(key):
            sentence = f"a maintenance that recurs has no one time at which it {key}; say it in updates with at="
            mistakes.say((key,), sentence, content=False)
    if not _recurrence(work, zone, mistakes):
        return
    latest = max((when for when, _, _ in named), default=work.scheduled_for)
    starts = set(takewhile(lambda start: start <= latest, islice(window.starts(work), HORIZON)))
    for when, number, update in named:
        if when not in starts:
            sentence = f"{_clock(when, zone)} is not the start of one of its windows"
            mistakes.say_at(update.line, 4, sentence, nth(number))
    for number, update in enumerate(work.updates):
        if not update.occurrence and update.status in (Status.IN_PROGRESS, Status.VERIFYING, Status.COMPLETED):
            sentence = f"{update.status} is about one window of those that recur; name it like {{at={_example(work)}}}"
            mistakes.say_at(update.line, 4, sentence, nth(number))


def _recurrence(work: Maintenance, zone: ZoneInfo, mistakes: Mistakes) -> bool:
    """Whether the rule begins with the window that is written out, and lets each end before the next begins."""
    try:
        starts = list(islice(window.starts(work), SAMPLE))
    except OverflowError:
        mistakes.say(("recurs",), f"this rule goes past the year {times.LAST_YEAR}; end it with UNTIL or COUNT")
        return False
    if not starts or starts[0] != work.scheduled_for:
        first = f"has its first window at {_clock(starts[0], zone)}" if starts else "never has a window"
        mistakes.say(("recurs",), f"this rule {first}; scheduled_for is its first, so change one of the two")
        return False
    length = work.scheduled_until - work.scheduled_for
    if two := next((two for one, two in pairwise(starts) if one + length > two), None):
        mistakes.say(("recurs",), f"the window at {_clock(two, zone)} would begin before the one before it ends")
        return False
    return True


def _clock(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def _example(work: Maintenance) -> str:
    return work.scheduled_for.astimezone(ZoneInfo(work.zone)).strftime("%Y-%m-%dT%H:%M")
