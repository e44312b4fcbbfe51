"""Our ids, made of other people's names and ids."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

LONGEST = 60
"""How many characters of a name are enough."""


def slug(text: str) -> str:
    """Text as part of an id: ASCII letters and digits with hyphens between, cut at a word's end; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words if len(words) <= LONGEST else words[: LONGEST + 1].rpartition("-")[0] or words[:LONGEST]


def of_source(source_id: str) -> str:
    """A source's id as part of ours: as it is where it can be, else a digest. It holds no hyphen."""
    if re.fullmatch(r"[a-z0-9]{1,24}", source_id):
        return source_id
    return blake2b(source_id.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
