"""Limits and defaults, each with its unit and its reason. Every number that decides something is here, once.

`Settings` is the table of what the operator of a site can set. Help, flags, environment variables, the keys of the site
file and the documentation are made from it.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from indexer.site import Site

#: Where `factsheets build` writes and what it reads by default, relative to the working directory.
DEFAULT_INDEX, DEFAULT_CORPUS = Path(".index"), Path("corpus")

#: A larger file is refused before it is read. The largest of MedQuAD's 5,497 fact sheets has 60,000 bytes.
MAX_PAGE_BYTES = 2_000_000

#: The same for formats that hold pictures: PDF, Word, saved pages, and a response in a web archive.
MAX_SAVED_BYTES = 100_000_000

#: A page with more paragraphs, headings, list items and table rows is refused. 2 MB of single letters are a million
#: blocks, which would take half a minute and most of a gigabyte. The MedQuAD page with the most has 398.
MAX_BLOCKS = 50_000

#: A longer question is refused by the API and cut by the page. The longest of 52 messages that people sent to the US
#: National Library of Medicine (TREC LiveQA 2017, odd numbers) has 885 characters.
MAX_QUERY_CHARS = 2_000

#: The most results on one page: 100 answers of MedQuAD are 0.14 MB of JSON.
MAX_PER_PAGE = 100

#: The last page that can be requested: beyond the last page of any collection, so a larger number is a mistake. Sorting
#: MedQuAD's 16,423 answers for their last page takes 10 ms, and nothing is sorted beyond it.
MAX_PAGE = 1_000_000

#: The most values of one filter. If nothing is found, each is counted without the others: 100 take 60 ms in MedQuAD.
MAX_VALUES = 100

#: The length of a snippet in characters, and its number of fragments. Source: GOV.UK shows 285 characters, Material for
#: MkDocs two blocks.
SNIPPET_CHARS, SNIPPET_FRAGMENTS = 285, 2

#: Bounds that keep every page below 200 KB: the answers listed under a result, on a card and beside an answer; the
#: characters in a part of an answer; the characters and answers on a page of a sheet; the questions and references on a
#: page of a sheet in the API. MedQuAD's largest sheet has 28 answers, its longest answer 26,964 characters.
MAX_LISTED, PART_CHARS = 30, 30_000
SHEET_CHARS, SHEET_ANSWERS, SHEET_QUESTIONS = 60_000, 50, 500

#: A passage on a page of results is folded after about FOLD_WORDS, and cut after PASSAGE_CHARS: the answers of MedQuAD
#: have 897 characters in the median and 3,123 at the 95th percentile.
FOLD_WORDS, PASSAGE_CHARS = 120, 6_000

#: Generations that stay on disk after a publish: the current one and the previous one.
KEPT_GENERATIONS = 2

#: The least contrast of text with its background. Source: WCAG 2.2, success criterion 1.4.3.
MIN_CONTRAST = 4.5

#: The backgrounds of links and buttons in the light and the dark theme of webui/static/site.css.
LIGHT_PAPER, DARK_PAPER = ("#fbfaf7", "#ffffff"), ("#14181a", "#1d2326")

#: What a browser sends as the Origin of a script (RFC 6454, section 6.2), or * for all.
_ORIGIN = re.compile(r"\*|https?://[a-z0-9.:\[\]-]+")


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A link in the header or the footer of every page."""

    text: str
    url: str

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://", "mailto:", "/")) or self.url.startswith("//"):
            raise ValueError(f"url must begin with https://, http://, mailto: or /; this is {self.url!r}")


@dataclass(frozen=True, slots=True)
class SourceName:
    """The full name of a source, which the page shows in place of the short one that sheets give."""

    source: str
    name: str


@dataclass(frozen=True, slots=True)
class UrgentNotice:
    """A notice above the results of questions that contain one of some words, such as the number to call."""

    words: tuple[str, ...]
    text: str

    def __post_init__(self) -> None:
        if not self.text.strip() or not any(word.strip() for word in self.words):
            raise ValueError("needs `words` and a `text`")


#: The publishers in MedQuAD, whose files give only these short names (Ben Abacha & Demner-Fushman, 2019, table 1).
SOURCE_NAMES = (
    SourceName("CancerGov", "National Cancer Institute"),
    SourceName("CDC", "Centers for Disease Control and Prevention"),
    SourceName("GARD", "Genetic and Rare Diseases Information Center"),
    SourceName("GHR", "Genetics Home Reference"),
    SourceName("MPlusHealthTopics", "MedlinePlus Health Topics"),
    SourceName("NHLBI", "National Heart, Lung, and Blood Institute"),
    SourceName("NIDDK", "National Institute of Diabetes and Digestive and Kidney Diseases"),
    SourceName("NIHSeniorHealth", "NIH SeniorHealth"),
    SourceName("NINDS", "National Institute of Neurological Disorders and Stroke"),
)


