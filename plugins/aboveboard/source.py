"""Files to sources: text, front matter, and the line of every key. The only reader of the folder of notices."""

from __future__ import annotations

import os
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .model import ID
from .problem import Key, Place, Problem, spelled

if TYPE_CHECKING:  # what `_plain` cannot read, and where keys stand, is asked of YAML, which takes long to import
    import yaml

_NAME = re.compile(rf"({ID.pattern})(?:\.(postmortem|[a-z]{{2,3}}(?:-[A-Za-z0-9]{{2,8}})*))?")
"""The name of a notice's file without `.md`: its id, and what else it is to that notice."""

_TEXTS = frozenset({"", ".txt", ".text", ".markdown", ".mdown", ".mkd", ".mdx", ".rst", ".adoc", ".html", ".htm"}) | {
    *(".rtf", ".doc", ".docx", ".odt", ".pages", ".yml", ".yaml")
}
"""Endings of what somebody may have meant as a notice. With any other, a file lies beside one to be shown or linked."""

_FENCE = "---"
_CLOSED = re.compile(r"\n---[^\S\n]*(?=\n|\Z)")

_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
# "Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]"  XML 1.0, 2.2: feeds know no others,
# and YAML 1.1 none of U+0080 to U+009F, which are mostly Windows' quotation marks, saved wrong.

_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])

_PLAIN = re.compile(
    r"^(?P<indent> *)(?:- (?=.)|(?P<key>[A-Za-z0-9_][A-Za-z0-9_-]{0,99}):(?: (?=.)|$))"
    r"(?P<value>"
    # "Plain scalars must not begin with most indicators" and "must never contain the ': ' and ' #' character
    # combinations."  YAML 1.2.2, 7.3.3; 1.1 says the same.
    r"\w[^:#\n]*(?::(?=\S)[^:#\n]*)*(?<! )"
    # In quotes it may contain them; what is doubled or escaped there is left to YAML.
    r"|'[^'\n]*'|\"[^\"\\\n]*\""
    r")?$",
    re.MULTILINE,
)
"""A line of front matter, if it is printable, that says the same in YAML whatever stands in the lines about it."""

_DEEP = 20
"""Front matter of ours never nests so deep."""

_TOO_DEEP = "this nests too deep; no key holds so much"

_UNTAGGED = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"})

_ALIGNED = "keys stand below one another, with the same blanks before each"
_NO_COLON = "write a colon and a blank after the key, like title: …"
_CLOSING = {"{": "}", "[": "]"}
_ADVICE = (
    (r"cannot start any token", "put quotes round a value that begins with {here}"),
    (r"undefined alias|node content", "put quotes round a value that begins with {here}"),
    (r"expected (?:a )?comment or|alphabetic or numeric", "put quotes round a value that begins with {opened}"),
    (r"sequence entries are not", "put quotes round a value that begins with -, and begin a list on its own line"),
    (r"unknown escape", "put single quotes round a value that holds a backslash"),
    (r"expected key|<document start>|<block end>", _ALIGNED),
)
"""What mostly led to the words of libyaml, or to those of PyYAML without it, and what to write."""

_AFTER_QUOTES = re.compile(r"[:-]\s+(?P<value>(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')\s*[^\s,}\]#].*)")
"""A value that goes on after the quotation mark that closes it."""

_AFTER_BRACKETS = re.compile(r"[:-]\s+(?P<opened>[\[{]).*[\]}]\s*$")
_BARELY_QUOTED = re.compile(r"[:-]\s+[\"']\s*$")


SETTLED = 2_000_000_000
"""Nanoseconds after which a file is old enough that another change of it would show in its times."""


class Front(Struct, frozen=True):
    """Front matter as written: a scalar is the string that was typed, None where nothing was.

    YAML's guesses are not made here: `12:30` stays `12:30`, `no` stays `no`, `010` stays `010`. What a value is
    follows from its key.
    """

    values: Mapping[str, object] = {}
    text: str = ""
    """The YAML in which they stand."""
    first_line: int = 1
    """The line on which that begins."""

    def place(self, key: Key, *, content: bool = False) -> Place:
        """Where a key, or what stands behind it, is; of one that is not there, where its nearest parent is.

        That is looked up in the text when somebody asks, which is when something is wrong.
        """
        keys, contents = _places(self.text, self.first_line)
        places = contents if content else keys
        while key:
            if key in places:
                return places[key]
            key = key[:-1]
        return Place(1, 1)


