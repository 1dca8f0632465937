"""Examples for the document of the interface, each made the way a real reply is made: from the content that is served.

They show what this clinic's visitors get, and cannot come to differ from it. Nothing of them is kept.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from bot.answering import Answerer
from bot.reply import Answer
from web.content import Served
from web.feedback import NO_SUCH_ANSWER, NOT_STORED
from web.inputs import NOT_JSON, BodyT, ChatRequest, FeedbackRequest, SearchRequest, SuggestRequest, read_json
from web.interface import FeedbackReply, HealthReply, SearchReply, SuggestReply
from web.journal import Journal
from web.limit_storage import Whereabouts
from web.limits import TOO_MANY
from web.openapi import Examples
from web.problems import Refused, problem_json, usual_detail
from web.replies import alert_json, answer_json, config, readiness, reply_json

URGENT = "back pain and cant pee since morning"
NOT_COVERED = "What does a taxi to the airport cost?"
TURN = "0123456789abcdef0123456789abcdef"


def examples(served: Served, journal: Journal, day: date) -> dict[str, Examples]:
    """Examples by operation: of its body, and of what comes back by status."""
    answerer = served.answerer
    question = next(iter(answerer.start_questions()), URGENT)
    asked = {"query": question}
    hits = answerer.search(question, limit=1, today=day)
    found = SearchReply(question, answerer.alert(question), hits, 1.5, answerer.corpus.version)
    in_memory = Whereabouts("memory", shared=False)
    typed = " ".join(question.split()[:3])
    return {
        "chat": _chat(answerer, journal, day, question),
        "search": {
            "body": {"the best passage": {**asked, "limit": 1}},
            "200": {"the best passage": reply_json(found)},
            **_refused(SearchRequest, b'{"query": ""}'),
        },
        "suggest": {
            "body": {"begun": {"query": typed}},
            "200": {"begun": reply_json(SuggestReply(answerer.suggest(typed)))},
            **_refused(SuggestRequest, b"{}"),
        },
        "feedback": _feedback(answerer),
        "config": {"200": {"this clinic": reply_json(config(answerer, journal))}},
        "healthz": {"200": {"it runs": reply_json(HealthReply("ok"))}},
        "readyz": {"200": {"all is well": reply_json(readiness(served, None, journal, in_memory))}},
    }


def _chat(answerer: Answerer, journal: Journal, day: date, question: str) -> Examples:
    asked = list(_asked(answerer, day, question))
    turn = None if journal.kept == "off" else TURN
    refused = _refused(ChatRequest, b'{"message": ""}')
    if alert := alert_json(answerer.alert(URGENT)):
        refused["429"]["urgent words"] = problem_json(429, TOO_MANY, alert=alert)
    return {
        "body": {name: {"message": message} for name, message, _ in asked},
        "200": {name: answer_json(replace(reply, turn_id=turn)) for name, _, reply in asked},
        **refused,
    }


def _asked(answerer: Answerer, day: date, question: str) -> Iterator[tuple[str, str, Answer]]:
    """A name, a question and its reply, of each sort that this content has replies of."""
    for name, message in (("an answer", question), ("an emergency", URGENT), ("not covered", NOT_COVERED)):
        reply = answerer.answer(message, today=day)
        alone = reply.alert is not None and reply.alert.placement == "replace"
        if name == ("an emergency" if alone else {"answer": "an answer", "none": "not covered"}.get(reply.kind)):
            yield name, message, reply


def _feedback(answerer: Answerer) -> Examples:
    alert = answerer.alert(URGENT)
    return {
        "body": {"it helped": {"turn_id": TURN, "helpful": True}},
        "200": {"urgent words": reply_json(FeedbackReply(alert))} if alert else {},
        "404": {"no such answer": problem_json(404, NO_SUCH_ANSWER)},
        **_refused(FeedbackRequest, b'{"helpful": "yes"}'),
        "503": {"not stored": problem_json(503, NOT_STORED)},
    }


def _refused(shape: type[BodyT], wrong: bytes) -> dict[str, dict[str, Any]]:
    """What all requests with a body can be refused with; ``wrong`` is a body with wrong fields."""
    return {
        "400": {"no JSON": _refusal(shape, b"message=shoes")},
        "413": {"too large": problem_json(413, usual_detail(413))},
        "415": {"not as JSON": problem_json(415, NOT_JSON)},
        "422": {"wrong fields": _refusal(shape, wrong)},
        "429": {"too many": problem_json(429, TOO_MANY)},
    }


def _refusal(shape: type[BodyT], wrong: bytes) -> dict[str, Any]:
    """What is said of a body that is really wrong."""
    try:
        read_json(wrong, shape)
    except Refused as refused:
        return problem_json(refused.status, refused.detail, refused.errors)
    raise AssertionError(wrong)
