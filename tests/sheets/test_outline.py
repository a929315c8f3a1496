"""Which blocks open a question and where its answer ends, on pages with elements; plain lines are in test_questions."""

import pytest

from indexer.errors import PageError
from indexer.model import Block, FactSheet, Page
from indexer.readers.html import read_html
from indexer.sheets.split import split_page

LEAF, CLAY, SO = "It is a leaf of a bush.", "They are made of clay, mostly.", "Nobody has ever found out."
CUPS = [("What is tea?", LEAF), ("Why so?", SO)]


def sheet(html: str) -> FactSheet:
    return split_page(read_html(html, "tea.html"))


def answers(html: str) -> list[tuple[str, str]]:
    return [(document.question, document.answer) for document in sheet(html).documents]


def asked(html: str) -> list[str]:
    return [document.question for document in sheet(html).documents]


def headings(*texts: str, rank: int = 2) -> str:
    """Return a heading for each text, with a sentence below it."""
    return "".join(f"<h{rank}>{text}</h{rank}><p>{CLAY}</p>" for text in texts)


# What opens a question: the rules by their numbers in `questions.py`


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("Q: Tea or coffee", "Tea or coffee"),
        ("Q. Tea?", "Tea?"),
        ("Q1: Tea?", "Tea?"),
        ("Question 2: Tea?", "Tea?"),
    ],
)
@pytest.mark.parametrize("tag", ["p", "h2", "li", "dt"])
def test_1_a_line_that_says_so_is_a_question_whatever_it_asks(tag: str, line: str, question: str) -> None:
    html = f"<h1>Tea</h1><{tag}>{line}</{tag}><p>A: {LEAF}</p><{tag}>Q: Why so?</{tag}><p>Answer: {SO}</p>"
    assert answers(html) == [(question, LEAF), ("Why so?", SO)]


def test_1_a_block_that_the_format_calls_a_question_is_one_with_any_answer() -> None:
    blocks = (Block("question", "Tea"), Block("paragraph", "Yes"), Block("question", "Cups"), Block("paragraph", "No"))
    assert [(one.question, one.answer) for one in split_page(Page("tea.xml", blocks)).documents] == [
        ("Tea", "Yes"),
        ("Cups", "No"),
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<h2>What is tea?</h2><p>{0}</p><h2>Why so?</h2><p>{1}</p>",
        "<h3>What is tea?</h3><p>{0}</p><h2>Why so?</h2><p>{1}</p>",
        "<p><b>What is tea?</b></p><p>{0}</p><p><b>Why so?</b> {1}</p>",
        "<details><summary>What is tea?</summary>{0}</details><details><summary>Why so?</summary>{1}</details>",
        "<dl><dt>What is tea?<dd>{0}<dt>Why so?<dd>{1}</dl>",
        "<h2>What is tea?</h2><div>{0}</div><p><b>Why so?</b></p>{1}",
        '<h4><button aria-controls=a>What is tea?</button></h4><p id=a>{0}<h4 id="b">Why so?</h4>{1}',
        "<ol><li><b>What is tea?</b> {0}<li><b>Why so?</b> {1}</ol>",
        "<table><tr><td><b>What is tea?</b><tr><td>{0}<tr><td><b>Why so?</b><tr><td>{1}</table>",
        "<h1>Tea</h1><h1>What is tea?</h1><p>{0}</p><h1>Why so?</h1><p>{1}</p>",
    ],
)
def test_2_a_heading_or_what_looks_like_one_that_ends_in_a_question_mark_is_a_question(html: str) -> None:
    assert answers(html.format(LEAF, SO)) == CUPS


@pytest.mark.parametrize("text", ["What is tea? (cups)", "“What is tea?”", "What is tea? [1]", "What is <i>tea</i>?"])
def test_2_closing_quotes_brackets_and_markers_hide_no_question_mark(text: str) -> None:
    assert len(asked(f"<h2>{text}</h2><p>{LEAF}</p>")) == 1


@pytest.mark.parametrize(
    "sign",
    [
        "<span>+</span>",
        " \u25bc",
        " <span>Show</span>",
        ' <a href="#top">Back to top</a>',
        "<span>[<a href=/e>edit</a>]</span>",
    ],
)
def test_2_a_sign_or_a_link_behind_the_question_mark_hides_no_question(sign: str) -> None:
    assert answers("".join(f"<h3>{question}{sign}</h3><p>{answer}</p>" for question, answer in CUPS)) == CUPS


