"""Counts the requests, and serves ``/metrics`` for a monitoring system.

Recorded are routes, never addresses, and of a reply only which of a few kinds it was.
"""

from typing import TYPE_CHECKING

from flask import Flask, Response, abort, request

from web import request_ids
from web.clock import started
from web.content import Content
from web.counts import ELSEWHERE, Counts
from web.journal import Journal
from web.late import late
from web.limit_storage import LimitStorage
from web.proxies import is_asked_here
from web.settings import Audience

if TYPE_CHECKING:  # `_exposition` says why
    from web.exposition import Exposition

_EXTENSION = "citewell.counts"


def count(app: Flask, counts: Counts, journal: Journal) -> None:
    """Count every request to ``app``: called before what else is done with a response."""
    app.extensions[_EXTENSION] = counts

    @app.after_request
    def end(response: Response) -> Response:
        rule = request.url_rule
        route = rule.rule if rule else ELSEWHERE
        counts.request(route, request.method, response.status_code, request_ids.seconds())
        counts.journal(lost=journal.lost, failing=journal.failing)
        return response


def use_row(app: Flask, number: int) -> None:
    """Let this child process count in the row ``number``, from 0: called before it answers anything."""
    counts: Counts = app.extensions[_EXTENSION]
    counts.use_row(number)


def serve(app: Flask, counts: Counts, content: Content, storage: LimitStorage, audience: Audience) -> None:
    """Serve ``/metrics`` to who may read them; to others it is as if there were no such address."""
    if audience == "off":
        return

    machine_started = started()  # before there are several processes: no two would say exactly the same
    exposition = late(lambda: _exposition(counts, content, storage, machine_started))

    @app.get("/metrics")
    def metrics() -> Response:
        if audience == "local" and not is_asked_here(request):
            abort(404)
        return Response(exposition.text(), content_type=exposition.content_type)


def _exposition(counts: Counts, content: Content, storage: LimitStorage, machine_started: float) -> "Exposition":
    # Late: what writes the text is for a monitoring system, and takes as long to load as half of Flask.
    from web.exposition import Exposition  # noqa: PLC0415 - see above

    return Exposition(counts, content, storage, machine_started)
