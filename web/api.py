"""The JSON interface under ``/api``. No question stands in a URL; all of them are POSTs."""

import time
from dataclasses import replace

from flask import Blueprint, Response, request

from web.clock import today
from web.content import Content
from web.counts import Counts
from web.feedback import take
from web.inputs import BodyT, ChatRequest, FeedbackRequest, SearchRequest, SuggestRequest, heeded, read_body
from web.interface import FeedbackReply, SearchReply, SuggestReply
from web.journal import Journal
from web.limits import Limit, Limits
from web.problems import Refused
from web.replies import alert_json, answer_json, config, json_response, reply_json


def create_api(content: Content, journal: Journal, limits: Limits, counts: Counts) -> Blueprint:
    """The routes under ``/api``, answering from ``content`` within these limits; only chat and feedback are noted."""
    api = Blueprint("api", __name__, url_prefix="/api")

    def read(shape: type[BodyT], limit: Limit) -> BodyT:
        """The body, spent from ``limit``; a refusal brings the safety message that the refused words raise."""
        try:
            limit.spend()
            return read_body(request, shape)
        except Refused as refused:
            alert = content.current.answerer.alert(heeded(request))
            counts.alerted(alert)
            refused.alert = alert_json(alert)
            raise

    @api.post("/chat")
    def chat() -> Response:
        body = read(ChatRequest, limits.questions)
        with content.in_turn() as answerer:
            answer = answerer.answer(
                body.message,
                context=body.context,
                today=today(),
                country=body.country,
                acknowledged=body.acknowledged,
            )
            counts.answered(answer, body.channel)
            turn_id = journal.record(answer, question=body.message, channel=body.channel)
            noted = replace(answer, turn_id=turn_id) if turn_id else answer
            return json_response(answer_json(noted, body.language))

    @api.post("/search")
    def search() -> Response:
        started = time.perf_counter()
        body = read(SearchRequest, limits.questions)
        with content.in_turn() as answerer:
            hits = answerer.search(body.query, limit=body.limit, today=today())
            took_ms = round((time.perf_counter() - started) * 1000, 2)
            alert, version = answerer.alert(body.query), answerer.corpus.version
        counts.alerted(alert)
        return json_response(reply_json(SearchReply(body.query, alert, hits, took_ms, version)))

    @api.post("/suggest")
    def suggest() -> Response:
        limits.suggestions.spend()
        body = read_body(request, SuggestRequest)
        return json_response(reply_json(SuggestReply(tuple(content.current.answerer.suggest(body.query)))))

    @api.post("/feedback")
    def feedback() -> Response:
        alert = take(read(FeedbackRequest, limits.feedback), journal, content.current.answerer, counts)
        return json_response(reply_json(FeedbackReply(alert))) if alert else Response(status=204)

    @api.get("/config")
    def configuration() -> Response:
        return json_response(reply_json(config(content.current.answerer, journal, request.args.get("language"))))

    return api