def test_4_a_link_behind_a_heading_does_not_hide_what_it_announces() -> None:
    html = f"<h1>Tea</h1><h2>Treatment<span>[<a href=/e>edit</a>]</span></h2><p>{CLAY}</p>"
    assert answers(html) == [("Treatment", CLAY)]


def test_3_a_list_item_with_a_paragraph_of_its_own_is_a_question() -> None:
    html = f"<ol><li><p>What is tea?</p><p>{LEAF}</p></li><li><p>Why so?</p><p>{SO}</p></li></ol>"
    assert answers(html) == CUPS


@pytest.mark.parametrize(
    "item",
    ["<li>Is it warm?</li>", "<li>Is it warm?</li><p>Ask.</p>", "<li><a href='/w'>Is it warm?</a><p>Ask.</p></li>"],
)
def test_3_a_list_item_without_one_or_that_is_a_link_belongs_to_the_answer(item: str) -> None:
    assert asked(f"<h2>What is tea?</h2><p>{LEAF}</p><ul>{item}</ul>") == ["What is tea?"]


def test_4_a_heading_that_announces_a_kind_of_answer_is_a_question() -> None:
    document, pots = sheet(f"<h1>Tea</h1><h2>Treatment</h2><p>{CLAY}</p><h2>Pots</h2><p>{SO}</p>").documents
    assert (pots.question, pots.question_type) == ("Pots", None)
    assert (document.question, document.question_type, document.answer) == ("Treatment", "treatment", CLAY)


def test_8_the_title_of_a_page_that_asks_nothing_is_the_question_of_its_text() -> None:
    assert answers(f"<h1>Tea</h1><p>{CLAY}</p><p>{SO}</p>") == [("Tea", f"{CLAY}\n\n{SO}")]


@pytest.mark.parametrize("parted", ["<h3>Treatment</h3>", "<p><b>Treatment</b></p>", "<dl><dt>Treatment</dt></dl>"])
def test_4_a_deeper_heading_that_announces_only_parts_the_answer_to_a_question(parted: str) -> None:
    html = f"<h2>What is tea?</h2><p>{LEAF}</p>{parted}<p>{CLAY}</p><h2>Why so?</h2><p>{SO}</p>"
    assert answers(html) == [("What is tea?", f"{LEAF}\n\nTreatment\n\n{CLAY}"), ("Why so?", SO)]


def test_4_a_deeper_heading_below_one_that_announces_is_a_question() -> None:
    assert asked(f"<h2>Treatment</h2><p>{CLAY}</p><h3>Outlook</h3><p>{SO}</p>") == ["Treatment", "Outlook"]


def test_4_a_sub_heading_that_asks_is_a_question_of_its_own() -> None:
    html = f"<h2>What is tea?</h2><p>{LEAF}</p><h3>Why so?</h3><p>{SO}</p><h3>Cups</h3><p>{CLAY}</p>"
    assert answers(html)[1] == ("Why so?", SO)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (["What is tea?", "Cups and jugs", "Why so?"], ["What is tea?", "Cups and jugs", "Why so?"]),
        (["Treatment", "Cups and jugs", "Causes"], ["Treatment", "Cups and jugs", "Causes"]),
        (["Cups and jugs", "What is tea?", "Why so?", "Clay"], ["Cups and jugs", "What is tea?", "Why so?", "Clay"]),
        (["Who gets tea", "How it spreads", "Where it occurs"], ["Who gets tea", "How it spreads", "Where it occurs"]),
        (
            ["1. Cups", "2. What is tea?", "3. Why so?", "4. Jugs"],
            ["1. Cups", "2. What is tea?", "3. Why so?", "4. Jugs"],
        ),
    ],
)
def test_5_headings_of_one_rank_are_a_row(row: list[str], found: list[str]) -> None:
    numbers = "0123456789. "
    assert asked(headings(*row)) == [text.lstrip(numbers) for text in found]


