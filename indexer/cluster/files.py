"""Where the files of a generation are in a cluster, and the answers beside them.

    NAME-SEGMENT       an index for each segment, which never changes and which generations share: a document for each
                       answer, and the files of `arrays/SEGMENT/` in blocks
    NAME-7             an index for each generation: its manifest, and its other files in blocks
    NAME-published     an alias of all generations that were published
    NAME               an alias of the generation that serves
    NAME-lock          the build at work (`lock`)

Answers are indexed by our own terms, one after the other, so that phrases mean the same as in a directory.
"""

from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from opensearchpy.exceptions import RequestError

from indexer.cluster.blocks import BlockArray, Blocks, block_count, blocks_of
from indexer.cluster.connection import PATIENT, Connection, reported
from indexer.errors import ClusterError, IndexStateError
from indexer.index.generations import REMEDY, reading
from indexer.index.impacts import Part
from indexer.index.manifest import Manifest, check, is_as_written, read_manifest
from indexer.index.records import Records
from indexer.index.schema import KEYS, TEXT_FIELDS, fields_of, fingerprint
from indexer.index.segments import Segment
from indexer.language.analysis import terms

#: The files of a segment that stay in the cluster: servers read slices of them.
POSTINGS = ("documents.npy", "impacts.npy", "covers.npy")
#: What is in the cluster as documents: answers, and the index of their words.
_AS_DOCUMENTS = ("records.msgpack", "records.npy")
#: What a build starts from, and a server does not read.
PAGES = "pages.msgpack"

_MANIFEST = "manifest.json"
#: Copies beside the first: as many as there are other nodes, but two at most.
_REPLICAS = {"index.auto_expand_replicas": "0-2"}
#: Seconds that a new index has to be on all nodes that it should be on.
_GREEN_SECONDS = 120

_SEGMENT_INDEX = {
    "settings": {
        "index.number_of_shards": 1,
        "index.number_of_replicas": 0,
        "index.refresh_interval": -1,
        "index.max_result_window": 10_000_000,  # a phrase may be in every answer, and all of them are counted
        "analysis": {
            "tokenizer": {"lines": {"type": "char_group", "tokenize_on_chars": ["\n"], "max_token_length": 32_766}},
            "analyzer": {"terms": {"type": "custom", "tokenizer": "lines"}},
        },
    },
    "mappings": {
        "dynamic": "strict",
        "_source": {"excludes": list(TEXT_FIELDS)},
        "properties": {
            **{field: {"type": "text", "analyzer": "terms", "norms": False} for field in TEXT_FIELDS},
            **{key: {"type": "keyword"} for key in KEYS},
            "record": {"type": "object", "enabled": False},
            "data": {"type": "binary"},
        },
    },
}
_GENERATION_INDEX = {
    "settings": {"index.number_of_shards": 1, "index.number_of_replicas": 0},
    "mappings": {"dynamic": "strict", "properties": {"data": {"type": "binary"}}},
}


def fetch_generation(
    connection: Connection, blocks: Blocks, number: int, directory: Path, *, pages: bool = False
) -> Manifest:
    """Copy the files of a generation that are not postings or answers into a directory, and return its manifest.

    Raises IndexStateError for one that is damaged, or that other code built; ClusterError if the cluster is away.
    """
    index = connection.generation_index(number)
    (data,) = connection.documents([(index, _MANIFEST)], "data")
    with reading(number):
        (directory / _MANIFEST).write_bytes(b64decode(data))
        manifest = read_manifest(directory)
        if manifest.fingerprint == fingerprint() and not is_as_written(manifest, directory):
            raise ValueError("its manifest is not what was written")
    if manifest.fingerprint != fingerprint():
        raise IndexStateError(f"generation {number} was built by another version{REMEDY}")
    manifest = replace(
        manifest, files={name: entry for name, entry in manifest.files.items() if pages or name != PAGES}
    )
    folders: dict[tuple[str, Path], dict[str, int]] = defaultdict(dict)
    for name, entry in manifest.files.items():
        segment = _segment_of(name)
        home = (connection.segment_index(segment), directory / "arrays" / segment) if segment else (index, directory)
        folders[home][Path(name).name if segment else name] = entry.size
    for (home_index, folder), sizes in folders.items():
        blocks.save(home_index, sizes, folder)
    with reading(number):
        check(manifest, directory)
    return manifest


