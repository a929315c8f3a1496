"""The rules: what may be wrong with a fact sheet. A rule's name is its id, and its docstring says why it is one.

Each takes a sheet and yields what it finds: a line of the file (0: not known) and a message. Those without a function
are found elsewhere: among all sheets (`check.py`), by the readers, in `check.toml` (`switches.py`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from indexer.checking.located import LocatedAnswer, LocatedReference, LocatedSheet
from indexer.checking.reading_grade import reading_grade
from indexer.language.analysis import forms
from indexer.language.sentences import sentence_spans
from indexer.model import Block, PageWarning, WarningKind, last_day
from indexer.sheets.wording import asks, is_about_the_page

Severity = Literal["error", "warning"]
Findings = Iterator[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What whoever checks may set.

    `max_grade` is in school years of the United States: at 11, pupils of 16 or 17 read a text with ease. Of MedQuAD's
    5,490 sheets 3,085 are above.
    `max_age` is in years, None: any age. It has no default, for how fast facts age depends on the subject, and sheets
    that nobody touched should not fail one morning. `today` is the day that dates are held against.
    """

    max_grade: float = 11
    max_age: int | None = None
    today: date = field(default_factory=date.today)


Check = Callable[[LocatedSheet, Limits], Findings]


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be wrong. An error misleads a reader, or keeps an answer from one; a warning is worth a look."""

    id: str
    severity: Severity
    why: str
    check: Check | None = None


#: Dates before this year are slips, such as 1013 for 2013: there were no fact sheets.
_FIRST_YEAR = "1900"
#: Characters of one line of the page, which has some 70. Of MedQuAD's 16,423 answers 112 fit on one: 87 say how many
#: people have a condition (half of them: that nobody knows), and 6 are headings whose text was lost ("Topics").
ONE_LINE_CHARS = 70
#: What a web address is made of: RFC 3986, and letters of other scripts (RFC 3987). A host name may have no dot: it may
#: be of a network within a house. That "http" is one, "http://https//", happens when two addresses are put together.
_ADDRESS = re.compile(
    r"https?://(?!https?\b)(?:[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]+\])(?::\d{1,5})?"
    r"(?:[/?#](?:[^\s\0-\x20\"<>\\^`{|}%\u2026]|%[\da-f]{2})*)?",
    re.IGNORECASE,
)
#: What was meant as an address, and begins as none.
_MEANT_AS_ADDRESS = re.compile(r"(?:\bwww\.|\bh?tt?ps?[:;]/)\S+", re.IGNORECASE)

RULES: dict[str, Rule] = {}


def _rule(severity: Severity) -> Callable[[Check], Check]:
    def declare(check: Check) -> Check:
        id = check.__name__.replace("_", "-")
        RULES[id] = Rule(id, severity, " ".join((check.__doc__ or "").split()), check)
        return check

    return declare


def _found_elsewhere(id: str, severity: Severity, why: str) -> str:
    RULES[id] = Rule(id, severity, why)
    return id


PAGE_REFUSED = _found_elsewhere("page-refused", "error", "A build refuses the page, and nobody finds what it says.")


@_rule("error")
def empty_answer(sheet: LocatedSheet, _: Limits) -> Findings:
    """Whoever asks the question gets no answer, or is only asked again."""
    for answer in sheet.answers:
        if _only_asks(answer):
            yield answer.line, f"the answer to {answer.document.question!r} only asks a question"


@_rule("warning")
def one_line_answer(sheet: LocatedSheet, _: Limits) -> Findings:
    """So short an answer is often what was left of a longer one, or says only that nothing is known."""
    for answer in sheet.answers:
        said = answer.said()
        if len(said) <= ONE_LINE_CHARS and not _only_asks(answer):
            yield answer.line, f"the answer to {answer.document.question!r} fits on one line: {said!r}"


@_rule("warning")
def duplicate_question(sheet: LocatedSheet, _: Limits) -> Findings:
    """Two answers to one question hide each other, and a link to one may lead to the other."""
    seen: dict[tuple[str, ...], LocatedAnswer] = {}
    for answer in sheet.answers:
        words = tuple(word for word, _ in forms(answer.document.question))
        first = seen.setdefault(words, answer)
        if first is not answer:
            yield answer.line, f"{answer.document.question!r} was asked before{_behind(first.line)}"


@_rule("warning")
def heading_not_a_question(sheet: LocatedSheet, _: Limits) -> Findings:
    """Text that belongs to no answer is left out, and nobody finds it."""
    for heading, *below in sheet.left_out():
        if _is_section(heading, below) and not is_about_the_page(heading.text):
            yield heading.line, f"{heading.text!r} opens no answer: it and {_counted(len(below), 'block')} are left out"


@_rule("warning")
def left_out(sheet: LocatedSheet, _: Limits) -> Findings:
    """What belongs to no answer is not in the index; it should be nothing that readers look for."""
    chrome = [
        block
        for first, *below in sheet.left_out()
        if not _is_section(first, below) or is_about_the_page(first.text)
        for block in (first, *below)
    ]
    if chrome:
        first = f"the first is {chrome[0].text[:60]!r}"
        yield chrome[0].line, f"{_counted(len(chrome), 'block')} outside any answer, left out; {first}"


@_rule("error")
def marker_without_reference(sheet: LocatedSheet, _: Limits) -> Findings:
    """A marker promises a source, and a reader who looks for it finds none."""
    for answer in sheet.answers:
        seen: set[int] = set()
        for use in answer.document.citations:
            if use.reference is None and use.number not in seen:
                seen.add(use.number)
                yield answer.line_at(use.start), f"[{use.number}] in {answer.document.question!r} leads to no reference"


@_rule("warning")
def reference_never_cited(sheet: LocatedSheet, _: Limits) -> Findings:
    """No reader learns what the reference backs; perhaps its marker was lost."""
    cited = {id(use.reference) for answer in sheet.answers for use in answer.document.citations}
    unused = [(entry, line) for entry, line in sheet.references if id(entry) not in cited]
    if len(unused) > 1 and len(unused) == len(sheet.references):
        yield unused[0][1], f"none of {len(unused)} references is cited"
        return
    for entry, line in unused:
        yield line, f"reference {entry.number} is never cited: {entry.text[:60]!r}"


@_rule("warning")
def reference_without_url(sheet: LocatedSheet, _: Limits) -> Findings:
    """A reader cannot follow it: it has neither an address nor a PubMed number or DOI, which are as good."""
    for entry, line in sheet.references:
        if not entry.url and not entry.identifiers and not _MEANT_AS_ADDRESS.search(entry.text):
            yield line, f"reference {entry.number} has no URL: {entry.text[:60]!r}"


@_rule("error")
def malformed_url(sheet: LocatedSheet, _: Limits) -> Findings:
    """No browser opens such an address, or it opens another."""
    url = sheet.sheet.header.provenance.url
    if url and not _ADDRESS.fullmatch(url):
        yield sheet.line_of(url), f"the page's own URL is none: {url}"
    for entry, line in sheet.references:
        meant = _MEANT_AS_ADDRESS.search(entry.text)
        if entry.url and not _ADDRESS.fullmatch(entry.url):
            yield line, f"the URL of reference {entry.number} is none: {entry.url}"
        elif not entry.url and meant:
            yield line, f"the URL of reference {entry.number} does not begin with http:// or https://: {meant[0]}"


@_rule("warning")
def duplicate_url(sheet: LocatedSheet, _: Limits) -> Findings:
    """One source under two numbers looks like two sources that agree; read on two days, it may be two versions."""
    for entries in sheet.reference_lists:
        seen: dict[tuple[str, str | None], LocatedReference] = {}
        for entry, line in entries:
            if not entry.url:
                continue
            version = entry.url.partition("://")[2].rstrip("/"), entry.accessed
            first, its_line = seen.setdefault(version, (entry, line))
            if first is not entry:
                other = f"reference {first.number}{_behind(its_line)}"
                yield line, f"reference {entry.number} has the URL of {other}: {entry.url}"


@_rule("warning")
def missing_date(sheet: LocatedSheet, _: Limits) -> Findings:
    """Nobody can see how old the facts are, and no filter by date finds them."""
    undated = [answer for answer in sheet.answers if answer.document.last_updated is None]
    if len(undated) == len(sheet.answers):
        yield 0, "no answer has a date"
        return
    for answer in undated:
        yield answer.line, f"the answer to {answer.document.question!r} has no date"


@_rule("error")
def odd_date(sheet: LocatedSheet, _: Limits) -> Findings:
    """It is shown as the age of the facts, and is a slip, or it could not be read and is not shown."""
    for what, day, line in sheet.dates():
        if day[:4] < _FIRST_YEAR:
            yield line, f"{what} {day}, before {_FIRST_YEAR}"


@_rule("error")
def future_date(sheet: LocatedSheet, limits: Limits) -> Findings:
    """Facts that nobody can have yet look newer than all others, and come first in a list by date."""
    tomorrow = limits.today + timedelta(days=1)  # where the sheet was written it may be tomorrow already
    for what, day, line in sheet.dates():
        if day > tomorrow.isoformat():
            yield line, f"{what} {day}, which is yet to come"


@_rule("warning")
def old_facts(sheet: LocatedSheet, limits: Limits) -> Findings:
    """Somebody should look whether they still hold; only with `--max-age`."""
    if limits.max_age is None:
        return
    oldest = f"{limits.today.year - limits.max_age:04}{limits.today.isoformat()[4:]}"
    for what, day, line in sheet.dates():
        if what == "last updated" and last_day(day) < oldest:
            yield line, f"last updated {day}, more than {limits.max_age} years ago"


@_rule("warning")
def high_reading_grade(sheet: LocatedSheet, limits: Limits) -> Findings:
    """Fact sheets are for everybody: the grade of all answers together should not be above `--max-grade`."""
    names = (sheet.sheet.header.title, *sheet.sheet.header.also_known_as)
    grade = reading_grade(sheet.sheet.documents, names)
    if grade is None or grade <= limits.max_grade:
        return
    grades = [(reading_grade([answer.document], names) or 0, answer) for answer in sheet.answers]
    highest, answer = max(grades, key=lambda graded: graded[0])
    hardest = f"; the hardest answer is that to {answer.document.question!r}, {highest:.1f}" if highest else ""
    yield answer.line if highest else 0, f"reading grade {grade:.1f}, above {limits.max_grade:g}{hardest}"


DUPLICATE_NAME = _found_elsewhere(
    "duplicate-name", "warning", "A search for the name cannot know which of two sheets of one source is meant."
)
#: Warnings of the splitter that rules find themselves, with their lines: the kind, and these rules.
REPORTED_BY: dict[WarningKind, tuple[str, ...]] = {
    "left-out": ("left-out", "heading-not-a-question"),
    "marker-without-reference": ("marker-without-reference",),
    "reference-never-cited": ("reference-never-cited",),
}
READER_WARNING = _found_elsewhere("reader-warning", "warning", "The reader was not sure that it read what is meant.")
CHECK_TOML = _found_elsewhere("check-toml", "error", "What cannot be used there switches no rule off.")


def rule_of(warning: PageWarning) -> str:
    """Return the id of the rule that a warning of the reader or the splitter belongs to."""
    if warning.kind == "footnote":
        return "reference-never-cited"
    return READER_WARNING if warning.kind == "unsure" else warning.kind


def _is_section(first: Block, below: list[Block]) -> bool:
    return first.kind == "heading" and any(block.kind != "heading" for block in below)


def _only_asks(answer: LocatedAnswer) -> bool:
    said = answer.said()
    return all(asks(said[start:end]) for start, end in sentence_spans(said))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _behind(line: int) -> str:
    return f" (in line {line})" if line else ""
