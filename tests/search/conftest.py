"""A little collection of names that are easily taken for each other, and for English."""

from collections.abc import Iterator

import pytest

from indexer import SearchEngine, open_index
from tests.search.library import ANSWERS, Library, Sheet

HEART = (("What is {}?", "Dispose of old pills. The heart is a muscle. Diseases vary."),)
EYE = (
    ("What are the symptoms of {}?", "Ptosis: the lid hangs over the eye."),
    ("How is {} treated?", "By surgery on a muscle, with butter in the name of it."),
)
#: Title, other names, answers.
CLINIC = (
    ("Bartter syndrome", (), ANSWERS),
    ("Batten disease", ("CLN3",), ANSWERS),
    ("Hyperkalemic periodic paralysis", (), ANSWERS),
    ("Hypokalemic periodic paralysis", (), ANSWERS),
    ("Usher syndrome", (), ANSWERS),
    ("Usher syndrome type 1", (), ANSWERS),
    ("Usher syndrome type 2", (), ANSWERS),
    ("Multifocal motor neuropathy", ("MMN",), ANSWERS),
    ("Acute lymphoblastic leukemia", ("ALL",), ANSWERS),
    ("Charcot-Marie-Tooth disease", ("CMT",), ANSWERS),
    ("α-mannosidosis", (), ANSWERS),
    ("Guimarães fever", (), ANSWERS),
    ("22q11.2 deletion syndrome", (), ANSWERS),
    ("GM1 gangliosidosis", (), ANSWERS),
    ("Moyamoya disease", ("Moyamoya disorder",), ANSWERS),
    ("Parkinson's disease", (), ANSWERS),
    ("Heart disease", (), HEART),
    ("Congenital ptosis", (), EYE),
)


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """A search engine over the collection, for tests that only read."""
    library = Library(tmp_path_factory.mktemp("clinic"))
    for number, (title, others, answers) in enumerate(CLINIC):
        library.write(str(number), Sheet(title, others, None, None, answers))
    library.build()
    with open_index(library.index) as engine:
        yield engine
