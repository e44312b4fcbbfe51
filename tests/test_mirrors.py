"""A site in several languages: the same pages and feeds below /<lang>/, in its words and as far as it is translated."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import feedparser
import pytest
from lxml import html

from aboveboard.urls import FEEDS
from building import SITE, Built, lay_out, mkdocs

LANGUAGES = {
    "mkdocs.yml": SITE["mkdocs.yml"].replace(
        "      components:", "      languages: [en, de, ar]\n      names: {de: {mail: E-Mail}}\n      components:"
    ),
    "incidents/2026/2026-11-02-mail-late.md": SITE["incidents/2026/2026-11-02-mail-late.md"].replace(
        "---\n\n##", "us_if: you wait\nnot_us_if: you do not\n---\n\n##"
    ),
}

TRANSLATION = """\
---
title: E-Mail kommt verspätet an
us_if: Sie auf E-Mail von **außen** warten
---

## 2026-11-02 09:31 Investigating

E-Mail von außen kommt verspätet an. Siehe [was wir vorher sagten](2026-10-01-disk.md).
"""

ACCOUNT = """\
---
title: Eine Platte wurde getauscht
---

## 2026-10-01 10:00 Investigating

Langsam.

## 11:00 Resolved

Nicht mehr langsam.

## Post-mortem

### Was wir ändern

