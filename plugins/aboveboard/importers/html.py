"""The HTML that people type into status pages, as Markdown that says the same, with no raw HTML left."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from markdown import markdown as to_html
from markdownify import ATX, MarkdownConverter

from ..lines import Line, lines
from . import plain

UPDATE_HEADINGS = 4
"""The highest level that a heading keeps in an update: 2 divides a notice, 3 a post-mortem."""

POST_MORTEM_HEADINGS = 3
"""The highest level that a heading keeps in a post-mortem: there it begins a section."""

VANISHING = frozenset(("audio", "embed", "iframe", "input", "object", "script", "style", "svg", "video"))
"""Tags of which Markdown keeps nothing, or only the words inside."""

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "div", "dl", "dt"),
        *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav"),
        *("ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_MARKED = frozenset(("a", "b", "code", "del", "em", "i", "kbd", "s", "samp", "strong"))
"""Inline tags that leave a mark in Markdown, which may not run past a line's end."""

_OTHERS = frozenset(
    (
        *("abbr", "big", "body", "br", "cite", "col", "colgroup", "font", "html", "img", "ins", "label", "mark", "q"),
        *("small", "span", "strike", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    )
)
_NAMES = "|".join(sorted(_BLOCKS | _MARKED | _OTHERS | VANISHING))
_TAG = re.compile(rf"</?({_NAMES})(?=[\s/>])[^<>]*>", re.I)
_NO_TAG = re.compile(rf"<(?!/?(?:{_NAMES})(?=[\s/>])[^<>]*>)", re.I)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ENTITY = re.compile(r"&(?:amp|[lg]t|quot|nbsp|[mn]dash|[lr][sd]quo|hellip|bull|#\d{2,6}|#x[0-9a-f]{2,5});", re.I)
_LINKS = frozenset(("http", "https", "mailto", "tel"))
_BREAK = "\u2028"
"""A visible line break, LINE SEPARATOR; white space in HTML, a line feed is none."""

_SPACE = re.compile(r"\s+")
_SPACE_BUT_BREAK = re.compile(rf"[^\S{_BREAK}]+")
_BRACKET = re.compile(r"(?<!\\)[\[\]]")
_UNSAFE_IN_URL = {ord(mark): f"%{ord(mark):02X}" for mark in " \"'()<>[]\\`"}


def markdown(body: str, *, base: str = "", headings: int = UPDATE_HEADINGS) -> str:
    """A body as Markdown, without blank lines at either end.

    It is HTML where it holds a tag or an entity of HTML, else plain text: `< 2%` is no tag. A line break of plain
    text was visible and becomes a paragraph; within an HTML block it was not. Relative links are made whole with
    `base`. The highest heading gets level `headings` and the others follow. Pictures become links to themselves:
    a status page asks nothing of another host.
    """
    text = _NO_TAG.sub("&lt;", _COMMENT.sub("", body)) if is_html(body) else escape(body, quote=False)
    # Wrapped, for Beautiful Soup warns of text that looks like a file's name or an address.
    soup = BeautifulSoup(f"<body>{text}</body>", "html.parser")
    try:
        said = _said(soup, base, headings)
    except RecursionError:  # thousands of tags within one another: the words are what matters
        said = plain.markdown(soup.get_text("\n"))
    written = "\n".join(line.rstrip() for line in said.strip().splitlines())
    return "\n".join(_not_below(line) if line.underline else line.text for line in lines(written))


def _not_below(line: Line) -> str:
    """A line that would make a heading of the one above it, so written that it says only itself."""
    text = line.text.lstrip()
    return f"&#61;{text[1:]}" if text[0] == "=" else f"\\{text}"


def from_markdown(body: str, *, base: str = "", headings: int = POST_MORTEM_HEADINGS) -> str:
    """Markdown of somebody else's making, its HTML among it, as ours: headings that fit, every fence closed."""
    rendered = to_html(body, extensions=["fenced_code", "tables", "sane_lists", "nl2br"])
    return markdown(rendered, base=base, headings=headings)


def is_html(body: str) -> bool:
    """Whether it holds a tag or an entity that a browser would have read as one."""
    return bool(_TAG.search(body) or _ENTITY.search(body) or _COMMENT.search(body))


def vanishing(body: str) -> tuple[str, ...]:
    """The names of the tags in it of which nothing, or only the words inside, is kept; `!--` for a comment."""
    names = [name for found in _TAG.finditer(body) if (name := found[1].lower()) in VANISHING]
    return tuple(dict.fromkeys((*names, *("!--" for _ in _COMMENT.finditer(body)))))


def _said(soup: BeautifulSoup, base: str, headings: int) -> str:
    """What it says, in Markdown. RecursionError where tags are nested too deep."""
    for tag in soup(("script", "style")):
        tag.decompose()
    for tag in soup("br"):
        tag.replace_with(_BREAK)
    for tag in soup(list(_MARKED - {"a"})):
        if tag.find(list(_BLOCKS)):  # a mark ends in its paragraph, and its text is escaped as within a line
            tag.unwrap()
    for tag in soup(("td", "th")):
        if tag.find_parent("tr") is None:  # a cell of no table
            tag.unwrap()
    soup.smooth()
    names = sorted({tag.name for tag in soup(("h1", "h2", "h3", "h4", "h5", "h6"))})
    return _Converter(base, {name: min(6, headings + at) for at, name in enumerate(names)}).convert_soup(soup)


class _Converter(MarkdownConverter):
    """Markdownify, with our escapes, lists that Python-Markdown nests, and marks that end where their line does."""

    def __init__(self, base: str, levels: dict[str, int]) -> None:
        super().__init__(heading_style=ATX, bullets="-", table_infer_header=True)
        self.base = base
        self.levels = levels

    def process_text(self, el: NavigableString, parent_tags: set[str]) -> str:
        """Text between tags: the one place where escapes are made."""
        text = str(el)
        if "pre" in parent_tags:
            return text.replace(_BREAK, "\n")
        if "_inline" in parent_tags or parent_tags & _MARKED:
            return self._within_a_line(_SPACE.sub(" ", text), parent_tags)
        if parent_tags & _BLOCKS:
            text = _SPACE_BUT_BREAK.sub(" ", text)
        text = text.replace(_BREAK, "\n")
        first, newline, more = ("", "", text) if _begins_line(el) else text.partition("\n")
        before = plain.inline(first) + ("\n\n" if newline else "")
        after = plain.markdown(more)
        if text.rstrip(" \t").endswith("\n"):
            return f"{before}{after}\n\n"
        return before + after + " " * (text[-1:].isspace() and bool(after))

    def _within_a_line(self, text: str, parent_tags: set[str]) -> str:
        """Text in a link, in marks, in a heading or in a cell, which is all on one line."""
        if "_noformat" in parent_tags:
            return text
        said = _BRACKET.sub(r"\\\g<0>", plain.literal(text)) if "a" in parent_tags else plain.inline(text)
        return said.replace("|", r"\|") if parent_tags & {"td", "th"} else said

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A link, where it leads somewhere that may be followed from a page."""
        href = urljoin(self.base, str(el.get("href", "")).strip()).translate(_UNSAFE_IN_URL)
        if "_noformat" in parent_tags or not text.strip() or _scheme(href) not in _LINKS:
            return _SPACE.sub(" ", text)
        if el.get_text().strip() == href and "mailto" not in href:
            return _around(f"<{href}>", el, text)
        return _around(f"[{_SPACE.sub(' ', text.strip())}]({href})", el, text)

    def convert_img(self, el: Tag, _text: str, parent_tags: set[str]) -> str:
        """A link to the picture."""
        source = urljoin(self.base, str(el.get("src", "")).strip()).translate(_UNSAFE_IN_URL)
        alt = _BRACKET.sub(r"\\\g<0>", plain.literal(_SPACE.sub(" ", str(el.get("alt", ""))).strip()))
        if "a" in parent_tags or _scheme(source) not in _LINKS:
            return alt
        return f"[{alt}]({source})" if alt else f"<{source}>"

    def convert_b(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Strong, unless it is already."""
        return text if parent_tags & {"b", "strong"} else _marked("**", el, text, parent_tags)

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Emphasis, unless it is already."""
        return text if parent_tags & {"em", "i"} else _marked("*", el, text, parent_tags)

    def convert_hN(self, _level: int, el: Tag, text: str, *_: object) -> str:  # noqa: N802 - markdownify's name
        """A heading as high as its place allows."""
        title = _SPACE.sub(" ", text).strip()
        title = f"{title[:-1]}\\#" if title.endswith("#") else title
        return f"\n\n{'#' * self.levels[el.name]} {title}\n\n" if title else ""

    def convert_li(self, el: Tag, text: str, **_: object) -> str:
        """An item; what follows in it is indented by four, as Python-Markdown wants it and CommonMark allows."""
        number = f"{len(el.find_previous_siblings('li')) + 1}." if el.parent and el.parent.name == "ol" else "-"
        first, *more = text.strip().splitlines() or [""]
        if not first:
            return ""
        return "\n".join([f"{number} {first}", *(f"    {line}" if line else "" for line in more)]) + "\n"

    def convert_list(self, _el: Tag, text: str, parent_tags: set[str]) -> str:
        """A list, apart from what stands around it; one within an item may follow its words at once."""
        items = text.strip("\n")
        before = "\n" if "li" in parent_tags else "\n\n"
        return f"{before}{items}\n\n" if items else ""

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A fence longer than any in it; within a list or a quotation an indented block, as core Markdown has it.

        Where an item or a quotation begins with it, no block can be indented there: it becomes words.
        """
        lines = text.strip("\n").splitlines()
        if parent_tags & {"li", "blockquote"} and _opens(el):
            return "\n\n" + "\n\n".join(plain.begin(line.strip()) for line in lines if line.strip()) + "\n\n"
        if parent_tags & {"li", "blockquote"}:
            return "\n\n" + "\n".join(f"    {line}" for line in lines) + "\n\n"
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        return "\n\n" + "\n".join((fence, *lines, fence)) + "\n\n" if text.strip() else ""

    def convert_dt(self, _el: Tag, text: str, **_: object) -> str:
        """A paragraph, as is its definition: core Markdown has no list of them."""
        return f"\n\n{text.strip()}\n\n"

    convert_ol = convert_ul = convert_list
    convert_strong = convert_b
    convert_i = convert_em
    convert_address = convert_caption = convert_center = convert_dd = convert_details = convert_dt
    convert_aside = convert_figcaption = convert_figure = convert_footer = convert_header = convert_dt
    convert_main = convert_nav = convert_summary = convert_dt


def _begins_line(el: PageElement) -> bool:
    """Whether nothing stands before this text on its line."""
    at: PageElement = el
    while True:
        while at.previous_sibling is None and at.parent is not None and at.parent.name not in _BLOCKS:
            at = at.parent
        if at.previous_sibling is None:
            return True
        at = at.previous_sibling
        if isinstance(at, Tag) and at.name in _BLOCKS:
            return True
        if (isinstance(at, Tag) and at.name == "img") or at.get_text().strip():
            return False


def _opens(el: Tag) -> bool:
    """Whether an item of a list, or a quotation, has no words before this."""
    around = el.find_parent(("li", "blockquote"))
    for before in el.previous_elements:
        if before is around:
            return True
        if isinstance(before, NavigableString) and before.strip():
            return False
    return True


def _marked(mark: str, el: Tag, text: str, parent_tags: set[str]) -> str:
    """Text between marks. Blocks within stay unmarked, for a mark ends in its paragraph."""
    if "_noformat" in parent_tags or not text.strip() or "\n" in text.strip():
        return text
    return _around(f"{mark}{text.strip()}{mark}", el, text)


def _around(said: str, el: Tag, text: str) -> str:
    """What was made of the text, with the space that stood before and after it, once."""
    before, after = el.previous_sibling, el.next_sibling
    spaced = isinstance(before, NavigableString) and before[-1:].isspace()
    respaced = isinstance(after, NavigableString) and after[:1].isspace()
    leads = text[0].isspace() and not spaced and not _begins_line(el)
    trails = text[-1].isspace() and not respaced
    return " " * leads + said + " " * trails


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme.lower()
    except ValueError:
        return ""
