"""The interface as an OpenAPI document: what can be asked (`web.operations`), in which shapes (`web.schemas`).

Source: https://spec.openapis.org/oas/v3.1.1.html
"""

from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any

from web.operations import JSON, OPERATIONS, Operation, Outcome
from web.schemas import Schema, ref, schemas

VERSION = "1.0.0"
"""Of the interface. The first number changes when a client must change, the second when there is more to be had."""

_DESCRIPTION = """\
Citewell answers questions about a clinic's own content by quoting it, word for word and with its source. It writes \
nothing itself, and it does not diagnose, treat or monitor.

Every answer carries a `disclaimer`, to be shown with it. Never leave out an `alert`, wherever one comes back. No \
question ever stands in an address: questions are sent as JSON. What is refused under `/api` is refused with a problem \
document (RFC 9457), also at an unknown address (404), for a method that an address does not take (405, with `Allow`) \
and for a host that this server does not answer for (421). New fields may come; a client must pass over those it does \
not know. Every reply has an `X-Request-ID`: name it where you report that something went wrong.

The staff's desk is no part of this: it serves its own pages only."""

_HEADERS: dict[str, Schema] = {
    "Retry-After": {
        "description": "Seconds to wait before asking again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
}

_LINKS: dict[str, dict[str, Any]] = {
    "feedback": {
        "operationId": "feedback",
        "description": "The answer's `turn_id` is what a vote names.",
        "requestBody": {"turn_id": "$response.body#/turn_id", "helpful": True},
    },
}

Examples = Mapping[str, Mapping[str, Any]]
"""Of one operation: under ``body`` and under each status, examples by what they show."""


def document(title: str, paths: Collection[str], examples: Mapping[str, Examples]) -> dict[str, Any]:
    """The document for those of ``paths`` that are served to everyone; ``examples`` by operation."""
    return {
        "openapi": "3.1.1",
        "info": {"title": title, "version": VERSION, "description": _DESCRIPTION},
        "servers": [{"url": "/", "description": "This server."}],
        "paths": {
            row.path: {row.method: _operation(row, examples.get(row.operation_id, {}))}
            for row in OPERATIONS
            if row.path in paths
        },
        "components": {"schemas": schemas(), "headers": _HEADERS, "links": _LINKS},
    }


def _operation(row: Operation, examples: Examples) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": row.operation_id,
        "summary": row.summary,
        "description": row.description,
        "responses": {
            str(status): _response(status, outcome, examples.get(str(status), {}))
            for status, outcome in sorted(row.outcomes.items())
        },
    }
    if row.query:
        made["parameters"] = [_parameter(name, said) for name, said in row.query.items()]
    if row.body:
        made["requestBody"] = {"required": True, "content": _content(JSON, row.body, examples.get("body", {}))}
    return made


def _parameter(name: str, said: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": said, "schema": {"type": "string"}}


def _response(status: int, outcome: Outcome, examples: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"description": f"{HTTPStatus(status).phrase}. {outcome.meaning}"}
    if outcome.headers:
        made["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in outcome.headers}
    if outcome.links:
        made["links"] = {name: {"$ref": f"#/components/links/{name}"} for name in outcome.links}
    if outcome.media_type:
        made["content"] = _content(outcome.media_type, outcome.shape, examples)
    return made


def _content(media_type: str, shape: type | None, examples: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": ref(shape) if shape else {"type": "string"}}
    if examples:
        content["examples"] = {
            name.replace(" ", "-"): {"summary": name, "value": value} for name, value in examples.items()
        }
    return {media_type: content}
