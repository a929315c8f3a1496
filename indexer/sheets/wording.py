"""What a block reads like: a question, a sentence, a mere link."""

import re
from collections.abc import Sequence
from http import HTTPStatus

from indexer.language.sentences import sentence_spans
from indexer.model import Block

#: A paragraph with more words is a text that ends in a question. The longest of MedQuAD's has 27.
LONGEST_QUESTION = 40
#: Fewer words are a menu or a button ("Contact us"), not a sentence of an answer.
SHORTEST_SENTENCE = 4
_ASKER = re.compile(
    r"(?:Q(?:uestion)?[\s-]?[A-Z]?\d{0,3}\s?[:.)]|\(\d{1,3}\)|\d{1,3}(?:\.\d{1,3})*[:.)]|\d{1,3}(?:\.\d{1,3})+(?=\s+[A-Z]))\s+(?=\S)"
)
_BRACKET = re.compile(r"(?<=\?)\s*\([^()]*\)$")
_OWNER = re.compile(
    r"(?:\u00a9|(?i:copyright)\b|\([cC]\)\s)\W*(?:(?i:copyright)\W*)?(?:\d{4}|[A-Z])|(?i:all rights reserved)"
    r"|(?i:next review(?: due)?(?: date)?(?::| \d))"
)
#: Markers at the end of a heading; a text of nothing else, which none ends, would take the square of its length.
_MARKERS = re.compile(r"(?:\s?(?:\[\^?\d{1,3}\]|[\u2070\u00b9\u00b2\u00b3\u2074-\u2079])){1,30}$")
#: Headings about the page, its site and what else to read: never about its subject.
_ABOUT_THE_PAGE = re.compile(
    r"about (?:this|the (?:authors?|site|page)|us\b)|contact|related|see also|more (?:information|on|about|from|help)"
    r"|further (?:information|reading|help)|additional (?:information|resources)"
    r"|(?:other |useful )?(?:resources|links)\b"
    r"|share|follow us|feedback|comments|disclaimer|copyright|privacy|navigation|menu|contents|on this page|in this"
    r"|table of|authors?\b|acknowledge?ments?|popular|latest|news\b|featured|subscribe|search|(?:to )?learn more"
    r"|key ?words",
    re.IGNORECASE,
)
#: Questions to readers about the page itself: a survey, not a subject.
_SURVEY = re.compile(
    r"\b(?:helpful|useful)\?$|^did (?:you find|this)\b|anything wrong with this|^how can we (?:improve|make this)"
    r"|^was (?:this|it)\b",
    re.IGNORECASE,
)
#: What a sentence has that is about the page itself, its site, or how it is shown.
_OF_THE_PAGE = re.compile(r"\bthis (?:web\s?)?(?:page|site)\b|\byour browser\b", re.IGNORECASE)
#: The whole title of an error page: a status code of HTTP, with or without its phrase, or one of a few phrases alone. A
#: page on "Conflict of interest", a "401(k) plan" or "Error messages of the printer" is none. And of a page of results.
_STATUS = "|".join(rf"{status.value}(?:\W+{re.escape(status.phrase)})?" for status in HTTPStatus if status >= 400)
_ERROR = re.compile(
    rf"(?:(?:http|error|status)\W+){{0,3}}(?:{_STATUS})(?:\W+error)?"
    r"|(?:page |file |\d{3}\W+page )?(?:not found|unavailable|does not exist)|(?:internal )?server error|access denied"
    r"|search results\b.*|results for [\"'\u201c\u2018].*",
    re.IGNORECASE,
)
#: The part of the words of a text that are in no link, on a page that answers. Sections of three articles have 79 % and
#: more; cards on two landing pages at most half.
OWN_SHARE = 2 / 3
_ANSWERER = re.compile(r"A(?:nswer)?[\s-]?[A-Z]?\d{0,3}\s?[:.)]\s+(?=\S)")
_CLOSING = "\"'\u201d\u2019)*"
#: Latin, fullwidth, Arabic and medieval question marks. In Greek, a semicolon is one.
QUESTION_MARKS = ("?", "\uff1f", "\u061f", "\u2e2e")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
#: How a sentence ends in any of these scripts, and letters that are written without spaces between words.
_FULL_STOPS = (".", "\u3002", "\uff0e", "\u0964", "\u06d4")
_STOPS = (*_FULL_STOPS, "!", "\uff01")
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def asks(text: str) -> bool:
    """Return whether a text ends as a question does, closing quotes, brackets and markers aside."""
    bare = _BRACKET.sub("", _MARKERS.sub("", text)).rstrip(_CLOSING)
    greek = bare.endswith(";") and _GREEK.search(bare) is not None
    return (bare.endswith(QUESTION_MARKS) or greek) and not _SURVEY.search(text)


