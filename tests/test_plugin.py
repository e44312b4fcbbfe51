"""The door to MkDocs: what comes out of a build, and what does not when something is wrong."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from building import CONFIG, NOTICE, SITE, lay_out, mkdocs

HOSTILE = """</title><script>alert(1)</script>"'&<b>"""
"""A title that means to be more than text."""

HEADER = re.compile(r'<div class="md-header__topic" data-md-component.*?ellipsis">\s*(.*?)\s*</span>', re.DOTALL)
"""Where Material prints the title of a page by itself."""


def test_every_page_is_there(tmp_path: Path):
    built = mkdocs(lay_out(tmp_path), "--strict")

    assert built.status == 0, built.said
    pages = {path for path in built.files() if path.endswith("index.html")}
    assert pages == {
        "index.html",
        "candour/index.html",
        "embed/index.html",
        "embed/mail/index.html",
        "embed/webmail/index.html",
        "components/mail/index.html",
        "components/mail/2026/index.html",
        "components/webmail/index.html",
        "components/webmail/2026/index.html",
        "customers/index.html",
        "history/2026/index.html",
        "history/2026-10/index.html",
        "history/2026-11/index.html",
        "history/causes/hardware/index.html",
        "history/causes/hardware/2026/index.html",
        "history/kinds/incident/index.html",
        "history/kinds/incident/2026/index.html",
        "history/kinds/maintenance/index.html",
        "history/kinds/maintenance/2026/index.html",
        "history/index.html",
        "incidents/2026-10-01-disk/index.html",
        "incidents/2026-11-02-mail-late/index.html",
        "incidents/2026-11-08-routers/index.html",
        "maintenance/index.html",
        "post-mortems/index.html",
        "search/index.html",
        "promises/index.html",
        "subscribe/index.html",
        "uptime/index.html",
    }
    assert {"history.atom", "history.rss", "assets/aboveboard/aboveboard.css"} <= built.files().keys()


def test_every_link_of_every_page_leads_to_a_file(tmp_path: Path):
    """Style sheets, scripts, feeds, pages and headings alike, at every depth."""
    built = mkdocs(lay_out(tmp_path))

    assert [link for link in built.broken_links() if not link.startswith("404")] == []


def test_the_page_that_a_person_wrote_keeps_its_words(tmp_path: Path):
    built = mkdocs(
        lay_out(tmp_path, SITE | {"docs/history.md": "---\ntemplate: history.html\n---\n\nOur *own* words."})
    )

    assert built.status == 0, built.said
    assert "Our <em>own</em> words." in built.text("history/index.html")
    assert "Mail is late" in built.text("history/index.html")


def test_what_a_person_wrote_at_our_address_is_theirs(tmp_path: Path):
    built = mkdocs(lay_out(tmp_path, SITE | {"docs/history.md": "# Mine\n", "docs/history.atom": "mine"}), "--strict")

    assert built.status == 0, built.said
    assert "Mail is late" not in built.text("history/index.html")
    assert built.text("history.atom") == "mine"


def test_a_template_of_ours_in_another_place_is_refused(tmp_path: Path):
    """Every link on it would be wrong."""
    built = mkdocs(lay_out(tmp_path, SITE | {"docs/elsewhere.md": "---\ntemplate: uptime.html\n---\n"}))

    assert built.status == 1
    assert 'docs/elsewhere.md:1:1: template: "uptime.html" is for uptime/index.md; move this page there' in built.said


@pytest.mark.parametrize("theme", ["material", "mkdocs", "readthedocs"])
def test_html_in_a_title_is_text_everywhere(tmp_path: Path, theme: str):
    """In the page, its head, its scripts, the board, the search, the sitemap and the feeds."""
    config = CONFIG.replace("{name: material, font: false}", theme).replace(
        "name: Mail}", f"name: {json.dumps(HOSTILE)}}}"
    )
    notice = NOTICE.replace("Mail is late", json.dumps(HOSTILE))
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": config, "incidents/2026/2026-11-02-mail-late.md": notice}))

    assert built.status == 0, built.said
    told = [
        path
        for path in built.files()
        if path.endswith((".html", ".xml", ".atom", ".rss")) and "alert(1)" in built.text(path)
    ]
    assert "incidents/2026-11-02-mail-late/index.html" in told
    assert [path for path in told if "<script>alert(1)" in built.text(path)] == []
    entries = json.loads(built.text("search/search_index.json"))["docs"]
    shown_as_html = theme == "material"
    assert any("alert(1)" in entry["title"] for entry in entries)
    assert any("<script>" in entry["title"] for entry in entries) is not shown_as_html


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("# Q&A", "Q&amp;A"),
        ("# <b>x</b> & y", "x &amp; y"),
        ("# Write `&amp;`, not `<b>`", "Write &amp;amp;, not &lt;b&gt;"),
        ("---\ntitle: Q&A\n---\n", "Q&amp;A"),
        ("---\ntitle: <script>alert(1)</script> & more\n---\n", "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more"),
        ("---\ntitle: 2026\n---\n", "2026"),
    ],
)
@pytest.mark.parametrize("shell", ["own", "theme"])
def test_a_title_of_a_person_is_text_and_escaped_once(tmp_path: Path, words: str, shown: str, shell: str):
    """MkDocs has a heading as HTML and a title from the front matter as it was written."""
    config = f"{CONFIG}      shell: {shell}\n"
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": config, "docs/more.md": f"{words}\n\nHello.\n"}), "--strict")
    page = built.text("more/index.html")

    assert built.status == 0, built.said
    assert f"<title>{shown} &middot; Example</title>" in page
    assert f"<h1><bdi>{shown}</bdi></h1>" in page
    assert f'<li><a href="./">{shown}</a></li>' in page
    assert f'<li><a href="more/">{shown}</a></li>' in built.text("index.html")
    assert HEADER.findall(page) == ([shown] if shell == "theme" else [])
    assert "<script>alert(1)" not in page


