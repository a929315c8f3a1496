"""Markers in an answer, and the reference list that they point into."""

from collections.abc import Callable

import pytest

from indexer.model import Block, FactSheet, Reference
from indexer.sheets.citations import Scope, cites_in_round_brackets, mark
from indexer.sheets.references import ReferenceList, find_references, is_references_heading
from tests.sheets.layout import ANSWERS, WHAT, WHY, saved_page

Split = Callable[[str], FactSheet]
DOI, PMID, URL = "10.1234/cups.(12)-3", "10203040", "http://example.org/a"


def entry(text: str) -> Reference:
    """Return the reference of one printed entry."""
    (found,) = find_references([Block("heading", "References"), Block("list_item", text, ordinal=1)])
    return found.entries[0]


def test_markers_are_found_in_reading_order_and_lead_to_their_entry_or_to_none() -> None:
    cups = Reference(2, "Cups.", None, {}, None)
    text, found = mark(Block("paragraph", "Tea [13]. Cups.[2][13] In [2013] and [a] and [] and (2)."), Scope({2: cups}))
    assert text == "Tea [13]. Cups.[2][13] In [2013] and [a] and [] and (2)."
    assert [(use.number, use.start, use.end, use.reference) for use in found] == [
        (13, 4, 8, None),
        (2, 15, 18, cups),
        (13, 18, 22, None),
    ]


@pytest.mark.parametrize(
    ("answer", "numbers"),
    [
        ("[1, 3]", [1, 3]),
        ("[1-3]", [1, 2, 3]),
        ("[2\u20133]", [2, 3]),
        ("[1-4]", [1, 4]),
        ("[7-9]", []),
    ],
)
def test_a_bracket_with_more_numbers_cites_each_of_them(answer: str, numbers: list[int]) -> None:
    entries = {number: Reference(number, "Cups.", None, {}, None) for number in (1, 2, 3)}
    _, found = mark(Block("paragraph", f"Tea.{answer}"), Scope(entries))
    assert [(one.number, one.start, one.end) for one in found] == [(number, 4, 4 + len(answer)) for number in numbers]


def test_only_a_whole_line_announces_references() -> None:
    def announces(text: str) -> bool:
        return is_references_heading(Block("paragraph", text))

    assert all(
        map(announces, ["References", "REFERENCES:", "Selected References", "Sources", "Works cited", "Footnotes"])
    )
    assert not any(map(announces, ["References to tea", "Source of the Nile", "See references", ""]))


@pytest.mark.parametrize(
    ("printed", "text", "url", "accessed"),
    [
        (f"Tea. Press. {URL}. Accessed 5/1/2013.", "Tea. Press.", URL, "2013-05-01"),
        (f"Tea. 2013; {URL}/?b=1&c. Accessed May 2013", "Tea. 2013.", f"{URL}/?b=1&c", "2013-05"),
        (f"Tea ({URL}). Accessed on 1 May 2013.", "Tea.", URL, "2013-05-01"),
        (f"Tea. {URL}_(b), (accessed: 2013-05-01).", "Tea.", f"{URL}_(b)", "2013-05-01"),
        ("Tea. <HTTPS://example.org/A>; viewed May 1, 2013", "Tea.", "HTTPS://example.org/A", "2013-05-01"),
        ("Is it tea? Accessed some time ago.", "Is it tea? Accessed some time ago.", None, None),
    ],
)
def test_an_entry_is_its_text_without_address_and_access_date(
    printed: str, text: str, url: str | None, accessed: str | None
) -> None:
    found = entry(printed)
    assert (found.text, found.url, found.accessed) == (text, url, accessed)


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (f"Tea. {URL}. Accessed Sept. 3, 2013.", "Tea."),
        (f"Tea. {URL}. Accessed 9/3/2013. PMID: 10203040.", "Tea. PMID: 10203040."),
        (f"Tea. Accessed 9/3/2013. {URL}", "Tea."),
        (f"Tea. Retrieved September 3, 2013, from {URL}", "Tea."),
        (f"Tea. {URL}. Last accessed 9/3/2013.", "Tea."),
        (f"Tea. [{URL}]. [Accessed 9/3/2013]", "Tea."),
    ],
)
def test_an_access_date_is_found_wherever_styles_put_it(printed: str, text: str) -> None:
    found = entry(printed)
    assert (found.text, found.url, found.accessed) == (text, URL, "2013-09-03")


