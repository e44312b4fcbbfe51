"""A notice as HTML for whoever is not on the site: nothing is relative, and nothing in it only a clock can know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import starmap
from typing import NamedTuple

from markupsafe import escape
from msgspec import Struct

from ..language import ENGLISH, Language
from ..model import Action, ComponentStatus, Incident, Maintenance, Notice, PostMortem, Retirement, Status
from ..report import Report
from ..urls import Urls
from .body import Bodies, Plain, ToHtml
from .clock import Clock
from .words import Words

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def sayable(text: str) -> str:
    """The text without characters that no XML can hold, not even escaped, and that no calendar and no JSON needs.

    "Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]"  XML 1.0, 2.2
    """
    if isinstance(text, Plain):
        return str(text)  # it would else take twice as long to be remembered
    return text if is_plain(text) else _NOT_XML.sub("", text)


def is_plain(text: str) -> bool:
    """Whether there is nothing in it but lines of letters that can be printed, as in nearly every text."""
    return isinstance(text, Plain) or text.replace("\n", " ").isprintable()


class Told(NamedTuple):
    """The parts of a notice that take time to make, as safe HTML."""

    facts: str
    """What is planned, or what ends; blank where there is nothing of the kind, as of incidents."""
    bodies: tuple[str, ...]
    """Of each update, in their order."""
    account: str
    """The post-mortem; blank where there is none."""


class Teller(Struct, frozen=True, dict=True):
    """Tells the notices of one report."""

    report: Report
    urls: Urls
    to_html: ToHtml
    language: Language = ENGLISH

    def told(self, notice: Notice) -> Told:
        """What of a notice is worth being remembered."""
        in_feed, id_ = self._bodies.in_feed, notice.id
        return Told(
            facts="" if isinstance(notice, Incident) else sayable("\n".join(self._facts(notice))),
            bodies=tuple([sayable(in_feed(update.body, id_)) for update in notice.updates]),
            account=sayable("\n".join(self._account(notice.post_mortem, notice))) if notice.post_mortem else "",
        )

    def story(self, notice: Notice, told: Told) -> str:
        """All of it, the newest word first."""
        account = f"{self._account_heading(notice)}\n{told.account}" if told.account else ""
        status, time, changes = self._words.status, self._time, self._changes
        posts = [
            f"<h3>{status[update.status]} · {time(update.time)}</h3>\n{body}{changes(update.components)}"
            for update, body in zip(notice.updates, told.bodies, strict=True)
        ]
        return "\n".join([part for part in (told.facts, account) if part] + posts[::-1])

    def update(self, notice: Notice, at: int, told: Told) -> str:
        """One update, given its place among the others: what was planned stands in the newest that planned it."""
        planned = [n for n, update in enumerate(notice.updates) if update.status == Status.SCHEDULED] or [0]
        changes = self._changes(notice.updates[at].components)
        return f"{told.facts if at == planned[-1] else ''}{told.bodies[at]}{changes}"

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The components' names."""
        return {one.id: sayable(one.name) for one in self.report.settings.components}

    def _changes(self, components: Mapping[str, ComponentStatus]) -> str:
        """What an update does to components."""
        return f"<ul>{''.join(starmap(self._change, components.items()))}</ul>" if components else ""

    @cached_property
    def _change(self) -> Callable[[str, ComponentStatus], str]:
        """Of one component. It remembers them, as a site has few."""
        names, said = self.names, self._words.component_status

        @lru_cache(1000)
        def change(id_: str, status: ComponentStatus) -> str:
            return f"<li>{escape(names.get(id_, id_))}: {said[status]}</li>"

        return change

    def _facts(self, notice: Notice) -> Iterator[str]:
        match notice:
            case Maintenance():
                said = self._words._("Planned for %(start)s to %(end)s.")
                if notice.recurs:
                    said = self._words._("Planned for %(start)s to %(end)s, and again and again.")
                start, end = self._time(notice.scheduled_for), self._time(notice.scheduled_until)
                yield f"<p>{str(escape(said)) % {'start': start, 'end': end}}</p>"
            case Retirement():
                said = self._words._("Ends on %(time)s.")
                yield f"<p>{str(escape(said)) % {'time': self._time(notice.ends)}}</p>"
                for line in (notice.replaced_by, notice.export, notice.help):
                    yield self._bodies.in_feed(line, notice.id) if line else ""

    def _account_heading(self, notice: Notice) -> str:
        posted = notice.post_mortem.posted if notice.post_mortem else None
        said = self._words._("Post-mortem")
        return f"<h3>{escape(said)}{f' · {self._time(posted)}' if posted else ''}</h3>"

    def _account(self, account: PostMortem, notice: Notice) -> Iterator[str]:
        yield self._bodies.in_feed(account.lead, notice.id)
        for section in account.sections:
            yield f"<h4>{escape(sayable(self._words.section(section)))}</h4>"
            yield self._bodies.in_feed(section.body, notice.id)
            if section.actions:
                yield f"<ul>{''.join(self._promise(action, notice) for action in section.actions)}</ul>"

    def _promise(self, action: Action, notice: Notice) -> str:
        """What was promised and whether it is done. Whether it is late, only a clock can say."""
        said = self._words._("done %(day)s") if action.done else self._words._("due %(day)s")
        day = said % {"day": action.done or action.due}
        return f"<li>{self._bodies.in_feed(action.text, notice.id)} <p>{escape(action.owner)}, {day}</p></li>"

    @cached_property
    def _time(self) -> Callable[[datetime], str]:
        """An instant. There is nothing to escape in what the clock writes."""
        local = self._clock.local

        def time(instant: datetime) -> str:
            here = local(instant)
            return f'<time datetime="{here.iso}">{here.full}</time>'

        return time

    @cached_property
    def _clock(self) -> Clock:
        return Clock(self.report.settings.zone, language=self.language)

    @property
    def _words(self) -> Words:
        return self._clock.words

    @cached_property
    def _bodies(self) -> Bodies:
        return Bodies(self.report, self.urls, self.to_html)
