"""What is served now: an answerer, and what the pages make of it once. New content is swapped in by one assignment.

Where there is newer content that cannot be served, it is said here why (`web.watching` finds out).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import g, has_request_context

from bot.answering import Answerer
from bot.model import Document
from web.clock import now
from web.demo import Demo, demo
from web.rendering import SourceMarkup

BEFORE_GOES_ON = "The content was changed and has a mistake, so visitors still get what was there before."
TELL = "Please tell whoever edits the content."


@dataclass(frozen=True, slots=True)
class Served:
    """One state of the content, as it was ``loaded``; ``documents`` and ``markup`` are by the documents' ids."""

    answerer: Answerer
    loaded: datetime
    documents: Mapping[str, Document]
    markup: Mapping[str, SourceMarkup]
    demo: Demo


@dataclass(frozen=True, slots=True)
class Broken:
    """Why the content in the folder is not served: the file and its line, what is wrong, what was expected instead."""

    where: str
    problem: str
    expected: str
    since: datetime

    def __str__(self) -> str:
        """All of it, for the log and for staff, as ``citewell check`` says it."""
        return f"{self.where}: {self.problem}; expected {self.expected}"

    @property
    def for_everyone(self) -> str:
        """Without what stands in the file: it may be a note for staff, or not meant to be read yet."""
        return f"{self.where}: expected {self.expected}"


class Content:
    """Holds what is served."""

    def __init__(self, answerer: Answerer) -> None:
        """Serve ``answerer`` until another is swapped in."""
        self._newest = _served(answerer)
        self.broken: Broken | None = None
        """What is wrong with the content that stands in the folder now; it is not served."""

    @property
    def notice(self) -> str | None:
        """What staff are told of it at the desk."""
        broken = self.broken  # once: another thread may take it away
        return f"{BEFORE_GOES_ON} {broken}. {TELL}" if broken else None

    @property
    def version(self) -> str:
        """That of the newest content, which the next request gets."""
        return self._newest.answerer.corpus.version

    @property
    def current(self) -> Served:
        """What is served; within a request always the same, so that no reply is half old and half new."""
        newest = self._newest
        return g.setdefault("served", newest) if has_request_context() else newest

    def swap(self, answerer: Answerer) -> None:
        """Serve ``answerer``, which is of what stands in the folder, from the next request on."""
        self._newest = _served(answerer)
        self.broken = None


def _served(answerer: Answerer) -> Served:
    documents = {document.doc_id: document for document in answerer.corpus.documents}
    markup = {
        doc_id: SourceMarkup(passage for passage in answerer.passages if passage.doc_id == doc_id)
        for doc_id in documents
    }
    return Served(answerer, now(), documents, markup, demo(answerer.corpus))
