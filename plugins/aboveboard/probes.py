"""Files of monitoring to what was seen of each component. The only reader of the folder that `measured` names."""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from zoneinfo import ZoneInfo

from . import monitors
from .memo import Memo
from .model import Component
from .monitors import on_one_line
from .probe import Probes, Series, together
from .problem import Problem, Refused, nearest
from .settings import Settings
from .source import SETTLED
from .times import rules


def read(root: Path, settings: Settings, memo: Memo, at: int) -> Probes:
    """All that the files say of the site's components. Raises Refused with the problems of all of them.

    A file that is as it was is not read again. `at` is the present in nanoseconds since 1970.
    """
    if not (root / settings.measured).is_dir():
        beside = [path.name for path in root.iterdir() if path.is_dir()]
        sentence = f'there is no folder "{settings.measured}" beside this file{nearest(settings.measured, beside)}'
        raise Refused([Problem("mkdocs.yml", 1, 1, sentence, "measured")])
    scope = rules(settings.zone) + settings.zone.key.encode()
    found = list(_listed(root / settings.measured, settings.measured))
    digests = _digests(found, memo, scope + settings.measured.encode(), at)
    wanted = {one.id: one.probes or (one.id,) for one in settings.components}
    problems: list[Problem] = []
    every: list[Series] = []
    keys = {path: blake2b(scope + os.fsencode(path) + digests[path], digest_size=16).digest() for path, _ in found}
    for path, file in found:
        kept, wrong = memo.kept("probes", keys[path], partial(_packed, path, file, settings.zone))
        some = [Series._make(plain) for plain in marshal.loads(kept)]  # noqa: S302, it is whole
        problems += wrong
        every += some
        if not wrong and not any(_is_wanted(one, wanted.values()) for one in some):
            problems.append(Problem(path, 1, 1, _nobody_s(some, settings.components)))
    memo.only("probes", len(keys), lambda: set(keys.values()))
    if problems:
        raise Refused(problems)
    seen = {id_: some for id_, names in wanted.items() if (some := [one for one in every if _is_wanted(one, [names])])}
    named = repr([(path, digests[path]) for path, _ in found] + [(scope, sorted(wanted.items()))])
    return Probes(
        components={id_: together(some) for id_, some in seen.items()},
        digest=blake2b(named.encode(errors="replace"), digest_size=16).digest(),
        absent=tuple(
            (one.id, name)
            for one in settings.components
            for name in one.probes
            if not any(name in some.names for some in every)
        ),
    )


def _is_wanted(one: Series, wanted: Iterable[Iterable[str]]) -> bool:
    return any(name in one.names for names in wanted for name in names)


def _nobody_s(some: Sequence[Series], components: Sequence[Component]) -> str:
    """What to do about a file of which nothing is asked for."""
    if not some:
        return "there is no probe in this file; take it out of the folder"
    names = [f'"{on_one_line(one.names[0])}"' for one in some[:5]]
    more = f" and {len(some) - 5:,} more" if len(some) > 5 else ""
    ids = [one.id for one in components]
    near = nearest(some[0].names[0], ids) or "; write its name below `probes` of the component that it measures"
    return f"this is about {', '.join(names)}{more}, which no component is{near}"


def _listed(folder: Path, shown: str) -> Iterator[tuple[str, Path]]:
    """Every file, as it is shown and where it lies. Those for people, and hidden ones, are not ours."""
    for where, inside, names in os.walk(folder):
        inside[:] = sorted(name for name in inside if not name.startswith((".", "_")))
        below = Path(where).relative_to(folder)
        for name in sorted(names):
            file = Path(where, name)
            if not name.startswith((".", "_")) and name.lower() != "readme.md" and file.is_file():
                yield (Path(shown) / below / name).as_posix(), file


def _digests(found: Iterable[tuple[str, Path]], memo: Memo, scope: bytes, at: int) -> Mapping[str, bytes]:
    """Of what each file holds. One whose times are what they were is not opened."""
    kept: dict[str, tuple[tuple[int, ...], bytes]] = memo.get("probe stamps", scope) or {}
    new: dict[str, tuple[tuple[int, ...], bytes]] = {}
    for path, file in found:
        about = file.stat()
        stamp = (about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino)
        known = kept.get(path)
        if known and known[0] == stamp:
            new[path] = known
        else:
            with file.open("rb") as opened:
                content = blake2b(digest_size=16)
                while part := opened.read(1 << 20):
                    content.update(part)
            new[path] = (stamp if stamp[2] < at - SETTLED else (), content.digest())
    if new != kept:
        memo.put("probe stamps", scope, new)
        memo.only("probe stamps", 1, lambda: {scope})
    return {path: digest for path, (_, digest) in new.items()}


def _packed(path: str, file: Path, zone: ZoneInfo) -> tuple[bytes, tuple[Problem, ...]]:
    """What a file holds, as it is remembered, and what is wrong with it."""
    some, wrong = monitors.read(path, file, zone)
    return marshal.dumps([tuple(one) for one in some]), tuple(wrong)