@pytest.mark.parametrize(
    "row", [["Who we are", "What is new"], ["Cups", "Jugs", "Pots"], ["Treatment of cups", "Jugs", "Pots"]]
)
def test_8_headings_that_are_no_row_are_the_sections_of_their_page(row: list[str]) -> None:
    assert asked(headings(*row)) == row


def test_8_a_section_of_nothing_but_terms_is_one() -> None:
    terms = f"<dl><dt>Cup</dt><dd>{CLAY}</dd><dt>Pot</dt><dd>{CLAY}</dd></dl>"
    assert answers(f"<h1>Tea</h1>{headings('Leaves', 'Water')}<h2>Dishes</h2>{terms}")[-1] == (
        "Dishes",
        f"Cup\n\n{CLAY}\n\nPot\n\n{CLAY}",
    )


@pytest.mark.parametrize("label", ["<p><b>{}</b></p><p>{}</p>", "<dl><dt>{}</dt><dd>{}</dd></dl>"])
def test_8_three_labels_or_more_are_the_sections_of_a_page_without_headings(label: str) -> None:
    names = ("Cups", "Pots", "Jugs")
    cups, pots, jugs = (label.format(name, CLAY) for name in names)
    sections = [(name, CLAY) for name in names]
    assert answers(f"<h1>Tea</h1><p>{LEAF} {SO}</p>{cups}{pots}{jugs}") == [("Tea", f"{LEAF} {SO}"), *sections]
    assert asked(f"<h1>Tea</h1>{headings('Leaves', 'Water')}{cups}{pots}{jugs}") == ["Leaves", "Water"]
    assert asked(f"<h1>Tea</h1>{cups}{pots}") == ["Tea"]


def test_a_label_and_a_table_above_the_text_of_a_page_are_kept() -> None:
    html = f"<h1>Tea</h1><p>Home</p><table><tr><th>Cup<td>300 ml</table><p>{LEAF}</p>"
    assert answers(html) == [("Tea", f"Cup | 300 ml\n\n{LEAF}")]
    assert answers(f"<h1>Tea</h1><p>Home</p><p><b>Leaves</b></p><p>{LEAF}</p>") == [("Tea", f"Leaves\n\n{LEAF}")]


def test_8_a_page_of_teasers_has_no_sections() -> None:
    teasers = "".join(f"<h2><a href=/{n}>{n}</a></h2><p>{CLAY}</p>" for n in ("Cups", "Jugs", "Pots"))
    more = "".join(f"<h2>{n}</h2><p>{CLAY}</p><p><a href=/{n}>Read on</a></p>" for n in ("Cups", "Jugs"))
    for html in (teasers, more):
        with pytest.raises(PageError, match="leave it out"):
            sheet(f"<h1>Tea</h1>{html}")


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>404 Not Found</h1><p>{CLAY}</p>",
        f"<h1>Search results for tea</h1><p>{CLAY}</p>",
        "<h1>Tea</h1>" + "".join(f"<p><a href=/{n}>All about cup {n}</a></p>" for n in range(60)),
        "<h1>Tea</h1><ul>" + "".join(f"<li><a href=/{n}>All about cup {n}</a></li>" for n in range(60)) + "</ul>",
    ],
)
def test_8_an_error_a_search_and_a_list_of_links_are_refused_with_what_to_do(html: str) -> None:
    with pytest.raises(PageError, match="leave it out, or write what it says"):
        sheet(html)


@pytest.mark.parametrize(
    "title",
    ["401(k) plan", "Conflict of interest", "Is payment required?", "Error messages when printing", "Page layout",
     "500 miles on one charge", "Not found at home: lost property", "Results for 2024"],
)  # fmt: skip
def test_8_a_title_that_shares_words_with_an_error_is_answered(title: str) -> None:
    assert asked(f"<h1>{title}</h1><p>{CLAY}</p><p>{SO}</p>") == [title]


@pytest.mark.parametrize(
    "title",
    ["404", "404 - Page not found", "HTTP 500 Internal Server Error", "Error 403: Forbidden", "Page not found!",
     "Search results", 'Results for "tea"', "503 Service Unavailable"],
)  # fmt: skip
def test_8_the_title_of_an_error_or_of_a_search_is_refused(title: str) -> None:
    with pytest.raises(PageError, match="leave it out"):
        sheet(f"<h1>{title}</h1><p>{CLAY}</p><p>{SO}</p>")


