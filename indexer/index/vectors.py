"""Vectors: where the question of each answer and its text lie in the space of a model, to find what means the same.

    arrays/SEGMENT/vectors.npy     int8 (2, documents, dimensions): of the questions, of the texts
    arrays/SEGMENT/scales.npy      float32 (2, documents): what the numbers of a vector are to be multiplied by
    arrays/SEGMENT/texts.npy       uint64 (2, documents): a hash of what was embedded, by which later builds find it

Eight bits a number are enough, and are scanned in an eighth of the time of float16, which NumPy converts one by one:
2.5 ms of 19 for 16,423 vectors of 384 numbers. The cosine of two vectors is off by less than 0.01.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.impacts import Floats
from indexer.index.records import Record
from indexer.index.schema import searched_text
from indexer.language.analysis import terms
from indexer.meaning.model import Model

#: How many vectors are converted at once: as many as stay in a processor's cache.
_ROWS = 512

_LARGEST = 127
_NONE = np.zeros(0, np.float32)


class Vector(NamedTuple):
    """A vector as it is stored, with the hash of the text that it is of."""

    numbers: NDArray[np.int8]
    scale: np.float32
    text: int


#: The vectors of an answer, of its question and of its text.
Embedded = tuple[Vector, Vector]


class Embedder:
    """Gives answers their vectors: those of texts that segments of the same model know, all others by the model."""

    def __init__(self, model: Model, segments: Iterable[Path] = ()) -> None:
        self._model, self._segments = model, segments

    def vectors(self, record: Record) -> Embedded:
        """Return the vectors of an answer, of its question and of its text."""
        title, question = record.header.title, record.document.question
        names_it = set(terms(title)) <= set(terms(question))
        asks = question if names_it else f"{title}: {question}"
        return self._vector(asks), self._vector(searched_text(record.document))

    @cached_property
    def _known(self) -> dict[int, Vector]:
        known = {}
        for folder in self._segments:
            vectors, scales, texts = (_load(folder, name) for name in ("vectors", "scales", "texts"))
            for which in (0, 1):
                for row, text in enumerate(texts[which].tolist()):
                    known[text] = Vector(vectors[which, row], scales[which, row], text)
        return known

    def _vector(self, text: str) -> Vector:
        key = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
        return self._known.get(key) or _stored(self._model.embed(text), key)


def write_vectors(folder: Path, embedded: Sequence[Embedded]) -> None:
    """Write the vectors of a segment into its folder, in the order of its documents."""
    both = [[pair[which] for pair in embedded] for which in (0, 1)]
    np.save(folder / "vectors.npy", np.array([[one.numbers for one in part] for part in both], np.int8))
    np.save(folder / "scales.npy", np.array([[one.scale for one in part] for part in both], np.float32))
    np.save(folder / "texts.npy", np.array([[one.text for one in part] for part in both], np.uint64))


class Nearness(NamedTuple):
    """For every document how near its question and its text lie to another text: cosines, 1 for the same."""

    questions: Floats
    texts: Floats


class Vectors:
    """The vectors of a generation, mapped into memory; its segments follow each other."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._parts = [(_load(folder, "vectors"), _load(folder, "scales")) for folder in folders]

    def near(self, vector: Floats) -> Nearness:
        """Return how near all documents lie to a vector of length 1."""
        questions, texts = (
            np.concatenate(
                [_NONE, *(_products(vectors[which], vector) * scales[which] for vectors, scales in self._parts)]
            )
            for which in (0, 1)
        )
        return Nearness(questions, texts)


def _stored(vector: Floats, text: int) -> Vector:
    scale = np.float32(np.abs(vector).max() / _LARGEST)
    return Vector(np.rint(vector / scale).astype(np.int8), scale, text)


def _products(vectors: NDArray[np.int8], vector: Floats) -> Floats:
    products, converted = np.empty(len(vectors), np.float32), np.zeros((_ROWS, len(vector)), np.float32)
    for first in range(0, len(vectors), _ROWS):
        rows = vectors[first : first + _ROWS]
        converted[: len(rows)] = rows
        # All rows, also where fewer are left: else the last bit of a product would depend on the place of its vector.
        products[first : first + _ROWS] = np.dot(converted, vector)[: len(rows)]
    return products


def _load(folder: Path, name: str) -> NDArray[np.generic]:
    array: NDArray[np.generic] = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return array.view(np.ndarray)
