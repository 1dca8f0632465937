"""The JSON interface under ``/api``. No question stands in a URL; all of them are POSTs."""

import time

from flask import Blueprint, Response, request

from bot.answering import Answerer
from web.clock import today
from web.inputs import ChatRequest, SearchRequest, SuggestRequest, read_body
from web.replies import answer_json, config_json, hits_json, json_response


def create_api(answerer: Answerer) -> Blueprint:
    """The routes under ``/api``, answering from ``answerer``."""
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.post("/chat")
    def chat() -> Response:
        body = read_body(request, ChatRequest)
        return json_response(answer_json(answerer.answer(body.message, context=body.context, today=today())))

    @api.post("/search")
    def search() -> Response:
        started = time.perf_counter()
        body = read_body(request, SearchRequest)
        hits = hits_json(answerer.search(body.query, limit=body.limit, today=today()))
        took_ms = round((time.perf_counter() - started) * 1000, 2)
        return json_response({"query": body.query, "alert": None, "hits": hits, "took_ms": took_ms})

    @api.post("/suggest")
    def suggest() -> Response:
        body = read_body(request, SuggestRequest)
        return json_response({"suggestions": list(answerer.suggest(body.query))})

    @api.get("/config")
    def config() -> Response:
        return json_response(config_json(answerer))

    return api
