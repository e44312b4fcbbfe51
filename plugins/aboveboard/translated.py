"""The words of a notice in another language."""

from __future__ import annotations

from pathlib import PurePosixPath

from . import lines, post_mortem
from .division import Part, divided, kind_of
from .heading import Reader
from .mistakes import Mistakes, nth
from .model import LINES, Notice, PostMortem, Translation, Update
from .problem import Refused, nearest
from .settings import Settings
from .source import Source


def translation(source: Source, original: Notice, settings: Settings) -> Translation:
    """The words of `original` in another language. Raises Refused with all its problems."""
    from . import front

    mistakes = Mistakes(source, [])
    facts = front.shaped(front.Translation, settings, mistakes)
    parts, told = divided(kind_of(source), mistakes, imported=original.source is not None)
    bodies: dict[str, str] = {}
    for number, part in enumerate(parts):
        update = _translated(part, number, original, settings, mistakes)
        if update:
            bodies[update.id] = lines.stripped(part.texts)
    account = post_mortem.read(told, None, None, mistakes)
    _check(account, original, mistakes)
    lines_ = {key: text for key in LINES if (text := getattr(facts, key, ""))}
    for key in lines_:
        if not getattr(original, key, ""):
            mistakes.say((key,), f"{PurePosixPath(original.path).name} has no {key} to translate")
    if mistakes.problems or facts is None:
        raise Refused(mistakes.problems)
    return Translation(
        notice=original.id,
        lang=source.role,
        title=facts.title,
        bodies=bodies,
        lines=lines_,
        post_mortem=account,
        path=source.path,
    )


def _translated(part: Part, number: int, original: Notice, settings: Settings, mistakes: Mistakes) -> Update | None:
    """The update of the original that this heading names, by its time or by its id."""
    line = part.heading
    by_id = {update.id: update for update in original.updates}
    name = line.title.partition("{")[0].split()
    if named := next(
        (word[1:] for word in line.title.replace("{", " ").replace("}", " ").split() if word[0] == "#"), ""
    ):
        if named in by_id:
            return by_id[named]
    else:
        reader = Reader(original.kind, settings, mistakes.source.path, [])
        before = original.updates[min(number, len(original.updates)) - 1].time if number else None
        heading = reader.read(line, number, before) if name else None
        same = [update for update in original.updates if heading and update.time == heading.time]
        if same:
            return same[0]
    sentence = f"the original, {PurePosixPath(original.path).name}, has no such update; use one of its times or ids"
    mistakes.say_at(line.number, line.column, sentence, nth(number))
    return None


def _check(account: PostMortem | None, original: Notice, mistakes: Mistakes) -> None:
    """A translation shows what the original shows, and accounts for what the original accounts for."""
    for reference in lines.references_in(mistakes.source.body, mistakes.source.line):
        name = reference.local
        if name and reference.shown and name not in original.images:
            sentence = f'the original shows no picture "{name}"{nearest(name, original.images)}'
            mistakes.say_at(reference.line, reference.column, sentence)
    if account and not original.post_mortem:
        mistakes.say_at(1, 1, f"{PurePosixPath(original.path).name} has no post-mortem to translate")
    if account and original.post_mortem:
        ours, theirs = ([(one.due, one.done) for one in some.actions] for some in (account, original.post_mortem))
        if ours != theirs:
            name = PurePosixPath(original.path).name
            sentence = "a translation makes the same promises, in the same order, with the same days"
            mistakes.say_at(1, 1, f"the promises are not those of {name}; {sentence}")
