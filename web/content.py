"""What is served now: an answerer, and what the pages make of it once. New content is swapped in by one assignment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import g, has_request_context

from bot.answering import Answerer
from bot.model import Document
from web.clock import now
from web.demo import Demo, demo
from web.rendering import SourceMarkup


@dataclass(frozen=True, slots=True)
class Served:
    """One state of the content, as it was ``loaded``; ``documents`` and ``markup`` are by the documents' ids."""

    answerer: Answerer
    loaded: datetime
    documents: Mapping[str, Document]
    markup: Mapping[str, SourceMarkup]
    demo: Demo


class Content:
    """Holds what is served."""

    def __init__(self, answerer: Answerer) -> None:
        """Serve ``answerer`` until another is swapped in."""
        self._newest = _served(answerer)

    @property
    def current(self) -> Served:
        """What is served; within a request always the same, so that no reply is half old and half new."""
        if not has_request_context():
            return self._newest
        if "served" not in g:
            g.served = self._newest
        return g.served  # type: ignore[no-any-return] # flask.g holds anything

    def swap(self, answerer: Answerer) -> None:
        """Serve ``answerer`` from the next request on."""
        self._newest = _served(answerer)


def _served(answerer: Answerer) -> Served:
    documents = {document.doc_id: document for document in answerer.corpus.documents}
    markup = {
        doc_id: SourceMarkup(passage for passage in answerer.passages if passage.doc_id == doc_id)
        for doc_id in documents
    }
    return Served(answerer, now(), documents, markup, demo(answerer.corpus))
