"""Where a page's reference lists stand and what their entries say, in every shape that pages give them."""

import pytest

from indexer.readers.html import read_html
from indexer.sheets.references import ReferenceList, find_references

ASKED = "<h2>What is tea?</h2><p>A leaf.[1]</p>"
#: Two entries as most pages print them.
TWO = [(1, "Ember B. Cups. 2012.", "https://example.org/cups"), (2, "Quill A. Tea. 2013.", None)]
CUPS, TEA = "Ember B. Cups. 2012. <a href='https://example.org/cups'>Full text</a>", "Quill A. Tea. 2013."


def lists(html: str) -> list[ReferenceList]:
    return find_references(read_html(html, "tea.html").blocks)


def entries(html: str) -> list[tuple[int, str]]:
    """Return number and text of the entries of all lists."""
    return [(entry.number, entry.text) for found in lists(html) for entry in found.entries]


def urls(html: str) -> list[str | None]:
    return [entry.url for found in lists(html) for entry in found.entries]


def listed(*texts: str, heading: str = "<h2>References</h2>", before: str = ASKED) -> str:
    """Return a page with a numbered list of references at its end."""
    return f"{before}{heading}<ol>{''.join(f'<li>{text}</li>' for text in texts)}</ol>"


@pytest.mark.parametrize(
    "html",
    [
        "<h2>References</h2><ol><li>{0}<li>{1}</ol>",
        "<h2>References</h2><ul><li>{0}<li>{1}</ul>",
        "<h2>References</h2><ol><li><p>{0}</p><li><p>{1}</p></ol>",
        "<h2>References</h2><div><ol><li><span>{0}</span><li><cite>{1}</cite></ol></div>",
        "<h2>References</h2><p>[1] {0}</p><p>[2] {1}</p>",
        "<h2>References</h2><p>1. {0}<br>2. {1}</p>",
        "<h2>References</h2><p>(1) {0}</p><p>(2) {1}</p>",
        "<h2>References</h2><p><sup>1</sup> {0}</p><p><sup>2</sup> {1}</p>",
        "<h2>References</h2><p>[1] {0} [2] {1}</p>",
        "<h2>References</h2><dl><dt>[1]<dd>{0}<dt>[2]<dd>{1}</dl>",
        "<h2>References</h2><dl><dt>1.<dd>{0}<dt>2.<dd>{1}</dl>",
        "<h2>References</h2><section><p>{0}</p><p>{1}</p></section>",
        "<p><b>References</b></p><ol><li>{0}<li>{1}</ol>",
        "<p>References:</p><ol><li>{0}<li>{1}</ol>",
        "<details><summary>References</summary><ol><li>{0}<li>{1}</ol></details>",
        "<h2>References</h2><ol><li>[1] {0}<li>[2] {1}</ol>",
        "<hr><p>[1] {0}</p><p>[2] {1}</p>",
    ],
)
def test_a_list_is_read_in_every_shape(html: str) -> None:
    page = ASKED.replace("[1]", "[1][2]") + html.format(CUPS, TEA)
    assert [number for number, _ in entries(page)] == [1, 2]
    assert [text.replace(" Full text.", "") for _, text in entries(page)] == [text for _, text, _ in TWO]
    assert urls(page) == [url for _, _, url in TWO]


@pytest.mark.parametrize("row", ["<tr><td>1.<td>{}", "<tr><td>[1]<td>{}"])
def test_a_list_is_read_in_a_table(row: str) -> None:
    assert entries(f"{ASKED}<h2>References</h2><table>{row.format(TEA)}</table>") == [(1, TEA)]


def test_a_list_is_read_whose_numbers_stand_in_elements_of_their_own() -> None:
    row = "<div id=ref-{0}><div>[{0}]</div><div>{1}</div></div>"
    html = f"{ASKED}<h2>References</h2><div>{row.format(1, TEA)}{row.format(2, 'Ember B. Cups. 2012.')}</div>"
    assert entries(html) == [(1, TEA), (2, "Ember B. Cups. 2012.")]


def test_a_sentence_above_a_list_does_not_hide_it() -> None:
    assert entries(listed(TEA, heading="<h2>References</h2><p>These works were used:</p>")) == [(1, TEA)]


@pytest.mark.parametrize(
    "heading",
    ["References", "REFERENCES", "Selected References", "Key references", "Sources", "Bibliography", "Works cited",
     "Footnotes", "Endnotes", "Notes", "Notes and sources", "Literature", "References and notes", "Citations:"],
)  # fmt: skip
def test_a_heading_announces_a_list_in_many_words(heading: str) -> None:
    assert entries(listed(TEA, heading=f"<h3>{heading}</h3>")) == [(1, TEA)]


@pytest.mark.parametrize("heading", ["Where are references?", "Source of tea", "Notes on tea", "Reference values"])
def test_other_headings_announce_none(heading: str) -> None:
    assert lists(listed(TEA, heading=f"<h3>{heading}</h3>")) == []


