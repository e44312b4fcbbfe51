"""What `mkdocs.yml` may say about us: every key, and the sentence that a wrong one earns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, PlainValidator, ValidationError, WithJsonSchema

from . import times
from .chosen import pick
from .language import ENGLISH, SPOKEN, spoken
from .model import CAUSES, Component, Group, Rule
from .problem import Key, Place, Problem, Refused, nearest, spelled
from .settings import INCIDENTS, RESERVED, Goals, Host, Regulation, Settings, Shell
from .shape import Id, Instant, Line, Moment, Shape, Title, choice, problems, text_of

if TYPE_CHECKING:  # where keys stand is only asked when something is wrong
    import yaml


def read(written: Mapping[str, object], host: Host, *, text: str = "", path: str = "mkdocs.yml") -> Settings:
    """The settings as written under the plugin. Raises Refused with every problem.

    `text` is that of `path`, and only used to tell where each key stands.
    """
    places = _Finder(text)
    try:
        options = _Options.model_validate(_without_blanks(written), context={"zone": _zone_of(written)})
    except ValidationError as error:
        raise Refused(problems(error, _Options, path, places)) from None
    settings = _settings(options, host)
    if found := list(_contradictions(settings, path, places)):
        raise Refused(found)
    return settings


def schema() -> dict[str, Any]:
    """The JSON Schema of the plugin's options, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | _Options.model_json_schema()


def _zone(value: object) -> ZoneInfo:
    name = text_of(value)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        # "CET+1" is near "CET" and "PST" near "MST": what has no city in its name is never meant.
        cities = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
        near = nearest(name.replace(" ", "_"), cities) or "; write a city, like Europe/Dublin, or UTC"
        raise ValueError(f'"{name}" is not a time zone{near}') from None


def _path(value: object) -> str:
    parts = text_of(value).strip("/").split("/") if value else []
    if any(part in ("", ".", "..") or part != part.strip() for part in parts):
        raise ValueError(f'"{value}" is not a path inside the site; write it like status or help/status')
    return "/".join(parts)


def _contact(value: object) -> str:
    text = text_of(value)
    if urlsplit(text).scheme not in ("http", "https", "mailto", "tel"):
        raise ValueError(f'"{text}" is not an address; write it like https://… or mailto:…')
    return text


def _hub(value: object) -> str:
    text = text_of(value)
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f'"{text}" is not the address of a hub; write it like https://hub.example.com/')
    return text


def _age(value: object) -> timedelta:
    text = text_of(value)
    found = times.length(text)
    if not found:
        raise ValueError(f'"{text}" is no length of time; write it like 30m, 1h or 1d')
    return found


def _switch(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f'"{text_of(value)}" is neither true nor false')


def _target(value: object) -> Fraction | None:
    text = str(value).removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text) or not 0 < Fraction(text) <= 100:
        raise ValueError(f'"{value}" is not a share of a month; write it like 99.9%')
    return Fraction(text) / 100


_LENGTH = re.compile(r"(\d+) ?(m|min|h)")


def _length(value: object) -> timedelta:
    text = text_of(value)
    found = _LENGTH.fullmatch(text)
    if not found or not int(found[1]):
        raise ValueError(f'"{text}" is not a length of time; write it like 15m or 1h')
    return timedelta(hours=int(found[1])) if found[2] == "h" else timedelta(minutes=int(found[1]))


def _days(value: object) -> int:
    text = str(value)
    if not text.isdecimal() or not int(text):
        raise ValueError(f'"{text}" is no number of working days; write it like 10')
    return int(text)


def _commit(value: object) -> str:
    text = text_of(value)
    if not re.fullmatch("[0-9a-f]{7,64}", text):
        raise ValueError(f'"{text}" is not the name of a commit; write at least seven of its digits, in quotes')
    return text


def _authority(value: object) -> str:
    text = text_of(value)
    if not text.replace(".", "").replace("-", "").replace("@", "").isalnum() or not text.isascii():
        raise ValueError(f'"{text}" is not a domain; write it like status.example.com')
    return text.lower()