class Source(Struct, frozen=True, kw_only=True):
    """One file, read but not understood."""

    path: str
    """Relative to the project, with forward slashes."""
    stem: str
    """The id of the notice that it is, or belongs to."""
    role: str = ""
    """Blank for a notice, `postmortem`, or the language of a translation."""
    front: Front = Front()
    body: str = ""
    line: int = 1
    """The line on which the body begins."""
    beside: frozenset[str] = frozenset()
    """The names of the files in its folder that a notice may show."""
    digest: bytes = b""
    """Of its bytes as they were read."""


class File(Struct, frozen=True):
    """A file that is to be a notice, or belongs to one, by its name."""

    path: str
    """Relative to the project, with forward slashes."""
    at: str
    """Where it lies."""
    stem: str
    role: str
    """Blank for a notice, `postmortem`, or the language of a translation."""
    beside: frozenset[str]
    """The names of the files in its folder that a notice may show."""
    stamp: tuple[int, int, int, int]
    """Size, times of change of the content and of the file in nanoseconds, and its number: while all are as they were,
    so is the content."""


class Listing(Struct, frozen=True):
    """The files of a folder, in the order of their paths."""

    files: tuple[File, ...]
    problems: tuple[Problem, ...]


class Reading(Struct, frozen=True):
    """All files of a folder, in the order of their paths."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]


def read(folder: Path, shown: str) -> Reading:
    """Every notice below `folder`, which problems call `shown`. A missing folder has no notices."""
    listing = listed(folder, shown)
    sources: list[Source] = []
    problems = list(listing.problems)
    for file in listing.files:
        try:
            sources.append(opened(file))
        except Unreadable as unreadable:
            problems.extend(unreadable.problems)
    return Reading(tuple(sources), tuple(problems))


def listed(folder: Path, shown: str) -> Listing:
    """Which files there are, without opening one."""
    files: list[File] = []
    problems: list[Problem] = []
    if folder.is_dir():
        for entry, path, beside in _entries(str(folder), shown, folder.resolve(), problems):
            try:
                files.append(_named(entry, path, beside))
            except Unreadable as unreadable:
                problems.extend(unreadable.problems)
    return Listing(tuple(files), tuple(problems))


def digest(file: File) -> bytes:
    """A digest of its bytes. One that cannot be read has the digest of nothing, and `opened` tells why."""
    try:
        return blake2b(_bytes(file), digest_size=16).digest()
    except OSError:
        return b""


def opened(file: File) -> Source:
    """The file, read but not understood. Raises Unreadable with what is wrong with it."""
    text, digest = _text(file)
    if file.role == "postmortem":
        if text.partition("\n")[0].rstrip() == _FENCE:
            sentence = "a post-mortem has no front matter of its own; postmortem_posted stands in the notice's"
            raise Unreadable(Problem(file.path, 1, 1, sentence))
        return Source(path=file.path, stem=file.stem, role=file.role, body=text, beside=file.beside, digest=digest)
    found, body, line = _divided(text, file.path)
    return Source(
        path=file.path,
        stem=file.stem,
        role=file.role,
        front=found,
        body=body,
        line=line,
        beside=file.beside,
        digest=digest,
    )


def named(path: str) -> tuple[str, str] | None:
    """The stem and role that a file's path gives it. None where it is no notice and belongs to none."""
    *folders, name = path.split("/")
    found = _NAME.fullmatch(name, 0, len(name) - 3) if name.endswith(".md") and name != "README.md" else None
    return (found[1], found[2] or "") if found and not any(one[:1] in "._" for one in folders) else None


def held(path: str, data: bytes) -> Source:
    """A file as git holds it. Raises Unreadable; and ValueError where the path names no notice."""
    known = named(path)
    if known is None:
        raise ValueError(f"{path} is no notice")
    text, digest = _decoded(data, path)
    found, body, line = (Front(), text, 1) if known[1] == "postmortem" else _divided(text, path)
    return Source(path=path, stem=known[0], role=known[1], front=found, body=body, line=line, digest=digest)


