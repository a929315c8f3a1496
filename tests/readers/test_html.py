"""HTML: what a browser shows of a page's own text becomes blocks, once; what leads around the site does not."""

import re
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.errors import PageError
from indexer.model import Block, Page
from indexer.readers.html import read_html
from indexer.sheets.split import split_page

ASKED = "<h2>What is it?</h2><p>A leaf.</p>"
LEAF = [("heading", 2, "What is it?"), ("paragraph", 0, "A leaf.")]
FAQ = '<script type="application/ld+json">{"@type":"FAQPage","mainEntity":[%s]}</script>'
QUESTION = '{"@type":"Question","name":"%s","acceptedAnswer":{"@type":"Answer","text":"%s"}}'


def page(html: str) -> Page:
    return read_html(html, "tea.html")


def shape(html: str) -> list[tuple[str, int, str]]:
    """Return kind, rank and text of each block."""
    return [(block.kind, block.level, block.text) for block in page(html).blocks]


def texts(html: str) -> list[str]:
    return [block.text for block in page(html).blocks]


def links(block: Block) -> list[tuple[str, str]]:
    """Return the words of each link of a block and where they lead."""
    return [(block.text[link.start : link.end], link.url) for link in block.links]


def answers(html: str) -> list[tuple[str, str]]:
    return [(document.question, document.answer) for document in split_page(page(html)).documents]


# Headings and labels


@pytest.mark.parametrize("level", range(1, 7))
def test_a_heading_keeps_its_rank(level: int) -> None:
    assert shape(f"<h{level}>Tea</h{level}>") == [("heading", level, "Tea")]


@pytest.mark.parametrize(("level", "rank"), [("aria-level=4", 4), ("", 2), ("aria-level=12", 2)])
def test_a_heading_by_role_has_the_rank_that_it_says_or_the_second(level: str, rank: int) -> None:
    assert shape(f"<div role=heading {level}>Tea</div>") == [("heading", rank, "Tea")]


@pytest.mark.parametrize(
    "html",
    [
        "<p><b>What is it?</b></p><p>A leaf.</p>",
        "<p><strong>What is it?</strong> A leaf.</p>",
        "<p><b>What is it</b>? A leaf.</p>",
        "<p><b>What is it?</b><br>A leaf.</p>",
        "<p><b>What <i>is</i></b> <b>it?</b></p>A leaf.",
        '<p style="font-weight: 700">What is it?</p><p>A leaf.</p>',
        '<a href="#a" data-toggle=collapse>What is it?</a><div id=a>A leaf.</div>',
        '<a href="javascript:open(1)">What is it?</a><div>A leaf.</div>',
    ],
)
def test_a_bold_line_or_run_in_question_is_a_label_below_all_headings(html: str) -> None:
    assert shape(html) == [("heading", 8, "What is it?"), ("paragraph", 0, "A leaf.")]


@pytest.mark.parametrize(
    "html",
    [
        "<p><b>Note:</b> hot.</p>",
        "<p><b>Call a doctor.</b></p>",
        "<p>Is it <b>hot?</b></p>",
        "<p><b>Tea</b> is hot.</p>",
        f"<p><b>{'very ' * 41}hot</b></p>",
    ],
)
def test_a_bold_remark_or_word_is_no_label(html: str) -> None:
    assert [kind for kind, _, _ in shape(html)] == ["paragraph"]


@pytest.mark.parametrize("html", ["<p><b>1. Cups</b></p>", "<p><b>1.2. Cups.</b></p>"])
def test_a_numbered_bold_line_is_a_label_whatever_it_ends_with(html: str) -> None:
    assert [kind for kind, _, _ in shape(html)] == ["heading"]


def test_a_bold_opening_of_a_list_item_is_no_label_unless_it_asks() -> None:
    html = "<ul><li><b>Hot</b></li><li><b>Cold?</b> Yes.</li></ul>"
    assert shape(html) == [("list_item", 1, "Hot"), ("heading", 8, "Cold?"), ("paragraph", 1, "Yes.")]


