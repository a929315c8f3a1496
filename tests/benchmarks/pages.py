"""How long the server works for a page, and how large the page is: every kind of page, on MedQuAD."""

import time
from collections.abc import Iterable, Iterator

from flask.testing import FlaskClient

from indexer import Query, open_index
from indexer.settings import Settings
from tests.benchmarks.bench import Bench, percentile, table
from webui import create_app

#: What a browser says that it can unpack.
_ACCEPTED = {"Accept-Encoding": "gzip, deflate, br, zstd"}


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report. Each page is asked for twice, and the second time counts."""
    client = create_app(Settings(index=bench.index)).test_client()
    topics = bench.questions()
    with open_index(bench.index) as engine:
        hits = [engine.search(Query(topic.text, per_page=1)).hits[0] for topic in topics[::10]]
    results = [{"q": topic.text} for topic in topics]
    kinds: dict[str, list[tuple[str, dict[str, str]]]] = {
        "results": [("/", query) for query in results],
        "results, every part open": [("/", query | {"type": "treatment", "page": "2"}) for query in results[::10]],
        "nothing found": [("/", {"q": f'"{topic.text} xylophone"'}) for topic in topics[::10]],
        "answer": [(f"/answers/{hit.document.id}", {"q": hit.document.question}) for hit in hits],
        "sheet": [(f"/sheets/{hit.header.id}", {}) for hit in hits],
        "A to Z, one letter": [(f"/a-to-z/{letter}", {}) for letter in "abcdefghijklmnopqrstuvwxyz"],
        "coverage": [("/coverage", {})] * 5,
        "start": [("/", {})] * 5,
    }
    yield f"Pages on {bench.index.name}: milliseconds of the server, compression included, and kilobytes:\n"
    head = ["page", "asked", "p50 ms", "p95 ms", "KB, median", "KB, largest", "KB compressed, median"]
    yield from table(head, [[name, *_row(client, asked)] for name, asked in kinds.items()])


def _row(client: FlaskClient, asked: Iterable[tuple[str, dict[str, str]]]) -> list[str]:
    milliseconds, sizes, sent = [], [], []
    for path, query in asked:
        plain = client.get(path, query_string=query)
        started = time.perf_counter()
        packed = client.get(path, query_string=query, headers=_ACCEPTED)
        milliseconds.append((time.perf_counter() - started) * 1000)
        assert plain.status_code in (200, 302), (path, query, plain.status_code)
        sizes.append(len(plain.data) / 1000)
        sent.append(len(packed.data) / 1000)
    times = [f"{percentile(milliseconds, part):.1f}" for part in (0.5, 0.95)]
    kilobytes = [f"{value:.1f}" for value in (percentile(sizes, 0.5), max(sizes), percentile(sent, 0.5))]
    return [f"{len(sizes):,}", *times, *kilobytes]