class Unreadable(Exception):
    """A file that is no source, and why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


def _entries(
    folder: str, shown: str, inside: Path, problems: list[Problem]
) -> Iterator[tuple[os.DirEntry[str], str, frozenset[str]]]:
    """The files that should be notices, sorted by folder, each with the names of the attachments beside it."""
    with os.scandir(folder) as found:
        entries = sorted([one for one in found if one.name[0] not in "._"], key=attrgetter("name"))
    # Mostly there are notices and nothing else, which the system has said already: nothing more is asked about those.
    others = [one for one in entries if not one.name.endswith(".md") or not one.is_file(follow_symlinks=False)]
    left_out = {one.name for one in others if one.is_symlink() and not _may_follow(one, shown, inside, problems)}
    beside = frozenset(
        one.name for one in others if one.name not in left_out and _is_attachment(one.name) and one.is_file()
    )
    asked = {one.name for one in others}
    for one in entries:
        name = one.name
        if name not in asked:
            if name != "README.md":
                yield one, f"{shown}/{name}", beside
        elif name in left_out:
            continue
        elif one.is_dir():
            yield from _entries(one.path, f"{shown}/{name}", inside, problems)
        elif not one.is_file():
            problems.append(Problem(f"{shown}/{name}", 1, 1, "this is not a file; move it out of the folder"))
        elif name != "README.md" and name not in beside:
            yield one, f"{shown}/{name}", beside


def _may_follow(link: os.DirEntry[str], shown: str, inside: Path, problems: list[Problem]) -> bool:
    """Whether a link leads to a file in the folder of notices. One to a folder would have its files read twice."""
    try:
        target = Path(link.path).resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: links that lead to one another, before Python 3.13
        sentence = "this is a link that leads nowhere; put the file itself here"
    else:
        if target.is_relative_to(inside) and target.is_file():
            return True
        where = (
            "to a folder that is read anyway" if target.is_relative_to(inside) else "to outside the folder of notices"
        )
        sentence = f"this is a link {where}; put the file itself here"
    problems.append(Problem(f"{shown}/{link.name}", 1, 1, sentence))
    return False


def _is_attachment(name: str) -> bool:
    ending = os.path.splitext(name)[1].lower()  # noqa: PTH122, ten thousand Paths cost as much as the files' bytes
    return ending != ".md" and ending not in _TEXTS


def _named(entry: os.DirEntry[str], path: str, beside: frozenset[str]) -> File:
    """The file by its name."""
    if not entry.name.endswith(".md"):
        sentence = "this is not a notice; name it something.md, begin its name with _ or move it out of the folder"
        raise Unreadable(Problem(path, 1, 1, sentence))
    name = _NAME.fullmatch(entry.name, 0, len(entry.name) - 3)
    if not name:
        sentence = (
            f'"{entry.name[:-3]}" cannot be an address; a file is named with small letters a to z, digits and hyphens, '
            "100 at most, like 2026-11-02-mail-delayed.md"
        )
        raise Unreadable(Problem(path, 1, 1, sentence))
    found = entry.stat()
    stamp = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    return File(path, entry.path, name[1], name[2] or "", beside, stamp)


def _text(file: File) -> tuple[str, bytes]:
    """The file as text, without a byte order mark, every line ending in a line feed; and a digest of its bytes."""
    try:
        written = _bytes(file)
    except OSError as error:
        raise Unreadable(Problem(file.path, 1, 1, f"this cannot be read: {error.strerror}")) from None
    return _decoded(written, file.path)


def _bytes(file: File) -> bytes:
    """What is in it. The system is called three times, and more often for one that has grown, has shrunk, or comes in
    parts, as from some network drives; `open` calls eight times.
    """
    opened = os.open(file.at, os.O_RDONLY | _BINARY)
    try:
        found = data = os.read(opened, file.stamp[0] + 1)
        while found and len(data) != file.stamp[0]:
            data += (found := os.read(opened, _MORE))
    finally:
        os.close(opened)
    return data


_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows' word for bytes as they are
_MORE = 1 << 20


def _decoded(written: bytes, path: str) -> tuple[str, bytes]:
    data = written.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        sentence = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise _unreadable_after(data[: error.start].decode("utf-8", "replace"), path, sentence) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _may_hold_unshowable(data) and (odd := _UNSHOWABLE.search(text)):
        sentence = f"the control character U+{ord(odd[0]):04X} cannot be shown; take it out"
        raise _unreadable_after(text[: odd.start()], path, sentence)
    return text, blake2b(written, digest_size=16).digest()


def _may_hold_unshowable(data: bytes) -> bool:
    """Whether it is worth to look through the text, which takes longer than to read the file.

    UTF-8 writes an ASCII character as its own byte, U+0080 to U+009F with C2, and U+FFFE and U+FFFF with EF BF.
    """
    if len(data.translate(None, _CONTROLS)) < len(data):
        return True
    return not data.isascii() and (b"\xc2" in data or b"\xef\xbf" in data)


def _unreadable_after(before: str, shown: str, sentence: str) -> Unreadable:
    return Unreadable(Problem(shown, before.count("\n") + 1, len(before) - before.rfind("\n"), sentence))


def _divided(text: str, shown: str) -> tuple[Front, str, int]:
    """Front matter, body, and the line on which the body begins."""
    opened = text.partition("\n")[0]
    if opened.rstrip() != _FENCE:
        sentence = 'a notice begins with a line "---", its front matter with a title, and another "---"'
        raise Unreadable(Problem(shown, 1, 1, sentence))
    closed = _CLOSED.search(text, len(opened))
    if closed is None:
        sentence = 'the front matter is not closed; write a line "---" after its last key'
        raise Unreadable(Problem(shown, 1, 1, sentence))
    found = front(text[len(opened) + 1 : closed.start()], shown, first_line=2)
    return found, text[closed.end() + 1 :], text.count("\n", 0, closed.end()) + 2


def front(text: str, shown: str, *, first_line: int = 1) -> Front:
    """YAML as a `Front`. Raises with every problem of it."""
    values = _plain(text)
    if values is None:
        values = _nodes(text, shown, first_line).values
    return Front(values, text, first_line)


def _plain(text: str) -> dict[str, object] | None:
    """The values of front matter without any of YAML's finer points; None where only YAML can tell.

    Almost all front matter is like that, and YAML takes ten times as long. Each line is a key with or without a value
    on it, or an item; those below a key without one stand under one another. That a line of `_PLAIN` is a scalar, and
    which, does not depend on the lines about it, as long as none that is indented stands below a value.
    """
    found: dict[str, object] = {}
    above: str | None = None
    """The key at the margin, as long as something may stand below it."""
    inner: dict[str, str | None] | list[str | None] | None = None
    depth = ""
    lines: list[tuple[str, str, str]] = _PLAIN.findall(text)
    if len(lines) <= text.count("\n") or not text.replace("\n", "").isprintable():
        return None
    for indent, key, written in lines:
        value = None if not written else written[1:-1] if written[0] in "'\"" else written
        if key and not indent:
            if key in found:
                return None
            found[key] = value
            above, inner = (key if value is None else None), None
            continue
        if inner is None:
            if above is None:
                return None
            found[above] = inner = {} if key else []
            depth = indent
        elif indent != depth:
            return None
        if isinstance(inner, list):
            if key:
                return None
            inner.append(value)
        elif not key or key in inner:
            return None
        else:
            inner[key] = value
    return found


@lru_cache(maxsize=4)  # for all that is wrong in one file
def _places(text: str, first_line: int) -> tuple[Mapping[Key, Place], Mapping[Key, Place]]:
    """Where each key or list item of readable front matter stands, and where its value does."""
    nodes = _nodes(text, "", first_line)
    return nodes.keys, nodes.contents


def _nodes(text: str, shown: str, first_line: int) -> _Nodes:
    """What YAML finds in the text. Raises with every problem of it."""
    import yaml

    try:
        if text.count("[") + text.count("{") + text.count("- ") + text.count("? ") > _DEEP:
            _refuse_depth(text, shown, first_line)
        node = yaml.compose(text, _loader())
    except yaml.MarkedYAMLError as error:
        line, column, sentence = _not_yaml(error, text.split("\n"))
        raise Unreadable(Problem(shown, line + first_line, column + 1, sentence)) from None
    nodes = _Nodes(shown, first_line)
    if node is None:
        return nodes
    if not isinstance(node, yaml.MappingNode):
        place = nodes.place(node)
        raise Unreadable(Problem(shown, place.line, place.column, 'write keys and values, like "title: …"'))
    nodes.values = nodes.mapping(node, ())
    if nodes.problems:
        raise Unreadable(*nodes.problems)
    return nodes


@cache
def _loader() -> Any:
    """Composes YAML without guessing: a scalar without a tag is a string."""
    try:
        from yaml import CSafeLoader as SafeLoader
    except ImportError:  # a PyYAML that was built without libyaml: the same, only slower
        from yaml import SafeLoader  # type: ignore[assignment]

    class Loader(SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {}
    return Loader


def _not_yaml(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> tuple[int, int, str]:
    """Line and column, from 0, and what to write there; in YAML's words only where we know none."""
    what = error.problem or error.context or "it ends too early"
    line, column, before, here = _at(error.problem_mark or error.context_mark, lines)
    if "nesting depth" in what:  # newer libyaml looks after its stack itself
        return line, column, _TOO_DEEP
    line_of, column_of, ahead, opened = _at(error.context_mark, lines)
    if what == "found unexpected end of stream":
        return line_of, column_of, "this quotation mark is not closed; write another after the value"
    inside = before[len(ahead) + 1 :] if line == line_of else before
    colon = "mapping values are not" in what or (opened in _CLOSING and here == ":")
    if sentence := _of_the_line(before, before + lines[line][column:], here, inside if colon else ""):
        return line, column, sentence
    if opened in _CLOSING:
        return line_of, column_of, f"this {opened} is not closed; write {_CLOSING[opened]} after its last value"
    if colon:
        above = next((one for one in reversed(lines[:line]) if one.strip()), "")
        return line, column, _ALIGNED if re.search(r":(\s|$)", above) else f"in the line above, {_NO_COLON}"
    if "could not find expected ':'" in what:
        return line_of, column_of, _NO_COLON
    advice = next((advice for words, advice in _ADVICE if re.search(words, what)), "this is not YAML: {what}")
    return line, column, advice.format(here=here, opened=opened, what=what)


