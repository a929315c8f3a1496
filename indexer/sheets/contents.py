"""The page's own table of contents, where the page marks no headings: which lines only list what is asked below."""

from collections import Counter
from collections.abc import Sequence

from indexer.language.analysis import fold
from indexer.model import Block
from indexer.sheets.dates import labelled_date
from indexer.sheets.wording import is_question, says_something

#: Below the last entry of a table of contents: a link, a hint how to use it.
_CHROME_LINES = 3


def contents_of(blocks: Sequence[Block]) -> set[int]:
    """Return the places of the entries of the page's own table of contents.

    An entry is a question that is asked again, with nothing said between it and the next question. The last one may
    have a line of chrome below it: then the next question is the first of the page again.
    """
    texts = [fold(block.text) for block in blocks]
    last = {text: place for place, text in enumerate(texts)}
    once = Counter(texts)
    questions = [place for place, block in enumerate(blocks) if is_question(block)]
    entries: set[int] = set()
    for place, following in zip(questions, [*questions, len(blocks)][1:], strict=True):
        between = range(place + 1, following)
        said = [n for n in between if says_something(blocks[n]) and once[texts[n]] == 1]
        starts_over = (
            following < len(blocks) and texts[following] == texts[questions[0]] and len(between) < _CHROME_LINES
        )
        backed = any(blocks[n].text[-1] == "]" or labelled_date(blocks[n].text) for n in between)
        if last[texts[place]] > place and (not said or (len(said) == 1 and starts_over and not backed)):
            entries.add(place)
    # A line among the entries that occurs again below is an entry too, though it may have lost its question mark.
    among = range(min(entries, default=0), max(entries, default=0))
    return entries | {place for place in among if last[texts[place]] > place}
