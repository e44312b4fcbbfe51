"""A notice, and what is to be said of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from . import candour, uptime
from .index import Entry, hurting_spans, looks
from .measures import is_rewriting, late_posts
from .model import (
    OPERATIONAL,
    Component,
    ComponentSpan,
    ComponentStatus,
    Edit,
    Evidence,
    Incident,
    Maintenance,
    Notice,
    Status,
)
from .settings import Settings
from .span import Span, union
from .window import Window


class NoticeReport(Struct, frozen=True, kw_only=True):
    """A notice and what is to be said of it."""

    notice: Notice
    state: ComponentStatus | None
    """While it is open, the worst that it does now; once over, the worst that it did. None: it is not about state."""
    status: Status
    """What a person posted last, or the clock made of it."""
    is_open: bool
    """Whether it still goes on; a maintenance that has not begun is not open."""
    live: bool
    """Whether the clock may still change what is said of it: open, or ahead, or recurring."""
    now: tuple[tuple[Component, ComponentStatus], ...]
    """While it is open, each component that it touches as it is now."""
    span: Span | None
    """From when it began to when it ended, or to now; None for what has not begun or has no length."""
    hurt: tuple[Span, ...]
    """When anything was not operational because of it, up to now; of one without components, while it was open. No
    instant is in two of them."""
    length: timedelta | None
    """How long it has hurt, pauses left out; None for what never did."""
    lasts: bool
    """Whether it still hurts."""
    ended: datetime | None
    spans: tuple[ComponentSpan, ...]
    """Each component's statuses over time, in the order in which the notice names them."""
    components: tuple[Component, ...]
    """Those that it touches."""
    window: Window | None
    """Of a maintenance the window that is on, else the next, else the last."""
    overran: timedelta
    """How far that window went past its announced end."""
    cause: str
    """In words; blank where none is stated."""
    told_after: timedelta | None
    said_over_after: timedelta | None
    longest_silence: timedelta | None
    post_mortem_after: int | None
    """Working days from the end to the post-mortem, once a person has said that it is over."""
    next_by: datetime | None
    """While it is open, when the next update is promised."""
    promises: tuple[candour.Promise, ...]
    late: Mapping[str, datetime]
    """By update, when it reached the public record, where that was long after the time that it gives."""
    edits: tuple[Edit, ...]
    """What was changed or taken away after it had been published, the oldest first."""
    earlier: str | None
    """The id of the notice before it that touches the same first component; of one that touches none, before it."""
    later: str | None

    @property
    def id(self) -> str:
        return self.notice.id


def story(
    notice: Notice,
    settings: Settings,
    its_windows: Sequence[Window],
    now: datetime,
    neighbours: tuple[str | None, str | None],
    *,
    live: bool,
    proof: Evidence | None = None,
) -> NoticeReport:
    """What is to be said of a notice: `its_windows` if it is maintenance, `neighbours` before and after it, and what
    can be proved of it.
    """
    components = tuple([c for id_ in notice.touches if (c := settings.component(id_))])
    spans: tuple[ComponentSpan, ...] = ()
    hurting: Iterable[ComponentSpan] = ()
    window: Window | None = None
    start: datetime | None = None
    ended: datetime | None = None
    status = notice.status
    is_open = False
    if isinstance(notice, Incident):
        spans = tuple(notice.component_spans())
        hurting = hurting_spans(notice, spans)
        start, ended = notice.started, notice.ended_by(spans)
        is_open = not notice.is_over
    elif isinstance(notice, Maintenance):
        window = _current(its_windows, now)
        status = window.status(now)
        if status not in (Status.SCHEDULED, Status.CANCELLED) or window.closed:
            spans = tuple(window.component_spans())
            hurting = spans or window.spans()
            start, ended = window.began, window.finished
            is_open = status in (Status.IN_PROGRESS, Status.VERIFYING)
    hurt = _until(hurting, now)
    present: tuple[tuple[Component, ComponentStatus], ...] = ()
    if is_open:
        lasting = {span.component: span.status for span in spans if span.end is None or span.end > now}
        present = tuple([(c, lasting.get(c.id, OPERATIONAL)) for c in components])
    until = min(ended or now, now)
    incident = notice if isinstance(notice, Incident) else None
    post_mortem = notice.post_mortem
    recurs = isinstance(notice, Maintenance) and notice.recurs  # each of its windows ends, and it does not
    written = (
        candour.working_days(uptime.day_of(ended, settings.zone), uptime.day_of(post_mortem.posted, settings.zone))
        if post_mortem and post_mortem.posted and ended and notice.is_over and not recurs
        else None
    )
    promised = notice.updates[-1].next_by
    return NoticeReport(
        notice=notice,
        state=looks(notice, [status for _, status in present] if is_open else None),
        status=status,
        is_open=is_open,
        live=live,
        now=present,
        span=Span(start, until) if start and start < until else None,
        hurt=hurt,
        length=sum([span.length for span in hurt], timedelta()) if hurt else None,
        lasts=is_open and bool(hurt) and hurt[-1].end >= now,
        ended=ended if ended and ended <= now else None,
        spans=spans,
        components=components,
        window=window,
        overran=window.overran(now) if window else timedelta(),
        cause=settings.causes.get(incident.cause, incident.cause) if incident and incident.cause else "",
        told_after=candour.told_after(incident) if incident else None,
        said_over_after=candour.said_over_after(incident, ended) if incident else None,
        longest_silence=candour.longest_silence(incident, now) if incident else None,
        post_mortem_after=written,
        next_by=promised if is_open else None,
        promises=tuple(candour.promises(notice, uptime.day_of(now, settings.zone))) if post_mortem else (),
        late=late_posts(notice, proof) if proof else {},
        edits=tuple(edit for edit in proof.edits if is_rewriting(edit)) if proof else (),
        earlier=neighbours[0],
        later=neighbours[1],
    )


def _until(spans: Iterable[ComponentSpan], now: datetime) -> tuple[Span, ...]:
    """The stretches of time up to now in which something was not operational."""
    found: list[Span] = []
    for span in spans:
        if span.status != OPERATIONAL:
            end = min(span.end or now, now)
            if span.start < end:
                found.append(Span(span.start, end))
    return tuple(found if len(found) < 2 else union(found))  # mostly it is one


def neighbours_of(entries: Iterable[Entry]) -> Mapping[str, tuple[str | None, str | None]]:
    """For each notice the ids of the one before and after it among those of its first component."""
    lanes: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        lanes[entry.touches[0] if entry.touches else ""].append(entry.id)
    return {
        id_: (before, after)
        for lane in lanes.values()
        for id_, before, after in zip(lane, [None, *lane], [*lane[1:], None], strict=False)
    }


def _current(its_windows: Sequence[Window], now: datetime) -> Window:
    """The window that is on, else the next one, else the last that was not called off, else the first."""
    if len(its_windows) == 1:  # as of all that does not recur
        return its_windows[0]
    going = (window for window in its_windows if window.status(now) in (Status.IN_PROGRESS, Status.VERIFYING))
    coming = (window for window in its_windows if window.status(now) == Status.SCHEDULED)
    kept = (window for window in reversed(its_windows) if not window.cancelled)
    return next(going, None) or next(coming, None) or next(kept, its_windows[0])
