"""What a client may send: the types that validate it, and JSON in, one of them out."""

import unicodedata
from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

import regex
from flask import Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from web.problems import FieldError, Refused

NOT_JSON = "Send the request as JSON, with Content-Type: application/json."

MAX_MESSAGE = 500
"""The longest question, in code points after NFC normalisation."""

MAX_HEEDED = 4000
"""The longest refused message that the safety rules still look at, in code points."""

MAX_CONTEXT = 3
"""The most earlier messages that a question may bring along."""

MAX_TURN_ID = 64
"""The longest ``turn_id`` that is looked up; ours are shorter."""

MAX_BODY = 64 * 1024
"""The largest request body, in bytes: room for the longest message and context in any script, escaped or not."""

_CONTROL = regex.compile(r"[\p{Cc}\p{Cs}--[\t\n\r]]", regex.VERSION1)
_VISIBLE = regex.compile(r"[\p{L}\p{M}\p{N}\p{P}\p{S}]")

READABLE_PATTERN = (
    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*"
    r"[^\s\u0000-\u001f\u007f-\u009f]"
    r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
)
"""What `_readable` asks for, as far as a pattern can say it that every language reads."""

MEASURED = "Its length is counted in code points after NFC normalisation."


def normalized(value: str) -> str:
    """``value`` in NFC, or as it is where it is too long in any form.

    NFC makes at most one code point of four, and its time grows with the square of a run of combining marks.
    """
    return unicodedata.normalize("NFC", value) if len(value) <= 4 * MAX_MESSAGE else value


def _normalized(value: object) -> object:
    return normalized(value) if isinstance(value, str) else value


def _whole(value: object) -> object:
    """JSON has one kind of number: 10.0 is as whole as 10."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _readable(value: str) -> str:
    if _CONTROL.search(value):
        message = "must not contain control characters"
        raise ValueError(message)
    if not _VISIBLE.search(value):
        message = "must not be blank"
        raise ValueError(message)
    return value


Text = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_MESSAGE,
        description=f"{MEASURED} Not blank, and without control characters other than tabs and line ends.",
        json_schema_extra={"pattern": READABLE_PATTERN},
    ),
    BeforeValidator(_normalized),
    AfterValidator(_readable),
]
"""Something a person typed."""


Typed = Annotated[str, Field(max_length=MAX_MESSAGE, description=MEASURED), BeforeValidator(_normalized)]
"""Something that a person is still typing."""

Acknowledged = Annotated[list[Annotated[str, Field(min_length=1, max_length=64)]], Field(max_length=50)]
"""The ids of safety rules that were answered with "not in an emergency"."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ChatRequest(_Body):
    """One question."""

    message: Text
    """What the visitor asks."""

    context: Annotated[list[Text], Field(max_length=MAX_CONTEXT)] = []
    """Earlier messages of the same visitor, oldest first, so that a follow-up can be understood."""

    channel: Literal["widget", "page", "desk", "api"] = "api"
    """Where it is asked, for the clinic's figures."""

    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)] | None = None
    """The visitor's language as a BCP 47 tag: fixed sentences are said in it where there is a translation."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """The visitor's country as an ISO 3166 code, for the numbers to call; the clinic's own if left out."""

    acknowledged: Acknowledged = []
    """Safety rules that the visitor has answered with "I am not in an emergency", by the `rule` of their alerts."""


class SearchRequest(_Body):
    """A search."""

    query: Text
    """What to look for."""

    limit: Annotated[int, Field(ge=1, le=50), BeforeValidator(_whole)] = 10
    """The most passages to return."""


class SuggestRequest(_Body):
    """What is being typed."""

    query: Typed
    """What stands in the field so far; may be empty."""


class LookUpRequest(_Body):
    """``POST /desk/api/search``; what is being typed may still be empty. ``document`` is the only one to look in."""

    query: Typed
    document: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    acknowledged: Acknowledged = []


class FilingRequest(_Body):
    """``POST /desk/api/filings``."""

    query: Text


class FeedbackRequest(_Body):
    """Whether an answer helped."""

    turn_id: Annotated[str, Field(min_length=1, max_length=MAX_TURN_ID)]
    """The `turn_id` of the answer."""

    helpful: bool
    """Whether it helped. A second vote takes the place of the first."""

    comment: Text | None = None
    """What was missing, or good. Refused where the clinic keeps no comments (`/api/config` says so)."""


class _Heeded(BaseModel):
    """What of a refused body matters for safety; whatever else is in it."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)
    message: Annotated[str, Field(max_length=MAX_HEEDED)] = ""
    query: Annotated[str, Field(max_length=MAX_HEEDED)] = ""
    comment: Annotated[str | None, Field(max_length=MAX_HEEDED)] = None


BodyT = TypeVar("BodyT", bound=_Body)


def read_body(request: Request, shape: type[BodyT]) -> BodyT:
    """The request's JSON body as ``shape``; raises `Refused` with 400, 415 or 422 and every field that is wrong."""
    if request.mimetype != "application/json":
        raise Refused(415, NOT_JSON)
    return read_json(request.get_data(), shape)


def read_json(body: bytes, shape: type[BodyT]) -> BodyT:
    """``body`` as ``shape``; raises `Refused` with 400, or with 422 and every field that is wrong."""
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise _refusal(error) from None


def heeded(request: Request) -> str:
    """What a refused JSON request asked or remarked, for the safety rules; empty where it is none, or far too long."""
    try:
        body = _Heeded.model_validate_json(request.get_data())
    except ValidationError:
        return ""
    return normalized(body.message or body.query or body.comment or "")


def check_text(written: str) -> str | None:
    """What is wrong with a question that came not as JSON, to be read after "Your question"; ``None`` if nothing."""
    try:
        ChatRequest(message=written)
    except ValidationError as error:
        return _field_error(error.errors()[0]).message
    return None


def usable_context(written: Sequence[str]) -> list[str]:
    """The latest of the earlier questions that a form brings along, those left out that are no questions.

    Our own form sends none of these, and who asks anew should not be refused for what was asked before.
    """
    return [message for message in map(normalized, written[-MAX_CONTEXT:]) if check_text(message) is None]


def _refusal(error: ValidationError) -> Refused:
    details = error.errors()
    if details[0]["type"] == "json_invalid":
        return Refused(400, "The body is not valid JSON in UTF-8.")
    return Refused(422, "The request was understood but cannot be used.", tuple(map(_field_error, details)))


def _field_error(detail: ErrorDetails) -> FieldError:
    place = ".".join(str(part) for part in detail["loc"])
    match detail["type"]:
        case "string_too_short":
            message = "must not be blank"
        case "string_too_long":
            longest = detail["ctx"]["max_length"]
            message = f"must have at most {longest} characters; it has {len(detail['input'])}"
        case "string_unicode":
            message = "must be text in UTF-8"
        case "extra_forbidden":
            message = "is not a field of this request"
        case _:
            message = detail["msg"].removeprefix("Value error, ")
    return FieldError(place, message)
