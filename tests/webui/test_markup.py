"""Segments become HTML here and nowhere else: escaped, with marks and links around them."""

import pytest

from indexer.exchange.bodies import Block, Segment, Snippet
from indexer.model import BlockKind, Reference
from tests.webui.reading import HtmlPage
from webui.markup import answer_markup, snippet_markup

REFERENCES = [Reference(1, 'Quill "A" <b>', None, {}, None), Reference(2, "E | F", None, {}, None)]
LINK = '<a class="cite" href="{}#ref-1" aria-label="Reference 1: Quill &#34;A&#34; &lt;b&gt;">[1]</a>'


def block(
    text: str,
    kind: BlockKind = "paragraph",
    *,
    ordinal: int | None = None,
    reference: int | None = None,
    shared: bool = False,
) -> Block:
    return Block(kind, ordinal, shared, [Segment(text, marked=False, reference=reference)])


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("after", [True, False])
def test_a_fragment_is_escaped_marked_linked_and_shows_where_it_was_cut(before: bool, after: bool) -> None:
    pieces = [
        ("a <b> & ", False, None),
        ("<i>", True, None),
        ("[1]", False, 1),
        ("[1]", False, 1),
        ("[7]", False, None),
    ]
    segments = [Segment(*piece) for piece in pieces]
    snippet = Snippet(segments, before, after)
    cut = '<span class="cut">…</span>'
    assert snippet_markup(snippet, REFERENCES, "/answers/x") == (
        f"{f'{cut} ' if before else ''}a &lt;b&gt; &amp; <mark>&lt;i&gt;</mark>"
        f'<span class="cites">{LINK.format("/answers/x") * 2}</span>[7]{f" {cut}" if after else ""}'
    )


@pytest.mark.parametrize(
    ("blocks", "html"),
    [
        ([block("a"), block("<h>", "heading")], "<p>a</p><h3>&lt;h&gt;</h3>"),
        ([block("a", "list_item"), block("b", "list_item")], "<ul><li>a</li><li>b</li></ul>"),
        ([block("a", "list_item", ordinal=3)], '<ol><li value="3">a</li></ol>'),
        ([block("a", "list_item"), block("b", "list_item", ordinal=1)],
         '<ul><li>a</li></ul><ol><li value="1">b</li></ol>'),
        ([block("<a> | b", "table_row")], "<table><tr><td>&lt;a&gt;</td><td>b</td></tr></table>"),
        ([block("[1]", reference=1)], f'<p><span class="cites">{LINK.format("")}</span></p>'),
        ([], ""),
    ],
)  # fmt: skip
def test_neighbouring_blocks_of_a_kind_are_one_list_or_table(blocks: list[Block], html: str) -> None:
    assert answer_markup(blocks, REFERENCES) == html


def test_what_many_sheets_share_is_folded_with_all_its_blocks() -> None:
    blocks = [block("a"), block("b", shared=True), block("c", "list_item", shared=True), block("d")]
    html = answer_markup(blocks, REFERENCES)
    assert html.startswith("<p>a</p><details><summary>")
    assert html.endswith("</summary><p>b</p><ul><li>c</li></ul></details><p>d</p>")


def test_a_reference_with_an_upright_stroke_does_not_part_a_cell() -> None:
    page = HtmlPage(answer_markup([block("[2]", "table_row", reference=2)], REFERENCES))
    assert [link["aria-label"] for link in page.all("a")] == ["Reference 2: E | F"]


def test_a_fragment_of_several_blocks_has_a_dot_between_them() -> None:
    segments = [Segment("Signs include:\n\nTremor", marked=False, reference=None)]
    snippet = Snippet(segments, cut_before=False, cut_after=False)
    assert snippet_markup(snippet, [], "/answers/a") == "Signs include: \u00b7 Tremor"
