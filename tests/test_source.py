"""Files become text and front matter, and everything knows its line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aboveboard import source
from aboveboard.problem import Place
from aboveboard.source import Reading, Source
from strategies import lines

GOOD = "---\ntitle: Mail delayed\n---\n\n## 2026-11-02 09:31 Investigating\n\nMail is late.\n"


def read(root: Path, **files: str | bytes) -> Reading:
    """The folder with these files in it; `__` in a name is a slash, and `.md` is added where there is no dot."""
    for name, content in files.items():
        path = root / (name.replace("__", "/") + ("" if "." in name else ".md"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return source.read(root, "incidents")


def only(reading: Reading) -> Source:
    assert reading.problems == ()
    (one,) = reading.sources
    return one


def test_a_file_is_front_matter_and_a_body_that_know_their_lines(tmp_path: Path):
    one = only(read(tmp_path, x=GOOD))

    assert (one.path, one.stem, one.role) == ("incidents/x.md", "x", "")
    assert one.front.values == {"title": "Mail delayed"}
    assert one.front.place(("title",)) == Place(2, 1)
    assert one.front.place(("title",), content=True) == Place(2, 8)
    assert (one.line, one.body) == (4, "\n## 2026-11-02 09:31 Investigating\n\nMail is late.\n")


@pytest.mark.parametrize("text", ["\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD.replace("\n", "\r")])
def test_whatever_an_editor_does_to_line_ends_and_the_first_bytes_is_undone(tmp_path: Path, text: str):
    plain = only(read(tmp_path / "plain", x=GOOD))

    other = only(read(tmp_path / "other", x=text))
    assert replace(other, digest=plain.digest) == plain


def test_a_scalar_is_what_was_typed(tmp_path: Path):
    """YAML 1.1 would make 750, False, 8, 1000, a date, None and True of these."""
    typed = ["12:30", "no", "010", "1_000", "2026-11-02", "~", "y", "1e3", "0x10", ".inf", "null"]
    front = "".join(f"k{n}: {value}\n" for n, value in enumerate(typed))

    assert list(only(read(tmp_path, x=f"---\n{front}---\n")).front.values.values()) == typed


def test_nothing_typed_is_none_and_quotes_are_something(tmp_path: Path):
    one = only(read(tmp_path, x="---\na:\nb: ''\nc: {d: , e: [x, '']}\n---\n"))

    assert one.front.values == {"a": None, "b": "", "c": {"d": None, "e": ["x", ""]}}


def test_every_key_and_item_has_its_place(tmp_path: Path):
    one = only(read(tmp_path, x="---\na:\n  b: 1\n  c:\n    - x\n    - d: y\n---\n"))

    assert one.front.place(("a", "b")) == Place(3, 3)
    assert one.front.place(("a", "c", 0)) == Place(5, 7)
    assert one.front.place(("a", "c", 1, "d")) == Place(6, 7)
    assert one.front.place(("a", "c", 1, "d"), content=True) == Place(6, 10)


def front_matter() -> st.SearchStrategy[str]:
    """Lines of YAML, put together without a thought: keys, items, quotes, comments, all of it in any order."""
    words = lines() | st.sampled_from(["mail", "2026-11-02 09:14", "it's", "über: uns", "a  b", " a", "a "])
    values = st.one_of(
        words,
        words,
        st.sampled_from(["", " "]),
        words.map("'{}'".format),
        words.map('"{}"'.format),
        st.tuples(words, st.sampled_from([" # c", ": d", " :d", ":", "\t", "\u2028", "\ufeff", "\xa0"])).map("".join),
    )
    keys = st.sampled_from(["title", "components", "a", "b-c", "010", "_", "no", "-", "?", "&x", "'q'", "über"])
    indents = st.sampled_from(["", "", "", "  ", "  ", "    ", " ", "\t"])
    line = st.one_of(
        st.builds("{}{}: {}".format, indents, keys, values),
        st.builds("{}{}:{}".format, indents, keys, st.sampled_from(["", "", "x", "  x"])),
        st.builds("{}- {}".format, indents, values),
        st.builds("{}{}".format, indents, values),
    )
    return st.lists(line, max_size=6).map("\n".join)


@given(front_matter())
def test_what_is_read_without_yaml_is_what_yaml_reads(text: str):
    """The short way says the same as the long one, or nothing."""
    values = source._plain(text)

    if values is not None:
        nodes = source._nodes(text, "incidents/x.md", 2)
        assert repr(values) == repr(nodes.values)
        assert nodes.problems == []


@pytest.mark.parametrize(
    "text",
    [
        "title: Störung – Mail, Web (beide)\nstarted: 2026-11-02 09:14",
        "title: 'Mail: late'\nus_if: \"It's #1\"\nended:\nimpact: ''",
        "components:\n  mail: major_outage\n  010: unknown\ncause: hardware",
        "kind: retirement\ncomponents:\n  - mail\n  - web\nends: 2026-12-01",
        "components:\n- mail\n- web\nhelp: https://example.com/a?b=c",
        "source:\n  system: statuspage\n  id: abc123\n  imported: 2026-11-02 09:14:07 +02:00",
    ],
)
def test_what_front_matter_mostly_looks_like_needs_no_yaml(text: str):
    assert source._plain(text) == source._nodes(text, "incidents/x.md", 2).values


def test_what_is_not_there_stands_where_its_parent_stands(tmp_path: Path):
    one = only(read(tmp_path, x="---\na:\n  b: 1\n---\n"))

    assert one.front.place(("a", "missing")) == Place(2, 1)
    assert one.front.place(("missing",)) == Place(1, 1)


def test_depth_of_folders_does_not_matter_and_order_is_that_of_paths(tmp_path: Path):
    reading = read(tmp_path, z=GOOD, b__y=GOOD, b__a__x=GOOD, a=GOOD)

    assert [one.path for one in reading.sources] == [
        "incidents/a.md",
        "incidents/b/a/x.md",
        "incidents/b/y.md",
        "incidents/z.md",
    ]


def test_drafts_hidden_files_and_the_readme_are_not_notices(tmp_path: Path):
    reading = read(
        tmp_path, **{"_draft": "", "_more__x": "", ".git__x": "", "README": "", "2026__README": "", "x": GOOD}
    )

    assert only(reading).stem == "x"


def test_attachments_lie_beside_the_notices_of_their_folder(tmp_path: Path):
    reading = read(tmp_path, **{"x": GOOD, "queue.png": "", "trace.har": "", "other__deep.png": "", "_no.png": ""})

    assert only(reading).beside == {"queue.png", "trace.har"}


@pytest.mark.parametrize(
    ("name", "stem", "role"),
    [
        ("x.md", "x", ""),
        ("x.postmortem.md", "x", "postmortem"),
        ("x.de.md", "x", "de"),
        ("2026-11-02-x.pt-BR.md", "2026-11-02-x", "pt-BR"),
    ],
)
def test_a_name_says_what_a_file_is(tmp_path: Path, name: str, stem: str, role: str):
    one = only(read(tmp_path, **{name: GOOD if role != "postmortem" else "Words.\n"}))

    assert (one.stem, one.role) == (stem, role)


def test_a_post_mortem_beside_its_notice_is_all_body(tmp_path: Path):
    one = only(read(tmp_path, **{"x.postmortem.md": "# Words\n\n---\n"}))

    assert (one.front.values, one.line, one.body) == ({}, 1, "# Words\n\n---\n")


def test_a_link_to_a_file_in_the_folder_is_that_file(tmp_path: Path):
    read(tmp_path, x=GOOD)
    (tmp_path / "x.de.md").symlink_to("x.md")

    assert [one.role for one in source.read(tmp_path, "incidents").sources] == ["de", ""]


def test_the_folder_itself_may_be_a_link_or_missing(tmp_path: Path):
    read(tmp_path / "there", x=GOOD)
    (tmp_path / "link").symlink_to("there")

    assert only(source.read(tmp_path / "link", "incidents")).stem == "x"
    assert source.read(tmp_path / "missing", "incidents") == Reading((), ())


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path):
    reading = read(tmp_path, a=b"\xff", b=GOOD, c="")

    assert [one.stem for one in reading.sources] == ["b"]
    assert [problem.path for problem in reading.problems] == ["incidents/a.md", "incidents/c.md"]


@given(st.binary() | st.text().map(lambda text: f"---\n{text}\n---\n".encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_source_or_a_problem(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    """Nothing that lies in the folder can stop the program."""
    reading = read(tmp_path_factory.mktemp("any"), x=data)

    assert len(reading.sources) + bool(reading.problems) == 1


@pytest.mark.parametrize(
    "title",
    ["'\"Mail\" is down'", '"It\'s late"', "'\"Mail\" isn''t up'", "'[Mail] is down'", "'@mail: down'", "'C:\\disk'"],
)
def test_what_a_refusal_of_yaml_advises_will_do(tmp_path: Path, title: str):
    """Quotes round the whole value, of the kind that it says."""
    assert only(read(tmp_path, x=f"---\ntitle: {title}\n---\n")).front.values["title"] == yaml.safe_load(title)


def test_what_we_do_not_know_is_told_in_yaml_s_words(tmp_path: Path):
    (problem,) = read(tmp_path, x="---\ntitle: !<x\n---\n").problems

    assert problem.sentence.startswith("this is not YAML: ")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_that_is_not_utf_8_is_named(tmp_path: Path, mark: bytes):
    (problem,) = read(tmp_path, x=mark + b"---\ntitle: caf\xe9\n---\n").problems

    assert str(problem) == "incidents/x.md:2:11: byte 0xe9 is not UTF-8; save the file as UTF-8"


@pytest.mark.parametrize("odd", ["\0", "\x7f", "\x80", "\x9f", "\ufffe", "\uffff"])
def test_what_cannot_be_shown_is_found_wherever_it_stands(tmp_path: Path, odd: str):
    (problem,) = read(tmp_path, x=f"{GOOD}\u4e2d\xe9 {odd}").problems

    assert problem.sentence == f"the control character U+{ord(odd):04X} cannot be shown; take it out"


@pytest.mark.parametrize("text", ["a: " + "[" * 100_000, "- " * 100_000, "? " * 100_000, "a: {" * 100_000])
def test_front_matter_that_nests_without_end_is_a_problem(tmp_path: Path, text: str):
    """libyaml composes by recursion and would take the process with it."""
    (problem,) = read(tmp_path, x=f"---\n{text}\n---\n").problems

    assert problem.sentence == "this nests too deep; no key holds so much"


def test_a_file_that_has_grown_since_it_was_listed_is_read_to_its_end(tmp_path: Path):
    (tmp_path / "x.md").write_text(GOOD)
    (listed,) = source.listed(tmp_path, "incidents").files
    more = "All of it.\n" * 1000
    (tmp_path / "x.md").write_text(f"{GOOD}{more}")

    assert source.opened(listed).body.endswith(more)


def test_a_file_that_comes_in_parts_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As from some network drives."""
    (tmp_path / "x.md").write_text(GOOD)
    (listed,) = source.listed(tmp_path, "incidents").files
    whole, read_all = source.opened(listed), os.read
    monkeypatch.setattr(os, "read", lambda file, _: read_all(file, 7))

    assert source.opened(listed) == whole
