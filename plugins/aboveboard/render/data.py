"""JSON for programs: as short as can be."""

from __future__ import annotations

import json

from msgspec import to_builtins
from msgspec.json import encode


def written(said: object) -> bytes:
    """Plain values as JSON: every script as it is, and times, which are of UTC, with a `Z`."""
    try:
        return encode(said) + b"\n"
    except UnicodeEncodeError:  # half of a pair of surrogates, which no UTF-8 can hold
        plain = json.dumps(to_builtins(said), ensure_ascii=False, separators=(",", ":"))
        return plain.encode(errors="replace") + b"\n"
