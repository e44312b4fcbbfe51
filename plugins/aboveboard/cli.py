"""The command `aboveboard`."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from . import __version__
from .exchange import exchanged
from .problem import Problem, Refused

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from .model import Log
    from .settings import Settings

CONFIGS = ("mkdocs.yml", "mkdocs.yaml")
"""Where MkDocs looks for a configuration."""


class Reader(Protocol):
    """What this command needs of the plugin."""

    def read(self, config: MkDocsConfig) -> tuple[Settings, Log]:
        """The settings and every notice. Raises Refused with all that is wrong with them."""


config_file = click.option(
    "-f", "--config-file", "file", type=click.Path(path_type=Path), help="Another file than mkdocs.yml."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="aboveboard")
def main() -> None:
    """A status page from a folder of Markdown."""


@main.command()
@config_file
@click.option("-d", "--site-dir", "site", type=click.Path(path_type=Path), help="Another folder than site.")
@click.option("-s", "--strict", is_flag=True, help="Warnings are mistakes too.")
def build(file: Path | None, site: Path | None, strict: bool) -> None:
    """Read every notice and write the site. If anything is wrong, the site that is there stays as it was."""
    with told():
        from mkdocs.commands.build import build as host_build

        config = load(file, strict=strict or None, site_dir=str(site.absolute()) if site else None)
        shown = config.site_dir
        try:
            with exchanged(Path(shown).resolve()) as fresh:
                config.site_dir = str(fresh)
                config.plugins.on_startup(command="build", dirty=False)
                host_build(config)
                config.plugins.on_shutdown()
                made = sum(path.is_file() for path in fresh.rglob("*"))
        except OSError as wrong:  # the disk is full, the folder is not ours, another build is running
            raise click.ClickException(f"{wrong.filename or shown}: {wrong.strerror or wrong}") from None
    click.echo(f"{shown}: {_files(made)}.")


@main.command()
@config_file
@click.option("-a", "--addr", metavar="HOST:PORT", help="Another address than 127.0.0.1:8000.")
def serve(file: Path | None, addr: str | None) -> None:
    """Build the site, show it on this machine, and build it again whenever a file changes."""
    with told(logging.INFO):
        from mkdocs.commands.serve import serve as host_serve

        config = load(file, dev_addr=addr)
        try:
            host_serve(config_file=str(found(file)), dev_addr=addr)
        except OSError as wrong:  # most of all, that the port is taken
            host, port = config.dev_addr
            raise click.ClickException(f"{host}:{port}: {wrong.strerror}") from None


@main.command()
@config_file
def check(file: Path | None) -> None:
    """Read every notice, print what is wrong with any of them, and write nothing."""
    with told():
        config = load(file)
        count = sum(len(reader.read(config)[1].notices) for reader in readers(config))
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
    from . import parse, settings

    shape = parse.schema() if what == "notice" else settings.schema()
    click.echo(json.dumps(shape, indent=2, ensure_ascii=False))


def load(file: Path | None, **options: Any) -> MkDocsConfig:
    """MkDocs' configuration, with a plugin of ours in it. Raises Refused, and what MkDocs raises and has logged."""
    from mkdocs.config import load_config
    from mkdocs.exceptions import ConfigurationError

    path = found(file)
    try:
        config = load_config(str(path), **options)
    except ConfigurationError as wrong:
        raise Refused([_no_configuration(path, wrong)]) from None
    except (OSError, UnicodeDecodeError) as wrong:
        raise Refused([Problem(str(path), 1, 1, f"this cannot be read: {wrong}")]) from None
    if not readers(config):
        sentence = "aboveboard is not among the plugins; write `- aboveboard` below `plugins:`"
        raise Refused([Problem(str(path), 1, 1, sentence)])
    return config


def found(file: Path | None) -> Path:
    """The configuration file: the one that is named, else MkDocs' usual one."""
    for path in [file] if file else map(Path, CONFIGS):
        if path.exists():
            return path
    sentence = "there is no such file" if file else "there is no such file here; name one with --config-file"
    raise Refused([Problem(str(file or CONFIGS[0]), 1, 1, sentence)])


def _no_configuration(path: Path, wrong: Exception) -> Problem:
    """What MkDocs could not make a configuration of, and where."""
    error = wrong.__context__
    mark = getattr(error, "problem_mark", None)
    if mark:
        return Problem(str(path), mark.line + 1, mark.column + 1, f"this is not YAML: {getattr(error, 'problem', '')}")
    if error:
        return Problem(str(path), 1, 1, f"this is not YAML: {' '.join(str(error).split())}")
    return Problem(str(path), 1, 1, "this is not a MkDocs configuration; write keys and values, like `site_name: …`")


def readers(config: MkDocsConfig) -> list[Reader]:
    """Ours among the site's plugins. MkDocs calls a second one `aboveboard #2`."""
    return [plugin for name, plugin in config.plugins.items() if name.partition(" #")[0] == "aboveboard"]


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


def say(problems: Iterable[Problem]) -> None:
    """One a line, on standard error."""
    for problem in problems:
        click.echo(str(problem), err=True)


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"