def test_8_a_heading_inside_an_answer_is_no_section_of_its_own() -> None:
    html = f"<h2>What is tea?</h2><p>{LEAF}</p><h3>Cups</h3><p>{CLAY}</p><h2>Pots</h2><p>{SO}</p>"
    assert asked(html) == ["What is tea?", "Pots"]


@pytest.mark.parametrize(
    "heading",
    ["About us", "Contact", "Related topics", "See also", "More information", "Further reading", "Share", "Authors",
     "On this page", "Resources", "Privacy", "Learn more", "Acknowledgments"],
)  # fmt: skip
def test_5_a_heading_about_the_page_is_in_no_row(heading: str) -> None:
    assert asked(headings("What is tea?", heading, "Why so?")) == ["What is tea?", "Why so?"]


def test_5_a_heading_without_a_sentence_below_it_is_in_no_row() -> None:
    html = f"{headings('What is tea?')}<h2>Cups</h2><p>Buy now</p>{headings('Why so?')}"
    assert answers(html) == [("What is tea?", CLAY), ("Why so?", CLAY)]


def test_5_headings_of_another_rank_are_in_no_row() -> None:
    html = f"{headings('What is tea?')}{headings('Cups', rank=3)}{headings('Why so?')}"
    assert asked(html) == ["What is tea?", "Why so?"]


def test_6_paragraphs_that_ask_are_questions_where_no_heading_does() -> None:
    html = f"<h2>Tea</h2><p>What is tea?</p><p>{LEAF}</p><p>Why so?</p><p>{SO}</p>"
    assert answers(html) == CUPS


@pytest.mark.parametrize(
    "html",
    [
        f"<h2>Tea</h2><p>What is tea?</p><p>{LEAF}</p>",
        f"<h2>Tea</h2><p>What is tea?</p><h2>Cups</h2><p>Why so?</p><h2>Jugs</h2><p>{SO}</p>",
        f"<h2>Tea</h2><p>What is tea? Is it warm?</p><p>{LEAF}</p><p>We ask. Why so?</p><p>{SO}</p>",
    ],
)
def test_6_one_such_paragraph_or_one_without_an_answer_is_none(html: str) -> None:
    assert asked(html) in (["Tea"], ["Jugs"])


def test_6_a_paragraph_that_asks_belongs_to_the_answer_where_headings_ask() -> None:
    assert answers(f"<h2>What is tea?</h2><p>{LEAF}</p><p>Why so?</p><p>{SO}</p>") == [
        ("What is tea?", f"{LEAF}\n\nWhy so?\n\n{SO}")
    ]


@pytest.mark.parametrize("rank", [2, 3])
def test_6_on_a_page_that_asks_nothing_the_headings_of_an_article_open_its_sections(rank: int) -> None:
    prose = f"<p>{' '.join([LEAF] * 15)}</p>"
    html = "".join(f"<h{rank}>{heading}</h{rank}>{prose}" for heading in ("Leaves in short", "Cups of clay"))
    assert asked(f"<h1>Tea</h1>{html}") == ["Leaves in short", "Cups of clay"]
    linked = "".join(
        f"<h{rank}>{one}</h{rank}><p><a href=/x>{' '.join([LEAF] * 15)}</a></p>" for one in ("Leaves", "Cups")
    )
    with pytest.raises(PageError, match="no question was found"):
        asked(f"<h1>Tea</h1>{linked}")


# What opens none


@pytest.mark.parametrize(
    "survey",
    [
        "Was this page helpful?",
        "Did you find what you need?",
        "Was it helpful?",
        "How can we improve this website?",
    ],
)
def test_a_question_about_the_page_is_none_of_its_subject(survey: str) -> None:
    assert answers(f"<h2>What is tea?</h2><p>{LEAF}</p><h2>{survey}</h2><p>{CLAY}</p>") == [("What is tea?", LEAF)]


@pytest.mark.parametrize("rank", [2, 3])
def test_a_heading_that_leads_away_opens_nothing(rank: int) -> None:
    html = f"<h{rank}><a href='/cups'>What are cups?</a></h{rank}><p>{CLAY}</p>{headings('What is tea?')}"
    assert asked(html) == ["What is tea?"]


