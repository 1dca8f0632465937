"""The phone desk: the console that staff look things up in while a caller waits, and its JSON interface.

Everything here is for who is signed in (`web.signing_in` guards all of ``/desk``). No question stands in a URL.
"""

import time
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for

from bot import cards, wording
from bot.answering import Answerer
from web import privacy
from web.clock import today
from web.content import Content
from web.inputs import FilingRequest, LookUpRequest, heeded, read_body
from web.journal import Journal
from web.problems import DESK, FieldError, Refused
from web.replies import json_response, look_up_json, staff_alert_json
from web.security import with_console

ROWS = 10
"""The most rows: what can be seen at once, and nearly all have a key of their own."""

_CANNOT_BE_USED = "The request was understood but cannot be used."


def create_desk(content: Content, journal: Journal) -> Blueprint:
    """The routes of the console, answering from ``content`` and filing in ``journal``."""
    desk = Blueprint("desk", __name__, url_prefix=DESK)

    @desk.get("")
    def console() -> Response:
        answerer = content.current.answerer
        page = render_template(
            "desk/console.html",
            facts=_facts(answerer),
            staff=g.staff,
            privacy=privacy.desk_line(journal.kept, journal.days),
            broken=content.notice,
        )
        return with_console(page)

    @desk.post("/api/search")
    def search() -> Response:
        started = time.perf_counter()
        answerer = content.current.answerer
        body = _read_search(answerer)
        _refuse_unknown(body.document, answerer)
        with content.in_turn():
            found = answerer.look_up(
                body.query, doc_id=body.document, limit=ROWS, today=today(), acknowledged=body.acknowledged
            )
        took_ms = round((time.perf_counter() - started) * 1000, 2)
        return json_response({"query": body.query, **look_up_json(found), "took_ms": took_ms, "broken": content.notice})

    @desk.post("/api/filings")
    def file() -> Response:
        question = read_body(request, FilingRequest).query
        found = content.current.answerer.look_up(question, limit=1, today=today())
        filing = journal.file(
            question,
            kind=found.kind,
            passage_id=found.answered,
            rule=found.alert.rule if found.alert else None,
        )
        kept = _kept(journal, filing, is_urgent=found.alert is not None)
        return json_response({"id": filing, "kept": kept, "message": wording.FILED[kept]})

    @desk.delete("/api/filings/<filing>")
    def unfile(filing: str) -> Response:
        if not journal.unfile(filing):
            raise Refused(404, "There is no such filing, or it was undone before.")
        return Response(status=204)

    return desk


def _facts(answerer: Answerer) -> dict[str, object]:
    """What the console's scripts need before the first look-up."""
    return {
        "name": g.staff.name,
        "base": url_for("desk.console"),
        "sign_in": url_for("signing_in.sign_in"),
        "disclaimer": answerer.corpus.clinic.disclaimer,
        "levels": wording.LEVELS,
        "not_reviewed": wording.NOT_REVIEWED,
        "acknowledge": wording.CALLER_NOT_IN_AN_EMERGENCY,
    }


def _read_search(answerer: Answerer) -> LookUpRequest:
    """The body; a refusal brings the safety message that the refused words raise."""
    try:
        return read_body(request, LookUpRequest)
    except Refused as refused:
        refused.alert = _alert(answerer, heeded(request))
        raise


def _alert(answerer: Answerer, words: str) -> dict[str, Any] | None:
    alert = answerer.alert(words)
    return staff_alert_json(alert, cards.for_the_caller(alert, answerer.raised(words)) if alert else None)


def _refuse_unknown(doc_id: str | None, answerer: Answerer) -> None:
    """New content may have taken a document away while the page was open."""
    if doc_id is not None and all(document.doc_id != doc_id for document in answerer.corpus.documents):
        wrong = FieldError("document", "is no document of the content now; load the page anew")
        raise Refused(422, _CANNOT_BE_USED, (wrong,))


def _kept(journal: Journal, filing: str | None, *, is_urgent: bool) -> str:
    """How much of a question was kept."""
    if filing is None:
        return "nothing"
    if journal.kept != "questions":
        return "count"
    return "urgent" if is_urgent else "question"
