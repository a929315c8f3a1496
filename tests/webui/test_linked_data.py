"""Linked data: golden pages, nothing that is not known, and text that cannot leave its script element."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.model import AnswerBlock, Citation, Document, FactSheet, PartialDate, Provenance, Reference, SheetHeader
from indexer.settings import Settings
from webui.linked_data import answer_page, script_text, sheet_page

ENTRY = Reference(1, "Léger JM. A review. 2013.", "http://b.example/1", {"pmid": "23623583"}, None)
UNSEEN = Reference(2, "A book.", "javascript:alert(1)", {}, None)
HEADER = SheetHeader(
    "gard-mmn-3f2a",
    "Multifocal motor neuropathy",
    ("MMN",),
    Provenance("GARD", "https://a.example/mmn", None, "https://creativecommons.org/licenses/by/4.0/"),
)
SETTINGS = Settings().for_collection(health=True)


def answer(text: str, updated: str | None, entry: Reference | None = None) -> Document:
    """Return a document with a citation at each [n] of its text."""
    found = [Citation(int(m[0].strip("[]")), *m.span(), entry) for m in re.finditer(r"\[\d]", text)]
    blocks = (AnswerBlock("paragraph", 0, len(text)),)
    dated = PartialDate(updated) if updated else None
    return Document("gard-mmn-3f2a.9c1d", "How is MMN treated?", "treatment", text, blocks, tuple(found), dated)


TREATED = answer("Treatment varies.[1] Some need none [1].", "2013-05", ENTRY)
CAUSED = replace(answer("Its causes.", "2013-05-01"), id="gard-mmn-3f2a.11aa", question="What causes MMN?")
SHEET = FactSheet(HEADER, (ENTRY, UNSEEN), (CAUSED, TREATED))
UNKNOWN = FactSheet(SheetHeader("a-1", "A", (), Provenance()), (), (answer("Text.", None),))

PAGE = {
    "@context": "https://schema.org",
    "inLanguage": "en",
    "about": {"@type": "MedicalCondition", "name": "Multifocal motor neuropathy", "alternateName": ["MMN"]},
    "dateModified": "2013-05",
    "publisher": {"@type": "Organization", "name": "Factsheets"},
    "sourceOrganization": {"@type": "Organization", "name": "GARD"},
    "isBasedOn": "https://a.example/mmn",
    "license": "https://creativecommons.org/licenses/by/4.0/",
}
CITED = {
    "@type": "CreativeWork",
    "name": "Léger JM. A review. 2013.",
    "url": "http://b.example/1",
    "identifier": ["pmid:23623583"],
}
QUESTION = {
    "@type": "Question",
    "name": "How is MMN treated?",
    "url": "https://facts.example/answers/gard-mmn-3f2a.9c1d",
    "acceptedAnswer": {
        "@type": "Answer",
        "text": "Treatment varies. Some need none.",
        "dateModified": "2013-05",
    },
}


def values(data: Any) -> list[Any]:
    """Return everything that stands anywhere in some data."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else []
    return [data, *(value for one in inner for value in values(one))]


def test_the_page_of_an_answer_is_a_question_with_its_accepted_answer() -> None:
    url = QUESTION["url"]
    assert answer_page(SHEET, TREATED, str(url), SETTINGS) == PAGE | {
        "@type": "MedicalWebPage",
        "url": url,
        "name": "How is MMN treated?",
        "mainEntity": QUESTION,
        "citation": [CITED],
    }


@pytest.mark.parametrize("site", ["https://facts.example", "https://facts.example/below/here"])
def test_the_page_of_a_sheet_is_a_faq_page_too_with_its_questions_in_order(site: str) -> None:
    page = sheet_page(SHEET, f"{site}/sheets/gard-mmn-3f2a", SETTINGS)
    questions = page.pop("mainEntity")
    assert page == PAGE | {
        "@type": ["MedicalWebPage", "FAQPage"],
        "url": f"{site}/sheets/gard-mmn-3f2a",
        "name": "Multifocal motor neuropathy",
        "citation": [CITED, {"@type": "CreativeWork", "name": "A book."}],
    }
    assert [one["name"] for one in questions] == ["What causes MMN?", "How is MMN treated?"]
    assert [one["url"] for one in questions] == [f"{site}/answers/{one.id}" for one in SHEET.documents]
    assert questions[1] == QUESTION | {"url": f"{site}/answers/{TREATED.id}"}


