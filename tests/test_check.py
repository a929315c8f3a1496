"""`factsheets check`: each rule on a page that has the fault and one that has not, places, switches, exit codes."""

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from indexer import read_sheet
from indexer.checking.check import check_pages
from indexer.checking.located import LocatedSheet
from indexer.checking.reading_grade import reading_grade
from indexer.checking.rules import ONE_LINE_CHARS, REPORTED_BY, RULES, Limits
from indexer.cli import main
from indexer.exchange import bodies
from indexer.readers import read_page
from tests.conftest import CORPUS, PAGES, data
from tests.webui.reading import read_as

TODAY = date(2026, 11, 23)
#: A sheet that no rule has anything to say about. Its lines are counted from 1.
SHEET = """---
title: Wet elbow
also_known_as:
  - Damp elbow
last_updated: 2019-05
written: 2026-11-23
---

## What is wet elbow?

Wet elbow is a harmless wetness of the elbow. It comes when people lean on wet tables.[1]

## Treatment

A dry table and a towel help most people within a day.[1]

- So found two clinics.[2]

## References

1. Elbow Institute. Wet elbow. https://example.org/elbow. Accessed 2020-01-02.
2. Drier A. Dry tables. Elbow. 2018; https://doi.org/10.1234/tables.
"""
#: One change in that sheet, and all that is said of it then.
CHANGED = [
    ("wet tables.[1]", "wet tables.[1][3]",
     "page.md:11: error marker-without-reference: [3] in 'What is wet elbow?' leads to no reference"),
    ("clinics.[2]", "clinics.[2][4]",
     "page.md:17: error marker-without-reference: [4] in 'Treatment' leads to no reference"),
    ("clinics.[2]", "clinics.",
     "page.md:22: warning reference-never-cited: reference 2 is never cited: 'Drier A. Dry tables. Elbow. 2018.'"),
    ("clinics.[2]", "clinics.[2][^n]\n\n[^n]: Of whom? https://example.org/n\n\n[^m]: Unused.",
     "page.md: warning reference-never-cited: the footnote [^m] is never cited"),
    ("2018; https://doi.org/10.1234/tables", "2018",
     "page.md:22: warning reference-without-url: reference 2 has no URL: 'Drier A. Dry tables. Elbow. 2018.'"),
    ("https://doi.org/10.1234/tables", "PMID: 123456", None),
    ("https://doi.org/10.1234/tables", "www.example.org/t",
     "page.md:22: error malformed-url: "
     "the URL of reference 2 does not begin with http:// or https://: www.example.org/t."),
    ("https://example.org/elbow.", "https://example,org/elbow.",
     "page.md:21: error malformed-url: the URL of reference 1 is none: https://example,org/elbow"),
    ("written:", "url: htp://example.org/\nwritten:",
     "page.md:6: error malformed-url: the page's own URL is none: htp://example.org/"),
    ("https://doi.org/10.1234/tables.", "http://example.org/elbow/. Accessed 2020-01-02.",
     "page.md:22: warning duplicate-url: "
     "reference 2 has the URL of reference 1 (in line 21): http://example.org/elbow/"),
    ("https://doi.org/10.1234/tables.", "https://example.org/elbow. Accessed 2026-11-01.", None),
    ("last_updated: 2019-05\n", "", "page.md: warning missing-date: no answer has a date"),
    ("last_updated: 2019-05\n", "lastmod: in May\n",
     "page.md: warning missing-date: no answer has a date\n"
     "page.md:5: error odd-date: date not understood: 'in May'"),
    ("last_updated: 2019-05", "last_updated: 1019", "page.md:5: error odd-date: last updated 1019, before 1900"),
    ("clinics.[2]", "clinics.[2]\n\nLast updated: 2062",
     "page.md:13: error future-date: last updated 2062, which is yet to come"),
    ("written: 2026-11-23", "written: 2026-11-25",
     "page.md:6: error future-date: written 2026-11-25, which is yet to come"),
    ("written: 2026-11-23", "written: 2026-11-24", None),
    ("2020-01-02", "2027-01-02",
     "page.md:21: error future-date: reference 1 accessed 2027-01-02, which is yet to come"),
    ("last_updated: 2019-05", "last_updated: 2026", None),
    ("last_updated: 2019-05", "date: 1019-05", "page.md:5: error odd-date: last updated 1019-05, before 1900"),
    ("## Treatment", "## What is  WET elbow?",
     "page.md:13: warning duplicate-question: 'What is WET elbow?' was asked before (in line 9)"),
    ("## References", "## How is it tested?\n\n## References",
     "page.md:19: error empty-answer: no answer under 'How is it tested?'"),
    ("## References", "## How is it tested?\n\nHow can it be tested?\n\n## References",
     "page.md:19: error empty-answer: the answer to 'How is it tested?' only asks a question"),
    ("## References", "## Outlook\n\nIt dries.[1]\n\n## References",
     "page.md:19: warning one-line-answer: the answer to 'Outlook' fits on one line: 'It dries.'"),
    ("## References", "# Towels\n\nThey are blue.\n\n- Or red.\n\n## References",
     "page.md:19: warning heading-not-a-question: 'Towels' opens no answer: it and 2 blocks are left out"),
    ("## References", "## See also\n\n- Dry elbow, a rare thing.\n\n## References",
     "page.md:19: warning left-out: 2 blocks outside any answer, left out; the first is 'See also'"),
    ("elbow. It", "elbow \ufffd It",
     "page.md:11: warning reader-warning: 1 characters were lost before the file was saved"),
    ("2019-05", "May",
     "page.md:1: error page-refused: front matter: 'May' is not a date like 2013, 2013-05 or 2013-05-01"),
]  # fmt: skip
#: Of the same words in other formats.
TEXT = "Wet elbow\n\nWhat is wet elbow?\n\nIt is wet.[1]\n\nLast updated: 1819\n"
HTML = "<!DOCTYPE html><h1>Wet elbow</h1><h2>What is wet elbow?</h2><p>It is wet.[1]<p>Last updated: 1819</p>"
XML = """<?xml version="1.0"?>
<Document source="Elbows" url="http://example.org/a b">
<Focus>Wet elbow</Focus>
<QAPairs>
<QAPair pid="1">
<Question qid="1-1" qtype="information">What is wet elbow?</Question>
<Answer>It is wet.[1]</Answer>
</QAPair>
</QAPairs>
</Document>
"""
FORMATS = {
    "page.txt": (TEXT, ["3: one-line-answer", "3: odd-date", "5: marker-without-reference"]),
    "page.html": (HTML, ["0: one-line-answer", "0: marker-without-reference", "0: odd-date"]),
    "page.xml": (XML, ["0: missing-date", "2: malformed-url", "6: one-line-answer", "7: marker-without-reference"]),
}
#: Twenty sentences of five words of four letters: 4.71 * 4 + 0.5 * 5 - 21.43.
PLAIN, PLAIN_GRADE = "They have been with them. " * 20, -0.09
LINES = [
    "# Wet elbow", "## What is it?", "## Treatment", "## Towels", "## See also", "## References", "Last updated: soon",
    "Last updated: 2019", "It is wet.[1] It dries.[2]", "- A towel.[^a]", "[^a]: Elbow. 2018.", "**Who gets it?**",
    "1. Elbow Institute. https://example.org/elbow.", "2. Drier A. Tables.", "[Dry elbow](dry.html)", "", "", "",
]  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*paths: str, limits: Limits | None = None, **pages: str) -> list[str]:
    """Return the lines that are said of some paths, by default the file `page.md`, after writing some files."""
    for name, text in pages.items():
        Path(name.replace("__", ".")).write_text(text, encoding="utf-8")
    report = check_pages(map(Path, paths or ["page.md"]), limits or Limits(today=TODAY))
    return [str(finding) for finding in report.findings]


