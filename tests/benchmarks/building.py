"""How long a build takes, and how soon a changed sheet is found.

Ours reads, splits and indexes pages, in a process of its own; the others are handed the answers that came of it.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from indexer import Query, SearchEngine, build_index
from tests.benchmarks.bench import MEDQUAD, Bench, answers_of, built, median, set_aside, table
from tests.benchmarks.fresh import run_fresh
from tests.benchmarks.peers import PEERS, Answer, Bm25s, Peer, Whoosh

#: How many sheets are changed, one after the other.
CHANGES = 5


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report on full builds."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ("**Factsheets**", *(p.name for p in PEERS))}
    with tempfile.TemporaryDirectory(dir=bench.work) as aside:
        folder, index = copied_pages(bench.every, Path(aside, "pages")), Path(aside, "index")
        for _ in range(bench.repeat):
            shutil.rmtree(index, ignore_errors=True)
            ours = run_fresh("build", str(index), str(folder))
            times["**Factsheets**"].append((ours["seconds"], ours["processors"]))
            answers = answers_of(index)
            set_aside()  # no peer shall look for garbage among the answers
            for peer in PEERS:
                times[peer.name].append(_timed(built, peer, answers, Path(aside, peer.name)))
        again = run_fresh("build", str(index), str(folder))["seconds"]
    figures = {name: [median(column) for column in zip(*taken, strict=True)] for name, taken in times.items()}
    theirs = figures[Whoosh.name][0]
    yield f"A full build of {len(answers):,} answers, seconds (medians of {bench.repeat}):\n"
    yield from table(
        ["engine", "clock", "all processors", f"clock / {Whoosh.name}"],
        [[name, f"{clock:.2f}", f"{used:.2f}", f"{clock / theirs:.2f}"] for name, (clock, used) in figures.items()],
    )
    yield f"Factsheets, a second build with nothing changed: {again:.2f} s\n"


def measure_updates(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report on changed sheets."""
    with tempfile.TemporaryDirectory(dir=bench.work) as aside:
        folder, index = copied_pages(bench.every, Path(aside, "pages")), Path(aside, "index")
        run_fresh("build", str(index), str(folder))
        answers = answers_of(index)
        times = {"**Factsheets**": _our_updates(folder, index)}
        for kind in PEERS:
            if kind is not Bm25s:  # its only way is to build anew
                peer = kind(built(kind, answers, Path(aside, kind.name)))
                times[kind.name] = [_peer_update(peer, answers, number) for number in range(CHANGES)]
    yield f"From a change in one of {len(answers):,} answers' sheets to the first search that finds it, seconds:\n"
    rows = [[name, f"{median(taken):.3f}", f"{max(taken):.3f}"] for name, taken in times.items()]
    yield from table(["engine", "median", "slowest"], rows)


def copied_pages(every: int, folder: Path) -> Path:
    """Copy one of so many pages of MedQuAD into a folder, and return it."""
    for page in sorted(MEDQUAD.rglob("*.xml"))[::every]:
        copy = folder / page.relative_to(MEDQUAD)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(page, copy)
    return folder


def _timed(work: Callable[..., object], *arguments: object) -> tuple[float, float]:
    """Return how long something took, in seconds: by the clock, and of all processors."""
    started, used = time.perf_counter(), sum(os.times()[:4])
    work(*arguments)
    return time.perf_counter() - started, sum(os.times()[:4]) - used


def _our_updates(folder: Path, index: Path) -> list[float]:
    pages = sorted(page for page in folder.rglob("*.xml") if "</Answer>" in page.read_text("utf-8"))
    times = []
    with SearchEngine(index) as engine:
        engine.search(Query("warm"))
        for number, page in enumerate(pages[:: max(1, len(pages) // CHANGES)][:CHANGES]):
            word = f"zzq{number}zz"
            text = page.read_text("utf-8").replace("</Answer>", f" {word}.</Answer>")

            def update(page: Path = page, text: str = text, word: str = word) -> None:
                page.write_text(text, "utf-8")
                build_index([folder], index)
                if not engine.search(Query(word)).total:
                    raise SystemExit(f"the change in {page} was not found")

            times.append(_timed(update)[0])
    return times


def _peer_update(peer: Peer, answers: list[Answer], number: int) -> float:
    """Change all answers of one sheet, search for the change, and return the seconds."""
    sheet, word = answers[number * len(answers) // CHANGES].sheet_id, f"zzq{number}zz"
    changed = {
        place: replace(one, texts=one.texts | {"answer": f"{one.texts['answer']} {word}."})
        for place, one in enumerate(answers)
        if one.sheet_id == sheet
    }

    def update() -> None:
        peer.replace(changed)
        if set(peer.numbers(peer.rank(word, len(changed)))) != changed.keys():
            raise SystemExit(f"{peer.name}: the change in {sheet} was not found")

    return _timed(update)[0]
