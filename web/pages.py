"""The pages: demo, ask, sources. They work without JavaScript; a question is posted, so it stands in no URL."""

import unicodedata

from flask import Blueprint, Response, abort, render_template, request

from bot import wording
from bot.answering import Answerer
from bot.quoting import is_overdue
from web.clock import today
from web.inputs import MAX_MESSAGE, check_text
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
        question = unicodedata.normalize("NFC", request.form.get("message", ""))
        error = check_text(question)
        if error:
            return Response(render_template("chat.html", question=question, error=error), 422)
        reply = answerer.answer(question, today=today())
        groups = quoted_groups(reply.passage) if reply.passage else []
        return render_template("chat.html", question=question, answer=reply, groups=groups)

    @pages.get("/sources/")
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
