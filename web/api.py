"""The JSON interface under ``/api``. No question stands in a URL; all of them are POSTs."""

import time
from dataclasses import replace

from flask import Blueprint, Response, request

from web.clock import today
from web.content import Content
from web.feedback import take
from web.inputs import BodyT, ChatRequest, FeedbackRequest, SearchRequest, SuggestRequest, heeded, read_body
from web.journal import Journal
from web.limits import Limits
from web.problems import Refused
from web.replies import alert_json, answer_json, config_json, hits_json, json_response


def create_api(content: Content, journal: Journal, limits: Limits) -> Blueprint:
    """The routes under ``/api``, answering from ``content`` within these limits; only chat and feedback are noted."""
    api = Blueprint("api", __name__, url_prefix="/api")

    def read(shape: type[BodyT]) -> BodyT:
        """The body; a refusal brings the safety message that the refused words raise."""
        try:
            limits.questions.spend()
            return read_body(request, shape)
        except Refused as refused:
            refused.alert = alert_json(content.current.answerer.alert(heeded(request)))
            raise

    @api.post("/chat")
    def chat() -> Response:
        body = read(ChatRequest)
        answer = content.current.answerer.answer(
            body.message,
            context=body.context,
            today=today(),
            country=body.country,
            acknowledged=body.acknowledged,
        )
        turn_id = journal.record(answer, question=body.message, channel=body.channel)
        noted = replace(answer, turn_id=turn_id) if turn_id else answer
        return json_response(answer_json(noted, body.language))

    @api.post("/search")
    def search() -> Response:
        started = time.perf_counter()
        answerer = content.current.answerer
        body = read(SearchRequest)
        hits = hits_json(answerer.search(body.query, limit=body.limit, today=today()))
        took_ms = round((time.perf_counter() - started) * 1000, 2)
        alert = alert_json(answerer.alert(body.query))
        return json_response({"query": body.query, "alert": alert, "hits": hits, "took_ms": took_ms})

    @api.post("/suggest")
    def suggest() -> Response:
        limits.suggestions.spend()
        body = read_body(request, SuggestRequest)
        return json_response({"suggestions": list(content.current.answerer.suggest(body.query))})

    @api.post("/feedback")
    def feedback() -> Response:
        limits.feedback.spend()
        alert = take(read_body(request, FeedbackRequest), journal, content.current.answerer)
        return json_response({"alert": alert_json(alert)}) if alert else Response(status=204)

    @api.get("/config")
    def config() -> Response:
        return json_response(config_json(content.current.answerer, journal, request.args.get("language")))

    return api
