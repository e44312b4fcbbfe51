"""Messages in templates, looked up when a template is compiled for a language: printing a page pays nothing for them.

In a template `{% trans %}…{% endtrans %}` and `_("…")` are Jinja's own; what becomes of them is ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from ..language import Language

_HOLE = re.compile(r"%\((\w+)\)s|(%)%")

_TAG = {"gettext", "ngettext", "pgettext", "npgettext"}
"""What Jinja makes of a `trans`."""

_NUMBER = "_number"


class Messages(NodeTransformer):
    """Puts the words of one language into a template: text where a message was, and what fills it in between."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def generic_visit(self, node: nodes.Node, *args: object, **kwargs: object) -> nodes.Node:
        """What is printed one after the other is printed together: a message is text like that around it."""
        super().generic_visit(node, *args, **kwargs)
        for _, value in node.iter_fields():
            if isinstance(value, list):
                value[:] = _together(value)
        return node

    def visit_Output(self, node: nodes.Output) -> nodes.Output | list[nodes.Stmt]:  # noqa: N802, Jinja's name for it
        """What is printed. Of a `trans` Jinja makes a statement with nothing else in it."""
        call = node.nodes[0] if len(node.nodes) == 1 else None
        if isinstance(call, nodes.Call) and isinstance(call.node, nodes.Name) and call.node.name in _TAG:
            return [cast("nodes.Stmt", self.visit(one)) for one in self._printed(call, call.node.name)]
        self.generic_visit(node)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802
        """`_("…")`, and with what tells it apart first `pgettext("impact", "None")`."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in ("_", "pgettext"):
            return node
        texts = [one.value for one in node.args if isinstance(one, nodes.Const)]
        said = self.language.gettext(*texts) if node.node.name == "_" else self.language.pgettext(*texts)
        return nodes.Const(said, lineno=node.lineno)

    def _printed(self, call: nodes.Call, name: str) -> Iterator[nodes.Stmt]:
        texts = [one.value for one in call.args if isinstance(one, nodes.Const)]
        context = texts.pop(0) if "p" in name.removesuffix("gettext") else ""
        filled = {one.key: one.value for one in call.kwargs}
        if len(texts) == 1:
            yield nodes.Output(list(self._parts(self.language.pgettext(context, texts[0]), filled)), lineno=call.lineno)
            return
        counted = call.args[-1]
        number = nodes.Name(_NUMBER, "load", lineno=call.lineno)
        written = nodes.Call(nodes.Name("written", "load"), [number], [], None, None, lineno=call.lineno)
        filled = {key: written if value is counted else value for key, value in filled.items()}
        yield nodes.Assign(nodes.Name(_NUMBER, "store"), counted, lineno=call.lineno)
        forms = self.language.forms(texts[0], texts[1], context)
        which = nodes.Call(nodes.Name("plural_form", "load"), [number], [], None, None, lineno=call.lineno)
        said: list[nodes.Node] = [nodes.Output(list(self._parts(forms[-1], filled)), lineno=call.lineno)]
        for at in reversed(range(len(forms) - 1)):
            output = nodes.Output(list(self._parts(forms[at], filled)), lineno=call.lineno)
            test = nodes.Compare(which, [nodes.Operand("eq", nodes.Const(at))])
            said = [nodes.If(test, [output], [], said, lineno=call.lineno)]
        yield from cast("list[nodes.Stmt]", said)

    def _parts(self, message: str, filled: Mapping[str, nodes.Expr]) -> Iterator[nodes.Expr]:
        """A message, cut where something is filled in. Raises KeyError where a catalogue asks for what there is not."""
        at = 0
        for hole in _HOLE.finditer(message):
            if text := message[at : hole.start()] + (hole[2] or ""):
                yield nodes.TemplateData(text)
            if hole[1]:
                yield filled[hole[1]]
            at = hole.end()
        if text := message[at:]:
            yield nodes.TemplateData(text)


def _together(some: Iterable[object]) -> Iterator[object]:
    last: object = None
    for one in some:
        if isinstance(one, nodes.Output) and isinstance(last, nodes.Output):
            last.nodes.extend(one.nodes)
        else:
            last = one
            yield one