def run(*args: object) -> Result:
    result = CliRunner().invoke(main, ["check", *map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_there_is_nothing_to_say_about_a_good_sheet() -> None:
    assert found(page__md=SHEET) == []


@pytest.mark.parametrize(("old", "new", "finding"), CHANGED, ids=[f"{new[:30]!r}" for _, new, _ in CHANGED])
def test_a_fault_is_found_with_its_line_and_nothing_else_is(old: str, new: str, finding: str | None) -> None:
    assert old in SHEET
    assert found(page__md=SHEET.replace(old, new)) == (finding.split("\n") if finding else [])


def test_every_rule_that_asks_one_sheet_has_such_a_fault_or_a_limit() -> None:
    shown = {rule for *_, finding in CHANGED for rule in re.findall(r" (?:error|warning) ([a-z-]+): ", finding or "")}
    assert RULES.keys() - shown == {"old-facts", "high-reading-grade", "duplicate-name", "check-toml"}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_checked_and_has_the_lines_that_its_reader_keeps(name: str) -> None:
    text, expected = FORMATS[name]
    Path(name).write_text(text, encoding="utf-8")
    report = check_pages([Path(name)], Limits(today=TODAY))
    assert [f"{one.line}: {one.rule}" for one in report.findings] == expected


def test_a_page_whose_title_is_the_question_has_lines_too() -> None:
    page = SHEET[: SHEET.index("## What")] + f"{PLAIN}.[9]\n"
    assert found(page__md=page.replace("title: Wet elbow", "title: What is wet elbow?")) == [
        "page.md:9: error marker-without-reference: [9] in 'What is wet elbow?' leads to no reference"
    ]


def test_references_that_no_answer_cites_are_one_finding() -> None:
    page = re.sub(r"(?<=\.)\[\d\]", "", SHEET)
    assert found(page__md=page) == ["page.md:21: warning reference-never-cited: none of 2 references is cited"]


def test_an_answer_is_one_line_long_up_to_the_length_of_a_line() -> None:
    for letters, said in ((ONE_LINE_CHARS, 1), (ONE_LINE_CHARS + 1, 0)):
        answer = "It " + "i" * (letters - 4) + ".[1]"
        assert len(found(page__md=SHEET.replace("## References", f"## Outlook\n\n{answer}\n\n## References"))) == said


@pytest.mark.parametrize(
    ("url", "well_formed"),
    [
        ("https://example.org", True),
        ("http://intranet:8080/a_(b);c?d=e&f#g", True),
        ("https://b\u00fccher.example/wei\u00df", True),
        ("https://web.archive.org/web/2019/http://example.org/", True),
        ("http://[2001:db8::1]/", True),
        ("https://example.org/100%25", True),
        ("https://example.org/100%", False),
        ("https://example..org/", False),
        ("https:///elbow", False),
        ("http://http://example.org", False),
        ("http://https//example.org", False),
        ("https://example.org:port/", False),
        ("https://example.org/a\u2026", False),
        ("https://example.org/{id}", False),
        ("ftp://example.org/", False),
    ],
)  # fmt: skip
def test_an_address_is_well_formed_when_a_browser_would_open_it(url: str, well_formed: bool) -> None:
    page = SHEET.replace("written:", f"url: '{url}'\nwritten:")
    assert (found(page__md=page) == []) == well_formed


@pytest.mark.parametrize(("years", "said"), [(None, []), (8, []), (7, ["last updated 2019-05, more than 7 years ago"])])
def test_facts_are_old_when_whoever_checks_says_at_what_age(years: int | None, said: list[str]) -> None:
    lines = found(limits=Limits(max_age=years, today=TODAY), page__md=SHEET)
    assert lines == [f"page.md:5: warning old-facts: {text}" for text in said]


def test_a_partial_date_is_as_young_as_it_may_be() -> None:
    for today, old in ((date(2026, 5, 31), []), (date(2026, 6, 1), ["old-facts"])):
        lines = found(limits=Limits(max_age=7, today=today), page__md=SHEET.replace("written: 2026-11-23\n", ""))
        assert [line.split(" ")[2].rstrip(":") for line in lines] == old


def test_a_sheet_above_the_reading_grade_is_one_finding_that_names_the_hardest_answer() -> None:
    hard = "Immunological heterogeneity complicates the classification of the elbows of the whole population. " * 60
    page = SHEET.replace("A dry table", f"{hard}A dry table").replace("Wet elbow is", f"{PLAIN}Wet elbow is")
    (line,) = found(page__md=page)
    assert re.fullmatch(
        r"page\.md:13: warning high-reading-grade: reading grade 1\d\.\d, above 11; "
        r"the hardest answer is that to 'Treatment', \d\d\.\d",
        line,
    )
    assert found(limits=Limits(max_grade=30, today=TODAY)) == []


def grade_of(text: str, *names: str) -> float | None:
    Path("text.md").write_text(f"---\ntitle: Elbow\n---\n\n## What is it?\n\n{text}", encoding="utf-8")
    return reading_grade(read_sheet("text.md").documents, ("Elbow", *names))


def test_the_reading_grade_is_the_automated_readability_index() -> None:
    assert grade_of(PLAIN) == pytest.approx(PLAIN_GRADE)
    assert grade_of(PLAIN.replace(". ", ".[1] ") + "\n\n- " + PLAIN) == pytest.approx(PLAIN_GRADE)
    assert grade_of(PLAIN.replace(".", " and.")) == pytest.approx(4.71 * 23 / 6 + 0.5 * 6 - 21.43)


def test_the_names_of_a_condition_count_as_one_short_word() -> None:
    named = PLAIN.replace("them", "Chronic Elbow Dampness Syndrome")
    assert grade_of(named, "chronic elbow dampness syndrome", "Chronic") == grade_of(PLAIN.replace("them", "elbow"))


def test_few_words_and_other_languages_have_no_reading_grade() -> None:
    assert grade_of("They have been with them. " * 19) is None
    assert grade_of("Der Ellbogen ist nass und wird von allein wieder trocken. " * 20) is None


@given(st.integers(1, 5), st.sampled_from(["immunoglobulins", "electrophysiological"]))
def test_longer_words_and_longer_sentences_read_harder_and_a_longer_text_does_not(times: int, word: str) -> None:
    grade = grade_of(PLAIN) or 0
    assert grade_of(PLAIN * times) == pytest.approx(grade)
    assert (grade_of(PLAIN.replace("them", word)) or 0) > grade
    assert (grade_of(PLAIN.replace(". They", " and they")) or 0) > grade


def test_another_name_of_two_sheets_of_one_source_is_found_at_both() -> None:
    other = SHEET.replace("Wet elbow", "Soaked elbow").replace("wet elbow", "soaked elbow")
    assert found("page.md", "two.md", page__md=SHEET, two__md=other) == [
        "page.md:4: warning duplicate-name: 'Damp elbow' is also another name of 'Soaked elbow': two.md",
        "two.md:4: warning duplicate-name: 'Damp elbow' is also another name of 'Wet elbow': page.md",
    ]
    assert found("page.md", "two.md", two__md=other.replace("- Damp", "- WET")) == [
        "two.md:4: warning duplicate-name: 'WET elbow' is also the title of another sheet: page.md"
    ]


@pytest.mark.parametrize(
    "change",
    [("Wet elbow", "WET elbow"), ("written:", "source: Another\nwritten:")],
    ids=["sheets of one title", "sheets of two sources"],
)
def test_sheets_that_may_have_the_same_names_do(change: tuple[str, str]) -> None:
    renamed = SHEET if "source" in change[1] else SHEET.replace(*change)
    other = renamed.replace(*change).replace("title: Wet", "title: Soaked" if "source" in change[1] else "title: Wet")
    assert found("page.md", "two.md", page__md=SHEET, two__md=other) == []


def test_what_a_build_refuses_is_found_with_its_reason() -> None:
    for name, text in {"a.md": SHEET, "empty.md": "", "prose.txt": "Only prose.\n", "photo.jpg": "x"}.items():
        Path(name).write_text(text, encoding="utf-8")
    Path("source.toml").write_text('url = "https://example.org/elbow"\n', encoding="utf-8")
    Path("b.md").write_text(SHEET, encoding="utf-8")
    twin = "the same sheet as a.md: wet-elbow-"
    assert [re.sub(r"(?<=elbow-)\w+$", "", line) for line in found(".")] == [
        f"b.md: error page-refused: {twin}",
        "empty.md: error page-refused: the file is empty",
        "prose.txt: error page-refused: no question and no title: begin with a heading, or add a title",
    ]
    Path("source.toml").write_text('colour = "blue"\n', encoding="utf-8")
    assert found("a.md")[0].startswith("a.md: error page-refused: source.toml: unknown key 'colour'; known are ")


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=30))
def test_nothing_that_readers_warn_of_is_lost_and_nothing_is_said_twice(lines: list[str]) -> None:
    Path("page.md").write_text("\n".join(lines), encoding="utf-8")
    report = check_pages([Path("page.md")], Limits(today=TODAY))
    if report.findings and report.findings[0].rule == "page-refused":
        return
    rules = [finding.rule for finding in report.findings]
    texts = [finding.message for finding in report.findings]
    for warning in read_sheet("page.md").warnings:
        owners = REPORTED_BY.get(warning.kind)
        assert warning.text in texts if owners is None else not set(owners).isdisjoint(rules), warning
    assert len(set(map(str, report.findings))) == len(report.findings)