def test_headings_that_lead_away_with_whole_answers_below_them_ask() -> None:
    link = "<h2><a href='/faq/{0}'>{0}</a></h2><p>{1}</p>"
    found = answers("".join(link.format(question, f"{answer} {CLAY} {LEAF} {SO}") for question, answer in CUPS))
    assert [question for question, _ in found] == ["What is tea?", "Why so?"]


def test_a_heading_that_leads_to_a_place_on_the_page_or_opens_what_is_below_asks() -> None:
    html = (
        f"<h2><a href='#a'>What is tea?</a></h2><p>{LEAF}</p><h2><a href='javascript:x()'>Why so?</a></h2><p>{SO}</p>"
    )
    assert answers(html) == CUPS


def test_the_contents_of_a_page_are_no_questions() -> None:
    contents = "<h2>On this page</h2><ul><li><a href='#a'>What is tea?</a><li><a href='#b'>Why so?</a></ul>"
    body = f"<h2 id=a>What is tea?</h2><p>{LEAF}</p><h2 id=b>Why so?</h2><p>{SO}</p>"
    assert answers(contents + body) == CUPS
    assert answers(contents.replace("li>", "h3>") + body) == CUPS


@pytest.mark.parametrize("text", ["Our experts can help.", "Get relief today."])
def test_a_lone_teaser_among_headings_that_ask_nothing_is_no_question(text: str) -> None:
    assert asked(f"{headings('Cups', 'Jugs')}<h2>Feeling tired?</h2><p>{text}</p>") == ["Cups", "Jugs"]


@pytest.mark.parametrize(
    "html",
    [
        f"{headings('News', 'Contact')}<h2>Is it warm?</h2><p>{CLAY} {LEAF} {SO}</p>",
        "<h1>Tea</h1><h2>Is it warm?</h2><p>Yes, it is.</p>",
        f"<h1>Is it warm?</h1><p>Yes, it is.</p>{headings('News', 'Contact')}",
        "<h2>Is it warm?</h2><p>Yes, it is.</p><h2>References</h2><ol><li>Cups. 2013.</ol><h2>Notes</h2>",
    ],
)
def test_a_lone_question_with_a_whole_answer_or_without_such_neighbours_is_one(html: str) -> None:
    assert asked(html) == ["Is it warm?"]


# Where an answer ends


def test_an_answer_goes_on_over_deeper_headings_and_ends_at_one_of_its_rank() -> None:
    parts = f"<h3>Cups</h3><p>{CLAY}</p><h4>Jugs</h4><p>{CLAY}</p>"
    html = f"<h2>What is tea?</h2><p>{LEAF}</p>{parts}<h2>Site</h2><p>{SO}</p>"
    tea = ("What is tea?", "\n\n".join([LEAF, "Cups", CLAY, "Jugs", CLAY]))
    assert answers(html) == [tea, ("Site", SO)]
    about = html.replace("Site", "About this site")
    assert answers(about) == [tea]
    assert f"left out, it belongs to no question: {SO!r}" in map(str, sheet(about).warnings)


def test_sentences_above_the_first_question_answer_the_title_and_names_and_dates_there_do_not() -> None:
    named = "<p>Also known as: leaf water, cup rain.</p><p>Tea and its cups</p><p>Last updated: May 2013</p>"
    overview = sheet(f"<h1>Tea</h1>{named}<p>{SO}</p><h2>What is tea?</h2><p>{LEAF}</p>")
    (warning,) = overview.warnings  # a line of so few words is a subtitle
    assert str(warning) == f"above the first question, and in no answer: {SO!r}"
    long = f"{SO} {CLAY} {LEAF}"
    overview = sheet(f"<h1>Tea</h1>{named}<p>{long}</p><h2>What is tea?</h2><p>{LEAF}</p>")
    assert [(one.question, one.answer) for one in overview.documents] == [("Tea", long), ("What is tea?", LEAF)]
    assert overview.warnings == ()
    about = "<p>This page has no leaves.</p><p>Your browser cannot pour.</p>"
    assert sheet(f"<h1>Tea</h1>{about}<h2>What is tea?</h2><p>{LEAF}</p>").warnings == ()
    assert sheet(f"<title>What is tea?</title><h1>What is tea?</h1><p>{LEAF}</p>").warnings == ()


