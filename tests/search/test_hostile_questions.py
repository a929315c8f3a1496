"""Questions as long as they may be, of one thing each: they are answered, or given up within the limit, and never fail.

Measured in MedQuAD, 16,423 answers: phrases of function words go on for as long as they may, and are given up; nothing
else that was tried needs more than 0.8 s of the processor. A word and a long word misspelt take 3 ms.
"""

import random
import time
from pathlib import Path

import pytest

from indexer import Query, SearchEngine, build_index
from indexer.errors import QueryTooSlowError
from indexer.settings import MAX_QUERY_CHARS, Settings
from tests.conftest import data

LETTERS = random.Random(7)  # noqa: S311 - no secret


def misspelt(length: int) -> str:
    return " ".join("".join(LETTERS.choices("abcdefghilmnoprstuy", k=length)) for _ in range(400))


def near(words: str) -> str:
    return " ".join(word[:3] + word[4:] for word in words.split())


NAMES = "syndrome disease neuropathy deficiency dystrophy anemia carcinoma hereditary familial congenital "
#: Forms that take long, and so must look at the time.
LONG = {
    "a phrase of function words": '"of the" ',
    "one phrase": f'"{"of the " * 280}"',
    "phrases": " ".join(f'"{one} {other}"' for one in ("of", "the", "in", "to") for other in ("a", "and", "is", "the")),
    "prefixes": " ".join(f"{one}{two}{three}*" for one in "cdehmnps" for two in "aeio" for three in "lmnrst"),
    "fuzzy words": "disease~ symptom~ treatment~ syndrome~ ",
    "misspelt words": misspelt(9),
    "nearly words": near(NAMES),
}
#: Forms that cost little, whatever is asked.
QUICK = {
    "stars": "*",
    "tildes": "~",
    "quotes": '"',
    "dashes": "-",
    "colons": ":",
    "words left out": "-muscle ",
    "nul": "\0 ",
    "phrases left out": '-"of the" ',
    "kinds": "type:treatment ",
    "no kinds": "type:x ",
    "subjects": "subject:ptosis ",
    "sources": "source:gard ",
    "accents": "e\u0301",
    "accents alone": "\u0301",
    "no spaces": "\u4e2d",
    "joined": "\ufdfa",
    "faces": "\U0001f600",
    "one word": "hypertensoin",
    "one letter": "a",
    "common words": "disease symptoms treatment ",
    "function words": "of the and is in ",
    "names": NAMES,
    "digits": "1 ",
    "stops": "1.1.",
    "possessives": "'s ",
    "space": " ",
    "signs of all kinds": '"a -b* c~ type:" ',
    "no gap": '"a"-b*',
    "a word left out of itself": "tea -tea ",
}
FORMS = {name: (text * MAX_QUERY_CHARS)[:MAX_QUERY_CHARS] for name, text in (LONG | QUICK).items()}


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_two_thousand_characters_of_any_one_thing_are_a_question(clinic: SearchEngine, text: str, exact: bool) -> None:
    results = clinic.search(Query(text, exact=exact))
    assert len(results.hits) == min(10, results.total)
    assert len(clinic.suggest(text)) <= 8


@pytest.mark.parametrize("name", LONG)
def test_what_may_take_long_looks_at_the_time(index: Path, name: str) -> None:
    with SearchEngine(index, query_ms=0) as engine, pytest.raises(QueryTooSlowError):
        engine.search(Query(FORMS[name]))


@pytest.mark.long
def test_every_question_is_answered_or_given_up_within_the_limit_in_a_large_index(tmp_path: Path) -> None:
    build_index([data("medquad")], tmp_path)
    limit = Settings().query_ms
    assert limit is not None
    with SearchEngine(tmp_path, query_ms=limit) as engine:
        engine.search(Query("word~ nmae"))  # what the first question makes
        for name, text in FORMS.items():
            spent = time.thread_time()
            try:
                engine.search(Query(text))
            except QueryTooSlowError:
                assert name in LONG or '"' in text, name
            assert time.thread_time() - spent < 10 * limit / 1000, name
