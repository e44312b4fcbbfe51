"""What git can prove about when each word appeared, changed or vanished.

Asked once for each commit: what was found is remembered with the commit it was found at, and the next build reads only
what has come since. Nothing is guessed over. Where git knows less than it seems to, the record says so.
"""

from __future__ import annotations

import marshal
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from hashlib import blake2b
from pathlib import Path
from typing import IO, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict, astuple

from .lazy import LazyMap
from .memo import Memo
from .model import FACTS, Edit, Evidence, Gone, Record

REBASED = timedelta(hours=1)
"""A commit that was made so long after it was written was rewritten later, or waited: which, nobody can tell."""

ALIKE = 0.8
"""Words of which so much is the same are the same post under another time, rather than one taken away and one added."""


UNKNOWN = 0
"""When something appeared that is older than the record, in seconds since 1970."""


class Version(NamedTuple):
    """What a file said in one commit."""

    notice: str
    """The id of the notice that it is, or belongs to."""
    title: str
    """Blank in a file that has none, as a post-mortem's."""
    parts: Mapping[str, str]
    """Its words by part: an update's id, `FACTS` or `ACCOUNT`. Empty where they cannot be told."""


Reads = Callable[[str, bytes], Version | None]
"""From a path and its bytes to what they say; None for what no reader ever saw."""


class News(NamedTuple):
    """What git has that it had not when it was asked before."""

    old: str
    """The commit that was checked out then; blank for never."""
    head: str
    """The one that is checked out."""
    is_cut: bool
    """Whether older ones are missing."""
    commits: Sequence[_Commit] | None
    """Those between the two, the oldest first; None where all that there are have to be looked at."""


def news(root: Path, folder: str, old: str) -> News | None:
    """What has been committed in `folder` since `old`. None where there is no git, or no repository."""
    place = _place(root)
    if place is None:
        return None
    head, is_cut = place
    if head == old:
        return News(old, head, is_cut, ())
    is_new = is_cut or not old or not _follows(root, old, head)
    return News(old, head, is_cut, None if is_new else list(_commits(root, folder, old, head)))


Asked = Callable[[str], News | None]
"""`news` of a folder since a commit."""


def read(
    root: Path,
    folder: str,
    reads: Reads,
    scope: bytes,
    memo: Memo,
    *,
    passed_over: Sequence[str] = (),
    asked: Asked | None = None,
) -> Record:
    """What git holds of the notices in `folder` below `root`, up to the commit that is checked out.

    What stands in the folder and in no commit is not in it yet. `scope` is a digest of all that `reads` depends on.
    Where there is no git, or no repository, the record is empty. Somebody may have `asked` before.
    """
    key = blake2b(b"%s %s %s" % (scope, folder.encode(), " ".join(passed_over).encode()), digest_size=16).digest()
    kept: bytes | None = memo.get("history", key)
    state = _State.unpacked(kept) if kept else _State()
    found = asked(state.head) if asked else news(root, folder, state.head)
    if found is None:
        return Record()
    if (found.head, found.is_cut) != (state.head, state.is_cut):
        since: Iterable[_Commit] | None = found.commits
        if since is None or state.is_cut:  # what was cut off then may be there now, and is older than what is known
            state, since = _State(), _commits(root, folder, "", found.head)
        state.is_cut = found.is_cut
        with _objects(root) as content:
            for commit in since:
                state.take(commit, reads, content, of_form=commit.name.startswith(tuple(passed_over)))
        state.head = found.head
        memo.put("history", key, state.packed())
        memo.put("head", folder.encode(), state.head)
    return state.record()


def last_asked(folder: str, memo: Memo) -> str:
    """The commit that was checked out when git was asked before; blank for never."""
    return memo.get("head", folder.encode()) or ""


class _Change(NamedTuple):
    """What a commit did to a file. A name is blank, and so is its content's, on the side where there is no file."""

    before: str
    after: str
    old: str
    new: str


class _Commit(NamedTuple):
    name: str
    made: int
    """Seconds since 1970."""
    written: int
    changes: list[_Change]


def _git(root: Path, *arguments: str) -> list[str]:
    # Neither the reader's own configuration nor a pager has a say, and nothing is asked of anybody.
    settled = ("-c", "core.quotePath=false", "-c", "log.showSignature=false", "-c", "diff.renameLimit=0")
    return ["git", "-C", str(root), "--no-pager", *settled, *arguments]


_QUIET = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}


def _place(root: Path) -> tuple[str, bool] | None:
    """The commit that is checked out, and whether older ones are missing. None without git, or without a commit."""
    command = _git(root, "rev-parse", "--is-shallow-repository", "--verify", "HEAD^{commit}")
    try:
        said = subprocess.run(command, env=_QUIET, capture_output=True, text=True, check=True).stdout.split()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    return (said[1], said[0] == "true") if len(said) == 2 else None


