"""The HTML pages, and what a browser needs to know of the site."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import wraps
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Flask, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from indexer import Query, SearchEngine
from indexer.bodies import Search
from indexer.citing import FORMATS
from indexer.model import Entry
from indexer.parameters import PARAMETERS, Addresses, read_query, search_url
from indexer.presentation import answer_body, search_body, sheet_body, suggest_body
from indexer.settings import MAX_QUERY_CHARS, Settings
from webui.api import json_response
from webui.linked_data import answer_page, sheet_page

#: A letter with more names than this has a heading for each two letters that they begin with, and so many titles or
#: fewer are listed before a letter is chosen: about two screens of them, chosen by eye.
_ONE_LIST = 60

View = Callable[..., str | Response]

_GROUPED = Query(group="subject")  # what the page asks for when nothing is said


def register(app: Flask, engine: SearchEngine, settings: Settings) -> None:
    """Have an application show people the pages of an engine."""
    app.context_processor(lambda: {"base": request.script_root})
    _register_search(app, engine, settings)
    _register_answers(app, engine, settings)
    _register_lists(app, engine)
    _register_browser(app, engine, settings)


def _of_one_generation(engine: SearchEngine) -> Callable[[View], View]:
    """Return what has a page made of one generation, though a build may be published meanwhile."""

    def held(view: View) -> View:
        @wraps(view)
        def page(**place: str) -> str | Response:
            with engine.one_generation():
                return view(**place)

        return page

    return held


def _register_search(app: Flask, engine: SearchEngine, settings: Settings) -> None:
    @app.get("/")
    @_of_one_generation(engine)
    def search() -> str | Response:
        # Links collect foreign parameters on their way; people who follow them are not to blame.
        given = {name: values for name, values in request.args.to_dict(flat=False).items() if name in PARAMETERS}
        typed = "".join(given.get("q", [])[:1])
        query = read_query(given | {"q": [typed[:MAX_QUERY_CHARS]]}, "/")
        body = search_body(engine.search(query))
        if replace(query, text=query.text.strip(), page=1) == _GROUPED:
            examples = [example for example in settings.examples if engine.rank(Query(example))]
            return render_template("start.html", body=body, query=query, letters=_letters(engine), examples=examples)
        if query.page > body["pages"]:
            return redirect(_address(query))
        addresses, site, cite = Addresses(query, "/"), site_address(settings), FORMATS["txt"].write
        return render_template(
            "results.html",
            body=body,
            query=query,
            cut=len(typed) > MAX_QUERY_CHARS,
            filters=_filters(query, addresses),
            toggle=lambda facet, value: _toggled(query, addresses, facet, value),
            url=lambda page=1, **changes: request.script_root + addresses.to(page, **changes),
            ask=lambda text, exact=False: _address(replace(_GROUPED, text=text, exact=exact)),
            asked=_asked(query.text),
            apart=_place_of_others(body),
            cite=lambda result: cite(result, site + result["url"], settings.site_name, _today()),
        )


def _register_answers(app: Flask, engine: SearchEngine, settings: Settings) -> None:
    @app.get("/answers/<id>")
    @_of_one_generation(engine)
    def answer(id: str) -> str | Response:
        query = replace(_GROUPED, text=request.args.get("q", "")[:MAX_QUERY_CHARS].strip())
        found = engine.answer(id)
        if found is None:
            abort(404, f"There is no answer {id!r} here. It may have been removed from its fact sheet.")
        sheet, document = found
        if document.id != id:  # a link from before its title or source was corrected
            return redirect(f"{request.script_root}/answers/{document.id}{_asked(query.text)}", 301)
        marks = engine.marks(id, query.text)
        body = answer_body(sheet, document, engine.similar(id), marks)
        address = _absolute(settings, body["url"])
        return render_template(
            "answer.html",
            body=body,
            sheet=sheet,
            query=query,
            marked=bool(marks),
            address=address,
            citation=FORMATS["txt"].write(body, address, settings.site_name, _today()),
            not_covered=engine.not_covered(sheet.header.id),
            all_references=sheet_body(sheet)["references"],
            formats=[(ending, one.label) for ending, one in FORMATS.items() if ending != "txt"],
            linked=answer_page(sheet, document, address, settings),
        )

    @app.get("/answers/<id>/citation.<ending>")
    def citation(id: str, ending: str) -> Response:
        found = engine.answer(id)
        if found is None or ending not in FORMATS:
            abort(404, f"There is no citation {id}.{ending} here.")
        body, chosen = answer_body(*found), FORMATS[ending]
        text = chosen.write(body, _absolute(settings, body["url"]), settings.site_name, _today())
        response = Response(text, content_type=chosen.media_type)
        response.headers.set("Content-Disposition", "attachment", filename=f"{body['id']}.{ending}")
        return response

    @app.get("/sheets/<id>")
    @_of_one_generation(engine)
    def sheet(id: str) -> str | Response:
        found = engine.sheet(id)
        if found is None:
            abort(404, f"There is no fact sheet {id!r} here.")
        if found.header.id != id:
            return redirect(f"{request.script_root}/sheets/{found.header.id}", 301)
        body, address = sheet_body(found), _absolute(settings, f"/sheets/{id}")
        answers = [answer_body(found, document) for document in found.documents]
        return render_template(
            "sheet.html",
            sheet=found,
            body=body,
            answers=answers,
            not_covered=engine.not_covered(found.header.id),
            query=_GROUPED,
            address=address,
            linked=sheet_page(found, address, settings),
        )


def _register_lists(app: Flask, engine: SearchEngine) -> None:
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
            query=_GROUPED,
        )

    @app.get("/coverage")
    def coverage() -> str:
        return render_template("coverage.html", coverage=engine.coverage(), query=_GROUPED)


def _register_browser(app: Flask, engine: SearchEngine, settings: Settings) -> None:
    @app.get("/opensearch.xml")
    def opensearch() -> Response:
        def absolute(path: str) -> str:
            return _absolute(settings, path.removeprefix(request.script_root))

        text = render_template("opensearch.xml", absolute=absolute)
        return Response(text, content_type="application/opensearchdescription+xml; charset=utf-8")

    @app.get("/suggestions")
    def browser_suggestions() -> Response:
        """Answer a browser's own search field: what was typed, and the texts, notes and addresses to offer."""
        text = request.args.get("q", "")[:MAX_QUERY_CHARS]
        found = suggest_body(engine.suggest(text))["suggestions"]
        columns = [[one["text"] for one in found], [one["subject"] or "" for one in found]]
        urls = [_absolute(settings, one["url"]) for one in found]
        return json_response([text, *columns, urls], content_type="application/x-suggestions+json")


