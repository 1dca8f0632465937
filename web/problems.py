"""Refusals as RFC 9457 problem documents where programs ask, and as pages elsewhere.

Source: https://www.rfc-editor.org/rfc/rfc9457
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Annotated, Any

from flask import Flask, Response, json, render_template, request
from pydantic import WithJsonSchema
from werkzeug.exceptions import HTTPException

API = "/api"
"""The interface for everyone; `web.cross_origin` may open it to other sites."""

DESK = "/desk"
"""What only the clinic's staff may use."""

DESK_API = "/desk/api"
"""What the desk's own pages ask; never opened to other sites."""

MEDIA_TYPE = "application/problem+json"

_DETAILS = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    413: "The request is too large.",
    500: "Something went wrong here. The fault is ours; please try again, or call us.",
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a request."""

    field: str
    """Its name; inside a list or another field after a dot, such as `context.0`."""

    message: str
    """What is wrong, to be read after the name."""


_AS_IN_A_REPLY = WithJsonSchema({"allOf": [{"$ref": "#/components/schemas/Alert"}]})


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal (RFC 9457). `errors` and `alert` are left out where there are none."""

    type: str
    """Always `about:blank`: the status says which problem it is."""

    title: str
    """The status in words."""

    status: int
    """The HTTP status."""

    detail: str
    """What is wrong, in a sentence for people."""

    errors: tuple[FieldError, ...] = ()
    """The fields that are wrong."""

    alert: Annotated[Mapping[str, Any] | None, _AS_IN_A_REPLY] = None
    """The safety message, as in a reply, that the refused words raise: show it first."""


class Refused(Exception):  # noqa: N818 - not an error of the program
    """A request that is refused; becomes a problem document or a page."""

    def __init__(
        self, status: int, detail: str, errors: tuple[FieldError, ...] = (), *, retry_after: int | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.retry_after = retry_after
        """Seconds to wait before asking again."""
        self.alert: Mapping[str, Any] | None = None
        """The safety message, as in a reply, that goes with the refusal: urgent wording is met even so."""

    @property
    def headers(self) -> dict[str, str]:
        """What the response says beside its body."""
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


def is_under_api(path: str) -> bool:
    """Whether a request to ``path`` speaks to the interface for everyone, served or not."""
    return _is_under(path, API)


def is_under_desk(path: str) -> bool:
    """Whether a request to ``path`` is for staff alone, served or not."""
    return _is_under(path, DESK)


def is_asked_by_program(path: str) -> bool:
    """Whether a request to ``path`` expects JSON and no page, be it answered or refused."""
    return _is_under(path, API) or _is_under(path, DESK_API)


def _is_under(path: str, start: str) -> bool:
    return path == start or path.startswith(f"{start}/")


def usual_detail(status: int) -> str:
    """What is said of a status where nobody says more."""
    return _DETAILS.get(status, HTTPStatus(status).phrase)


def problem_json(
    status: int, detail: str, errors: tuple[FieldError, ...] = (), alert: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A problem document. Without types of our own, ``type`` is ``about:blank`` and ``title`` the status's phrase."""
    document = Problem("about:blank", HTTPStatus(status).phrase, status, detail, errors, alert or None)
    return {name: value for name, value in asdict(document).items() if value not in ((), None)}


def register(app: Flask) -> None:
    """Let every failure of ``app`` end here: a blueprint's own handlers do not see unknown addresses and crashes."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _failed)


def refusal(
    status: int,
    detail: str,
    errors: tuple[FieldError, ...] = (),
    alert: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """What the client of this request can read: a problem document or a page."""
    if is_asked_by_program(request.path):
        response = Response(json.dumps(problem_json(status, detail, errors, alert)), status, content_type=MEDIA_TYPE)
    else:
        response = Response(render_template("error.html", status=status, detail=detail), status)
    response.headers.update(headers or {})
    return response


def _refused(error: Refused) -> Response:
    return refusal(error.status, error.detail, error.errors, error.alert, error.headers)


def _failed(error: HTTPException) -> Response:
    """Whatever Flask refuses, and any exception that nobody caught, which Flask hands over as a 500."""
    status = error.code or 500
    detail = _DETAILS.get(status, error.description or HTTPStatus(status).phrase)
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return refusal(status, detail, headers=kept)
