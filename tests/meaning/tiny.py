"""A BERT small enough to be made in a test: what words mean the same is said, and all else is chance."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

WIDTH, HEADS, LAYERS, INNER, PLACES = 16, 4, 2, 32, 64
CONFIG = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "layer_norm_eps": 1e-12,
}


def tiny_model(folder: Path, *meanings: Iterable[str], seed: int = 1) -> Path:
    """Make a model in a folder, and return that. Words of one of `meanings` are one to it, and unlike all others."""
    folder.mkdir(parents=True)
    vocabulary = {"[CLS]": 0, "[SEP]": 1, "[UNK]": 2}
    tokenizer = Tokenizer(WordLevel(vocabulary, "[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = Lowercase(), Whitespace()
    tokenizer.post_processor = TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 0), ("[SEP]", 1)])
    saved = json.loads(tokenizer.to_str())
    for number, words in enumerate(meanings, start=len(vocabulary)):
        saved["model"]["vocab"] |= dict.fromkeys(words, number)
    (folder / "tokenizer.json").write_text(json.dumps(saved))
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": PLACES}))
    write_safetensors(folder / "model.safetensors", weights(3 + len(meanings), seed))
    return folder


def weights(words: int, seed: int) -> dict[str, NDArray[np.float32]]:
    """Return random weights, under the names that transformers gives them."""
    random = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (words, WIDTH),
        "embeddings.position_embeddings.weight": (PLACES, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    for layer in range(LAYERS):
        linear = {f"attention.self.{one}": (WIDTH, WIDTH) for one in ("query", "key", "value")}
        linear |= {"attention.output.dense": (WIDTH, WIDTH), "intermediate.dense": (INNER, WIDTH)}
        linear |= {"output.dense": (WIDTH, INNER)}
        for name, shape in linear.items():
            shapes[f"encoder.layer.{layer}.{name}.weight"] = shape
            shapes[f"encoder.layer.{layer}.{name}.bias"] = shape[:1]
        for name in ("attention.output", "output"):
            shapes[f"encoder.layer.{layer}.{name}.LayerNorm.weight"] = (WIDTH,)
            shapes[f"encoder.layer.{layer}.{name}.LayerNorm.bias"] = (WIDTH,)
    made = {name: random.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    made["embeddings.position_embeddings.weight"] *= 0.1  # what stands there counts, and hardly where
    for name in made:
        if name.endswith("LayerNorm.weight"):
            made[name] += 1
        elif name.endswith("bias"):
            made[name] *= 0.1
    return made


def write_safetensors(file: Path, tensors: Mapping[str, NDArray[np.float32] | NDArray[np.float16]]) -> None:
    """Write weights as the safetensors library does."""
    header, body = {"__metadata__": {"format": "pt"}}, b""
    entries: dict[str, object] = dict(header)
    for name, tensor in tensors.items():
        kind = {"float32": "F32", "float16": "F16", "int64": "I64"}[str(tensor.dtype)]
        entries[name] = {"dtype": kind, "shape": tensor.shape, "data_offsets": [len(body), len(body) + tensor.nbytes]}
        body += tensor.tobytes()
    encoded = json.dumps(entries).encode()
    encoded += b" " * (-len(encoded) % 8)
    file.write_bytes(len(encoded).to_bytes(8, "little") + encoded + body)
