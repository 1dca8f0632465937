"""What stands on the demo page: chosen from any corpus, one small file included, and all in its own words."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.answering import HELP_DOCUMENT
from bot.model import Corpus, Document, Section
from bot.passages import MAX_WORDS, count_words
from bot.quoting import snippet
from bot.suggesting import is_question
from web.rendering import Groups, plain_groups

MAX_TOPICS = 12
"""As many cards as still are an overview; chosen. The page of all documents has the rest."""

FIRST_QUESTIONS = 8
"""As many questions as are seen without unfolding the others; chosen."""

_INTRO = "intro"  # the anchor of what stands above a document's first heading, and of a heading that says it introduces


@dataclass(frozen=True, slots=True)
class Place:
    """A section to read on our page of its document, whose language its title is in."""

    title: str
    doc_id: str
    anchor: str
    language: str


@dataclass(frozen=True, slots=True)
class Topic:
    """An outermost section; what stands right below it, or else its first words."""

    place: Place
    below: tuple[Place, ...]
    start: str


@dataclass(frozen=True, slots=True)
class Intro:
    """What the page opens with: a document's title and, where it begins with an introduction, its first paragraph."""

    document: Document
    place: Place | None
    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A section with its whole text, without its footnotes; ``source`` is its document's title."""

    place: Place
    source: str
    groups: Groups


@dataclass(frozen=True, slots=True)
class Demo:
    """The page's content; whatever the corpus does not have is ``None`` or empty.

    ``urgent`` is the first section of "Signs you need help now", ``example`` a question of the clinic with its answer.
    """

    intro: Intro | None
    urgent: Quoted | None
    topics: tuple[Topic, ...]
    first_questions: tuple[Place, ...]
    more_questions: tuple[Place, ...]
    example: Quoted | None


def demo(corpus: Corpus) -> Demo:
    """What of ``corpus`` stands on the demo page."""
    ordinary = [document for document in corpus.documents if document.doc_id != HELP_DOCUMENT]
    urgent = [_urgent(document) for document in corpus.documents if document.doc_id == HELP_DOCUMENT]
    intro = _intro(ordinary)
    topics = [topic for document in ordinary for topic in _topics(document) if not intro or topic.place != intro.place]
    asked = [
        (document, section) for document in ordinary for section in document.sections if is_question(section.title)
    ]
    questions = tuple(_place(document, section) for document, section in asked)
    return Demo(
        intro=intro,
        urgent=next(iter(urgent), None),
        topics=tuple(topics[:MAX_TOPICS]),
        first_questions=questions[:FIRST_QUESTIONS],
        more_questions=questions[FIRST_QUESTIONS:],
        example=next((_quoted(document, section) for document, section in asked if _may_stand_alone(section)), None),
    )


def _intro(documents: Iterable[Document]) -> Intro | None:
    """Of the first document that has an introduction, or else of the first."""
    found = [(document, _introduction(document)) for document in documents]
    if not found:
        return None
    document, section = next(((document, section) for document, section in found if section), found[0])
    if section is None:
        return Intro(document, None, "")
    return Intro(document, _place(document, section), section.blocks[0].text)


def _introduction(document: Document) -> Section | None:
    """The section that a document begins with, if it introduces it."""
    first = _first(document)
    if first is None:
        return None
    introduces = first.anchor == _INTRO or first.title == document.title
    fit = introduces and first.blocks[0].kind == "p" and not first.classes and not is_question(first.title)
    return first if fit else None


def _topics(document: Document) -> Iterable[Topic]:
    for section in document.sections:
        if section.path or is_question(section.title):
            continue
        below = tuple(
            _place(document, inner) for inner in document.sections if inner.path == (*section.path, section.title)
        )
        if section.blocks or below:
            yield Topic(_place(document, section), below, "" if below else _start(section))


def _start(section: Section) -> str:
    """The first words; none of what is advice on medicine, which is not to be read in part."""
    return "" if section.classes else snippet(section.blocks[0].text)


def _urgent(document: Document) -> Quoted | None:
    """The first section, whole: a list of signs is never cut."""
    first = _first(document)
    return _quoted(document, first) if first else None


def _quoted(document: Document, section: Section) -> Quoted:
    return Quoted(_place(document, section), document.title, plain_groups(section.blocks))


def _may_stand_alone(section: Section) -> bool:
    """Whether it is short enough to be one passage, and no advice on medicine."""
    return 0 < sum(count_words(block.text) for block in section.blocks) <= MAX_WORDS and not section.classes


def _first(document: Document) -> Section | None:
    """The first section that has text."""
    return next((section for section in document.sections if section.blocks), None)


def _place(document: Document, section: Section) -> Place:
    return Place(section.title, document.doc_id, section.anchor, document.language)
