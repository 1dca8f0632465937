"""What goes out: an answer and what hangs on it. Floor 1: knows `model` only.

`Answer` has exactly the shape of the public interface (DESIGN.md, "The interface"), so that one object serves JSON,
page and command line. Offsets count code points of the text they stand beside; ends are exclusive.
"""

from dataclasses import dataclass
from datetime import date

from bot.model import AnswerKind, BlockKind, FixedSort, Level, Placement, Reference


@dataclass(frozen=True, slots=True)
class QuotedBlock:
    """A block of the quoted passage and the stretches of it that match the question."""

    kind: BlockKind
    text: str
    highlights: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """A passage as it is shown, word for word."""

    id: str
    title: str
    text: str
    blocks: tuple[QuotedBlock, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a passage stands and who answers for it.

    ``overdue`` is true when the document's next review was due before today; ``hash`` is the passage's content hash.
    """

    document: str
    section: str
    url: str
    author: str | None
    reviewed: date | None
    overdue: bool
    hash: str
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another passage that may be meant, with its first words."""

    id: str
    title: str
    snippet: str
    url: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask instead."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class HelpLink:
    """The link "Signs you need help now" that goes with every answer of any kind."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to call: how people write it (``label``) and how a telephone dials it (``tel``)."""

    label: str
    tel: str


@dataclass(frozen=True, slots=True)
class Card:
    """One safety message; the lines of ``message`` are parted by line feeds."""

    rule: str
    level: Level
    heading: str
    message: str
    phones: tuple[Phone, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """The safety message that comes first, and where it stands; ``also`` are others, most urgent first.

    Fields as in `Card`. With the placement ``replace`` it is shown alone.
    """

    rule: str
    level: Level
    placement: Placement
    heading: str
    message: str
    phones: tuple[Phone, ...]
    also: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one question.

    ``passage`` and ``citation`` are there exactly when ``kind`` is ``answer``; ``message`` when it is not, except
    beside an alert that stands alone. ``turn_id`` is for feedback: whoever keeps a journal sets it. ``raised`` is the
    first safety rule that was raised, also where it was acknowledged and no card is shown; ``fixed`` is the sort of the
    fixed wording in ``message``, where it is any. Both are no part of the interface.
    """

    kind: AnswerKind
    passage: QuotedPassage | None
    citation: Citation | None
    message: str | None
    confidence: float
    alternatives: tuple[Alternative, ...]
    disclaimer: str
    help: HelpLink | None
    contact: Contact | None
    corpus_version: str
    alert: Alert | None = None
    turn_id: str | None = None
    raised: str | None = None
    fixed: FixedSort | None = None


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A row of search results; `score` and `confidence` as in `Hit` and `Judgment`."""

    id: str
    title: str
    text: str
    score: float
    confidence: float
    highlights: tuple[tuple[int, int], ...]
    citation: Citation
