"""The JSON-LD of the pages of answers and sheets, in the vocabulary of schema.org.

Unknown values are left out, and only http and https addresses are included.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

import msgspec

from indexer.model import Document, FactSheet, Reference, last_day
from indexer.settings import PART_CHARS, Settings

#: A JSON object.
LinkedData = dict[str, Any]

#: The language that every page declares: base.html.
_LANGUAGE = "en"

#: JSON escapes for the characters that could end a script element or a line of a script.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def answer_page(sheet: FactSheet, document: Document, url: str, settings: Settings) -> LinkedData:
    """Return the linked data of an answer's page. `url` is the absolute address of that page."""
    page = _page(sheet, [document], document.references(), url, settings)
    return page | {"name": document.question, "mainEntity": _question(document, url)}


def sheet_page(sheet: FactSheet, url: str, settings: Settings) -> LinkedData:
    """Return the linked data of a sheet's page, of two types: Google reads its questions from an FAQPage."""
    page = _page(sheet, sheet.documents, sheet.references, url, settings)
    return page | {
        "@type": [settings.page_type, "FAQPage"],
        "name": sheet.header.title,
        "mainEntity": [_question(document, urljoin(url, f"../answers/{document.id}")) for document in sheet.documents],
    }


def script_text(data: LinkedData) -> str:
    """Return linked data as JSON that is safe inside a script element: no text in it can end the element."""
    return msgspec.json.encode(data).decode().translate(_ESCAPES)


def _page(
    sheet: FactSheet, documents: Iterable[Document], references: Iterable[Reference], url: str, settings: Settings
) -> LinkedData:
    origin = sheet.header.provenance
    dates = [document.last_updated for document in documents if document.last_updated]
    return _known(
        {
            "@context": "https://schema.org",
            "@type": settings.page_type,
            "url": url,
            "inLanguage": _LANGUAGE,
            "about": _known(
                {
                    "@type": settings.subject_type,
                    "name": sheet.header.title,
                    "alternateName": list(sheet.header.also_known_as),
                }
            ),
            # "2013" may mean a later day than "2013-05-01".
            "dateModified": max(dates, key=last_day, default=None),
            "publisher": _organization(settings.site_name),
            "sourceOrganization": _organization(origin.source),
            "isBasedOn": _web_address(origin.url),
            "license": _web_address(origin.licence),
            "citation": [_cited(reference) for reference in references],
        }
    )


def _question(document: Document, url: str) -> LinkedData:
    answer = {"@type": "Answer", "text": _without_markers(document)[:PART_CHARS], "dateModified": document.last_updated}
    return {"@type": "Question", "name": document.question, "url": url, "acceptedAnswer": _known(answer)}


def _cited(reference: Reference) -> LinkedData:
    return _known(
        {
            "@type": "CreativeWork",
            "name": reference.text,
            "url": _web_address(reference.url),
            "identifier": [f"{kind}:{value}" for kind, value in reference.identifiers.items()],
        }
    )


def _organization(name: str | None) -> LinkedData | None:
    return {"@type": "Organization", "name": name} if name else None


def _web_address(text: str | None) -> str | None:
    return text if text and text.lower().startswith(("http://", "https://")) else None


def _without_markers(document: Document) -> str:
    """Return the text of an answer without its citation markers and the spaces before them."""
    kept, at = "", 0
    for start, end in sorted({(citation.start, citation.end) for citation in document.citations}):
        kept += document.answer[at:start].rstrip(" ")
        at = max(at, end)
    return "\n".join(line.strip() for line in (kept + document.answer[at:]).split("\n"))


def _known(data: dict[str, Any]) -> LinkedData:
    return {key: value for key, value in data.items() if value}
