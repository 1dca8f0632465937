"""What reverse proxies in front say of a request, taken at their word only where the clinic says how many there are.

Source: https://werkzeug.palletsprojects.com/en/stable/deployment/proxy_fix/
"""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def trust(app: Flask, proxies: int) -> None:
    """Let ``app`` see the visitor's address and TLS behind so many proxies; behind 0, whatever anyone says is ignored.

    Each proxy adds the address it was asked from to ``X-Forwarded-For``. ``X-Forwarded-Proto`` is replaced or handed on
    and not added to, so the last value counts. Host, port and path are not taken: a proxy hands on ``Host`` itself.
    """
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=1, x_host=0)  # type: ignore[method-assign]