@pytest.mark.parametrize(
    ("html", "rank"),
    [
        ("<dl><dt>What is it?</dt><dd>A leaf.</dd></dl>", 7),
        ("<details><summary>What is it?</summary>A leaf.</details>", 7),
        ("<details><summary><h3>What is it?</h3></summary>A leaf.</details>", 3),
        ("<h4><button aria-expanded=false aria-controls=a>What is it?</button></h4><div id=a>A leaf.</div>", 4),
        ("<button aria-controls=a>What is it?</button><div id=a>A leaf.</div>", 7),
        ("<button data-bs-target='#a'>What is it?</button><div id=a>A leaf.</div>", 7),
        ("<fieldset><legend>What is it?</legend>A leaf.</fieldset>", 7),
    ],
)
def test_the_label_of_a_part_is_a_heading(html: str, rank: int) -> None:
    assert shape(html) == [("heading", rank, "What is it?"), ("paragraph", 0, "A leaf.")]


def test_a_button_that_opens_an_answer_gives_its_question_a_place() -> None:
    html = "<h4><button aria-controls=a1>What is it?</button></h4><div id=a1>A leaf.</div>"
    assert split_page(page(html)).documents[0].anchor == "a1"


@pytest.mark.parametrize("button", ["<button aria-expanded=false>", '<button class="accordion">'])
def test_a_button_that_asks_is_a_question(button: str) -> None:
    html = f"{button}What is it?</button><div>A leaf grows.</div>{button}Why?</button><div>So it is.</div>"
    assert answers(html) == [("What is it?", "A leaf grows."), ("Why?", "So it is.")]


@pytest.mark.parametrize("sign", ["¶", "#", "\u00a7", "\U0001f517"])
def test_the_sign_behind_a_heading_that_links_to_itself_is_left_out(sign: str) -> None:
    assert texts(f'<h2 id=a>What is it? <a href="#a">{sign}</a></h2>') == ["What is it?"]


def test_the_sign_before_a_heading_that_links_to_itself_is_left_out() -> None:
    assert texts('<h2 id=a><a href="#a">#</a> What is it?</h2>') == ["What is it?"]


# Lists, lines and tables


def test_items_have_the_numbers_that_a_browser_prints() -> None:
    html = "<ol start=3><li>a<li>b<li value=9>c<li>d</ol><ul><li>e</ul><ol start=x><li>f</ol>"
    assert [(block.text, block.ordinal) for block in page(html).blocks] == [
        ("a", 3), ("b", 4), ("c", 9), ("d", 10), ("e", None), ("f", 1),
    ]  # fmt: skip


def test_a_list_inside_an_item_is_deeper_and_the_outer_one_goes_on() -> None:
    html = "<ol><li>a<ul><li>b<ol><li>c</ol></ul><p>d</p><li>e</ol>"
    assert [(block.kind, block.level, block.ordinal, block.text) for block in page(html).blocks] == [
        ("list_item", 1, 1, "a"),
        ("list_item", 2, None, "b"),
        ("list_item", 3, 1, "c"),
        ("paragraph", 1, None, "d"),
        ("list_item", 1, 2, "e"),
    ]


@pytest.mark.parametrize("label", ["Q: ", "A: ", "Question 2: ", "Last updated: ", "1. ", "2) ", "[3] ", "(4) "])
def test_a_label_below_a_break_begins_a_line_and_other_words_go_on(label: str) -> None:
    assert texts(f"<p>one<br>two<br>{label}three<br><br>four</p>") == ["one two", f"{label}three", "four"]


def test_a_break_inside_a_heading_parts_no_heading() -> None:
    assert shape("<h2>What<br>is it?</h2>") == [("heading", 2, "What is it?")]