def _causes(value: object) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {_code(code): text_of(words) for code, words in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _in_words([_code(code) for code in value])
    raise ValueError("write a list of codes, or each code with its words")


def _languages(value: object) -> tuple[str, ...]:
    codes = [
        text_of(code) for code in ([value] if isinstance(value, str) else value if isinstance(value, list) else [])
    ]
    if not codes:
        raise ValueError("write a list of languages, the site's own first, like [en, de]")
    for at, code in enumerate(codes):
        if code not in SPOKEN:
            known = sorted(SPOKEN)
            raise ValueError(f'"{code}" is none of our languages; use {", ".join(known[:-1])} or {known[-1]}')
        if code in codes[:at]:
            raise ValueError(f'"{code}" is in the list twice')
    return tuple(codes)


def _regulations(value: object) -> tuple[Regulation, ...]:
    if not isinstance(value, list | str):
        raise ValueError("write a list of regulations, like [nis2, dora]")
    found = [pick(Regulation, text_of(one), "a regulation") for one in ([value] if isinstance(value, str) else value)]
    return tuple(dict.fromkeys(found))


def _code(value: object) -> str:
    text = text_of(value)
    if not text.replace("_", "").replace("-", "").isalnum() or not text.isascii():
        raise ValueError(f'"{text}" is no code for a cause: it is part of an address, so use letters, digits, - and _')
    return text


def _in_words(codes: Sequence[str]) -> dict[str, str]:
    return {code: code.replace("_", " ") for code in codes}


_TEXT = WithJsonSchema({"type": "string"})


class _Group(Shape):
    id: Annotated[Id, Field(description="Its address; never change it.", examples=["mail"])]
    name: Annotated[Title, Field(description="What readers call it.", examples=["Mail delivery"])]
    source_id: Annotated[Line, Field(description="Its id on the page that it was imported from.")] = ""


class _Component(Shape):
    id: Annotated[Id, Field(description="Its address; never change it.", examples=["mail"])]
    name: Annotated[Title, Field(description="What readers call it.", examples=["Mail delivery"])]
    group: Annotated[Id | None, Field(description="The id of its group.")] = None
    since: Annotated[Moment | None, Field(description="From when we speak for it.")] = None
    until: Annotated[Moment | None, Field(description="When it ended.")] = None
    was: Annotated[tuple[Line, ...], Field(description="Names it had before.")] = ()
    description: Line = ""
    upstream: Annotated[Line, Field(description="Whose service it is, where it is somebody else's.")] = ""
    target: Annotated[
        Fraction | None,
        PlainValidator(_target),
        WithJsonSchema({"type": ["string", "number"]}),
        Field(description="The share of a month that you promise.", examples=["99.9%"]),
    ] = None
    credit: Annotated[Line, Field(description="What is due when that is missed.")] = ""
    probes: Annotated[
        tuple[Line, ...], Field(description="What it is called where it is monitored, if that is not its id.")
    ] = ()
    source_id: Annotated[Line, Field(description="Its id on the page that it was imported from.")] = ""


class _Goals(Shape):
    first_word: Annotated[
        timedelta | None, PlainValidator(_length), _TEXT, Field(description="To the first post.", examples=["15m"])
    ] = None
    silence: Annotated[
        timedelta | None, PlainValidator(_length), _TEXT, Field(description="Between two posts.", examples=["1h"])
    ] = None
    post_mortem: Annotated[
        int | None,
        PlainValidator(_days),
        WithJsonSchema({"type": "integer", "minimum": 1}),
        Field(description="Working days to a post-mortem.", examples=[10]),
    ] = None


class _Options(Shape):
    name: Annotated[Line, Field(description="Whose status it is; the site's name unless stated.")] = ""
    timezone: Annotated[
        ZoneInfo, PlainValidator(_zone), _TEXT, Field(description="In which times are read and shown.")
    ] = ZoneInfo("UTC")
    incidents: Annotated[str, PlainValidator(_path), _TEXT, Field(description="The folder of the notices.")] = INCIDENTS
    prefix: Annotated[str, PlainValidator(_path), _TEXT, Field(description="Before every path of ours.")] = ""
    components: Annotated[tuple[_Component, ...], Field(description="What readers know by name.")] = ()
    groups: Annotated[tuple[_Group, ...], Field(description="Components that are shown together.")] = ()
    since: Annotated[Moment | None, Field(description="From when we speak for everything.")] = None
    feed_authority: Annotated[
        str, PlainValidator(_authority), _TEXT, Field(description="The domain in feed ids; never change it.")
    ] = ""
    uptime_rule: Annotated[
        Rule,
        choice(Rule, "a rule"),
        WithJsonSchema({"type": "string", "enum": list(Rule)}),
        Field(description="Which rule heads the board."),
    ] = Rule.STRICT
    causes: Annotated[
        dict[str, str],
        PlainValidator(_causes),
        WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "object"}]}),
        Field(description="Resolution codes, with or without words."),
    ] = _in_words(CAUSES)
    contact: Annotated[str, PlainValidator(_contact), _TEXT, Field(description="For whoever finds no answer.")] = ""
    description: Annotated[Line, Field(description="What the page is, in a sentence.")] = ""
    websub_hub: Annotated[str, PlainValidator(_hub), _TEXT, Field(description="The WebSub hub that feeds name.")] = ""
    indicate_maintenance: Annotated[
        bool,
        PlainValidator(_switch),
        WithJsonSchema({"type": "boolean"}),
        Field(description="Whether the indicator in /api/v2/ may be maintenance; not every client knows the word."),
    ] = False
    now: Annotated[Instant | None, Field(description="Where the clock stands, for a sample.")] = None
    goals: Annotated[_Goals, Field(description="What you want your candour to be measured by.")] = _Goals()
    clocks: Annotated[
        tuple[Regulation, ...],
        PlainValidator(_regulations),
        WithJsonSchema({"type": "array", "items": {"type": "string", "enum": list(Regulation)}}),
        Field(description="Regulators by whose clocks it is shown when the public was told.", examples=[["nis2"]]),
    ] = ()
    evidence: Annotated[
        bool,
        PlainValidator(_switch),
        WithJsonSchema({"type": "boolean"}),
        Field(description="Whether git is asked when each word appeared."),
    ] = True
    of_form: Annotated[
        tuple[Annotated[str, PlainValidator(_commit), _TEXT], ...],
        Field(description="Commits that changed the form of notices and not their words."),
    ] = ()
    measured: Annotated[
        str, PlainValidator(_path), _TEXT, Field(description="The folder with files of your monitoring.")
    ] = ""
    max_age: Annotated[
        timedelta | None,
        PlainValidator(_age),
        _TEXT,
        Field(description="How old the site may be before its pages say that they are too old.", examples=["1h"]),
    ] = None
    offline: Annotated[
        bool,
        PlainValidator(_switch),
        WithJsonSchema({"type": "boolean"}),
        Field(description="Whether browsers keep what was seen last, for when there is no network."),
    ] = True
    page_events: Annotated[
        bool,
        PlainValidator(_switch),
        WithJsonSchema({"type": "boolean"}),
        Field(description="Whether pages go through MkDocs one by one, for plugins that change pages."),
    ] = False
    noindex: Annotated[
        bool,
        PlainValidator(_switch),
        WithJsonSchema({"type": "boolean"}),
        Field(description="Whether search engines are asked to stay away."),
    ] = False
    shell: Annotated[
        Shell,
        choice(Shell, "a shell"),
        WithJsonSchema({"type": "string", "enum": list(Shell)}),
        Field(description="Whether our own header and footer or the theme's stand around our pages."),
    ] = Shell.OWN
    languages: Annotated[
        tuple[str, ...],
        PlainValidator(_languages),
        WithJsonSchema({"type": "array", "items": {"type": "string", "enum": list(SPOKEN)}, "minItems": 1}),
        Field(description="In which languages the site is shown, its own first.", examples=[["en", "de"]]),
    ] = ()
    names: Annotated[
        dict[str, dict[str, Title]],
        Field(
            description="What components and groups are called in the other languages.",
            examples=[{"de": {"mail": "E-Mail"}}],
        ),
    ] = Field(default_factory=dict)