def test_text_above_the_first_question_is_checked_as_the_answer_to_the_title() -> None:
    lead = "Dust is what a dry table has more of than a wet one.[1]"
    text = SHEET.replace("title: Wet elbow\n", "").replace("## What", f"# Wet elbow\n\n{lead}\n\n## What")
    assert found("page.md", page__md=text) == [
        "page.md:8: warning one-line-answer: "
        "the answer to 'Wet elbow' fits on one line: 'Dust is what a dry table has more of than a wet one.'"
    ]


@pytest.mark.parametrize("page", sorted(PAGES.iterdir()), ids=lambda page: page.name)
def test_every_block_that_is_left_out_of_a_page_is_counted_once(page: Path) -> None:
    sheet = LocatedSheet(read_page(page, page.parent), page)
    warned = [warning for warning in sheet.sheet.warnings if warning.kind == "left-out"]
    assert sum(map(len, sheet.left_out())) == len(warned)


def test_a_rule_is_switched_off_by_the_nearest_reason_for_a_folder_or_for_one_page() -> None:
    page = SHEET.replace("last_updated: 2019-05\n", "").replace("clinics.[2]", "clinics.")
    Path("in/inner").mkdir(parents=True)
    for path in ("in/a.md", "in/inner/b.md"):
        Path(path).write_text(page, encoding="utf-8")
    Path("in/check.toml").write_text(
        '[off]\nmissing-date = "none is known"\n[off."inner/b.md"]\nreference-never-cited = "further reading"\n',
        encoding="utf-8",
    )
    Path("in/inner/check.toml").write_text('[off]\nmissing-date = "all are of 2019"\n', encoding="utf-8")
    report = check_pages([Path("in")], Limits(today=TODAY), {"missing-date": "never", "duplicate-name": "never"})
    assert [(one.file, one.rule) for one in report.findings] == [("in/a.md", "reference-never-cited")]
    assert [(one.file, one.rule, one.off) for one in report.switched_off] == [
        ("in/a.md", "missing-date", "none is known"),
        ("in/inner/b.md", "missing-date", "all are of 2019"),
        ("in/inner/b.md", "reference-never-cited", "further reading"),
    ]
    assert str(report) == "2 pages: 1 warning; 3 switched off"


