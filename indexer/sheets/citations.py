"""Citation markers in an answer, and the reference list that they point into."""

import re
from collections.abc import Iterable, Mapping

from indexer.model import Block, Citation, PartialDate, Reference
from indexer.sheets.dates import parse_date

#: `[1]`: at most three digits, for no fact sheet has a thousand references, and [2013] is a year.
_MARKER = re.compile(r"\[(\d{1,3})\]")
_HEADING = re.compile(r"(?:references?|reference list|sources|bibliography|works cited):?", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ACCESSED = re.compile(r"[\s;,.(\[]{0,8}\b(?:last )?(?:accessed|retrieved|viewed)(?: on)?:? ", re.IGNORECASE)
_LONGEST_DATE = 4  # words: "Wednesday, May 1, 2013"
#: Identifiers outlive addresses: PubMed and PubMed Central numbers, and DOIs (ISO 26324: "10." prefix "/" suffix).
_IDENTIFIERS = {
    "pmid": re.compile(r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/?(?:\?term=)?|\bPMID:?\s*)(\d{1,8})\b", re.IGNORECASE),
    "pmcid": re.compile(r"\b(PMC\d{1,8})\b"),
    "doi": re.compile(r"(?:doi\.org/|\bdoi:?\s*)(10\.\d{4,9}/[^\s\"<>]*[^\s\"<>.,;)])", re.IGNORECASE),
}


def find_citations(answer: str, references: Mapping[int, Reference]) -> tuple[Citation, ...]:
    """Return the markers of an answer in reading order; `reference` is None where the list has no such entry."""
    found = _MARKER.finditer(answer)
    return tuple(Citation(int(m[1]), m.start(), m.end(), references.get(int(m[1]))) for m in found)


def is_references_heading(text: str) -> bool:
    """Return whether a line announces the list of references."""
    return _HEADING.fullmatch(text) is not None


def read_references(blocks: Iterable[Block]) -> tuple[Reference, ...]:
    """Return the entries of a reference list. One without a printed number has that of its place in the list."""
    return tuple(_reference(block, block.ordinal or place) for place, block in enumerate(blocks, start=1))


def _reference(block: Block, number: int) -> Reference:
    """Return one entry; its text is what a reader would cite, without the address and the access date."""
    text, accessed = _without_access_date(block.text)
    url = next((link.url for link in block.links), None)
    if match := _URL.search(text):
        url = match[0].rstrip(".,;:'")
        for opening, closing in ("()", "[]"):  # a bracket that the sentence opened
            while url.endswith(closing) and url.count(closing) > url.count(opening):
                url = url[:-1].rstrip(".,;:'")
        text = f"{text[: match.start()].rstrip(' ([<')} {text[match.start() + len(url) :].lstrip('.,;)]> ')}"
    text = " ".join(text.split()).rstrip(" ;,:")
    identifiers = {name: match[1] for name, pattern in _IDENTIFIERS.items() if (match := pattern.search(block.text))}
    return Reference(number, text if text[-1:] in ".?!" else f"{text}.", url, identifiers, accessed)


def _without_access_date(text: str) -> tuple[str, PartialDate | None]:
    match = _ACCESSED.search(text)
    words = text[match.end() :].split() if match else []
    for count in range(min(len(words), _LONGEST_DATE), 0, -1):
        if match and (accessed := parse_date(" ".join(words[:count]).strip(".,;)]"))):
            return f"{text[: match.start()]}. {' '.join(words[count:]).removeprefix('from ')}", accessed
    return text, None
