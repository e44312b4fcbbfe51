"""The command `aboveboard`."""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import time_ns

import click

from . import __version__
from .problem import Problem, Refused

LONG = 500
"""From so many files on, it is told how far a build has come."""

config_file = click.option(
    "-f", "--config-file", "file", type=click.Path(path_type=Path), help="Another file than mkdocs.yml."
)


def run() -> None:
    """The command as a process, which looks for no garbage and ends without tidying up.

    What a build has made lives until its end: to look through it takes a third of the time, and to take it apart a
    tenth.
    """
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # of which we have none, and looking takes its time
    try:
        main()
    except SystemExit as ended:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(ended.code if isinstance(ended.code, int) else int(ended.code is not None))


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="aboveboard")
def main() -> None:
    """A status page from a folder of Markdown."""


@main.command()
@config_file
@click.option("-d", "--site-dir", "site", type=click.Path(path_type=Path), help="Another folder than site.")
@click.option("-s", "--strict", is_flag=True, help="Warnings are mistakes too.")
@click.option("--changed-files", is_flag=True, help="Print what was written and what was removed, one a line.")
def build(file: Path | None, site: Path | None, strict: bool, changed_files: bool) -> None:
    """Read every notice and write the site. If anything is wrong, the site that is there stays as it was."""
    with told():
        from . import start

        begun = start.begin(config := start.found(file), time_ns())
        from .host import build_site  # takes as long as parsing what is new, which another process does meanwhile

        shown = progress if sys.stderr.isatty() else None
        try:
            done = build_site(config, site, begun=begun, strict=strict, progress=shown)
        except OSError as wrong:  # the disk is full, the folder is not ours, another build is running
            raise click.ClickException(f"{wrong.filename or site or 'site'}: {wrong.strerror or wrong}") from None
        if done.trouble:
            click.echo(done.trouble, err=True)
    if changed_files:
        for path in done.changed:
            click.echo(f"changed {path}")
        for path in done.removed:
            click.echo(f"removed {path}")
    went = f", {len(done.removed):,} removed" if done.removed else ""
    said = f"{done.site}: {_files(done.count)}, {len(done.changed):,} written{went}."
    click.echo(said, err=changed_files)


@main.command()
@config_file
@click.option("-a", "--addr", metavar="HOST:PORT", help="Another address than 127.0.0.1:8000.")
def serve(file: Path | None, addr: str | None) -> None:
    """Build the site, show it on this machine, and build it again whenever a file changes."""
    with told(logging.INFO):
        from .server import serve as serve_site
        from .start import found

        gc.enable()
        try:
            serve_site(found(file), addr, lambda refused: say(refused.problems))
        except OSError as wrong:  # most of all, that the port is taken
            raise click.ClickException(f"{addr or 'the address'}: {wrong.strerror}") from None


@main.command()
@config_file
def check(file: Path | None) -> None:
    """Read every notice, print what is wrong with any of them, and write nothing."""
    with told():
        from .host import load, plugins

        config = load(file)
        count = sum(plugin.checked(config) for plugin in plugins(config))
    click.echo(f"{count:,} notice{'' if count == 1 else 's'}, no problem.")


@main.group(name="import")
def import_() -> None:
    """Turn somebody else's format into notices."""


@import_.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="Where to write.")
def statuspage(files: tuple[Path, ...], folder: Path) -> None:
    """Write notices from the JSON that Statuspage serves under /api/v2. No file is overwritten."""
    with told():
        from .importers import files as disk
        from .importers import statuspage
        from .importers.imported import components_yaml, report

        imported = statuspage.read(disk.read_json(files), imported=datetime.now(UTC).replace(microsecond=0))
        written = disk.write_all(imported, folder)
        click.echo(report(imported))
        click.echo(f"\n{_files(len(written.new))} written to {folder}, {_files(len(written.same))} there already.")
        say(written.kept)
        click.echo(f"\nThis goes under aboveboard in mkdocs.yml:\n\n{components_yaml(imported)}", nl=False)


@main.command()
@click.argument("what", type=click.Choice(["notice", "settings"]))
def schema(what: str) -> None:
    """Print a JSON Schema, with which an editor completes keys and underlines mistakes."""
    from . import front, options

    shape = front.schema() if what == "notice" else options.schema()
    click.echo(json.dumps(shape, indent=2, ensure_ascii=False))


@contextmanager
def told(level: int = logging.WARNING) -> Iterator[None]:
    """Say what goes wrong, one a line on standard error, and end with status 1."""
    reasons: list[logging.LogRecord] = []

    def is_shown(record: logging.LogRecord) -> bool:
        if record.levelno >= logging.ERROR:
            reasons.append(record)
        return record.levelno >= level or record.name == "mkdocs.plugins.aboveboard"

    logger = logging.getLogger("mkdocs")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    handler.addFilter(is_shown)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    except Refused as refused:
        say(refused.problems)
        sys.exit(1)
    except click.ClickException as wrong:  # all that MkDocs raises is one
        if not reasons:
            click.echo(wrong.message, err=True)
        sys.exit(1)
    finally:
        logger.removeHandler(handler)


def progress(made: int, kept: int, left: int) -> None:
    """Tell a terminal how far a long build has come."""
    if made + left < LONG:
        return
    line = f"{made:,} made, {kept:,} kept, {left:,} left"
    click.echo(f"\r\x1b[K{line}" if left else "\r\x1b[K", nl=False, err=True)


def say(problems: Iterable[Problem]) -> None:
    """One a line, on standard error."""
    for problem in problems:
        click.echo(str(problem), err=True)


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"