def word_count(text: str) -> int:
    """Return how many words a text has; two letters count as a word in scripts without spaces, such as Japanese."""
    return len(text.split()) + len(_SPACELESS.findall(text)) // 2


def is_about_the_page(text: str) -> bool:
    """Return whether a heading is about the page, its site or what else to read."""
    return _ABOUT_THE_PAGE.match(text) is not None or _SURVEY.search(text) is not None


def is_question(block: Block) -> bool:
    """Return whether a block is one question and nothing else."""
    short = asks(block.text) and len(block.text.split()) <= LONGEST_QUESTION
    return short and block.kind != "table_row" and len(sentence_spans(block.text)) == 1


def says_something(block: Block, *, in_sentences: bool = False) -> bool:
    """Return whether a block is more than a word of a menu; `in_sentences`: only a full stop counts, not its length."""
    stops = any(stop in block.text for stop in _FULL_STOPS) or block.text.endswith(("!", "\uff01", ":", "]"))
    spoken = stops or block.kind in ("list_item", "table_row", "code")
    return spoken or (not in_sentences and word_count(block.text) >= SHORTEST_SENTENCE)


def tells(block: Block) -> bool:
    """Return whether a block is a paragraph of sentences that are not about the page: no title, list of names, date."""
    bare = _MARKERS.sub("", block.text).rstrip(_CLOSING)
    ends = bare.endswith(_STOPS) and word_count(bare) >= SHORTEST_SENTENCE
    return block.kind == "paragraph" and ends and not _OF_THE_PAGE.search(block.text)


def is_told(block: Block) -> bool:
    """Return whether a block has a sentence, a number, or a line of a list, table or program, beside its links."""
    if block.kind in ("heading", "question") or is_link(block) or _OF_THE_PAGE.search(block.text):
        return False
    own = without_links(block).strip()
    short = own.endswith(_STOPS) or any(map(str.isdigit, own))  # "Three crowns.", "0800 555 010"
    return block.kind != "paragraph" or short or word_count(own) >= SHORTEST_SENTENCE


def is_prose(blocks: Sequence[Block]) -> bool:
    """Return whether two thirds of the words of some blocks are in no link, as in articles; landing pages have half."""
    words = sum(len(block.text.split()) for block in blocks)
    own = sum(len(without_links(block).split()) for block in blocks)
    return own >= words * OWN_SHARE


def is_error(title: str) -> bool:
    """Return whether a title is that of an error or of a search."""
    return _ERROR.fullmatch(title.strip(" .!")) is not None


def without_links(block: Block) -> str:
    """Return the text of a block that is no link."""
    ends = [0, *(link.end for link in block.links)]
    between = [block.text[end : link.start] for end, link in zip(ends, block.links, strict=False)]
    return "".join([*between, block.text[ends[-1] :]])


def is_link(block: Block) -> bool:
    """Return whether a block is a link and nothing else, or links with signs between them: "Home | Up | Next"."""
    return bool(block.links) and not any(map(str.isalpha, without_links(block)))


def leads_away(block: Block) -> bool:
    """Return whether a block is only a link to another page: a teaser, whose answer is elsewhere."""
    return is_link(block) and not any(link.url.startswith(("#", "javascript:")) for link in block.links)


def is_navigation(block: Block) -> bool:
    """Return whether a line is only about the page: links within it, its owner, when it is looked at next."""
    within = all(link.url.startswith("#") for link in block.links) or block.text[0] + block.text[-1] == "[]"
    return (block.kind in ("paragraph", "list_item") and is_link(block) and within) or _OWNER.match(
        block.text
    ) is not None


def is_numbered(block: Block) -> bool:
    """Return whether a line begins with its number."""
    return _ASKER.match(block.text) is not None


def is_number(block: Block) -> bool:
    """Return whether a line is only the number of the text beside or below it: "1.2.", "Q3:", "A-B1"."""
    return re.fullmatch(r"[\d.()]+|[QA][\s-]?[A-Z]?\d{0,3}\s?[:.)]?", block.text) is not None


def opens_as_question(block: Block) -> bool:
    """Return whether a line says itself that a question begins: "Q: ..."."""
    return _ASKER.match(block.text) is not None and block.text[0] == "Q"


def unlabelled_question(block: Block) -> Block:
    """Return a question without "Q:" or its number, and without markers: they count it on the page and ask nothing."""
    end = len(_MARKERS.sub("", block.text)) or None
    label = _ASKER.match(block.text, 0, end or len(block.text))
    return block.part(label.end() if label else 0, end)


def unlabelled_answer(block: Block) -> Block:
    """Return the first block of an answer without "A:"."""
    label = _ANSWERER.match(block.text)
    return block.part(label.end()) if label else block
