"""A folder's files together: one log, or the problems of them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from . import front, lines, parse, times
from .model import ID, Log, Notice, Retirement, Translation
from .problem import Problem, Refused, nearest
from .settings import Settings
from .source import Reading, Source


def log(reading: Reading, settings: Settings) -> Log:
    """Everything that was read. Raises Refused with the problems of all files."""
    problems = list(reading.problems)
    originals, accounts, translated, doubles = _sorted(reading.sources)
    problems.extend(doubles)
    notices: dict[str, Notice] = {}
    for stem, source in originals.items():
        try:
            notices[stem] = parse.notice(source, settings, post_mortem=accounts.get(stem))
        except Refused as refused:
            problems.extend(refused.problems)
    for stem, source in accounts.items():
        if stem not in originals or _folder(source) != _folder(originals[stem]):
            problems.append(_orphan(source, originals, "post-mortem"))
    translations: list[Translation] = []
    for source in translated:
        if source.stem not in originals:
            problems.append(_orphan(source, originals, "translation"))
        elif source.stem in notices:
            try:
                translations.append(parse.translation(source, notices[source.stem], settings))
            except Refused as refused:
                problems.extend(refused.problems)
    for stem, one in notices.items():
        problems.extend(_lost_links([originals[stem], accounts.get(stem)], originals))
        problems.extend(_other_ends(one, originals[stem], settings))
    problems.extend(_twice_ended(notices.values(), originals, settings))
    if problems:
        raise Refused(problems)
    return Log.of(notices.values(), translations)


def _sorted(
    sources: Iterable[Source],
) -> tuple[dict[str, Source], dict[str, Source], list[Source], list[Problem]]:
    """Notices and post-mortems by stem, translations, and those whose place is taken."""
    originals: dict[str, Source] = {}
    accounts: dict[str, Source] = {}
    translated: list[Source] = []
    doubles: list[Problem] = []
    seen: dict[tuple[str, str], Source] = {}
    for source in sources:
        first = seen.setdefault((source.stem, source.role), source)
        if first is not source:
            sentence = f"the id {source.stem} is taken by {first.path}; a file's name is its address, in every folder"
            doubles.append(Problem(source.path, 1, 1, sentence))
        elif not source.role:
            originals[source.stem] = source
        elif source.role == "postmortem":
            accounts[source.stem] = source
        else:
            translated.append(source)
    return originals, accounts, translated, doubles


_EMPTY = "the post-mortem is empty; take it out, or say what happened"


def _orphan(source: Source, originals: Mapping[str, Source], what: str) -> Problem:
    if source.stem in originals:
        sentence = f"this is the {what} of {originals[source.stem].path}; put it beside it"
        return Problem(source.path, 1, 1, sentence)
    near = nearest(source.stem, originals)
    return Problem(source.path, 1, 1, f"this is the {what} of {source.stem}.md, which is not there{near}")


def _lost_links(sources: Iterable[Source | None], originals: Mapping[str, Source]) -> Iterator[Problem]:
    """Links to notices that are not there."""
    for source in sources:
        if source and ".md" in source.body:
            for reference in lines.references(lines.lines(source.body, source.line)):
                if lost := _lost(reference, originals):
                    yield Problem(source.path, reference.line, reference.column, lost)
        for key in front.MARKDOWN if source else ():
            if source and ".md" in (text := str(source.front.values.get(key) or "")):
                place = source.front.place((key,), content=True)
                for reference in lines.references([lines.Line(place.line, text)]):
                    if lost := _lost(reference, originals):
                        yield Problem(source.path, place.line, place.column, lost, key)


def _lost(reference: lines.Reference, originals: Mapping[str, Source]) -> str:
    """What is wrong with a link to a notice that is not there; blank for any other."""
    name = PurePosixPath(reference.local).name
    stem = name.removesuffix(".md")
    if stem == name or not ID.fullmatch(stem) or stem in originals:
        return ""
    return f'there is no notice "{name}" to link to{nearest(stem, originals)}'


def _other_ends(notice: Notice, source: Source, settings: Settings) -> Iterator[Problem]:
    """A retirement that gives its component another end than `mkdocs.yml` does."""
    if not isinstance(notice, Retirement):
        return
    place = source.front.place(("ends",), content=True)
    for id_ in notice.components:
        component = settings.component(id_)
        if component and component.until and component.until != notice.ends:
            until = component.until.astimezone(settings.zone)
            sentence = f"mkdocs.yml lets {id_} end on {until:%Y-%m-%d %H:%M}; write one of the two, or both alike"
            yield Problem(source.path, place.line, place.column, sentence, "ends")


def _twice_ended(notices: Iterable[Notice], originals: Mapping[str, Source], settings: Settings) -> Iterator[Problem]:
    """Retirements that end a component at another time than one before them does."""
    first: dict[str, Retirement] = {}
    for notice in (one for one in notices if isinstance(one, Retirement)):
        for id_ in notice.components:
            other = first.setdefault(id_, notice)
            if other.ends != notice.ends:
                place = originals[notice.id].front.place(("ends",), content=True)
                ends, _ = times.compared(other.ends, notice.ends, zone=settings.zone)
                sentence = f"{other.path} lets {id_} end on {ends}; a component ends once, write the same in both"
                yield Problem(notice.path, place.line, place.column, sentence, "ends")


def _folder(source: Source) -> str:
    return source.path.rpartition("/")[0]
