"""The weights of a BERT in a safetensors file -> the network as an ONNX model, which finds them where they lie.

The encoder of Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers" (NAACL 2019), which is the one of
Vaswani et al., "Attention Is All You Need" (2017), for one text at a time. The model has no numbers of its own: it says
at which byte of the file each weight begins, so that processes share those that onnxruntime does not lay out anew.

Its operators: https://onnx.ai/onnx/operators/.
"""

import json
from collections.abc import Mapping
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper  # the ONNX project's own package builds the message

from indexer.errors import ModelError

#: Types of numbers: safetensors' names -> ONNX's codes.
_TYPES = {"F32": TensorProto.FLOAT, "F16": TensorProto.FLOAT16}
#: The versions of the operators and of the format: the first with a LayerNormalization, and the format of its time.
_OPERATORS, _FORMAT = 17, 8


class _Weight(NamedTuple):
    """Where a weight lies in its file: bytes from `start` to `end`."""

    type: int
    shape: list[int]
    start: int
    end: int


def bert(file: Path, config: Mapping[str, Any]) -> bytes:
    """Return the network as an ONNX model: input_ids (1, tokens) -> vectors (1, tokens, dimensions). Raises ModelError.

    Its weights lie in the folder of `file`, where links to it end; `config` says how many heads and layers there are.
    """
    if (config.get("model_type"), config.get("hidden_act")) != ("bert", "gelu"):
        raise ModelError(file, "only a BERT with gelu can be run from safetensors: export this one as ONNX")
    try:
        weights = _weights(file)
    except (KeyError, TypeError, ValueError, AttributeError, MemoryError, OverflowError) as error:
        raise ModelError(file, f"it is no safetensors file ({error})") from error
    try:
        heads, layers, epsilon = (config[n] for n in ("num_attention_heads", "num_hidden_layers", "layer_norm_eps"))
        return _Bert(file.resolve().name, weights, float(epsilon)).model(int(heads), int(layers))
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise ModelError(file, f"these are not the weights that config.json describes ({error})") from error


