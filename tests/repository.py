"""A folder under git, for tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from make import at


class Repository:
    """A folder under git whose commits are made at times of the test's choosing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, when: str = "14:00", written: str = "") -> str:
        environment = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        for role, time in (("COMMITTER", when), ("AUTHOR", written or when)):
            environment |= {f"GIT_{role}_NAME": "Ann", f"GIT_{role}_EMAIL": "ann@example.com"}
            environment[f"GIT_{role}_DATE"] = f"{at(time).timestamp():.0f} +0000"
        command = ["git", "-C", str(self.root), *arguments]
        done = subprocess.run(command, env=os.environ | environment, check=True, capture_output=True, text=True)
        return done.stdout

    def commit(self, when: str, *, written: str = "", **files: str | None) -> str:
        """Write files by their stem, or take them away, and commit."""
        for stem, text in files.items():
            path = self.root / "incidents" / f"{stem.replace('_', '-')}.md"
            path.parent.mkdir(exist_ok=True)
            path.unlink() if text is None else path.write_text(text, "utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", when, when=when, written=written)
        return self.git("rev-parse", "HEAD").strip()
