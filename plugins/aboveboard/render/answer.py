"""The headline in words: whether it is us, what is the matter, and what works."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from ..headline import Headline, Mood
from ..model import Component, ComponentStatus
from ..story import NoticeReport
from .clock import Clock
from .words import Words


class Said(Struct, frozen=True):
    """The headline in words."""

    kick: str
    sentence: str
    rest: str


def answer(headline: Headline, clock: Clock) -> Said:
    """What is the matter and whose it is, first; then what else, and what works."""
    words = clock.words
    lead = headline.lead
    so_far = lead.length if lead and lead.lasts else None
    kick = [
        words.component_status[headline.state],
        words._("%(length)s so far") % {"length": words.length(so_far)} if so_far else "",
    ]
    match headline.mood:
        case Mood.OURS:
            sentence = words._("It is us. %(what)s") % {"what": _has(headline, words)}
        case Mood.SUPPLIERS:
            sentence = words._("It is a supplier of ours. %(what)s") % {"what": _has(headline, words)}
        case Mood.WATCHING:
            after = words._("after %(length)s") % {"length": words.length(lead.length)} if lead and lead.length else ""
            kick = [words.status[lead.status] if lead else "", after]
            sentence = words._("It works again, and we are watching.")
        case Mood.LOOKING:
            kick[0] = words.status[lead.status] if lead else ""
            sentence = words._("We are looking into this: %(what)s") % {"what": _title(lead)}
        case Mood.OVERRUN:
            kick[1] = words._("%(length)s past its end") % {"length": words.length(lead.overran)} if lead else ""
            touched = words.both(_touched(lead, words))
            sentence = words._("Planned work on %(names)s is taking longer than we said.") % {"names": touched}
        case Mood.MAINTENANCE:
            end = clock.when(lead.window.end) if lead and lead.window else ""
            kick[1] = words._("until %(time)s") % {"time": end} if end else ""
            sentence = words._("Planned work is going on: %(names)s.") % {"names": words.both(_touched(lead, words))}
        case Mood.UNKNOWN if not headline.worst:
            sentence = words._("This page speaks for nothing yet: it knows of no component.")
        case Mood.UNKNOWN:
            sentence = _unsaid(headline.worst, words)
        case Mood.WELL:
            quiet = clock.when(headline.quiet_since) if headline.quiet_since else ""
            kick[1] = words._("last incident ended %(time)s") % {"time": quiet} if quiet else ""
            sentence = _well(headline.working, words)
    return Said(" · ".join(part for part in kick if part), sentence, _rest(headline, words))


def _has(headline: Headline, words: Words) -> str:
    """`Inbound mail has a partial outage.`; of an incident without components its title."""
    names = _names(headline.worst)
    if not names:
        return _title(headline.lead)
    said, n = words.both(names), len(names)
    match headline.state:
        case ComponentStatus.UNDER_MAINTENANCE:
            return words._n("%(names)s is under maintenance.", "%(names)s are under maintenance.", n, names=said)
        case ComponentStatus.DEGRADED_PERFORMANCE:
            return words._n("%(names)s is degraded.", "%(names)s are degraded.", n, names=said)
        case ComponentStatus.PARTIAL_OUTAGE:
            return words._n("%(names)s has a partial outage.", "%(names)s have a partial outage.", n, names=said)
        case ComponentStatus.MAJOR_OUTAGE:
            return words._n("%(names)s is down.", "%(names)s are down.", n, names=said)
        case _:
            return _unsaid(headline.worst, words)


def _touched(lead: NoticeReport | None, words: Words) -> list[str]:
    return _names(lead.components) if lead and lead.components else [words._("our systems")]


def _well(working: int, words: Words) -> str:
    match working:
        case 0:
            return words._("Nothing is wrong, as far as we know.")
        case 1:
            return words._("It is working, as far as we know.")
        case _:
            return words._n(
                "The %(count)s component is working, as far as we know.",
                "All %(count)s components are working, as far as we know.",
                working,
            )


def _unsaid(components: Sequence[Component], words: Words) -> str:
    names, n = words.both(_names(components)), len(components)
    return words._n("We cannot say how %(names)s is.", "We cannot say how %(names)s are.", n, names=names)


def _rest(headline: Headline, words: Words) -> str:
    """The second sentence: the other troubled components, those of which nothing is known, and how many work."""
    text = ""
    if headline.troubled:
        names, n = words.both(_names(headline.troubled)), len(headline.troubled)
        affected = words._n("%(names)s is affected too.", "%(names)s are affected too.", n, names=names)
        text = words.sentences(text, affected)
    if headline.unsaid:
        text = words.sentences(text, _unsaid(headline.unsaid, words))
    if headline.working and (headline.worst or headline.troubled or headline.unsaid):
        text = words.sentences(text, _others(headline.working, words))
    if headline.others:
        text = words.sentences(text, _open(headline.others, words, more=headline.lead is not None))
    return text


def _open(notices: int, words: Words, *, more: bool) -> str:
    if more:
        return words._n("%(count)s more notice is open.", "%(count)s more notices are open.", notices)
    return words._n("%(count)s notice is open.", "%(count)s notices are open.", notices)


def _others(working: int, words: Words) -> str:
    if working == 1:
        return words._("The other component is working.")
    return words._n("The other %(count)s component is working.", "The other %(count)s components are working.", working)


def _names(components: Iterable[Component]) -> list[str]:
    return [component.name for component in components]


def _title(notice: NoticeReport | None) -> str:
    """The title of a notice as a sentence."""
    return f"{notice.notice.title.rstrip('.')}." if notice else ""
