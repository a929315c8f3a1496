"""Token ids -> what a transformer makes of each token, by onnxruntime: a deep-learning framework is not needed."""

import ctypes
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import ModelError

Floats = NDArray[np.float32]

#: The option that names the folder of external weights, for a model that is not loaded from a file.
_FOLDER = "session.model_external_initializers_file_folder_path"


class Network:
    """The network in a file, an ONNX model or the weights of a BERT as safetensors. Raises ModelError.

    From here on this process multiplies on one processor: others of a server or a build use the rest, and where two
    wait for each other on a machine that has other work, a product takes four times as long.
    """

    def __init__(self, file: Path, config: Mapping[str, Any]) -> None:
        try:
            import onnxruntime
            from threadpoolctl import threadpool_limits

            from indexer.meaning.bert import bert
        except ModuleNotFoundError as error:
            raise ModelError(file, f"{error.name} is missing: pip install 'factsheets[meaning]'") from error
        threadpool_limits(1, "blas")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # 25 MB less, no slower
        options.log_severity_level = 4  # a fault is raised, and logged once
        model: Path | bytes = file
        if file.suffix != ".onnx":
            model = bert(file, config)
            options.add_session_config_entry(_FOLDER, str(file.resolve().parent))
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
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
        try:
            self([0])
        except Exception as error:  # shapes that do not fit are found only now
            raise ModelError(file, f"onnxruntime cannot run it ({error})") from error

    def __call__(self, ids: Sequence[int]) -> Floats:
        """Return the vectors of some tokens in this order: (tokens, dimensions)."""
        row = np.array([ids], np.int64)
        values = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        vectors: Floats = self._session.run([self._output], {name: values[name] for name in self._inputs})[0][0]
        return vectors


def _hand_back() -> None:
    """Have the C library hand back to the system what was freed: 55 MB where onnxruntime opened a file of 23."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it
        if trim:
            trim(0)
