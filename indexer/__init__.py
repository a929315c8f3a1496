"""A search engine for fact sheets: a question brings back the passage that answers it, with its references.

>>> from indexer import Query, build_index, open_index
>>> report = build_index(["corpus"], ".index")               # doctest: +SKIP
>>> with open_index(".index") as engine:                     # doctest: +SKIP
...     results = engine.search(Query("how is multifocal motor neuropathy treated"))
...     print(results.hits[0].snippets[0].text)
"""

from collections.abc import Iterable
from pathlib import Path

from indexer.engine import Engine
from indexer.errors import IndexStateError
from indexer.index.build import Progress, update_index
from indexer.language.question_types import QuestionType, question_types
from indexer.meaning.model import Model, open_model
from indexer.model import BuildReport, FactSheet, Query, Results
from indexer.readers import read_page
from indexer.search.engine import SearchEngine
from indexer.settings import Settings
from indexer.sheets.split import split_page
from indexer.site import DEFAULT_SITE, Site
from indexer.stores import store_of

__all__ = [
    "Engine",
    "FactSheet",
    "Query",
    "QuestionType",
    "Results",
    "SearchEngine",
    "build_index",
    "engine_of",
    "open_index",
    "open_model",
    "question_types",
    "read_sheet",
]


def build_index(
    paths: Iterable[Path | str],
    index: Path | str,
    *,
    force: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    model: Model | None = None,
    site: Site = DEFAULT_SITE,
) -> BuildReport:
    """Bring an index, in a directory or a cluster, up to date with the pages in files and folders.

    `update_index` has the details.
    """
    return update_index(paths, store_of(index), force=force, dry_run=dry_run, progress=progress, model=model, site=site)


def open_index(index: Path | str, model: Model | None = None) -> SearchEngine:
    """Return the search engine over an index, with a model one that was built with it.

    The index is a directory, or in a cluster: http://HOST:PORT,HOST:PORT/NAME.
    Raises IndexStateError when it cannot be searched so.
    """
    engine = SearchEngine(store_of(index))
    generation = engine.generation()
    if model and generation.model != model.digest:
        engine.close()
        raise IndexStateError(f"{index} was not built with this model: run `factsheets build --model {model.folder}`")
    engine.model = model
    return engine


def engine_of(settings: Settings, *, opens_aside: bool = False) -> Engine:
    """Return the engine for the index in the settings, which is opened at the first question.

    With `opens_aside`, new generations are opened in the background. Raises ModelError.
    """
    return SearchEngine(store_of(settings.index), settings.query_ms, opens_aside, open_model(settings.model))


def read_sheet(file: Path | str) -> FactSheet:
    """Return the fact sheet that one file holds, as a build of its folder would see it. Raises PageError.

    For one of several in a file, its place follows: "leaflets.pdf#page=12", "site.warc.gz#https://ward.example/gout".
    """
    name, sign, place = str(file).partition("#")
    if sign and not Path(file).exists():
        return split_page(read_page(Path(name), Path(name).parent, sign + place))
    return split_page(read_page(Path(file), Path(file).parent))
