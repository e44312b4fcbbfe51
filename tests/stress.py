"""Sites that are hard on a page: crowded, empty, alone, and one in every mood of the headline. Files for `lay_out`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from textwrap import dedent

from aboveboard.headline import Mood

NOW = datetime(2026, 11, 2, 12)  # noqa: DTZ001, as a writer types it; the sites are in UTC
"""When every site is built."""

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
"""One word of 80 letters."""

LONG = (
    "Everything that depends on the storage behind the second hall is slow, fails at times or does not answer at all "
)
LONG += "for some of those who use it from the north, and we do not know yet why that is or when it ends"
"""A few more than 200 characters."""

TITLES = (
    LONG[:200],
    WORD,
    "🔥 Fire alarm in hall 2 👩🏽‍🚒🚒 and 🏳️‍🌈 lights",
    "تأخر وصول البريد الوارد إلى صناديق API بسبب امتلاء القرص",
    "受信メールの配送が遅れています。原因を調査しています",
    "<b>Not bold</b> & 'quoted' \"twice\" {{ and }} {% so %} on",
    "a/very/long/path/without/a/blank/" * 4 + "index.html?with=a&query=of&its=own#fragment",
    "عربي and English, mixed: 12 of 40 (שלום) servers",
    "x",
)
"""What may stand in a heading. None is made of what a page could hope for."""

NAMES = (*TITLES, "Mail", "Web", "API", "Name servers", "北日本リージョン", "قواعد البيانات", "CDN ✈️")

BODIES = (
    "We are looking at it.",
    f"{LONG}. " * 6,
    f"See https://status.example.org/{'a-long-address/' * 12} for {WORD}{WORD}.",
    "```text\n"
    + "ERROR 2026-11-02T09:14:00Z worker=17 " * 8
    + "\n```\n\nAnd `"
    + "inline_code_" * 14
    + "` inside a line.",
    "\n".join(
        (
            "| region | before | after | lost | what the customer saw when it was at its worst |",
            "|---|---|---|---|---|",
            *(f"| {name} | {n} | {n * 7} | {n * 1000} | {LONG[:60]} |" for n, name in enumerate(NAMES[9:])),
        )
    ),
    "تأخر وصول البريد. لم تضع أي رسالة: 41,300 رسالة تأخرت ساعتين و 12 دقيقة.",
    "受信メールの配送が最大2時間12分遅れました。失われたメールはありません。",
    f"- one\n    - two\n        - three {WORD}\n\n> {LONG}\n\n1. first\n2. second\n\n---",
)

STATUSES = ("degraded_performance", "partial_outage", "major_outage")

GROUPS, COMPONENTS = 12, 100


def crowded(*, languages: Iterable[str] = ()) -> Mapping[str, str]:
    """A hundred components in twelve groups, a year of trouble with names from everywhere, three incidents open."""
    groups = [{"id": f"g-{n}", "name": f"{n + 1}. {_nth(NAMES, n)}"} for n in range(GROUPS)]
    components = [
        {
            "id": f"c-{n}",
            "name": f"{_nth(NAMES, n)} {n}",
            "group": f"g-{n * GROUPS // COMPONENTS}",
            "description": _nth(TITLES, n),
            **({"upstream": _nth(TITLES, n)} if n % 10 == 3 else {}),
            **({"since": "2026-10-20"} if n % 25 == 7 else {}),
        }
        for n in range(COMPONENTS)
    ]
    told = {
        "groups": groups,
        "components": components,
        "since": "2023-01-01",
        "description": LONG,
        "contact": "mailto:help@example.org",
        "clocks": ["nis2", "dora"],
    }
    files = dict(_site(told, languages=languages))
    for path, text in (*_over(), *_open(), *_planned(), *_other()):
        files[f"incidents/{path}"] = text
    return files


def empty() -> Mapping[str, str]:
    """No component and no notice: the first minute of a site."""
    return dict(_site({}))


def alone() -> Mapping[str, str]:
    """One component that has never failed."""
    return dict(_site({"components": [{"id": "mail", "name": "Mail"}], "since": "2026-01-01"}))


def moody(mood: Mood) -> Mapping[str, str]:
    """Four components, and what it takes for the headline to say that."""
    components: list[dict[str, str]] = [
        {"id": "mail", "name": "Mail"},
        {"id": "web", "name": "Websites"},
        {"id": "dns", "name": "Name servers"},
        {"id": "line", "name": "Fibre", "upstream": "Lantern Fibre"},
    ]
    notices = dedent(_MOODS[mood]).strip().split("\n====\n")
    files = dict(_site({"components": components, "since": "2026-01-01"}))
    return files | {f"incidents/{mood}-{n}.md": f"{text}\n" for n, text in enumerate(notices) if text}


SITES = {
    "crowded": partial(crowded, languages=["en", "ar"]),
    "empty": empty,
    "alone": alone,
    **{mood.value: partial(moody, mood) for mood in Mood},
}
"""Each by name."""

_MOODS: Mapping[Mood, str] = {
    Mood.OURS: """
        ---
        title: Mail is late
        components: {mail: partial_outage, web: degraded_performance}
        started: 2026-11-02 10:00
        us_if: mail from outside is late
        not_us_if: your own program cannot connect
        ---

        ## 2026-11-02 10:20 Investigating {next=2026-11-02T12:30}

        We are looking.
        ====
        ---
        title: Name servers answer slowly
        components: {dns: degraded_performance}
        ---

        ## 2026-11-02 11:20 Identified

        It is the cache.
        """,
    Mood.SUPPLIERS: """
        ---
        title: Fibre cut
        components: {line: major_outage}
        cause: third_party
        ---

        ## 2026-11-02 10:20 Identified

        A digger.
        """,
    Mood.WATCHING: """
        ---
        title: Mail was late
        components: {mail: major_outage}
        ---

        ## 2026-11-02 10:20 Investigating

        We are looking.

        ## 11:00 Monitoring {mail=operational}

        It is back.
        """,
    Mood.LOOKING: """
        ---
        title: Odd figures
        components: {mail: operational}
        impact: none
        ---

        ## 2026-11-02 11:20 Investigating

        Nothing is wrong that we can see.
        """,
    Mood.OVERRUN: """
        ---
        kind: maintenance
        title: New routers
        scheduled_for: 2026-11-02 09:00
        scheduled_until: 2026-11-02 10:00
        components: {web: under_maintenance}
        ---

        ## 2026-10-20 09:00 Scheduled

        Two short breaks.
        """,
    Mood.MAINTENANCE: """
        ---
        kind: maintenance
        title: New routers
        scheduled_for: 2026-11-02 11:00
        scheduled_until: 2026-11-02 13:00
        components: {web: under_maintenance}
        ---

        ## 2026-10-20 09:00 Scheduled

        Two short breaks.
        """,
    Mood.UNKNOWN: """
        ---
        title: Our measuring is down
        components: {mail: unknown, web: unknown}
        impact: none
        ---

        ## 2026-11-02 11:20 Investigating

        We cannot see.
        """,
    Mood.WELL: "",
}
"""The notices of each mood, with a line of equals signs between them."""


def _site(told: Mapping[str, object], *, languages: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """What a person writes besides notices. JSON is YAML, and quotes whatever stands in a name."""
    options = {"now": f"{_time(NOW)}", **({"languages": [*languages]} if languages else {}), **told}
    config = {
        "site_name": "Status of everything",
        "site_url": "https://status.example.org/",
        "theme": {"name": "material", "font": False},
        "plugins": ["search", {"aboveboard": options}],
        "markdown_extensions": ["tables"],
    }
    yield "mkdocs.yml", json.dumps(config, indent=1, ensure_ascii=False)
    yield "docs/index.md", "---\ntemplate: board.html\n---\n"
    yield "docs/about.md", f"---\ntitle: About\n---\n\n# About\n\n## All of it\n\n{_joined(BODIES)}\n"


def _over() -> Iterator[tuple[str, str]]:
    """Sixty incidents of one year that have ended, each of other components; every fourth with an account."""
    bodies = cycle(BODIES)
    for n in range(60):
        began = NOW - timedelta(days=6 * n + 2, minutes=17 * n)
        touched = {f"c-{(7 * n + k) % COMPONENTS}": _nth(STATUSES, n + k) for k in range(1 + n % 4)}
        heard = f"reports: {n**4}\ndetected_by: customers\n" if n % 3 else ""
        text = (
            f"---\ntitle: {_quoted(_nth(TITLES, n))}\ncomponents: {_quoted(touched)}\nstarted: {_time(began)}\n"
            f"cause: hardware\n{heard}---\n\n## {_time(began + timedelta(minutes=5))} Investigating\n\n"
            f"{next(bodies)}\n\n"
            f"## +{n % 40 + 1}m Identified\n\n{next(bodies)}\n\n## +{n * 9 % 400 + 1}m Resolved\n\n{next(bodies)}\n"
        )
        if n % 4 == 0:
            due = began.date() + timedelta(days=30 + 5 * (n % 7))
            account = (
                f"## Post-mortem\n\n{next(bodies)}\n\n### {_nth(TITLES, n)}\n\n{next(bodies)}\n\n### What happened\n\n"
                f"{next(bodies)}\n\n### What customers told us\n\n{next(bodies)}\n\n### What we got wrong\n\n"
                f"{next(bodies)}\n\n### What we are changing\n\n"
                f"- [ ] {_line(n)} (owner: {WORD}, due: {due})\n- [x] Y (owner: us, due: {due}, done: {due})"
            )
            text = f"{text}\n{account}\n"
        yield f"over-{n}.md", text


def _open() -> Iterator[tuple[str, str]]:
    """One that has gone on for three years with sixty words, one everywhere, and one that hurts nothing any more."""
    began = NOW - timedelta(days=3 * 365)
    words = [f"## {_time(began)} Investigating\n\n{BODIES[1]}"]
    words += [f"## {_time(began + timedelta(days=18 * n))} Update\n\n{_nth(BODIES, n)}" for n in range(1, 59)]
    words += [f"## {_time(NOW - timedelta(hours=1))} Update\n\n{BODIES[0]}"]
    yield (
        "open-for-three-years.md",
        f"---\ntitle: {_quoted(TITLES[0])}\ncomponents: {{c-5: degraded_performance}}\n---\n\n{_joined(words)}\n",
    )
    touched = {f"c-{n}": _nth(STATUSES, n) for n in range(0, 80, 2)}
    yield (
        "open-and-everywhere.md",
        f"---\ntitle: {_quoted(TITLES[3])}\ncomponents: {_quoted(touched)}\nus_if: {_quoted(LONG)}\n"
        f"not_us_if: {_quoted(WORD)}\n---\n\n## 2026-11-02 09:31 Investigating\n\n{BODIES[3]}\n\n"
        f"## 10:02 Identified\n\n{BODIES[4]}\n",
    )
    yield (
        "open-and-watched.md",
        f"---\ntitle: {_quoted(TITLES[1])}\ncomponents: {{c-99: partial_outage}}\n---\n\n"
        f"## 2026-11-02 01:00 Investigating\n\n{BODIES[5]}\n\n"
        f"## 02:00 Monitoring {{c-99=operational}}\n\n{BODIES[6]}\n",
    )


def _planned() -> Iterator[tuple[str, str]]:
    """Maintenance that is on, ahead, over, called off and weekly."""
    for name, opens, last, title in (
        ("on", NOW - timedelta(hours=1), "", TITLES[4]),
        ("soon", NOW + timedelta(hours=3), "", TITLES[0]),
        ("ahead", NOW + timedelta(days=9), "", TITLES[7]),
        (
            "off",
            NOW - timedelta(days=4),
            f"## {_time(NOW - timedelta(days=5))} Cancelled\n\nNot now.",
            TITLES[2],
        ),
        ("over", NOW - timedelta(days=8), f"## {_time(NOW - timedelta(days=7))} Completed\n\nDone.", TITLES[5]),
    ):
        touched = {f"c-{n}": "under_maintenance" for n in range(len(name), 60, 9)}
        yield (
            f"work-{name}.md",
            f"---\nkind: maintenance\ntitle: {_quoted(title)}\nscheduled_for: {_time(opens)}\n"
            f"scheduled_until: {_time(opens + timedelta(hours=2))}\ncomponents: {_quoted(touched)}\n---\n\n"
            f"## 2026-10-20 09:00 Scheduled\n\n{BODIES[1]}\n\n{last}\n",
        )
    yield (
        "work-weekly.md",
        "---\nkind: maintenance\ntitle: Every week\n"
        "scheduled_for: 2026-01-05 02:00\nscheduled_until: 2026-01-05 03:00\nrecurs: FREQ=WEEKLY\n"
        "components: {c-1: under_maintenance}\n---\n\n## 2026-01-01 09:00 Scheduled\n\nAs ever.\n",
    )


def _other() -> Iterator[tuple[str, str]]:
    """A retirement ahead and an announcement that heads the board."""
    yield (
        "retired.md",
        f"---\nkind: retirement\ntitle: {_quoted(TITLES[6])}\ncomponents: [c-42]\nannounced: 2026-08-20 10:00\n"
        f"ends: 2027-02-28 12:00\nreplaced_by: {_quoted(LONG)}\nexport: {_quoted(WORD)}\nhelp: {_quoted(TITLES[3])}\n"
        f"---\n\n## 2026-08-20 10:00 Update\n\n{BODIES[1]}\n",
    )
    yield (
        "announced.md",
        f"---\nkind: announcement\ntitle: {_quoted(TITLES[2])}\npinned_until: 2027-01-01\n---\n\n"
        f"## 2026-10-31 10:00 Update\n\n{BODIES[7]}\n",
    )


def _time(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"


def _nth(of: tuple[str, ...], n: int) -> str:
    return of[n % len(of)]


def _line(n: int) -> str:
    """Of a title what may stand in an item of a list: no HTML, no brackets."""
    return _nth((TITLES[0], TITLES[1], TITLES[3], TITLES[4]), n // 4)


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _joined(bodies: Iterable[str]) -> str:
    return "\n\n".join(bodies)
