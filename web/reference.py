"""The interface's document as a person reads it: rows and words for the page ``/docs``, from the document alone."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from web.operations import JSON
from web.schemas import Schema

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_NAMES = {"integer": "whole number", "string": "text", "boolean": "true or false", "null": "null", "object": "object"}
_PAIR = re.compile(r"\[\n\s+(\d+),\n\s+(\d+)\n\s+\]")
_LONGEST_PATTERN = 40
"""Characters; what a longer pattern asks for stands in words beside it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A field of a table, or a parameter."""

    name: str
    kind: Markup
    is_required: bool
    words: Markup


@dataclass(frozen=True, slots=True)
class Shape:
    """A type and its fields."""

    name: str
    words: Markup
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """What is sent or comes back."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Response:
    """What comes back with one status; ``kind`` is its type, or nothing."""

    status: str
    words: Markup
    kind: Markup
    headers: tuple[str, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation. ``curl`` are commands that can be pasted; ``reply`` is the type of a reply that is no refusal."""

    operation_id: str
    method: str
    path: str
    summary: str
    words: Markup
    parameters: tuple[Row, ...]
    body: Shape | None
    reply: Shape | None
    responses: tuple[Response, ...]
    curl: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole page; ``types`` are those that stand inside others."""

    title: str
    version: str
    words: Markup
    entries: tuple[Entry, ...]
    types: tuple[Shape, ...]


def reference(document: Mapping[str, Any]) -> Reference:
    """What the page shows of ``document``."""
    types = document["components"]["schemas"]
    entries = tuple(
        _entry(path, method, operation, types)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    shown = {shape.name for entry in entries for shape in (entry.body, entry.reply) if shape}
    return Reference(
        title=document["info"]["title"],
        version=document["info"]["version"],
        words=_words(document["info"]["description"]),
        entries=entries,
        types=tuple(_shape(name, types) for name in types if name not in shown),
    )


def _entry(path: str, method: str, operation: Mapping[str, Any], types: Mapping[str, Schema]) -> Entry:
    body = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    replies = operation["responses"].get("200", {}).get("content", {}).get(JSON, {})
    return Entry(
        operation_id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        words=_words(operation["description"]),
        parameters=tuple(_row(each["name"], each, each["schema"], False) for each in operation.get("parameters", ())),
        body=_shape(_name(body["schema"]), types) if body else None,
        reply=_shape(_name(replies["schema"]), types) if replies else None,
        responses=tuple(_response(status, response) for status, response in operation["responses"].items()),
        curl=tuple(_curl(path, body)),
    )


def _curl(path: str, body: Mapping[str, Any]) -> Iterator[Example]:
    """Commands for a shell in which CITEWELL is where Citewell is reached."""
    command = f'curl -s "$CITEWELL{path}"'
    if not body:
        yield Example("", command)
    for example in body.get("examples", {}).values():
        sent = shlex.quote(json.dumps(example["value"], ensure_ascii=False))
        yield Example(example["summary"], f"{command} -H 'content-type: {JSON}' \\\n  -d {sent}")


def _response(status: str, response: Mapping[str, Any]) -> Response:
    ((media_type, content),) = response.get("content", {"": {}}).items()
    schema = content.get("schema", {})
    return Response(
        status=status,
        words=_words(response["description"]),
        kind=_kind(schema) if "$ref" in schema else escape(media_type),
        headers=tuple(response.get("headers", ())),
        examples=tuple(
            Example(example["summary"], _printed(example["value"])) for example in content.get("examples", {}).values()
        ),
    )


def _printed(value: Any) -> str:
    """JSON as people read it: a pair of numbers on one line."""
    return _PAIR.sub(r"[\1, \2]", json.dumps(value, ensure_ascii=False, indent=2))


def _shape(name: str, types: Mapping[str, Schema]) -> Shape:
    schema = types[name]
    rows = (_row(field, inner, inner, field in schema["required"]) for field, inner in schema["properties"].items())
    return Shape(name, _words(schema["description"]), tuple(rows))


def _row(name: str, said: Mapping[str, Any], schema: Schema, is_required: bool) -> Row:
    limits = "; ".join(_limits(schema))
    return Row(name, _kind(schema), is_required, _words(f"{said['description']} {limits and f'({limits})'}"))


def _name(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _kind(schema: Schema) -> Markup:
    """What may stand there, in words, with links to types."""
    if "$ref" in schema:
        return Markup('<a href="#type-{0}">{0}</a>').format(_name(schema))
    if "allOf" in schema:
        return _kind(schema["allOf"][0])
    if "anyOf" in schema:
        return Markup(" or ").join(map(_kind, schema["anyOf"]))
    if "enum" in schema:
        return Markup(", ").join(Markup("<code>{}</code>").format(json.dumps(value)) for value in schema["enum"])
    if "const" in schema:
        return Markup("<code>{}</code>").format(json.dumps(schema["const"]))
    return _plain_kind(schema)


def _plain_kind(schema: Schema) -> Markup:
    match schema:
        case {"prefixItems": inner}:
            return Markup("[{}]").format(Markup(", ").join(map(_kind, inner)))
        case {"items": inner}:
            return Markup("list of {}").format(_kind(inner))
        case {"additionalProperties": dict(inner)}:
            return Markup("object of {}, by name").format(_kind(inner))
        case {"format": kind}:
            return escape(kind)
    return escape(_NAMES.get(schema["type"], schema["type"]))


def _limits(schema: Schema) -> Iterator[str]:
    """What is asked of a value, and what it is where it is left out."""
    for inner in (schema, *schema.get("anyOf", ())):
        yield from _own_limits(inner)
    if "items" in schema:
        yield from (f"each {limit}" for limit in _own_limits(schema["items"]))
    if "default" in schema:
        yield f"`{json.dumps(schema['default'])}` if left out"


def _own_limits(schema: Schema) -> Iterator[str]:
    for least, most, counted in (
        ("minimum", "maximum", ""),
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " of them"),
    ):
        if least in schema and most in schema:
            yield f"{schema[least]} to {schema[most]}{counted}"
        elif most in schema:
            yield f"at most {schema[most]}{counted}"
    if "pattern" in schema and len(schema["pattern"]) <= _LONGEST_PATTERN:
        yield f"`{schema['pattern']}`"


def _words(markdown: str) -> Markup:
    """A description as HTML; tags in it are shown, not obeyed."""
    return Markup(_MARKDOWN.render(markdown))  # noqa: S704 - the renderer escapes
