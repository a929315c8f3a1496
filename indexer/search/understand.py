"""Query text -> Understood: the words that count, and the kind of answer that they ask for."""

import unicodedata
from collections.abc import Callable

from indexer.language.analysis import analyse, content_tokens
from indexer.language.question_types import question_type
from indexer.model import Query, Understood


def understand(query: Query, is_indexed: Callable[[str], bool]) -> Understood:
    """Return the terms of a query with the words typed for them, and the kind of answer that it asks for.

    Any text is a question: punctuation parts words and means nothing else. With `exact`, function words count as
    well, and no kind of answer is read into it. `is_indexed` says whether a term stands anywhere in the index.
    """
    text = unicodedata.normalize("NFC", query.text)
    tokens = analyse(text)
    words: dict[str, str] = {}
    for token in tokens if query.exact else content_tokens(tokens):
        words.setdefault(token.term, text[token.start : token.end])
    missing = tuple(word for term, word in words.items() if not is_indexed(term))
    return Understood(words, None if query.exact else question_type(text), missing)
