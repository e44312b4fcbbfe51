"""A page of the host with holes in it: made once for each depth of folders, filled for each of our pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from html import escape
from typing import Self

from msgspec import Struct

from .pages import Text

HOLES = Text(
    title="aboveboard-hole-title",
    description="aboveboard-hole-description",
    head="aboveboard-hole-head",
    content="aboveboard-hole-content",
)
"""What the host is given to print in place of a page of ours. No theme changes such words, none would write them."""

_NEEDED = {
    HOLES.content: "the theme has neither a block `container` nor a block `content`: pages of ours cannot be shown",
    HOLES.head: "the theme has no block `extrahead`: pages of ours would have no style sheet",
}
"""What no page can do without, and what is said of a theme that leaves it out."""

_FOLDER = "aboveboard-hole-folder"
_HTML = re.compile(r"<html\b([^>]*)>", re.IGNORECASE)
_LANG = re.compile(r"""\s(?:lang|dir)=("[^"]*"|'[^']*'|[^\s>]*)""", re.IGNORECASE)
_BODY = re.compile(r"""(<body\b[^>]*?\s)dir=["']?\w*["']?""", re.IGNORECASE)
_SCRIPT = re.compile(r"(<script\b.*?</script>)", re.IGNORECASE | re.DOTALL)
_INLINE = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)
_DATA = re.compile(r"\bsrc\s*=|\btype\s*=\s*[\"']?[^\"'\s>]*json", re.IGNORECASE)
"""In the tag of a script that is elsewhere, or is no program."""

_UNQUOTED = re.compile(r"(?<==)(aboveboard-hole-[a-z/-]+)(?=[\s>])")


def folders(depth: int) -> str:
    """A folder at this depth that stands for the folder of whichever page is filled in: `…/…/`."""
    return f"{_FOLDER}/" * depth


class Frame(Struct, frozen=True):
    """The host's page, cut at its holes."""

    parts: tuple[str, ...]
    """Text and holes in turn, text first and last."""
    scripted: tuple[bool, ...]
    """For each hole whether it lies inside a script, where text is spelled as in JSON."""
    packed: tuple[bytes, ...]
    """The text as it is written, which is the same on every page."""
    digest: bytes
    """Of its text."""

    @classmethod
    def of(cls, html: str, depth: int) -> Self:
        """Cut a page that was rendered with `HOLES` at `folders(depth)`.

        Raises ValueError, with a sentence, where the theme leaves out what no page can do without.
        """
        address = folders(depth).rstrip("/")
        tokens = [token for token in (address, HOLES.title, HOLES.description, HOLES.head, HOLES.content) if token]
        hole = re.compile("(" + "|".join(map(re.escape, tokens)) + ")")
        parts: list[str] = [""]
        scripted: list[bool] = []
        # A minifier may have taken the quotes from around a hole, in which there are no spaces yet.
        for nth, stretch in enumerate(_SCRIPT.split(_UNQUOTED.sub(r'"\1"', html))):
            text, *rest = hole.split(stretch)
            parts[-1] += text
            parts += rest
            scripted += [nth % 2 == 1] * (len(rest) // 2)
        for needed, sentence in _NEEDED.items():
            if needed not in parts[1::2]:
                raise ValueError(sentence)
        packed = tuple(part.encode() for part in parts)
        return cls(tuple(parts), tuple(scripted), packed, blake2b(b"\0".join(packed), digest_size=16).digest())

    def filled(self, at: str, text: Text) -> bytes:
        """The whole page of `text` at the address `at`. What is plain text is escaped for where it stands."""
        folder = at.rpartition("/")[0]
        plain = {HOLES.title: text.title, HOLES.description: text.description}
        html = {HOLES.head: text.head, HOLES.content: text.content}
        written = list(self.packed)
        for nth, in_script in enumerate(self.scripted):
            token = self.parts[2 * nth + 1]
            value = html.get(token)
            if value is None:
                value = plain.get(token, folder)
                value = _in_script(value) if in_script else escape(value)
            written[2 * nth + 1] = value.encode()
        return b"".join(written)

    def scripts(self) -> Iterator[str]:
        """The programs that stand inside the page and are the same on each that is filled in."""
        for tag, script in _INLINE.findall("".join(self.parts)):
            if not _DATA.search(tag) and "aboveboard-hole-" not in script:
                yield script


class Frames(Struct, frozen=True):
    """What the host gives for our pages to stand in."""

    render: Callable[[int, str], str]
    """From a depth and a language to the host's page with `HOLES` at `folders(depth)`."""
    made: dict[tuple[int, str], Frame] = {}
    """By depth and language, each rendered once."""
    written: dict[str, Frame] = {}
    """By their address, pages that a person wrote and that ask for what is ours."""
    words: dict[str, str] = {}
    """What is written on those, as safe HTML."""
    others: list[str] = []
    """Where the host's other pages lie, those without anything of ours."""

    def frame(self, at: str, lang: str = "") -> Frame:
        """The host's page for what stands at the address `at`, in that language or the site's own."""
        return self.written.get(at) or self.blank(at.count("/"), lang)

    def blank(self, depth: int, lang: str = "") -> Frame:
        """The host's page at any address of that depth at which nobody has written one."""
        if (depth, lang) not in self.made:
            self.made[depth, lang] = Frame.of(self.render(depth, lang), depth)
        return self.made[depth, lang]

    def inline(self, places: Iterable[tuple[int, str]]) -> list[str]:
        """The scripts that stand inside the host's pages at these depths, each in a language.

        A strict policy must allow them by name; one that differs from page to page is not among them.
        """
        every = [self.blank(depth, lang) for depth, lang in places] + list(self.written.values())
        return sorted({script for frame in every for script in frame.scripts()})


def in_language(html: str, code: str, direction: str) -> str:
    """The host's page as one in a language: whatever theme made it, assistive technology and hyphens go by this."""
    html = _HTML.sub(lambda found: f'<html lang="{code}" dir="{direction}"{_LANG.sub("", found[1])}>', html, count=1)
    return _BODY.sub(rf'\g<1>dir="{direction}"', html, count=1)


def _in_script(text: str) -> str:
    """Text for inside a quoted string of a script, that neither ends the string nor the script."""
    quoted = json.dumps(text)[1:-1].replace("'", r"\u0027")
    return quoted.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
