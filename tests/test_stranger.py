"""One line in somebody's existing site: their pages stay as they were, and ours are there as well."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest

from building import SITE, lay_out, mkdocs

THEMES = ("material", "mkdocs", "readthedocs")

PLUGIN = """\
  - aboveboard:
      prefix: status
      components:
        - {id: mail, name: Mail}
        - {id: webmail, name: Webmail}
"""

DOCS: Mapping[str, str] = {
    "docs/index.md": "# Welcome\n\nHello. [Guide](guide/install.md)\n",
    "docs/guide/install.md": "# Install\n\n## Here\n\n[Home](../index.md)\n",
    "docs/history.md": "# Our history\n\nFounded in 1998.\n",
}
"""Somebody's documentation. A page of theirs has the name of one of ours, above our prefix."""

PLAIN = {"directory_urls": True, "site_url": True}

NOTICES = {path: text for path, text in SITE.items() if path.startswith("incidents/")}


def config(theme: str, *, directory_urls: bool, site_url: bool, plugin: str = PLUGIN) -> str:
    """A strict mkdocs.yml with a navigation of its own, in which everything left out is a warning."""
    return f"""\
site_name: Somebody's manual
{"site_url: https://docs.example.org/manual/" if site_url else ""}
use_directory_urls: {str(directory_urls).lower()}
theme: {theme}
strict: true
nav:
  - Home: index.md
  - Guide:
      - guide/install.md
  - history.md
validation:
  omitted_files: warn
  absolute_links: warn
  unrecognized_links: warn
  anchors: warn
plugins:
  - search
{plugin}"""


@pytest.mark.fresh
@pytest.mark.parametrize(("theme", "directory_urls", "site_url"), list(product(THEMES, (True, False), (True, False))))
def test_their_pages_stay_as_they_were(tmp_path: Path, theme: str, directory_urls: bool, site_url: bool):
    """Byte for byte, navigation and all, whatever their site is like."""
    options = {"directory_urls": directory_urls, "site_url": site_url}
    without = mkdocs(lay_out(tmp_path / "a", DOCS | {"mkdocs.yml": config(theme, plugin="", **options)}))
    with_us = mkdocs(lay_out(tmp_path / "b", DOCS | NOTICES | {"mkdocs.yml": config(theme, **options)}))

    assert without.status == 0, without.said
    assert with_us.status == 0, with_us.said
    theirs, now_there = without.files(), with_us.files()
    changed = {path for path in theirs if now_there.get(path) != theirs[path]}
    assert changed <= {"search/search_index.json", "sitemap.xml", "sitemap.xml.gz"}
    added = now_there.keys() - theirs.keys()
    assert {path.split("/")[0] for path in added} == {"status"}
    assert ("status/history.atom" in added) is site_url


@pytest.mark.parametrize(("theme", "directory_urls"), list(product(THEMES, (True, False))))
def test_ours_stand_in_their_frame(tmp_path: Path, theme: str, directory_urls: bool):
    """With their header and navigation around our pages, and every link right."""
    built = mkdocs(
        lay_out(tmp_path, DOCS | NOTICES | {"mkdocs.yml": config(theme, directory_urls=directory_urls, site_url=True)})
    )
    page = built.text("status/incidents/2026-11-02-mail-late/index.html")

    assert built.status == 0, built.said
    assert "Mail is late" in page
    assert page.count("Somebody's manual") + page.count("Somebody&#39;s manual") >= 2
    assert re.search(r'href="../../../guide/install(/|\.html)"', page)
    assert built.broken_links("status/") == []


def test_they_may_link_to_us(tmp_path: Path):
    """MkDocs checks such links like their own, and spells them as their site does."""
    notice = "status/incidents/2026-11-02-mail-late/index.html"
    words = f"[status](status/index.html) [mail]({notice}) [feed](status/history.atom)"
    for directory_urls in (True, False):
        built = mkdocs(
            lay_out(
                tmp_path / str(directory_urls),
                DOCS
                | NOTICES
                | {"docs/index.md": f"# Welcome\n\n{words}\n"}
                | {"mkdocs.yml": config("material", directory_urls=directory_urls, site_url=True)},
            )
        )
        ending = "" if directory_urls else "index.html"

        assert built.status == 0, built.said
        assert f'<a href="status/{ending}">status</a>' in built.text("index.html")
        assert f'<a href="status/incidents/2026-11-02-mail-late/{ending}">' in built.text("index.html")
        assert '<a href="status/history.atom">' in built.text("index.html")


@pytest.mark.parametrize("theme", THEMES)
def test_they_may_put_us_into_their_navigation(tmp_path: Path, theme: str):
    text = config(theme, directory_urls=True, site_url=True).replace(
        "  - history.md\n", "  - history.md\n  - Status: status/index.html\n"
    )
    built = mkdocs(lay_out(tmp_path, DOCS | NOTICES | {"mkdocs.yml": text}))

    assert built.status == 0, built.said
    assert re.search(r'<a[^>]* href="status/"', built.text("index.html"))
    assert "Mail is late" in built.text("status/index.html")


