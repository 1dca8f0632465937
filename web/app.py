"""The application factory: read it from top to bottom to see what is served."""

from collections.abc import Collection
from dataclasses import asdict

from flask import Flask, Response

from bot.answering import Answerer
from web import cross_origin, metrics, problems, security, sessions
from web.api import create_api
from web.chat import create_chat
from web.content import Content
from web.counts import Counts
from web.desk import create_desk
from web.embeds import create_embeds
from web.exposition import Exposition
from web.journal import Journal, no_journal
from web.limit_storage import LimitStorage
from web.limits import Attempts, Limit, Limits
from web.origins import AllowedOrigins
from web.pages import create_pages
from web.replies import json_response
from web.review import Review, create_review
from web.sessions import Desk
from web.settings import Audience
from web.signing_in import create_signing_in
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
    desk: Desk | None = None,
    review: Review | None = None,
) -> Flask:
    """A WSGI application that answers from ``answerer`` and keeps of questions what ``journal`` keeps, nothing without.

    Only staff have a session, at the ``desk``, which is served where it is given; with ``review``, editors change the
    content there.

    ``rate_limit`` questions and ``suggest_limit`` suggestions a minute are answered to one address; any number if 0.
    Requests are counted in ``limit_storage`` for that, and in ``counts`` for ``/metrics``, which ``audience`` may read;
    without them, in the memory of this process.
    ``widget`` is what other sites embed; the one that comes with Citewell unless another is given.
    Pages of other sites may use ``/api`` where ``allowed_origins`` names them, each as `web.origins` reads it.
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
    security.register(app)
    problems.register(app)
    if allowed_origins:  # without, no response depends on who asks
        cross_origin.register(app, AllowedOrigins(allowed_origins))
    app.register_blueprint(create_api(content, journal, limits, counts))
    app.register_blueprint(create_chat(content, journal, limits, counts))
    app.register_blueprint(create_pages(content, journal))
    app.register_blueprint(create_embeds(widget or load_widget()))
    if desk:
        sessions.register(app, desk)
        app.register_blueprint(create_signing_in(desk, Attempts(storage, counts)))
        app.register_blueprint(create_desk(content, journal))
    if review:
        app.register_blueprint(create_review(content, review))

    @app.get("/healthz")
    def healthz() -> Response:
        """The process runs."""
        return json_response({"status": "ok"})

    @app.get("/readyz")
    def readyz() -> Response:
        """The process has content to answer from; without its journal it goes on answering, and says so here."""
        now = content.current.answerer
        ready = {"passages": len(now.passages), "corpus_version": now.corpus.version}
        noted = {"kept": journal.kept, "lost": journal.lost}
        limited = asdict(storage.whereabouts)
        return json_response({"status": "ready", **ready, "journal": noted, "limits": limited})

    metrics.serve(app, Exposition(counts, content, storage), audience)
    counts.know(rule.rule for rule in app.url_map.iter_rules())
    return app
