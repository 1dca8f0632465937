"""The application factory: read it from top to bottom to see what is served."""

from collections.abc import Collection

from flask import Flask, Response

from bot.answering import Answerer
from web import cross_origin, problems, security, sessions
from web.api import create_api
from web.content import Content
from web.desk import create_desk
from web.embeds import create_embeds
from web.journal import Journal
from web.limits import Limit
from web.origins import AllowedOrigins
from web.pages import create_pages
from web.replies import json_response
from web.sessions import Desk
from web.signing_in import create_signing_in
from web.widget import Widget, load_widget


def create_app(
    answerer: Answerer,
    *,
    widget: Widget | None = None,
    rate_limit: int = 0,
    suggest_limit: int = 0,
    allowed_origins: Collection[str] = (),
    desk: Desk | None = None,
    journal: Journal | None = None,
) -> Flask:
    """A WSGI application that answers from ``answerer`` and keeps nothing: no session, cookie or log of questions.

    Only staff have a session, at the ``desk``, which is served where it is given and has a ``journal`` to file in.

    ``rate_limit`` questions and ``suggest_limit`` suggestions a minute are answered to one address; any number if 0.
    ``widget`` is what other sites embed; the one that comes with Citewell unless another is given.
    Pages of other sites may use ``/api`` where ``allowed_origins`` names them, each as `web.origins` reads it.
    """
    content = Content(answerer)
    questions = Limit("questions", rate_limit)
    app = Flask(__name__)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    security.register(app)
    problems.register(app)
    if allowed_origins:  # without, no response depends on who asks
        cross_origin.register(app, AllowedOrigins(allowed_origins))
    app.register_blueprint(create_api(content, questions, Limit("suggestions", suggest_limit)))
    app.register_blueprint(create_pages(content, questions))
    app.register_blueprint(create_embeds(widget or load_widget()))
    if desk:
        sessions.register(app, desk)
        app.register_blueprint(create_signing_in(desk))
    if desk and journal:
        app.register_blueprint(create_desk(content, journal))

    @app.get("/healthz")
    def healthz() -> Response:
        """The process runs."""
        return json_response({"status": "ok"})

    @app.get("/readyz")
    def readyz() -> Response:
        """The process has content to answer from."""
        now = content.current.answerer
        ready = {"passages": len(now.passages), "corpus_version": now.corpus.version}
        return json_response({"status": "ready", **ready})

    return app
