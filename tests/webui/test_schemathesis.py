"""What Schemathesis asks, made from the description: examples, edge values, right and wrong requests, and chains.

A chain takes the ids of an answer to the next request. All checks are on: no error of the server, only statuses, types,
headers and bodies that are described, wrong parameters refused and right ones accepted, other methods refused.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis import engine
from schemathesis.config import SchemathesisConfig

from indexer.settings import Settings
from webui import create_app

_CONFIG = {
    # Twenty requests of each kind for each route are 3,000 answers and 20 seconds; the same in every run.
    "generation": {"mode": "all", "max-examples": 20, "deterministic": True, "database": "none"},
    # It would ask for Zstandard, but does not unpack the answers of an application in its own process.
    "headers": {"Accept-Encoding": "identity"},
}


def findings(app: Flask, path: str = "", **more: Any) -> Iterator[str]:
    """Yield the route, the check and the request of everything that Schemathesis finds in an application."""
    config = SchemathesisConfig.from_dict(_CONFIG | more)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
    asked = 0
    for event in engine.from_schema(schema.include(path=path) if path else schema).execute():
        match event:
            case engine.events.ScenarioFinished():
                for check in (one for checks in event.recorder.checks.values() for one in checks):
                    asked += 1
                    if found := check.failure_info:
                        yield f"{event.label}: {check.name}: {found.failure.title}: {found.code_sample}"
            case engine.events.NonFatalError():
                yield f"{event.label}: {event.value!r}"
            case engine.events.FatalError():
                yield repr(event.exception)
    assert asked, "nothing was asked"


def test_it_finds_nothing(index: Path) -> None:
    assert list(findings(create_app(Settings(index=index)))) == []


def test_it_finds_nothing_where_there_is_no_index(tmp_path: Path) -> None:
    # Whatever is right is refused there, with the status that is described.
    refused = {"expected-statuses": [200, "4xx", 503]}
    checks = {"positive_data_acceptance": refused, "not_a_server_error": refused}
    assert list(findings(create_app(Settings(index=tmp_path)), checks=checks)) == []


@pytest.mark.parametrize(
    ("answer", "noticed"),
    [
        (({"status": "dead"}, 200), "response_schema_conformance"),
        (({"status": "live"}, 201), "content_type_conformance"),  # any other status is described as a problem
        (("dead", 500), "not_a_server_error"),
    ],
)
def test_it_finds_what_is_not_as_described(tmp_path: Path, answer: tuple[Any, int], noticed: str) -> None:
    app = create_app(Settings(index=tmp_path))
    app.view_functions["api_live"] = lambda: answer
    found = list(findings(app, "/healthz/live"))
    assert any(f": {noticed}: " in one for one in found), found