def site_address(settings: Settings) -> str:
    """Return the address of the root of this site as others see it, without the slash at its end."""
    if not (settings.base_url or request.host):  # empty for a Host that is none: RFC 9112, section 3.2, asks for this
        abort(400, "The request does not name a host.")
    return (settings.base_url or request.url_root).rstrip("/")


def _absolute(settings: Settings, path: str) -> str:
    """Return the address of a path below the root of this site as others see it."""
    return site_address(settings) + path


def _address(query: Query, page: int = 1) -> str:
    """Return the address of a page of results."""
    return request.script_root + search_url(query, page=page, path="/")


def _asked(text: str) -> str:
    """Return what takes a question along to an answer, whose words are then marked."""
    return f"?{urlencode({'q': text})}" if text else ""


def _target(entry: Entry) -> str:
    """Return where a name of the A to Z leads: its sheet, or where several have it a search for it."""
    if len(entry.sheet_ids) == 1:
        return f"{request.script_root}/sheets/{entry.sheet_ids[0]}"
    return _address(replace(_GROUPED, text=entry.subject or entry.name))


def _titles(names: Mapping[str, tuple[Entry, ...]]) -> tuple[Entry, ...]:
    """Return the titles of all letters, or nothing where they are too many for one list."""
    titles = tuple(entry for entries in names.values() for entry in entries if entry.subject is None)
    return titles if len(titles) <= _ONE_LIST else ()


def _letters(engine: SearchEngine) -> list[tuple[str, int]]:
    return [(letter, len(entries)) for letter, entries in engine.a_to_z().items()]


def _today() -> date:
    return datetime.now(UTC).date()


def _place_of_others(body: Search) -> int | None:
    """Return the place of the first result after the last that is about what the question names; None if none is."""
    named = {id for focus in body["query"]["understood"]["focus"] for id in focus["sheet_ids"]}
    about = [place for place, result in enumerate(body["results"]) if result["sheet_id"] in named]
    return about[-1] + 1 if about else None


def _filters(query: Query, addresses: Addresses) -> list[tuple[str, str, str]]:
    """Return (kind, value, the address of the results without it) for each filter that is set."""
    kinds = (("type", query.types), ("subject", query.subjects), ("source", query.sources))
    found = [(kind, value, _toggled(query, addresses, kind, value)) for kind, values in kinds for value in values]
    if query.updated_from or query.updated_to:
        span = " to ".join(dict.fromkeys(filter(None, (query.updated_from, query.updated_to))))
        found.append(("updated", span, request.script_root + addresses.to(updated_from=None, updated_to=None)))
    return found


def _toggled(query: Query, addresses: Addresses, kind: str, value: str) -> str:
    """Return the address of the results with a filter's value switched on, or off where it is on."""
    if kind == "updated":
        year = None if query.updated_from == query.updated_to == value else value
        return request.script_root + addresses.to(updated_from=year, updated_to=year)
    field = f"{kind}s"
    chosen: tuple[str, ...] = getattr(query, field)
    others = tuple(other for other in chosen if other.casefold() != value.casefold())
    changes: dict[str, Any] = {field: others if len(others) < len(chosen) else (*chosen, value)}
    return request.script_root + addresses.to(**changes)
