"""What can be asked of the interface: one row for each method and path, with everything that can come back.

`web.openapi` writes the document from these rows, and tests hold them to what is served.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.reply import Answer
from web.inputs import ChatRequest, FeedbackRequest, SearchRequest, SuggestRequest
from web.interface import ConfigReply, FeedbackReply, HealthReply, ReadyReply, SearchReply, SuggestReply
from web.problems import MEDIA_TYPE, Problem

JSON = "application/json"
HTML = "text/html"
TEXT = "text/plain"

ALERT = "An `alert` is to be shown where its `placement` says."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes back with one status; without a ``shape``, words or nothing.

    ``headers`` are those that say more than usual, ``links`` the operations that take something from the reply.
    """

    meaning: str
    shape: type | None = None
    media_type: str | None = None
    headers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one path. ``query`` are parameters in the address, each with what it is for."""

    operation_id: str
    method: Literal["get", "post"]
    path: str
    summary: str
    description: str
    outcomes: Mapping[int, Outcome]
    body: type | None = None
    query: Mapping[str, str] = field(default_factory=dict)


def _reply(meaning: str, shape: type, *links: str) -> Outcome:
    return Outcome(meaning, shape, JSON, links=links)


def _refusal(meaning: str, *headers: str) -> Outcome:
    return Outcome(meaning, Problem, MEDIA_TYPE, headers)


_UNREADABLE = {
    400: _refusal("The body is not JSON in UTF-8."),
    413: _refusal("The body is too large."),
    415: _refusal("The body is not sent as JSON."),
    422: _refusal("A field is wrong; each is named in `errors`."),
    429: _refusal("Too many requests from this address in the last minute.", "Retry-After"),
}

OPERATIONS = (
    Operation(
        operation_id="chat",
        method="post",
        path="/api/chat",
        summary="Ask a question",
        description="One question, one reply: a passage word for word with its source, or what may be meant, or that "
        f"the content does not cover it. {ALERT} A refusal may carry one, too: show it first.",
        body=ChatRequest,
        outcomes={200: _reply("The reply, of whatever kind.", Answer, "feedback"), **_UNREADABLE},
    ),
    Operation(
        operation_id="search",
        method="post",
        path="/api/search",
        summary="Find passages",
        description="The passages that share words with the query, with their scores; for staff and tools. "
        "An `alert` is to be shown first. A search counts as a question against the limit.",
        body=SearchRequest,
        outcomes={200: _reply("What was found.", SearchReply), **_UNREADABLE},
    ),
    Operation(
        operation_id="suggest",
        method="post",
        path="/api/suggest",
        summary="Complete what is being typed",
        description="Known questions and headings that have every word typed, the last of which may be unfinished. "
        "It has a limit of its own.",
        body=SuggestRequest,
        outcomes={200: _reply("Questions to offer.", SuggestReply), **_UNREADABLE},
    ),
    Operation(
        operation_id="feedback",
        method="post",
        path="/api/feedback",
        summary="Say whether an answer helped",
        description="One vote for each answer, with a comment where the clinic keeps comments. "
        "It has a limit of its own.",
        body=FeedbackRequest,
        outcomes={
            200: _reply("Stored, but for the comment, which raises a safety message.", FeedbackReply),
            204: Outcome("Stored."),
            404: _refusal("There is no such answer, or it is no longer kept."),
            **_UNREADABLE,
            503: _refusal("The vote could not be stored just now."),
        },
    ),
    Operation(
        operation_id="config",
        method="get",
        path="/api/config",
        summary="What a client needs before the first question",
        description="The clinic, questions to begin with, what is kept of questions, numbers to call, limits.",
        query={"language": "The language in which to say fixed sentences, where there is a translation."},
        outcomes={200: _reply("The configuration.", ConfigReply)},
    ),
    Operation(
        operation_id="healthz",
        method="get",
        path="/healthz",
        summary="Whether the process runs",
        description="For whoever restarts a process that does not answer.",
        outcomes={200: _reply("It runs.", HealthReply)},
    ),
    Operation(
        operation_id="readyz",
        method="get",
        path="/readyz",
        summary="What is served, and whether all is well",
        description="For whoever watches the service.",
        outcomes={200: _reply("It has content to answer from.", ReadyReply)},
    ),
    Operation(
        operation_id="metrics",
        method="get",
        path="/metrics",
        summary="Figures for a monitoring system",
        description="In the text format of Prometheus. Whom it is shown to is a setting.",
        outcomes={
            200: Outcome("The figures.", media_type=TEXT),
            404: Outcome("They are not shown to you.", media_type=HTML),
        },
    ),
)
"""In the order in which a reader needs them."""