def test_a_row_of_a_table_is_a_block_with_its_cells_parted() -> None:
    html = (
        "<table><caption>Cups</caption><tr><th>Cup<th>Ml<tr><td><p>Tea</p><p>cup</p><td><ul><li>1<li>2</ul></table>End"
    )
    assert shape(html) == [
        ("paragraph", 0, "Cups"),
        ("table_row", 0, "Cup | Ml"),
        ("table_row", 0, "Tea cup | 1 2"),
        ("paragraph", 0, "End"),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td><h2>What is it?</h2>A leaf.</table>",
        "<table role=presentation><tr><td><b>What is it?</b><td>A leaf.</table>",
        "<table><tr><td><b>What is it?</b><tr><td>A leaf.</table>",
        "<table><tr><td><b>What is it made of?</b><td>A leaf.<tr><td><b>Who drinks it?</b><td>We.</table>",
        "<table><tr><td><table><tr><td><b>What is it?</b></table>A leaf.<td></table>",
    ],
)
def test_a_table_that_lays_out_a_page_or_asks_is_text(table: str) -> None:
    assert [kind for kind, _, _ in shape(table)][:2] == ["heading", "paragraph"]


def test_a_table_that_holds_the_page_beside_its_menu_is_no_data() -> None:
    parts = f"<p><b>What is it?</b></p><p>A leaf.</p><hr>{'<p>More of it.</p>' * 20}"
    html = f"<table><tr><td><a href=/>Home</a></td><td><p>Tea</p>{parts}</td></tr></table>"
    assert answers(html)[0][0] == "What is it?"


def test_a_table_of_data_inside_a_layout_is_data() -> None:
    html = (
        "<table><tr><td>Menu</td><td><h2>Tea</h2><table><tr><td>Cup<td>Ml<tr><td>Big<td>300</table></td></tr></table>"
    )
    assert [text for kind, _, text in shape(html) if kind == "table_row"] == ["Cup | Ml", "Big | 300"]


def test_a_table_with_a_menu_beside_the_text_is_a_layout() -> None:
    text = "Tea is a leaf. " * 5
    menu = "<tr><td><a href=1>Home</a><br><a href=2>News</a></td>"
    assert [kind for kind, _, _ in shape(f"<table>{menu}<td>{text}</td></tr></table>")][-1] == "paragraph"
    assert [kind for kind, _, _ in shape(f"<table>{menu}<td>Tea</td></tr></table>")] == ["table_row"]


def test_one_cell_that_asks_makes_no_page_of_a_table() -> None:
    html = "<table><tr><th>What does it cost?<th>Cups<tr><td>Five<td>Two</table>"
    assert [kind for kind, _, _ in shape(html)] == ["table_row", "table_row"]


def test_an_empty_cell_keeps_its_column() -> None:
    assert texts("<table><tr><td>a<td><td>c</table>") == ["a | | c"]


def test_an_empty_corner_keeps_its_column() -> None:
    assert texts("<table><tr><td><th>Ml<tr><th>Cup<td>100</table>")[0] == "| Ml"


# Chrome


CHROME = [
    "<nav>X</nav>",
    "<div role=navigation>X</div>",
    "<div role=toolbar>X</div>",
    "<div role=search>X</div>",
    "<aside>X</aside>",
    "<form>X <input name=q></form>",
    "<dialog open>X</dialog>",
    "<script>X</script>",
    "<style>X</style>",
    "<template>X</template>",
    "<noscript>X</noscript>",
    "<svg><text>X</text></svg>",
    "<iframe>X</iframe>",
    "<select><option>X</select>",
    "<textarea>X</textarea>",
    "<button>X</button>",
    "<span aria-hidden=true>X</span>",
    "<span class=sr-only>X</span>",
    '<span class="visually-hidden">X</span>',
    '<ol class="breadcrumb"><li>X</ol>',
    "<div id=sidebar>X</div>",
    '<div class="social-share">X</div>',
    '<div class="cookie-banner cookie">X</div>',
    '<a class="skip-link" href="#main">X</a>',
    "<ul class=pagination><li>X</ul>",
    "<footer>X</footer>",
    "<div class=site-footer>X</div>",
    "<!-- X -->",
]


