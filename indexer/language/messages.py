"""Which sentences of a message ask something. The others tell the story around the question."""

import re

from indexer.language.analysis import words
from indexer.language.sentences import sentence_spans

#: Where the subject line of a message that was sent by a form begins, and where it ends.
_SUBJECT, _TEXT = re.compile(r"\bsubject:", re.IGNORECASE), re.compile(r"\bmessage:|\n", re.IGNORECASE)
#: How a question or a request begins that has no question mark: a question word, an auxiliary verb, or a wish.
_REQUEST = re.compile(
    r"(?:(?:and|but|so|also|please|then)\W+)*+(?:what|how|why|when|where|who|which|whose|is|are|was|were|do|does|did|can"
    r"|could|will|would|should|may|might|has|have|tell|explain|i (?:want|need|would like|'d like|wonder)|looking for"
    r"|any (?:information|advice|help|idea))\b",
    re.IGNORECASE,
)


def asking_words(text: str) -> frozenset[str]:
    """Return the words of a message's questions and of its subject line, as typed. Without a story, there are none.

    Sentences with a question mark are its questions. Without any, the last sentence that begins like a question is.

    >>> sorted(asking_words("My aunt has gout. She is 50. What helps?"))
    ['What', 'helps']
    """
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    asking = [sentence for sentence in sentences if sentence.rstrip("\"' )").endswith("?")]
    asking = asking or [sentence for sentence in sentences if _REQUEST.match(sentence)][-1:]
    if not asking or len(asking) == len(sentences):
        return frozenset()
    subject = _SUBJECT.search(text)
    subject_line = _TEXT.split(text[subject.end() :], maxsplit=1)[0] if subject else ""
    return frozenset(word for part in (*asking, subject_line) for word in words(part))
