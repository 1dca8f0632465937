"""Headers that every response carries, and the limits on what comes in."""

from collections.abc import Sequence

from flask import Flask, Response

from web.inputs import MAX_BODY
from web.problems import is_under_desk

Header = tuple[str, str]

_OWN_FRAMES = "frame-ancestors 'self'"
_NO_FRAMES = "frame-ancestors 'none'"

# No script of any kind: the pages need none.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        _OWN_FRAMES,
    )
)

_WIDGET_POLICY = "; ".join(
    (
        _POLICY,
        "script-src 'self'",
        "connect-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

_CONSOLE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        _NO_FRAMES,
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

UNUSED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
"""What no page of ours uses, so that nothing that stands in one could."""

_HEADERS = (
    ("Content-Security-Policy", _POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),  # what other sites load says otherwise itself (`web.embeds`)
    ("Permissions-Policy", ", ".join(f"{feature}=()" for feature in UNUSED)),
    # Answers hold what a person asked about: no cache may keep them. Style sheets set their own.
    ("Cache-Control", "no-store"),
)

TLS_ONLY = "max-age=31536000"
"""A year of ``Strict-Transport-Security``; only of this host: what is below its name is not ours to promise for."""


def register(app: Flask) -> None:
    """Limit what ``app`` reads; `web.envelope` guards what it sends."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    app.config["MAX_FORM_PARTS"] = 20


def with_widget(page: str) -> Response:
    """``page`` as a response that may run our own script, the widget, and nothing that stands in the page itself."""
    return Response(page, headers={"Content-Security-Policy": _WIDGET_POLICY}, content_type="text/html; charset=utf-8")


def with_console(page: str) -> Response:
    """``page`` as a response that may run our own scripts, and that no page may frame: the desk's console."""
    return Response(page, headers={"Content-Security-Policy": _CONSOLE_POLICY}, content_type="text/html; charset=utf-8")


def guarded(headers: Sequence[Header], path: str, *, secure: bool) -> list[Header]:
    """The ``headers`` of a reply from ``path`` with those that they lack; ``secure`` is what was asked for over TLS."""
    whole = _unframed(headers) if is_under_desk(path) else [*headers]
    there = {name.lower(): value for name, value in whole}
    whole += [header for header in _HEADERS if header[0].lower() not in there]
    whole.append(("X-Frame-Options", _frame_options(there.get("content-security-policy", _POLICY))))
    if secure:  # over plain HTTP a browser must ignore it
        whole.append(("Strict-Transport-Security", TLS_ONLY))
    return whole


def _frame_options(policy: str) -> str:
    """What the policy says of frames, for those who read no policy."""
    return "SAMEORIGIN" if _OWN_FRAMES in policy else "DENY"


def _unframed(headers: Sequence[Header]) -> list[Header]:
    """No page may show the desk in a frame, whatever else the response's own policy allows.

    Its pages send to themselves alone where they were: with ``no-referrer``, browsers say ``Origin: null`` for our own
    forms, and over plain HTTP nothing else tells them from another site's.
    """
    said = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "same-origin"} | dict(headers)
    policy = said["Content-Security-Policy"].replace(_OWN_FRAMES, _NO_FRAMES)
    others = [header for header in headers if header[0] not in ("Content-Security-Policy", "Referrer-Policy")]
    return [*others, ("Content-Security-Policy", policy), ("Referrer-Policy", said["Referrer-Policy"])]
