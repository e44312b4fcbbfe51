"""A folder's files together: which belong to one notice, and what is wrong between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Generic, NamedTuple, Protocol, TypeVar

from msgspec import Struct

from . import lines, source, times
from .history import Version
from .model import ID, LINES, Log, Notice, Retirement, Translation
from .problem import Problem, Refused, nearest
from .settings import Settings
from .source import File, Reading, Source
from .span import epoch

F = TypeVar("F", File, Source)
"""A file of the folder, opened or not."""


class Unit(NamedTuple, Generic[F]):
    """What one notice is read from."""

    notice: F
    account: F | None
    """Its post-mortem, where that is a file of its own."""


class Said(Protocol):
    """What others ask of a notice that is right in itself."""

    @property
    def links(self) -> tuple[str, ...]:
        """The ids of the notices that it links to."""

    @property
    def ends(self) -> tuple[tuple[str, int], ...]:
        """Of a retirement, which components end and when, in seconds since 1970."""

    @property
    def origin(self) -> str:
        """The system that it was imported from and its id there, a line each; blank where it was written here."""


class Parsed(Struct, frozen=True):
    """A notice by itself."""

    notice: Notice
    links: tuple[str, ...]
    digests: tuple[bytes, ...]
    """Of the bytes of its files."""

    @property
    def ends(self) -> tuple[tuple[str, int], ...]:
        """As `Said`."""
        return ends(self.notice)

    @property
    def origin(self) -> str:
        """As `Said`."""
        return self.notice.source.named if self.notice.source else ""


class Sorted(Struct, Generic[F], frozen=True):
    """The files by what they are."""

    units: Mapping[str, Unit[F]]
    """By the id of the notice."""
    translations: tuple[F, ...]
    problems: tuple[Problem, ...]
    """Files whose place is taken, or that belong to none."""


def log(reading: Reading, settings: Settings) -> Log:
    """Everything that was read. Raises Refused with the problems of all files."""
    problems = list(reading.problems)
    found = sort(reading.sources)
    notices: dict[str, Parsed] = {}
    for stem, one in zip(found.units, parsed_together([*found.units.values()], settings), strict=True):
        if isinstance(one, Refused):
            problems += one.problems
        else:
            notices[stem] = one
    translations = []
    for file in found.translations:
        if file.stem in notices:
            try:
                translations.append(translation(file, notices[file.stem].notice, settings))
            except Refused as refused:
                problems.extend(refused.problems)
    problems += [*found.problems, *between(notices, lambda: found.units, settings)]
    if problems:
        raise Refused(problems)
    return Log.of((one.notice for one in notices.values()), translations)


def sort(files: Iterable[F]) -> Sorted[F]:
    """Which files make a notice, and what is wrong with the others."""
    originals: dict[str, F] = {}
    accounts: dict[str, F] = {}
    translated: list[F] = []
    problems: list[Problem] = []
    taken: dict[tuple[str, str], F] = {}
    for file in files:
        first = taken.setdefault((file.stem, file.role), file)
        if first is not file:
            sentence = f"the id {file.stem} is taken by {first.path}; a file's name is its address, in every folder"
            problems.append(Problem(file.path, 1, 1, sentence))
        elif not file.role:
            originals[file.stem] = file
        elif file.role == "postmortem":
            accounts[file.stem] = file
        else:
            translated.append(file)
    for stem, file in accounts.items():
        if stem not in originals or _folder(file) != _folder(originals[stem]):
            problems.append(_orphan(file, originals, "post-mortem"))
    problems += [_orphan(file, originals, "translation") for file in translated if file.stem not in originals]
    units = {stem: Unit(file, accounts.get(stem)) for stem, file in originals.items()}
    return Sorted(units, tuple(file for file in translated if file.stem in originals), tuple(problems))


def opened(unit: Unit[F]) -> Unit[Source]:
    """Its files, read but not understood. Raises Refused."""
    return Unit(_source(unit.notice), _source(unit.account) if unit.account else None)


def parsed(unit: Unit[F], settings: Settings) -> Parsed:
    """The notice, and what it links to. Raises Refused."""
    (one,) = parsed_together([opened(unit)], settings)
    if isinstance(one, Refused):
        raise Refused(one.problems)  # and not itself, which this frame holds, and would be held by
    return one


def parsed_together(units: Sequence[Unit[Source]], settings: Settings) -> list[Parsed | Refused]:
    """Notices, and what they link to; of those that have problems, these."""
    if not units:  # the parser takes long to import
        return []
    from . import parse

    return [
        one if isinstance(one, Refused) else _parsed(one, unit)
        for one, unit in zip(parse.notices(units, settings), units, strict=True)
    ]


def _parsed(notice: Notice, unit: Unit[Source]) -> Parsed:
    sources = [one for one in unit if one]
    links = dict.fromkeys([stem for one in sources for *_, stem in _links(one)])
    return Parsed(notice, tuple(links), tuple([one.digest for one in sources]))


def ends(notice: Notice) -> tuple[tuple[str, int], ...]:
    """Of a retirement, which components end and when, in seconds since 1970."""
    if not isinstance(notice, Retirement):
        return ()
    return tuple((id_, epoch(notice.ends)) for id_ in notice.components)


def translation(file: File | Source, original: Notice, settings: Settings) -> Translation:
    """The words of `original` in another language. Raises Refused."""
    from . import translated

    return translated.translation(_source(file), original, settings)


def between(
    known: Mapping[str, Said], units: Callable[[], Mapping[str, Unit[F]]], settings: Settings
) -> Iterator[Problem]:
    """What is wrong with notices that are right in themselves: what they link to, when they let a service end, and what
    they were called elsewhere.

    `units` are the files, of others as well. Only those with a problem are opened.
    """
    for stem, one in known.items():
        if one.links and not known.keys() >= set(one.links) and not units().keys() >= set(one.links):
            yield from _lost_links(opened(units()[stem]), units())
    first: dict[str, tuple[str, int]] = {}
    for stem in sorted(stem for stem, one in known.items() if one.ends):
        for id_, when in known[stem].ends:
            component = settings.component(id_)
            if component and component.until and component.until.timestamp() != when:
                yield _other_end(units()[stem].notice, id_, component.until.astimezone(settings.zone))
            other, earlier = first.setdefault(id_, (stem, when))
            if earlier != when:
                yield _twice_ended(units()[stem].notice, units()[other].notice, id_, (earlier, when), settings)
    imported: dict[str, str] = {}
    for stem in sorted(stem for stem, one in known.items() if one.origin):
        origin = known[stem].origin
        if (other := imported.setdefault(origin, stem)) != stem:
            yield _twice_imported(units()[stem].notice, units()[other].notice, *origin.split("\n"))


def version(path: str, data: bytes, settings: Settings) -> Version | None:
    """What a file said in a commit; None where its path is no notice's, so that no reader ever saw it."""
    from . import wording

    known = source.named(path)
    if known is None or known[1] not in ("", "postmortem"):
        return None
    try:
        title, said = wording.said(source.held(path, data), settings)
    except source.Unreadable:
        title, said = "", {}
    return Version(known[0], title, said)


