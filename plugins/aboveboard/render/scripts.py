"""What scripts on our pages say: messages with holes that they fill."""

from __future__ import annotations

from collections.abc import Mapping

from .words import Words

MANY = 5
"""A number that stands for any, where a script fills one in: our units are abbreviations, which it seldom changes."""


def for_pages(words: Words) -> Mapping[str, object]:
    """What a script on a page fills in: `{ago}`, `{time}`, and `{d}` to `{s}` in lengths."""
    days = words.language.ngettext("%(count)s d", "%(count)s d", MANY)
    days_and_hours = words.language.ngettext("%(count)s d %(hours)s h", "%(count)s d %(hours)s h", MANY)
    return {
        "yours": words._("{time} your time"),
        "stale": words._("We cannot say how things are now: this page was built {ago}, and should be younger."),
        "then": words._("If nothing has changed since:"),
        "offline": words._("No connection. This is how things stood {ago}."),
        "lengths": {
            "dh": days_and_hours % {"count": "{d}", "hours": "{h}"},
            "d": days % {"count": "{d}"},
            "hm": words._("%(hours)s h %(minutes)s min") % {"hours": "{h}", "minutes": "{m}"},
            "h": words._("%(hours)s h") % {"hours": "{h}"},
            "m": words._("%(minutes)s min") % {"minutes": "{m}"},
            "s": words._("%(seconds)s s") % {"seconds": "{s}"},
        },
    }


def for_search(words: Words) -> Mapping[str, str]:
    """What the script of the page that searches fills in and shows. Its holes are `{count}` and `{month}`."""
    return {
        "looking": words._("Searching …"),
        "all": words._("Found: {count}. That is all of them."),
        "some": words._("Found: {count}, the newest first, as far back as {month}."),
        "none": words._("Nothing that was posted here has all of these words."),
        "noneYet": words._("Nothing as far back as {month}."),
        "failed": words._("Some of the history could not be fetched. Try again."),
        "comma": words.comma,
    }
