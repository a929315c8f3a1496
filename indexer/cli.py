"""The command line: `factsheets build | rollback | serve | search | read | check | evaluate`.

Exit codes: 0 done, and pages that were refused are in the report; 1 no page gave an answer, the pages gave too few to
replace those that serve, or are out of reach, or `check` found something; 2 wrong usage; 3 the index, a file or the
network cannot be used, or there is no whole generation to roll back to.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from indexer import bodies, build_index, open_index, open_model, read_sheet
from indexer.checking.check import check_body, check_pages
from indexer.checking.rules import RULES, Limits
from indexer.checking.switches import fault_of
from indexer.errors import FactSheetError, NoIndexError, NothingToPublishError, PageError, QueryError
from indexer.evaluate import MEASURES, Evaluation, Judgements, read_qrels, read_run, read_topics, retrieve, write_run
from indexer.index.generations import roll_back
from indexer.model import BuildReport
from indexer.parameters import PARAMETERS, read_query
from indexer.presentation import index_body, search_body, sheet_body
from indexer.settings import DEFAULT_INDEX, Settings, default_corpus

_EPILOG = (
    "Exit codes: 0 done; 1 no page gave an answer, too few, or `check` found something; 2 wrong usage; "
    "3 the index, a file or the network is unusable."
)


def _setting(option: str, **details: Any) -> Callable[..., Any]:
    """Return an option that the environment may set as well: --port is FACTSHEETS_PORT. Blanks part several values."""
    variable = f"FACTSHEETS_{option[2:].replace('-', '_').upper()}"
    return click.option(option, envvar=variable, show_envvar=True, **({"show_default": True} | details))


_index = _setting("--index", type=click.Path(path_type=Path), default=DEFAULT_INDEX, help="Directory of the index.")
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_model = _setting(
    "--model", metavar="DIR", default=None, help="Folder, or installed package, of a sentence-embedding model."
)
_json = click.option("--json", "as_json", is_flag=True, help="JSON to standard output, words to standard error.")


#: What the keeper of a site may decide otherwise, by its name in Settings.
_DECIDED = {
    "site_name": "Name of the site.",
    "subject_word": "What a sheet is about, in one word.",
    "subject_words": "The plural of that.",
    "disclaimer": "The line at the foot of every page.",
    "page_type": "What a page tells programs that it is: a kind of WebPage of schema.org.",
    "subject_type": "What a page tells programs that it is about: a type of schema.org.",
    "base_url": "Address that others see the site at, where requests name another.",
    "cache_seconds": "Seconds for which an answer of the endpoint may be used again.",
    "query_ms": "Milliseconds of processor time after which a question is given up.",
    "cors": "A site whose scripts may read answers: https://ward.example, or * for all. May be repeated.",
    "trusted_hosts": "A name that the site answers to (none: any); .example: and all below it. May be repeated.",
    "proxies": "Proxies before the site whose X-Forwarded-For, -Proto, -Host and -Prefix are believed.",
}


def _settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each setting that the keeper of a site may decide otherwise."""
    for name, text in reversed(_DECIDED.items()):
        default, option = getattr(Settings(), name), f"--{name.replace('_', '-')}"
        many = isinstance(default, tuple)
        command = _setting(option, default=default, multiple=many, help=text)(command)
    return command


class _Commands(click.Group):
    """Ends a command that fails with one line and the documented exit code instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read the output has read enough; click knows
        except (FactSheetError, OSError) as error:
            click.echo(f"factsheets: {error}", err=True)
            ctx.exit({PageError: 1, NothingToPublishError: 1, QueryError: 2}.get(type(error), 3))


@click.group(cls=_Commands, epilog=_EPILOG)
@click.version_option(package_name="factsheets")
def main() -> None:
    """Search fact sheets: a question brings back the passage that answers it, with its references."""


@main.command(epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@_index
@_model
@_json
@click.option("--dry-run", is_flag=True, help="Read what changed, say what a build would do, and write nothing.")
@click.option("--force", is_flag=True, help="Read every page again, and publish even far fewer answers than serve now.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Say everything that was noticed.")
def build(
    paths: tuple[Path, ...],
    index: Path,
    model: str | None,
    as_json: bool,
    dry_run: bool,
    force: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Bring the index up to date with PATHS: files or folders, by default corpus/, without one the starter sheets."""
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        with _progress_bar(hidden=quiet or not sys.stderr.isatty()) as progress:
            report = build_index(
                paths or [default_corpus()],
                index,
                force=force,
                dry_run=dry_run,
                progress=progress,
                model=open_model(model),
            )
    except NothingToPublishError as error:
        _print_report(error.report, as_json, quiet, verbose)
        raise
    _print_report(report, as_json, quiet, verbose)


