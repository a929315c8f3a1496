"""Passages of answers that are shown at once, and when the first answer is sure enough to be shown whole."""

from collections.abc import Sequence
from itertools import accumulate

from indexer.index.records import Record
from indexer.model import Hit, Passage, Span
from indexer.search.understand import SURE, Question
from indexer.settings import FOLD_WORDS, PASSAGE_CHARS

#: A rest of fewer words is not folded: two lines of text.
_LEAST_FOLDED = 30
#: A shorter first paragraph leads in to the next one, as "There are two types:" does.
_LEAST_OPENING = 12
#: A shorter first sentence is left over from a menu: "Español".
_LEAST_SENTENCE = 4


def is_sure(question: Question, first: Hit) -> bool:
    """Return whether the first answer is of the subject and of the kind that a question asks for.

    The question names one subject and asks for one kind. No other word touches the name, because it may belong to a
    longer name that has no sheet. This was chosen on one half of the judged questions. On the other half 593 of 599
    answers to questions by templates are right, and 48 of 49 to natural ones (`python -m tests.benchmarks whole`). Of
    228 questions without an answer, two are answered: about psoriasis, and about Crohn's disease.
    """
    read = question.understood
    if len(read.focus) != 1 or read.absent or read.alternatives or read.covered is False or question.compares:
        return False
    touched = any(word.touches and not word.frames and word.weight == 1.0 for word in question.words)
    of_kind = question.kind is not None and first.document.question_type == question.kind
    return of_kind and not touched and question.kinds[question.kind or ""] > SURE and about(question, first)


def about(question: Question, hit: Hit) -> bool:
    """Return whether an answer is on a sheet of a subject that the question names."""
    return any(hit.header.id in focus.sheet_ids for focus in question.understood.focus)


def whole(record: Record, marks: Sequence[Span]) -> Passage:
    """Return a whole answer, or the first PASSAGE_CHARS of a long one, folded after about FOLD_WORDS."""
    start, ends = _start(record), _ends(record)
    last = max((end for end, _ in ends if end <= start + PASSAGE_CHARS), default=len(record.document.answer))
    end = len(record.document.answer) if len(record.document.answer) <= start + PASSAGE_CHARS else last
    words = max((count for place, count in ends if place <= end), default=0)
    fold = next((place for place, count in ends if count >= FOLD_WORDS), end)
    folded = words - next((count for place, count in ends if place == fold), words)
    return Passage(record.header, record.document, start, fold if folded >= _LEAST_FOLDED else end, end, tuple(marks))


def opening(record: Record, most: int) -> Passage:
    """Return the first paragraph of an answer, up to the sentence that reaches `most` words."""
    answer, blocks = record.document.answer, record.document.blocks
    starts = (start for start, end in record.sentences if len(answer[start:end].split()) >= _LEAST_SENTENCE)
    start = next(starts, 0)
    end = blocks[-1].end
    for place, count in _ends(record):
        if place <= start:
            continue
        paragraph_ends = any(block.end == place for block in blocks)
        if count >= most or (paragraph_ends and count >= _LEAST_OPENING):
            end = place
            break
    return Passage(record.header, record.document, start, end, end)


def _start(record: Record) -> int:
    """Return where an answer begins, after a question that only repeats its heading."""
    first = record.sentences[0][0] if record.sentences else 0
    return 0 if any(start < first for start, _ in record.document.shared) else first


def _ends(record: Record) -> list[Span]:
    """Return the end of each sentence that is not shared, and the number of words up to there."""
    counts = accumulate(len(record.document.answer[start:end].split()) for start, end in record.sentences)
    return [(end, count) for (_, end), count in zip(record.sentences, counts, strict=True)]
