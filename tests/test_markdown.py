"""Markdown in notices: as the site writes it, less what a notice must not do."""

from __future__ import annotations

import subprocess
import sys
from functools import cache, reduce

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown

from aboveboard.render import markdown
from aboveboard.render.body import ToHtml

EVERY = tuple(sorted(markdown.LEAVES_ALONE))
SOME = [
    (),
    ("toc", "tables", "fenced_code"),  # what MkDocs has by itself
    ("tables", "attr_list", "def_list", "footnotes", "toc"),
    ("admonition", "codehilite", "fenced_code", "sane_lists"),
    ("attr_list", "md_in_html"),
    tuple(name for name in EVERY if name.startswith("pymdownx.")),
    EVERY,
]


@cache
def both(extensions: tuple[str, ...]) -> tuple[ToHtml, ToHtml]:
    """Ours, and Python-Markdown by itself."""
    library = Markdown(extensions=list(extensions))
    return markdown.converter(extensions, {}), lambda text: library.reset().convert(text)


def same(text: str, extensions: tuple[str, ...]) -> None:
    ours, theirs = both(extensions)

    assert ours(text) == theirs(text)


PLAIN = """Mail was late (again) 1.5 41,300 50% 12:30 it's "q" “q” é データ ل ٤ ½ • 👍 a: x/y a-b – - + = # @x , ;
? ! ... $5 https://x.example/ 1) 1. (1)"""
NEARLY = """is_late 1. 1) :b - + #x ## | ~~~ === --- == \\ \\* // /// ///x -- > : :: ::: !!! ??? ^ ~ $ $x$ @ & &amp;
&#8211; <b> a@b.example <a@b.example> https://x.example/?a=b&c=d ١. ﹡ x_ _x_ a_b [^1] [^1]: {#x} {: .x} *[ab]: [ ] [x]
[x]: [TOC] ![ ![a](b) [x][y] *a*b a*b* * *** ***a*** (*a*) "*a*" **a**b **a*b** ** `c*d` `{c}` `"c"` ` `` ```
`a``b` ``c`` `#!py x` `:::py x` [x](y&z) [x](y(z)) [x]() [](x) [x] (y) [x](<y>) [*a*](b) [`a`](b)
*[a](b)* **`a`** [a](b)[c](d)"""
BLOCKS = """-\tx § -x § - § - 1. x § - - x § - [ ] x § - [x](y) § - # x § - > x § - : x § - a¶¶- b § - a¶  b § * *a*¶* b
- `a`¶+ [b](c) § 1. a¶2. b § : a § !!! note §     a §   a § a   § a  § \t § > a § # a § a¶--- § [a]: b § ```¶a¶```
```text¶a: 1¶¶* b¶``` § /// note¶a¶/// § | a |¶|---| § <div>¶*a*¶</div>""".replace("\n", " § ")
MARKED = """`{}` **{}** *{}* [{}](https://x.example/a_b?c=d#e) [{}](../2026/a-b.md) [{}](mailto:a@b.example) [{}](//x)
[{}](#y) [{}](?q) [{}](x~y) [{}](a:b) [{}](.)"""

words = st.lists(st.sampled_from(PLAIN.split()), min_size=1, max_size=4).map(" ".join)
marked = st.sampled_from(MARKED.split())
spans = st.one_of(words, st.tuples(marked, words).map(lambda pair: pair[0].format(pair[1])))
starts = st.sampled_from(["It is", "It is", "It is", "1.5", "(", ""])
lines = st.tuples(starts, st.lists(spans, min_size=1, max_size=4)).map(
    lambda pair: " ".join([pair[0], *pair[1]]).lstrip()
)
items = st.tuples(st.sampled_from(["- ", "- ", "* ", "+ ", "-   "]), lines).map("".join)
fences = st.tuples(st.sampled_from(["", "text", "c-1"]), st.lists(lines | items, min_size=1, max_size=3)).map(
    lambda pair: "\n".join([f"```{pair[0]}", *pair[1], "```"])
)
blocks = st.one_of(*(st.lists(some, min_size=1, max_size=3).map("\n".join) for some in (lines, items)), fences)
posts = st.lists(blocks, min_size=1, max_size=3).map("\n\n".join)

letters = st.text("ab1. -*+_`[]()!:#<>&|\\{}~^$=@'\"/é٣…\n", min_size=1, max_size=3)
slips = st.one_of(
    letters,
    letters,
    st.sampled_from(NEARLY.split()).map(" {} ".format),
    st.sampled_from(NEARLY.split()),
    st.sampled_from(BLOCKS.replace("¶", "\n").split(" § ")).map("\n\n{}\n\n".format),
)
texts = st.tuples(posts, st.lists(st.tuples(st.integers(0, 60), slips), max_size=2)).map(
    lambda pair: reduce(lambda text, slip: f"{text[: slip[0]]}{slip[1]}{text[slip[0] :]}", pair[1], pair[0])
)
"""Posts, and posts with a slip or two of the pen."""