- [ ] Bei 80 % Alarm schlagen (owner: Plattform, due: 2026-10-20)
"""

TRANSLATED = {
    "incidents/2026/2026-11-02-mail-late.de.md": TRANSLATION,
    "incidents/2026/2026-10-01-disk.de.md": ACCOUNT,
}

GERMAN = "---\ntemplate: board.html\n---\n\nGuten Tag.\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("languages")
    site = mkdocs(lay_out(root, {**SITE, **LANGUAGES, **TRANSLATED, "docs/de/index.md": GERMAN}), "--strict")
    assert site.status == 0, site.said
    return site


def page(built: Built, path: str) -> html.HtmlElement:
    return html.fromstring(built.text(f"{path}index.html"))


def said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_every_page_and_feed_is_there_in_every_language(built: Built):
    files = built.files()
    ours = {path for path in files if path.endswith((".html", ".atom", ".rss"))} - {"404.html"}
    own = {path for path in ours if not path.startswith(("de/", "ar/"))}

    assert {path.removeprefix("de/") for path in ours if path.startswith("de/")} == own
    assert {path.removeprefix("ar/") for path in ours if path.startswith("ar/")} == own
    assert "built.json" in files
    assert "de/built.json" not in files


@pytest.mark.parametrize(("path", "lang", "direction"), [("", "en", None), ("de/", "de", "ltr"), ("ar/", "ar", "rtl")])
def test_a_page_says_in_which_language_it_is(built: Built, path: str, lang: str, direction: str | None):
    found = page(built, path)

    assert found.get("lang") == lang
    assert direction is None or found.get("dir") == direction


def test_the_words_are_those_of_the_language(built: Built):
    assert said(page(built, "").find(".//h1")) == "It is us. Mail has a partial outage."
    assert said(page(built, "de/").find(".//h1")) == "Es liegt an uns. E-Mail ist teilweise ausgefallen."
    assert said(page(built, "ar/").find(".//h1")) == "الخلل من عندنا. Mail: انقطاع جزئي."


def test_links_stay_within_a_language(built: Built):
    """All but those to the other languages, to what there is once, and out of the site."""
    for path in built.files():
        if not path.startswith("de/") or not path.endswith(".html"):
            continue
        found = html.fromstring(built.text(path))
        for link in found.xpath("//a[@href][not(@hreflang)]/@href"):
            to = urljoin(f"https://status.example.org/{path}", link).partition("#")[0]
            if to.startswith("https://status.example.org/") and to.endswith(("/", *FEEDS)):
                assert to.startswith("https://status.example.org/de/"), (path, link)
    assert built.broken_links() == []


def test_a_page_knows_itself_in_the_other_languages(built: Built):
    where = "incidents/2026-10-01-disk/"
    found = page(built, f"de/{where}")
    alternates = {one.get("hreflang"): one.get("href") for one in found.xpath("//link[@rel='alternate'][@hreflang]")}
    switch = {one.get("hreflang"): (one.get("href"), one.text) for one in found.xpath("//nav//a[@hreflang]")}
    root = "https://status.example.org/"

    assert alternates == {
        "en": root + where,
        "de": f"{root}de/{where}",
        "ar": f"{root}ar/{where}",
        "x-default": root + where,
    }
    assert switch == {"en": (f"../../../{where}", "English"), "ar": (f"../../../ar/{where}", "العربية")}


def test_a_translation_is_shown_in_its_language(built: Built):
    """On its page, in lists, in search and in feeds; and the original is where it was."""
    where = "incidents/2026-11-02-mail-late/"

    assert said(page(built, f"de/{where}").find(".//h1")) == "E-Mail kommt verspätet an"
    assert "E-Mail von außen kommt verspätet an." in said(page(built, f"de/{where}"))
    assert "E-Mail kommt verspätet an" in said(page(built, "de/history/"))
    assert said(page(built, where).find(".//h1")) == "Mail is late"
    assert "E-Mail kommt verspätet an" not in built.text("history/index.html")
    index = built.text("search/search_index.json")
    assert "de/incidents/2026-11-02-mail-late/" in index
    assert "de/incidents/2026-11-08-routers/" not in index


def test_what_nobody_has_translated_is_shown_as_it_is_and_said_to_be(built: Built):
    plain = page(built, "de/incidents/2026-11-08-routers/")

    assert (
        "Diese Meldung hat noch niemand übersetzt. Sie wird gezeigt, wie sie geschrieben wurde: auf Englisch."
        in said(plain)
    )
    assert plain.xpath("//h1/*[@lang='en']/text()") == ["New routers"]
    assert [said(one) for one in plain.xpath("//div[@lang='en']")] == ["Expect two short interruptions."]

    part = page(built, "de/incidents/2026-11-02-mail-late/")
    assert "Diese Meldung ist nicht ganz übersetzt." in said(part)
    assert [said(one) for one in part.xpath("//div[@lang='en']")] == ["The disk is full."]
    assert [said(one) for one in part.xpath("//dd[@lang='en']")] == ["you do not"]
    assert part.xpath("//dd[strong]/text()") == ["Sie auf E-Mail von ", " warten"]

    whole = page(built, "de/incidents/2026-10-01-disk/")
    assert "übersetzt" not in said(whole)
    assert whole.xpath("//*[@class and contains(@class, 'ab')]//*[@lang='en'][not(@hreflang)]") == []
    assert page(built, "incidents/2026-11-08-routers/").xpath("//div[@lang]") == []


def test_a_feed_in_another_language_has_entries_of_its_own(built: Built):
    own, german = (feedparser.parse(built.text(path)) for path in ("history.atom", "de/history.atom"))

    assert german.feed.language == "de"
    assert german.feed.title == "Example: Störungen und Wartungen"
    assert [link.href for link in german.feed.links if link.rel == "self"] == [
        "https://status.example.org/de/history.atom"
    ]
    assert {entry.id for entry in german.entries} == {f"{entry.id};de" for entry in own.entries}
    assert "E-Mail kommt verspätet an" in {entry.title for entry in german.entries}
    assert all("/de/incidents/" in entry.link for entry in german.entries)


def test_the_sitemap_lists_every_page_once(built: Built):
    found = re.findall("<loc>(.*?)</loc>", built.text("sitemap.xml"))

    assert len(found) == len(set(found))
    assert "https://status.example.org/de/incidents/2026-10-01-disk/" in found
    assert "https://status.example.org/ar/uptime/" in found


def test_a_person_may_write_on_a_page_in_another_language(built: Built):
    assert "Guten Tag." in built.text("de/index.html")
    assert "Hello." not in built.text("de/index.html")
    assert page(built, "de/").get("lang") == "de"


def test_a_site_in_one_language_knows_of_no_other(tmp_path: Path):
    text = mkdocs(lay_out(tmp_path, SITE)).text("index.html")

    assert "hreflang" not in text
    assert "ab-langs" not in text


@pytest.mark.parametrize(
    ("theme", "line", "lang", "headline"),
    [
        ("de", "", "de", "Es liegt an uns. Mail ist teilweise ausgefallen."),
        ("pt-BR", "", "pt-BR", "O problema é nosso. Mail tem uma falha parcial."),
        (
            "nl",
            "of nl, which the theme speaks, we have no catalogue: our own words are English",
            "en",
            "It is us. Mail has a partial outage.",
        ),
    ],
)
def test_a_site_speaks_the_language_of_its_theme(tmp_path: Path, theme: str, line: str, lang: str, headline: str):
    config = SITE["mkdocs.yml"].replace("font: false", f"font: false, language: {theme}")
    built = mkdocs(lay_out(tmp_path, {**SITE, "mkdocs.yml": config}))

    assert said(page(built, "").find(".//h1")) == headline
    assert page(built, "").get("lang") == lang
    assert line in built.said


def test_a_translation_that_is_not_shown_is_told(tmp_path: Path):
    """Nobody should wonder where it is."""
    built = mkdocs(lay_out(tmp_path, {**SITE, "incidents/2026/2026-10-01-disk.fr.md": ACCOUNT}))

    assert "translations into fr are not shown: fr is none of the site's other languages" in built.said


def test_the_first_language_is_the_sites_whatever_the_theme_speaks(tmp_path: Path):
    config = SITE["mkdocs.yml"].replace("      components:", "      languages: [de, en]\n      components:")
    built = mkdocs(lay_out(tmp_path, {**SITE, "mkdocs.yml": config}))

    assert "the theme speaks en and the site de; write language: de below theme" in built.said
    assert page(built, "").get("lang") == "de"
    assert said(page(built, "en/").find(".//h1")) == "It is us. Mail has a partial outage."


def test_a_theme_with_another_shell_is_told_too(tmp_path: Path):
    """MkDocs' own theme says in which language a page is, and Material's frame speaks it."""
    config = LANGUAGES["mkdocs.yml"].replace("name: material, font: false", "name: mkdocs")
    built = mkdocs(lay_out(tmp_path, {**SITE, "mkdocs.yml": config}))

    assert page(built, "ar/uptime/").get("dir") == "rtl"
    assert page(built, "de/uptime/").get("lang") == "de"
