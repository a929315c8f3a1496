"""An index in an OpenSearch cluster beside the same index in a directory, and beside OpenSearch's own search.

Needs `--cluster http://HOST:PORT`, and `wrk`, which makes the load without competing for Python's time. OpenSearch's
own search is given its best: its English analyzer, true BM25F over four fields (`combined_fields`), weights chosen on
one half of the judged questions, highlights, and counts by source and type as our page has them.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from opensearchpy import OpenSearch
from opensearchpy.helpers import bulk

from indexer import Query, SearchEngine, open_index
from indexer.evaluate import Judgements, Run, Topic, read_qrels, retrieve
from indexer.index.generations import published
from indexer.index.schema import TEXT_FIELDS
from indexer.index.snapshot import Snapshot
from tests.benchmarks.bench import JUDGED, MEDQUAD, Bench, median, table
from tests.benchmarks.endpoint import run, served

#: Seconds of load for each figure.
SECONDS = 8
#: The index of OpenSearch's own search.
BARE = "factsheets-bare"
SETS = ("known-answers", "natural")

_WRK = """
local lines, at = {}, 0
for line in io.lines(os.getenv("REQUESTS")) do lines[#lines + 1] = line end
request = function()
  at = at % #lines + 1
  if wrk.method == "POST" then return wrk.format(nil, nil, {["Content-Type"] = "application/json"}, lines[at]) end
  return wrk.format(nil, lines[at])
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %f %f %f %f %d\\n", latency:percentile(50), latency:percentile(95),
    latency:percentile(99), summary.requests / summary.duration * 1e6, e.status + e.connect + e.read + e.timeout))
end
"""


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report."""
    if not bench.cluster:
        yield "no --cluster was given"
        return
    address = f"{bench.cluster}/factsheets-measured"
    run("build", str(MEDQUAD), "--index", address)
    yield from equality(bench, address)
    weights = yield from quality(bench)
    yield from speed(bench, address, weights)


def equality(bench: Bench, address: str) -> Iterator[str]:
    """Yield how far results from the cluster equal those of the same pages in a directory."""
    with open_index(address) as cluster, open_index(bench.index) as folder:
        topics = [topic for name in (*SETS, "consumer-questions") for topic in bench.questions(name)][:2_000]
        same = [_compared(cluster, folder, Query(topic.text)) for topic in topics]
    yield f"Of {len(topics):,} questions, the cluster and a directory have the same:\n"
    yield from table([*same[0]], [[f"{sum(one[key] for one in same) / len(same):.4f}" for key in same[0]]])


def _compared(cluster: SearchEngine, folder: SearchEngine, query: Query) -> Mapping[str, bool]:
    ours, theirs = cluster.search(query), folder.search(query)
    ids = [[(hit.document.id, hit.score) for hit in results.hits] for results in (ours, theirs)]
    return {
        "first answer": ids[0][:1] == ids[1][:1],
        "ten answers and scores": ids[0] == ids[1],
        "hits with snippets": ours.hits == theirs.hits,
        "total": ours.total == theirs.total,
        "facets": ours.facets == theirs.facets,
    }


def quality(bench: Bench) -> Generator[str, None, Sequence[int]]:
    """Yield the share of questions whose first answer is right, and return the weights that were best on one half."""
    client = OpenSearch(bench.cluster.split(","), timeout=60)
    judged_as = _write_bare(bench, client)
    topics = {name: bench.questions(name) for name in SETS}
    scores = {
        weights: _success(client, judged_as, weights, {name: every[::2] for name, every in topics.items()})
        for weights in product((1, 4, 8, 16), (1, 4), (1, 4), (1,))
    }
    best = max(scores, key=lambda weights: sum(scores[weights]))
    other = {name: every[1::2] for name, every in topics.items()}
    with open_index(bench.index) as engine:
        ours = [_right(retrieve(engine, other[name]), name, other[name]) for name in SETS]
    bare = _success(client, judged_as, best, other)
    yield f"First answer right, on the half of the questions that the weights {best} were not chosen on:\n"
    yield from table(
        ["", *SETS], [["Factsheets", *(f"{v:.3f}" for v in ours)], ["OpenSearch", *(f"{v:.3f}" for v in bare)]]
    )
    return best


