"""The application factory: read it from top to bottom to see what is served."""

from collections.abc import Collection

from flask import Flask, Response

from bot.answering import Answerer
from web import (
    access_log,
    cross_origin,
    envelope,
    host_check,
    metrics,
    problems,
    security,
    sessions,
    watching,
)
from web.api import create_api
from web.chat import create_chat
from web.content import Content
from web.counts import Counts
from web.desk import create_desk
from web.docs import create_docs
from web.embeds import create_embeds
from web.interface import HealthReply
from web.journal import Journal, no_journal
from web.limit_storage import LimitStorage
from web.limits import Attempts, Limit, Limits
from web.origins import AllowedOrigins
from web.pages import create_pages
from web.replies import json_response, readiness, reply_json
from web.review import Review, create_review
from web.sessions import Desk
from web.settings import Audience
from web.signing_in import create_signing_in
from web.watching import Watch
from web.widget import Widget, load_widget


def create_app(
    answerer: Answerer,
    *,
    journal: Journal | None = None,
    widget: Widget | None = None,
    rate_limit: int = 0,
    suggest_limit: int = 0,
    limit_storage: LimitStorage | None = None,
    counts: Counts | None = None,
    audience: Audience = "local",
    allowed_origins: Collection[str] = (),
    hosts: Collection[str] = (),
    desk: Desk | None = None,
    review: Review | None = None,
    watch: Watch | None = None,
    trusts_request_ids: bool = False,
    logs_accesses: bool = False,
) -> Flask:
    """A WSGI application that answers from ``answerer`` and keeps of questions what ``journal`` keeps, nothing without.

    Only staff have a session, at the ``desk``, which is served where it is given; with ``review``, editors change the
    content there. With ``watch``, changed content is served soon: see `web.watching.start`.

    ``rate_limit`` questions and ``suggest_limit`` suggestions a minute are answered to one address; any number if 0.
    Requests are counted in ``limit_storage`` for that, and in ``counts`` for ``/metrics``, which ``audience`` may read;
    without them, in the memory of this process.
    ``widget`` is what other sites embed; the one that comes with Citewell unless another is given.
    ``trusts_request_ids`` lets the client name its requests, which is right only behind a proxy.
    With ``logs_accesses`` each request has its line in the log.
    Pages of other sites may use ``/api`` where ``allowed_origins`` names them, each as `web.origins` reads it.
    Where there are ``hosts``, only who asks for one of them by name is answered.
    """
    content = Content(answerer)
    journal = journal or no_journal()
    storage, counts = limit_storage or LimitStorage(), counts or Counts()
    limits = Limits(
        questions=Limit("questions", rate_limit, storage, counts),
        suggestions=Limit("suggestions", suggest_limit, storage, counts),
        feedback=Limit("feedback", rate_limit, storage, counts),
    )
    app = Flask(__name__)
    metrics.count(app, counts, journal)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    envelope.register(app, trusts_request_ids=trusts_request_ids)
    if logs_accesses:
        access_log.register(app)
    app.url_map.merge_slashes = False  # or ``//`` is met by a redirect, which repeats whatever host name was sent
    security.register(app)
    host_check.register(app, hosts)
    problems.register(app)
    if allowed_origins:  # without, no response depends on who asks
        cross_origin.register(app, AllowedOrigins(allowed_origins))
    app.register_blueprint(create_api(content, journal, limits, counts))
    app.register_blueprint(create_chat(content, journal, limits, counts))
    app.register_blueprint(create_pages(content, journal))
    app.register_blueprint(create_embeds(widget or load_widget()))
    app.register_blueprint(create_docs(content, journal))
    if desk:
        sessions.register(app, desk)
        app.register_blueprint(create_signing_in(desk, Attempts(storage, counts)))
        app.register_blueprint(create_desk(content, journal))
    if review:
        app.register_blueprint(create_review(content, review))
    if watch:
        watching.register(app, content, watch)

    @app.get("/healthz")
    def healthz() -> Response:
        """The process runs."""
        return json_response(reply_json(HealthReply("ok")))

    @app.get("/readyz")
    def readyz() -> Response:
        """The process has content to answer from; what is wrong beside is said: newer content, the journal, Redis."""
        ready = readiness(content.current, content.broken, journal, storage.whereabouts)
        return json_response(reply_json(ready))

    metrics.serve(app, counts, content, storage, audience)
    counts.know(rule.rule for rule in app.url_map.iter_rules())
    return app
