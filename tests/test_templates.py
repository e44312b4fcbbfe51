"""Templates as we compile them."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError

from aboveboard.language import ENGLISH
from aboveboard.render.messages import Messages
from aboveboard.render.templates import Templates

SHARED = {
    "page.html": "<{% block head %}{{ title }}{% endblock %}|{% block main %}main{% endblock %}>{{ title }}",
    "part.html": "{% set mine = title ~ '!' %}{{ mine }}{{ thing.name }}",
    "parts.html": "{% macro twice() %}{{ caller() }}{{ caller() }}{% endmacro %}"
    "{% macro each(some) %}{% for one in some %}{{ caller(one) }}{% endfor %}{% endmacro %}",
}

SOURCES = [
    "{{ thing.name }} {{ thing.inside.deep }} {{ thing.list[1] }} {{ thing.get('name') }}",
    "{{ thing.items()|list|count }} {{ title.upper() }} {{ number + 1 }} {{ none }} {{ number }}",
    '{% extends "page.html" %}{% block main %}a{{ title }}b{{ super() }}{% endblock %}',
    '{% extends "page.html" %}{% block head %}{% include "part.html" %}{% endblock %}{% block main %}'
    "{% set x = 1 %}{% for one in thing.list if one != 'b' %}{% set y = one %}{{ y }}{{ x }}{% endfor %}{% endblock %}",
    '{% import "parts.html" as parts %}{% call parts.twice() %}<b>{{ title }}</b>{% endcall %}',
    '{% import "parts.html" as parts %}{% call(one) parts.each(thing.list) %}<i>{{ one }}</i>{% endcall %}',
    '{% import "parts.html" as p %}{% for one in thing.list %}{% call p.twice() %}{{ one }}{% endcall %}{% endfor %}',
    "{% macro once() %}{{ caller() }}{% endmacro %}"
    "{% autoescape false %}{{ title }}{% call once() %}{{ title }}{% endcall %}{% endautoescape %}",
    "{% macro once() %}{{ caller() }}{% endmacro %}"
    "{% autoescape number > 5 %}{{ title }}{% call once() %}{{ title }}{% endcall %}{% endautoescape %}",
    "{% trans %}All of it{% endtrans %}, {% trans name=title %}of {{ name }}{% endtrans %}: {{ _('so') }}",
    "{% trans count=number %}{{ count }} thing{% pluralize %}{{ count }} things{% endtrans %}{{ title }}",
]


class Thing(dict[str, Any]):
    """Something with attributes and items."""

    name = "<an attribute>"


CONTEXT = {
    "title": "It's <here>",
    "thing": Thing(name="an item", inside={"deep": "<&>"}, list=["a", "b", "c"]),
    "number": 3,
}


def ours(source: str) -> Environment:
    env = Templates(
        loader=DictLoader({**SHARED, "it.html": source}),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
    )
    env.known, env.messages = {}, Messages(ENGLISH)
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    env.globals |= {"plural_form": ENGLISH.form, "written": ENGLISH.number}
    return env


def jinjas(source: str) -> Environment:
    env = Environment(
        loader=DictLoader({**SHARED, "it.html": source}),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return env


@pytest.mark.parametrize("source", SOURCES)
def test_a_template_prints_what_jinja_makes_of_it(source: str):
    """However it is compiled and called."""
    assert ours(source).get_template("it.html").render(CONTEXT) == jinjas(source).get_template("it.html").render(
        CONTEXT
    )


@pytest.mark.parametrize("source", ["{{ title.nothing }}", "{{ thing.inside.nothing.more }}", "{{ nothing.at.all }}"])
def test_what_is_not_there_is_an_error(source: str):
    with pytest.raises(UndefinedError):
        ours(source).get_template("it.html").render(CONTEXT)
