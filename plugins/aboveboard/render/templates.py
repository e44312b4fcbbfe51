"""Jinja's templates in one language, compiled once and called without detours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from jinja2 import BytecodeCache, Environment, Template, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode

from .messages import Messages
from .pieces import escaped


class Code(CodeGenerator):
    """Jinja's, which wraps every single value that is printed as HTML that is safe from then on; text will do."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if not _escapes(frame) or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("printed(")

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("printed = environment.printed")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """A block hands on what it prints as one text, and not piece by piece to the templates that extend another."""
        whole = frame.block_frame and frame.buffer is None
        if whole:
            self.buffer(frame)
        super().blockvisit(nodes, frame)
        if whole:
            self.writeline(f"yield concat({frame.buffer})")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """What a call is given as its block is a function, where it takes nothing: a macro would look for arguments."""
        takes = (macro_ref.node.args, macro_ref.accesses_varargs, macro_ref.accesses_kwargs, macro_ref.accesses_caller)
        if isinstance(macro_ref.node, nodes.CallBlock) and _escapes(frame) and not any(takes):
            self.write("lambda macro=macro: Markup(macro())")
        else:
            super().macro_def(macro_ref, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802, Jinja's name for it
        """Jinja's way calls a function, which only what an object has not needs."""
        self.write("(found if (found := getattr((of := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr(of, {node.attr!r}))")

    def signature(
        self,
        node: nodes.Call | nodes.Filter | nodes.Test,
        frame: Frame,
        extra_kwargs: Mapping[str, object] | None = None,
    ) -> None:
        """What is called is told nothing of what is known where it is called: nothing asks for that."""
        caller = {"caller": extra_kwargs["caller"]} if extra_kwargs and "caller" in extra_kwargs else None
        super().signature(node, frame, caller)


def _escapes(frame: Frame) -> bool:
    """Whether what is printed there is certainly escaped: a template may say that it is not."""
    return frame.eval_ctx.autoescape and not frame.eval_ctx.volatile


class Calls(Context):
    """What a template knows. Jinja asks of each call whether it wants to be told of that, which takes longer than most.

    Of what there is to call, macros alone do.
    """

    def __init__(
        self,
        environment: Environment,
        parent: dict[str, object],
        name: str | None,
        blocks: dict[str, Callable[[Context], Iterator[str]]],
        globals: MutableMapping[str, object] | None = None,  # noqa: A002, ARG002 - Jinja's name for it
    ) -> None:
        super().__init__(environment, parent, name, blocks)
        self.globals_keys = environment.globals.keys()  # type: ignore[assignment]  # and not a copy for each page

    @internalcode
    def call(self, what: Callable[..., object], /, *args: object, **kwargs: object) -> object:
        """The value of a call in a template."""
        return super().call(what, *args, **kwargs) if isinstance(what, Macro) else what(*args, **kwargs)


class Templates(Environment):
    """Templates in one language.

    They share what they may call and extend: Jinja's own ways to look these up take as long as the rest of a page.
    """

    code_generator_class = Code
    context_class = Calls
    messages: Messages
    known: dict[str, Template]

    printed = staticmethod(escaped)

    @internalcode
    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002, Jinja's name for it
    ) -> Template:
        """A template by its name, which is the same wherever it is asked for."""
        if not isinstance(name, str) or globals:
            return super().get_template(name, parent, globals)
        if name not in self.known:
            self.known[name] = super().get_template(name, parent)
        return self.known[name]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **d} if d else self.globals

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """Jinja's way in to change what is compiled."""
        return super()._generate(self.messages.visit(source), name, filename, defer_init)


class Compiled(BytecodeCache):
    """Templates as Python's code, in one language: the next environment need not compile them again."""

    def __init__(self, code: MutableMapping[str, bytes], language: str) -> None:
        self.code, self.language = code, language

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Where a template's code is."""
        return f"{self.language} {super().get_cache_key(name, filename)}"

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


COMPILED: dict[str, bytes] = {}
"""The code of every template that this process has compiled."""
