"""Holds replies to the document of the interface: status, content type, headers and every field."""

import json
from collections.abc import Mapping
from typing import Any

import jsonschema_rs

BASE = "urn:openapi"


def closed(schema: Any) -> Any:
    """``schema`` without room for fields that are not described: clients are told that some may come, tests are not."""
    if isinstance(schema, list):
        return [closed(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(inner) for name, inner in schema.items()}
    return {"additionalProperties": False, **made} if "properties" in schema else made


class Contract:
    """What the document promises."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self._validators = {
            name: jsonschema_rs.Draft202012Validator(
                {"$ref": f"#/components/schemas/{name}", "components": closed(document["components"])},
                validate_formats=True,
            )
            for name in document["components"]["schemas"]
        }

    def complaints(self, name: str, value: Any) -> list[str]:
        """What is wrong with ``value`` as the type of this name."""
        return [f"{error.instance_path}: {error.message}" for error in self._validators[name].iter_errors(value)]

    def check(self, method: str, path: str, status: int, headers: Mapping[str, str], body: bytes) -> Any:
        """The reply, after everything in it was held to what is promised for this operation and status."""
        responses = self.document["paths"][path][method.lower()]["responses"]
        assert str(status) in responses, f"{method} {path} says nothing of {status}: {body[:500]!r}"
        promised = responses[str(status)]
        for header in promised.get("headers", {}):
            assert header in headers, f"{method} {path} {status} has no {header}"
        if "content" not in promised:
            assert body == b""
            return None
        ((media_type, content),) = promised["content"].items()
        assert headers["Content-Type"].partition(";")[0] == media_type
        if "$ref" not in content["schema"]:
            return body.decode()
        name = content["schema"]["$ref"].rpartition("/")[2]
        value = json.loads(body)
        assert self.complaints(name, value) == [], f"{method} {path} {status}: {body[:500]!r}"
        return value
