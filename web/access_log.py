"""One line for each request, if the clinic wants it: what was asked for and what came of it, not by whom, nor words.

No query, no header and no body stands in it. A path is written as it stands in an address, so it cannot break a line.
"""

import logging
from urllib.parse import quote

from flask import Flask, Response, request

from web import request_ids

FIELDS = "access"
"""The attribute of a log record that holds what the line says, by standard names."""

_LONGEST_PATH = 300
_LONGEST_METHOD = 20
_LOG = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Log the requests to ``app`` when their replies are ready to be sent. Before all else."""

    def log(response: Response) -> Response:
        fields = {
            "method": request.method[:_LONGEST_METHOD],
            "path": quote(request.path, safe="/:@!$&'()*+,;=~")[:_LONGEST_PATH],
            "status": response.status_code,
            "ms": round(request_ids.seconds() * 1000, 1),
            "bytes": response.content_length,
            "request_id": request_ids.current(),
        }
        _LOG.info("%(method)s %(path)s %(status)s %(ms)s ms %(bytes)s bytes", fields, extra={FIELDS: fields})
        return response

    app.after_request(log)
