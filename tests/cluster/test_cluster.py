"""An index in a cluster answers as one in a directory does, and builds publish all or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from opensearchpy import OpenSearch
from opensearchpy.client.indices import IndicesClient
from opensearchpy.exceptions import ConnectionTimeout

from indexer import Query, SearchEngine, build_index, open_index
from indexer.cluster import files, lock, store
from indexer.cluster.connection import Connection
from indexer.cluster.lock import Lock
from indexer.cluster.store import LOOK_SECONDS, Cluster
from indexer.errors import ClusterError, IndexStateError, NoIndexError, NothingToPublishError
from indexer.index import build
from indexer.model import Results
from indexer.settings import Settings
from tests.conftest import CORPUS, PAGES, THREE_SHEETS
from tests.index.rounds import RoundsAt, answers, rounds
from tests.search.library import SIGNED, Sheet
from webui import create_app

QUERIES = [
    Query("how is multifocal motor neuropathy treated", explain=True),
    Query("moyamoya diseas symptms", group="subject", page=2, per_page=3),
    Query('"motor neuropathy"', sort="newest"),
    Query("treatment", types=("treatment",), sort="title"),
    Query("", sort="title", page=3),
    Query("neuropath* hartnup~", exact=True),
    Query("hartnup disease"),
    Query("quagga zebra"),
    *map(Query, SIGNED),
]


@pytest.fixture
def shelf(tmp_path: Path, address: str) -> RoundsAt:
    return RoundsAt(tmp_path, address)


@pytest.fixture
def client(address: str) -> OpenSearch:
    return Connection(address).client


def indexes(client: OpenSearch, address: str) -> dict[str, set[str]]:
    """Return the indexes of an address by the end of their names, with their aliases."""
    name = address.rpartition("/")[2]
    found = client.indices.get_alias(index=f"{name}-*")
    return {index.removeprefix(f"{name}-"): set(entry["aliases"]) for index, entry in found.items()}


def without_generation(results: Results) -> Results:
    return replace(results, generation=None)  # type: ignore[arg-type]


def test_every_result_equals_that_of_the_same_index_in_a_directory(address: str, tmp_path: Path) -> None:
    for index in (address, tmp_path / "index"):
        build_index([*THREE_SHEETS, PAGES], index)
    with open_index(address) as cluster, open_index(tmp_path / "index") as folder:
        for query in QUERIES:
            assert without_generation(cluster.search(query)) == without_generation(folder.search(query)), query
            assert cluster.rank(query) == folder.rank(query)
        ids = folder.rank(Query("motor neuropathy"))
        assert ids
        for id in ids:
            assert cluster.answer(id) == folder.answer(id)
            assert cluster.similar(id) == folder.similar(id)
            assert cluster.marks(id, "motor neuropathy") == folder.marks(id, "motor neuropathy")
        assert cluster.suggest("moto") == folder.suggest("moto")
        assert cluster.a_to_z() == folder.a_to_z()
        assert cluster.sheets(1, 3) == folder.sheets(1, 3)
        assert cluster.sheet("none") is None


def test_after_changes_results_and_statistics_equal_those_of_a_directory(shelf: RoundsAt) -> None:
    for number in (1, 2, 3):
        shelf.publish(number)
        build_index([shelf.pages], shelf.index)
    with open_index(shelf.address) as cluster, open_index(shelf.index) as folder:
        for query in (Query("ash fever tea", explain=True), Query('"tea of"'), Query("round*"), Query("rond2")):
            assert without_generation(cluster.search(query)) == without_generation(folder.search(query)), query
        assert rounds(answers(cluster)) == {"round3"}


def test_a_build_sends_only_what_changed(shelf: RoundsAt, client: OpenSearch) -> None:
    for number in range(40):
        shelf.write(f"Elm {number}", Sheet(f"Elm {number}", (), None, None, (("What is {}?", "A tree."),)))
    shelf.publish(1)
    before = indexes(client, shelf.address)
    assert shelf.publish(2).changed == 1
    after = indexes(client, shelf.address)
    (added,) = {name for name in after.keys() - before.keys() if name.startswith("main_")}
    old = next(name for name in before if name.startswith("main_"))
    name = shelf.address.rpartition("/")[2]
    assert client.count(index=f"{name}-{added}", body={"query": {"exists": {"field": "key"}}})["count"] == 2
    assert client.count(index=f"{name}-{old}", body={"query": {"exists": {"field": "key"}}})["count"] > 40
    assert shelf.build().generation == shelf.build().generation


def test_a_rollback_and_the_next_build_continue_as_in_a_directory(shelf: RoundsAt) -> None:
    shelf.publish(1)
    with pytest.raises(IndexStateError, match="there is no generation before 1"):
        Cluster(shelf.address).roll_back()
    shelf.publish(2)
    generation, replaced = Cluster(shelf.address).roll_back()
    assert (generation.number, replaced) == (1, 2)
    assert rounds(shelf.answers()) == {"round1"}
    report = shelf.publish(3)
    assert report.generation
    assert report.generation.number == 3
    assert rounds(shelf.answers()) == {"round3"}


def test_old_generations_go_with_a_later_build_and_the_last_two_stay(
    shelf: RoundsAt, client: OpenSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 6):
        shelf.publish(number)
    assert indexes(client, shelf.address).keys() >= {"1", "2", "3", "4", "5"}  # somebody may still read them
    monkeypatch.setattr(store, "READ_SECONDS", 0)
    shelf.build()
    found = indexes(client, shelf.address)
    assert {name for name in found if name.isdigit()} == {"4", "5"}
    name = shelf.address.rpartition("/")[2]
    assert found["5"] == {name, f"{name}-published"}
    assert found["4"] == {f"{name}-published"}


def test_a_dry_run_and_a_refused_build_write_nothing(shelf: RoundsAt, client: OpenSearch) -> None:
    shelf.fill(1)
    shelf.build(dry_run=True)
    assert indexes(client, shelf.address) == {}
    with pytest.raises(NoIndexError):
        open_index(shelf.address)
    shelf.build()
    before = indexes(client, shelf.address)
    for page in shelf.pages.glob("*.md"):
        page.unlink()
    with pytest.raises(NothingToPublishError):
        shelf.build()
    assert indexes(client, shelf.address) == before


def test_of_two_builds_at_once_the_second_is_refused(shelf: RoundsAt) -> None:
    shelf.publish(1)
    with Cluster(shelf.address).building(), pytest.raises(IndexStateError, match="another build is at work"):
        shelf.publish(2)
    assert rounds(shelf.answers()) == {"round1"}
    shelf.publish(2)
    assert rounds(shelf.answers()) == {"round2"}


def test_the_lock_of_a_killed_build_is_taken_over_and_the_killed_one_cannot_publish(
    shelf: RoundsAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.publish(1)
    monkeypatch.setattr(lock, "STALE_SECONDS", 0.5)
    monkeypatch.setattr(lock.Lock, "_keep", lambda self: None)  # as if it had been killed, or stopped
    with Lock(Connection(shelf.address)) as killed:
        shelf.publish(2)
        with pytest.raises(IndexStateError, match="another build has taken over"):
            killed.renew()
        third = Lock(Connection(shelf.address)).__enter__()
    third.renew()  # the killed one did not release what is not its own
    third.__exit__()
    assert rounds(shelf.answers()) == {"round2"}


STEPS = ["write_segment", "write_counts", "write_generation"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_build_that_fails_anywhere_leaves_what_serves_and_the_next_one_deletes_its_rest(
    shelf: RoundsAt, client: OpenSearch, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    shelf.publish(1)
    before = indexes(client, shelf.address)
    original: Callable[..., None] = getattr(files, step)

    def fails(*arguments: Any) -> None:
        if after:
            original(*arguments)
        raise ClusterError("no node")

    with monkeypatch.context() as patched:
        patched.setattr(f"indexer.cluster.store.{step}", fails)
        with pytest.raises(ClusterError):
            shelf.publish(2)
    assert rounds(shelf.answers()) == {"round1"}
    shelf.publish(3)
    assert rounds(shelf.answers()) == {"round3"}
    found = indexes(client, shelf.address)
    assert len(found) <= 2 * len(before)


def test_a_build_whose_alias_was_moved_by_another_publishes_nothing(
    shelf: RoundsAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.publish(1)
    cluster = Cluster(shelf.address)
    original = Cluster._try

    def moved(self: Cluster, number: int, documents: int) -> None:
        original(self, number, documents)
        name = self._connection.name
        actions = [{"remove": {"index": f"{name}-1", "alias": name}}]
        self._connection.client.indices.update_aliases(body={"actions": actions})

    monkeypatch.setattr(Cluster, "_try", moved)
    with pytest.raises(IndexStateError):
        shelf.publish(2)
    assert cluster._connection.published() == (None, [1])


def test_a_refused_document_fails_the_build(shelf: RoundsAt, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.publish(1)
    original = files._answers

    def with_a_stranger(folder: Path, size: int) -> Iterator[tuple[str, Any]]:
        yield from original(folder, size)
        yield "stranger", {"no such field": 1}

    monkeypatch.setattr(files, "_answers", with_a_stranger)
    with pytest.raises(ClusterError, match="a document was refused"):
        shelf.publish(2)
    assert rounds(shelf.answers()) == {"round1"}


def test_a_running_engine_picks_up_a_new_generation_and_a_held_one_outlasts_the_next_build(
    shelf: RoundsAt,
) -> None:
    shelf.publish(1)
    with SearchEngine(Cluster(shelf.address)) as engine:
        assert rounds(answers(engine)) == {"round1"}
        with engine.one_generation() as held:
            shelf.publish(2)
            shelf.publish(3)
            assert held.number == 1
            assert rounds(answers(engine)) == {"round1"}
        time.sleep(LOOK_SECONDS)
        assert rounds(answers(engine)) == {"round3"}


def test_damage_is_reported_and_the_generation_before_answers(shelf: RoundsAt, client: OpenSearch) -> None:
    shelf.publish(1)
    shelf.publish(2)
    index = f"{shelf.address.rpartition('/')[2]}-2"
    client.indices.put_settings(index=index, body={"index.blocks.write": False})
    client.index(index=index, id="whoosh/_MAIN_1.toc/0", body={"data": "AAAA"}, params={"refresh": "true"})
    with SearchEngine(Cluster(shelf.address)) as engine:
        assert rounds(answers(engine)) == {"round1"}
        assert engine.damaged
    assert shelf.build().generation
    assert rounds(shelf.answers()) == {"round2"}


def test_a_cluster_that_is_away_is_a_503_and_not_an_empty_result() -> None:
    app = create_app(Settings(index="http://127.0.0.1:1,127.0.0.1:2/sheets")).test_client()
    for path in ("/?q=tea", "/api/v1/search?q=tea", "/healthz/ready"):
        response = app.get(path)
        assert response.status_code == 503, path
    problem = app.get("/api/v1/search?q=tea").get_json()
    assert problem["type"].endswith("/problems/cluster-unavailable")
    assert app.get("/problems/cluster-unavailable").status_code == 200


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://localhost:9200", "is no address of an index"),
        ("http://localhost:9200/Capitals", "is no address of an index"),
        ("http:///name", "is no address of an index"),
        ("http://user:secret@localhost:9200/name", "FACTSHEETS_CLUSTER_PASSWORD"),
    ],
)
def test_a_wrong_address_is_explained(address: str, message: str) -> None:
    with pytest.raises(IndexStateError, match=message):
        open_index(address)


def test_the_corpus_that_ships_can_be_built_and_served(address: str) -> None:
    report = build_index([CORPUS], address)
    with open_index(address) as engine:
        assert engine.generation().documents == report.documents
        assert build.update_index([CORPUS], Cluster(address)).unchanged == report.pages


def test_a_publish_whose_answer_was_lost_has_succeeded(shelf: RoundsAt, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.publish(1)
    original = IndicesClient.update_aliases

    def lost(self: IndicesClient, **arguments: Any) -> None:
        original(self, **arguments)
        raise ConnectionTimeout("TIMEOUT", "lost", None)

    monkeypatch.setattr(IndicesClient, "update_aliases", lost)
    assert shelf.publish(2).generation
    assert rounds(shelf.answers()) == {"round2"}


def test_an_index_whose_creation_was_answered_late_is_written_all_the_same(
    shelf: RoundsAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = IndicesClient.create

    def twice(self: IndicesClient, **arguments: Any) -> Any:
        original(self, **arguments)
        return original(self, **arguments)

    monkeypatch.setattr(IndicesClient, "create", twice)
    shelf.publish(1)
    assert rounds(shelf.answers()) == {"round1"}


def test_a_running_engine_picks_up_an_index_that_was_deleted_and_built_again(
    shelf: RoundsAt, client: OpenSearch
) -> None:
    shelf.publish(1)
    with SearchEngine(Cluster(shelf.address)) as engine:
        assert rounds(answers(engine)) == {"round1"}
        for index in indexes(client, shelf.address):
            client.indices.delete(index=f"{shelf.address.rpartition('/')[2]}-{index}")
        time.sleep(LOOK_SECONDS)
        with pytest.raises(IndexStateError):
            engine.search(Query("tea"))
        shelf.publish(2)
        assert engine.generation().number == 1
        time.sleep(LOOK_SECONDS)
        assert rounds(answers(engine)) == {"round2"}
