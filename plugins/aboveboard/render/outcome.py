"""What became of promises, in words and by style class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..candour import Promise, PromiseState
from ..model import Action
from .clock import Clock
from .words import Words

PROMISE_CLASS: Mapping[PromiseState, str] = {
    PromiseState.KEPT: "ok",
    PromiseState.KEPT_LATE: "degraded",
    PromiseState.LATE: "major",
    PromiseState.OPEN: "none",
}


def promise(promise: Promise, clock: Clock) -> str:
    """`Done 15 Oct`, `Done 22 Oct, 3 days late`, `3 days late`, `Due in 11 days`."""
    words = clock.words
    days = abs(promise.days)
    done = clock.day(promise.action.done) if promise.action.done else ""
    match promise.state:
        case PromiseState.KEPT:
            return words._("Done %(day)s") % {"day": done}
        case PromiseState.KEPT_LATE:
            return _done_late(done, days, words)
        case PromiseState.LATE:
            return words._n("%(count)s day late", "%(count)s days late", days)
        case PromiseState.OPEN if days:
            return words._n("Due in %(count)s day", "Due in %(count)s days", days)
        case PromiseState.OPEN:
            return words._("Due today")


def _done_late(day: str, days: int, words: Words) -> str:
    return words._n("Done %(day)s, %(count)s day late", "Done %(day)s, %(count)s days late", days, day=day)


def promise_sum(promises: Iterable[Promise], words: Words) -> str:
    """`5 promises: 3 kept, 1 late, 1 not yet due.`"""
    states = [promise.state for promise in promises]
    kept, kept_late, late, due = (
        states.count(state)
        for state in (PromiseState.KEPT, PromiseState.KEPT_LATE, PromiseState.LATE, PromiseState.OPEN)
    )
    said = [
        kept and words._n("%(count)s kept", "%(count)s kept", kept),
        kept_late and words._n("%(count)s kept late", "%(count)s kept late", kept_late),
        late and words._n("%(count)s late", "%(count)s late", late),
        due and words._n("%(count)s not yet due", "%(count)s not yet due", due),
    ]
    return _sum(len(states), [text for text in said if text], words)


def _sum(promises: int, said: Iterable[str], words: Words) -> str:
    return words._n("%(count)s promise: %(sums)s.", "%(count)s promises: %(sums)s.", promises, sums=words.listed(said))


def action(action: Action, clock: Clock) -> str:
    """`Done 15 Oct 2025`, `Done 22 Oct 2025, 3 days late`, `Not done`: as it is written, whatever day it is."""
    words = clock.words
    if not action.done:
        return words._("Not done")
    late, day = (action.done - action.due).days, clock.day(action.done)
    return _done_late(day, late, words) if late > 0 else words._("Done %(day)s") % {"day": day}


def action_sum(actions: Iterable[Action], words: Words) -> str:
    """`5 promises: 3 kept, 2 not done.`"""
    actions = tuple(actions)
    done = [action for action in actions if action.done]
    late = sum(bool(action.done and action.done > action.due) for action in done)
    kept, not_done = len(done) - late, len(actions) - len(done)
    said = [
        kept and words._n("%(count)s kept", "%(count)s kept", kept),
        late and words._n("%(count)s kept late", "%(count)s kept late", late),
        not_done and words._n("%(count)s not done", "%(count)s not done", not_done),
    ]
    return _sum(len(actions), [text for text in said if text], words)


def class_of(action: Action) -> str:
    """The style class of what is written of a promise."""
    if not action.done:
        return PROMISE_CLASS[PromiseState.OPEN]
    return PROMISE_CLASS[PromiseState.KEPT_LATE if action.done > action.due else PromiseState.KEPT]