def test_a_line_in_bold_ends_no_answer() -> None:
    assert answers(f"<p><b>What is tea?</b></p><p>{LEAF}</p><p><b>Cups</b></p><p>{CLAY}</p>") == [
        ("What is tea?", f"{LEAF}\n\nCups\n\n{CLAY}")
    ]


def test_a_heading_of_the_same_rank_inside_the_answer_s_own_element_ends_nothing() -> None:
    html = (
        f"<section><h2>What is tea?</h2><p>{LEAF}</p><h2>Related</h2><p>{CLAY}</p></section>"
        f"<section><h2>Why so?</h2><p>{SO}</p></section>"
    )
    assert answers(html) == [
        ("What is tea?", f"{LEAF}\n\nRelated\n\n{CLAY}"),
        ("Why so?", SO),
    ]


@pytest.mark.parametrize(
    "card",
    [
        "<div><h3>{}</h3><p>{}</p></div>",
        "<section><div><h3>{}</h3></div><div><p>{}</p></div></section>",
        "<details><summary>{}</summary><p>{}</p></details>",
        "<table><tr><td><b>{}</b><tr><td>{}</table>",
        "<ul><li><b>{}</b> {}</ul>",
    ],
)
def test_text_behind_the_last_card_is_left_out(card: str) -> None:
    html = "".join(card.format(*pair) for pair in CUPS) + f"<p>{CLAY}</p>"
    assert answers(html) == CUPS
    assert any(CLAY in warning.text for warning in sheet(html).warnings)


def test_text_between_cards_belongs_to_the_one_above_and_then_the_last_goes_on_too() -> None:
    card = f"<div><h3>{{}}</h3><p>{{}}</p></div><p>{CLAY}</p>"
    assert answers("".join(card.format(*pair) for pair in CUPS)) == [
        (question, f"{answer}\n\n{CLAY}") for question, answer in CUPS
    ]


def test_the_only_question_of_a_page_goes_on_behind_its_element() -> None:
    assert answers(f"<div><h2>What is tea?</h2><p>{LEAF}</p></div><p>{CLAY}</p>") == [
        ("What is tea?", f"{LEAF}\n\n{CLAY}")
    ]


def test_all_parts_of_a_definition_belong_to_its_term() -> None:
    html = f"<dl><dt>What is tea?<dd>{LEAF}<dd>{CLAY}<dt>Why so?<dd>{SO}</dl>"
    assert answers(html) == [("What is tea?", f"{LEAF}\n\n{CLAY}"), ("Why so?", SO)]


@pytest.mark.parametrize(
    "line",
    [
        "<p><a href='#top'>Back to top</a></p>",
        "<p><a href='#a'>Up</a> | <a href='#b'>Down</a></p>",
        "<p>[<a href='/'>Home</a>]</p>",
        "<p>© 2013 Lakeside</p>",
        "<p>Copyright 2013 by Lakeside</p>",
        "<p>Next review due: May 2015</p>",
    ],
)
def test_lines_about_the_page_are_in_no_answer_wherever_they_stand(line: str) -> None:
    html = "".join(f"<h2>{question}</h2><p>{answer}</p>{line}" for question, answer in CUPS)
    assert answers(html) == CUPS


def test_links_at_the_end_of_the_last_answer_are_chrome_but_a_list_of_links_is_an_answer() -> None:
    html = f"<h2>What is tea?</h2><p>{LEAF}</p>"
    assert answers(f"{html}<p><a href='/next'>Next page</a></p>") == [("What is tea?", LEAF)]
    assert answers(f"{html}<ul><li><a href='/cups'>Cups</a></ul>") == [("What is tea?", f"{LEAF}\n\nCups")]


@pytest.mark.parametrize("below", ["", "<p>Yes</p><p>No</p>", "<p><a href='/more'>Read more about it.</a></p>"])
def test_a_question_without_an_answer_is_warned_of_and_is_no_document(below: str) -> None:
    html = f"<h2>What is tea?</h2><p>{LEAF}</p><h2>Who knows?</h2>{below}<h2>Why so?</h2><p>{SO}</p>"
    assert answers(html) == CUPS
    assert "no answer under 'Who knows?'" in map(str, sheet(html).warnings)


