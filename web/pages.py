"""The pages: demo, ask, sources. They work without JavaScript; a question is posted, so it stands in no URL.

Only the demo page has a script, the widget. The page of an answer carries the last questions along in its form:
follow-ups are understood, and nothing is kept here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.datastructures import MultiDict

from bot import wording
from bot.answering import Answerer
from bot.model import Document
from bot.quoting import is_overdue
from bot.reply import Answer
from web import embedding
from web.clock import today
from web.content import Content
from web.inputs import MAX_CONTEXT, MAX_HEEDED, MAX_MESSAGE, check_text, normalized, usable_context
from web.limits import Limit
from web.problems import Refused
from web.rendering import in_its_language, quoted_groups
from web.security import with_widget


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the form brought along.

    ``earlier`` are questions, oldest first; ``elsewhere`` is the visitor's country, if it is not the clinic's.
    """

    question: str
    earlier: list[str]
    elsewhere: str | None
    acknowledged: list[str]


def create_pages(content: Content, questions: Limit) -> Blueprint:
    """The pages, answering from ``content`` within this limit."""
    pages = Blueprint("pages", __name__)
    pages.add_app_template_filter(in_its_language)

    @pages.app_context_processor
    def shared() -> dict[str, object]:
        served = content.current
        answerer, clinic = served.answerer, served.answerer.corpus.clinic
        return {
            "clinic": clinic,
            "phones": clinic.phones.get(clinic.country or "", ()),
            "help": answerer.help,
            "language": clinic.languages[0],
            "max_message": MAX_MESSAGE,
            "documents": served.documents.values(),
            "wording": wording,
            "start_questions": answerer.start_questions(),
        }

    @pages.get("/")
    def home() -> Response:
        served = content.current
        shown = served.demo
        page = render_template(
            "home.html",
            demo=shown,
            overdue=shown.intro is not None and is_overdue(shown.intro.document, today()),
            embedding=embedding.line(request.script_root, served.answerer.corpus.clinic),
        )
        return with_widget(page)

    @pages.get("/chat")
    def ask() -> str:
        return render_template("chat.html")

    @pages.post("/chat")
    def answer() -> Response | str:
        served = content.current
        answerer = served.answerer
        asked = _asked(request.form, answerer)
        try:
            questions.spend()
            _refuse_unreadable(asked.question)
        except Refused as refused:
            return _refusal(refused, asked, answerer)
        reply = answerer.answer(
            asked.question,
            context=asked.earlier,
            today=today(),
            country=asked.elsewhere,
            acknowledged=asked.acknowledged,
        )
        return render_template(
            "chat.html",
            asked=asked,
            context=[*asked.earlier, asked.question][-MAX_CONTEXT:],
            answer=reply,
            alert=reply.alert,
            alone=reply.alert is not None and reply.alert.placement == "replace",
            **_quoted(reply, served.documents),
        )

    # Without the slash there is no redirect, which would repeat whatever host name the client sent.
    @pages.get("/sources/", strict_slashes=False)
    def sources() -> str:
        return render_template("sources.html")

    @pages.get("/sources/<doc_id>")
    def source(doc_id: str) -> str:
        served = content.current
        document = served.documents.get(doc_id) or abort(404)
        return render_template(
            "source.html",
            document=document,
            markup=served.markup[doc_id],
            overdue=is_overdue(document, today()),
        )

    return pages


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


def _refuse_unreadable(question: str) -> None:
    if wrong := check_text(question):
        raise Refused(422, f"Your question {wrong}.")


def _refusal(refused: Refused, asked: _Asked, answerer: Answerer) -> Response:
    """The form again with what is wrong, below the safety message that the refused question raises."""
    heeded = asked.question if len(asked.question) <= MAX_HEEDED else ""
    alert = answerer.alert(heeded, country=asked.elsewhere)
    page = render_template("chat.html", asked=asked, context=asked.earlier, error=refused.detail, alert=alert)
    return Response(page, refused.status, refused.headers)


def _quoted(reply: Answer, documents: Mapping[str, Document]) -> dict[str, object]:
    """The passage of ``reply`` as HTML and its language; nothing where there is none."""
    if reply.passage is None:
        return {}
    doc_id = reply.passage.id.partition("#")[0]
    return {"groups": quoted_groups(reply.passage), "quoted_language": documents[doc_id].language}