@main.command(
    epilog="Exit codes: 0 the generation before serves; 2 wrong usage; 3 there is none, it is damaged, or a build is "
    "at work: all is as it was."
)
@_index
@_json
def rollback(index: Path, as_json: bool) -> None:
    """Have the generation before serve again, at once, for servers that run, too. The next build goes on from it."""
    generation, number = roll_back(index)
    told = f"generation {generation.number} serves instead of {number}: {generation.documents:,} answers"
    click.echo(f"{told}, built at {generation.built_at}", err=as_json)
    if as_json:
        body: bodies.RolledBack = {"index": index_body(generation), "instead_of": number}
        _print_json(body)


@main.command(epilog=_EPILOG)
@_index
@_model
@_setting("--host", default="127.0.0.1", help="Address to listen on.")
@_setting("--port", type=click.IntRange(0, 65535), default=8000, help="Port; 0: a free one.")
@_setting("--workers", type=click.IntRange(1), show_default="one a processor", help="Processes that answer.")
@_settings
def serve(index: Path, model: str | None, host: str, port: int, workers: int | None, **decided: Any) -> None:
    """Serve the search page and the JSON endpoint; builds the index first when there is none."""
    from webui.server import run  # the web half is loaded only by the command that needs it

    meaning = open_model(model)
    try:
        open_index(index, meaning).close()
    except NoIndexError:
        _print_report(build_index([default_corpus()], index, model=meaning))
    try:
        settings = Settings(index=index, model=model, **decided)
    except ValueError as error:
        raise OSError(str(error)) from error
    run(settings, host, port, workers, lambda at: click.echo(f"Searching {index} at http://{host}:{at} (Ctrl-C stops)"))


@main.command(epilog=_EPILOG)
@click.argument("words")
@_index
@_model
@_json
def search(words: str, index: Path, model: str | None, as_json: bool, **options: Any) -> None:
    """Show the answers to WORDS, best first, with their references."""
    values = {name: list(value) if isinstance(value, tuple) else [value] for name, value in options.items() if value}
    given = {"q": [words]} | {name: ["1" if one is True else one for one in many] for name, many in values.items()}
    with open_index(index, open_model(model)) as engine:
        body = search_body(engine.search(read_query(given)))
    if as_json:
        _print_json(body)
        return
    for line in _reading(body["query"]["understood"]):
        click.secho(line, dim=True)
    click.echo(f"{body['total']:,} answer{'' if body['total'] == 1 else 's'}")
    for number, result in enumerate(body["results"], start=1):
        click.secho(f"\n{number}. {result['question']}", bold=True)
        _print_result(result)


for _name, (_field, _read, _repeats, _help) in PARAMETERS.items():
    if _name not in ("q", "page"):
        _flag = "--limit" if _name == "per_page" else f"--{_name.replace('_', '-')}"
        click.option(_flag, _name, multiple=_repeats, is_flag=_name in ("exact", "explain"), help=_help)(search)


@main.command(epilog=_EPILOG)
@click.argument("file", type=_file)
@_json
def read(file: Path, as_json: bool) -> None:
    """Show what the indexer sees in one page: questions, answers, citations, references, warnings."""
    body = sheet_body(read_sheet(file))
    if as_json:
        _print_json(body)
        return
    click.secho(body["title"], bold=True)
    origin = {key: body[key] for key in ("source", "url", "retrieved", "licence")}
    for key, value in {"also known as": "; ".join(body["also_known_as"]), **origin}.items():
        click.echo(f"{key}: {value or 'not known'}")
    for document in body["documents"]:
        click.secho(f"\n{document['question']}", bold=True)
        click.echo(document["answer"])
        kind, date = document["question_type"] or "no type", document["last_updated"] or "no date"
        click.secho(f"({kind}; {date}; {document['id']})", dim=True)
    click.secho("\nReferences", bold=True)
    _print_references(body["references"])
    for warning in body["warnings"]:
        click.echo(f"warning: {warning}", err=True)