def test_what_is_not_known_is_left_out() -> None:
    page = answer_page(UNKNOWN, UNKNOWN.documents[0], "https://facts.example/answers/a", SETTINGS)
    assert sorted(page) == [
        "@context", "@type", "about", "inLanguage", "mainEntity", "name", "publisher", "url",
    ]  # fmt: skip
    assert page["about"] == {"@type": "MedicalCondition", "name": "A"}
    assert page["mainEntity"]["acceptedAnswer"] == {"@type": "Answer", "text": "Text."}
    for data in (page, sheet_page(UNKNOWN, "https://facts.example/sheets/a", SETTINGS)):
        assert not [value for value in values(data) if value in (None, "", [], {})]


def test_the_types_of_a_page_and_of_its_subject_are_settings() -> None:
    settings = Settings(site_name="Tools", page_type="WebPage", subject_type="Product")
    pages = answer_page(SHEET, TREATED, "https://a.example", settings), sheet_page(SHEET, "https://a.example", settings)
    assert [page["@type"] for page in pages] == ["WebPage", ["WebPage", "FAQPage"]]
    assert {(page["about"]["@type"], page["publisher"]["name"]) for page in pages} == {("Product", "Tools")}


@pytest.mark.parametrize(
    ("address", "kept"),
    [("HTTPS://a.example", True), ("http://a.example/b", True), ("javascript:alert(1)", False), ("CC BY 4.0", False)],
)
def test_only_the_address_of_a_page_is_given_as_one(address: str, kept: bool) -> None:
    header = replace(HEADER, provenance=Provenance("GARD", address, None, address))
    page = answer_page(replace(SHEET, header=header), TREATED, "https://facts.example/answers/a", SETTINGS)
    assert (page.get("isBasedOn"), page.get("license")) == ((address, address) if kept else (None, None))


@pytest.mark.parametrize(
    ("dates", "newest"),
    [
        (["2013-05-01", "2012", None], "2013-05-01"),
        (["2013-05-01", "2013-05", "2013-04-30"], "2013-05"),
        (["2013", "2013-12-31"], "2013"),
        ([None, None], None),
    ],
)
def test_a_sheet_is_as_new_as_its_newest_answer_and_no_more_precise(dates: list[str | None], newest: str) -> None:
    sheet = replace(SHEET, documents=tuple(answer("Text.", dated) for dated in dates))
    assert sheet_page(sheet, "https://facts.example/sheets/a", SETTINGS).get("dateModified") == newest


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Weak.[1][2] It tires [1] and aches.", "Weak. It tires and aches."),
        ("[1] Weak.\n\n[2] It tires.[3]", "Weak.\n\nIt tires."),
        ("No markers, but [a] and 1 of 3.", "No markers, but [a] and 1 of 3."),
    ],
)
def test_an_accepted_answer_has_no_markers_with_or_without_an_entry(text: str, plain: str) -> None:
    for entry in (ENTRY, None):
        document = answer(text, None, entry)
        page = answer_page(replace(SHEET, documents=(document,)), document, "https://facts.example", SETTINGS)
        assert page["mainEntity"]["acceptedAnswer"]["text"] == plain


def test_the_numbers_of_a_group_are_cut_once() -> None:
    text = "Weak [1-3]. It tires."
    cited = tuple(Citation(number, 5, 10, ENTRY) for number in (1, 2, 3))
    document = replace(answer(text, None), citations=cited)
    page = answer_page(replace(SHEET, documents=(document,)), document, "https://facts.example", SETTINGS)
    assert page["mainEntity"]["acceptedAnswer"]["text"] == "Weak. It tires."


@given(st.text() | st.just("</script><script>alert(1)</script><!-- &amp; \u2028\u2029 \\u003c"))
def test_no_text_can_leave_its_script_element_and_none_is_changed(text: str) -> None:
    sheet = replace(SHEET, header=replace(HEADER, title=text, also_known_as=(text,)))
    page = sheet_page(sheet, "https://facts.example/sheets/a", replace(SETTINGS, site_name=text))
    written = script_text(page)
    assert json.loads(written) == page
    assert not set(written) & set("<>&\u2028\u2029")
