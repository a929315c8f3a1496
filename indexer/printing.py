"""What the commands print: lines for people, or JSON."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import click
import msgspec

from indexer.evaluate import MEASURES, Evaluation
from indexer.exchange import bodies
from indexer.gaps import Gap
from indexer.model import BuildReport

#: How many changed answers a dry run names without -v.
_ANSWER_LINES = 20
#: How many skipped files a build names without -v: enough to notice a PDF among the sheets.
_SKIPPED_LINES = 5


@contextmanager
def progress_bar(label: str, hidden: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """Yield a function that draws a progress bar from the steps done and their total; None if it would not be seen."""
    if hidden or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def draw(done: int, steps: int) -> None:
            bar.length = steps
            bar.update(done - bar.pos)

        yield draw


def print_json(value: object) -> None:
    """Print a value as JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def print_report(report: BuildReport, as_json: bool = False, quiet: bool = False, verbose: bool = False) -> None:
    """Print what a build did. The last line reads "3 pages → 18 answers; 1 refused (1 the file is empty); ..."."""
    lines = [f"every page was read again: {report.rebuilt}"] if report.rebuilt else []
    lines += [f"refused {path}: {reason}" for path, reason in report.refused.items()]
    lines += skipped_lines(report.skipped, verbose)
    if verbose:
        lines += [f"warning {warning}" for warning in report.warnings]
    listed = report.answers if verbose else report.answers[:_ANSWER_LINES]
    changes = [f"{answer.change} answer: {answer.sheet}: {answer.question} ({answer.id})" for answer in listed]
    if more := len(report.answers) - len(listed):
        changes.append(f"{more:,} more answers change (-v lists them)")
    for line in [] if quiet or as_json else changes:
        click.echo(line)
    for line in lines:
        click.echo(line, err=True)
    reasons = ", ".join(f"{count} {reason}" for reason, count in Counter(report.refused.values()).most_common(3))
    counts = {name: getattr(report, name) for name in ("new", "changed", "unchanged", "removed")}
    parts = [
        f"{_counted(report.pages, 'page')} → {_counted(report.documents, 'answer')}",
        ", ".join(f"{count:,} {name}" for name, count in counts.items() if count),
        f"{len(report.refused):,} refused ({reasons})" if reasons else "",
        f"{_counted(len(report.warnings), 'warning')} (-v shows them)" if report.warnings and not verbose else "",
        f"{report.seconds:.1f} s",
        f"generation {report.generation.number}" if report.generation else "not published",
    ]
    if not quiet:
        click.echo("; ".join(filter(None, parts)), err=as_json)
    if as_json:
        print_json(report)


def skipped_lines(skipped: Mapping[str, str], verbose: bool = False) -> list[str]:
    """Return lines about skipped files: all with `verbose`, or else the first few that may have been meant as pages."""
    if verbose:
        return [f"skipped {path}: {reason}" for path, reason in skipped.items()]
    meant = [f"skipped {path}: {reason}" for path, reason in skipped.items() if reason.startswith("no reader")]
    more = len(meant) - _SKIPPED_LINES
    return [*meant[:_SKIPPED_LINES], *([f"skipped {_counted(more, 'more file')} (-v lists them)"] if more > 0 else [])]


def print_search(body: bodies.Search) -> None:
    """Print a page of results."""
    for line in _reading(body.query.understood):
        click.secho(line, dim=True)
    click.echo(_counted(body.total, "answer"))
    for number, result in enumerate(body.results, start=1):
        click.secho(f"\n{number}. {result.question}", bold=True)
        _print_result(result)


def gap_line(gap: Gap, near: list[str] | None) -> str:
    """Return a line about a word that people do not find: `near` are similar names; None: some answers contain it."""
    asked = f"{gap.word}: {_counted(gap.times, 'question')} on {_counted(gap.days, 'day')}"
    if near is None:
        return f"{asked}; answers mention it, but no sheet is about it: write one, or add it to also_known_as"
    if near:
        return f"{asked}; not found; if it means {' or '.join(near)}, add it to also_known_as there"
    return f"{asked}; not found: write a sheet about it"


