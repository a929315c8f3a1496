"""The HTML pages, and the descriptions of the site for browsers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import wraps
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Flask, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from indexer import Engine, Query, gaps
from indexer.exchange.addresses import DEFAULTS, PAGE_PATH, Addresses, SearchAddresses
from indexer.exchange.bodies import Search
from indexer.exchange.citing import FORMATS
from indexer.exchange.parameters import read_query
from indexer.exchange.presentation import answer_body, search_body, sheet_body, sheet_pages, suggest_body
from indexer.model import Entry
from indexer.settings import MAX_LISTED, MAX_QUERY_CHARS, Settings
from webui.api import json_response, parameters_here
from webui.linked_data import answer_page, sheet_page
from webui.site import SiteWords

#: The most names in a list without headings: about two screens, chosen by eye. A letter with more names has a heading
#: for each two first letters. All titles are listed before a letter is chosen, unless there are more.
_ONE_LIST = 60

#: Sheets in a part of the site map: 150 KB. The protocol allows 50,000 (sitemaps.org).
_SITEMAP_SHEETS = 1_000

View = Callable[..., str | Response]

_DEFAULTS = DEFAULTS[PAGE_PATH]


def register(app: Flask, engine: Engine, settings: Settings, words: SiteWords) -> None:
    """Add the HTML pages to an application."""
    _register_search(app, engine, settings, words)
    _register_answers(app, engine, settings, words)
    _register_lists(app, engine, words)
    _register_browser(app, engine, settings)
    _register_robots(app, engine, settings)


def _of_one_generation(engine: Engine) -> Callable[[View], View]:
    """Return a decorator that makes a page from one generation, even if a build is published meanwhile."""

    def decorate(view: View) -> View:
        @wraps(view)
        def page(**path: str) -> str | Response:
            with engine.one_generation():
                return view(**path)

        return page

    return decorate


def _register_search(app: Flask, engine: Engine, settings: Settings, words: SiteWords) -> None:
    @app.get("/")
    @_of_one_generation(engine)
    def search() -> str | Response:
        # Other sites add parameters to links. People who follow them get an answer, too.
        known = parameters_here(engine)
        given = {name: values for name, values in request.args.to_dict(flat=False).items() if name in known}
        typed = "".join(given.get("q", [])[:1])
        query = read_query(given | {"q": [typed[:MAX_QUERY_CHARS]]}, _DEFAULTS, known)
        addresses, public = Addresses(request.script_root), Addresses(site_address(settings))
        results = engine.search(query)
        if settings.gaps and query.page == 1:
            gaps.count(settings.gaps, results, _today())
        body = search_body(results, addresses)
        if replace(query, text=query.text.strip(), page=1) == _DEFAULTS:
            examples = words.examples().questions
            return render_template("start.html", body=body, query=query, letters=_letters(engine), examples=examples)
        if query.page > body.pages:
            return redirect(addresses.search(query))
        searches, cite = SearchAddresses(query, PAGE_PATH, request.script_root), FORMATS["txt"].write
        return render_template(
            "results.html",
            body=body,
            query=query,
            cut=len(typed) > MAX_QUERY_CHARS,
            urgent=words.urgent(query.text),
            filters=_filters(query, searches),
            site_facets=[(facet.key, facet.label) for facet in engine.facets()],
            toggle=lambda facet, value: _toggled(query, searches, facet, value),
            url=searches.to,
            ask=lambda text, exact=False: addresses.search(replace(_DEFAULTS, text=text, exact=exact)),
            asked=_asked(query.text),
            apart=_first_other(body),
            cite=lambda result: cite(result, public.answer(result.id), settings.site_name, _today()),
        )


def _register_answers(app: Flask, engine: Engine, settings: Settings, words: SiteWords) -> None:
    @app.get("/answers/<id>")
    @_of_one_generation(engine)
    def answer(id: str) -> str | Response:
        query = replace(_DEFAULTS, text=request.args.get("q", "")[:MAX_QUERY_CHARS].strip())
        match, addresses = engine.answer(id), Addresses(request.script_root)
        if match is None:
            abort(404, f"There is no answer {id!r} here. It may have been removed from its fact sheet.")
        sheet, document = match
        if document.id != id:  # a link from before the title or source of the sheet was corrected
            return redirect(addresses.answer(document.id) + _asked(query.text), 301)
        marks = engine.marks(id, query.text)
        page, number = _page_number(), sheet.documents.index(document)
        body = answer_body(sheet, document, engine.similar(id), marks, addresses, page)
        if page > body.pages:
            return redirect(addresses.answer(id))
        near = slice(max(number - MAX_LISTED // 2, 0), max(number - MAX_LISTED // 2, 0) + MAX_LISTED)
        neighbours = replace(sheet, documents=sheet.documents[near])
        address = Addresses(site_address(settings)).answer(document.id)
        return render_template(
            "answer.html",
            body=body,
            sheet=sheet_body(neighbours, engine.not_covered(sheet.header.id), addresses),
            total=len(sheet.documents),
            query=query,
            marked=bool(marks),
            address=address,
            citation=FORMATS["txt"].write(body, address, settings.site_name, _today()),
            formats=[(ending, format.label) for ending, format in FORMATS.items() if ending != "txt"],
            linked=answer_page(sheet, document, address, words.settings()),
        )

    @app.get("/answers/<id>/citation.<ending>")
    def citation(id: str, ending: str) -> Response:
        match = engine.answer(id)
        if match is None or ending not in FORMATS:
            abort(404, f"There is no citation {id}.{ending} here.")
        body, format = answer_body(*match), FORMATS[ending]
        text = format.write(body, Addresses(site_address(settings)).answer(body.id), settings.site_name, _today())
        response = Response(text, content_type=format.media_type)
        response.headers.set("Content-Disposition", "attachment", filename=f"{body.id}.{ending}")
        return response

    @app.get("/sheets/<id>")
    @_of_one_generation(engine)
    def sheet(id: str) -> str | Response:
        match, addresses = engine.sheet(id), Addresses(request.script_root)
        if match is None:
            abort(404, f"There is no fact sheet {id!r} here.")
        if match.header.id != id:
            return redirect(addresses.sheet(match.header.id), 301)
        address, pages, page = Addresses(site_address(settings)).sheet(id), sheet_pages(match), _page_number()
        if page > len(pages):
            return redirect(addresses.sheet(id))
        shown = replace(match, documents=match.documents[pages[page - 1].start : pages[page - 1].stop])
        return render_template(
            "sheet.html",
            body=sheet_body(match, engine.not_covered(id), addresses),
            answers=[answer_body(shown, document, addresses=addresses) for document in shown.documents],
            page=page,
            pages=len(pages),
            query=_DEFAULTS,
            address=address,
            linked=sheet_page(shown, address, words.settings()),
        )


def _register_lists(app: Flask, engine: Engine, words: SiteWords) -> None:
    @app.get("/a-to-z")
    @app.get("/a-to-z/<letter>")
    @_of_one_generation(engine)
    def a_to_z(letter: str | None = None) -> str:
        names = engine.a_to_z()
        if letter is not None and letter.upper() not in names:
            abort(404, f"There is no letter {letter!r} in the A to Z.")
        entries = names[letter.upper()] if letter else _titles(names)
        groups = groupby(entries, lambda entry: entry.start if len(entries) > _ONE_LIST else "")
        return render_template(
            "a_to_z.html",
            letters=_letters(engine),
            letter=letter and letter.upper(),
            entries=entries,
            groups=[(start, list(members)) for start, members in groups],
            total=sum(map(len, names.values())),
            target=_target,
            query=_DEFAULTS,
        )

    @app.get("/coverage")
    @_of_one_generation(engine)
    def coverage() -> str:
        return render_template(
            "coverage.html", coverage=engine.coverage(), query=_DEFAULTS, examples=words.examples(), kinds=words.kinds()
        )


def _register_browser(app: Flask, engine: Engine, settings: Settings) -> None:
    @app.get("/opensearch.xml")
    def opensearch() -> Response:
        def absolute(path: str) -> str:
            return site_address(settings) + path.removeprefix(request.script_root)

        text = render_template("opensearch.xml", absolute=absolute)
        return Response(text, content_type="application/opensearchdescription+xml; charset=utf-8")

    @app.get("/suggestions")
    def browser_suggestions() -> Response:
        """Return suggestions for a browser's own search box: the typed text, then texts, notes and addresses."""
        text = request.args.get("q", "")[:MAX_QUERY_CHARS]
        found = suggest_body(engine.suggest(text), Addresses(site_address(settings))).suggestions
        columns = [[getattr(row, key) or "" for row in found] for key in ("text", "subject", "url")]
        return json_response([text, *columns], content_type="application/x-suggestions+json")


