"""One line for each request, if the clinic wants it: what was asked for and what came of it, not by whom, nor words.

No query, no header and no body stands in it. A path is written as it stands in an address, so it cannot break a line.
"""

import logging
import time
from urllib.parse import quote

from flask import Flask, Response, g, request

from web import request_ids

FIELDS = "access"
"""The attribute of a log record that holds what the line says, by standard names."""

_LONGEST_PATH = 300
_LONGEST_METHOD = 20
_LOG = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Log the requests to ``app`` when their replies are ready to be sent. After `request_ids`, before all else."""

    def begin() -> None:
        g.began = time.perf_counter()

    def log(response: Response) -> Response:
        began = g.get("began")  # not there where the request failed before anything else was done
        fields = {
            "method": request.method[:_LONGEST_METHOD],
            "path": quote(request.path, safe="/:@!$&'()*+,;=~")[:_LONGEST_PATH],
            "status": response.status_code,
            "ms": round((time.perf_counter() - began) * 1000, 1) if began else None,
            "bytes": response.content_length,
            "request_id": request_ids.current(),
        }
        _LOG.info("%(method)s %(path)s %(status)s %(ms)s ms %(bytes)s bytes", fields, extra={FIELDS: fields})
        return response

    app.before_request(begin)
    app.after_request(log)
