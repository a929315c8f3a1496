"""The description of the API in OpenAPI 3.1, made from its functions, their parameters and return types."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, get_type_hints

from msgspec import json

from indexer import Query
from indexer.exchange import bodies
from indexer.exchange.parameters import Parameter
from indexer.settings import MAX_VALUES
from webui.problems import PROBLEM_KINDS, ProblemKind

#: The headers of every response.
_HEADERS = {
    "Cache-Control": "Whether the response may be reused, and for how many seconds.",
    "Server-Timing": "How long the response took to make, in milliseconds: `search;dur=1.8`.",
    "Link": "This description (`service-desc`), and the `first`, `prev`, `next` and `last` page of a list (RFC 8288).",
}
#: Another header of responses that may be cached.
_VERSION = {
    "ETag": "The version of the response. Send it back as `If-None-Match` to get a body only if there is a newer one.",
}
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "An id from another response. It stays valid as long as the question or sheet exists.",
    "schema": {"type": "string"},
}
_PROMISE = """\
Search fact sheets: questions with their answers, and the references that back them.

Everything described here stays compatible as long as the address says `v1`. Keys may be added to any object, so ignore
keys that you do not know. The order of results, scores and explanations may change with every version. Parameters are
strict: an unknown parameter is an error. One response reports everything that is wrong."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A route. `answer` returns the body; its name, docstring and return type describe the route.

    `parameters` are names of parameters; None: all that there are. Without `needs_index` the route works when there is
    no index. Responses that `may_be_kept` in caches have an ETag; the others ignore parameters.
    """

    path: str
    answer: Callable[..., object]
    parameters: tuple[str, ...] | None = ()
    needs_index: bool = True
    may_be_kept: bool = True

    @property
    def name(self) -> str:
        """The name of the operation."""
        return self.answer.__name__

    def known(self, parameters: Mapping[str, Parameter]) -> Mapping[str, Parameter]:
        """Return the parameters that the route takes, of all that there are."""
        return parameters if self.parameters is None else {name: parameters[name] for name in self.parameters}


def describe(operations: Sequence[Operation], parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """Return the OpenAPI document of some operations, given all parameters. The server adds its own address."""
    answers = [get_type_hints(operation.answer)["return"] for operation in operations]
    template = "#/components/schemas/{name}"
    (*schemas, problem), components = json.schema_components([*answers, bodies.Problem], ref_template=template)
    routes = zip(operations, schemas, strict=True)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Fact sheets", "version": version("factsheets"), "description": _PROMISE},
        "paths": {
            operation.path.replace("<", "{").replace(">", "}"): {
                "get": _operation(operation, schema, operation.known(parameters))
            }
            for operation, schema in routes
        },
        "components": {
            "schemas": {name: _readable(name, schema) for name, schema in components.items()},
            "responses": {name: _problem(kind, problem) for name, kind in PROBLEM_KINDS.items()},
            "headers": {name: _header(text) for name, text in (_HEADERS | _VERSION).items()},
        },
    }


def _operation(operation: Operation, schema: dict[str, Any], parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    summary, _, description = (inspect.getdoc(operation.answer) or "").partition("\n\n")
    has_id = "<id>" in operation.path
    problems = {"400": "invalid-parameters"} if operation.may_be_kept else {}
    problems |= {"default": "http-error"}
    problems |= {"404": "not-found"} if has_id else {}
    problems |= {"422": "query-too-slow"} if "q" in parameters else {}
    problems |= {"503": "index-unavailable"} if operation.needs_index else {}
    answers: dict[str, dict[str, Any]] = {
        "200": {
            "description": summary,
            "headers": _header_links(*_HEADERS, *(_VERSION if operation.may_be_kept else ())),
            "content": {"application/json": {"schema": schema}},
        }
    }
    if operation.may_be_kept:
        headers = _header_links("Cache-Control", *_VERSION)
        answers["304"] = {
            "description": "The version in `If-None-Match` is still current.",
            "headers": headers,
        }
    return {
        "operationId": operation.name,
        "summary": summary,
        "description": description,
        "parameters": ([_ID] if has_id else [])
        + [_parameter(name, parameter) for name, parameter in parameters.items()],
        "responses": answers
        | {status: {"$ref": f"#/components/responses/{name}"} for status, name in sorted(problems.items())},
    }


def _parameter(name: str, parameter: Parameter) -> dict[str, Any]:
    default, schema = getattr(Query(), parameter.field), parameter.values.schema
    if parameter.repeats:
        schema = {"type": "array", "items": schema, "maxItems": MAX_VALUES}
    return {
        "name": name,
        "in": "query",
        "description": parameter.description,
        "schema": schema | ({"default": default} if default else {}),
    }


def _problem(kind: ProblemKind, schema: dict[str, Any]) -> dict[str, Any]:
    retry = {"Retry-After": _header("In how many seconds to try again.")} if kind.status == 503 else {}
    return {
        "description": f"{kind.meaning} {kind.remedy}",
        "headers": _header_links("Cache-Control", "Link") | retry,
        "content": {"application/problem+json": {"schema": schema}},
    }


def _header_links(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header(text: str) -> dict[str, Any]:
    return {"description": text, "schema": {"type": "string"}}


def _readable(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a body with its docstring, and with its keys in their own order: msgspec sorts them."""
    body = getattr(bodies, name)
    properties = {key: schema["properties"][key] for key in get_type_hints(body)}
    return schema | {"description": inspect.getdoc(body), "properties": properties}
