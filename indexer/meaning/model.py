"""A sentence-embedding model: text -> a vector of length 1, so that texts that mean nearly the same have near vectors.

A model is a folder as sentence-transformers writes it, exported once; nothing is ever fetched from here:

    tokenizer.json                        text to ids
    model.onnx, or model.safetensors      ids to vectors of tokens; the first that is there, also in a folder onnx/
    config.json                           what kind of network it is; for safetensors
    sentence_bert_config.json             how many tokens of a text are read (max_seq_length)
    1_Pooling/config.json                 whether a text has the mean of its tokens' vectors, or that of the first
"""

import hashlib
import json
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from indexer.errors import ModelError
from indexer.meaning.networks import Floats, Network

_NETWORKS = ("model.onnx", "onnx/model.onnx", "model.safetensors")
_CONFIG, _POOLING, _LENGTH = "config.json", "1_Pooling/config.json", "sentence_bert_config.json"
#: What decides about vectors beside the network itself.
_DECIDING = ("tokenizer.json", _CONFIG, _POOLING, _LENGTH)

#: How many tokens are read of a text where the folder does not say: as many as BERT has places for.
_MOST_TOKENS = 512


class Model:
    """The model in a folder. Raises ModelError, naming the file, when it cannot be used.

    What is large is opened at the first text, so that each process of a build opens its own.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        networks = [folder / name for name in _NETWORKS if (folder / name).is_file()]
        if not networks:
            raise ModelError(folder, f"no model is in it: {' or '.join(_NETWORKS)}")
        self._network_file = networks[0]
        if not (folder / "tokenizer.json").is_file():
            raise ModelError(folder, "no tokenizer.json is in it")
        pooling = _json(folder / _POOLING)
        self._takes_first = pooling.get("pooling_mode_cls_token", False)
        if not (self._takes_first or pooling.get("pooling_mode_mean_tokens", True)):
            raise ModelError(folder / _POOLING, "it takes neither the mean nor the first token")
        places = _tokens(folder / _CONFIG, "max_position_embeddings")
        self._most_tokens = min(_tokens(folder / _LENGTH, "max_seq_length"), places)

    @cached_property
    def digest(self) -> str:
        """A hash of all that decides about its vectors: those of another model have nothing to do with them."""
        digest = hashlib.sha256()
        network = sorted(
            self._network_file.parent.glob(f"{self._network_file.name}*")
        )  # ONNX may have its weights aside
        for file in filter(Path.is_file, [*network, *(self.folder / name for name in _DECIDING)]):
            with file.open("rb") as opened:
                digest.update(file.name.encode() + hashlib.file_digest(opened, "sha256").digest())
        return digest.hexdigest()[:16]

    def embed(self, text: str) -> Floats:
        """Return the vector of a text, of length 1. It depends on nothing else; of a long text the end is not read."""
        vectors = self._network(self._tokenizer.encode(text).ids)
        vector: Floats = vectors[0] if self._takes_first else vectors.mean(axis=0)
        vector /= np.linalg.norm(vector)
        return vector

    @cached_property
    def _tokenizer(self) -> Any:
        file = self.folder / "tokenizer.json"
        try:
            from tokenizers import Tokenizer
        except ModuleNotFoundError as error:
            raise ModelError(file, "tokenizers is missing: pip install 'factsheets[meaning]'") from error
        try:
            tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # it has no class of its own for files that it cannot read
            raise ModelError(file, f"tokenizers cannot read it ({error})") from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._most_tokens)
        return tokenizer

    @cached_property
    def _network(self) -> Network:
        return Network(self._network_file, _json(self.folder / _CONFIG))


def open_model(named: Path | str | None) -> Model | None:
    """Return the model in a folder, or in an installed package of that name; None for None. Raises ModelError."""
    if named is None:
        return None
    folder = Path(named)
    if folder.is_dir():
        return Model(folder)
    package = str(named).replace("-", "_")
    found = find_spec(package) if package.isidentifier() else None
    if found is None or not found.submodule_search_locations:
        raise ModelError(folder, "there is no such folder, and no such package is installed")
    inside = Path(found.submodule_search_locations[0])
    tokenizer = next(iter(sorted(inside.rglob("tokenizer.json"))), inside / "tokenizer.json")
    return Model(tokenizer.parent)


def _tokens(file: Path, key: str) -> int:
    """Return the number of tokens that a file of a model's folder gives by a key."""
    value = _json(file).get(key) or _MOST_TOKENS
    if not isinstance(value, int) or value < 1:
        raise ModelError(file, f"{key} is no number of tokens: {value!r}")
    return value


def _json(file: Path) -> dict[str, Any]:
    """Return what a file of a model's folder says; nothing where there is none."""
    try:
        found = json.loads(file.read_bytes()) if file.is_file() else {}
    except ValueError as error:
        raise ModelError(file, f"it is no JSON ({error})") from error
    if not isinstance(found, dict):
        raise ModelError(file, "it is no JSON object")
    return found