@pytest.mark.parametrize("chrome", CHROME)
@pytest.mark.parametrize(
    "place", ["<body>{0}<h2>What is it?</h2><p>A leaf.</p>", "<h2>What is it?</h2><p>A leaf.</p>{0}"]
)
def test_chrome_is_in_no_block(chrome: str, place: str) -> None:
    assert shape(place.format(chrome)) == LEAF


def test_a_header_of_the_site_is_chrome_and_its_heading_still_names_the_page() -> None:
    assert shape(f"<header><h1>Tea</h1></header>{ASKED}") == LEAF
    assert page(f"<header><h1>Tea</h1></header>{ASKED}").title == "Tea"


@pytest.mark.parametrize(
    "html",
    [
        "<article><header><h2>What is it?</h2></header><p>A leaf.</p></article>",
        "<header><h2>What is it?</h2></header><p>A leaf.</p><header></header>",
        "<div class=sidebar><h2>What is it?</h2><p>A leaf.</p></div>",
        "<div class=footer><h2>What is it?</h2><p>A leaf.</p></div>",
        "<div aria-hidden=true><h2>What is it?</h2><p>A leaf.</p></div>",
        "<div hidden><h2>What is it?</h2><p>A leaf.</p></div>",
        "<div class=socialist><h2>What is it?</h2></div><p>A leaf.</p>",
        "<h2 aria-expanded=false>What is it?</h2><div hidden><p>A leaf.</p></div>",
        "<h2><button aria-expanded=false>What is it?</button></h2> <div style='display: none'>A leaf.</div>",
    ],
)
def test_what_holds_the_text_of_the_page_is_no_chrome(html: str) -> None:
    assert shape(html) == LEAF


@pytest.mark.parametrize(
    "html",
    [
        '<h4 id="what-is-social-anxiety">What is it?</h4><p>A leaf.</p>',
        '<dl><dt id="sharing-cups">What is it?</dt><dd>A leaf.</dd></dl>',
        '<h4>What is it?</h4><p id="cookies-and-tea">A leaf.</p>',
        '<h4>What is it?</h4><div class="social-anxiety-disorder"><p>A leaf.</p></div>',
        '<details id="who-has-a-share"><summary>What is it?</summary><p>A leaf.</p></details>',
    ],
)
def test_words_of_a_subject_in_an_id_are_no_widget(html: str) -> None:
    assert texts(html) == ["What is it?", "A leaf."]


@pytest.mark.parametrize(
    "form",
    [
        f"<form><input name=__VIEWSTATE>{ASKED}<input type=submit></form>",
        "<form><input><p><b>What is it?</b></p><p>A leaf.</p></form>",
    ],
)
def test_a_form_around_the_page_is_no_chrome(form: str) -> None:
    assert texts(form) == ["What is it?", "A leaf."]


def test_a_note_in_the_margin_that_is_cited_is_no_chrome() -> None:
    (document,) = split_page(
        page('<h2>What is it?</h2><p>A leaf.<a href="#n1">[1]</a></p><aside id=n1><p>[1] Cups.</p></aside>')
    ).documents
    assert [entry.text for entry in document.references()] == ["Cups."]


def test_the_main_part_is_read_and_the_rest_is_not() -> None:
    assert shape(f"<p>Before.</p><main>{ASKED}</main><p>After.</p>") == LEAF
    assert shape(f"<p>Before.</p><div role=main>{ASKED}</div>") == LEAF


@pytest.mark.parametrize("mains", [f"<main></main>{ASKED}", f"<main><p>One.</p></main><main>{ASKED}</main>"])
def test_a_main_part_that_is_empty_or_not_the_only_one_hides_nothing(mains: str) -> None:
    assert shape(mains)[-2:] == LEAF