def _setting(default: Any, description: str) -> Any:
    return field(default=default, metadata={"description": description})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator of a site can set; the description of each setting is its help.

    A setting of None has a default that depends on the collection: `for_collection`. Raises ValueError, beginning with
    the name of the setting, for a value that is not allowed.

    `cache_seconds`: one minute saves a busy site most searches, and a new index is visible soon enough. `query_ms`: in
    MedQuAD the quoted words "of the" take 300 to 600 ms, 2,000 characters of words with a star 750 ms; after a second
    people lose their train of thought (Nielsen, Usability Engineering, 1993). It counts processor time, so that a busy
    machine allows as much as an idle one. None: no limit.
    """

    index: Any = _setting(  # a Path, or an address as a str: msgspec cannot read a union of these
        DEFAULT_INDEX, "Directory of the index, or http://HOST:PORT,HOST:PORT/NAME in an OpenSearch cluster."
    )
    model: str | None = _setting(None, "Folder, or installed package, of a sentence-embedding model.")
    host: str = _setting("127.0.0.1", "Address to listen on.")
    port: int = _setting(8000, "Port to listen on; 0: any free port.")
    workers: int | None = _setting(None, "Number of worker processes; by default one per processor.")
    site_name: str = _setting("Factsheets", "Name of the site.")
    subject_word: str | None = _setting(None, "Word for what a sheet is about, such as condition or topic.")
    subject_words: str | None = _setting(None, "Its plural.")
    sheet_word: str = _setting("fact sheet", "Word for a fact sheet, such as guide.")
    sheet_words: str = _setting("fact sheets", "Its plural.")
    disclaimer: str | None = _setting(None, "The line at the foot of every page.")
    examples: tuple[str, ...] = _setting((), "Example questions; by default taken from the collection.")
    accent: str | None = _setting(None, "Colour of links and buttons, such as #0a5c66.")
    accent_dark: str | None = _setting(None, "Colour of links and buttons in the dark theme.")
    logo: Path | None = _setting(None, "Image beside the name of the site, as an SVG, PNG or WebP file.")
    header_links: tuple[SiteLink, ...] = _setting((), "Links at the top of every page.")
    footer_links: tuple[SiteLink, ...] = _setting((), "Links at the foot of every page.")
    sources: tuple[SourceName, ...] = _setting(SOURCE_NAMES, "Full names of sources.")
    urgent: tuple[UrgentNotice, ...] = _setting((), "Notices above the results of urgent questions; off by default.")
    page_type: str | None = _setting(None, "schema.org type of the pages: a kind of WebPage.")
    subject_type: str | None = _setting(None, "schema.org type of what a sheet is about.")
    base_url: str | None = _setting(None, "Public URL of the site, if it differs from the host in the request.")
    cache_seconds: int = _setting(60, "How long caches may reuse an API response, in seconds.")
    query_ms: int | None = _setting(1_000, "Time limit for a question, in milliseconds of processor time.")
    cors: tuple[str, ...] = _setting((), "Sites whose scripts may read the API: https://ward.example, or * for all.")
    trusted_hosts: tuple[str, ...] = _setting(
        (), "Host names of the site; .example includes all names below it. Without any, every name is accepted."
    )
    proxies: int = _setting(
        0, "Number of proxies in front of the site whose X-Forwarded-For, -Proto, -Host and -Prefix are trusted."
    )
    gaps: Path | None = _setting(None, "File that counts single words of questions without an answer; off by default.")
    site: Site = Site()

    def __post_init__(self) -> None:
        if self.base_url is not None and not self.base_url.startswith(("http://", "https://")):
            raise ValueError(f"base_url must begin with http:// or https://; this is {self.base_url!r}")
        for origin in self.cors:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"cors must be * or an origin like https://ward.example; this is {origin!r}")
        for name in ("cache_seconds", "query_ms", "proxies", "port"):
            if (getattr(self, name) or 0) < 0:
                raise ValueError(f"{name} must be 0 or more")
        if self.port > 65_535:
            raise ValueError("port must be at most 65535")
        if self.workers is not None and self.workers < 1:
            raise ValueError("workers must be 1 or more")
        if self.logo and self.logo.suffix.lower() not in (".svg", ".png", ".webp"):
            raise ValueError(f"logo must be an SVG, PNG or WebP file; this is {self.logo}")
        for name, papers in (("accent", LIGHT_PAPER), ("accent_dark", DARK_PAPER)):
            _check_accent(name, getattr(self, name), papers)

    def for_collection(self, health: bool) -> "Settings":
        """Return the settings with the defaults for a collection: with the kinds of answer of health, or without."""
        words: dict[str, Any] = HEALTH_WORDS if health else PLAIN_WORDS
        return replace(self, **{name: value for name, value in words.items() if getattr(self, name) is None})


#: Defaults of words for people and programs: where the sheets have the kinds of answer of health, and elsewhere.
HEALTH_WORDS = {
    "subject_word": "condition",
    "subject_words": "conditions",
    "disclaimer": "Information from fact sheets, not medical advice.",
    "page_type": "MedicalWebPage",
    "subject_type": "MedicalCondition",
}
PLAIN_WORDS = {
    "subject_word": "subject",
    "subject_words": "subjects",
    "disclaimer": "Information from fact sheets. Check the source before you rely on it.",
    "page_type": "WebPage",
    "subject_type": "Thing",
}


def contrast(colour: str, other: str) -> float:
    """Return the contrast ratio of two colours such as #0a5c66, from 1 to 21. Source: WCAG 2.2, contrast ratio."""
    lighter, darker = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def default_corpus() -> Path:
    """Return corpus/ in the working directory, or else the starter sheets: package data, or the checkout's corpus/."""
    packaged = Path(__file__).parent / "starter_corpus"
    shipped = packaged if packaged.is_dir() else Path(__file__).parent.parent / "corpus"
    return DEFAULT_CORPUS if DEFAULT_CORPUS.is_dir() else shipped


def _check_accent(name: str, colour: str | None, papers: tuple[str, ...]) -> None:
    if colour is None:
        return
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"{name} must be a colour like #0a5c66; this is {colour!r}")
    least = min(contrast(colour, paper) for paper in papers)
    if least < MIN_CONTRAST:
        raise ValueError(
            f"{name} {colour} has a contrast of {least:.1f} with the page; at least {MIN_CONTRAST} is needed"
        )


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour. Source: WCAG 2.2, relative luminance."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