def _source(file: File | Source) -> Source:
    if isinstance(file, Source):
        return file
    try:
        return source.opened(file)
    except source.Unreadable as unreadable:
        raise Refused(unreadable.problems) from None


def _orphan(file: F, originals: Mapping[str, F], what: str) -> Problem:
    if file.stem in originals:
        sentence = f"this is the {what} of {originals[file.stem].path}; put it beside it"
        return Problem(file.path, 1, 1, sentence)
    near = nearest(file.stem, originals)
    return Problem(file.path, 1, 1, f"this is the {what} of {file.stem}.md, which is not there{near}")


def _links(one: Source) -> Iterator[tuple[int, int, str, str]]:
    """Links to other notices: line, column, key, and the id."""
    for reference in lines.references_in(one.body, one.line):
        if stem := _stem(reference):
            yield reference.line, reference.column, "", stem
    for key in LINES:
        if (written := one.front.values.get(key)) and ".md" in (text := str(written)):
            place = one.front.place((key,), content=True)
            for reference in lines.references([lines.Line(place.line, text)]):
                if stem := _stem(reference):
                    yield place.line, place.column, key, stem


def _stem(reference: lines.Reference) -> str:
    """The id of the notice to which it leads; blank for any other."""
    if ".md" not in reference.target and "%" not in reference.target:
        return ""
    local = reference.local
    name = local.rpartition("/")[2] if local.endswith(".md") else PurePosixPath(local).name  # "delayed.md/" has one too
    stem = name.removesuffix(".md")
    return stem if stem != name and ID.fullmatch(stem) else ""


def _lost_links(unit: Unit[Source], units: Mapping[str, Unit[F]]) -> Iterator[Problem]:
    """Links to notices that are not there."""
    for one in filter(None, unit):
        for line, column, key, stem in _links(one):
            if stem not in units:
                sentence = f'there is no notice "{stem}.md" to link to{nearest(stem, units)}'
                yield Problem(one.path, line, column, sentence, key)


def _other_end(file: File | Source, id_: str, until: datetime) -> Problem:
    """A retirement that gives its component another end than `mkdocs.yml` does."""
    place = _source(file).front.place(("ends",), content=True)
    sentence = f"mkdocs.yml lets {id_} end on {until:%Y-%m-%d %H:%M}; write one of the two, or both alike"
    return Problem(file.path, place.line, place.column, sentence, "ends")


def _twice_ended(file: F, other: F, id_: str, whens: tuple[int, int], settings: Settings) -> Problem:
    """A retirement that ends a component at another time than one before it does."""
    place = _source(file).front.place(("ends",), content=True)
    earlier, later = (datetime.fromtimestamp(one, UTC) for one in whens)
    when, _ = times.compared(earlier, later, zone=settings.zone)
    sentence = f"{other.path} lets {id_} end on {when}; a component ends once, write the same in both"
    return Problem(file.path, place.line, place.column, sentence, "ends")


def _twice_imported(file: F, other: F, system: str, id_: str) -> Problem:
    """A notice that says it is what another one says it is: its id in the API would be the other's."""
    place, there = (_source(one).front.place(("source", "id"), content=True) for one in (file, other))
    sentence = f'"{id_}" of {system} is {other.path}:{there.line} already; take source out of the notice that is not it'
    return Problem(file.path, place.line, place.column, sentence, "source.id")


def _folder(file: File | Source) -> str:
    return file.path.rpartition("/")[0]
