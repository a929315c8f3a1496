"""The engines of others, each on the same documents, fields, weights and stop words.

A peer is built into a directory and opened from it. `rank` is what is timed: a question as it was typed to ten handles
of documents, whatever they are in that engine; `numbers` says afterwards which documents they are. So no peer pays for
looking its documents up. The packages are imported where they are used: a fresh process measures one engine alone.
"""

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

#: The text fields with their weights: title, other names, question and answer.
WEIGHTS = {"name": 3.0, "other_names": 2.0, "question": 2.0, "answer": 1.0}

_STOP_WORDS = Path(__file__).parents[2] / "indexer" / "language" / "function_words.txt"  # the package stays unimported
STOP_WORDS = sorted({w for line in _STOP_WORDS.read_text("utf-8").splitlines() for w in line.partition("#")[0].split()})
_STOP_SET = frozenset(STOP_WORDS)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Answer:
    """A document as every engine gets it: the text of each field. `judged_as` is its name in the judgements."""

    id: str
    judged_as: str
    sheet_id: str
    names: tuple[str, ...]
    texts: dict[str, str]


def words(text: str) -> list[str]:
    """Return the words of a question: what is left is no operator in any query language."""
    return _WORD.findall(text.lower())


class Peer:
    """An engine, opened from the directory that `build` wrote. Answers are known by their place in the list."""

    name: ClassVar[str]
    packages: ClassVar[tuple[str, ...]]  # what a process imports to open it

    def __init__(self, directory: Path) -> None:
        raise NotImplementedError

    @classmethod
    def build(cls, answers: Sequence[Answer], directory: Path) -> None:
        """Write an index of all answers into an empty directory."""
        raise NotImplementedError

    def rank(self, text: str, limit: int = 10) -> Any:
        """Return the best answers to a question, as handles of the engine's own."""
        raise NotImplementedError

    def numbers(self, hits: Any) -> Iterable[int]:
        """Return the places of answers, best first."""
        raise NotImplementedError

    def replace(self, changed: Mapping[int, Answer]) -> None:
        """Put changed answers in the place of the old ones, to be found by the next question."""
        raise NotImplementedError


class Whoosh(Peer):
    """Whoosh as its documentation uses it: StemmingAnalyzer (Porter), BM25F, any of the words."""

    name = "plain Whoosh"
    packages = ("whoosh.index", "whoosh.qparser", "whoosh.highlight")

    def __init__(self, directory: Path) -> None:
        from whoosh.index import open_dir
        from whoosh.qparser import MultifieldParser, OrGroup

        self._index = open_dir(str(directory))
        self._searcher = self._index.searcher()
        self._parser = MultifieldParser(list(WEIGHTS), self._index.schema, fieldboosts=WEIGHTS, group=OrGroup)

    @classmethod
    def build(cls, answers: Sequence[Answer], directory: Path) -> None:
        from whoosh.analysis import StemmingAnalyzer
        from whoosh.fields import NUMERIC, TEXT, Schema
        from whoosh.index import create_in

        texts = {name: TEXT(analyzer=StemmingAnalyzer(stoplist=STOP_WORDS), stored=True) for name in WEIGHTS}
        writer = create_in(str(directory), Schema(number=NUMERIC(stored=True, unique=True), **texts)).writer()
        for number, answer in enumerate(answers):
            writer.add_document(number=number, **answer.texts)
        writer.commit()

    def rank(self, text: str, limit: int = 10) -> Any:
        return self._searcher.search(self._parser.parse(" ".join(words(text))), limit=limit)

    def search(self, text: str) -> list[tuple[dict[str, Any], str]]:
        """Return ten answers as they are stored, each with the fragments that Whoosh's highlighter picks."""
        return [(hit.fields(), hit.highlights("answer")) for hit in self.rank(text)]

    def numbers(self, hits: Any) -> Iterable[int]:
        return [hit["number"] for hit in hits]

    def replace(self, changed: Mapping[int, Answer]) -> None:
        writer = self._index.writer()
        for number, answer in changed.items():
            writer.update_document(number=number, **answer.texts)
        writer.commit()
        self._searcher = self._index.searcher()


class Tantivy(Peer):
    """tantivy-py: Snowball stems, any of the words, the best ten without counting the rest (its faster way).

    Written by one thread, into one segment: two threads write 1.6 times as fast, but every search then takes 1.5 times
    as long (p50 of 200 questions on 16,423 answers: 0.20 and 0.30 ms).
    """

    name = "tantivy"
    packages = ("tantivy",)
    weights: ClassVar[dict[str, float]] = WEIGHTS

    def __init__(self, directory: Path) -> None:
        tantivy = import_module("tantivy")
        self._index = tantivy.Index.open(str(directory))
        self._register(tantivy, self._index)
        self._searcher = self._index.searcher()

    @classmethod
    def build(cls, answers: Sequence[Answer], directory: Path) -> None:
        tantivy = import_module("tantivy")
        builder = tantivy.SchemaBuilder().add_unsigned_field("number", stored=True, indexed=True)
        for name in cls.weights:
            builder.add_text_field(name, tokenizer_name="stemmed")
        index = tantivy.Index(builder.build(), path=str(directory))
        cls._register(tantivy, index)
        cls._write(index, dict(enumerate(answers)), old=())

    @staticmethod
    def _register(tantivy: Any, index: Any) -> None:
        of = tantivy.Filter
        filters = (of.lowercase(), of.ascii_fold(), of.custom_stopword(STOP_WORDS), of.stemmer("english"))
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        for one in filters:
            analyzer = analyzer.filter(one)
        index.register_tokenizer("stemmed", analyzer.build())

    @classmethod
    def _write(cls, index: Any, answers: Mapping[int, Answer], old: Iterable[int]) -> None:
        document = import_module("tantivy").Document
        writer = index.writer(heap_size=256_000_000, num_threads=1)
        for number in old:
            writer.delete_documents_by_term("number", number)
        for number, answer in answers.items():
            writer.add_document(document.from_dict({"number": number} | cls._texts(answer), index.schema))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()

    @classmethod
    def _texts(cls, answer: Answer) -> dict[str, str]:
        return answer.texts

    def rank(self, text: str, limit: int = 10) -> Any:
        query = self._index.parse_query(" ".join(words(text)), list(self.weights), self.weights)
        return self._searcher.search(query, limit, count=False).hits

    def numbers(self, hits: Any) -> Iterable[int]:
        return [self._searcher.doc(address)["number"][0] for _, address in hits]

    def replace(self, changed: Mapping[int, Answer]) -> None:
        self._write(self._index, changed, old=changed)
        self._searcher = self._index.searcher()