@pytest.mark.parametrize("directory_urls", [True, False])
def test_they_may_write_on_our_pages(tmp_path: Path, directory_urls: bool):
    """Where pages are files, theirs still stands where ours link to, and is the only one."""
    page = "---\ntemplate: history.html\n---\n\nOur words.\n"
    text = config("material", directory_urls=directory_urls, site_url=False)
    text = text.replace("  - history.md\n", "  - history.md\n  - status/history.md\n")
    built = mkdocs(lay_out(tmp_path, DOCS | NOTICES | {"mkdocs.yml": text, "docs/status/history.md": page}))

    assert built.status == 0, built.said
    assert "Our words." in built.text("status/history/index.html")
    assert "Mail is late" in built.text("status/history/index.html")
    assert "status/history.html" not in built.files()
    assert built.broken_links("status/") == []


@pytest.mark.parametrize("theme", THEMES)
def test_their_titles_are_none_of_our_business(tmp_path: Path, theme: str):
    """Theirs are as their theme prints them; on a page in our frame, a heading is escaped once."""
    pages = {"docs/history.md": "---\ntitle: <i>Ours</i> & theirs\n---\n", "docs/guide/install.md": "# Q&A\n"}
    ours = {"docs/more.md": "---\ntemplate: prose.html\n---\n\n# Q&A\n"}
    text = config(theme, directory_urls=True, site_url=True).replace("nav:\n", "nav:\n  - more.md\n")
    without = mkdocs(lay_out(tmp_path / "a", DOCS | pages | {"mkdocs.yml": config(theme, **PLAIN, plugin="")}))
    with_us = mkdocs(lay_out(tmp_path / "b", DOCS | NOTICES | pages | {"mkdocs.yml": config(theme, **PLAIN)}))
    framed = mkdocs(lay_out(tmp_path / "c", DOCS | NOTICES | ours | {"mkdocs.yml": text}))

    assert with_us.text("history/index.html") == without.text("history/index.html")
    assert with_us.text("guide/install/index.html") == without.text("guide/install/index.html")
    assert framed.status == 0, framed.said
    assert "<h1><bdi>Q&amp;A</bdi></h1>" in framed.text("more/index.html")
    assert "Q&amp;amp;A" not in framed.text("more/index.html")


def test_a_template_of_theirs_may_have_the_name_of_one_of_ours(tmp_path: Path):
    built = mkdocs(
        lay_out(
            tmp_path,
            DOCS
            | NOTICES
            | {
                "mkdocs.yml": config("{name: material, custom_dir: mine}", directory_urls=True, site_url=True),
                "mine/history.html": "<p>Mine: {{ page.content }}</p>",
                "docs/history.md": "---\ntemplate: history.html\n---\n\nFounded in 1998.\n",
            },
        )
    )

    assert built.status == 0, built.said
    assert "Founded in 1998." in built.text("history/index.html")
    assert built.text("history/index.html").startswith("<p>Mine")


def test_two_status_pages_in_one_site(tmp_path: Path):
    """Each under its own prefix; two under one would overwrite each other."""
    both = config("material", directory_urls=True, site_url=True) + PLUGIN.replace(
        "prefix: status", "prefix: {}\n      incidents: other"
    )
    files = DOCS | NOTICES | {"other/2026-10-01-disk.md": NOTICES["incidents/2026/2026-10-01-disk.md"]}
    apart = mkdocs(lay_out(tmp_path / "apart", files | {"mkdocs.yml": both.replace("prefix: {}", "prefix: labs")}))
    together = mkdocs(
        lay_out(tmp_path / "together", files | {"mkdocs.yml": both.replace("prefix: {}", "prefix: status")})
    )

    assert apart.status == 0, apart.said
    assert "Mail is late" in apart.text("status/index.html")
    assert "Mail is late" not in apart.text("labs/index.html")
    assert together.status == 1
    assert "two aboveboard plugins write to one place: give one of them a prefix of its own" in together.said


@pytest.mark.parametrize("theme", THEMES)
def test_letters_are_as_large_in_every_theme(tmp_path: Path, theme: str):
    """Material's rem has 20 pixels, the others' 16."""
    built = mkdocs(
        lay_out(tmp_path, DOCS | NOTICES | {"mkdocs.yml": config(theme, directory_urls=True, site_url=True)})
    )
    assets = Path(__file__).parents[1] / "plugins/aboveboard/assets"
    ours = "".join((assets / name).read_text("utf-8") for name in ("aboveboard.css", "media.css"))
    scale = 1 if theme == "material" else 1.25
    sizes = [float(size) * scale for size in REM.findall(ours)]

    assert sizes
    assert [
        float(size) for size in REM.findall(built.text("status/assets/aboveboard/aboveboard.css"))
    ] == pytest.approx(sizes)


REM = re.compile(r"(?<=[\s:(,-])([\d.]+)rem\b")
