"""Whatever a file holds, it is a page or refused by name; and of what people write nothing is lost.

A long run: pytest --hypothesis-profile=long --hypothesis-show-statistics tests/readers tests/sheets
"""

import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.errors import PageError
from indexer.model import Page
from indexer.readers import read_page
from indexer.readers.decoding import decode
from indexer.readers.formats import FORMATS
from indexer.readers.front_matter import split_front_matter
from indexer.readers.markdown import read_markdown
from indexer.readers.medquad import read_medquad
from indexer.sheets.split import split_page

#: Pieces that mean something to some reader, to be mixed with any text.
PIECES = [
    "---\n", "+++\n", "title: ", "also_known_as: [a, ", "&a ", "*a", "!!python/object:os.system ", "a.b = ",
    "{% comment %}", "<!doctype html>", "<p>", "</p>", "<li>", "<table><tr><td>", "</table>", "<sup>", "<a href=#a>",
    "<!--", "-->", "<svg>", "<script type='application/ld+json'>", '{"@type": "Question", "name": "',
    '"acceptedAnswer": {"text": "', "</script>", "<?xml version='1.0' encoding='", "<Document>", "<QAPair>",
    "<Question qid='1'>", "<Answer>", "</Answer>", "</QAPair>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "&amp;",
    "&#0;", "<![CDATA[", "]]>", "xmlns:a='b' ", "Why?", "## ", "> ", "- ", "1. ", "[1]", "[^1]", "[^1]: ", "[a]: b",
    "![", "](", "**", "`", "|", "\n|-|\n", "    ", "\n", "\n\n", "\r", "\t", "\0", "References\n",
    "Last updated: 5/1/2013\n", "Other names: ", "https://[bad", "\ufeff", "\u200b", "\ufffd", "\ufdfa", "e\u0301",
]  # fmt: skip
ANY_TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=10), max_size=30).map("".join)
#: Encoded so that a reader gets at it; or any bytes, which mostly end at the decoder.
ENCODED = st.tuples(
    ANY_TEXT, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "shift_jis"])
).map(lambda pair: pair[0].encode(pair[1], "replace"))
ANY_BYTES = ENCODED | st.binary(max_size=200) | st.tuples(ENCODED, st.binary(max_size=20)).map(b"".join)


@contextmanager
def page_or_refused(name: str) -> Iterator[None]:
    """Let an error pass that says first which file it is about; any other fails the test."""
    try:
        yield
    except PageError as error:
        if not str(error).startswith(name):
            raise


@pytest.mark.parametrize("suffix", sorted(FORMATS))
@given(content=ANY_BYTES, beside=st.none() | ANY_TEXT)
@example(content=b"---\na: &a [*a]\n---\nWhy?\n\nA leaf.", beside="a = [[[[[")
def test_whatever_a_file_and_its_sidecar_hold_it_is_a_page_or_refused_by_name(
    suffix: str, content: bytes, beside: str | None
) -> None:
    with tempfile.TemporaryDirectory() as name:
        page = Path(name, f"page{suffix}")
        page.write_bytes(content)
        if beside is not None:
            page.with_suffix(".meta.toml").write_text(beside, encoding="utf-8", errors="replace")
        with page_or_refused("page"):
            read = read_page(page, Path(name))
            assert read.path == page.name
            hold(read)
            assert split_page(read).documents


def hold(page: Page) -> None:
    """Hold a page to what all rooms after the readers rely on."""
    for block in page.blocks:
        bare = block.text.rstrip() if block.kind == "code" else block.text.strip()  # code keeps its indent
        assert block.text == bare != ""
        assert block.text.encode().decode() == block.text  # no half characters: they have no bytes
        ends = [0, *chain.from_iterable((link.start, link.end) for link in block.links), len(block.text)]
        assert ends == sorted(ends)
        assert block.line >= 0


@given(ANY_BYTES)
@example(b"\x01")
def test_any_bytes_are_text_without_control_characters_or_refused(data: bytes) -> None:
    with page_or_refused("page.txt"):
        text, said = decode(data, "page.txt")
        assert text.strip()
        assert not re.search("[\0-\x08\x0e-\x1f\x7f-\x9f\ufeff\u200b]", text)
        assert all(said)


@given(ANY_TEXT)
def test_any_text_has_front_matter_that_is_checked_or_refused_and_a_body_on_the_same_lines(text: str) -> None:
    text = text.replace("\r", "")
    for fence in ("", "---\n", "+++\n"):
        with page_or_refused("page.md"):
            front, body = split_front_matter(f"{fence}{text}\n{fence}Last line", "page.md")
            assert isinstance(front, dict)
            assert body.endswith("Last line")
            assert body.count("\n") == f"{fence}{text}\n{fence}".count("\n")


#: "@" stands for a word.
INLINE = st.sampled_from(
    ["@", "*@*", "**@** @", "[@](https://a.example)", "`@`", "@[1] @", "<em>@</em>", "@ & @", "@\\_@"]
)


def quoted(lines: list[str]) -> list[str]:
    return [f"> {line}".rstrip() for line in lines]


def listed(lines: list[str]) -> list[str]:
    return [("- " if number == 0 else "  ") + line for number, line in enumerate(lines)]


BLOCKS = st.recursive(
    INLINE.map(lambda text: [text])
    | INLINE.map(lambda text: [f"## {text}"])
    | st.just(["| @ | @ |", "|---|---|", "| @ | @ |"])
    | st.just(["```", "@", "```"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda some: [line for one in some for line in (*one, "")])
        | inner.map(quoted)
        | inner.map(listed)
    ),
    max_leaves=12,
)


@given(BLOCKS)
def test_every_word_of_a_markdown_page_is_read_once_and_in_order(lines: list[str]) -> None:
    first, *parts = "\n".join(lines).split("@")
    text = first + "".join(f"word{number}.{part}" for number, part in enumerate(parts))
    found = " ".join(block.text for block in read_markdown(text, "page.md").blocks)
    assert re.findall(r"word\d+\.", found) == [f"word{number}." for number in range(len(parts))]


READABLE = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co"]), max_size=60)
ANSWERS = st.lists(
    READABLE | st.sampled_from(["a  - b", "A.   B", " ", "- ", "a\n\nb", "a:   - b   C"]), max_size=5
).map(" ".join)


@given(st.lists(ANSWERS, min_size=1, max_size=4))
def test_every_word_of_an_answer_in_xml_is_read_once_and_in_order(answers: list[str]) -> None:
    pairs = "".join(
        f"<QAPair><Question qid='{number}'>Q{number}?</Question><Answer>{escape(answer)}</Answer></QAPair>"
        for number, answer in enumerate(answers)
    )
    with page_or_refused("page.xml: no answer to any"):
        found: dict[str, str] = {}
        asked = ""
        for block in read_medquad(f"<Document><QAPairs>{pairs}</QAPairs></Document>", "page.xml").blocks:
            asked = block.text if block.kind == "question" else asked
            found[asked] = found.get(asked, "") + (block.text if block.kind != "question" else "")
        for number, answer in enumerate(answers):
            assert letters(found.get(f"Q{number}?", "")) == letters(answer)


def letters(text: str) -> str:
    """Return what stands in a text, but white space, and dashes, which open items."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFC", text))
