"""The pages that show what is served: demo and sources; and what all pages share. Only the demo has a script."""

from flask import Blueprint, Response, abort, render_template, request

from bot import wording
from bot.quoting import is_overdue
from web import embedding
from web.clock import today
from web.content import Content
from web.inputs import MAX_MESSAGE
from web.journal import Journal
from web.privacy import comment_hint, privacy, scope
from web.rendering import in_its_language
from web.security import with_widget


def create_pages(content: Content, journal: Journal) -> Blueprint:
    """The pages that show ``content``; what all pages say is kept of questions is what ``journal`` keeps."""
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
            "privacy": privacy(journal.kept, journal.days, None),
            "scope": scope(journal.kept, None),
            "comment_hint": comment_hint(journal.kept, journal.days, None),
            "start_questions": answerer.start_questions(),
        }

    # Without the slash there is no redirect, here and below, for it would repeat whatever host name the client sent.
    @pages.get("/", strict_slashes=False)
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
