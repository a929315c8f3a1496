"""MedQuAD: questions and answers of health institutes as XML.

Source: Ben Abacha & Demner-Fushman, "A question-entailment approach to question answering", BMC Bioinformatics 2019.
A file is a sheet that says which are its questions. Four of them have tags of their own (`doc`, `pair`, `corpus`), one
has the root `DiseaseFile`, and numbers of sheets and questions repeat from one institute to the next.
"""

import re
from collections.abc import Iterator

from lxml import etree

from indexer.errors import PageError
from indexer.language.question_types import question_types
from indexer.model import Block, BlockKind, Page, PageWarning
from indexer.readers.decoding import tidied
from indexer.readers.provenance import checked, described

_ROOTS = ("Document", "doc", "DiseaseFile")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
#: Lists lost their line ends: what is left of one is two spaces or more before a dash.
_ITEM = re.compile(r"(?:^|\s\s|\n)(?:-\s+)+")
#: Three spaces or more were the end of a list, or of a paragraph; two are one if one space separates sentences.
_AFTER_ITEM, _PARAGRAPH = re.compile(r"(?<!\s)\s{3,}(?=[A-Z])"), re.compile(r"(?<=[.:?!)])\s{3,}(?=\S)")
#: The tables of symptoms in GARD's answers lost their lines: "Polyuria - Hypotension 7.5% …". The head of the table,
#: the text after it, and what ends a row. All 2,243 are alike.
_TABLE_HEAD = ("Signs and Symptoms", "Approximate number of patients (when available)")
_AFTER_TABLE = "The Human Phenotype Ontology (HPO) has collected"
_SHARE = re.compile(r"-|[0-9.]+%|[0-9]+/[0-9]+")
_WIDE, _NARROW = re.compile(r"(?<=[.?!])\s{2,}(?=[A-Z])"), re.compile(r"[.?!]\s(?=[A-Z])")


def read_medquad(text: str, path: str) -> Page:
    """Return the page of a MedQuAD file: its questions, each with id, kind and answer, and the names of its subject.

    Raises PageError for what is not well-formed, of another kind, or without any answer, and for a document type: no
    sheet needs one, and entities that it declares are how a small file becomes a large one or reads other files.
    """
    root = _parsed(text, path)
    if root.tag not in _ROOTS:
        raise PageError(path, f"XML of an unknown kind: <{root.tag}>")
    blocks: list[Block] = []
    warnings: list[PageWarning] = []
    pairs = [element for element in root.iter() if element.tag in ("QAPair", "pair")]
    for pair in pairs:
        question, answer = (next(pair.iter(tag, tag.lower()), None) for tag in ("Question", "Answer"))
        asked = _question(question) if question is not None else ""
        answered = list(_answer(answer)) if answer is not None else []
        if question is not None and asked and answered:
            kind = question.get("qtype") if question.get("qtype") in {entry.id for entry in question_types()} else None
            heading = Block("question", asked, question.sourceline, source_id=question.get("qid"), question_type=kind)
            blocks += [heading, *answered]
        else:
            name = question.get("qid") if question is not None else pair.get("pid")
            warnings.append(PageWarning(f"question {name} has no answer: {asked!r}", pair.sourceline, "empty-answer"))
    if not blocks:
        reason = f"no answer to any of its {len(pairs)} questions" if pairs else "it asks no question"
        raise PageError(path, reason)
    return _named(Page(path, tuple(blocks), warnings=tuple(warnings)), root)


def _parsed(text: str, path: str) -> etree._Element:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise PageError(path, "XML with a document type or entities of its own is not read")
    off = {"resolve_entities": False, "load_dtd": False, "huge_tree": False}
    parser = etree.XMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, **off)
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise PageError(path, f"not well-formed XML: {error.msg.partition(', line')[0]}", error.lineno) from error


def _named(page: Page, root: etree._Element) -> Page:
    """Return the page with the names of its subject, and where it came from."""
    title = " ".join((root.findtext("Focus") or root.findtext("doctitle-focus") or "").split())
    names = [" ".join((name.text or "").split()) for name in root.iter("Synonym")]
    known = {
        "title": title,
        "also_known_as": [name for name in dict.fromkeys(names) if name and name != title],
        "source": root.get("source") or root.get("corpus"),
        "url": root.get("url"),
    }
    try:
        return described(page, checked(known))
    except ValueError as error:
        raise PageError(page.path, str(error)) from error


def _question(element: etree._Element) -> str:
    """Return a question as it is printed: "What is X ?" and "Who gets X? ?" end in one question mark."""
    asked = " ".join(tidied("".join(element.itertext())).split())
    return asked.rstrip(" ?") + "?" if asked.endswith("?") else asked


def _answer(element: etree._Element) -> Iterator[Block]:
    """Yield the paragraphs, list items and table rows of an answer."""
    text, line = tidied("".join(element.itertext())), element.sourceline or 0
    before, head, table = text.partition(" ".join(_TABLE_HEAD))
    if head and _AFTER_TABLE in table:
        lines, _, note = table.partition(_AFTER_TABLE)
        yield from _blocks("paragraph", [before], line)
        yield from _blocks("table_row", [" | ".join(_TABLE_HEAD), *_rows(lines)], line)
        yield from _blocks("paragraph", [_AFTER_TABLE + note], line)
        return
    paragraph = _PARAGRAPH
    if "  " in text and len(_NARROW.findall(text)) > len(_WIDE.findall(text)):
        paragraph = _WIDE
    for chunk in _BLANK_LINE.split(text):
        lead, *items = _ITEM.split(chunk)
        yield from _blocks("paragraph", paragraph.split(lead), line)
        for item in items:
            own, *after = _AFTER_ITEM.split(item, maxsplit=1)
            yield from _blocks("list_item", [own], line)
            yield from _blocks("paragraph", paragraph.split("".join(after)), line)


def _rows(text: str) -> Iterator[str]:
    """Yield the rows of a table of symptoms: a symptom, and how many patients have it."""
    symptom: list[str] = []
    for word in text.split():
        if symptom and _SHARE.fullmatch(word):
            yield f"{' '.join(symptom)} | {word}"
            symptom = []
        else:
            symptom.append(word)
    yield " ".join(symptom)


def _blocks(kind: BlockKind, texts: list[str], line: int) -> Iterator[Block]:
    return (Block(kind, words, line) for text in texts if (words := " ".join(text.split())))
