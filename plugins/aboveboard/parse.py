"""Sources to notices: finished values, or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from . import conflicts, front, lines, updates
from . import post_mortem as accounts
from .division import divided, first, kind_of
from .mistakes import Mistakes
from .model import LINES, Announcement, Incident, Maintenance, Notice, Origin, PostMortem, Retirement, Update
from .problem import Refused, nearest
from .settings import Settings
from .source import Source


def notices(files: Sequence[tuple[Source, Source | None]], settings: Settings) -> list[Notice | Refused]:
    """Notices, each with its post-mortem where that is a file of its own; of those that have problems, all of these.

    All go through one step after the other: what a step takes is then at hand in the processor, a sixth of the time.
    """
    found = [Mistakes(source, []) for source, _ in files]
    kinds = [kind_of(source) for source, _ in files]
    facts = [front.read(kind, settings, one) for kind, one in zip(kinds, found, strict=True)]
    parts = [
        divided(kind, one, imported="source" in one.source.front.values) for kind, one in zip(kinds, found, strict=True)
    ]
    posts = [
        updates.read(some, kind, settings, one, imported=bool(fact and fact.source))
        for (some, _), kind, one, fact in zip(parts, kinds, found, facts, strict=True)
    ]
    told = [
        accounts.read(part, beside, fact.postmortem_posted if fact else None, one)
        for (_, part), (_, beside), one, fact in zip(parts, files, found, facts, strict=True)
    ]
    images = [_all_images(fact, beside, one) for (_, beside), one, fact in zip(files, found, facts, strict=True)]
    return [_finished(*one, settings) for one in zip(facts, posts, told, images, found, strict=True)]


def _finished(
    facts: front.Common | None,
    posts: Sequence[Update],
    account: PostMortem | None,
    images: tuple[str, ...],
    mistakes: Mistakes,
    settings: Settings,
) -> Notice | Refused:
    """The notice, or all that is wrong with it."""
    if facts is None or (mistakes.problems and not posts):
        return Refused(mistakes.problems)
    if not posts:
        line = mistakes.source.line
        mistakes.say_at(line, 1, f"a notice has at least one update; write a heading like {first(facts.kind)}")
        return Refused(mistakes.problems)
    made = _made(facts, posts, account, images, mistakes.source, settings)
    conflicts.check(made, settings.zone, mistakes)
    return Refused(mistakes.problems) if mistakes.problems else made


def _all_images(facts: front.Common | None, beside: Source | None, mistakes: Mistakes) -> tuple[str, ...]:
    """The files that a notice shows or links, each once; a picture that is missing is a problem."""
    images = dict.fromkeys([*_images_in_front(facts, mistakes), *_images(mistakes)])
    if beside:
        images |= dict.fromkeys(_images(Mistakes(beside, mistakes.problems)))
    return tuple(images)


def _images(mistakes: Mistakes) -> Iterator[str]:
    """The files beside a source that its text shows or links; a picture that is missing is a problem."""
    source = mistakes.source
    for reference in lines.references_in(source.body, source.line):
        name = reference.local
        if name in source.beside:
            yield name
        elif name and reference.shown:
            sentence = _no_picture(name, source)
            mistakes.say_at(reference.line, reference.column, sentence)


def _images_in_front(facts: front.Common | None, mistakes: Mistakes) -> Iterator[str]:
    """The same of the front matter's lines, which are Markdown, too."""
    source = mistakes.source
    for key in LINES:
        if facts is None or not source.front.values.get(key):
            continue
        for reference in lines.references_in(str(getattr(facts, key, ""))):
            name = reference.local
            if name in source.beside:
                yield name
            elif name and reference.shown:
                mistakes.say((key,), _no_picture(name, source))


def _no_picture(name: str, source: Source) -> str:
    return f'there is no picture "{name}" beside this file{nearest(name, source.beside)}'


def _made(
    facts: front.Common,
    posts: Sequence[Update],
    account: PostMortem | None,
    images: tuple[str, ...],
    source: Source,
    settings: Settings,
) -> Notice:
    common: dict[str, Any] = {
        "id": source.stem,
        "title": facts.title,
        "updates": tuple(posts),
        "post_mortem": account,
        "source": Origin(**dict(facts.source)) if facts.source else None,
        "images": images,
        "path": source.path,
    }
    match facts:
        case front.Incident():
            return Incident(
                **common,
                components=facts.components,
                stated_start=facts.started,
                stated_end=facts.ended,
                stated_impact=facts.impact,
                cause=facts.cause,
                detected_by=facts.detected_by,
                reports=facts.reports,
                credit=facts.credit,
                us_if=facts.us_if,
                not_us_if=facts.not_us_if,
            )
        case front.Maintenance():
            return Maintenance(
                **common,
                scheduled_for=facts.scheduled_for,
                scheduled_until=facts.scheduled_until,
                recurs=facts.recurs,
                zone=settings.zone.key,
                components=facts.components,
                stated_start=facts.started,
                stated_end=facts.ended,
            )
        case front.Retirement():
            return Retirement(
                **common,
                components=facts.components,
                announced=facts.announced,
                ends=facts.ends,
                replaced_by=facts.replaced_by,
                export=facts.export,
                help=facts.help,
            )
        case front.Announcement():
            return Announcement(**common, pinned_until=facts.pinned_until)
    raise TypeError(type(facts))
