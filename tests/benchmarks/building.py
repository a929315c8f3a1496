"""How long a build takes, beside plain Whoosh over the same documents in the same run.

    python -m tests.benchmarks.building [--repeat N] [--pages FOLDER]

Plain Whoosh has four stemmed TEXT fields and the stored record, one process, `add_document` for each answer; it is
handed the answers, where the build reads and splits the pages too. Needs MedQuAD in the folder that FACTSHEETS_DATA
names (default ../shared), or other pages; prints the median of each, and the ratio. The processor time of all processes
stands beside it, for a machine that has other work.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import STORED, TEXT, Schema
from whoosh.index import create_in

from indexer import Query, SearchEngine, build_index
from indexer.index.schema import TEXT_FIELDS, Record, fields_of
from indexer.index.snapshot import Snapshot

DATA = Path(os.environ.get("FACTSHEETS_DATA", "../shared"))


def plain_whoosh(records: list[Record], directory: Path) -> None:
    """Index answers as Whoosh's own documentation does."""
    directory.mkdir()
    texts = {name: TEXT(analyzer=StemmingAnalyzer()) for name in TEXT_FIELDS}
    writer = create_in(str(directory), Schema(**texts, record=STORED)).writer()
    for record in records:
        fields = fields_of(record)
        writer.add_document(**{name: fields[name] for name in TEXT_FIELDS}, record=msgspec.json.encode(record))
    writer.commit()


def timed(work: Callable[..., object], *arguments: object) -> tuple[float, float]:
    """Return how long something took, in seconds: by the clock, and of all processors."""
    started, used = time.perf_counter(), sum(os.times()[:4])
    work(*arguments)
    return time.perf_counter() - started, sum(os.times()[:4]) - used


def edit_and_find(page: Path, folder: Path, index: Path, engine: SearchEngine, word: str) -> None:
    """Change one sheet, build, and search for the change until it is the first result."""
    page.write_text(page.read_text(encoding="utf-8").replace("</Answer>", f" {word}.</Answer>"), encoding="utf-8")
    build_index([folder], index)
    if engine.search(Query(word)).total == 0:
        raise SystemExit("the change was not found")


def main() -> None:
    """Build, build again, change a sheet, and print the figures."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--repeat", type=int, default=3)
    arguments.add_argument("--pages", type=Path, default=DATA / "medquad")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        folder, index = Path(aside, "pages"), Path(aside, "index")
        shutil.copytree(options.pages, folder)
        plain, full = [], []
        for number in range(options.repeat):
            shutil.rmtree(index, ignore_errors=True)
            full.append(timed(build_index, [folder], index))
            snapshot = Snapshot(index, 1)
            records = [snapshot.record(number) for number in snapshot.everything]
            gc.freeze()  # neither of the two shall look for garbage among the answers that are held for the other
            plain.append(timed(plain_whoosh, records, Path(aside, f"plain-{number}")))
            snapshot.close()
            for name, times in (("full build", full), ("plain Whoosh", plain)):
                print(f"{name}: {times[-1][0]:.1f} s, {times[-1][1]:.1f} s of processors")
        ours, theirs = (statistics.median(clock for clock, _ in times) for times in (full, plain))
        print(f"{len(records):,} answers, medians: {ours:.1f} s and {theirs:.1f} s; ratio {ours / theirs:.2f}")
        again = [timed(build_index, [folder], index)[0] for _ in range(options.repeat)]
        print(f"second build, nothing changed: {statistics.median(again):.2f} s")
        with SearchEngine(index) as engine:
            engine.search(Query("warm"))
            edits = [
                timed(edit_and_find, page, folder, index, engine, f"zzq{number}zz")[0]
                for number, page in enumerate(sorted(folder.rglob("*.xml"))[100::1000])
            ]
        print(f"one changed sheet to its first search result: {', '.join(f'{one:.2f}' for one in edits)} s")


if __name__ == "__main__":
    main()
