"""MedQuAD's XML: every question with its answer, whatever the tags are called, and no file that does harm."""

from pathlib import Path

import pytest

from indexer.errors import PageError
from indexer.model import Block, Page, Provenance
from indexer.readers import read_page
from indexer.readers.medquad import read_medquad
from tests.conftest import data

SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<Document id="0000007" source="Lakeside" url="https://example.org/zinc">
<Focus>Zinc  fever</Focus>
<FocusAnnotations>
  <Synonyms><Synonym>Brass chills</Synonym><Synonym>Zinc fever</Synonym><Synonym>Brass chills</Synonym></Synonyms>
</FocusAnnotations>
<QAPairs>
  <QAPair pid="1">
    <Question qid="0000007-1" qtype="information">What is (are) Zinc fever ?</Question>
    <Answer>{answer}</Answer>
  </QAPair>
  <QAPair pid="2">
    <Question qid="0000007-2" qtype="brand names">Who gets it? ?</Question>
    <Answer>Welders &amp; founders.</Answer>
  </QAPair>
</QAPairs>
</Document>
"""


def read(answer: str = "A fever.") -> Page:
    return read_medquad(SHEET.format(answer=answer), "zinc.xml")


def refusal(text: str) -> str:
    with pytest.raises(PageError) as caught:
        read_medquad(text, "zinc.xml")
    return caught.value.reason


def test_a_sheet_keeps_what_the_format_says() -> None:
    assert read() == Page(
        "zinc.xml",
        (
            Block("question", "What is (are) Zinc fever?", 9, source_id="0000007-1", question_type="information"),
            Block("paragraph", "A fever.", 10),
            Block("question", "Who gets it?", 13, source_id="0000007-2"),  # no kind of question that is known here
            Block("paragraph", "Welders & founders.", 14),
        ),
        title="Zinc fever",
        also_known_as=("Brass chills",),
        provenance=Provenance("Lakeside", "https://example.org/zinc"),
    )


@pytest.mark.parametrize(
    ("answer", "blocks"),
    [
        ("One.\n    \n  Two\n lines.", ["One.", "Two lines."]),
        (
            "Signs are:   - chills    - -  a  cough  - zinc - brass   Rest helps.",
            ["Signs are:", "* chills", "* a cough", "* zinc - brass", "Rest helps."],
        ),
        ("Signs\n   \n    - chills\n    - thirst", ["Signs", "* chills", "* thirst"]),
        # Two spaces part paragraphs, but not where somebody types them after each sentence.
        ("It is. One day. Or two.  Rest helps.", ["It is. One day. Or two.", "Rest helps."]),
        ("It is.  One day.  Or two.  Rest helps.", ["It is. One day. Or two. Rest helps."]),
        ("From 5 - 9 days, anti-TG - rare.", ["From 5 - 9 days, anti-TG - rare."]),
        ("A<!-- no -->B &#174; x&#178;.", ["AB ® x²."]),
    ],
)
def test_paragraphs_and_lists_that_lost_their_line_ends_are_found_again(answer: str, blocks: list[str]) -> None:
    found = read(answer).blocks[1:-2]
    assert [f"* {block.text}" if block.kind == "list_item" else block.text for block in found] == blocks


def test_other_tags_for_the_same_things_are_read_alike() -> None:
    text = SHEET.format(answer="A fever.")
    for old, new in [
        ("<Document id=", "<doc docid="), ("</Document", "</doc"), ("source=", "corpus="), ("QAPairs", "qaPairs"),
        ("QAPair>", "pair>"), ("<QAPair ", "<pair "), ("Focus>", "doctitle-focus>"),
        ("Question", "question"), ("Answer", "answer"),
    ]:  # fmt: skip
        text = text.replace(old, new)
    assert "<pair pid" in text
    assert read_medquad(text, "zinc.xml") == read()
    assert read_medquad(SHEET.format(answer="A fever.").replace("Document", "DiseaseFile"), "zinc.xml") == read()


def test_an_empty_answer_is_named_and_a_sheet_of_them_is_refused() -> None:
    page = read("  \n ")
    assert [block.source_id for block in page.blocks if block.kind == "question"] == ["0000007-2"]
    (warning,) = page.warnings
    assert str(warning) == "line 8: question 0000007-1 has no answer: 'What is (are) Zinc fever?'"
    nothing = SHEET.format(answer="").replace("Welders &amp; founders.", "")
    assert refusal(nothing) == "no answer to any of its 2 questions"
    assert refusal("<Document><Focus>Zinc</Focus><QAPairs/></Document>") == "it asks no question"


BOMB = '<!DOCTYPE Document [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BOMB + "]><Document>&i;</Document>", "XML with a document type or entities of its own is not read"),
        (
            '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>',
            "XML with a document type or entities of its own is not read",
        ),
        (SHEET[: SHEET.index("</QAPairs>")], "line 16: not well-formed XML: Premature end of data"),
        (SHEET.replace("</Answer>", "", 1), "line 11: not well-formed XML: Opening and ending tag mismatch"),
        ("<Document>&nbsp;</Document>", "line 1: not well-formed XML: Entity 'nbsp' not defined"),
        ("<a>" * 10_000 + "</a>" * 10_000, "line 1: not well-formed XML: Excessive depth"),
        ("<rss version='2.0'></rss>", "XML of an unknown kind: <rss>"),
        ("not XML", "line 1: not well-formed XML: Start tag expected"),
        (SHEET.replace("https://example.org", "http://[bad"), "Invalid IPv6 URL"),
    ],
)
def test_xml_that_does_harm_or_is_no_sheet_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert refusal(text.replace("{answer}", "A fever.")).startswith(reason)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_the_encoding_that_a_file_is_in_counts_and_not_what_its_first_line_says(tmp_path: Path, codec: str) -> None:
    text = SHEET.format(answer="A fever called “brass chills” by Müller.")
    (tmp_path / "zinc.xml").write_bytes(text.encode(codec))
    page = read_page(tmp_path / "zinc.xml", tmp_path)
    assert page.blocks[1].text == "A fever called “brass chills” by Müller."
    assert [("declared as utf-8, which it is not" in warning.text) for warning in page.warnings] == [True] * (
        codec[0] == "w"
    )


def test_an_xml_file_that_is_a_web_page_is_read_as_one(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><h2>What is it?</h2><p>A fever.</p></body></html>'
    )
    (tmp_path / "zinc.xml").write_text(text, encoding="utf-8")
    assert [block.text for block in read_page(tmp_path / "zinc.xml", tmp_path).blocks] == ["What is it?", "A fever."]


def test_all_of_medquad_is_read() -> None:
    pages, refused = {}, {}
    for file in sorted(data("medquad").glob("*/*.xml")):
        try:
            pages[f"{file.parent.name}/{file.name}"] = read_medquad(file.read_text(encoding="utf-8"), file.name)
        except PageError as error:
            refused[file.name] = error.reason
    questions = [[block for block in page.blocks if block.kind == "question"] for page in pages.values()]
    assert (len(pages) + len(refused), sum(map(len, questions))) == (5_497, 16_423)
    assert all(len({block.source_id for block in asked}) == len(asked) for asked in questions)
    assert all(block.question_type for asked in questions for block in asked)
    assert all(page.provenance.source and page.provenance.url for page in pages.values())
    assert sum("has no answer" in warning.text for page in pages.values() for warning in page.warnings) == 4
    assert refused == {
        "0002079.xml": "no answer to any of its 1 questions",
        **dict.fromkeys([f"{number:07}.xml" for number in (56, 64, 65, 77, 175, 177)], "it asks no question"),
    }
    assert sum(page.title is None for page in pages.values()) == 3  # an empty focus
    names = list(pages)
    first, middle, last = (pages[names[place]] for place in (0, len(names) // 2, -1))
    assert [(page.title, len(page.also_known_as)) for page in (first, middle, last)] == [
        ("Adult Acute Lymphoblastic Leukemia", 0),
        ("X-linked creatine deficiency", 5),
        ("Parasites - Zoonotic Hookworm", 0),
    ]
    assert [page.blocks[0].text for page in (first, middle, last)] == [
        "What is (are) Adult Acute Lymphoblastic Leukemia?",
        "What is (are) X-linked creatine deficiency?",
        "What is (are) Parasites - Zoonotic Hookworm?",
    ]


def test_a_table_of_symptoms_that_lost_its_lines_has_rows_again() -> None:
    head = "Signs and Symptoms Approximate number of patients (when available)"
    note = "The Human Phenotype Ontology (HPO) has collected information on how often a sign occurs."
    page = read(f"The table says more. {head} Polyuria - Low blood pressure 7.5% Third nipple 3/4 {note}")
    assert [(block.kind, block.text) for block in page.blocks[1:7]] == [
        ("paragraph", "The table says more."),
        ("table_row", "Signs and Symptoms | Approximate number of patients (when available)"),
        ("table_row", "Polyuria | -"),
        ("table_row", "Low blood pressure | 7.5%"),
        ("table_row", "Third nipple | 3/4"),
        ("paragraph", note),
    ]
