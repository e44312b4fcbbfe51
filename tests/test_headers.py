"""What a web server should say beside each file, and whether pages do without whatever that forbids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from aboveboard.render import headers
from building import CONFIG, SITE, lay_out, mkdocs
from hosting import hosted

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {framed}"
)

RICH = """# How we run this page

| Word | We use it | Often |
|:-----|:---------:|------:|
| down | rarely    |     1 |

```python
print("A program in a page, which must be no more than that.")
```
"""

segments = st.sampled_from(["index.html", "history", "embed", "api", "assets", "x.json", "about.html", "de"])
files = st.lists(segments, min_size=1, max_size=3).map("/".join)


@given(pages=st.lists(files), data=st.lists(files))
def test_nothing_is_said_twice_of_any_file(pages: list[str], data: list[str]):
    """One host would join the two, another take the longer path's."""
    rules = headers.text(pages, data, policy=headers.policy(), hidden=False)
    for path in {*pages, *data}:
        said = told(rules, f"/{path.removesuffix('index.html')}")
        assert said["X-Content-Type-Options"] == "nosniff"
        assert "Cache-Control" in said
        assert ("Content-Security-Policy" in said) or path not in pages


def test_every_page_is_under_the_strict_policy(tmp_path: Path):
    """No page may be framed by others, and what is made to be read by programs may be read from anywhere."""
    built = mkdocs(lay_out(tmp_path, SITE | {"docs/about.md": RICH}))
    rules = built.text("_headers")

    assert built.status == 0, built.said
    for path in built.files():
        said = told(rules, f"/{path.removesuffix('index.html')}")
        if path.endswith(".html"):
            framed = "*" if path.startswith("embed/") else "'none'"
            assert said["Content-Security-Policy"] == STRICT.format(framed=framed), path
        elif path.startswith(("history.", "built.")):
            assert said["Access-Control-Allow-Origin"] == "*", path
            assert said["Cache-Control"] == "public, max-age=30", path


def test_what_is_made_to_be_embedded_may_be():
    rules = headers.text(["index.html", "embed/index.html"], [], policy=headers.policy(), hidden=False)

    assert told(rules, "/")["Content-Security-Policy"].endswith("; frame-ancestors 'none'")
    assert told(rules, "/embed/")["Content-Security-Policy"].endswith("; frame-ancestors *")


def test_another_language_s_folder_is_told_of_as_the_root_is(tmp_path: Path):
    """Its frames may be framed, and its feeds and data be read from anywhere."""
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": f"{CONFIG}      languages: [en, de]\n"}))
    rules = built.text("_headers")

    assert built.status == 0, built.said
    for path in built.files():
        if path.startswith("de/"):
            ours, theirs = (told(rules, f"/{one.removesuffix('index.html')}") for one in (path, path[3:]))
            assert ours == theirs, path


def test_what_programs_read_may_be_read_from_anywhere(tmp_path: Path):
    """In folders of pages, too."""
    built = mkdocs(lay_out(tmp_path, SITE))
    rules = built.text("_headers")
    pages = (".html", "_headers", ".xml", ".xml.gz")  # what the host makes for search engines is theirs
    shut = {
        path
        for path in built.files()
        if not path.endswith(pages) and "Access-Control-Allow-Origin" not in told(rules, f"/{path}")
    }

    assert {path.partition("/")[0] for path in shut} == {"assets", "cards"}


def nginx(text: str, path: str) -> Mapping[str, str]:
    """What the manual's configuration has nginx say of a path: the first expression of a map that fits, else its
    default; and no header whose value is blank.
    """
    values = {}
    for name, body in re.findall(r"^map \$uri \$(\w+) \{(.*)\}$", text, re.MULTILINE):
        found = re.findall(r'(?:default|~(\S+)) "([^"]*)";', body)
        values[name] = next(
            (value for expression, value in found if expression and re.search(expression, path)), found[0][1]
        )
    said = re.findall(r'^    add_header (\S+) "?([^"\n]*?)"?(?: always)?;$', text, re.MULTILINE)
    return {name: value for name, raw in said if (value := re.sub(r"\$(\w+)", lambda one: values[one[1]], raw))}


def caddy(text: str, path: str) -> Mapping[str, str]:
    """What it has Caddy say."""
    fits = {"": True}
    for name, is_not, expression in re.findall(r"^    @(\w+) (not )?path_regexp (\S+)$", text, re.MULTILINE):
        fits[name] = bool(re.search(expression, path)) != bool(is_not)
    said = re.findall(r'^    header (?:@(\w+) )?([\w-]+) (?:"([^"]*)"|(\S+))$', text, re.MULTILINE)
    return {name: quoted or plain for matcher, name, quoted, plain in said if fits.get(matcher)}