def write_segment(connection: Connection, directory: Path, segment: Segment) -> None:
    """Write a new segment of the generation in a directory into an index of its own, and drop its large files."""
    index, folder = connection.segment_index(segment.name), directory / "arrays" / segment.name
    files = [file for file in sorted(folder.iterdir()) if file.name not in _AS_DOCUMENTS]
    count = segment.size + sum(block_count(file.stat().st_size) for file in files)

    def documents() -> Iterator[tuple[str, Mapping[str, Any]]]:
        yield from _answers(folder, segment.size)
        for file in files:
            yield from blocks_of(file.name, file)

    _write_index(connection, index, _SEGMENT_INDEX, documents(), count)
    for file in [*(folder / name for name in (*POSTINGS, *_AS_DOCUMENTS)), *directory.glob(f"whoosh/{segment.name}.*")]:
        file.unlink()


def write_counts(connection: Connection, blocks: Blocks, directory: Path, segment: Segment) -> None:
    """Write how many answers that are not deleted each row of a segment has, so that no server counts them."""
    folder, index = directory / "arrays" / segment.name, connection.segment_index(segment.name)
    counts = folder / "counts.npy"
    counts.unlink(missing_ok=True)
    if deleted := segment.deleted():
        part = Part(folder, 0, segment.size, deleted, lambda _, name: BlockArray(blocks, index, f"{name}.npy"))
        np.save(counts, part.counts.astype(np.uint32))


def write_generation(connection: Connection, number: int, directory: Path) -> None:
    """Write the manifest of a generation and its files that are of no segment into an index of its own."""
    encoded = (directory / _MANIFEST).read_bytes()
    names = [name for name in read_manifest(directory).files if not _segment_of(name)]
    count = 1 + sum(block_count((directory / name).stat().st_size) for name in names)

    def documents() -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name in names:
            yield from blocks_of(name, directory / name)
        yield _MANIFEST, {"data": b64encode(encoded).decode("ascii")}

    _write_index(connection, connection.generation_index(number), _GENERATION_INDEX, documents(), count)


def manifest_of(connection: Connection, number: int) -> Manifest:
    """Return the manifest of a generation, whatever code built it."""
    (data,) = connection.documents([(connection.generation_index(number), _MANIFEST)], "data")
    with reading(number):
        return msgspec.json.decode(b64decode(data), type=Manifest)


def segments_of(manifest: Manifest) -> set[str]:
    """Return the names of the segments that a generation consists of."""
    return {name.split("/")[1] for name in manifest.files if name.startswith("arrays/")}


def _segment_of(name: str) -> str | None:
    """Return the segment whose index has a file; None if the generation's own index has it."""
    folder, _, rest = name.partition("/")
    segment, _, file = rest.partition("/")
    return segment if folder == "arrays" and file != "counts.npy" else None


def _answers(folder: Path, size: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    records = Records(folder)
    for number in range(size):
        record = records[number]
        values = fields_of(record)
        texts = {field: "\n".join(terms(values[field])) for field in TEXT_FIELDS}
        keys = {key: values[key] for key in KEYS}
        yield str(number), {"record": msgspec.to_builtins(record), **texts, **keys}


def _write_index(
    connection: Connection,
    index: str,
    body: Mapping[str, Any],
    documents: Iterator[tuple[str, Mapping[str, Any]]],
    count: int,
) -> None:
    """Write an index that will not change again, and wait until it is complete on all nodes that it should be on."""
    indices = connection.client.indices
    with reported():
        try:
            indices.create(index=index, body=body, params=PATIENT)
        except RequestError as error:  # an answer was lost, and the client asked again: names are never used twice
            if error.error != "resource_already_exists_exception":
                raise
    connection.write(index, documents)
    with reported():
        indices.refresh(index=index, params=PATIENT)
        indices.put_settings(index=index, body={**_REPLICAS, "index.blocks.write": True}, params=PATIENT)
        health = f"/_cluster/health/{index}?wait_for_status=green&timeout={_GREEN_SECONDS}s"
        connection.client.transport.perform_request("GET", health, params={"request_timeout": _GREEN_SECONDS + 5})
        written = connection.client.count(index=index, params=PATIENT)["count"]
    if written != count:
        raise ClusterError(f"{index} has {written:,} documents of {count:,}")