def _follows(root: Path, old: str, new: str) -> bool:
    """Whether what was found at `old` still holds: a rebase would have made other commits of it."""
    command = _git(root, "merge-base", "--is-ancestor", old, new)
    return subprocess.run(command, env=_QUIET, capture_output=True, check=False).returncode == 0  # noqa: S603


def _commits(root: Path, folder: str, old: str, new: str) -> Iterator[_Commit]:
    """The commits of the branch after `old`, the oldest first, with what each has brought to it.

    A merge counts at the moment when it was made: that is when its words came to this branch.
    """
    shown = ["--raw", "-z", "--no-abbrev", "--relative", "-M", "--format=%x01%H %ct %at"]
    span = f"{old}..{new}" if old else new
    command = _git(root, "log", "--reverse", "--first-parent", "-m", *shown, span, "--", folder)
    with subprocess.Popen(command, env=_QUIET, stdout=subprocess.PIPE) as git:  # noqa: S603
        assert git.stdout  # noqa: S101, it was asked for
        yield from _parsed(_fields(git.stdout))


def _fields(stream: IO[bytes]) -> Iterator[str]:
    """What stands between zero bytes, without reading all of it at once."""
    rest = b""
    while block := stream.read(1 << 16):
        *whole, rest = (rest + block).split(b"\0")
        yield from (one.decode("utf-8", "surrogateescape") for one in whole)
    if rest:
        yield rest.decode("utf-8", "surrogateescape")


def _parsed(fields: Iterator[str]) -> Iterator[_Commit]:
    commit: _Commit | None = None
    for one in fields:
        text = one.lstrip("\n")
        if text.startswith("\1"):
            if commit:
                yield commit
            name, made, written = text[1:].split()
            commit = _Commit(name, int(made), int(written), [])
        elif text.startswith(":") and commit:
            # ":100644 100644 <old> <new> R086", then one path, or the old one and the new one.
            _, _, old, new, status = text.split()
            path = next(fields)
            after = next(fields) if status[0] in "RC" else path
            before = "" if status[0] in "AC" else path
            commit.changes.append(_Change(before, "" if status == "D" else after, old, new))
    if commit:
        yield commit


