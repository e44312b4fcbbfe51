"""What a writer should know about what is not wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from .doubts import Doubt, Doubted, doubts, unheard, untold
from .language import ENGLISH, spoken
from .problem import Problem
from .render import markdown
from .render.pages import Pages
from .report import Report, Withheld
from .settings import Settings
from .site import Site

if TYPE_CHECKING:  # a site that shows nothing of its monitoring pays nothing for it
    from .measured import Outage


class Line(Struct, frozen=True):
    """Something that is told while a site is made."""

    text: str
    loud: bool
    """Whether a writer should do something about it."""


def advice(site: Site, pages: Pages) -> Iterator[Line]:
    """What a writer should know about what is not wrong."""
    known, report = site.settings, pages.report
    for code in pages.unshown:
        yield Line(f"translations into {code} are not shown: {code} is none of the site's other languages", loud=False)
    for one in report.withheld:
        yield Line(_withheld(one, known), loud=True)
    for doubted in doubts(report):
        yield Line(_doubted(doubted, report), loud=True)
    for outage in untold(report):
        yield Line(_untold(outage, known), loud=True)
    for deaf in unheard(report):
        heard = f"{deaf.newest.astimezone(known.zone):%Y-%m-%d %H:%M}"
        sentence = f"the last probe of {deaf.component.name} was at {heard}; see whether its file is still written"
        yield Line(f"{known.measured}: {sentence}", loud=True)
    for id_, name in report.measured.absent if report.measured else ():
        yield Line(f'{id_} is to be probed as "{name}", and no file in {known.measured} has that name', loud=True)
    for name in markdown.refused(site.extensions):
        yield Line(f"{name} reads other files or rewrites links: notices do without it", loud=False)
    if not (site.root / known.incidents).is_dir():
        yield Line(f"there is no folder {known.incidents} beside mkdocs.yml: there is nothing to tell", loud=False)
    if not spoken(known.host.language):
        sentence = f"of {known.host.language}, which the theme speaks, we have no catalogue"
        yield Line(f"{sentence}: our own words are {ENGLISH.names[known.languages[0]]}", loud=False)
    elif spoken(known.host.language) != known.languages[0]:
        first = known.languages[0]
        yield Line(
            f"the theme speaks {known.host.language} and the site {first}; write language: {first} below theme",
            loud=False,
        )
    if not known.host.url:
        yield Line(
            "without a site_url in mkdocs.yml there are no feeds and no API: their links would lead nowhere", loud=False
        )


def _withheld(one: Withheld, known: Settings) -> str:
    """What is not published yet, and why."""
    update, time = one.update, one.update.time.astimezone(known.zone)
    sentence = f"this update is dated {time:%Y-%m-%d %H:%M} ({known.zone.key}), which is still to come"
    if known.now and update.time > known.now:
        clock = known.now.astimezone(known.zone)
        sentence += f" while `now` in mkdocs.yml holds the clock at {clock:%Y-%m-%d %H:%M}; take that line out"
    return str(Problem(one.notice.path, update.line or 1, 1, f"{sentence}; it is not published yet"))


_DOUBTS: Mapping[Doubt, str] = {
    Doubt.WORKS: "this is open and everything it touches works since {time}; write Resolved, or Monitoring, or what is "
    "not working",
    Doubt.WATCHED: "this has been watched since {time}; write Resolved, or what you are waiting for",
    Doubt.SILENT: "this is open, and nothing was posted since {time}; write what you know, even if it is nothing new",
    Doubt.OVERRUN: "its announced end was {time}; write Completed, or how much longer it takes",
    Doubt.OTHER_START: "its post-mortem says that it began at {time}, and `started` says {began}; change one of them",
}


def _doubted(one: Doubted, report: Report) -> str:
    """What does not fit together, and what to write."""
    zone = report.settings.zone
    time, began = (f"{when.astimezone(zone):%Y-%m-%d %H:%M}" for when in (one.since, one.notice.began))
    return str(Problem(one.notice.path, one.line, 1, _DOUBTS[one.doubt].format(time=time, began=began)))


def _untold(outage: Outage, known: Settings) -> str:
    """What monitoring saw and nobody posted, and what to write."""
    began, ended = (f"{when.astimezone(known.zone):%Y-%m-%d %H:%M}" for when in (outage.span.start, outage.span.end))
    id_, name = outage.component.id, outage.component.name
    if outage.goes_on:
        sentence = f"monitoring has seen {name} down since {began} and no notice says so; write one that names {id_}"
    else:
        sentence = (
            f"monitoring saw {name} down from {began} to {ended} and no notice says so; write one that names {id_}"
        )
    return f"{known.measured}: {sentence}, or say in one why it was not"