def print_sheet(body: bodies.ReadSheet) -> None:
    """Print what the indexer sees in one page."""
    click.secho(body.title, bold=True)
    origin = {key: getattr(body, key) for key in ("source", "url", "retrieved", "licence")}
    for key, value in {"also known as": "; ".join(body.also_known_as), **origin}.items():
        click.echo(f"{key}: {value or 'not known'}")
    for document in body.documents:
        click.secho(f"\n{document.question}", bold=True)
        click.echo(document.answer)
        kind, date = document.question_type or "no kind", document.last_updated or "no date"
        click.secho(f"({kind}; {date}; {document.id})", dim=True)
    click.secho("\nReferences", bold=True)
    _print_references(body.references)
    for warning in body.warnings:
        click.echo(f"warning: {warning}", err=True)


def print_evaluation(evaluation: Evaluation) -> None:
    """Print the means of each class with their intervals, and the gains over the other ranking."""

    def show(label: str, cells: Iterable[str], bold: bool = False, dim: bool = False) -> None:
        widths = (max(len(name), 13) + 2 for name in MEASURES)  # 13: an interval with plus and minus
        row = "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        click.secho(f"{label:<20}{row}", bold=bold, dim=dim)

    show("", MEASURES, bold=True)
    for scores in evaluation.scores:
        measured = scores.measures.values()
        show(f"{scores.kind or 'all'} ({scores.topics:,})", (f"{score.value:.3f}" for score in measured))
        show("  95 %", ("{:.3f}-{:.3f}".format(*score.interval) for score in measured), dim=True)
        gains = [(score.gain, score.gain_interval) for score in measured if score.gain_interval is not None]
        if gains:
            show("  gain", (f"{gain:+.3f}" for gain, _ in gains))
            show("  95 %", ("{:+.3f} {:+.3f}".format(*ends) for _, ends in gains), dim=True)
    if evaluation.unjudged:
        share = f"{evaluation.unjudged:,} of {evaluation.topics:,} topics"
        click.echo(f"{share} have no document that is judged right, and are left out")


def _print_result(result: bodies.Result) -> None:
    for snippet in result.snippets:
        pieces = (
            click.style(segment.text.replace("\n\n", " \u00b7 "), underline=segment.marked or None)
            for segment in snippet.segments
        )
        before, after = ("\u2026 " if snippet.cut_before else ""), (" \u2026" if snippet.cut_after else "")
        click.echo(f"   {before}{''.join(pieces)}{after}")
    _print_references(result.references)
    kind, date = result.type or "no kind", result.last_updated or "no date"
    click.secho(f"   {kind}; last updated: {date}; source: {result.source or 'not known'}; {result.id}", dim=True)
    if result.explanation:
        _print_explanation(result.explanation)
    for other in result.folded:
        click.secho(f"   also: {other.question} {other.id}", dim=True)


def _print_explanation(part: bodies.Explanation, depth: int = 0) -> None:
    click.echo(f"   {'  ' * depth}{part.value:10.4f}  {part.label}")
    for inner in part.parts:
        _print_explanation(inner, depth + 1)


def _reading(understood: bodies.Understood) -> Iterator[str]:
    """Yield lines that say how a question was read."""
    names = " and ".join(dict.fromkeys(focus.name for focus in understood.focus))
    if understood.covered is False:
        yield f"No section here on {understood.type} of {names}. It may be mentioned below."
    elif names or understood.type:
        yield f"Read as: {' of '.join(filter(None, [understood.type, names]))}"
    for correction in understood.corrected:
        yield f"Also searched: {correction.used}, for {correction.typed} (--exact turns this off)"
    for synonym in understood.synonyms:
        yield f"Also searched: {', '.join(synonym.used)}, for {synonym.typed} (--exact turns this off)"
    if understood.alternatives:
        yield f"Did you mean {' or '.join(alternative.name for alternative in understood.alternatives)}?"
    for subject in understood.absent:
        yield f"No fact sheet here is about {subject}."
    if understood.missing:
        yield f"Not found in any answer: {', '.join(understood.missing)}"


def _print_references(references: Iterable[bodies.Reference]) -> None:
    for entry in references:
        accessed = entry.accessed and f"(accessed {entry.accessed})"
        click.echo(" ".join(filter(None, [f"   [{entry.number}]", entry.text, entry.url, accessed])))


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