def test_a_title_from_the_navigation_is_text_too(tmp_path: Path):
    config = f"{CONFIG}nav:\n  - index.md\n  - <b>Q&A</b>: more.md\n"
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": config, "docs/more.md": "# Other\n"}), "--strict")

    assert built.status == 0, built.said
    assert "<h1><bdi>&lt;b&gt;Q&amp;A&lt;/b&gt;</bdi></h1>" in built.text("more/index.html")
    assert '<a href="more/">&lt;b&gt;Q&amp;A&lt;/b&gt;</a>' in built.text("index.html")


HOOK = """
def on_page_content(html, *, page, **_):
    return html.replace("The disk is full.", "The disk is FULL.")
"""


@pytest.mark.parametrize("theme", ["material", "mkdocs"])
@pytest.mark.parametrize("directory_urls", ["true", "false"])
def test_plugins_may_change_our_pages_where_that_is_asked_for(tmp_path: Path, theme: str, directory_urls: str):
    """Each goes through MkDocs then, and is the same but for what they change."""
    config = CONFIG.replace("{name: material, font: false}", theme) + f"use_directory_urls: {directory_urls}\n"
    usual = mkdocs(lay_out(tmp_path / "usual", SITE | {"mkdocs.yml": config}))
    asked = config.replace("aboveboard:\n", "aboveboard:\n      page_events: true\n")
    changed = mkdocs(
        lay_out(tmp_path / "asked", SITE | {"mkdocs.yml": f"{asked}hooks: [hook.py]\n", "hook.py": HOOK}), "--strict"
    )

    assert changed.status == 0, changed.said
    assert changed.files().keys() == usual.files().keys()
    assert "The disk is FULL." in changed.text("incidents/2026-11-02-mail-late/index.html")
    for path in usual.files():
        if path.endswith("index.html") and not path.startswith("embed/"):
            one, other = (re.search(r'<div class="ab".*</footer>', it.text(path), re.DOTALL) for it in (usual, changed))
            assert one
            assert other
            assert other[0].replace("FULL", "full") == one[0]
    assert changed.broken_links("incidents/") == []


def test_two_of_us_may_both_have_their_pages_changed(tmp_path: Path):
    config = CONFIG.replace("aboveboard:\n", "aboveboard:\n      page_events: true\n")
    (ours,) = re.findall(r"  - aboveboard:\n(?:   .*\n)+", config)
    other = ours.replace("page_events: true\n", "page_events: true\n      prefix: other\n      incidents: others\n")
    config = f"{config.replace(ours, ours + other)}hooks: [hook.py]\n"
    notice = NOTICE.replace("2026-10-01-disk.md", "2026-11-02-theirs-late.md")
    files = {"mkdocs.yml": config, "hook.py": HOOK, "others/2026-11-02-theirs-late.md": notice}

    built = mkdocs(lay_out(tmp_path, SITE | files))

    assert built.status == 0, built.said
    for path in ("incidents/2026-11-02-mail-late", "other/incidents/2026-11-02-theirs-late"):
        assert "The disk is FULL." in built.text(f"{path}/index.html")