# What a page says of itself


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Site</title><main><h1>Hay <i>fever</i></h1></main>", "Hay fever"),
        ("<h1>Site</h1><main><h1>Tea</h1></main>", "Tea"),
        ("<h1>Tea</h1><main><p>x</p></main>", "Tea"),
        ("<h1></h1><h1>Tea</h1>", "Tea"),
        ("<title>Window</title><meta property='og:title' content='Tea'><p>x", "Tea"),
        ("<title>Hay fever - Health A to Z</title><p>x", "Hay fever"),
        ("<title>Tea | Lakeside</title><p>x", "Tea"),
        ("<title>X-linked tea</title><p>x", "X-linked tea"),
        ("<p>x</p><svg><title>Icon</title></svg>", None),
    ],
)
def test_a_page_is_named_by_its_first_heading_or_its_window(html: str, title: str | None) -> None:
    assert page(html).title == title


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: 2013-05-01",
        "This page was last modified on 1 May 2013, at 10:11.",
        "Reviewed May 1, 2013 | Home",
        "This page was last edited on 1 May 2013, at 10:11.",
    ],
)
@pytest.mark.parametrize("footer", ["<footer>{}</footer>", "<div id=footer><p>{}</p></div>", "<p role=contentinfo>{}"])
def test_the_footer_dates_the_page(line: str, footer: str) -> None:
    assert split_page(page(ASKED + footer.format(line))).documents[0].last_updated == "2013-05-01"


def test_what_a_page_says_of_itself_is_kept() -> None:
    head = (
        "<link rel=canonical href='https://example.org/tea'><meta property=og:site_name content=Lakeside>"
        "<meta property=og:url content='https://example.org/other'>"
    )
    found = page(f"<html lang=en-GB><head>{head}</head>{ASKED}<footer>Page last reviewed: 5 May 2013 | Home</footer>")
    assert (found.provenance.url, found.provenance.source) == ("https://example.org/tea", "Lakeside")
    assert (found.language, found.dated) == ("en-GB", "last reviewed: 5 May 2013")
    assert split_page(found).documents[0].last_updated == "2013-05-05"


@pytest.mark.parametrize("url", ["/tea", "tea.html", "javascript:x", "https:///tea", ""])
def test_an_address_that_leads_nowhere_by_itself_is_not_the_page_s(url: str) -> None:
    assert page(f"<link rel=canonical href='{url}'>{ASKED}").provenance.url is None


@pytest.mark.parametrize("url", ["http://[bad", "https://[bad]/tea"])
def test_an_address_that_is_none_ends_no_build(url: str) -> None:
    assert answers(f"<link rel=canonical href='{url}'>{ASKED}")


def test_front_matter_stands_above_html_too_and_the_page_s_own_word_counts_more() -> None:
    found = page(f"---\ntitle: Front\nurl: https://example.org/tea\n---\n<h1>Tea</h1>{ASKED}")
    assert (found.title, found.provenance.url) == ("Tea", "https://example.org/tea")
    assert page(f"---\ntitle: Front\n---\n{ASKED}").title == "Front"


# Links, places and raised numbers


def test_a_link_has_the_span_of_its_words_and_a_whole_address() -> None:
    html = """<base href="https://example.org/tea/"><p>See <a href="cups#a"> <b>cups</b> and
      saucers </a>, <a href="https://example.org/tea/#b">b</a><a href=#c>c</a> <a>d</a> <a href>e</a>
      <a href="http://[bad">f</a> <a href="mailto:a@example.org">g</a> <a href="/h"><img></a>.</p>"""
    (block,) = page(html).blocks
    assert block.text == "See cups and saucers , bc d e f g ."
    assert links(block) == [
        ("cups and saucers", "https://example.org/tea/cups#a"),
        ("b", "#b"),
        ("c", "#c"),
        ("f", "http://[bad"),
        ("g", "mailto:a@example.org"),
    ]


