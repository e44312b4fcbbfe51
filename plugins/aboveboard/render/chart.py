"""A notice's chart as HTML: the drawing, the names of its lanes, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from ..model import Component
from ..story import NoticeReport
from .drawing import Chart, Row
from .pieces import Pieces, escaped, marks_of, safe
from .words import Words

LANE = 50
"""How tall a lane is, with its name, in pixels."""

LONG = 40
"""From so many letters on the name of a lane is cut, and opens."""


def figure(chart: Chart, shown: NoticeReport, *, pieces: Pieces) -> Markup:
    """All of it."""
    bottom = LANE * len(chart.lanes) + 26
    words = pieces.words
    return safe(
        f'<figure class="ab-figure"><svg class="ab-chart" height="{bottom + 26}" role="img" '
        f'aria-label="{escaped(chart.label)}"><defs><pattern id="ab-ht" width="5" height="5" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line y2="5" stroke="currentColor"/></pattern>'
        f"</defs>\n{_untold(chart, bottom, words)}{drawn(chart, bottom)}</svg>\n"
        f'<ul class="ab-lanes">{"".join([_named(alike, pieces) for alike, _ in chart.lanes])}</ul>\n'
        f"{_table_head(words)}{pieces.spans(shown)}\n</tbody></table></details></figure>"
    )


def drawn(chart: Chart, bottom: int) -> Markup:
    """The inside of a chart whose lanes end at `bottom`: the lanes, the posts' numbers, the axis below.

    What is drawn later lies above: the line of a post crosses the marks of a lane, and passes behind its name,
    which lies over the drawing.
    """
    y = bottom + 20
    posts = [(f"{post.x}%", post.text) for post in chart.posts]
    return safe(
        "".join(
            [_lane(n, row) for n, (_, row) in enumerate(chart.lanes)]
            + [f'<line class="ab-mk" x1="{x}" x2="{x}" y1="16" y2="{bottom}"/>' for x, _ in posts]
            + [_number(x, text, 4 * len(text) + 4) for x, text in posts]
            + [f'<text x="{one.x}%" y="{y}" text-anchor="middle">{one.text}</text>' for one in chart.axis]
        )
    )


def _lane(number: int, row: Row) -> str:
    return (
        f'<svg class="ab-tide" y="{LANE * number + 42}" width="100%" height="24" viewBox="0 0 270 24" '
        f'preserveAspectRatio="none">{marks_of(row)}</svg>'
    )


def _number(x: str, text: str, half: int) -> str:
    return (
        f'<svg x="{x}"><rect class="ab-nb" x="-{half}" width="{2 * half}" height="16"/>'
        f'<text class="ab-nt" y="12.5" text-anchor="middle">{text}</text></svg>'
    )


def _untold(chart: Chart, bottom: int, words: Words) -> str:
    """From when it began to when we first said so."""
    if not chart.untold:
        return ""
    (x, width), said = chart.untold, words._("untold")
    text = f'<text x="{x}%" y="12">{said}</text>' if width > 20 else ""
    return f'<rect class="ab-hatch" x="{x}%" y="18" width="{width}%" height="{bottom - 18}"/>{text}'


def _named(alike: Sequence[Component], pieces: Pieces) -> str:
    """The name of a lane: of its first component, and how many more share it."""
    first, more = alike[0], len(alike) - 1
    name = pieces.names[first.id]
    if not more and len(first.name) <= LONG:
        return f"<li>{name}</li>"
    if more:
        said = pieces.words._n("and %(count)s more", "and %(count)s more", more)
        name = f"{name}<span>{said}</span>"
    links = "".join(f"<li>{pieces.component_link(one)}</li>" for one in alike)
    return f'<li><details class="ab-open"><summary>{name}</summary><ul>{links}</ul></details></li>'


@lru_cache(16)
def _table_head(words: Words) -> str:
    """The same in a language for every notice."""
    title = words._("The same as a table")
    heads = (words._("Component"), words._c("a time", "From"), words._c("a time", "To"), words._("State"))
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        f'<details class="ab-open"><summary>{title}</summary><table class="ab-t"><thead><tr>{cells}</tr></thead>'
        "<tbody>\n"
    )