class _Bert:
    """A network that is put together operator by operator; each returns the name of what it makes."""

    def __init__(self, file: str, weights: Mapping[str, _Weight], epsilon: float) -> None:
        self._file, self._weights, self._epsilon = file, weights, epsilon
        self._nodes: list[Any] = []
        self._known: dict[str, Any] = {}

    def model(self, heads: int, layers: int) -> bytes:
        """Return the whole network."""
        words, places, kinds = (f"embeddings.{name}_embeddings.weight" for name in ("word", "position", "token_type"))
        ids = self._op("Reshape", "input_ids", self._numbers([-1]))
        x = self._op("Gather", self._weight(words), ids)
        first = self._numbers([0])
        x = self._op("Add", x, self._op("Slice", self._weight(places), first, self._op("Shape", ids)))
        x = self._op("Add", x, self._op("Slice", self._weight(kinds), first, self._numbers([1])))
        x = self._normalized(x, "embeddings.LayerNorm")
        width = self._weights[words].shape[1]
        if width % heads:
            raise ValueError(f"{width} numbers are not {heads} heads")
        for layer in range(layers):
            name = f"encoder.layer.{layer}"
            attended = self._attention(x, f"{name}.attention.self", heads, width)
            attended = self._linear(attended, f"{name}.attention.output.dense")
            x = self._normalized(self._op("Add", x, attended), f"{name}.attention.output.LayerNorm")
            inner = self._gelu(self._linear(x, f"{name}.intermediate.dense"))
            inner = self._linear(inner, f"{name}.output.dense")
            x = self._normalized(self._op("Add", x, inner), f"{name}.output.LayerNorm")
        self._op("Reshape", x, self._numbers([1, -1, width]), makes="vectors")
        return self._message()

    def _attention(self, x: str, name: str, heads: int, width: int) -> str:
        """Return for each token what it takes from all: softmax(QK' / sqrt(d)) V, each head for itself."""
        size = width // heads
        apart = self._numbers([-1, heads, size])
        q, k, v = (
            self._op("Transpose", self._op("Reshape", self._linear(x, f"{name}.{one}"), apart), perm=order)
            for one, order in (("query", (1, 0, 2)), ("key", (1, 2, 0)), ("value", (1, 0, 2)))
        )
        likes = self._op("Div", self._op("MatMul", q, k), self._number(sqrt(size)))
        attended = self._op("MatMul", self._op("Softmax", likes, axis=-1), v)
        return self._op("Reshape", self._op("Transpose", attended, perm=(1, 0, 2)), self._numbers([-1, width]))

    def _gelu(self, x: str) -> str:
        """Return x * P(X <= x) of a standard normal X."""
        below = self._op("Add", self._op("Erf", self._op("Div", x, self._number(sqrt(2)))), self._number(1))
        return self._op("Mul", self._op("Mul", x, below), self._number(0.5))

    def _linear(self, x: str, name: str) -> str:
        return self._op("Gemm", x, self._weight(f"{name}.weight"), self._weight(f"{name}.bias"), transB=1)

    def _normalized(self, x: str, name: str) -> str:
        weight, bias = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._op("LayerNormalization", x, weight, bias, axis=-1, epsilon=self._epsilon)

    def _op(self, kind: str, *inputs: str, makes: str = "", **attributes: Any) -> str:
        makes = makes or f"{len(self._nodes)} {kind}"
        self._nodes.append(helper.make_node(kind, inputs, [makes], **attributes))
        return makes

    def _weight(self, name: str) -> str:
        """Return a weight as numbers of 32 bits; onnxruntime reads it from its place in the file."""
        weight = self._weights[name]
        if name not in self._known:
            tensor = TensorProto(name=name, dims=weight.shape, data_type=weight.type)
            tensor.data_location = TensorProto.EXTERNAL
            place = {"location": self._file, "offset": weight.start, "length": weight.end - weight.start}
            for key, value in place.items():
                tensor.external_data.add(key=key, value=str(value))
            self._known[name] = tensor
        return name if weight.type == TensorProto.FLOAT else self._op("Cast", name, to=TensorProto.FLOAT)

    def _numbers(self, values: list[int]) -> str:
        return self._constant(np.array(values, np.int64))

    def _number(self, value: float) -> str:
        return self._constant(np.array(value, np.float32))

    def _constant(self, values: NDArray[Any]) -> str:
        name = str(values.tolist())
        self._known[name] = numpy_helper.from_array(values, name)
        return name

    def _message(self) -> bytes:
        """Return the operators as a model: their order, the weights, what goes in and what comes out."""
        graph = helper.make_graph(
            self._nodes,
            "BERT",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [None, None])],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, [None, None, None])],
            [*self._known.values()],
        )
        operators = [helper.make_opsetid("", _OPERATORS)]
        model: bytes = helper.make_model(graph, opset_imports=operators, ir_version=_FORMAT).SerializeToString()
        return model


def _weights(file: Path) -> dict[str, _Weight]:
    """Return where the weights of a file lie by their names: its length, a header in JSON, then the numbers themselves.

    Source: https://github.com/huggingface/safetensors#format
    """
    with file.open("rb") as opened:
        body = 8 + int.from_bytes(opened.read(8), "little")
        header = json.loads(opened.read(body - 8))
    size, found = file.stat().st_size, {}
    for name, tensor in header.items():
        if tensor.get("dtype") in _TYPES:  # others, such as the numbers of places, are no weights
            start, end = (body + offset for offset in tensor["data_offsets"])
            if not body <= start <= end <= size:
                raise ValueError(f"{name} is not in it")
            found[name.removeprefix("bert.")] = _Weight(_TYPES[tensor["dtype"]], tensor["shape"], start, end)
    return found