def test_a_saved_page_that_links_to_itself_by_its_file_name_links_within() -> None:
    assert links(page("<p><a href='tea.html#a'>a</a> <a href='milk.html#a'>b</a>").blocks[0]) == [
        ("a", "#a"),
        ("b", "milk.html#a"),
    ]


def test_a_place_belongs_to_the_first_text_in_or_behind_it() -> None:
    blocks = page("<div id=a><a name=b></a><p id=c>One <i id=d>two</i>.</p></div><p id=a>Three.</p>").blocks
    assert [block.anchors for block in blocks] == [("a", "b", "c", "d"), ("a",)]


def test_the_path_of_a_block_tells_which_element_holds_it() -> None:
    a, b, c = page("<div><section><h2>a</h2><p>b</p></section><p>c</p></div>").blocks
    assert a.path == b.path
    assert c.path == b.path[:-1]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("10<sup>6</sup>", "10⁶"),
        ("10<sup>-6</sup>", "10⁻⁶"),
        ("tea<sup>1</sup>", "tea¹"),
        ("tea<sup>1, 3-5</sup>", "tea¹,³⁻⁵"),
        ("tea<sup>1</sup><sup>2</sup>", "tea¹,²"),
        ("tea<sup><a href=#a>1</a></sup><sup><a href=#b>2</a></sup>", "tea¹,²"),
        ("tea<sup>[1]</sup>", "tea[1]"),
        ("tea<sup>(1)</sup>", "tea⁽¹⁾"),
        ("tea<sup><a href=#a>b</a></sup>", "tea[b]"),
        ("the 4<sup>th</sup> x<sup>a</sup>", "the 4th xa"),
        ("H<sub>2</sub>O", "H2O"),
        ("tea<sup></sup>", "tea"),
    ],
)
def test_raised_numbers_stay_raised_and_linked_letters_stand_in_brackets(html: str, shown: str) -> None:
    (block,) = page(f"<p>{html}</p>").blocks
    assert block.text == shown
    assert all(url.startswith("#") and words in shown for words, url in links(block))


# Questions that the markup declares


def test_a_declared_question_opens_its_answer_though_it_asks_nothing() -> None:
    assert answers(FAQ % (QUESTION % ("Tea,  in short", "x")) + "<p>Tea, in short</p><p>A leaf.</p>") == [
        ("Tea, in short", "A leaf.")
    ]


def test_a_declared_question_that_a_script_shows_is_read_from_the_data() -> None:
    declared = FAQ % (QUESTION % ("Cups &amp; <b>saucers</b>?", "<p>Two.<style>x</style></p><ul><li>Or one.</li></ul>"))
    assert answers(declared + ASKED) == [("What is it?", "A leaf."), ("Cups & saucers?", "Two.\n\nOr one.")]


@pytest.mark.parametrize("data", ["", '{"@type":', "[" * 100_000, "9" * 5_000, '{"a": "\t"}'])
def test_data_that_cannot_be_read_is_said_and_the_page_is_read(data: str) -> None:
    found = page(f'<script type="application/ld+json">{data}</script>{ASKED}')
    assert [block.text for block in found.blocks] == ["What is it?", "A leaf."]
    (warning,) = found.warnings
    assert warning.text.startswith("structured data (JSON-LD) that cannot be read is left out: ")


@pytest.mark.parametrize(
    "entity",
    [
        "",
        "null",
        '"x"',
        '{"@type":"Question"}',
        '{"@type":"Question","name":1,"acceptedAnswer":{}}',
        '{"@type":"Question","name":"X?","acceptedAnswer":[]}',
        QUESTION % ("X?", ""),
    ],
)
def test_a_declared_list_that_is_empty_adds_nothing(entity: str) -> None:
    found = page(FAQ % entity + ASKED)
    assert [block.text for block in found.blocks] == ["What is it?", "A leaf."]
    assert found.warnings == ()


@pytest.mark.parametrize("name", ["", " ", "<br>"])
def test_a_declared_question_without_words_is_none(name: str) -> None:
    assert answers(FAQ % (QUESTION % (name, "A cup.")) + ASKED) == [("What is it?", "A leaf.")]


