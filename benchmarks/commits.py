"""A repository with the history of made-up notices: each was posted in one commit, and finished in another."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import generate
from generate import Plan

_AT_ONCE, _LATER = timedelta(), timedelta(hours=5)
"""When a notice is committed, after it began."""

_ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{role}_{what}": "made-up@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def commit_all(root: Path, plan: Plan) -> None:
    """Put `root`, which `generate` has laid out, under git: two commits a notice, and one for everything else."""
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "fast-import", "--quiet", data=b"".join(_stream(plan)))
    git(root, "reset", "--quiet", "--mixed")
    commit(root, generate.NOW - timedelta(hours=1))


def commit(root: Path, when: datetime) -> None:
    """Put down what has changed since."""
    (root / ".gitignore").write_text("/site\n/.cache\n/.site.*\n", "utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "More", when=when)


def git(root: Path, *arguments: str, data: bytes | None = None, when: datetime = generate.NOW) -> str:
    """Run git there, whoever runs it, and hear what it says."""
    dates = {f"GIT_{role}_DATE": f"{when.timestamp():.0f} +0000" for role in ("AUTHOR", "COMMITTER")}
    command = ["git", "-C", str(root), *arguments]
    told = subprocess.run(command, input=data, env=os.environ | _ALONE | dates, check=True, stdout=subprocess.PIPE)  # noqa: S603
    return told.stdout.decode()


def _stream(plan: Plan) -> Iterator[bytes]:
    """What `git fast-import` reads."""
    whens = [(plan.moment(number) + later, number) for number in range(plan.notices) for later in (_AT_ONCE, _LATER)]
    for when, number in sorted(whens):
        made = generate.notice(plan, number)
        text = made.text if when > plan.moment(number) else f"{_begun(made.text)}\n"
        yield _commit(f"incidents/{made.path}", text.encode(), when)


def _begun(text: str) -> str:
    """A notice with its first update alone."""
    return "\n## ".join(text.split("\n## ")[:2]).rstrip()


def _commit(path: str, data: bytes, when: datetime) -> bytes:
    who = f"made-up <made-up@example.org> {when.timestamp():.0f} +0000".encode()
    head = b"commit refs/heads/main\ncommitter %s\ndata 0\n" % who
    return head + b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)