def _register_robots(app: Flask, engine: Engine, settings: Settings) -> None:
    @app.get("/robots.txt")
    def robots() -> Response:
        # Searches are endless: crawlers find every sheet in the site map.
        root, site = request.script_root, site_address(settings)
        lines = ["User-agent: *", *(f"Disallow: {root}{path}" for path in ("/?", "/api/", "/suggestions"))]
        text = "\n".join([*lines, f"Sitemap: {site}/sitemap.xml", ""])
        return Response(text, content_type="text/plain; charset=utf-8")

    @app.get("/sitemap.xml")
    @_of_one_generation(engine)
    def sitemap() -> Response:
        pages = -(-engine.sheets(0, 0)[1] // _SITEMAP_SHEETS)
        maps = [f"{site_address(settings)}/sitemaps/{page}.xml" for page in range(1, pages + 1)]
        return _xml(render_template("sitemap.xml", maps=maps))

    @app.get("/sitemaps/<page>.xml")
    @_of_one_generation(engine)
    def sitemap_page(page: str) -> Response:
        number = int(page) if re.fullmatch(r"[1-9][0-9]{0,5}", page) else 0
        sheets = engine.sheets((number - 1) * _SITEMAP_SHEETS, _SITEMAP_SHEETS)[0] if number else ()
        if not sheets:
            abort(404, f"There is no part {page!r} of the site map.")
        addresses = Addresses(site_address(settings))
        entries = [(addresses.sheet(sheet.id), sheet.last_updated) for sheet in sheets]
        return _xml(render_template("sitemap.xml", entries=entries))


def _xml(text: str) -> Response:
    return Response(text, content_type="application/xml; charset=utf-8")


def _page_number() -> int:
    """Return the page of a long sheet or answer that is asked for; 1 for anything that is no number."""
    given = request.args.get("page", "")
    return int(given) if re.fullmatch(r"[1-9][0-9]{0,6}", given) else 1


def site_address(settings: Settings) -> str:
    """Return the public URL of this site, without the slash at its end."""
    if not (settings.base_url or request.host):  # empty for an invalid Host: RFC 9112, section 3.2, requires a 400
        abort(400, "The request does not name a host.")
    return (settings.base_url or request.url_root).rstrip("/")


def _asked(text: str) -> str:
    """Return the query string that passes a question on to an answer, where its words are then marked."""
    return f"?{urlencode({'q': text})}" if text else ""


def _target(entry: Entry) -> str:
    """Return the address for a name of the A to Z: its sheet, or a search if several sheets have it."""
    addresses = Addresses(request.script_root)
    if len(entry.sheet_ids) == 1:
        return addresses.sheet(entry.sheet_ids[0])
    return addresses.search(replace(_DEFAULTS, text=entry.subject or entry.name))


def _titles(names: Mapping[str, tuple[Entry, ...]]) -> tuple[Entry, ...]:
    """Return the titles of all letters, or nothing if they are too many for one list."""
    titles = tuple(entry for entries in names.values() for entry in entries if entry.subject is None)
    return titles if len(titles) <= _ONE_LIST else ()


def _letters(engine: Engine) -> list[tuple[str, int]]:
    return [(letter, len(entries)) for letter, entries in engine.a_to_z().items()]


def _today() -> date:
    return datetime.now(UTC).date()


def _first_other(body: Search) -> int | None:
    """Return the index of the first result after all those about the question's subjects; None if there are none."""
    named = {id for focus in body.query.understood.focus for id in focus.sheet_ids}
    about = [number for number, result in enumerate(body.results) if result.sheet_id in named]
    return about[-1] + 1 if about else None


def _filters(query: Query, searches: SearchAddresses) -> list[tuple[str, str, str]]:
    """Return (kind, value, address of the results without it) for each filter that is set."""
    facets = ((key, (value,)) for key, value in query.facets)
    kinds = (("type", query.types), ("subject", query.subjects), ("source", query.sources), *facets)
    filters = [(kind, value, _toggled(query, searches, kind, value)) for kind, values in kinds for value in values]
    if query.updated_from or query.updated_to:
        span = " to ".join(dict.fromkeys(filter(None, (query.updated_from, query.updated_to))))
        filters.append(("updated", span, searches.to(updated_from=None, updated_to=None)))
    return filters


def _toggled(query: Query, searches: SearchAddresses, kind: str, value: str) -> str:
    """Return the address of the results with a filter value switched on, or off if it is on."""
    if kind == "updated":
        year = None if query.updated_from == query.updated_to == value else value
        return searches.to(updated_from=year, updated_to=year)
    if kind not in ("type", "subject", "source"):
        pairs = tuple(pair for pair in query.facets if (pair[0], pair[1].casefold()) != (kind, value.casefold()))
        return searches.to(facets=pairs if len(pairs) < len(query.facets) else (*query.facets, (kind, value)))
    field = f"{kind}s"
    chosen: tuple[str, ...] = getattr(query, field)
    others = tuple(other for other in chosen if other.casefold() != value.casefold())
    changes: dict[str, Any] = {field: others if len(others) < len(chosen) else (*chosen, value)}
    return searches.to(**changes)