@pytest.mark.parametrize("answer", ["Yes.", "Cups and jugs", "It is: see below."])
def test_a_short_answer_is_one(answer: str) -> None:
    assert answers(f"<h2>What is tea?</h2><p>{LEAF}</p><h2>Why so?</h2><p>{answer}</p>")[1] == ("Why so?", answer)


@pytest.mark.parametrize("number", ["1.", "2.1", "(3)"])
def test_a_number_that_stands_beside_a_question_is_in_no_answer(number: str) -> None:
    html = "".join(f"<div>{number}</div><div><h2>{question}</h2><p>{answer}</p></div>" for question, answer in CUPS)
    assert answers(html) == CUPS


def test_a_number_in_front_of_a_question_is_no_part_of_it() -> None:
    assert answers(f"<h2>1. What is tea?</h2><p>{LEAF}</p><h2>(2) Why so?</h2><p>{SO}</p>") == CUPS


# Pages that are one answer, and pages in one table of dates


@pytest.mark.parametrize(
    "html",
    [
        f"<title>What is tea? | Lakeside</title><p>{LEAF}</p>",
        f"<h1>What is tea?</h1><p>{LEAF}</p>",
        f"---\ntitle: What is tea?\n---\n<p>{LEAF}</p>",
    ],
)
def test_a_page_whose_title_asks_is_one_answer(html: str) -> None:
    assert answers(html) == [("What is tea?", LEAF)]


def test_a_title_that_asks_opens_nothing_where_headings_do() -> None:
    html = f"<title>What is new?</title><h1>Tea</h1><p>{CLAY} {LEAF}</p><h2>Why so?</h2><p>{SO}</p>"
    assert answers(html) == [("Tea", f"{CLAY} {LEAF}"), ("Why so?", SO)]


def dates(html: str) -> list[str | None]:
    return [document.last_updated for document in sheet(html).documents]


def dated(*lines: str, top: str = "", end: str = "") -> str:
    """Return a page with a line below each of two answers."""
    parts = zip(CUPS, [*lines, "", ""], strict=False)
    body = "".join(f"<div><h2>{question}</h2><p>{answer}</p>{line}</div>" for (question, answer), line in parts)
    return f"<h1>Tea</h1>{top}{body}{end}"


OLD, NEW = "<p>Last updated: 5/1/2012</p>", "<p>Last updated: May 2013</p>"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (dated(OLD, NEW), ["2012-05-01", "2013-05"]),
        (dated(OLD, "", top=NEW), ["2012-05-01", "2013-05"]),
        (dated(OLD, "", end=NEW), ["2012-05-01", "2013-05"]),
        (dated("", NEW), ["2013-05", "2013-05"]),
        (dated("", "", end=NEW), ["2013-05", "2013-05"]),
        (dated("", "", end=f"<footer>{NEW}</footer>"), ["2013-05", "2013-05"]),
        (dated("", "", top="<p>May 2013</p>"), ["2013-05", "2013-05"]),
        (dated("", "", end="<p>Last reviewed: 5/1/2012</p><p>Last updated: May 2013</p>"), ["2013-05", "2013-05"]),
        (dated(OLD), ["2012-05-01", None]),
        (dated(), [None, None]),
    ],
)
def test_an_answer_has_its_own_date_or_else_the_page_s(html: str, found: list[str | None]) -> None:
    assert dates(html) == found
    assert answers(html) == CUPS


def test_a_date_above_an_answer_dates_it_and_one_below_it_ends_it() -> None:
    html = f"<h2>What is tea?</h2>{OLD}<p>{LEAF}</p><h2>Why so?</h2><p>{SO}</p>{NEW}<p>{CLAY}</p>"
    assert dates(html) == ["2012-05-01", "2013-05"]
    assert answers(html) == CUPS


def test_a_date_inside_the_last_answer_is_not_the_page_s_where_the_page_has_one() -> None:
    assert dates("---\ndate: 2010-01-01\n---\n" + dated("", NEW)) == ["2010-01-01", "2013-05"]


def test_a_date_that_is_none_is_said_and_nobody_guesses() -> None:
    found = sheet(dated("<p>Last updated: last spring</p>"))
    assert [document.last_updated for document in found.documents] == [None, None]
    assert "date not understood: 'last spring'" in map(str, found.warnings)