@pytest.mark.parametrize(
    "html",
    [
        "<h2>References</h2>",
        "<h2>References</h2><h2>Contact</h2><ol><li>Write to us.</ol>",
        "<h2>References</h2><p>They are kept in our library.</p>",
        "<h2>References</h2><table><tr><td>a<td>b</table>",
        "<p>See [1].</p><ol><li>Put it down.<li>Wait.</ol>",
        "<p>[1] Tea. 2013.</p>",
        "<p>In 2013 there were [2] cups.</p><p>1. Put it down.</p>",
    ],
)
def test_what_is_no_list_is_none(html: str) -> None:
    assert lists(html) == []


def test_the_places_of_a_list_are_its_heading_and_entries_and_nothing_behind_them() -> None:
    html = f"{listed(CUPS, TEA)}<p>Write to us.</p><h2>Cups</h2>"
    (found,) = lists(html)
    assert [read_html(html, "tea.html").blocks[place].text for place in found.places] == [
        "References",
        "Ember B. Cups. 2012. Full text",
        TEA,
    ]


def test_a_list_without_a_heading_begins_where_a_marker_leads() -> None:
    html = "<p>A leaf.<a href='#r1'>[1]</a></p><ol><li id=r1>Quill A. Tea.<li>Ember B. Cups.</ol>"
    assert entries(html) == [(1, "Quill A. Tea."), (2, "Ember B. Cups.")]
    assert lists(html)[0].by_anchor["r1"].text == "Quill A. Tea."


@pytest.mark.parametrize("link", ["<a href='#r1'>Cups</a>", "<a href='#r1'>Section 1</a>", " <a href='#r1'>1</a> "])
def test_a_link_that_is_no_marker_begins_none(link: str) -> None:
    assert lists(f"<p>A leaf.{link}</p><ol><li id=r1>Put it down.</ol>") == []


def test_footnotes_below_each_answer_are_lists_of_their_own() -> None:
    html = "<p>A leaf.[1]</p><p>[1] Tea. 2013.</p><h2>Why?</h2><p>So.[1]</p><p>[1] Cups. 2012.</p>"
    assert entries(html) == [(1, "Tea. 2013."), (1, "Cups. 2012.")]
    assert len(lists(html)) == 2


def test_sub_headings_part_a_list_and_numbers_may_begin_anew() -> None:
    html = f"{ASKED}<h2>References</h2><h3>Tea</h3><ol><li>Tea.<li>Leaves.</ol><h3>Cups</h3><ol><li>Cups.</ol>"
    assert entries(html) == [(1, "Tea."), (2, "Leaves."), (1, "Cups.")]
    assert [len(found.entries) for found in lists(html)] == [2, 1]
    places = [place for found in lists(html) for place in found.places]
    assert places == list(range(places[0], places[0] + 6))


def test_a_link_beside_the_heading_is_no_entry() -> None:
    heading = "<div><h2>References</h2><span>[<a href='/edit'>edit</a>]</span></div>"
    assert entries(listed(TEA, heading=heading)) == [(1, TEA)]


@pytest.mark.parametrize("below", ["<h2>Links</h2>", "<h3>Is it warm?</h3>", "<h2>Why so?</h2>"])
def test_a_heading_of_the_same_rank_or_one_that_asks_ends_a_list(below: str) -> None:
    assert entries(f"{listed(TEA)}{below}<ul><li>Put it down.</ul>") == [(1, TEA)]


def test_numbers_are_those_that_the_page_prints() -> None:
    html = "<h2>References</h2><ol start=4><li>Tea.<li value=9>Cups.<li>Jugs.</ol>"
    assert [number for number, _ in entries(ASKED + html)] == [4, 9, 10]
    assert [number for number, _ in entries(f"{ASKED}<h2>References</h2><p>[7] Tea.<p>[3] Cups.")] == [7, 3]


def test_entries_without_numbers_count_from_one() -> None:
    assert entries(f"{ASKED}<h2>References</h2><ul><li>Tea.<li>Cups.</ul>") == [(1, "Tea."), (2, "Cups.")]


def test_of_entries_with_one_number_the_first_counts() -> None:
    (found,) = lists(f"{ASKED}<h2>References</h2><p>[1] Tea. 2013.</p><p>[1] Cups. 2012.</p>")
    assert found.by_number()[1].text == "Tea. 2013."


@pytest.mark.parametrize(
    "item",
    [
        "<p>Quill A.</p><p>Tea. 2013.</p>",
        "Quill A.<p>Tea. 2013.</p>",
        "Quill A.<ul><li>Tea. 2013.</ul>",
        "<div>Quill A.</div><div>Tea. 2013.</div>",
        "Quill A.<br><br>Tea. 2013.",
    ],
)
def test_an_entry_is_all_that_stands_in_its_item(item: str) -> None:
    assert entries(listed(item, "Cups.")) == [(1, "Quill A. Tea. 2013."), (2, "Cups.")]


