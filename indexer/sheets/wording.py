"""What a block reads like: a question, a sentence, a mere link."""

import re
from dataclasses import replace

from indexer.language.sentences import sentence_spans
from indexer.model import Block, Link

#: A paragraph with more words is a text that ends in a question. The longest of MedQuAD's has 27.
LONGEST_QUESTION = 40
#: Fewer words are a menu or a button ("Contact us"), not a sentence of an answer.
SHORTEST_SENTENCE = 4
#: Lines of this rank and the next are headings by their looks: labels of parts, and lines all in bold.
LABEL_RANK = 7
_ASKER = re.compile(r"(?:Q(?:uestion)?\s?\d{0,3}\s?[:.)]|\d{1,3}[.)])\s+(?=\S)")
_ANSWERER = re.compile(r"A(?:nswer)?\s?\d{0,3}\s?[:.)]\s+(?=\S)")
_CLOSING = "\"'\u201d\u2019)*"


def asks(text: str) -> bool:
    """Return whether a text ends as a question does, closing quotes and brackets aside."""
    return text.rstrip(_CLOSING).endswith("?")


def is_question(block: Block) -> bool:
    """Return whether a block is one question and nothing else."""
    short = asks(block.text) and len(block.text.split()) <= LONGEST_QUESTION
    return short and block.kind != "table_row" and len(sentence_spans(block.text)) == 1


def says_something(block: Block, *, in_sentences: bool = False) -> bool:
    """Return whether a block is more than a word or two of a menu; `in_sentences`: a full stop tells, not its length."""
    spoken = "." in block.text or block.text[-1] in "!:]" or block.kind in ("list_item", "table_row")
    return spoken or (not in_sentences and len(block.text.split()) >= SHORTEST_SENTENCE)


def is_link(block: Block) -> bool:
    """Return whether a block is a link and nothing else."""
    return any(link.start == 0 and link.end >= len(block.text.rstrip(" .\u00bb\u203a>")) for link in block.links)


def leads_away(block: Block) -> bool:
    """Return whether a block is only a link to another page: a teaser, whose answer stands elsewhere."""
    return is_link(block) and "#" not in block.links[0].url and not block.links[0].url.startswith("javascript:")


def opens_as_question(block: Block) -> bool:
    """Return whether a line says itself that a question begins: "Q: ..."."""
    return _ASKER.match(block.text) is not None and block.text[0] == "Q"


def unlabelled_question(block: Block) -> Block:
    """Return a question without "Q:" or its number: they count it on the page and ask nothing."""
    return _from(block, _ASKER.match(block.text))


def unlabelled_answer(block: Block) -> Block:
    """Return the first block of an answer without "A:"."""
    return _from(block, _ANSWERER.match(block.text))


def _from(block: Block, label: re.Match[str] | None) -> Block:
    if label is None:
        return block
    cut = label.end()
    links = tuple(Link(max(link.start - cut, 0), link.end - cut, link.url) for link in block.links if link.end > cut)
    return replace(block, text=block.text[cut:], links=links)
