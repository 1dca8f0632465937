"""What goes out: an answer and what hangs on it. Floor 1: knows `model` only.

`Answer` has exactly the shape of the public interface (DESIGN.md, "The interface"), so that one object serves JSON,
page and command line. What stands below a field is what /openapi.json and /docs say of it. Offsets count code points of
the text they stand beside; ends are exclusive.
"""

from dataclasses import dataclass
from datetime import date

from bot.model import AnswerKind, BlockKind, FixedSort, Level, Placement, Reference


@dataclass(frozen=True, slots=True)
class QuotedBlock:
    """A paragraph or list item of the quoted passage."""

    kind: BlockKind
    """`p` for a paragraph, `li` for an item of a list."""

    text: str
    """Its words."""

    highlights: tuple[tuple[int, int], ...]
    """The stretches of `text` that match the question: start and end in code points, end exclusive."""


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """A passage as it is shown, word for word."""

    id: str
    """Document and anchor, such as `faq#worn-shoes`."""

    title: str
    """The heading it stands under."""

    text: str
    """All its words, markup removed and white space folded."""

    blocks: tuple[QuotedBlock, ...]
    """The same words as they are set: by paragraphs and list items."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a passage stands and who answers for it."""

    document: str
    """The title of the document."""

    section: str
    """The title of the section."""

    url: str
    """Where it can be read, with its anchor; on this server where it begins with a slash."""

    author: str | None
    """Who wrote the document."""

    reviewed: date | None
    """When a clinician last reviewed it; null if that has not happened, which must be said."""

    overdue: bool
    """Whether its next review was due before today."""

    hash: str
    """SHA-256 of the passage's text in UTF-8, in hex."""

    references: tuple[Reference, ...]
    """The studies that the passage itself cites."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another passage that may be meant."""

    id: str
    """As in a quoted passage."""

    title: str
    """The heading it stands under."""

    snippet: str
    """Its first words."""

    url: str
    """Where it can be read."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask instead."""

    name: str
    """The clinic."""

    phone: str
    """Its telephone number, as people write it."""


@dataclass(frozen=True, slots=True)
class HelpLink:
    """The link "Signs you need help now" that goes with every answer of any kind."""

    title: str
    """What it says."""

    url: str
    """Where it leads."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to call."""

    label: str
    """As people write it, with what it is for."""

    tel: str
    """As a telephone dials it."""


@dataclass(frozen=True, slots=True)
class Card:
    """One more safety message."""

    rule: str
    """The id of the rule that raised it."""

    level: Level
    """How soon to act: at once, today, or by booking a visit."""

    heading: str
    """What to do, in one line."""

    message: str
    """What to do, in lines parted by line feeds."""

    phones: tuple[Phone, ...]
    """Whom to call, the most important first."""


@dataclass(frozen=True, slots=True)
class Alert:
    """The most urgent safety message, and where it stands."""

    rule: str
    """The id of the rule that raised it; what `acknowledged` in a question names."""

    level: Level
    """How soon to act: at once, today, or by booking a visit."""

    placement: Placement
    """Where it is to be shown: alone, in place of any answer (`replace`), `before` the answer or `after` it."""

    heading: str
    """What to do, in one line."""

    message: str
    """What to do, in lines parted by line feeds."""

    phones: tuple[Phone, ...]
    """Whom to call, the most important first."""

    also: tuple[Card, ...]
    """Other safety messages that were raised, most urgent first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one question."""

    kind: AnswerKind
    """`answer`: Citewell stands by one passage; `suggestions`: it can only ask "did you mean"; `none`: nothing fits."""

    passage: QuotedPassage | None
    """The passage; there exactly when `kind` is `answer`."""

    citation: Citation | None
    """Its source; there exactly when `kind` is `answer`."""

    message: str | None
    """What to show where there is no passage; null beside one, and beside an alert that stands alone."""

    confidence: float
    """How probable it is that the best passage answers the question, 0 to 1."""

    alternatives: tuple[Alternative, ...]
    """Other passages that may be meant, best first."""

    disclaimer: str
    """The advice to consult a professional; never empty, always to be shown."""

    help: HelpLink | None
    """The link to the signs of an emergency, where the content has such a document."""

    contact: Contact | None
    """Whom to ask instead, where the clinic has a telephone."""

    corpus_version: str
    """Which state of the content this was answered from."""

    alert: Alert | None = None
    """The safety message that the question raises, to be shown where its `placement` says."""

    turn_id: str | None = None
    """What feedback names; null where nothing is kept of questions."""

    raised: str | None = None
    """The first safety rule raised, also where it was acknowledged and no card is shown; no part of the interface."""

    fixed: FixedSort | None = None
    """The sort of the fixed wording in `message`, where it is any; no part of the interface."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that was found."""

    id: str
    """Document and anchor, such as `faq#worn-shoes`."""

    title: str
    """The heading it stands under."""

    text: str
    """All its words."""

    score: float
    """Its BM25 value, above 0, comparable within one search only."""

    confidence: float
    """How probable it is that it answers, 0 to 1."""

    highlights: tuple[tuple[int, int], ...]
    """The stretches of `text` that match: start and end in code points, end exclusive."""

    citation: Citation
    """Its source."""