class TantivyOneField(Tantivy):
    """tantivy-py with one field, in which each text stands as often as its field weighs."""

    name = "tantivy, one weighted field"
    weights: ClassVar[dict[str, float]] = {"text": 1.0}

    @classmethod
    def _texts(cls, answer: Answer) -> dict[str, str]:
        return {"text": weighted(answer)}


class Fts5(Peer):
    """SQLite FTS5: Porter stems, bm25() with the weights, any of the words."""

    name = "SQLite FTS5"
    packages = ("sqlite3",)

    def __init__(self, directory: Path) -> None:
        self._rows = sqlite3.connect(directory / "fts5.db")

    @classmethod
    def build(cls, answers: Sequence[Answer], directory: Path) -> None:
        rows = sqlite3.connect(directory / "fts5.db")
        tokenizer = "porter unicode61 remove_diacritics 2"
        rows.execute(f"CREATE VIRTUAL TABLE answers USING fts5({', '.join(WEIGHTS)}, tokenize='{tokenizer}')")
        formula = f"bm25({', '.join(map(str, WEIGHTS.values()))})"
        rows.execute("INSERT INTO answers(answers, rank) VALUES ('rank', ?)", [formula])
        values = ((number, *(answer.texts[name] for name in WEIGHTS)) for number, answer in enumerate(answers))
        rows.executemany(f"INSERT INTO answers(rowid, {', '.join(WEIGHTS)}) VALUES (?, ?, ?, ?, ?)", values)  # noqa: S608
        rows.commit()
        rows.close()

    def rank(self, text: str, limit: int = 10) -> Any:
        asked = words(text)
        query = " OR ".join(f'"{word}"' for word in [w for w in asked if w not in _STOP_SET] or asked)
        found = "SELECT rowid FROM answers WHERE answers MATCH ? ORDER BY rank LIMIT ?"
        return self._rows.execute(found, [query, limit]).fetchall() if query else []

    def numbers(self, hits: Any) -> Iterable[int]:
        return [number for (number,) in hits]

    def replace(self, changed: Mapping[int, Answer]) -> None:
        assignments = ", ".join(f"{name} = ?" for name in WEIGHTS)
        values = [(*(answer.texts[name] for name in WEIGHTS), number) for number, answer in changed.items()]
        self._rows.executemany(f"UPDATE answers SET {assignments} WHERE rowid = ?", values)  # noqa: S608
        self._rows.commit()


class Bm25s(Peer):
    """bm25s, NumPy its backend: Snowball stems, one field in which each text stands as often as its field weighs.

    It imports numba where that is installed, which takes half a second and 100 MB.
    """

    name = "bm25s"
    packages = ("bm25s", "bm25s.tokenization", "Stemmer")

    def __init__(self, directory: Path) -> None:
        self._tokenizer = self._new_tokenizer()
        self._tokenizer.load_vocab(str(directory))
        self._retriever = import_module("bm25s").BM25.load(str(directory), mmap=True, show_progress=False)

    @classmethod
    def build(cls, answers: Sequence[Answer], directory: Path) -> None:
        tokenizer, retriever = cls._new_tokenizer(), import_module("bm25s").BM25()
        tokens = tokenizer.tokenize([weighted(one) for one in answers], return_as="tuple", show_progress=False)
        retriever.index(tokens, show_progress=False)
        retriever.save(str(directory), show_progress=False)
        tokenizer.save_vocab(str(directory))

    @staticmethod
    def _new_tokenizer() -> Any:
        stemmer = import_module("Stemmer").Stemmer("english")
        return import_module("bm25s.tokenization").Tokenizer(stemmer=stemmer, stopwords=STOP_WORDS)

    def rank(self, text: str, limit: int = 10) -> Any:
        terms = self._tokenizer.tokenize([text], update_vocab=False, show_progress=False)
        return self._retriever.retrieve(terms, k=limit, show_progress=False)

    def numbers(self, hits: Any) -> Iterable[int]:
        documents, scores = hits
        return [int(number) for number, score in zip(documents[0], scores[0], strict=True) if score > 0]


PEERS: tuple[type[Peer], ...] = (Whoosh, Tantivy, TantivyOneField, Fts5, Bm25s)


def weighted(answer: Answer) -> str:
    """Return the fields of an answer as one text."""
    return " ".join(f"{answer.texts[name]} " * int(weight) for name, weight in WEIGHTS.items())
