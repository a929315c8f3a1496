"""The HTML pages."""

from dataclasses import replace

from flask import Flask, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from indexer import Query, SearchEngine
from indexer.parameters import PARAMETERS, read_query, search_url
from indexer.presentation import Body, answer_body, search_body, sheet_body
from indexer.settings import MAX_QUERY_CHARS


def register(app: Flask, engine: SearchEngine) -> None:
    """Have an application show people the pages of an engine."""

    @app.get("/")
    def search() -> str | Response:
        # Links collect foreign parameters on their way; people who follow them are not to blame.
        given = {name: values for name, values in request.args.to_dict(flat=False).items() if name in PARAMETERS}
        typed = "".join(given.get("q", [])[:1])
        query = read_query(given | {"q": [typed[:MAX_QUERY_CHARS]]}, "/")
        asks_nothing = replace(query, text=query.text.strip(), page=1) == read_query({}, "/")
        body = search_body(engine.search(query))
        if asks_nothing:
            return render_template("start.html", body=body, query=query)
        if query.page > body["pages"]:
            return redirect(search_url(query, path="/"))
        return render_template(
            "results.html",
            body=body,
            query=query,
            cut=len(typed) > MAX_QUERY_CHARS,
            filters=_filters(query),
            toggle=lambda facet, value: _toggled(query, facet, value),
            url=lambda page=1, **changes: search_url(replace(query, **changes), page=page, path="/"),
        )

    @app.get("/answers/<id>")
    def answer(id: str) -> str | Response:
        found = engine.answer(id)
        if found is None:
            abort(404, f"There is no answer {id!r} here. It may have been removed from its fact sheet.")
        sheet, document = found
        if document.id != id:  # a link from before its title or source was corrected
            return redirect(f"/answers/{document.id}", 301)
        body = answer_body(sheet, document, engine.similar(id))
        return render_template("answer.html", body=body, sheet=sheet, query=Query())

    @app.get("/sheets/<id>")
    def sheet(id: str) -> str | Response:
        found = engine.sheet(id)
        if found is None:
            abort(404, f"There is no fact sheet {id!r} here.")
        if found.header.id != id:
            return redirect(f"/sheets/{found.header.id}", 301)
        answers = [answer_body(found, document) for document in found.documents]
        return render_template("sheet.html", sheet=found, body=sheet_body(found), answers=answers, query=Query())


def _filters(query: Query) -> list[tuple[str, str, str]]:
    """Return (kind, value, the address of the results without it) for each filter that is set."""
    kinds = (("type", query.types), ("subject", query.subjects), ("source", query.sources))
    found = [(kind, value, _toggled(query, kind, value)) for kind, values in kinds for value in values]
    if query.updated_from or query.updated_to:
        span = " to ".join(dict.fromkeys(filter(None, (query.updated_from, query.updated_to))))
        without = replace(query, updated_from=None, updated_to=None)
        found.append(("updated", span, search_url(without, path="/")))
    return found


def _toggled(query: Query, kind: str, value: str) -> str:
    """Return the address of the results with a filter's value switched on, or off where it is on."""
    field = f"{kind}s"
    chosen: tuple[str, ...] = getattr(query, field)
    others = tuple(other for other in chosen if other.casefold() != value.casefold())
    changes: Body = {field: others if len(others) < len(chosen) else (*chosen, value)}
    return search_url(replace(query, **changes), path="/")