def _reasons(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Return the rules that are switched off, with the reasons."""
    off = {rule: reason for rule, _, reason in (value.partition("=") for value in values)}
    if faults := list(filter(None, (fault_of(rule, reason) for rule, reason in off.items()))):
        raise click.BadParameter("; ".join(faults))
    return off


def _print_rules(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        for rule in RULES.values():
            click.echo(f"{rule.id:<26}{rule.severity:<9}{rule.why}")
        context.exit()


@main.command(
    epilog="Exit codes: 0 nothing to say; 1 findings, be they errors or warnings, or no page at all; 2 wrong usage; "
    "3 a path that cannot be read."
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--max-grade",
    type=float,
    default=Limits().max_grade,
    show_default=True,
    help="Highest reading grade of a sheet, in school years (Automated Readability Index).",
)
@click.option("--max-age", type=click.IntRange(min=1), help="Years after which facts are called old [default: never].")
@click.option("--off", metavar="RULE=REASON", multiple=True, callback=_reasons, help="Switch a rule off. Repeatable.")
@click.option("--rules", is_flag=True, is_eager=True, expose_value=False, callback=_print_rules, help="List all rules.")
@_json
@click.pass_context
def check(
    context: click.Context,
    paths: tuple[Path, ...],
    max_grade: float,
    max_age: int | None,
    off: dict[str, str],
    as_json: bool,
) -> None:
    """Say what is wrong with the fact sheets in PATHS, as `build` takes them: file:line, severity, rule, what.

    `check.toml` in a folder switches rules off for the pages below it.
    """
    with _progress_bar(not sys.stderr.isatty(), "Checking") as progress:
        try:
            report = check_pages(paths or [default_corpus()], Limits(max_grade, max_age), off, progress)
        except PageError as error:
            raise OSError(str(error)) from error
    if as_json:
        _print_json(check_body(report))
    for finding in () if as_json else report.findings:
        click.echo(finding)
    click.echo(report, err=as_json)
    context.exit(1 if report.findings or not report.pages else 0)


@main.command(epilog=_EPILOG)
@click.argument("topics", type=_file)
@click.argument("qrels", type=_file)
@_index
@_model
@click.option("--run", type=click.Path(dir_okay=False, path_type=Path), help="Write the ranking to this file.")
@click.option("--against", type=_file, help="Another ranking of these topics: show what is gained on it.")
@click.option("--relevant", type=click.IntRange(min=1), help="Least grade that is right [default: a topic's highest].")
@_json
def evaluate(
    topics: Path,
    qrels: Path,
    index: Path,
    model: str | None,
    run: Path | None,
    against: Path | None,
    relevant: int | None,
    as_json: bool,
) -> None:
    """Measure the ranking by the questions of TOPICS and the judgements of QRELS, files as TREC writes them.

    A line of TOPICS is an id, a class or none, and the question, with tabs between. Success and MRR ask for a right
    document, nDCG weighs the grades; condensed leaves out what nobody judged. Intervals are 95 %, by bootstrap.
    """
    judgements = Judgements(read_topics(topics), read_qrels(qrels), relevant)
    other = read_run(against) if against else None
    with open_index(index, open_model(model)) as engine, _progress_bar(not sys.stderr.isatty(), "Asking") as progress:
        found = retrieve(engine, judgements.topics, progress)
    if run:
        write_run(found, run)
    evaluation = judgements.evaluate(found, other)
    if as_json:
        _print_json(evaluation)
        return
    _print_evaluation(evaluation)


@contextmanager
def _progress_bar(hidden: bool, label: str = "Building") -> Iterator[Callable[[int, int], None] | None]:
    """Give a function that draws how many steps are done, and how many there are."""
    if hidden:
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def draw(done: int, steps: int) -> None:
            bar.length = steps
            bar.update(done - bar.pos)

        yield draw


def _print_report(report: BuildReport, as_json: bool = False, quiet: bool = False, verbose: bool = False) -> None:
    """Say what a build did; the last line reads "3 pages → 18 answers; 1 refused (1 the file is empty); ..."."""
    told = [f"everything was read again: {report.rebuilt}"] if report.rebuilt else []
    told += [f"refused {path}: {reason}" for path, reason in report.refused.items()]
    if verbose:
        told += [f"skipped {path}: {reason}" for path, reason in report.skipped.items()]
        told += [f"warning {warning}" for warning in report.warnings]
    for line in told:
        click.echo(line, err=True)
    reasons = ", ".join(f"{count} {reason}" for reason, count in Counter(report.refused.values()).most_common(3))
    counts = {name: getattr(report, name) for name in ("new", "changed", "unchanged", "removed")}
    parts = [
        f"{report.pages:,} page{'' if report.pages == 1 else 's'} → {report.documents:,} answers",
        ", ".join(f"{count:,} {name}" for name, count in counts.items() if count),
        f"{len(report.refused):,} refused ({reasons})" if reasons else "",
        f"{len(report.warnings):,} warnings (-v shows them)" if report.warnings and not verbose else "",
        f"{report.seconds:.1f} s",
        f"generation {report.generation.number}" if report.generation else "not published",
    ]
    if not quiet:
        click.echo("; ".join(filter(None, parts)), err=as_json)
    if as_json:
        _print_json(report)


def _print_evaluation(evaluation: Evaluation) -> None:
    """Show the means of each class with their intervals below, then what is gained on the other ranking."""

    def show(label: str, cells: Iterable[str], bold: bool = False, dim: bool = False) -> None:
        widths = (max(len(name), 13) + 2 for name in MEASURES)  # 13: an interval with signs
        row = "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        click.secho(f"{label:<20}{row}", bold=bold, dim=dim)

    show("", MEASURES, bold=True)
    for scores in evaluation.scores:
        measured = scores.measures.values()
        show(f"{scores.kind or 'all'} ({scores.topics:,})", (f"{one.value:.3f}" for one in measured))
        show("  95 %", ("{:.3f}-{:.3f}".format(*one.interval) for one in measured), dim=True)
        gains = [(one.gain, one.gain_interval) for one in measured if one.gain_interval is not None]
        if gains:
            show("  gain", (f"{gain:+.3f}" for gain, _ in gains))
            show("  95 %", ("{:+.3f} {:+.3f}".format(*ends) for _, ends in gains), dim=True)
    if evaluation.unjudged:
        count = f"{evaluation.unjudged:,} of {evaluation.topics:,} topics"
        click.echo(f"{count} have no document that is judged right, and stand in no mean")


def _print_result(result: bodies.Result) -> None:
    for snippet in result["snippets"]:
        pieces = (
            click.style(one["text"].replace("\n\n", " \u00b7 "), underline=one["marked"] or None)
            for one in snippet["segments"]
        )
        before, after = ("\u2026 " if snippet["cut_before"] else ""), (" \u2026" if snippet["cut_after"] else "")
        click.echo(f"   {before}{''.join(pieces)}{after}")
    _print_references(result["references"])
    kind, date, source = result["type"] or "no type", result["last_updated"] or "no date", result["source"]
    click.secho(f"   {kind}; last updated: {date}; source: {source or 'not known'}; {result['id']}", dim=True)
    if result["explanation"]:
        _print_explanation(result["explanation"])
    for other in result["folded"]:
        click.secho(f"   also: {other['question']} {other['id']}", dim=True)


def _print_explanation(part: bodies.Explanation, depth: int = 0) -> None:
    click.echo(f"   {'  ' * depth}{part['value']:10.4f}  {part['label']}")
    for inner in part["parts"]:
        _print_explanation(inner, depth + 1)


def _reading(understood: bodies.Understood) -> Iterator[str]:
    """Yield what was read into a question, a line each."""
    names = " and ".join(dict.fromkeys(focus["name"] for focus in understood["focus"]))
    if understood["covered"] is False:
        yield f"Not covered: no sheet about {names} here answers that ({understood['type']})."
    elif names or understood["type"]:
        yield f"Read as: {' of '.join(filter(None, [understood['type'], names]))}"
    for one in understood["corrected"]:
        yield f"Also searched: {one['used']}, for {one['typed']} (--exact does not)"
    for synonym in understood["synonyms"]:
        yield f"Also searched: {', '.join(synonym['used'])}, for {synonym['typed']} (--exact does not)"
    if understood["alternatives"]:
        yield f"Did you mean {' or '.join(one['name'] for one in understood['alternatives'])}?"
    if understood["missing"]:
        yield f"In no answer: {', '.join(understood['missing'])}"


def _print_references(references: list[bodies.Reference]) -> None:
    for entry in references:
        accessed = entry["accessed"] and f"(accessed {entry['accessed']})"
        click.echo(" ".join(filter(None, [f"   [{entry['number']}]", entry["text"], entry["url"], accessed])))


def _print_json(value: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


if __name__ == "__main__":
    main()
