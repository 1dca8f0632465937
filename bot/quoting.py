"""A passage as it is shown and cited: highlights, source, snippet. Floor 3: knows `analysis`, `model` and `reply`."""

from collections.abc import Set
from datetime import date
from urllib.parse import quote, urldefrag

from bot.analysis import Analyzer, highlights
from bot.model import Document, Passage
from bot.reply import Alternative, Citation, QuotedBlock, QuotedPassage

SOURCES = "/sources/"
"""Where the web application shows documents that name no page of their own."""

SNIPPET_WORDS = 20
_FRAGMENT_WORDS = 6  # at each end: enough to be found once on a page, few enough to survive small edits


def quoted(passage: Passage, terms: Set[str], analyzer: Analyzer) -> QuotedPassage:
    """The passage word for word, with the words that match ``terms`` marked block by block."""
    return QuotedPassage(
        id=passage.passage_id,
        title=passage.title,
        text=passage.text,
        blocks=tuple(
            QuotedBlock(block.kind, block.text, highlights(block.text, terms, analyzer)) for block in passage.blocks
        ),
    )


def citation(passage: Passage, document: Document, today: date | None) -> Citation:
    """Where ``passage`` stands. Without ``today`` nothing is called overdue."""
    return Citation(
        document=document.title,
        section=section(passage),
        url=source_url(passage, document),
        author=document.author,
        reviewed=document.reviewed,
        overdue=today is not None and is_overdue(document, today),
        hash=passage.content_hash,
        references=passage.references,
    )


def section(passage: Passage) -> str:
    """Its heading after those above it."""
    return " › ".join([*passage.path, passage.title])


def is_overdue(document: Document, today: date) -> bool:
    """Whether the next review of ``document`` was due before ``today``."""
    return document.next_review is not None and document.next_review < today


def source_url(passage: Passage, document: Document) -> str:
    """Our own page of the document at the passage, or the clinic's page, opened at the passage's words.

    Source: https://wicg.github.io/scroll-to-text-fragment/
    """
    if document.url is None:
        return f"{SOURCES}{quote(passage.doc_id)}#{quote(passage.anchor)}"
    page, fragment = urldefrag(document.url)
    words = passage.blocks[0].text.split()
    ends = [words] if len(words) <= 2 * _FRAGMENT_WORDS else [words[:_FRAGMENT_WORDS], words[-_FRAGMENT_WORDS:]]
    return f"{page}#{fragment}:~:text={','.join(_fragment(' '.join(end)) for end in ends)}"


def alternative(passage: Passage, document: Document) -> Alternative:
    """``passage`` as a row of "did you mean"."""
    return Alternative(passage.passage_id, passage.title, snippet(passage.text), source_url(passage, document))


def snippet(text: str) -> str:
    """The first words of ``text``; an ellipsis where it goes on.

    >>> snippet("Run less."), snippet("word " * 30)[-8:]
    ('Run less.', 'd word …')
    """
    words = text.split()
    return " ".join(words) if len(words) <= SNIPPET_WORDS else " ".join(words[:SNIPPET_WORDS]) + " …"


def _fragment(words: str) -> str:
    """Percent-encoded for a text fragment, in which the hyphen, too, has a meaning."""
    return quote(words, safe="").replace("-", "%2D")
