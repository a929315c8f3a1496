"""Asks every page that a build would read by every rule. A finding has a place, a rule, and what is wrong."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.checking.located import LocatedSheet
from indexer.checking.rules import CHECK_TOML, DUPLICATE_NAME, PAGE_REFUSED, REPORTED_BY, RULES, Limits, rule_of
from indexer.checking.switches import Switches
from indexer.errors import PageError
from indexer.exchange import bodies
from indexer.index.pages import Reading, decide, reading_of
from indexer.language.analysis import fold, terms
from indexer.model import Found, Page
from indexer.readers import find_pages, read_pages


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: the file, its line (0: not known), the rule's id, what is wrong; `off`: why that is fine."""

    file: str
    line: int
    rule: str
    message: str
    off: str | None = None

    def __str__(self) -> str:
        unit = ", page " if ".pdf" in self.file.lower() else ":"
        place = f"{self.file}{unit}{self.line}" if self.line else self.file
        return f"{place}: {RULES[self.rule].severity} {self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """How many pages there are, and what is wrong with them, in the order of the walk and of their lines."""

    pages: int
    findings: tuple[Finding, ...]
    switched_off: tuple[Finding, ...]

    def __str__(self) -> str:
        """Return a line such as "31 pages: 1 error, 2 warnings; 3 switched off"."""
        if not self.pages:
            return "no page to check"
        severities = [RULES[finding.rule].severity for finding in self.findings]
        counts = [_counted(severities.count(name), name) for name in ("error", "warning") if name in severities]
        off = f"; {len(self.switched_off):,} switched off" if self.switched_off else ""
        return f"{_counted(self.pages, 'page')}: {', '.join(counts) or 'nothing to say'}{off}"


def check_pages(
    paths: Iterable[Path],
    limits: Limits | None = None,
    off: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Return what is wrong with the pages in files and folders; `off` are rules to leave out, with their reasons.

    `progress` is called with the pages done and the pages in all. Raises PageError for a path that is not there.
    """
    checking = _Checking(limits or Limits())
    files = [found for found in find_pages(paths) if not found.skipped]
    for done, found in enumerate(files, start=1):
        checking.look_at(found)
        if progress:
            progress(done, len(files))
    return checking.report(Switches(off or {}))


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a sheet: its words, the line, and the title of the sheet; `other`: it is not that title itself."""

    file: str
    line: int
    text: str
    title: str
    other: bool


class _Checking:
    """The pages as they are met, and what was found so far: by file, (line, rule, message)."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._met: dict[str, Found] = {}
        self._readings: dict[str, Reading] = {}
        self._refused_at: dict[str, int] = {}
        self._found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        self._names: dict[tuple[str | None, str], list[_Name]] = defaultdict(list)

    def look_at(self, found: Found) -> None:
        """Read a page as a build does, and ask it by the rules that ask one sheet."""
        file = str(found.file)
        if found.refused:
            self._met[file], self._readings[file] = found, Reading(found.refused)
            return
        try:
            for page in read_pages(found.file, found.root):
                self._look_inside(page, found)
        except PageError as error:
            self._refuse(error, found)

    def _refuse(self, error: PageError, found: Found) -> None:
        """Note why a page is refused. A fault of a file beside it is reported with that file's name."""
        file, path = f"{found.file}{error.inside}", found.file.relative_to(found.root).as_posix()
        own = str(error).startswith((f"{path}:", f"{path}#"))
        self._met[file], self._readings[file] = found, Reading(error.bare_reason if own else str(error))
        self._refused_at[file] = error.line if own else 0

    def _look_inside(self, page: Page | PageError, found: Found) -> None:
        """Ask one page of a file by the rules."""
        file, path = f"{found.file}{page.inside}", found.file.relative_to(found.root).as_posix()
        try:
            if isinstance(page, PageError):
                raise page
            sheet = LocatedSheet(page, found.file)
        except PageError as error:
            error.inside = page.inside
            self._refuse(error, found)
            return
        self._met[file], self._readings[file] = found, reading_of(sheet.sheet, path, page)
        for rule in RULES.values():
            for line, message in rule.check(sheet, self._limits) if rule.check else ():
                self._found[file].append((line, rule.id, message))
        for warning in dict.fromkeys(sheet.sheet.warnings):
            if warning.kind not in REPORTED_BY:
                line = sheet.line_of(warning.quote) if warning.quote else warning.line
                self._found[file].append((line, rule_of(warning), warning.text))
        header = sheet.sheet.header
        for text in filter(terms, (header.title, *header.also_known_as)):
            name = _Name(file, sheet.line_of(text), text, header.title, text != header.title)
            self._names[header.provenance.source, " ".join(terms(text))].append(name)

    def report(self, switches: Switches) -> Report:
        """Return what was found, and what there is to say of all pages together."""
        for file, decision in decide(self._readings).items():
            if decision.refused:
                self._found[file].append((self._refused_at.get(file, 0), PAGE_REFUSED, decision.refused))
        for name, message in self._ambiguous_names():
            self._found[name.file].append((name.line, DUPLICATE_NAME, message))
        findings = []
        for file, found in self._met.items():
            off = switches.of(found.file, found.root)
            for line, rule, message in sorted(self._found[file], key=lambda finding: finding[0]):
                findings.append(Finding(file, line, rule, message, off.get(rule)))
        faults = [Finding(str(file), line, CHECK_TOML, fault) for file, line, fault in switches.faults]
        on = [finding for finding in findings if finding.off is None]
        return Report(len(self._met), (*faults, *on), tuple(finding for finding in findings if finding.off is not None))

    def _ambiguous_names(self) -> Iterator[tuple[_Name, str]]:
        """Yield other names that another sheet of the same source has too, except sheets of one title."""
        for names in self._names.values():
            for name in names:
                rivals = (rival for rival in names if fold(rival.title) != fold(name.title))
                if name.other and (rival := next(rivals, None)):
                    whose = f"another name of {rival.title!r}" if rival.other else "the title of another sheet"
                    yield name, f"{name.text!r} is also {whose}: {rival.file}"


def check_body(report: Report) -> bodies.Check:
    """Return the body of `factsheets check --json`."""
    return bodies.Check(
        report.pages,
        [bodies.Finding(*_columns(finding)) for finding in report.findings],
        [bodies.SwitchedOff(*_columns(finding), finding.off or "") for finding in report.switched_off],
    )


def _columns(finding: Finding) -> tuple[str, int | None, str, Literal["error", "warning"], str]:
    return finding.file, finding.line or None, finding.rule, RULES[finding.rule].severity, finding.message


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
