"""The description of the endpoint in OpenAPI 3.1, made from what answers: its functions, their parameters and types."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, get_type_hints

from msgspec import json

from indexer import Query, bodies
from indexer.parameters import PARAMETERS
from indexer.settings import MAX_VALUES
from webui.problems import PROBLEM_KINDS, ProblemKind

#: What an answer carries beside its body.
_HEADERS = {
    "Cache-Control": "Whether and for how many seconds anybody may use the answer again.",
    "Server-Timing": "How long the answer took to make, in milliseconds: `search;dur=1.8`.",
    "Link": "This description (`service-desc`); of a list also its `first`, `prev`, `next` and `last` page (RFC 8288).",
}
#: What an answer that may be kept carries as well.
_VERSION = {
    "ETag": "Which version this is. Sent back as `If-None-Match`, it asks for the answer only if there is another.",
}
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "An id that another answer of this endpoint gave. It lasts while the question is on its sheet.",
    "schema": {"type": "string"},
}
_PROMISE = """\
Fact sheets as questions with their answers, and the references that back them.

What is described here stays as it is as long as the address says `v1`. Keys may be added to any object, so programs
pass over those that they do not know; the order of results, scores and their explanations may change with every
version. Parameters are strict: one that is not known is a problem, with every other fault in one answer."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A route: `answer` returns the body, and its name, docstring and type of return are what is told of it.

    `parameters` are those of PARAMETERS that it takes, beside the `<id>` of its path. Without `needs_index` it answers
    when there is none. What `may_be_kept` says of itself which version it is; what may not passes over parameters.
    """

    path: str
    answer: Callable[..., Mapping[str, Any]]
    parameters: tuple[str, ...] = ()
    needs_index: bool = True
    may_be_kept: bool = True

    @property
    def name(self) -> str:
        """The name of the operation."""
        return self.answer.__name__


def describe(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the OpenAPI document of some operations; where they are served is for the server to add."""
    answers = [get_type_hints(operation.answer)["return"] for operation in operations]
    template = "#/components/schemas/{name}"
    (*schemas, problem), components = json.schema_components([*answers, bodies.Problem], ref_template=template)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Fact sheets", "version": version("factsheets"), "description": _PROMISE},
        "paths": {
            operation.path.replace("<", "{").replace(">", "}"): {"get": _operation(operation, schema)}
            for operation, schema in zip(operations, schemas, strict=True)
        },
        "components": {
            "schemas": {name: _readable(name, schema) for name, schema in components.items()},
            "responses": {name: _problem(kind, problem) for name, kind in PROBLEM_KINDS.items()},
            "headers": {name: _header(text) for name, text in (_HEADERS | _VERSION).items()},
        },
    }


def _operation(operation: Operation, schema: dict[str, Any]) -> dict[str, Any]:
    summary, _, description = (inspect.getdoc(operation.answer) or "").partition("\n\n")
    has_id = "<id>" in operation.path
    problems = {"400": "invalid-parameters"} if operation.may_be_kept else {}
    problems |= {"default": "http-error"}
    problems |= {"404": "not-found"} if has_id else {}
    problems |= {"422": "query-too-slow"} if "q" in operation.parameters else {}
    problems |= {"503": "index-unavailable"} if operation.needs_index else {}
    answers: dict[str, dict[str, Any]] = {
        "200": {
            "description": summary,
            "headers": _carried(*_HEADERS, *(_VERSION if operation.may_be_kept else ())),
            "content": {"application/json": {"schema": schema}},
        }
    }
    if operation.may_be_kept:
        headers = _carried("Cache-Control", *_VERSION)
        answers["304"] = {
            "description": "The version that `If-None-Match` names is still what is here.",
            "headers": headers,
        }
    return {
        "operationId": operation.name,
        "summary": summary,
        "description": description,
        "parameters": ([_ID] if has_id else []) + [_parameter(name) for name in operation.parameters],
        "responses": answers
        | {status: {"$ref": f"#/components/responses/{name}"} for status, name in sorted(problems.items())},
    }


def _parameter(name: str) -> dict[str, Any]:
    field, takes, repeats, text = PARAMETERS[name]
    default = getattr(Query(), field)
    schema = {"type": "array", "items": takes.schema, "maxItems": MAX_VALUES} if repeats else takes.schema
    return {
        "name": name,
        "in": "query",
        "description": text,
        "schema": schema | ({"default": default} if default else {}),
    }


def _problem(kind: ProblemKind, schema: dict[str, Any]) -> dict[str, Any]:
    retry = {"Retry-After": _header("In how many seconds to ask again.")} if kind.status == 503 else {}
    return {
        "description": f"{kind.meaning} {kind.remedy}",
        "headers": _carried("Cache-Control", "Link") | retry,
        "content": {"application/problem+json": {"schema": schema}},
    }


def _carried(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header(text: str) -> dict[str, Any]:
    return {"description": text, "schema": {"type": "string"}}


def _readable(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a body with its docstring, and with its keys in their order: msgspec sorts them."""
    kept = getattr(bodies, name)
    properties = {key: schema["properties"][key] for key in get_type_hints(kept)}
    return schema | {"description": inspect.getdoc(kept), "properties": properties}
