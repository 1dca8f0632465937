"""Asking without JavaScript: a question is posted, so it stands in no URL.

The page of an answer carries the last questions along in its form: follow-ups are understood, and nothing is kept for
that here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from bot.answering import Answerer
from bot.model import Document
from bot.reply import Answer
from web.clock import today
from web.content import Content
from web.counts import Counts
from web.feedback import take
from web.inputs import (
    MAX_CONTEXT,
    MAX_HEEDED,
    MAX_TURN_ID,
    FeedbackRequest,
    check_text,
    normalized,
    usable_context,
)
from web.journal import Journal
from web.limits import Limits
from web.problems import Refused
from web.rendering import quoted_groups
from web.replies import alert_json


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the form brought along.

    ``earlier`` are questions, oldest first; ``elsewhere`` is the visitor's country, if it is not the clinic's.
    """

    question: str
    earlier: list[str]
    elsewhere: str | None
    acknowledged: list[str]


def create_chat(content: Content, journal: Journal, limits: Limits, counts: Counts) -> Blueprint:
    """The form and its replies, answering from ``content`` within these limits; questions and votes are noted."""
    chat = Blueprint("chat", __name__)

    @chat.get("/chat")
    def ask() -> str:
        return render_template("chat.html")

    @chat.post("/chat")
    def answer() -> Response | str:
        served = content.current
        answerer = served.answerer
        asked = _asked(request.form, answerer)
        try:
            limits.questions.spend()
            _refuse_unreadable(asked.question)
        except Refused as refused:
            return _refusal(refused, asked, answerer, counts)
        with content.in_turn():
            reply = answerer.answer(
                asked.question,
                context=asked.earlier,
                today=today(),
                country=asked.elsewhere,
                acknowledged=asked.acknowledged,
            )
        counts.answered(reply, "page")
        turn_id = journal.record(reply, question=asked.question, channel="page")
        return render_template(
            "chat.html",
            asked=asked,
            context=[*asked.earlier, asked.question][-MAX_CONTEXT:],
            answer=replace(reply, turn_id=turn_id),
            alert=reply.alert,
            alone=reply.alert is not None and reply.alert.placement == "replace",
            **_quoted(reply, served.documents),
        )

    def read_vote() -> FeedbackRequest:
        """The vote; a refusal brings the safety message that the refused comment raises."""
        try:
            limits.feedback.spend()
            return _vote(request.form)
        except Refused as refused:
            alert = content.current.answerer.alert(_heeded(request.form.get("comment", "")))
            counts.alerted(alert)
            refused.alert = alert_json(alert)
            raise

    @chat.post("/chat/feedback")
    def feedback() -> Response | str:
        try:
            vote = read_vote()
            alert = take(vote, journal, content.current.answerer, counts)
        except Refused as refused:
            page = render_template("chat.html", error=refused.detail, alert=refused.alert)
            return Response(page, refused.status, refused.headers)
        return render_template("chat.html", vote=vote, alert=alert)

    return chat


def _asked(form: MultiDict[str, str], answerer: Answerer) -> _Asked:
    """Countries without numbers and rules that there are not are left out: our own form sends none."""
    clinic = answerer.corpus.clinic
    country = form.get("country", "")
    return _Asked(
        question=normalized(form.get("message", "")),
        earlier=usable_context(form.getlist("context")),
        elsewhere=country if country in clinic.phones and country != clinic.country else None,
        acknowledged=[rule for rule in dict.fromkeys(form.getlist("acknowledged")) if rule in answerer.safety_rules],
    )


def _vote(form: MultiDict[str, str]) -> FeedbackRequest:
    """What our own form sends, an empty comment left out; raises `Refused` for anything else."""
    comment = normalized(form.get("comment", "")).strip()
    if comment and (wrong := check_text(comment)):
        raise Refused(422, f"Your comment {wrong}.")
    turn_id, helpful = form.get("turn_id", ""), {"yes": True, "no": False}.get(form.get("helpful", ""))
    if helpful is None or not 1 <= len(turn_id) <= MAX_TURN_ID:
        raise Refused(422, "Please say whether the answer helped.")
    return FeedbackRequest(turn_id=turn_id, helpful=helpful, comment=comment or None)


def _refuse_unreadable(question: str) -> None:
    if wrong := check_text(question):
        raise Refused(422, f"Your question {wrong}.")


def _heeded(written: str) -> str:
    """What of refused words the safety rules look at: all, or nothing where that is far too long."""
    return normalized(written) if len(written) <= MAX_HEEDED else ""


def _refusal(refused: Refused, asked: _Asked, answerer: Answerer, counts: Counts) -> Response:
    """The form again with what is wrong, below the safety message that the refused question raises."""
    alert = answerer.alert(_heeded(asked.question), country=asked.elsewhere)
    counts.alerted(alert)
    page = render_template("chat.html", asked=asked, context=asked.earlier, error=refused.detail, alert=alert)
    return Response(page, refused.status, refused.headers)


def _quoted(reply: Answer, documents: Mapping[str, Document]) -> dict[str, object]:
    """The passage of ``reply`` as HTML and its language; nothing where there is none."""
    if reply.passage is None:
        return {}
    doc_id = reply.passage.id.partition("#")[0]
    return {"groups": quoted_groups(reply.passage), "quoted_language": documents[doc_id].language}