@pytest.mark.parametrize(
    ("toml", "findings"),
    [
        ('[off]\nmissing-dat = "x"', ["check.toml:2: unknown rule 'missing-dat'; did you mean missing-date?"]),
        ('[off]\nmissing-date = " "', ["check.toml:2: missing-date is switched off without a reason"]),
        ("[off]\nmissing-date = true", ["check.toml:2: missing-date is switched off without a reason"]),
        ('[off."pag.md"]\nmissing-date = "x"', ["check.toml:1: there is no page 'pag.md' here"]),
        ('[on]\nmissing-date = "x"', ["check.toml:1: unknown key 'on'; known is [off]"]),
        ('off = "all"', ["check.toml:1: [off] must be a table of rules with their reasons"]),
        ("[off", ["check.toml: Expected ']' at the end of a table declaration (at end of document)"]),
    ],
)
def test_what_cannot_be_used_of_a_check_toml_is_found_at_its_place(toml: str, findings: list[str]) -> None:
    said = found(page__md=SHEET, check__toml=toml)
    assert [line.replace(" error check-toml:", "", 1) for line in said] == findings


def test_findings_stand_in_the_order_of_pages_and_lines_and_the_summary_counts_them() -> None:
    Path("b.md").write_text(SHEET.replace("## Treatment", "## What is wet elbow?").replace("2019-05", "1819"), "utf-8")
    Path("a.txt").write_text(TEXT, encoding="utf-8")
    result = run("b.md", "a.txt")
    places = [line.partition(" ")[0] for line in result.stdout.splitlines()]
    assert places == ["b.md:5:", "b.md:13:", "a.txt:3:", "a.txt:3:", "a.txt:5:", "2"]
    assert result.stdout.endswith("\n2 pages: 3 errors, 2 warnings\n")
    assert (result.exit_code, result.stderr) == (1, "")