def _without_blanks(written: Mapping[str, object]) -> dict[str, object]:
    """A key with nothing behind it was not written."""
    return {key: value for key, value in written.items() if value is not None}


def _zone_of(written: Mapping[str, object]) -> ZoneInfo:
    """The zone in which the other settings' times are read; a wrong one is told where it stands."""
    try:
        return _zone(written.get("timezone") or "UTC")
    except ValueError:
        return ZoneInfo("UTC")


def _settings(options: _Options, host: Host) -> Settings:
    return Settings(
        host=host,
        name=options.name or host.name,
        zone=options.timezone,
        incidents=options.incidents,
        prefix=options.prefix,
        components=tuple(Component(**dict(component)) for component in options.components),
        groups=tuple(Group(**dict(group)) for group in options.groups),
        since=options.since,
        feed_authority=options.feed_authority or urlsplit(host.url or "").hostname or "localhost",
        rule=options.uptime_rule,
        causes=options.causes,
        contact=options.contact,
        description=options.description,
        websub_hub=options.websub_hub,
        indicate_maintenance=options.indicate_maintenance,
        now=options.now,
        max_age=options.max_age,
        offline=options.offline,
        page_events=options.page_events,
        noindex=options.noindex,
        shell=options.shell,
        names=options.names,
        languages=options.languages or (spoken(host.language) or ENGLISH.code,),
        clocks=options.clocks,
        goals=Goals(
            first_word=options.goals.first_word, silence=options.goals.silence, account=options.goals.post_mortem
        ),
        evidence=options.evidence,
        of_form=options.of_form,
        measured=options.measured,
    )