def speed(bench: Bench, address: str, weights: Sequence[int]) -> Iterator[str]:
    """Yield how soon each answers, in turns."""
    texts = [topic.text for topic in bench.questions("natural")]
    paths = [f"/api/v1/search?q={quote_plus(text)}" for text in texts]
    bodies = [json.dumps(_bare_query(text, weights, whole=True)) for text in texts]
    serve = [sys.executable, "-m", "indexer.cli", "serve", "--index"]
    url = f"{bench.cluster.split(',')[0]}/{BARE}/_search"
    taken: dict[tuple[str, int], list[list[float]]] = {}
    with served([*serve, str(bench.index)]) as (local, _), served([*serve, address]) as (behind, _):
        servers = {
            "Factsheets, directory": (f"http://127.0.0.1:{local}", paths),
            "Factsheets, cluster": (f"http://127.0.0.1:{behind}", paths),
            "OpenSearch alone": (url, bodies),
        }
        for _ in range(bench.repeat):
            for (name, (server, lines)), clients in product(servers.items(), (1, 8)):
                taken.setdefault((name, clients), []).append(_load(server, lines, clients))
    figures = {key: [median([one[at] for one in runs]) for at in range(5)] for key, runs in taken.items()}
    rows = [
        [name, str(clients), *(f"{value / 1000:.1f}" for value in row[:3]), f"{row[3]:.0f}", f"{row[4]:.0f}"]
        for (name, clients), row in figures.items()
    ]
    yield f"{len(texts)} questions over HTTP, milliseconds; medians of {bench.repeat} runs of {SECONDS} s:\n"
    yield from table(["", "clients", "p50", "p95", "p99", "answers a second", "errors"], rows)


def _load(url: str, lines: Sequence[str], clients: int) -> list[float]:
    """Return p50, p95 and p99 in microseconds, answers a second, and errors."""
    with tempfile.TemporaryDirectory() as folder:
        script, requests = Path(folder, "load.lua"), Path(folder, "requests")
        script.write_text(("wrk.method = 'POST'\n" if lines[0].startswith("{") else "") + _WRK)
        requests.write_text("\n".join(lines))
        command = ["wrk", "-t1", f"-c{clients}", f"-d{SECONDS}s", "--timeout", "10s", "-s", str(script), url]
        done = subprocess.run(
            command, env=os.environ | {"REQUESTS": str(requests)}, capture_output=True, text=True, check=True
        )
    found = re.search(r"RESULT (.*)", done.stdout)
    assert found, done.stdout
    return [float(value) for value in found[1].split()]


def _write_bare(bench: Bench, client: OpenSearch) -> list[str]:
    """Index the answers as OpenSearch would have them, and return what each is judged as, by its id."""
    fields = {field: {"type": "text", "analyzer": "english"} for field in TEXT_FIELDS}
    keywords = {name: {"type": "keyword"} for name in ("source", "type")}
    client.indices.delete(index=BARE, ignore_unavailable=True)
    mappings = {"properties": fields | keywords}
    client.indices.create(index=BARE, body={"settings": {"number_of_replicas": 0}, "mappings": mappings})
    snapshot = Snapshot(bench.index, published(bench.index))
    actions = (
        {
            "_index": BARE,
            "_id": str(number),
            "_source": answer.texts
            | {"source": snapshot.columns.source[at] or None, "type": snapshot.columns.type[at] or None},
        }
        for number, (answer, at) in enumerate(zip(bench.answers, snapshot.everything.tolist(), strict=True))
    )
    bulk(client, actions)
    snapshot.close()
    client.indices.forcemerge(index=BARE, max_num_segments=1)
    client.indices.refresh(index=BARE)
    return [answer.judged_as for answer in bench.answers]


def _bare_query(text: str, weights: Sequence[int], *, whole: bool = False) -> dict[str, Any]:
    fields = [f"{field}^{weight}" for field, weight in zip(TEXT_FIELDS, weights, strict=True)]
    query: dict[str, Any] = {"query": {"combined_fields": {"query": text, "fields": fields}}, "size": 10}
    if not whole:
        return query | {"_source": False}
    aggregations = {name: {"terms": {"field": name, "size": 20}} for name in ("source", "type")}
    return query | {"track_total_hits": True, "aggs": aggregations, "highlight": {"fields": {"answer": {}}}}


def _success(
    client: OpenSearch, judged_as: Sequence[str], weights: Sequence[int], topics: Mapping[str, Sequence[Topic]]
) -> list[float]:
    def ids(text: str) -> list[str]:
        hits = client.search(index=BARE, body=_bare_query(text, weights))["hits"]["hits"]
        return list(dict.fromkeys(judged_as[int(hit["_id"])] for hit in hits))

    runs = {name: {topic.id: ids(topic.text) for topic in every} for name, every in topics.items()}
    return [_right(runs[name], name, every) for name, every in topics.items()]


def _right(run: Run, name: str, topics: Sequence[Topic]) -> float:
    """Return the share of questions whose first answer is right."""
    evaluation = Judgements(list(topics), read_qrels(JUDGED / name / "qrels.txt")).evaluate(run)
    return next(scores for scores in evaluation.scores if scores.kind is None).measures["success@1"].value