subsets = st.one_of(st.sampled_from(SOME), st.sampled_from(EVERY).map(lambda name: (name,)))


@given(texts, subsets)
@example("It is late.\n\n1. Not a list", ())
@example("Ends with a blank \nor two  \nmore", ())
@example("- a\n- b\n\n- c", ())
@example("- a\n\n* b\n\nc\n\n- d", ("sane_lists",))
@example("`#!python x` and `:::python x`", EVERY)
def test_the_short_way_writes_what_markdown_would(text: str, extensions: tuple[str, ...]):
    """With whichever of the extensions that leave plain Markdown alone."""
    same(text, extensions)


@given(st.text(max_size=60), subsets)
def test_so_it_does_for_any_text(text: str, extensions: tuple[str, ...]):
    same(text, extensions)


@given(st.sets(st.sampled_from(EVERY)), st.lists(texts, min_size=5, max_size=5))
def test_so_it_does_with_any_of_these_extensions_together(extensions: set[str], some: list[str]):
    for text in some:
        same(text, tuple(sorted(extensions)))


@pytest.mark.parametrize(
    "post",
    [
        "",
        "At 11:30 the queue held 18,900 messages (down from 41,300).\nIt shrinks.\n\nNothing is lost: it waits.",
        "“Übung macht den Meister” – 30 € • #12 @ 9:00, https://www.example.com/a?b=c",
        "**Resolved:** *all* is `max_connections = 30` again, see [the figures](https://www.example.com/a_b?c=d#e).",
        "It affects:\n\n- **mail:** late\n- [web](../2026/it-broke.md)\n- `db_1`\n\nNothing else.\n\n* FTP",
    ],
)
def test_what_most_people_write_goes_the_short_way(post: str):
    """Else the laws above say nothing."""
    html = markdown._plain(post)

    assert html is not None
    assert {both(extensions)[1](post) for extensions in SOME} == {html}


FENCED = """It answers:

```text
north 1: 502 <Bad Gateway>
  * & so on
```

- a
- b

```
# x_y_z
```

It is *late*."""


def test_so_do_blocks_of_code_where_nothing_colours_them():
    """Elsewhere they go to the library."""
    fenced = [extensions for extensions in SOME if "fenced_code" in extensions and "codehilite" not in extensions]
    html = markdown._plain(FENCED, fences=True)

    assert html is not None
    assert {both(extensions)[1](FENCED) for extensions in fenced} == {html}
    assert markdown._plain(FENCED) is None


NOT_PLAIN = (
    "a & b § 1. a § # a § > a § - a¶  b § - a¶¶- b § a  ¶b § a\u00a0b § a\u200bb § a_b § *a § [a] § <b> § ```¶a¶```"
)


@pytest.mark.parametrize("post", NOT_PLAIN.replace("¶", "\n").split(" § "))
def test_what_is_not_described_goes_to_the_library(post: str):
    assert markdown._plain(post) is None


@pytest.mark.parametrize("extension", ["smarty", "pymdownx.smartsymbols", "pymdownx.magiclink", "abbr"])
def test_an_extension_that_changes_prose_is_heard(extension: str):
    same("It's (c) -- see https://www.example.com/ or +/-", (extension,))


def test_an_option_that_changes_prose_is_heard():
    """Any words can be made to stand for the table of contents, and code can be coloured in its line."""
    options = {"toc": {"marker": "Contents"}, "pymdownx.inlinehilite": {"style_plain_text": "python"}}
    convert = markdown.converter(list(options), options)

    assert 'class="toc"' in convert("Contents")
    assert 'class="highlight"' in convert("It was `x = 1`")


def test_markdown_is_imported_when_a_body_needs_it():
    """Most builds are of one more plain post."""
    program = """if True:
        import sys
        from aboveboard.render.markdown import converter
        to_html = converter(["toc", "tables"], {})
        to_html("It is **late**.")
        assert "markdown" not in sys.modules
        assert to_html("1. It is late") == "<ol>\\n<li>It is late</li>\\n</ol>"
        assert "markdown" in sys.modules
    """
    subprocess.run([sys.executable, "-c", program], check=True)


def test_extensions_that_read_files_are_refused():
    assert markdown.refused(["tables", "pymdownx.snippets", "mdx_include.mdx_include"]) == [
        "pymdownx.snippets",
        "mdx_include.mdx_include",
    ]
