"""Limits and defaults, each with its unit and its reason. A number that decides something stands here once."""

import re
from dataclasses import dataclass
from pathlib import Path

#: Where `factsheets build` writes and what it reads, relative to the working directory, when nothing is said.
DEFAULT_INDEX, DEFAULT_CORPUS = Path(".index"), Path("corpus")

#: A larger file is refused before it is read. The largest of MedQuAD's 5,497 fact sheets has 60,000 bytes.
MAX_PAGE_BYTES = 2_000_000

#: A page of more paragraphs, headings, list items and table rows is refused: 2 MB of single letters are a million of
#: them, which would take half a minute and most of a gigabyte. The MedQuAD page with most has 398.
MAX_BLOCKS = 50_000

#: A longer question is refused by the endpoint and cut by the page. The longest of 52 messages that people sent to
#: the US National Library of Medicine (TREC LiveQA 2017, odd numbers) has 885 characters.
MAX_QUERY_CHARS = 2_000

#: The most results on one page: 100 answers of MedQuAD are 0.14 MB of JSON.
MAX_PER_PAGE = 100

#: The last page that can be asked for. No page that has results is refused: to sort all of MedQuAD's 16,423 answers for
#: the deepest takes 10 ms, and nothing is sorted for a page behind the last. A larger number is a mistake.
MAX_PAGE = 1_000_000

#: The most values of one filter. Each is counted without the others where nothing is found: 100 take 60 ms in MedQuAD.
MAX_VALUES = 100

#: The characters and fragments of a snippet. Source: GOV.UK shows 285 characters, Material for MkDocs two blocks.
SNIPPET_CHARS, SNIPPET_FRAGMENTS = 285, 2

#: Generations that stay on disk after a publish: the one that serves, and the one before it.
KEPT_GENERATIONS = 2

#: What a browser sends as the Origin of a script (RFC 6454, section 6.2), or all of them.
_ORIGIN = re.compile(r"\*|https?://[a-z0-9.:\[\]-]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the keeper of a site decides. Fact sheets are not only medical: the words are settings.

    `page_type` and `subject_type` are types of schema.org: what a page tells programs that it is, a kind of WebPage,
    and what its sheet is about, such as "Thing". `base_url` is the address that others see the site at, where it is
    another than the one that requests name. `model` is a folder, or an installed package, with a sentence-embedding
    model that the index was built with, too. `examples` are questions to begin with, shown if they find something.

    `cache_seconds`: how long anybody may use an answer of the endpoint again without asking; a minute spares a busy
    site most searches, and nobody waits long for what a build published. `query_ms`: milliseconds of processor time,
    in which a busy machine counts no more than an idle one, after which a question is given up; None: never. In
    MedQuAD the words "of the" in quotation marks take 300 to 600, as busy as the machine is, 2,000 characters of words
    with a star 750, and as many of such phrases more than any limit; after a second people lose the thread (Nielsen,
    Usability Engineering, 1993).

    `cors`: the sites whose scripts may read what the endpoint answers, as "https://ward.example", or "*" for all.
    `trusted_hosts`: the names that the site answers to, ".example" with all below it; none: to any. `proxies`: how many
    stand before the site, each of which must set X-Forwarded-For, -Proto, -Host and -Prefix; with 0 none is believed.
    """

    index: Path = DEFAULT_INDEX
    model: str | None = None
    site_name: str = "Factsheets"
    subject_word: str = "condition"
    subject_words: str = "conditions"
    disclaimer: str = "Information from fact sheets, not medical advice."
    page_type: str = "MedicalWebPage"
    subject_type: str = "MedicalCondition"
    base_url: str | None = None
    cache_seconds: int = 60
    query_ms: int | None = 1_000
    cors: tuple[str, ...] = ()
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    examples: tuple[str, ...] = (
        "how is multifocal motor neuropathy treated",
        "is moyamoya disease inherited",
        "stabbing pain in the face",
    )

    def __post_init__(self) -> None:
        """Raise ValueError for an address that no browser would open, an origin that none would send, or no number."""
        if self.base_url is not None and not self.base_url.startswith(("http://", "https://")):
            raise ValueError(f"the base URL must begin with http:// or https://; this is {self.base_url!r}")
        for origin in self.cors:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"a site for CORS must be * or like https://ward.example; this is {origin!r}")
        if min(self.cache_seconds, self.query_ms or 0, self.proxies) < 0:
            raise ValueError("cache_seconds, query_ms and proxies must be 0 or more")


def default_corpus() -> Path:
    """Return corpus/ of the working directory, else the starter sheets: package data, in a checkout beside it."""
    packaged = Path(__file__).parent / "starter_corpus"
    shipped = packaged if packaged.is_dir() else Path(__file__).parent.parent / "corpus"
    return DEFAULT_CORPUS if DEFAULT_CORPUS.is_dir() else shipped