@pytest.mark.parametrize(
    "entity",
    [
        '{"@type":"Question","name":"Cups?","acceptedAnswer":{"text":["Two of them."]}}',
        '{"@type":["Question"],"name":"Cups?","acceptedAnswer":{"text":"Two of them."}}',
    ],
)
def test_a_list_of_one_in_the_data_is_the_one(entity: str) -> None:
    assert answers(FAQ % entity + ASKED)[-1] == ("Cups?", "Two of them.")


def test_questions_declared_as_microdata_are_questions() -> None:
    question = '<div itemscope itemtype="https://schema.org/Question"><p itemprop=name>Tea, in short</p>{}</div>'
    html = question.format("<div itemprop=acceptedAnswer itemscope><p itemprop=text>A leaf.</p></div>")
    assert answers(html) == [("Tea, in short", "A leaf.")]


# Broken and hostile pages


@pytest.mark.parametrize(
    "html",
    [
        "<h2>What is it?</h3><p>A leaf.",
        "</div></p><h2>What is it?</h2>A <b><i>leaf</b></i>.",
        "<body><body><h2>What is it?</h2><p>A leaf.</body></html>",
        "<table><h2>What is it?</h2><p>A leaf.<tr><td></table>",
        "<h2>What is it?</h2><p>A leaf.<!-- ",
        "<h2>What is it?</h2><p>A leaf.<div",
    ],
)
def test_malformed_html_is_read_as_browsers_read_it(html: str) -> None:
    assert shape(html) == LEAF


@pytest.mark.parametrize("html", ["", " ", "<", "<>", "</", "<!doctype html>", "<frameset><frame></frameset>", "\0"])
def test_a_page_without_text_has_no_blocks(html: str) -> None:
    assert page(html).blocks in ((), (Block("paragraph", html, path=(1,)),))


@pytest.mark.parametrize("tag", ["div", "ul><li", "sup", "table><tr><td", "section", "span", "x-y"])
def test_deep_pages_are_read_without_recursion(tag: str) -> None:
    depth = 500 // (tag.count("<") + 1)
    assert "A leaf." in texts(f"<p>Tea.</p>{f'<{tag}>' * depth}A leaf.")[-1]


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("\n" + "<div>" * 513, "elements nested more than 512 deep"),
        ("\n" + "<ul><li>" * 10_000, "elements nested more than 512 deep"),
        (f"\n<p {'a ' * 2_001}>", "an element with more than 2,000 attributes"),
    ],
)
def test_a_page_beyond_the_bounds_is_refused_with_its_line(html: str, reason: str) -> None:
    with pytest.raises(PageError) as caught:
        page(html)
    assert caught.value.reason == f"line 2: {reason}"


def test_elements_without_an_end_tag_do_not_nest() -> None:
    assert len(page("<p>a<br>" * 3_000).blocks) == 3_000


@pytest.mark.parametrize("opened", ["<div></x>", "<div/>", "<div a='<'>"])
def test_no_spelling_of_a_tag_nests_deeper_than_the_bound(opened: str) -> None:
    with pytest.raises(PageError, match="deep"):
        page(opened * 2_500 + "a")


@pytest.mark.parametrize(("before", "attribute"), [("", "a{}=''"), ("", "/a{}"), ("b='<'", " a{}")])
def test_no_spelling_of_attributes_passes_the_bound(before: str, attribute: str) -> None:
    with pytest.raises(PageError, match="attributes"):
        page(f"<p {before}{''.join(map(attribute.format, range(2_500)))}>a")


@pytest.mark.parametrize("html", ["<ol start={}><li>A leaf.", "<ol><li value={}>A leaf.", "<p data-line={}>A leaf."])
def test_a_number_of_any_length_ends_no_build(html: str) -> None:
    assert texts(html.format("9" * 5_000)) == ["A leaf."]