def _at(mark: yaml.Mark | None, lines: Sequence[str]) -> tuple[int, int, str, str]:
    """Line and column of a mark, what stands before it in its line, and what stands there."""
    if not mark or mark.line >= len(lines):
        return 0, 0, "", ""
    written = lines[mark.line]
    return mark.line, mark.column, written[: mark.column], written[mark.column : mark.column + 1]


def _of_the_line(before: str, whole: str, here: str, inside: str) -> str:
    """What is surely wrong with a line where YAML goes no further, or nothing."""
    if here == "\t":
        return "there is a tab here; indent with blanks"
    if quoted := _AFTER_QUOTES.search(whole):
        return f"the quotes end before the value does; {_quotes_for(quoted['value'])}"
    if _BARELY_QUOTED.search(before):
        return "a quotation mark above this line is not closed; write another after its value"
    if (bracketed := _AFTER_BRACKETS.search(before)) and here != ",":
        return f"put quotes round a value that begins with {bracketed['opened']}"
    return "put quotes round a value that holds a colon" if ":" in inside else ""


def _quotes_for(value: str) -> str:
    """The quotation marks that can stand round all of it."""
    if "'" not in value:
        return "put single quotes round the whole value"
    if '"' not in value:
        return "put double quotes round the whole value"
    return "put single quotes round the whole value, and write each ' inside it twice"


