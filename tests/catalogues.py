"""What is said in the program, and the catalogues brought up to it: `make words` runs this.

A message that is new comes into every catalogue without a translation, and one that is gone leaves it. Whoever adds one
writes it in each language, or has somebody do so; until then a test fails.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from aboveboard.language import DOMAIN, ENGLISH, SPOKEN

PACKAGE = Path(__file__).parents[1] / "plugins" / "aboveboard"

METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {
    "templates/**.html": {
        "extensions": "jinja2.ext.i18n",
        "newstyle_gettext": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "silent": "false",
    }
}
KEYWORDS = {
    "_": None,
    "_c": ((1, "c"), 2),
    "_n": (1, 2),
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
"""What marks a message, in Python and in templates, and which of its arguments are what."""


_NOISE = re.compile(r'^"(?:Project|Report|POT|PO|Last|Language-Team|MIME|Generated)[^"]*"\n', re.MULTILINE)
"""What a header says of times, persons and programs; git knows them better."""


def said() -> Catalog:
    """Every message of the program."""
    found = Catalog(project="Aboveboard", fuzzy=False)
    messages = extract_from_dir(PACKAGE, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=["Translators:"])
    for path, _line, message, comments, context in messages:
        found.add(message, None, [(path, 0)], auto_comments=comments, context=context)
    return found


def path_of(code: str) -> Path:
    """Where a catalogue lies."""
    return PACKAGE / "languages" / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def catalogue(code: str) -> Catalog:
    """The catalogue of a language, an empty one where there is none yet."""
    if not path_of(code).is_file():
        return Catalog(locale=code, project="Aboveboard", fuzzy=False)
    with path_of(code).open("rb") as file:
        return read_po(file, locale=code)


def main() -> None:
    """Bring every catalogue up to the program, and say what is left to be translated."""
    messages = said()
    for code in SPOKEN:
        if code == ENGLISH.code:
            continue
        known = catalogue(code)
        messages.creation_date = known.creation_date
        known.update(messages, no_fuzzy_matching=True)
        known.obsolete.clear()
        path_of(code).parent.mkdir(parents=True, exist_ok=True)
        known.header_comment = f"# Aboveboard's words in {ENGLISH.names[code]}. `make words` brings in new ones."
        written = BytesIO()
        write_po(written, known, width=120, sort_output=True, include_lineno=False)
        path_of(code).write_text(_NOISE.sub("", written.getvalue().decode()), "utf-8")
        left = [message for message in known if message.id and not all(strings(message.string))]
        print(f"{code}: {len(known)} messages, {len(left)} without a translation")  # noqa: T201


def strings(string: object) -> tuple[str, ...]:
    """A translation in all its forms."""
    return (string,) if isinstance(string, str) else tuple(string or ("",))


if __name__ == "__main__":
    main()