@pytest.mark.parametrize("server", [nginx, caddy])
def test_the_manual_has_servers_say_what_headers_says(tmp_path: Path, server: Callable[[str, str], Mapping[str, str]]):
    """Of every file of a site in two languages."""
    manual = (Path(__file__).parents[1] / "docs/deploying.md").read_text("utf-8")
    _, block = manual.split(f"```{server.__name__}\n")
    text = block.partition("```")[0].replace("POLICY", headers.policy())
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": f"{CONFIG}      languages: [en, de]\n"}))
    rules = built.text("_headers")
    for file in built.files().keys() - {"_headers"}:
        path = f"/{file.removesuffix('index.html')}"
        expected, said = told(rules, path), server(text, path)
        assert expected.items() <= said.items(), path
        assert said.keys() - expected.keys() <= {"Content-Security-Policy", "Cache-Control"}, path


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs"])
def test_of_another_theme_no_policy_is_known(tmp_path: Path, theme: str):
    config = CONFIG.replace("{name: material, font: false}", theme)

    assert "Content-Security-Policy" not in mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": config})).text("_headers")


def test_a_guest_says_nothing_of_the_whole_site(tmp_path: Path):
    config = f"{CONFIG}      prefix: status\n"
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": config, "docs/index.md": ""}))

    assert built.status == 0, built.said
    assert [path for path in built.files() if path.endswith("_headers")] == []


def test_a_site_may_have_its_own(tmp_path: Path):
    assert (
        mkdocs(lay_out(tmp_path, SITE | {"docs/_headers": "/*\n  X-Mine: 1\n"})).text("_headers").endswith("Mine: 1\n")
    )


def test_search_engines_stay_away_where_that_is_asked_for(tmp_path: Path):
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": f"{CONFIG}      noindex: true\n"}))

    assert told(built.text("_headers"), "/history.atom")["X-Robots-Tag"] == "noindex"
    for path in ("index.html", "incidents/2026-11-02-mail-late/index.html", "404.html"):
        assert '<meta name="robots" content="noindex">' in built.text(path)
    assert "robots" not in mkdocs(lay_out(tmp_path / "other")).text("index.html")


@pytest.mark.parametrize("options", ["", "shell: theme"])
def test_no_page_asks_for_what_the_policy_forbids(tmp_path: Path, new_page: Callable[..., Page], options: str):
    """Every kind of page, served with exactly these headers. Of Material's own scripts, each is allowed by its hash."""
    more = "markdown_extensions: [tables, pymdownx.highlight, pymdownx.superfences]\n"
    config = f"{more}{CONFIG}{f'      {options}' if options else ''}\n"
    built = mkdocs(lay_out(tmp_path, SITE | {"mkdocs.yml": config, "docs/about.md": RICH}))
    assert built.status == 0, built.said
    page = new_page()
    broken: list[str] = []
    page.expose_function("broken", lambda said: broken.append(said))  # noqa: PLW0108 - Playwright marks what it is given
    page.add_init_script(
        "addEventListener('securitypolicyviolation', event => broken(`${location.pathname} ${event.violatedDirective}"
        " ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`))"
    )
    page.on(
        "console", lambda said: broken.append(said.text) if said.type == "error" and "404" not in said.text else None
    )
    kinds = [path.removesuffix("index.html") for path in built.files() if path.endswith(".html")]
    with hosted(built.site) as address:
        for path in kinds:
            answer = page.goto(f"{address}/{path}", wait_until="networkidle")
            assert answer
            assert "Content-Security-Policy".lower() in answer.headers, path
            assert page.evaluate("[...document.styleSheets].map(sheet => sheet.cssRules.length > 0)").count(True), path

    assert broken == []


def told(rules: str, path: str) -> Mapping[str, str]:
    """What a `_headers` says of the file at that address, as hosts read it. Raises ValueError if it says it twice."""
    found: dict[str, str] = {}
    applies = False
    for line in rules.splitlines():
        if not line.startswith(" "):
            applies = path == line or (line.endswith("*") and path.startswith(line[:-1]))
        elif applies:
            name, _, value = line.strip().partition(": ")
            if name in found:
                raise ValueError(f"{path} is given {name} twice")
            found[name] = value
    return found