@pytest.mark.parametrize(
    ("printed", "identifiers"),
    [
        (f"Tea. http://www.ncbi.nlm.nih.gov/pubmed/?term={PMID}. Accessed 5/1/2013.", {"pmid": PMID}),
        (f"Tea. https://pubmed.ncbi.nlm.nih.gov/{PMID}/", {"pmid": PMID}),
        (f"Tea. PMID: {PMID}; PMCID: PMC123.", {"pmid": PMID, "pmcid": "PMC123"}),
        (f"Tea. doi: {DOI}.", {"doi": DOI}),
        (f"Tea. (https://doi.org/{DOI}). Accessed 5/1/2013.", {"doi": DOI}),
        (f"Tea. http://example.org/?term={PMID}. ISBN 10.1234", {}),
        (f"Tea. www.ncbi.nlm.nih.gov/pubmed?term={PMID}", {"pmid": PMID}),
    ],
)
def test_identifiers_are_recognised(printed: str, identifiers: dict[str, str]) -> None:
    assert entry(printed).identifiers == identifiers


@pytest.mark.parametrize(
    "listed",
    [
        "  1. Tea. http://example.org/tea.\n  2. Cups. http://example.org/cups.",
        "\n[1] Tea. http://example.org/tea.\n\n[2] Cups. http://example.org/cups.",
        "1) Tea. http://example.org/tea\n2) Cups. http://example.org/cups",
        "- Tea. <http://example.org/tea>\n- Cups. <http://example.org/cups>",
        "  1. Tea.\n     http://example.org/tea.\n  2. Cups.\n     http://example.org/cups.",
        "(1) Tea. http://example.org/tea.\n(2) Cups. http://example.org/cups.",
        "Tea. http://example.org/tea.\nCups. http://example.org/cups.",
    ],
)
def test_references_are_read_however_they_are_listed(split: Split, listed: str) -> None:
    found = split(saved_page(end=f"References\n{listed}\n")).references
    assert [(one.number, one.text, one.url) for one in found] == [
        (1, "Tea.", "http://example.org/tea"),
        (2, "Cups.", "http://example.org/cups"),
    ]


def test_references_without_numbers_are_never_part_of_an_answer(split: Split) -> None:
    sheet = split(saved_page(date="", end="References\nTea. http://example.org/tea. Accessed 5/1/2013.\n"))
    assert [document.answer for document in sheet.documents] == list(ANSWERS.values())


def test_a_number_that_stands_twice_in_the_list_is_warned_of_and_the_first_is_used(split: Split) -> None:
    sheet = split(saved_page(end="References\n  1. Tea.\n  1. Cups.\n"))
    assert [reference.text for reference in sheet.documents[0].references()] == ["Tea."]
    assert "reference 1 is never cited: 'Cups.'" in map(str, sheet.warnings)


def test_where_each_answer_has_its_own_list_a_marker_leads_into_that_one(split: Split) -> None:
    first = saved_page({WHAT: "Warmth of the hand.[1]"}, contents=[], end="References\n  1. Hands.\n\n")
    page = first + f"{WHY}\n\nTea is the cause.[1]\nLast updated: 5/1/2013\n\nReferences\n  1. Tea.\n"
    assert [[one.text for one in answer.references()] for answer in split(page).documents] == [["Hands."], ["Tea."]]


@pytest.mark.parametrize(("entries", "cites"), [(4, True), (5, False)])
def test_round_brackets_cite_if_they_name_half_of_the_entries(entries: int, cites: bool) -> None:
    listed = [Reference(number, f"Cup {number}.", None, {}, None) for number in range(1, entries + 1)]
    blocks = [Block("paragraph", "Tea is warm (1). Cups are round (2).")]
    assert cites_in_round_brackets(blocks, [ReferenceList(range(9, 9), listed)]) is cites
