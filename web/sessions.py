"""Who is signed in: a signed cookie for the desk's addresses alone, with a name and times in it and nothing secret.

It ends when it has not been used for a while, after half a day in any case, with a changed password and with the
account. What it says is believed only after the account of that name was looked up.
"""

import hashlib
from dataclasses import dataclass, field

from flask import Flask, Request, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from web.clock import seconds
from web.problems import DESK, is_under_desk
from web.staff import KnownStaff, Staff

COOKIE = "citewell_desk"
MINUTE = 60
SLOW = 2
"""Seconds after which a reply does not renew a session any more; chosen: nobody signs out quicker in another tab."""

LONGEST = 12 * 60 * MINUTE
"""Seconds after which even who works without a break signs in again: longer than a day's work."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk's pages need beside the content. ``session_key`` signs; it is never shown."""

    accounts: KnownStaff
    session_key: bytes = field(repr=False)
    idle_minutes: int = 30


class _DeskCookie(SecureCookieSessionInterface):
    """Flask's signed cookie, bound to the desk: elsewhere none is read, and none can be set."""

    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if is_under_desk(request.path) else None

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Not by a slow reply, which could bring a session back that was signed out meanwhile in another tab."""
        return super().should_set_cookie(app, session) and not _is_late()

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 - Flask's signature, here and below
        return COOKIE

    def get_cookie_path(self, app: Flask) -> str:  # noqa: ARG002
        return f"{request.script_root}{DESK}"

    def get_cookie_httponly(self, app: Flask) -> bool:  # noqa: ARG002
        return True

    def get_cookie_samesite(self, app: Flask) -> str:  # noqa: ARG002
        return "Lax"

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return request.is_secure


def register(app: Flask, desk: Desk) -> None:
    """Let ``app`` know who is signed in at ``desk``."""
    app.secret_key = desk.session_key
    app.config["PERMANENT_SESSION_LIFETIME"] = LONGEST
    app.session_interface = _DeskCookie()


def start(staff: Staff) -> None:
    """``staff`` has just signed in."""
    now = seconds()
    session.clear()
    session.update({"name": staff.name, "epoch": staff.epoch, "since": now, "seen": now})


def end() -> None:
    """Nobody is signed in any more in this browser."""
    if session:  # or the response would take away a cookie that nobody has
        session.clear()


def was_started() -> bool:
    """Whether the request brought a session, be it over or not."""
    return bool(session)


def signed_in_staff(desk: Desk) -> Staff | None:
    """Who is signed in, as the accounts have it now; a session that is over is ended."""
    staff = desk.accounts.named(session["name"]) if _lasts(desk) else None
    if staff is None or staff.epoch != session["epoch"]:
        end()
        return None
    if seconds() - session["seen"] >= MINUTE:  # and not each time: the cookie is a response's to change
        session["seen"] = g.renewed = seconds()
    return staff


def _is_late() -> bool:
    """Whether the request renewed the session, and took long since."""
    return "renewed" in g and seconds() - g.renewed > SLOW


def _lasts(desk: Desk) -> bool:
    """Whether the session has not ended by itself; the signature vouches for the types of what it holds."""
    if {*session} != {"name", "epoch", "since", "seen"}:
        return False
    now = seconds()
    return bool(now - session["since"] < LONGEST and now - session["seen"] < desk.idle_minutes * MINUTE)
