"""Each notice as the text that was written, beside its page, and a list of the newest for programs that read prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from .. import write
from ..index import Entry
from ..lines import without_comments
from ..model import Notice
from ..report import Report
from ..urls import Page, Urls
from .outlet import Basis, File, Outlet

LIST = "llms.txt"

NEWEST = 50
"""How many notices it names."""


def text(notice: Notice, zone: ZoneInfo) -> bytes:
    """A notice in its canonical form, and without what stands in comments: pages do not show that either."""
    written = write.notice(notice, zone)
    if "<!--" in written:
        written = write.notice(_public(notice), zone)
    return written.encode(errors="replace")


def _public(notice: Notice) -> Notice:
    updates = tuple(replace(update, body=without_comments(update.body)) for update in notice.updates)
    account = notice.post_mortem
    if account:
        sections = tuple(replace(section, body=without_comments(section.body)) for section in account.sections)
        account = replace(account, lead=without_comments(account.lead), sections=sections)
    return replace(notice, updates=updates, post_mortem=account)


def listed(report: Report, urls: Urls) -> bytes:
    """As llmstxt.org has it: a name, a summary, and lists of links, each with a few words."""
    known = report.settings
    newest = list(report.index.values())[:NEWEST]
    parts = [
        f"# {_plain(known.name)}",
        "",
        f"> {_plain(known.description or 'What works, what does not, and what was done about it.')}",
        "",
        "A status page: incidents, maintenance, retirements and announcements, as its owner posted them. What follows",
        f"says what was written; how everything is now, {urls.absolute(urls.api('aboveboard/status.json'))} says.",
        "",
        "## How things are",
        "",
        *_links(
            (
                ("The board", urls.page(Page.BOARD), "how everything is now"),
                ("The same as JSON", urls.api("aboveboard/status.json"), "states, open notices, work ahead"),
                ("Uptime", urls.api("aboveboard/uptime.json"), "under three rules, with the seconds behind them"),
                ("Promises", urls.api("aboveboard/actions.json"), "what post-mortems promised, and what is late"),
            ),
            urls,
        ),
        "",
        "## Newest notices",
        "",
        *_links(((entry.title, urls.markdown(entry.id), _words(entry)) for entry in newest), urls),
        "",
        "## Optional",
        "",
        *_links(
            (
                ("Everything for machines", urls.api("aboveboard/index.json"), "where every file is"),
                ("Every month", urls.page(Page.HISTORY), "all notices there ever were"),
                ("OpenAPI", urls.api("aboveboard/openapi.json"), "what the files hold"),
            ),
            urls,
        ),
    ]
    return "\n".join([*parts, ""]).encode(errors="replace")


def _links(links: Iterable[tuple[str, str, str]], urls: Urls) -> Iterator[str]:
    yield from (f"- [{_plain(name)}]({urls.absolute(to)}): {words}" for name, to, words in links)


def _words(entry: Entry) -> str:
    return f"{entry.kind}, {datetime.fromtimestamp(entry.began, UTC):%Y-%m-%d}"


def _plain(text: str) -> str:
    """Text whose marks mean nothing in Markdown."""
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", text)


def _beside(basis: Basis, entry: Entry) -> Iterator[File]:
    report = basis.report
    make = partial(_made, report, entry.id)
    yield File(basis.urls.markdown(entry.id), (entry.key,), make)


def _made(report: Report, id_: str) -> bytes:
    return text(report.read(id_), report.settings.zone)


def _files(basis: Basis) -> Iterator[File]:
    if not basis.report.settings.prefix:
        newest = list(basis.report.index)[:NEWEST]
        yield File(LIST, (basis.rows(newest),), partial(listed, basis.report, basis.urls))


TEXTS = Outlet(name="manuscripts", beside=_beside)
LISTED = Outlet(name="llms", files=_files, absolute=True)