def test_json_has_the_same_findings_and_the_words_beside_it() -> None:
    Path("page.md").write_text(SHEET.replace("2019-05", "1819").replace("clinics.[2]", "clinics."), encoding="utf-8")
    result = run("page.md", "--json", "--off", "reference-never-cited=further reading")
    body = read_as(result.stdout, bodies.Check)
    (finding,), (off,) = body.findings, body.switched_off
    assert (finding.file, finding.line, finding.rule) == ("page.md", 5, "odd-date")
    assert (off.rule, off.reason) == ("reference-never-cited", "further reading")
    assert (result.exit_code, result.stderr) == (1, "1 page: 1 error; 1 switched off\n")


@pytest.mark.parametrize(
    ("code", "args", "says"),
    [
        (0, ["page.md"], "1 page: nothing to say\n"),
        (0, ["page.md", "--max-age", "7", "--off", "old-facts=they hold"], "1 page: nothing to say; 1 switched off\n"),
        (1, ["page.md", "--max-age", "7"], "1 page: 1 warning\n"),
        (1, ["empty"], "no page to check\n"),
        (2, ["nowhere"], "does not exist"),
        (2, ["page.md", "--max-age", "0"], "--max-age"),
        (2, ["page.md", "--off", "odd-dates=x"], "unknown rule 'odd-dates'; did you mean odd-date?"),
        (2, ["page.md", "--off", "odd-date"], "odd-date is switched off without a reason"),
        (3, ["\udcff.md"], "its name is not UTF-8"),
    ],
)
def test_the_exit_code_is_as_documented(code: int, args: list[str], says: str) -> None:
    Path("page.md").write_text(SHEET, encoding="utf-8")
    Path("\udcff.md").write_text(SHEET, encoding="utf-8")
    Path("empty").mkdir()
    result = run(*args)
    assert result.exit_code == code
    assert says in result.output


