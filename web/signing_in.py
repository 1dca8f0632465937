"""Signing in and out, and the guard before everything under ``/desk``.

Without a session only the page to sign in is served there, whatever blueprint an address belongs to: a page that
forgets to ask for a role is closed, not open. A page of another site can send nothing here.
"""

import re
from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web import sessions
from web.known_browsers import KnownBrowsers
from web.limits import Attempts
from web.problems import DESK, Refused, is_asked_by_program, is_under_desk, refusal
from web.proxies import is_this_machine
from web.same_site import refuse_foreign
from web.sessions import Desk
from web.staff import Role, Staff, folded_name
from web.unavailable import Unavailable

SIGN_IN = f"{DESK}/sign-in"
WRONG = "The name or the password is not right."
NO_NAME = "Please type your name."
NO_PASSWORD = "Please type your password."  # noqa: S105 - a sentence
SIGN_IN_FIRST = "Please sign in first."
WRONG_ROLE = "Your account may not do this. Ask whoever looks after the accounts."
UNAVAILABLE = "We cannot reach our records at the moment. Please try again in a minute."
ENDED = "ended"
OUT = "out"
NOTES = {ENDED: "You were signed out, for safety. Please sign in again.", OUT: "You are signed out."}
RETRY_SECONDS = 30

# No dots alone, no percent signs, no backslashes: nothing that a browser could read as another place than we do.
_OURS = re.compile(r"/desk(?:/(?!\.)[A-Za-z0-9._~-]+)*/?(?:\?[A-Za-z0-9._~=&-]*)?")

Guard = Callable[[], AnyResponse | None]


def create_signing_in(desk: Desk, attempts: Attempts) -> Blueprint:
    """The page to sign in, and the guard for every address under ``/desk`` of the application that it is part of."""
    signing_in = Blueprint("signing_in", __name__, url_prefix=DESK)
    signing_in.before_app_request(_guard(desk))
    signing_in.app_errorhandler(Unavailable)(_unavailable)
    browsers = KnownBrowsers(desk.session_key)

    @signing_in.get("/sign-in")
    def sign_in() -> AnyResponse | str:
        wanted = wanted_page(request.args.get("next", ""))
        return _to(wanted) if g.staff else _page(wanted, note=NOTES.get(request.args.get("note", "")))

    @signing_in.post("/sign-in")
    def check() -> AnyResponse:
        wanted, name, password = (request.form.get(field, "") for field in ("next", "name", "password"))
        wanted = wanted_page(wanted)
        if missing := _missing(name, password):
            return Response(_page(wanted, name, missing), 422)
        try:
            browser = browsers.number(folded_name(name), request)
            staff = _checked(desk, attempts, name, password, browser)
        except Refused as refused:
            return Response(_page(wanted, name, {"form": refused.detail}), refused.status, refused.headers)
        if staff is None:
            return Response(_page(wanted, name, {"password": WRONG}), 401)
        sessions.start(staff)
        response = _to(wanted)
        browsers.remember(staff.name, response, path=url_for("signing_in.sign_in"))
        return response

    @signing_in.post("/sign-out")
    def sign_out() -> AnyResponse:
        sessions.end()
        response = redirect(url_for("signing_in.sign_in", note=OUT), 303)
        response.headers["Clear-Site-Data"] = '"storage"'
        return response

    return signing_in


def signed_in(role: Role) -> Guard:
    """What a blueprint asks before each of its requests: ``blueprint.before_request(signed_in("editor"))``.

    Then ``flask.g.staff`` is a person who may do what ``role`` may. Others are sent to sign in, or refused: 401 where a
    program asks; 403 for a role that is not enough.
    """

    def require() -> AnyResponse | None:
        staff = g.get("staff")
        if staff is None:
            return _ask_to_sign_in()
        if not staff.may(role):
            raise Refused(403, WRONG_ROLE)
        return None

    return require


def wanted_page(path: str) -> str:
    """``path`` if it is one of the desk's own pages, with its query; the console for anything else.

    >>> wanted_page("/desk/review?page=2")
    '/desk/review?page=2'
    >>> wanted_page("//evil.example/desk")
    '/desk'
    """
    ours = _OURS.fullmatch(path) and not path.startswith((SIGN_IN, f"{DESK}/sign-out", f"{DESK}/api"))
    return path if ours else DESK


def _guard(desk: Desk) -> Guard:
    """What is asked before each request of the application; sets ``flask.g.staff`` for all under ``/desk``."""
    require = signed_in("desk")

    def guard() -> AnyResponse | None:
        if not is_under_desk(request.path):
            return None
        refuse_foreign(request)
        if request.endpoint in (None, "signing_in.sign_out"):  # nothing is there; to leave, nobody need be known
            return None
        had_session = sessions.was_started()
        g.staff = sessions.signed_in_staff(desk)
        g.session_ended = had_session and g.staff is None
        return None if request.blueprint == "signing_in" else require()

    return guard


def _unavailable(error: Unavailable) -> Response:
    current_app.logger.warning("The database cannot be used: %s", error)
    return refusal(503, UNAVAILABLE, headers={"Retry-After": str(RETRY_SECONDS)})


def _checked(desk: Desk, attempts: Attempts, name: str, password: str, browser: str | None) -> Staff | None:
    """Whose name and password these are; `Refused` where there were too many attempts."""
    counted = folded_name(name)
    attempts.spend(counted, browser)
    staff = desk.accounts.verify(name, password)
    if staff is None:
        attempts.failed(counted, browser)
    return staff


def _ask_to_sign_in() -> AnyResponse:
    if is_asked_by_program(request.path):
        raise Refused(401, SIGN_IN_FIRST)
    wanted = wanted_page(request.full_path.removesuffix("?"))
    note = ENDED if g.get("session_ended") else None
    return redirect(url_for("signing_in.sign_in", note=note, next=None if wanted == DESK else wanted), 303)


def _to(wanted: str) -> AnyResponse:
    return redirect(f"{quote(request.script_root)}{wanted}", 303)


def _missing(name: str, password: str) -> dict[str, str]:
    """What is wrong with a form that was not filled in, by field."""
    return {
        field: message
        for field, typed, message in (("name", name.strip(), NO_NAME), ("password", password, NO_PASSWORD))
        if not typed
    }


def _page(wanted: str, name: str = "", errors: dict[str, str] | None = None, note: str | None = None) -> str:
    return render_template(
        "desk/sign-in.html",
        next="" if wanted == DESK else wanted,
        name=name,
        errors=errors or {},
        note=note,
        overheard=not request.is_secure and not is_this_machine(request.remote_addr or ""),
    )
