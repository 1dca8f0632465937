"""What is served now: an answerer, and what the pages make of it once. New content is swapped in by one assignment.

Where there is newer content that cannot be served, it is said here why (`web.watching` finds out).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from flask import g, has_request_context

from bot.answering import Answerer
from bot.model import Document
from web.clock import now
from web.demo import Demo, demo
from web.rendering import SourceMarkup

BEFORE_GOES_ON = "The content was changed and has a mistake, so visitors still get what was there before."
TELL = "Please tell whoever edits the content."
NOT_YET = (
    "The content was changed and could not be loaded yet, so visitors still get what was there before. "
    "It is tried again by itself."
)
TELL_IF_IT_STAYS = "If this stays, please tell whoever looks after the server."


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
    """Why the content in the folder is not served: the file and its line, what is wrong, what was expected instead.

    It ``may_pass`` where nothing is known to be wrong with the content, and only the loading failed. Found again later,
    it is the same.
    """

    where: str
    problem: str
    expected: str
    since: datetime = field(compare=False)
    may_pass: bool = False

    def __str__(self) -> str:
        """All of it, for the log and for staff, as ``citewell check`` says it."""
        return f"{self.where}: {self.problem}; expected {self.expected}"

    @property
    def for_everyone(self) -> str:
        """Without what stands in the file: it may be a note for staff, or not meant to be read yet."""
        return f"{self.where}: {self.problem}" if self.may_pass else f"{self.where}: expected {self.expected}"

    @property
    def for_staff(self) -> str:
        """What is read at the desk."""
        before, after = (NOT_YET, TELL_IF_IT_STAYS) if self.may_pass else (BEFORE_GOES_ON, TELL)
        return f"{before} {self}. {after}"


class Content:
    """Holds what is served."""

    def __init__(self, answerer: Answerer) -> None:
        """Serve ``answerer`` until another is swapped in."""
        self._newest = _served(answerer)
        self._turn = Lock()
        self.broken: Broken | None = None
        """What is wrong with the content that stands in the folder now; it is not served."""

    @property
    def notice(self) -> str | None:
        """What staff are told of it at the desk."""
        broken = self.broken  # once: another thread may take it away
        return broken.for_staff if broken else None

    @property
    def version(self) -> str:
        """That of the newest content, which the next request gets."""
        return self._newest.answerer.corpus.version

    @property
    def current(self) -> Served:
        """What is served; within a request always the same, so that no reply is half old and half new."""
        newest = self._newest
        return g.setdefault("served", newest) if has_request_context() else newest

    @contextmanager
    def in_turn(self) -> Iterator[Answerer]:
        """What answers, for one request at a time; nothing that waits for something else belongs into this block.

        Python runs one thread at a time. Threads that it interrupts in the middle of their answers all take longer.
        """
        with self._turn:
            yield self.current.answerer

    def swap(self, answerer: Answerer) -> None:
        """Serve ``answerer``, which is of what stands in the folder, from the next request on."""
        self._newest = _served(answerer)
        self.broken = None


def told(answerer: Answerer) -> str:
    """How much there is to answer from, and of which state of the content, for the log."""
    corpus = answerer.corpus
    return f"{len(answerer.passages)} passages of {len(corpus.documents)} documents, version {corpus.version}"


def _served(answerer: Answerer) -> Served:
    documents = {document.doc_id: document for document in answerer.corpus.documents}
    markup = {
        doc_id: SourceMarkup(passage for passage in answerer.passages if passage.doc_id == doc_id)
        for doc_id in documents
    }
    return Served(answerer, now(), documents, markup, demo(answerer.corpus))
