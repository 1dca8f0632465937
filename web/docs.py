"""The interface described: ``/openapi.json`` for programs, ``/docs`` for people, both made from what is served.

What makes them is imported when somebody asks: it takes long to load, and few ever do.
"""

from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, render_template

from web.clock import today
from web.content import Content
from web.journal import Journal
from web.replies import json_response


def create_docs(content: Content, journal: Journal) -> Blueprint:
    """The two routes; their examples are answered from ``content``."""
    docs = Blueprint("docs", __name__)
    kept: dict[tuple[str, date], dict[str, Any]] = {}

    def described() -> dict[str, Any]:
        """Made once for each state of the content and each day: it takes as long as a dozen answers."""
        served = content.current
        key = (served.answerer.corpus.version, today())
        made = kept.get(key)
        if made is None:
            from web.examples import examples  # noqa: PLC0415 - the docstring of this file says why
            from web.openapi import document  # noqa: PLC0415

            paths = {rule.rule for rule in current_app.url_map.iter_rules()}
            title = f"Citewell for {served.answerer.corpus.clinic.name}"
            made = document(title, paths, examples(served, journal, today()))
            kept.clear()
            kept[key] = made
        return made

    @docs.get("/openapi.json")
    def openapi() -> Response:
        return json_response(described())

    @docs.get("/docs")
    def page() -> str:
        from web.reference import reference  # noqa: PLC0415 - the docstring of this file says why

        return render_template("docs.html", reference=reference(described()))

    return docs
