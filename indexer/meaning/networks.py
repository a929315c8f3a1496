"""Token ids -> what a transformer makes of each token, without any deep-learning framework.

An ONNX file is run by onnxruntime. The weights of a BERT in a safetensors file are multiplied here: the encoder of
Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers" (NAACL 2019), which is the one of Vaswani et al.,
"Attention Is All You Need" (2017), for one text at a time. It takes 2.3 times as long as onnxruntime.
"""

import ctypes
import json
import sys
from collections.abc import Mapping, Sequence
from math import sqrt
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import ModelError

Floats = NDArray[np.float32]

_TYPES = {"F32": np.float32, "F16": np.float16}


class Network(Protocol):
    """What gives each token of a text a vector: (tokens) -> (tokens, dimensions)."""

    def __call__(self, ids: Sequence[int]) -> Floats:
        """Return the vectors of some tokens that stand in this order."""


def open_network(file: Path, config: Mapping[str, Any]) -> Network:
    """Return the network in a file. Raises ModelError.

    From here on this process multiplies on one processor: others of a server or a build use the rest, and where two
    wait for each other on a machine that has other work, a product takes four times as long.
    """
    try:
        import onnxruntime
        from threadpoolctl import threadpool_limits
    except ModuleNotFoundError as error:
        raise ModelError(file, f"{error.name} is missing: pip install 'factsheets[meaning]'") from error
    threadpool_limits(1, "blas")
    return Onnx(file, onnxruntime) if file.suffix == ".onnx" else Bert(file, config)


class Onnx:
    """A network in an ONNX file."""

    def __init__(self, file: Path, onnxruntime: Any) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # 25 MB less, no slower
        try:
            self._session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # it has no class of its own for files that it cannot read
            raise ModelError(file, f"onnxruntime cannot read it ({error})") from error
        _hand_back()
        self._inputs = [one.name for one in self._session.get_inputs()]
        if unknown := {*self._inputs} - {"input_ids", "attention_mask", "token_type_ids"}:
            raise ModelError(file, f"it asks for more than a text: {', '.join(sorted(unknown))}")
        outputs = [one.name for one in self._session.get_outputs() if len(one.shape) == 3]
        if not outputs:
            raise ModelError(file, "it gives no vectors of tokens")
        self._output = outputs[0]

    def __call__(self, ids: Sequence[int]) -> Floats:
        """Return the vectors of some tokens that stand in this order."""
        row = np.array([ids], np.int64)
        values = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        vectors: Floats = self._session.run([self._output], {name: values[name] for name in self._inputs})[0][0]
        return vectors


class Bert:
    """A BERT whose weights stand in a safetensors file, which is mapped into memory: processes share it."""

    def __init__(self, file: Path, config: Mapping[str, Any]) -> None:
        if (config.get("model_type"), config.get("hidden_act")) != ("bert", "gelu"):
            raise ModelError(file, "only a BERT with gelu can be run from safetensors: export this one as ONNX")
        self._weights = _safetensors(file)
        try:
            self._heads, self._layers = config["num_attention_heads"], config["num_hidden_layers"]
            self._epsilon = np.float32(config["layer_norm_eps"])
            self([0])
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(file, f"these are not the weights that config.json tells of ({error})") from error

    def __call__(self, ids: Sequence[int]) -> Floats:
        """Return the vectors of some tokens that stand in this order."""
        words, places, kinds = (
            self._weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        x = self._normalized(words[ids] + places[: len(ids)] + kinds[0], "embeddings.LayerNorm")
        for layer in range(self._layers):
            name = f"encoder.layer.{layer}"
            attended = self._linear(self._attention(x, f"{name}.attention.self"), f"{name}.attention.output.dense")
            x = self._normalized(x + attended, f"{name}.attention.output.LayerNorm")
            inner = _gelu(self._linear(x, f"{name}.intermediate.dense"))
            x = self._normalized(x + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return x

    def _attention(self, x: Floats, name: str) -> Floats:
        """Return for each token what it takes from all: softmax(QK' / sqrt(d)) V, each head for itself."""
        tokens, width = x.shape
        apart = (tokens, self._heads, width // self._heads)
        q, k, v = (
            self._linear(x, f"{name}.{one}").reshape(apart).transpose(1, 0, 2) for one in ("query", "key", "value")
        )
        weights = q @ k.transpose(0, 2, 1) / np.float32(sqrt(apart[2]))
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        attended: Floats = (weights @ v).transpose(1, 0, 2).reshape(tokens, width)
        return attended

    def _linear(self, x: Floats, name: str) -> Floats:
        product: Floats = x @ self._weights[f"{name}.weight"].T
        product += self._weights[f"{name}.bias"]
        return product

    def _normalized(self, x: Floats, name: str) -> Floats:
        x = x - x.mean(axis=-1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=-1, keepdims=True) + self._epsilon)
        return x * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _hand_back() -> None:
    """Have the C library hand back to the system what was freed: 55 MB where onnxruntime opened a file of 23."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it
        if trim:
            trim(0)


def _gelu(x: Floats) -> Floats:
    """Return x * P(X <= x) of a standard normal X.

    NumPy has no error function; this is 7.1.26 of Abramowitz & Stegun, Handbook of Mathematical Functions, off by
    1.5e-7 at most.
    """
    z = np.abs(x) * np.float32(sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * z)
    tail = np.zeros_like(t)
    for coefficient in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(coefficient)
        tail *= t
    tail *= np.exp(-z * z) / 2  # P(X <= -|x|)
    return x * np.where(x < 0, tail, 1 - tail)


def _safetensors(file: Path) -> dict[str, Floats]:
    """Return the weights of a file by their names: its length, a header in JSON, then the numbers themselves.

    Source: https://github.com/huggingface/safetensors#format
    """
    try:
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            header = json.loads(opened.read(length))
        body = np.memmap(file, np.uint8, "r", offset=8 + length).view(np.ndarray)
        weights = {}
        for name, tensor in header.items():
            if tensor.get("dtype") in _TYPES:  # others, such as the numbers of places, are no weights
                first, end = tensor["data_offsets"]
                values: NDArray[Any] = body[first:end].view(_TYPES[tensor["dtype"]]).reshape(tensor["shape"])
                weights[name.removeprefix("bert.")] = values.astype(np.float32, copy=False)
    except (KeyError, TypeError, ValueError, AttributeError, MemoryError, OverflowError) as error:
        raise ModelError(file, f"it is no safetensors file ({error})") from error
    return weights