@pytest.mark.parametrize(
    "entry",
    [
        "<a href='#m1'>^</a> Tea. 2013.",
        "\u2191 Tea. 2013.",
        "^ <a href='#m1'>a</a> <a href='#m2'>b</a> Tea. 2013.",
        "Tea. 2013. <a href='#m1'>\u21a9\ufe0e</a>",
        "Tea. 2013. <a href='#m1'>Back to text</a>",
        "Tea. 2013. <a href='https://example.org/'>[PubMed]</a>",
        "Tea. 2013. <a href='https://example.org/'>[PubMed Abstract]</a> <a href='https://example.org/2'>[CrossRef]</a>",
        "[1] Tea. 2013.",
        "Tea. 2013",
        "Tea. 2013;",
    ],
)
def test_the_text_of_an_entry_has_no_backlinks_labels_or_names_of_links(entry: str) -> None:
    assert entries(listed(entry)) == [(1, "Tea. 2013.")]


@pytest.mark.parametrize("name", ["PubMed", "Google Scholar", "Article"])
def test_names_of_links_without_brackets_are_no_text_of_an_entry(name: str) -> None:
    assert entries(listed(f"Tea. 2013. <a href='https://example.org/'>{name}</a>")) == [(1, "Tea. 2013.")]


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("Tea. <a href='https://example.org/a'>Text</a>.", "https://example.org/a"),
        ("<a href='https://example.org/a'>Tea.</a>", "https://example.org/a"),
        ("Tea. https://example.org/a.", "https://example.org/a"),
        ("Tea. <a href='https://example.org/a'>https://example.org/short</a>", "https://example.org/short"),
        ("Tea. <a href='#top'>Up</a> <a href='https://example.org/a'>A</a>", "https://example.org/a"),
        ("Tea. <a href='ftp://example.org/a'>A</a>", None),
        ("Tea. <a href='mailto:a@example.org'>A</a>", None),
        ("Tea. www.example.org", None),
    ],
)
def test_the_address_of_an_entry_is_the_printed_one_or_that_of_its_first_link(entry: str, url: str | None) -> None:
    assert urls(listed(entry)) == [url]


@pytest.mark.parametrize(
    ("href", "identifiers"),
    [
        ("https://pubmed.ncbi.nlm.nih.gov/10203040/", {"pmid": "10203040"}),
        ("https://doi.org/10.1234/cups.3", {"doi": "10.1234/cups.3"}),
        ("https://example.org/pmc/articles/PMC123/", {"pmcid": "PMC123"}),
        ("https://example.org/", {}),
    ],
)
def test_identifiers_are_read_from_links_too(href: str, identifiers: dict[str, str]) -> None:
    assert lists(listed(f"Tea. <a href='{href}'>A</a>"))[0].entries[0].identifiers == identifiers


def test_an_entry_that_is_only_an_address_is_named_by_its_site() -> None:
    assert entries(listed("https://www.example.org/tea.html")) == [(1, "www.example.org.")]


@pytest.mark.parametrize("line", ["[1] Tea. [2] Cups.", "[1]: Tea. [2]: Cups."])
def test_a_line_that_joins_entries_is_cut(line: str) -> None:
    assert entries(f"{ASKED}<h2>References</h2><p>{line}</p>") == [(1, "Tea."), (2, "Cups.")]


def test_the_links_of_a_line_that_joins_entries_go_with_their_entries() -> None:
    html = "<p>[1] <a href='https://example.org/a'>Tea.</a> [2] <a href='https://example.org/b'>Cups.</a></p>"
    assert urls(f"{ASKED}<h2>References</h2>{html}") == ["https://example.org/a", "https://example.org/b"]


@pytest.mark.parametrize("entry", ["[1] Tea. See [3] for more.", "[1] Tea. 2013 [Cited 5].", "[2] Tea. [1] Cups."])
def test_numbers_that_do_not_count_on_cut_nothing(entry: str) -> None:
    assert len(entries(f"{ASKED}<h2>References</h2><p>{entry}</p>")) == 1


def test_a_number_that_begins_a_text_is_no_label_of_a_numbered_item() -> None:
    assert entries(listed("3. Tea of the world. 2013.", "100 cups. 2012.")) == [
        (1, "3. Tea of the world. 2013."),
        (2, "100 cups. 2012."),
    ]


@pytest.mark.parametrize("tag", ["ol", "ul"])
def test_lists_below_answers_without_markers_are_answers(tag: str) -> None:
    assert lists(f"<h2>What is tea?</h2><p>It is:</p><{tag}><li>[a] leaf<li>wet (1)</{tag}>") == []