def _contradictions(settings: Settings, path: str, places: _Finder) -> Iterator[Problem]:
    """What no key says wrong alone."""

    def say(key: Key, sentence: str) -> Problem:
        place = places(key, True)
        return Problem(path, place.line, place.column, sentence, spelled(key))

    seen: dict[str, str] = {}
    ids = [(("groups", at), group.id) for at, group in enumerate(settings.groups)]
    ids += [(("components", at), component.id) for at, component in enumerate(settings.components)]
    for key, id_ in ids:
        if id_ in seen:
            yield say((*key, "id"), f'"{id_}" is the id of {seen[id_]} already; ids are unique')
        seen.setdefault(id_, spelled(key))
    for code, names in settings.names.items():
        if code not in settings.languages[1:]:
            others = " and ".join(settings.languages[1:]) or "none"
            yield say(("names", code), f'"{code}" is none of the other languages of this site, which are {others}')
        for id_ in names:
            if id_ not in seen:
                sentence = f'there is no component and no group "{id_}"{nearest(id_, list(seen))}'
                yield say(("names", code, id_), sentence)
    yield from _twice_imported(settings, say)
    groups = [group.id for group in settings.groups]
    for at, component in enumerate(settings.components):
        if component.id in RESERVED:
            yield say(
                ("components", at, "id"),
                f'"{component.id}" means something else in the heading of an update; choose another id',
            )
        if component.group and component.group not in groups:
            sentence = f'there is no group "{component.group}"{nearest(component.group, groups)}'
            yield say(("components", at, "group"), sentence)
        if component.probes and not settings.measured:
            sentence = "nothing is measured here; write measured: and the folder of the files"
            yield say(("components", at, "probes"), sentence)
        if component.credit and component.target is None:
            yield say(("components", at, "credit"), "this is due when a target is missed, and there is none")
        if component.since and component.until and component.until <= component.since:
            yield say(("components", at, "until"), "it ends before it begins; until is later than since")


def _twice_imported(settings: Settings, say: Callable[[Key, str], Problem]) -> Iterator[Problem]:
    """What says that it was called what another one was: their ids in the API would be one."""
    seen: dict[str, str] = {}
    named = [(("groups", at), one.source_id) for at, one in enumerate(settings.groups)]
    named += [(("components", at), one.source_id) for at, one in enumerate(settings.components)]
    for key, id_ in named:
        if id_ and id_ in seen:
            yield say(
                (*key, "source_id"), f'"{id_}" is what {seen[id_]} was called already; take it out of one of them'
            )
        seen.setdefault(id_, spelled(key))


class _Finder:
    """Says where a key of ours stands in `mkdocs.yml`; where it cannot tell, the start of the file."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def nodes(self) -> Mapping[Key, tuple[Place, Place]]:
        """Where each key, and what stands behind it, is."""
        return _places(self.text)

    def __call__(self, key: Key, content: bool) -> Place:
        while key and key not in self.nodes:
            key = key[:-1]
        return self.nodes.get(key, (Place(1, 1), Place(1, 1)))[content]


def _places(text: str) -> dict[Key, tuple[Place, Place]]:
    """Where everything below our entry under `plugins` stands. MkDocs has told what is no YAML before."""
    import yaml

    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError:
        root = None
    found: dict[Key, tuple[Place, Place]] = {}
    for name, ours in _entries(_child(root, "plugins")):
        if str(name.value).rpartition("/")[2] == "aboveboard":
            _note(ours, (), _place(name), found)
    return found


def _entries(plugins: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Plugins with options, whether they stand in a list or a mapping."""
    import yaml

    if isinstance(plugins, yaml.MappingNode):
        yield from plugins.value
    elif isinstance(plugins, yaml.SequenceNode):
        for item in plugins.value:
            if isinstance(item, yaml.MappingNode):
                yield from item.value
            else:
                yield item, item


def _child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    import yaml

    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((content for name, content in pairs if name.value == key), None)


def _note(node: yaml.Node, key: Key, named: Place, found: dict[Key, tuple[Place, Place]]) -> None:
    import yaml

    found[key] = (named, _place(node))
    if isinstance(node, yaml.MappingNode):
        for name, content in node.value:
            _note(content, (*key, str(name.value)), _place(name), found)
    elif isinstance(node, yaml.SequenceNode):
        for at, item in enumerate(node.value):
            _note(item, (*key, at), _place(item), found)


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)
