"""What reverse proxies in front say of a request, taken at their word only where the clinic says how many there are.

Source: https://werkzeug.palletsprojects.com/en/stable/deployment/proxy_fix/
"""

from ipaddress import IPv6Address, ip_address

from flask import Flask, Request
from werkzeug.middleware.proxy_fix import ProxyFix

_HANDED_ON = ("forwarded", "x-forwarded", "x-real-ip", "via")
"""What the headers begin with that proxies add."""


def trust(app: Flask, proxies: int) -> None:
    """Let ``app`` see the visitor's address and TLS behind so many proxies; behind 0, whatever anyone says is ignored.

    Each proxy adds the address it was asked from to ``X-Forwarded-For``. ``X-Forwarded-Proto`` is replaced or handed on
    and not added to, so the last value counts. Host, port and path are not taken: a proxy hands on ``Host`` itself.
    """
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=1, x_host=0)  # type: ignore[method-assign]


def is_this_machine(address: str) -> bool:
    """Whether a request from ``address`` comes from the machine itself; a socket of this machine has none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return not address
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback


def is_asked_here(request: Request) -> bool:
    """Whether ``request`` was made on this machine and nobody handed it on, trusted or not, as far as can be seen."""
    address = request.remote_addr or ""
    handed_on = any(name.lower().startswith(_HANDED_ON) for name, _ in request.headers)
    return bool(address) and is_this_machine(address) and not handed_on