def _refuse_depth(text: str, shown: str, first_line: int) -> None:
    """Raises where YAML nests so deep that libyaml, which composes by recursion, would overflow the stack."""
    import yaml

    depth = 0
    for event in yaml.parse(text, _loader()):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEP:
            line, column = (event.start_mark.line, event.start_mark.column) if event.start_mark else (0, 0)
            raise Unreadable(Problem(shown, line + first_line, column + 1, _TOO_DEEP))


class _Nodes:
    """Walks YAML's nodes and notes where each key stands."""

    def __init__(self, shown: str, first_line: int) -> None:
        self.shown = shown
        self.first_line = first_line
        self.values: dict[str, object] = {}
        self.keys: dict[Key, Place] = {}
        self.contents: dict[Key, Place] = {}
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def place(self, node: yaml.Node) -> Place:
        """Where the node begins."""
        mark = node.start_mark
        return Place(mark.line + self.first_line, mark.column + 1)

    def value(self, node: yaml.Node, key: Key) -> object:
        """What the node holds: a string, a list or a mapping of such, None where nothing was typed."""
        import yaml

        if id(node) in self.seen:
            self._say(self.keys[key], key, "an alias has no meaning here; write the value again")
            return None
        self.seen.add(id(node))
        self.contents[key] = self.place(node)
        if node.tag not in _UNTAGGED:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self._say(self.contents[key], key, f"the tag {tag} has no meaning here; leave it out")
        if isinstance(node, yaml.ScalarNode):
            return str(node.value) if node.value or node.style else None
        if isinstance(node, yaml.SequenceNode):
            for at, item in enumerate(node.value):
                self.keys[*key, at] = self.place(item)
            return [self.value(item, (*key, at)) for at, item in enumerate(node.value)]
        return self.mapping(node, key)

    def mapping(self, node: yaml.Node, key: Key) -> dict[str, object]:
        """What stands behind each key. A key that stands there twice, or is no single word, is a problem."""
        import yaml

        self.seen.add(id(node))
        found: dict[str, object] = {}
        for name, content in node.value:
            if not isinstance(name, yaml.ScalarNode):
                self._say(self.place(name), key, "a key is one word")
                continue
            inner = (*key, str(name.value))
            if name.value in found:
                sentence = f"this key stands here a second time; the first is in line {self.keys[inner].line}"
                self._say(self.place(name), inner, sentence)
                continue
            self.keys[inner] = self.place(name)
            found[str(name.value)] = self.value(content, inner)
        return found

    def _say(self, place: Place, key: Key, sentence: str) -> None:
        self.problems.append(Problem(self.shown, place.line, place.column, sentence, spelled(key)))
