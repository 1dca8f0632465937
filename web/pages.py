"""The pages: demo, ask, sources. They work without JavaScript; a question is posted, so it stands in no URL.

The page of an answer carries the last questions along in its form: follow-ups are understood, and nothing is kept here.
"""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, render_template, request

from bot import wording
from bot.answering import Answerer
from bot.model import Answer, Document
from bot.quoting import is_overdue
from web.clock import today
from web.inputs import MAX_CONTEXT, MAX_MESSAGE, check_text, normalized, usable_context
from web.rendering import SourceMarkup, quoted_groups


def create_pages(answerer: Answerer) -> Blueprint:
    """The pages, answering from ``answerer``."""
    pages = Blueprint("pages", __name__)
    documents = {document.doc_id: document for document in answerer.corpus.documents}
    markup = {
        doc_id: SourceMarkup(passage for passage in answerer.passages if passage.doc_id == doc_id)
        for doc_id in documents
    }

    @pages.app_context_processor
    def shared() -> dict[str, object]:
        clinic = answerer.corpus.clinic
        return {
            "clinic": clinic,
            "phones": clinic.phones.get(clinic.country or "", ()),
            "help": answerer.help,
            "language": clinic.languages[0],
            "max_message": MAX_MESSAGE,
            "documents": documents.values(),
            "wording": wording,
            "start_questions": answerer.start_questions(),
        }

    @pages.get("/")
    def home() -> str:
        return render_template("home.html")

    @pages.get("/chat")
    def ask() -> str:
        return render_template("chat.html")

    @pages.post("/chat")
    def answer() -> Response | str:
        question = normalized(request.form.get("message", ""))
        earlier = usable_context(request.form.getlist("context"))
        error = check_text(question)
        if error:
            return Response(render_template("chat.html", question=question, context=earlier, error=error), 422)
        reply = answerer.answer(question, context=earlier, today=today())
        context = [*earlier, question][-MAX_CONTEXT:]
        return render_template(
            "chat.html", question=question, context=context, answer=reply, **_quoted(reply, documents)
        )

    # Without the slash there is no redirect, which would repeat whatever host name the client sent.
    @pages.get("/sources/", strict_slashes=False)
    def sources() -> str:
        return render_template("sources.html")

    @pages.get("/sources/<doc_id>")
    def source(doc_id: str) -> str:
        document = documents.get(doc_id) or abort(404)
        return render_template(
            "source.html",
            document=document,
            markup=markup[doc_id],
            overdue=is_overdue(document, today()),
        )

    return pages


def _quoted(reply: Answer, documents: Mapping[str, Document]) -> dict[str, object]:
    """The passage of ``reply`` as HTML and its language; nothing where there is none."""
    if reply.passage is None:
        return {}
    doc_id = reply.passage.id.partition("#")[0]
    return {"groups": quoted_groups(reply.passage), "quoted_language": documents[doc_id].language}
