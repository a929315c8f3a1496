"""Pages -> a published generation. Every file that is met ends as documents or in the report, with a reason."""

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from whoosh.index import create_in

from indexer.errors import NothingToPublishError, PageError
from indexer.index.generations import publish
from indexer.index.schema import Record, fields_of, schema
from indexer.model import BuildReport, FactSheet, Generation
from indexer.readers import find_pages, read_page
from indexer.sheets.identifiers import stable_part
from indexer.sheets.split import split_page


def build_index(paths: Iterable[Path | str], index: Path | str) -> BuildReport:
    """Build an index of the pages in files and folders, publish it as the next generation, and return the report.

    Whoever searches goes on with the generation before until the new one is whole. Raises NothingToPublishError,
    with the report, when no page gave an answer, and PageError for a path that does not exist.
    """
    started = time.perf_counter()
    sheets: dict[str, tuple[str, FactSheet]] = {}
    report = BuildReport(0, 0, 0, 0, None, {}, {}, [], 0.0, None)
    for found in find_pages(map(Path, paths)):
        file, root = found.file, found.root
        if found.skipped:
            report.skipped[str(file)] = found.skipped
            continue
        try:
            if found.refused:
                raise PageError(str(file), found.refused)
            sheet = split_page(read_page(file, root))
            if twin := sheets.get(stable_part(sheet.header.id)):
                raise PageError(str(file), f"the same sheet as {twin[0]}: {sheet.header.id}")
            sheets[stable_part(sheet.header.id)] = str(file), sheet
            report.warnings.extend(f"{file}: {warning}" for warning in sheet.warnings)
        except PageError as error:
            report.refused[str(file)] = error.reason
    documents = sum(len(sheet.documents) for _, sheet in sheets.values())
    report = replace(report, pages=len(sheets) + len(report.refused), documents=documents)
    if not documents:
        raise NothingToPublishError(report)
    generation = write_generation([sheet for _, sheet in sheets.values()], Path(index))
    return replace(report, generation=generation, seconds=time.perf_counter() - started)


def write_generation(sheets: Iterable[FactSheet], index: Path) -> Generation:
    """Write the answers of some sheets as a Whoosh index of one segment, publish it, and return the generation."""
    index.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="building-", dir=index) as aside:
        directory = Path(aside, "generation")
        (directory / "whoosh").mkdir(parents=True)
        writer = create_in(str(directory / "whoosh"), schema()).writer()
        documents = 0
        for sheet in sheets:
            for place, document in enumerate(sheet.documents):
                references = () if place else sheet.references  # once a sheet
                writer.add_document(**fields_of(Record(sheet.header, references, document, place)))
                documents += 1
        writer.commit(optimize=True)
        return publish(directory, index, documents)
