"""Citations: golden pairs for each form, and hostile text that must not end a line, a field or an entry."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from typing import Any

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pybtex.database import parse_string

from indexer import Query, SearchEngine
from indexer.exchange.bodies import Answer, AnswerText, Subject
from indexer.exchange.citing import FORMATS, Cited, date_in_words
from indexer.exchange.presentation import answer_body, search_body
from indexer.model import partial_date

URL = "https://facts.example/answers/gard-multifocal-motor-neuropathy-3f2a.9c1d"
SITE, TODAY = "Factsheets", date(2026, 11, 23)
KNOWN = Answer(
    id="gard-multifocal-motor-neuropathy-3f2a.9c1d",
    sheet_id="gard-multifocal-motor-neuropathy-3f2a",
    source="Genetic and Rare Diseases",
    source_id=None,
    url="/answers/gard-multifocal-motor-neuropathy-3f2a.9c1d",
    source_url="https://a.example/mmn_1?b=50%25#how might",
    subject=Subject("Multifocal motor neuropathy", ("MMN",)),
    question="How might multifocal motor neuropathy be treated?",
    type=None,
    answer=AnswerText([]),
    last_updated=partial_date("2013-05-01"),
    references=[],
    previous=None,
    next=None,
    similar=[],
    page=1,
    pages=1,
)
#: A section of a sheet of which nobody said where it came from, nor when.
BARE = replace(KNOWN, question="Treatment", source=None, source_url=None, last_updated=None)

GOLDEN = {
    "txt": (
        "\u201cHow might multifocal motor neuropathy be treated?\u201d, from \u201cMultifocal motor "
        "neuropathy\u201d (Genetic and Rare Diseases, last updated 1 May 2013). "
        f"Factsheets: {URL} (retrieved 23 November 2026). Original page: https://a.example/mmn_1?b=50%25#how%20might",
        "\u201cTreatment\u201d, from \u201cMultifocal motor neuropathy\u201d (source not given, no date "
        f"given). Factsheets: {URL} (retrieved 23 November 2026).",
    ),
    "ris": (
        "TY  - ELEC\r\nTI  - How might multifocal motor neuropathy be treated?\r\nT2  - Factsheets\r\n"
        f"PB  - Genetic and Rare Diseases\r\nUR  - {URL}\r\n"
        "N1  - Original page: https://a.example/mmn_1?b=50%25#how%20might\r\n"
        "PY  - 2013\r\nDA  - 2013/05/01\r\nY2  - 2026/11/23\r\nER  - \r\n",
        f"TY  - ELEC\r\nTI  - Treatment (Multifocal motor neuropathy)\r\nT2  - Factsheets\r\nUR  - {URL}\r\n"
        "Y2  - 2026/11/23\r\nER  - \r\n",
    ),
    "bib": (
        "@online{gard-multifocal-motor-neuropathy-3f2a.9c1d,\n"
        "  title = {{How might multifocal motor neuropathy be treated?}},\n"
        "  titleaddon = {{Factsheets}},\n"
        "  organization = {{Genetic and Rare Diseases}},\n"
        r"  note = {{Original page: https://a.example/mmn\_1?b=50\%25\#how\%20might}},"
        f"\n  date = {{2013-05-01}},\n  year = {{2013}},\n  url = {{{URL}}},\n  urldate = {{2026-11-23}},\n}}\n",
        "@online{gard-multifocal-motor-neuropathy-3f2a.9c1d,\n"
        "  title = {{Treatment (Multifocal motor neuropathy)}},\n  titleaddon = {{Factsheets}},\n"
        f"  url = {{{URL}}},\n  urldate = {{2026-11-23}},\n}}\n",
    ),
}
CSL = (
    {
        "id": KNOWN.id,
        "type": "webpage",
        "title": "How might multifocal motor neuropathy be treated?",
        "container-title": "Factsheets",
        "publisher": "Genetic and Rare Diseases",
        "issued": {"date-parts": [[2013, 5, 1]]},
        "accessed": {"date-parts": [[2026, 11, 23]]},
        "URL": URL,
        "note": "Original page: https://a.example/mmn_1?b=50%25#how%20might",
    },
    {
        "id": KNOWN.id,
        "type": "webpage",
        "title": "Treatment (Multifocal motor neuropathy)",
        "container-title": "Factsheets",
        "accessed": {"date-parts": [[2026, 11, 23]]},
        "URL": URL,
    },
)

#: Text that would break a form, between any other text.
HOSTILE = st.lists(
    st.sampled_from(
        ["\r\nER  - ", "\nTY  - JOUR", "}", "{", "}}, url = {", "\\", "\\}", '"', "%", "@misc{x,", "\u2028"]
    )
    | st.sampled_from(
        ["#", "$", "&", "_", "~", "^", "<", ">", "|", "\0", "\x85", "\x1b[31m", "\u202e", "Léger", " and "]
    )
    | st.text(max_size=5),
    max_size=8,
).map("".join)
DATES = st.dates(min_value=date(1900, 1, 1)).map(date.isoformat)
BODIES = st.builds(
    lambda question, name, source, url, day, precision: replace(
        KNOWN,
        question=question,
        subject=Subject(name, ()),
        source=source,
        source_url=url,
        last_updated=partial_date(day[:precision]) if precision else None,
    ),
    HOSTILE, HOSTILE, st.none() | HOSTILE, st.none() | HOSTILE, DATES, st.sampled_from([0, 4, 7, 10]),
)  # fmt: skip

#: LaTeX's names for what stands for something else in it.
NAMES = {
    "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textbar": "|",
    "textasciitilde": "~", "textasciicircum": "^", "textless": "<", "textgreater": ">",
}  # fmt: skip


def cite(ending: str, body: Cited, url: str = URL, site: str = SITE) -> str:
    return FORMATS[ending].write(body, url, site, TODAY)


def csl_of(body: Answer, site: str = SITE) -> Any:
    (item,) = json.loads(cite("json", body, site=site))
    return item


def typeset(latex: str) -> str:
    """Return what LaTeX prints for an escaped text in braces; fails on a character that means something to it."""
    inner = latex.removeprefix("{").removesuffix("}")
    plain = re.sub(r"\\(text\w+)\{\}|\\([#$%&_])", "", inner)
    assert len(inner) == len(latex) - 2
    assert not set(plain) & set("\\{}#$%&_~^")
    return re.sub(r"\\(text\w+)\{\}|\\([#$%&_])", lambda found: NAMES[found[1]] if found[1] else found[2], inner)


@pytest.mark.parametrize("ending", GOLDEN)
def test_a_citation_has_all_that_is_known_and_says_what_is_not(ending: str) -> None:
    assert (cite(ending, KNOWN), cite(ending, BARE)) == GOLDEN[ending]


def test_csl_json_is_a_list_of_one_web_page_without_what_is_not_known() -> None:
    assert (csl_of(KNOWN), csl_of(BARE)) == CSL


@pytest.mark.parametrize(
    ("iso", "words", "parts"),
    [("2013-05-01", "1 May 2013", [2013, 5, 1]), ("2013-05", "May 2013", [2013, 5]), ("2013", "2013", [2013])],
)
def test_a_date_keeps_its_precision_in_every_form(iso: str, words: str, parts: list[int]) -> None:
    body = replace(KNOWN, last_updated=iso)
    assert date_in_words(iso) == words
    assert f", last updated {words})." in cite("txt", body)
    assert csl_of(body)["issued"] == {"date-parts": [parts]}
    assert f"\r\nPY  - 2013\r\nDA  - {iso.replace('-', '/')}\r\n" in cite("ris", body)
    assert f"\n  date = {{{iso}}},\n  year = {{2013}},\n" in cite("bib", body)


@pytest.mark.parametrize(
    ("question", "name", "title"),
    [
        ("What is MULTIFOCAL motor neuropathy?", "Multifocal motor neuropathy", "What is MULTIFOCAL motor neuropathy?"),
        ("Do animals also have it?", "ALS", "Do animals also have it? (ALS)"),
        ("Is (PKU) inherited?", "PKU", "Is (PKU) inherited?"),
    ],
)
def test_a_title_names_its_subject_once(question: str, name: str, title: str) -> None:
    assert csl_of(replace(KNOWN, question=question, subject=Subject(name, ())))["title"] == title


@given(BODIES, HOSTILE, st.sampled_from(sorted(FORMATS)))
def test_no_text_brings_a_character_that_is_not_seen(body: Answer, site: str, ending: str) -> None:
    written = cite(ending, body, site=site)
    assert {char for char in written if unicodedata.category(char) == "Cc"} <= {"\r", "\n"}
    assert not set(written) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")


@given(BODIES, HOSTILE)
def test_plain_text_is_one_line_and_a_blank_follows_each_address(body: Answer, site: str) -> None:
    written = cite("txt", body, site=site)
    assert written.splitlines() == [written]
    assert f" {URL} (retrieved 23 November 2026)." in written
    origin = written.rpartition(" (retrieved 23 November 2026).")[2]
    assert re.fullmatch(r" Original page: [!-~]*", origin) if body.source_url else origin == ""


@given(BODIES, HOSTILE)
def test_hostile_text_ends_no_field_of_ris(body: Answer, site: str) -> None:
    written, item = cite("ris", body, site=site), csl_of(body, site)
    (record,) = rispy.loads(written)
    found = [("title", "title"), ("secondary_title", "container-title"), ("publisher", "publisher")]
    assert [record.get(name) for name, _ in found] == [item.get(key) for _, key in found]
    assert (record["type_of_reference"], record["urls"], record.get("notes", [None])) == (
        "ELEC", [URL], [item.get("note")],
    )  # fmt: skip
    lines = written.split("\r\n")
    assert lines == [*written.splitlines(), ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert (lines[0], lines[-2]) == ("TY  - ELEC", "ER  - ")
    assert len(lines) - 1 == len(record) + 1


@given(BODIES, HOSTILE)
def test_hostile_text_ends_no_field_of_bibtex(body: Answer, site: str) -> None:
    written, item = cite("bib", body, site=site), csl_of(body, site)
    ((key, entry),) = parse_string(written, "bibtex").entries.items()
    fields = dict(entry.fields)
    assert (key, entry.type, fields.pop("url"), fields.pop("urldate")) == (KNOWN.id, "online", URL, "2026-11-23")
    updated = body.last_updated
    assert (fields.pop("date", None), fields.pop("year", None)) == (updated, updated and updated[:4])
    names = {"title": "title", "titleaddon": "container-title", "organization": "publisher", "note": "note"}
    assert {names[name]: typeset(value) for name, value in fields.items()} == {
        key: item[key] for key in names.values() if key in item
    }
    assert len(written.splitlines()) == len(entry.fields) + 2


@given(st.text(min_size=1), HOSTILE)
def test_an_address_and_an_id_hold_nothing_that_means_something_to_a_form(id: str, path: str) -> None:
    body = replace(KNOWN, id=id)
    written = cite("bib", body, url=f"https://facts.example/{path}")
    ((key, entry),) = parse_string(written, "bibtex").entries.items()
    assert re.fullmatch(r"[A-Za-z0-9.-]+", key)
    assert re.fullmatch(r"https://facts\.example/[^\s{}\\\"<>^`|]*", entry.fields["url"], re.ASCII)


def test_a_result_and_its_answer_are_cited_alike(engine: SearchEngine) -> None:
    results = search_body(engine.search(Query("disease", per_page=100))).results
    assert results
    for result in results:
        body = answer_body(*(engine.answer(result.id) or pytest.fail(result.id)))
        for ending in FORMATS:
            assert cite(ending, result) == cite(ending, body)
