"""The command line: `factsheets build | rollback | serve | search | gaps | read | check | evaluate`.

Exit codes: 0 success (refused pages are in the report). 1 `build` published nothing, or `check` has findings. 2 wrong
usage. 3 the index, a file or the network cannot be used, or there is no generation to roll back to.
"""

import os
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import click

from indexer import Query, build_index, open_index, open_model, read_sheet
from indexer.checking.check import check_body, check_pages
from indexer.checking.rules import RULES, Limits
from indexer.checking.switches import fault_of
from indexer.errors import FactSheetError, NoIndexError, NothingToPublishError, PageError, QueryError
from indexer.evaluate import Judgements, read_qrels, read_run, read_topics, retrieve, write_run
from indexer.exchange import bodies
from indexer.exchange.parameters import PARAMETERS, parameters_of, read_query
from indexer.exchange.presentation import index_body, read_body, search_body
from indexer.gaps import gaps as read_gaps
from indexer.printing import (
    gap_line,
    print_evaluation,
    print_json,
    print_report,
    print_search,
    print_sheet,
    progress_bar,
    skipped_lines,
)
from indexer.readers import find_pages
from indexer.settings import DEFAULT_INDEX, Settings, SiteLink, SourceName, UrgentNotice, default_corpus
from indexer.site import Site
from indexer.site_file import find_site_file, read_site_file, remember_site_file, remembered_site_file
from indexer.stores import is_cluster, store_of

_EPILOG = (
    "Exit codes: 0 success; 1 nothing was published, or `check` has findings; 2 wrong usage; "
    "3 the index, a file or the network cannot be used."
)


_FIELDS = {setting.name: setting for setting in fields(Settings)}
_TYPES = get_type_hints(Settings)


def _setting(name: str, kind: click.ParamType[Any] | None = None, **details: Any) -> Callable[..., Any]:
    """Return the option of a setting, which the environment and the site file can set, too."""
    setting, kinds = _FIELDS[name], (_TYPES[name], *get_args(_TYPES[name]))
    return click.option(
        f"--{name.replace('_', '-')}",
        type=kind or next((kind for kind in (int, Path) if kind in kinds), str),
        default=setting.default,
        multiple=isinstance(setting.default, tuple),
        envvar=variable(name),
        show_envvar=True,
        show_default=True,
        help=setting.metadata["description"],
        **details,
    )


def variable(name: str) -> str:
    """Return the environment variable of a setting. Spaces separate several values."""
    return f"FACTSHEETS_{name.upper()}"


def has_flag(name: str) -> bool:
    """Return whether a setting is a single value or a list of texts. Others can only be in the site file."""
    return _TYPES[name] not in (tuple[SiteLink, ...], tuple[SourceName, ...], tuple[UrgentNotice, ...], Site)


