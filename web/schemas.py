"""JSON Schemas of the interface, made from the very types that read requests and write replies.

The words stand beside the fields: the docstring of a class describes its schema, the string below a field the field.
Source: https://json-schema.org/draft/2020-12
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from bot.reply import Answer
from web.inputs import ChatRequest, FeedbackRequest, SearchRequest, SuggestRequest
from web.interface import (
    NOT_IN_REPLY,
    ConfigReply,
    FeedbackReply,
    HealthReply,
    ReadyReply,
    SearchReply,
    SuggestReply,
)
from web.problems import Problem

Schema = dict[str, Any]

REF = "#/components/schemas/{model}"
"""Where a schema stands in the document."""

REQUESTS = (ChatRequest, SearchRequest, SuggestRequest, FeedbackRequest)
REPLIES = (Answer, SearchReply, SuggestReply, FeedbackReply, ConfigReply, HealthReply, ReadyReply)

_DESCRIBED_IN = ("bot.model", "bot.reply", "web.inputs", "web.interface", "web.problems")


class _SentWhole(GenerateJsonSchema):
    """Replies are sent with all their fields, whatever their defaults."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)


def ref(shape: type) -> Schema:
    """A reference to the schema of ``shape``."""
    return {"$ref": REF.format(model=shape.__name__)}


def schemas() -> dict[str, Schema]:
    """The schema of each request, reply and problem, and of each type in them, by name."""
    inputs = [(shape.__name__, "validation", TypeAdapter(shape)) for shape in REQUESTS]
    replies = [(shape.__name__, "serialization", TypeAdapter(shape)) for shape in REPLIES]
    made = _made([*inputs, *replies]) | _made([("Problem", "validation", TypeAdapter(Problem))])
    words = dict(_words())
    return {name: _described(name, schema, words) for name, schema in sorted(made.items())}


def _made(adapters: Any) -> dict[str, Schema]:
    _, found = TypeAdapter.json_schemas(adapters, ref_template=REF, schema_generator=_SentWhole)
    return dict(found["$defs"])


def _words() -> Iterator[tuple[str, dict[str, str]]]:
    """Of each class, what its source says of it, under the empty name, and of each of its fields."""
    for module in _DESCRIBED_IN:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                yield node.name, {"": ast.get_docstring(node) or "", **dict(_field_words(node))}


def _field_words(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The string below each field."""
    for field, below in zip(node.body, node.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(value=ast.Constant(value=str(said))):
                yield name, inspect.cleandoc(said)


def _described(name: str, schema: Schema, words: dict[str, dict[str, str]]) -> Schema:
    said = words[name]
    fields = {field: inner for field, inner in schema["properties"].items() if field not in NOT_IN_REPLY}
    properties = {field: _with_words(inner, said[field]) for field, inner in fields.items()}
    required = [field for field in fields if field in schema["required"]]
    closed = {key: value for key, value in schema.items() if key == "additionalProperties"}
    return {"type": "object", "description": said[""], "properties": properties, "required": required, **closed}


def _with_words(field: Schema, said: str) -> Schema:
    """``field`` with what is said of it, before what its type says of itself.

    Left out are defaults that are nothing, and the titles that pydantic makes from names.
    """
    kept = {key: value for key, value in field.items() if key != "title" and (key != "default" or value)}
    return {**kept, "description": " ".join(filter(None, (said, field.get("description"))))}
