"""How to cite an answer: a line of text for letters, and RIS, BibTeX and CSL-JSON for reference managers.

Each has the question, the source, its date, the answer's address, the day of retrieval and the original page. Every
text goes through `_line` and every address through `_address`, so that no text of a sheet can end a line or a field.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

import msgspec

from indexer.exchange import bodies

Cited = bodies.Answer | bodies.Result

#: An item of CSL-JSON.
CslItem = dict[str, Any]

#: Arguments: the body, its absolute address, the site's name and the day of retrieval.
Writer = Callable[[Cited, str, str, date], str]

#: Control characters, and characters that change the direction in which the rest of a line is shown.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

#: Characters that an address may contain besides letters, digits and "-._~": RFC 3986, section 2.2, and "%".
_RESERVED = ":/?#[]@!$&'()*+,;=%"

#: Braces are written as commands, because BibTeX also counts braces that follow a backslash.
_LATEX = str.maketrans(
    {char: f"\\{char}" for char in "#$%&_"}
    | {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "|": r"\textbar{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}"}
)


def date_in_words(iso: str) -> str:
    """Return a partial ISO date in words, with the precision that it has.

    >>> date_in_words("2013-05-01"), date_in_words("2013-05"), date_in_words("2013")
    ('1 May 2013', 'May 2013', '2013')
    """
    year, month, day = [*map(int, iso.split("-")), 0, 0][:3]
    return " ".join(filter(None, [str(day) if day else "", calendar.month_name[month], str(year)]))


def plain_text(body: Cited, url: str, site: str, retrieved: date) -> str:
    """Return a citation for people, on one line. A space follows each address, so that programs link all of it."""
    dated = f"last updated {date_in_words(body.last_updated)}" if body.last_updated else "no date given"
    sheet = f"\u201c{body.question}\u201d, from \u201c{body.subject.name}\u201d"
    here = f"{site}: {_address(url)} (retrieved {date_in_words(retrieved.isoformat())})."
    return _line(f"{sheet} ({body.source or 'source not given'}, {dated}). {here} {_origin(body)}")


def csl(body: Cited, url: str, site: str, retrieved: date) -> CslItem:
    """Return a citation as an item of CSL-JSON, from which RIS and BibTeX are made. Unknown values are left out.

    Source: csl-data.json of the Citation Style Language. A title such as "Treatment" gets the name of its subject.
    """
    question, name = _line(body.question), _line(body.subject.name)
    named = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question, re.IGNORECASE)
    item = {
        "id": body.id,
        "type": "webpage",
        "title": question if named else _line(f"{question} ({name})"),
        "container-title": _line(site),
        "publisher": _line(body.source or ""),
        "issued": _date_parts(body.last_updated) if body.last_updated else None,
        "accessed": _date_parts(retrieved.isoformat()),
        "URL": _address(url),
        "note": _origin(body),
    }
    return {key: value for key, value in item.items() if value}


def csl_json(body: Cited, url: str, site: str, retrieved: date) -> str:
    """Return a citation as a CSL-JSON file: a list of one item."""
    text = msgspec.json.encode([csl(body, url, site, retrieved)]).decode()
    return msgspec.json.format(text, indent=2) + "\n"


def ris(body: Cited, url: str, site: str, retrieved: date) -> str:
    """Return a citation in RIS; lines end in CR LF. Source: RIS Format Specifications, 2001 and 2011."""
    item = csl(body, url, site, retrieved)
    tags = {"TI": "title", "T2": "container-title", "PB": "publisher", "UR": "URL", "N1": "note"}
    fields = {"TY": "ELEC"} | {tag: item[key] for tag, key in tags.items() if key in item}
    if "issued" in item:
        fields |= {"PY": _iso(item["issued"])[:4], "DA": _iso(item["issued"]).replace("-", "/")}
    fields |= {"Y2": _iso(item["accessed"]).replace("-", "/"), "ER": ""}
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields.items())


def bibtex(body: Cited, url: str, site: str, retrieved: date) -> str:
    """Return a citation as an entry of BibTeX, in UTF-8. `@online` and `date` are biblatex's; others read `year`.

    Two pairs of braces keep a style from changing capitals, or from reading "Genetic and Rare Diseases" as two names.
    """
    item = csl(body, url, site, retrieved)
    names = {"title": "title", "titleaddon": "container-title", "organization": "publisher", "note": "note"}
    fields = {name: f"{{{item[key].translate(_LATEX)}}}" for name, key in names.items() if key in item}
    if "issued" in item:
        fields |= {"date": _iso(item["issued"]), "year": _iso(item["issued"])[:4]}
    fields |= {"url": item["URL"], "urldate": _iso(item["accessed"])}
    key = re.sub(r"[^A-Za-z0-9.-]", "-", item["id"])
    return "\n".join([f"@online{{{key},", *(f"  {name} = {{{value}}}," for name, value in fields.items()), "}\n"])


@dataclass(frozen=True, slots=True)
class Format:
    """A format of citations: its media type, its label on the page, and the function that writes it."""

    media_type: str
    label: str
    write: Writer


#: The formats by their file extensions.
FORMATS = {
    "txt": Format("text/plain; charset=utf-8", "Text", plain_text),
    "ris": Format("application/x-research-info-systems; charset=utf-8", "RIS, for EndNote and Zotero", ris),
    "bib": Format("application/x-bibtex; charset=utf-8", "BibTeX, for LaTeX", bibtex),
    "json": Format("application/vnd.citationstyles.csl+json", "CSL-JSON, for Zotero and Pandoc", csl_json),
}


def _line(text: str) -> str:
    """Return a text on one line, without invisible characters."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def _address(url: str) -> str:
    """Return an address with every character percent-encoded that an address may not contain."""
    return quote(url, safe=_RESERVED)


def _origin(body: Cited) -> str:
    return f"Original page: {_address(body.source_url)}" if body.source_url else ""


def _date_parts(iso: str) -> CslItem:
    return {"date-parts": [[int(part) for part in iso.split("-")]]}


def _iso(dated: CslItem) -> str:
    year, *rest = dated["date-parts"][0]
    return "-".join([f"{year:04}", *(f"{part:02}" for part in rest)])