def _load_site(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    """Read the site file. Flags and the environment win over it, because its settings become the defaults."""
    index, paths = context.params.get("index", DEFAULT_INDEX), context.params.get("paths")
    if paths:
        folders = [path for path in paths if path.is_dir()]
    elif paths is None and (isinstance(index, str) or (index / "CURRENT").exists()):
        folders = [Path()]
    else:
        folders = [Path(), default_corpus()]
    remembered = remembered_site_file(index) if paths is None else None
    file = value or remembered or find_site_file(*folders)
    settings = read_site_file(file) if file else Settings()
    context.obj = file, settings
    context.default_map = {name: getattr(settings, name) for name in _FIELDS if has_flag(name) and name != "index"}


class _IndexType(click.ParamType[Path | str]):
    """A directory, or an address in a cluster."""

    name = "path or url"

    def convert(self, value: Any, _: click.Parameter | None, __: click.Context | None) -> Path | str:
        """Return an address as it is, and the path of a directory."""
        return value if is_cluster(value) else Path(value)


_index = _setting("index", kind=_IndexType(), is_eager=True)  # before --site, which looks for a site file there
_model = _setting("model", metavar="DIR")
_site = click.option(
    "--site",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar=variable("site"),
    show_envvar=True,
    is_eager=True,
    expose_value=False,
    callback=_load_site,
    help="Site file with settings; by default factsheets.toml beside the sheets.",
)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON; other output goes to standard error.")


def _settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option of every setting to a command."""
    for name in reversed(_FIELDS):
        command = _setting(name)(command) if has_flag(name) and name not in ("index", "model") else command
    return command


class _Commands(click.Group):
    """Ends a failed command with one line and its exit code instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # the reader of the output has stopped reading; click ends quietly
        except (FactSheetError, OSError) as error:
            click.echo(f"factsheets: {error}", err=True)
            ctx.exit({PageError: 1, NothingToPublishError: 1, QueryError: 2}.get(type(error), 3))


@click.group(cls=_Commands, epilog=_EPILOG)
@click.version_option(package_name="factsheets")
def main() -> None:
    """Search fact sheets: find the passage that answers a question, with its references."""


@main.command(epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), is_eager=True)
@_index
@_site
@_model
@_json
@click.option("--dry-run", is_flag=True, help="List the answers that a build would change, and write nothing.")
@click.option("--force", is_flag=True, help="Read every page again, and publish even if many answers are lost.")
@click.option("-q", "--quiet", is_flag=True, help="Print only problems.")
@click.option("-v", "--verbose", is_flag=True, help="Print warnings and skipped files, too.")
@click.pass_obj
def build(
    site: tuple[Path | None, Settings],
    paths: tuple[Path, ...],
    index: Path | str,
    model: str | None,
    as_json: bool,
    dry_run: bool,
    force: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Update the index from PATHS, which are files or folders.

    The default is the folder corpus/, or the starter sheets if there is none.
    """
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        with progress_bar("Building", hidden=quiet) as progress:
            report = build_index(
                paths or [default_corpus()],
                index,
                force=force,
                dry_run=dry_run,
                progress=progress,
                model=open_model(model),
                site=site[1].site,
            )
        if not dry_run:
            remember_site_file(index, site[0])
    except NothingToPublishError as error:
        print_report(error.report, as_json, quiet, verbose)
        raise
    report.skipped.pop(str(site[1].logo), None)  # not meant as a page
    print_report(report, as_json, quiet, verbose)
    if not dry_run:
        _report_pinned(index, site)


def _report_pinned(index: Path | str, site: tuple[Path | None, Settings]) -> None:
    """Print the ids of pinned answers that are not in the index."""
    ids = [id for pinned in site[1].site.pinned for id in pinned.answers]
    if ids:
        with open_index(index) as engine:
            for id in ids:
                if engine.answer(id) is None:
                    click.echo(f"warning {site[0]}: the pinned answer {id} is not in the index", err=True)


@main.command(
    epilog="Exit codes: 0 success; 2 wrong usage; 3 there is no previous index, it is damaged, or a build is running: "
    "nothing has changed."
)
@_index
@_json
def rollback(index: Path | str, as_json: bool) -> None:
    """Switch back to the previous index immediately, including in running servers. The next build continues from it."""
    generation, number = store_of(index).roll_back()
    summary = f"generation {generation.number} replaces {number}: {generation.documents:,} answers"
    click.echo(f"{summary}, built at {generation.built_at}", err=as_json)
    if as_json:
        print_json(bodies.RolledBack(index_body(generation), number))


@main.command(epilog=_EPILOG)
@_index
@_site
@_model
@_settings
@click.pass_obj
def serve(site: tuple[Path | None, Settings], /, **decided: Any) -> None:
    """Serve the search page and the JSON API. If there is no index, build one first."""
    from webui.server import run  # only this command needs the web server

    try:
        settings = replace(site[1], **decided)
    except ValueError as error:
        name, _, reason = str(error).partition(" ")
        raise click.UsageError(f"--{name.replace('_', '-')} {reason}") from error
    meaning = open_model(settings.model)
    try:
        open_index(settings.index, meaning).close()
    except NoIndexError:
        print_report(build_index([default_corpus()], settings.index, model=meaning, site=settings.site))
        remember_site_file(settings.index, site[0])
    address = f"http://{settings.host}"
    run(settings, lambda port: click.echo(f"Searching {settings.index} at {address}:{port} (Ctrl-C stops)"))


@main.command(epilog=_EPILOG)
@click.argument("words", nargs=-1, required=True)
@_index
@_site
@_model
@click.option("--facet", "facets", metavar="KEY=VALUE", multiple=True, help="Only sheets with this value. Repeatable.")
@_json
def search(
    words: tuple[str, ...], index: Path | str, model: str | None, facets: tuple[str, ...], as_json: bool, **options: Any
) -> None:
    """Print the answers to WORDS, best first, with their references."""
    values = {name: list(value) if isinstance(value, tuple) else [value] for name, value in options.items() if value}
    given = {name: ["1" if item is True else item for item in many] for name, many in values.items()}
    for key, _, value in (pair.partition("=") for pair in facets):
        given.setdefault(key, []).append(value)
    with open_index(index, open_model(model)) as engine:
        known = parameters_of(engine.kinds(), engine.facets())
        query = read_query({"q": [" ".join(words)]} | given, known=known)
        body = search_body(engine.search(query))
    if as_json:
        print_json(body)
    else:
        print_search(body)


for _name, _parameter in PARAMETERS.items():
    if _name not in ("q", "page"):
        _flag = "--limit" if _name == "per_page" else f"--{_name.replace('_', '-')}"
        _details: dict[str, Any] = {"multiple": _parameter.repeats, "is_flag": _name in ("exact", "explain")}
        click.option(_flag, _name, help=_parameter.description, **_details)(search)


class _PageOfFile(click.Path):
    """A file, or one page of it: leaflets.pdf#page=12."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the text as it was given; fail if there is no such file."""
        super().convert(value if Path(value).exists() else value.partition("#")[0], param, ctx)
        return value


@main.command(epilog=_EPILOG)
@click.argument("file", type=_PageOfFile(exists=True, dir_okay=False))
@_json
def read(file: str, as_json: bool) -> None:
    """Print what the indexer sees in one page: questions, answers, citations, references, warnings.

    If FILE holds several pages, add which one: leaflets.pdf#page=12, site.warc.gz#https://ward.example/gout
    """
    body = read_body(read_sheet(file))
    if as_json:
        print_json(body)
    else:
        print_sheet(body)


@main.command(epilog=_EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@_index
@_site
@_json
def gaps(file: Path, index: Path | str, as_json: bool) -> None:
    """Print the words that people ask for and do not find, counted in FILE by `factsheets serve --gaps FILE`.

    A word is printed if it was asked on five different days or ten times within the last 90 days.
    """
    found = read_gaps(file, datetime.now(UTC).date())
    if as_json:
        print_json(found)
        return
    with open_index(index) as engine:
        for gap in found:
            nothing = engine.search(Query(gap.word)).nothing
            click.echo(gap_line(gap, [near.name for near in nothing.near] if nothing else None))


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
    epilog="Exit codes: 0 no findings; 1 findings (errors or warnings), or no pages; 2 wrong usage; "
    "3 a path cannot be read."
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--max-grade",
    type=float,
    default=Limits().max_grade,
    show_default=True,
    help="Highest reading grade of a sheet, in school years (Automated Readability Index).",
)
@click.option("--max-age", type=click.IntRange(min=1), help="Report facts older than this, in years [default: never].")
@click.option("--off", metavar="RULE=REASON", multiple=True, callback=_reasons, help="Switch off a rule. Repeatable.")
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
    """Check the fact sheets in PATHS, as for `build`, and print file:line, severity, rule and problem.

    `check.toml` in a folder switches off rules for the pages below it.
    """
    with progress_bar("Checking") as progress:
        try:
            report = check_pages(paths or [default_corpus()], Limits(max_grade, max_age), off, progress)
        except PageError as error:
            raise OSError(str(error)) from error
    if as_json:
        print_json(check_body(report))
    for finding in () if as_json else report.findings:
        click.echo(finding)
    logos = {str(settings.logo) for settings in map(read_site_file, filter(None, map(find_site_file, paths)))}
    found_pages = find_pages(paths or [default_corpus()])
    skipped = {path: page.skipped for page in found_pages if page.skipped and (path := str(page.file)) not in logos}
    for line in skipped_lines(skipped):
        click.echo(line, err=True)
    click.echo(report, err=as_json)
    context.exit(1 if report.findings or not report.pages else 0)


@main.command(epilog=_EPILOG)
@click.argument("topics", type=_file)
@click.argument("qrels", type=_file)
@_index
@_site
@_model
@click.option("--run", type=click.Path(dir_okay=False, path_type=Path), help="Write the ranking to this file.")
@click.option("--against", type=_file, help="Another ranking of the same topics, to compare with.")
@click.option("--relevant", type=click.IntRange(min=1), help="Lowest right grade [default: the topic's highest].")
@_json
def evaluate(
    topics: Path,
    qrels: Path,
    index: Path | str,
    model: str | None,
    run: Path | None,
    against: Path | None,
    relevant: int | None,
    as_json: bool,
) -> None:
    """Measure the ranking with the questions in TOPICS and the judgements in QRELS, both in TREC format.

    A line of TOPICS is an id, an optional class, and the question, separated by tabs. Success and MRR count right
    documents; nDCG uses the grades; condensed ignores unjudged documents. Intervals are 95 %, by bootstrap.
    """
    judgements = Judgements(read_topics(topics), read_qrels(qrels), relevant)
    other = read_run(against) if against else None
    with open_index(index, open_model(model)) as engine, progress_bar("Asking") as progress:
        ranking = retrieve(engine, judgements.topics, progress)
    if run:
        write_run(ranking, run)
    evaluation = judgements.evaluate(ranking, other)
    if as_json:
        print_json(evaluation)
    else:
        print_evaluation(evaluation)


if __name__ == "__main__":
    main()