def test_a_bad_notice_is_told_in_sentences_and_the_site_stays(tmp_path: Path):
    """All of them at once, without a traceback, before MkDocs empties the folder."""
    mkdocs(lay_out(tmp_path))
    before = (tmp_path / "site" / "index.html").read_bytes()
    lay_out(
        tmp_path,
        {
            "incidents/2026/2026-11-02-mail-late.md": NOTICE.replace("Investigating", "Fixed"),
            "incidents/2026/2026-10-01-disk.md": "---\ntitle: ''\n---\n",
        },
    )
    built = mkdocs(tmp_path)

    assert built.status == 1
    assert re.search(r"^(ERROR +- +)?incidents/2026/2026-10-01-disk\.md:\d+:\d+: ", built.said, re.MULTILINE)
    assert re.search(r"^(ERROR +- +)?incidents/2026/2026-11-02-mail-late\.md:\d+:\d+: ", built.said, re.MULTILINE)
    assert "Traceback" not in built.said
    assert (tmp_path / "site" / "index.html").read_bytes() == before


def test_a_bad_setting_is_told_in_sentences(tmp_path: Path):
    built = mkdocs(
        lay_out(tmp_path, SITE | {"mkdocs.yml": f"{CONFIG}      timezone: Europe/Nowhere\n      colour: red\n"})
    )

    assert built.status == 1
    assert re.search(r"mkdocs\.yml:10:\d+: timezone: ", built.said)
    assert re.search(r"mkdocs\.yml:11:\d+: colour: ", built.said)
    assert "Traceback" not in built.said


def test_the_same_moment_makes_the_same_bytes(tmp_path: Path):
    """The whole site, the theme's files and the compressed sitemap among them."""
    one = mkdocs(lay_out(tmp_path / "one"))
    other = mkdocs(lay_out(tmp_path / "other"))

    assert one.files() == other.files()


def test_the_moment_is_source_date_epoch_then_the_setting(tmp_path: Path):
    """Only the setting makes a clock that stands still, and only it is said on the pages."""
    lay_out(tmp_path, SITE | {"mkdocs.yml": f"{CONFIG}      now: 2026-11-03 08:00\n"})
    stands_still = "The clock of this site stands still"

    assert stands_still not in mkdocs(tmp_path).text("index.html")
    assert f"{stands_still}</b> at 2026-11-03 08:00" in mkdocs(tmp_path, now=None).text("index.html")


def test_a_moment_that_is_none_is_told(tmp_path: Path):
    built = mkdocs(lay_out(tmp_path), now="yesterday")

    assert built.status == 1
    assert (
        'SOURCE_DATE_EPOCH:1:1: "yesterday" is not a time; write whole seconds since 1970, as `date +%s` does'
        in built.said
    )


def test_what_is_dated_ahead_is_withheld_and_told(tmp_path: Path):
    """Even a strict build goes through: everything else must be published."""
    later = NOTICE.replace("+34m", "2026-11-02 12:30")
    built = mkdocs(lay_out(tmp_path, SITE | {"incidents/2026/2026-11-02-mail-late.md": later}), "--strict")

    assert built.status == 0, built.said
    assert (
        "incidents/2026/2026-11-02-mail-late.md:11:1: this update is dated 2026-11-02 12:30 (UTC), which is still to "
        "come; it is not published yet" in built.said
    )
    assert "The disk is full" not in built.text("incidents/2026-11-02-mail-late/index.html")


def test_our_pages_are_in_the_sitemap_and_in_search(tmp_path: Path):
    built = mkdocs(lay_out(tmp_path))
    sitemap = built.text("sitemap.xml")
    found = {entry["location"]: entry for entry in json.loads(built.text("search/search_index.json"))["docs"]}

    assert sitemap.count("<loc>https://status.example.org/</loc>") == 1
    assert "<loc>https://status.example.org/incidents/2026-11-02-mail-late/</loc>" in sitemap
    assert gzip.decompress((built.site / "sitemap.xml.gz").read_bytes()).decode() == sitemap
    assert found["incidents/2026-11-02-mail-late/"]["title"] == "Mail is late"
    assert found["incidents/2026-11-02-mail-late/"]["text"].endswith("See what we said before. The disk is full.")
    assert [location for location in found if "hole" in location] == []


def test_nothing_is_left_of_the_holes(tmp_path: Path):
    built = mkdocs(lay_out(tmp_path))

    assert [path for path, content in built.files().items() if b"aboveboard-hole" in content] == []


def test_notices_may_not_read_files(tmp_path: Path):
    """The site's extensions hold in notices, but for those that would put files of the builder's into them."""
    config = f"{CONFIG}markdown_extensions:\n  - pymdownx.snippets\n  - pymdownx.mark\n"
    notice = NOTICE.replace("The disk is full.", 'The ==disk== is full.\n\n--8<-- "mkdocs.yml"')
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": config, "incidents/2026/2026-11-02-mail-late.md": notice}))
    page = built.text("incidents/2026-11-02-mail-late/index.html")

    assert built.status == 0, built.said
    assert "pymdownx.snippets reads other files or rewrites links: notices do without it" in built.said
    assert "The <mark>disk</mark> is full." in page
    assert "site_name:" not in page
