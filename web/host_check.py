"""Answers only who asks for this host by name, so that nobody else's name leads here or comes back from here.

Flask's ``TRUSTED_HOSTS`` does the same, but leaves the page of its refusal without addresses to link to.
Source: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20
"""

from collections.abc import Collection
from ipaddress import ip_address

from flask import Flask, request

from web.problems import Refused

NO_NAME = "The request does not say which host it is for in a way that can be read."
NOT_OURS = (
    "This server does not answer for the host that was asked for. "
    "If it should, whoever looks after it must name that host in the setting CITEWELL_HOSTS."
)
THIS_MACHINE = "localhost"


def register(app: Flask, hosts: Collection[str]) -> None:
    """Let ``app`` answer for ``hosts`` alone, each as `web.origins.read_host` reads it; for any where there are none.

    This machine's own names are always answered, for those who watch the service. What is no name never is.
    """

    @app.before_request
    def refuse_others() -> None:
        host = request.host
        if not host:  # werkzeug has let nothing through that is no name
            raise Refused(400, NO_NAME)
        if hosts and not is_answered(host, hosts):
            raise Refused(421, NOT_OURS)


def is_answered(host: str, hosts: Collection[str]) -> bool:
    """Whether ``host``, as `flask.Request.host` has it, is one of ``hosts`` or this machine; the port is no matter.

    >>> is_answered("Ask.clinic.example:8443", ["ask.clinic.example"]), is_answered("evil.example", ["clinic.example"])
    (True, False)
    """
    name = host.lower()
    name = name[: name.rindex("]") + 1] if name.startswith("[") else name.partition(":")[0]
    return name in hosts or name == THIS_MACHINE or _is_loopback(name.strip("[]"))


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