def test_an_answer_in_the_data_is_bounded_too() -> None:
    deep = "\\u003cdiv\\u003e" * 600
    with pytest.raises(PageError, match="deep"):
        answers(FAQ % (QUESTION % ("Cups?", deep)))


@pytest.mark.parametrize("opened", ["<div>", "<section>"])
def test_an_open_drawing_hides_no_depth(opened: str) -> None:
    with pytest.raises(PageError, match="deep"):
        page("<svg>" + opened * 2_500)


def test_open_styles_do_not_multiply_a_page() -> None:
    fonts = "".join(f"<font size={number}>" for number in range(1_500))
    with pytest.raises(PageError):
        page(f"{fonts}{'<p>a' * 10}")


def test_paths_of_blocks_in_a_deep_page_are_bounded() -> None:
    depth, count = 500, 500
    blocks = page("<div>" * depth + "<div>a</div>" * count).blocks
    assert sum(len(block.path) for block in blocks) < 100 * (depth + count)


# Properties


#: Elements around paragraphs: those that browsers show, and those that are chrome.
SHOWN = ["<div>{}</div>", "<section>{}</section>", "<ul><li>{}</li></ul>", "<blockquote>{}</blockquote>",
         "<details><summary>Tea</summary>{}</details>", "<dl><dt>Tea</dt><dd>{}</dd></dl>", "<b>{}</b>",
         "<table><tr><td>{}</td><td>Tea</td></tr></table>", "<h2>Tea</h2>{}", "<article>{}<br></article>"]  # fmt: skip
HIDDEN = ["<nav>{}</nav>", "<dialog>{}</dialog>", "<template>{}</template>", "<div role=search>{}</div>"]


def framed(frame: str, parts: list[str]) -> str:
    """Return parts in an element: "@" stands for a word that is shown, "%" for one that is not."""
    inner = "".join(parts)
    return frame.format(inner.replace("@", "%") if frame in HIDDEN else inner)


PARAGRAPHS = st.sampled_from(["<p>@</p>", "<p><a href=#a> @ </a>@<sup>1</sup></p>", "<p>@<br>@ <b>@</b></p>"])
PAGES = st.recursive(
    PARAGRAPHS,
    lambda inner: st.builds(framed, st.sampled_from([*SHOWN, *SHOWN, *HIDDEN]), st.lists(inner, max_size=3)),
    max_leaves=12,
)


@given(PAGES)
def test_every_word_of_a_paragraph_that_is_shown_is_read_once_and_in_order(html: str) -> None:
    first, *parts = html.replace("%", "hidden.").split("@")
    numbered = first + "".join(f"word{number}.{part}" for number, part in enumerate(parts))
    found = " ".join(texts(numbered))
    assert re.findall(r"word\d+\.", found) == [f"word{number}." for number in range(len(parts))]
    assert "hidden" not in found


#: Pieces of pages, to be mixed with any text.
PIECES = (
    "Why?|A&nbsp;leaf.|[1]|\u00b9| |<h2>|</h2>|<p>|<li>|<ol>|</ol>|<b>|</b>|<a href=#a>|</a>|<sup>|</sup>"
    "|<table>|<tr>|<td>|</table>|<br>|<details>|<summary>|</details>|<dt>|<button>|<nav>|</nav>|<!--|-->|<form>"
    "|<script>|</script>|<div id=a>|</div>|<main>|<header>|<footer>|<aside id=a>"
).split("|")


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=10)), max_size=30).map("".join))
@example("<a href=#a><summary>Why?{")  # the sign goes, and the link has to end before it
def test_whatever_a_page_holds_it_is_read_and_its_links_lie_in_its_text(html: str) -> None:
    for block in page(html).blocks:
        ends = [0, *(place for link in block.links for place in (link.start, link.end)), len(block.text)]
        assert block.text == block.text.strip() != ""
        assert ends == sorted(ends)
        assert all(link.start < link.end for link in block.links)
    with suppress(PageError):
        assert split_page(page(html)).documents