@contextmanager
def _objects(root: Path) -> Iterator[Callable[[str], bytes]]:
    """Gives the bytes of a file by the name that git has for them."""
    command = _git(root, "cat-file", "--batch")
    with subprocess.Popen(command, env=_QUIET, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as git:  # noqa: S603
        asked, told = git.stdin, git.stdout
        assert asked  # noqa: S101, it was asked for
        assert told  # noqa: S101

        def content(name: str) -> bytes:
            asked.write(f"{name}\n".encode())
            asked.flush()
            *_, size = told.readline().split()  # "<name> blob <size>"; "<name> missing" in a partial clone
            if not size.isdigit():
                return b""
            data = told.read(int(size))
            told.read(1)
            return data

        yield content
        asked.close()


class _Known(Struct):
    """A notice as far as its commits were read."""

    title: str = ""
    appeared: dict[str, int] = {}
    """By part, in seconds since 1970."""
    edits: list[tuple[str, int, str, str, str]] = []
    """As `Edit`, with its time in seconds since 1970."""
    lost: dict[str, str] = {}
    """What it said last, where it cannot be read any more, or is gone."""
    gone: tuple[int, str] | None = None
    """When it vanished, and with which commit."""

    def evidence(self) -> Evidence:
        """What can be proved of it."""
        edits = (
            Edit(part=part, time=_instant(at), commit=commit, before=before, after=after)
            for part, at, commit, before, after in self.edits
        )
        return Evidence(
            appeared={part: _instant(at) for part, at in self.appeared.items() if at != UNKNOWN}, edits=tuple(edits)
        )


class _State(Struct):
    """What is remembered: everything up to a commit. All of it is plain, and each notice is unpacked when it is asked
    for: every build reads this, and most ask for none.
    """

    head: str = ""
    first: int = 0
    newest: int = 0
    waited: int = 0
    disordered: int = 0
    is_cut: bool = False
    passed: list[str] = []
    notices: dict[str, bytes] = {}
    """Each as `_Known`, packed."""
    digests: dict[str, bytes] = {}
    """Of what can be proved of each that is there."""
    edited: dict[str, None] = {}
    gone: dict[str, tuple[str, int, str]] = {}
    """Title, when and with which commit."""

    def packed(self) -> bytes:
        """As bytes."""
        return marshal.dumps(asdict(self))

    @classmethod
    def unpacked(cls, data: bytes) -> _State:
        """The way back."""
        return cls(**marshal.loads(data))  # noqa: S302, the memo has checked it

    def record(self) -> Record:
        """The same, for everybody. Where no commit holds a notice yet, there is no record of any."""
        if not self.first:
            return Record()
        gone = (
            Gone(notice=id_, title=title, time=_instant(at), commit=commit)
            for id_, (title, at, commit) in self.gone.items()
        )
        return Record(
            head=self.head,
            evidence=LazyMap(self.digests, lambda id_: self._known(id_).evidence()),
            digests=self.digests,
            edited=tuple(self.edited),
            begins=_instant(self.first),
            is_cut=self.is_cut,
            waited=self.waited,
            disordered=self.disordered,
            passed_over=tuple(self.passed),
            gone=tuple(sorted(gone, key=lambda one: (one.time, one.notice), reverse=True)),
        )

    def take(self, commit: _Commit, reads: Reads, content: Callable[[str], bytes], *, of_form: bool) -> None:
        """Find out what a commit has done."""
        at, is_first = self._time(commit), not self.first
        self.first = self.first or at
        if of_form:
            self.passed.append(commit.name)
        before: dict[str, dict[str, str]] = {}
        after: dict[str, dict[str, str]] = {}
        titles: dict[str, str] = {}
        unread: set[str] = set()
        for change in commit.changes:
            old = reads(change.before, content(change.old)) if change.before else None
            new = reads(change.after, content(change.new)) if change.after else None
            if old and new and old.notice != new.notice:
                self._rename(old.notice, new.notice)
            if old:
                before.setdefault((new or old).notice, {}).update(old.parts)
            if new:
                titles[new.notice] = new.title or titles.get(new.notice, "")
                after.setdefault(new.notice, {}).update(new.parts)
                if not new.parts:
                    unread.add(new.notice)
        is_older = of_form or (is_first and (self.is_cut or len(after) > 1))
        for id_ in sorted(before.keys() | after.keys()):
            known = self._known(id_)
            known.title = titles.get(id_) or known.title
            was, now = known.lost | before.get(id_, {}), after.get(id_, {})
            known.lost, known.gone = {}, None
            if id_ in unread:
                known.lost = was
            elif FACTS in was and FACTS not in now and id_ in before:
                known.lost, known.gone = was, (at, commit.name)
            else:
                _compare(known, was, now, UNKNOWN if is_older else at, at, "" if of_form else commit.name)
            self._keep(id_, known)

    def _known(self, id_: str) -> _Known:
        return _Known(*marshal.loads(self.notices[id_])) if id_ in self.notices else _Known()  # noqa: S302, as above

    def _keep(self, id_: str, known: _Known) -> None:
        self.notices[id_] = marshal.dumps(astuple(known))
        if known.gone:
            self.gone[id_] = (known.title, *known.gone)
            self.digests.pop(id_, None)
        else:
            self.gone.pop(id_, None)
            self.digests[id_] = blake2b(marshal.dumps((known.appeared, known.edits)), digest_size=8).digest()
        if known.edits and not known.gone:
            self.edited[id_] = None
        else:
            self.edited.pop(id_, None)

    def _rename(self, old: str, new: str) -> None:
        """A notice has another name now."""
        if old in self.notices:
            known = self._known(old)
            del self.notices[old]
            for some in (self.digests, self.edited, self.gone):
                some.pop(old, None)
            self._keep(new, known)

    def _time(self, commit: _Commit) -> int:
        """The later of the two times that git keeps, and never earlier than what it stands on."""
        time = max(commit.made, commit.written)
        self.waited += commit.made - commit.written > REBASED.total_seconds()
        self.disordered += time < self.newest
        self.newest = max(self.newest, time)
        return self.newest


def _compare(
    known: _Known, before: Mapping[str, str], after: Mapping[str, str], new: int, at: int, commit: str
) -> None:
    """Note what appeared at `new`, was changed and was taken away. Without a commit only the form was changed."""
    moved = _moved(before, after)
    for part, text in after.items():
        was = moved.get(part, part)
        known.appeared.setdefault(part, known.appeared.get(was, new))
        if commit and was in before and (was != part or before[was] != text):
            known.edits.append((part, at, commit, before[was], text))
    for part, text in before.items():
        if commit and part not in after and part not in moved.values():
            known.edits.append((part, at, commit, text, ""))


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _moved(before: Mapping[str, str], after: Mapping[str, str]) -> Mapping[str, str]:
    """Posts that have another id: by the new one the old one. Their time was changed, and little else."""
    lost = [part for part in before if part not in after]
    found: dict[str, str] = {}
    for part, text in after.items():
        if part in before or not lost:
            continue
        alike = max(lost, key=lambda one: _ratio(before[one], text))
        if _ratio(before[alike], text) >= ALIKE:
            found[part] = alike
            lost.remove(alike)
    return found


def _ratio(one: str, other: str) -> float:
    return 1.0 if one == other else SequenceMatcher(None, one, other, autojunk=False).ratio()
