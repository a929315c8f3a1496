"""What makes a site its owner's: words, labels of kinds, example questions, colours and logo."""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, Response, g, send_file
from werkzeug.local import LocalProxy

from indexer import Engine, Query, QuestionType, question_types
from indexer.errors import IndexStateError, QueryTooSlowError
from indexer.model import FactSheet
from indexer.settings import Settings

#: How many sheets give examples. Three lines fit above the fold of a phone.
_EXAMPLES = 3
#: Two words in a row of five letters or more: names and things, seldom function words.
_PHRASE = re.compile(r"\b[^\W\d_]{5,} [^\W\d_]{5,}\b")
_LONG_WORD = re.compile(r"\b[^\W\d_]{6,}\b")


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples that find something here: questions to begin with, and a phrase and a word for "How to ask"."""

    questions: tuple[str, ...]
    phrase: str | None
    word: str | None


class SiteWords:
    """The settings and examples of a site, with defaults that depend on the collection that is served now."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = {health: settings.for_collection(health) for health in (True, False)}
        self._examples: dict[str, Examples] = {}  # of the generation that is served, by when it was built
        self._dated: dict[str, bool] = {}  # the same

    def settings(self) -> Settings:
        """Return the settings for the collection."""
        return self._settings[bool(self.kinds()) and self.kinds() == question_types()]

    def publisher(self, source: str | None) -> str | None:
        """Return the full name of a source, or the name that its sheets give."""
        return {name.source: name.name for name in self.settings().sources}.get(source or "", source)

    def urgent(self, question: str) -> list[str]:
        """Return the notices for a question that contains one of their words."""
        return [notice.text for notice in self.settings().urgent if any(_has(question, word) for word in notice.words)]

    def labels(self) -> dict[str, str]:
        """Return the labels of the kinds of answer."""
        return _labels(self.kinds())

    def kinds(self) -> tuple[QuestionType, ...]:
        """Return the kinds of answer that the collection has, looked up once a request; none without an index."""
        if "kinds" not in g:
            g.kinds = ()
            with suppress(IndexStateError):
                g.kinds = self._engine.kinds()
        kinds: tuple[QuestionType, ...] = g.kinds
        return kinds

    def dated(self) -> bool:
        """Return whether any answer has a date: if none has, no page says that one lacks it."""
        with suppress(IndexStateError, QueryTooSlowError):
            key = self._engine.generation().built_at
            if key not in self._dated:
                self._dated = {key: bool(self._engine.coverage().years)}
            return self._dated[key]
        return False

    def examples(self) -> Examples:
        """Return examples: the questions in the settings that find something, or else some of the collection."""
        with suppress(IndexStateError, QueryTooSlowError):
            key = self._engine.generation().built_at
            if key not in self._examples:
                self._examples = {key: self._new_examples()}
            return self._examples[key]
        return Examples((), None, None)

    def _new_examples(self) -> Examples:
        engine, given = self._engine, self.settings().examples
        _, total = engine.sheets(0, 1)
        places = dict.fromkeys(total * part // (_EXAMPLES + 1) for part in range(1, _EXAMPLES + 1))
        listed = [sheet for place in places for sheet in engine.sheets(place, 1)[0]]
        sheets = [sheet for entry in listed if (sheet := engine.sheet(entry.id))]
        questions = [text for text in given if engine.rank(Query(text))] or [
            _example(sheet, number) for number, sheet in enumerate(sheets)
        ]
        text = "\n".join(document.answer for sheet in sheets for document in sheet.documents)
        names = " ".join(sheet.header.title for sheet in sheets)
        phrase, word = _PHRASE.search(text), _LONG_WORD.search(names)
        return Examples(tuple(dict.fromkeys(questions)), phrase and phrase[0].lower(), word and word[0].lower())


def _has(question: str, words: str) -> bool:
    """Return whether a question contains some words, whatever their case and the punctuation around them."""
    return f" {_plain(words)} " in f" {_plain(question)} "


def _plain(text: str) -> str:
    """Return the letters and digits of a text in small letters, with single spaces between the words."""
    return " ".join("".join(char if char.isalnum() else " " for char in text.casefold()).split())


@lru_cache(maxsize=8)
def _labels(kinds: tuple[QuestionType, ...]) -> dict[str, str]:
    return {kind.id: kind.label for kind in kinds}


def _example(sheet: FactSheet, number: int) -> str:
    """Return the name of a sheet for the first example, and one of its questions for the others."""
    title = sheet.header.title
    if number == 0:
        return title
    questions = [document.question for document in sheet.documents if document.question != title] or [title]
    question = questions[min(number, len(questions)) - 1]
    return question if title.casefold() in question.casefold() else f"{title}: {question}"


def register(app: Flask, words: SiteWords, settings: Settings) -> None:
    """Give the templates of an application the words of its site, and serve its colours and logo."""
    app.jinja_env.globals.update(
        settings=LocalProxy(words.settings),
        labels=LocalProxy(words.labels),
        dated=LocalProxy(words.dated),
        publisher=words.publisher,
    )

    themes = {"light": settings.accent, "dark": settings.accent_dark}
    rules = [
        f"@media (prefers-color-scheme: {theme}) {{ :root {{ --accent: {colour}; }} }}\n"
        for theme, colour in themes.items()
        if colour
    ]

    if rules:

        @app.get("/site/colours.css")
        def colours() -> Response:
            return _cached(Response("".join(rules), content_type="text/css; charset=utf-8"), settings)

    if image := settings.logo:

        @app.get("/site/logo")
        def logo() -> Response:
            return _cached(send_file(image.resolve()), settings)


def _cached(response: Response, settings: Settings) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={settings.cache_seconds}"
    return response