def test_help_documents_the_exit_codes_and_rules_lists_every_rule() -> None:
    shown = " ".join(run("--help").stdout.split())
    assert "0 no findings; 1 findings (errors or warnings)" in shown
    listed = [line.split(maxsplit=2) for line in run("--rules").stdout.splitlines()]
    assert listed == [[rule.id, rule.severity, rule.why] for rule in RULES.values()]


def test_the_readme_has_every_rule_as_the_program_has_it() -> None:
    section = (CORPUS / "README.md").read_text(encoding="utf-8").partition("| rule | severity | why |\n")[2]
    rows = [row.strip("| ").split(" | ") for row in section.partition("\n\n")[0].split("\n")[1:]]
    assert rows == [[f"`{rule.id}`", rule.severity, rule.why] for rule in RULES.values()]


def test_there_is_nothing_to_say_about_the_starter_sheets() -> None:
    report = check_pages([CORPUS])
    assert [str(finding) for finding in report.findings] == []
    assert report.pages == len(list(CORPUS.glob("[!R]*.md")))


@pytest.mark.parametrize(
    ("name", "findings"),
    [
        ("1_CancerGov_QA/0000001_1.xml", []),
        ("2_GARD_QA/0000676.xml", ["29: empty-answer", "33: empty-answer", "37: empty-answer"]),
        ("2_GARD_QA/0002079.xml", ["0: page-refused"]),
        ("2_GARD_QA/0002733.xml", ["22: marker-without-reference"] * 2),
        ("5_NIDDK_QA/0000002.xml", [f"{line}: duplicate-question" for line in (101, 137, 147, 159, 179)]),
        ("9_CDC_QA/0000001.xml", ["62: one-line-answer"]),
    ],
)
def test_real_sheets_have_the_faults_that_they_have(name: str, findings: list[str]) -> None:
    off = {"missing-date": "MedQuAD gives none", "high-reading-grade": "others wrote them"}
    report = check_pages([data("medquad", name)], Limits(today=TODAY), off)
    assert [f"{one.line}: {one.rule}" for one in report.findings] == findings
