"""The nouns of Citewell: what every other module speaks of. Floor 0: imports nothing of ours.

Offsets count code points of the text they stand beside; ends are exclusive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

BlockKind = Literal["p", "li"]
MarkKind = Literal["strong", "emphasis", "code", "link", "footnote"]
AnswerKind = Literal["answer", "suggestions", "none"]
PersonalSort = Literal["dose", "suitability", "diagnosis"]
FixedSort = PersonalSort | Literal["withheld", "language"]
Level = Literal["emergency", "urgent", "soon"]
Placement = Literal["replace", "before", "after"]
LEVELS: tuple[Level, ...] = ("emergency", "urgent", "soon")
"""Most urgent first."""

PLACEMENTS: Mapping[Level, Placement] = {"emergency": "replace", "urgent": "before", "soon": "before"}
"""Where the card of a level stands, unless its rule says otherwise."""

PhoneUse = Literal["emergency", "crisis", "advice", "clinic"]


# ---- what the clinic wrote


@dataclass(frozen=True, slots=True)
class Mark:
    """Markup over ``text[start:end]`` of a block; a footnote stands at a point (``start == end``).

    ``target`` is a link's address or a footnote's number, else empty.
    """

    kind: MarkKind
    start: int
    end: int
    target: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a list item: its words without markup, white space folded, and the markup as marks beside them.

    ``ordinal`` is the number of an item of an ordered list, else ``None``.
    """

    kind: BlockKind
    text: str
    marks: tuple[Mark, ...] = ()
    ordinal: int | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of a document's numbered reference list."""

    number: int
    """The footnote's label."""

    text: str
    """Authors, title and where it was published."""

    url: str | None
    """Where it can be read."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, up to the next heading of any level.

    ``path`` holds the titles of the headings above, outermost first, without the document's own.
    ``line`` counts from 1. ``also_asked`` are other ways to ask for it: searched, never shown. ``notes`` are for staff:
    neither searched nor shown to a visitor.
    """

    anchor: str
    title: str
    level: int
    line: int
    path: tuple[str, ...]
    classes: frozenset[str]
    blocks: tuple[Block, ...]
    also_asked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown file of the corpus, in reading order."""

    doc_id: str
    title: str
    author: str | None
    reviewer: str | None
    reviewed: date | None
    next_review: date | None
    url: str | None
    language: str
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A number to call: how people write it (``label``), how a telephone dials it (``tel``), and what it is for."""

    label: str
    tel: str
    uses: frozenset[PhoneUse] = frozenset({"emergency"})


@dataclass(frozen=True, slots=True)
class Clinic:
    """Who answers for the content: the settings of ``clinic.toml``, each with a default that works without the file.

    ``phones`` maps an ISO 3166 country code to the numbers there, ``country_names`` to how people call the country;
    ``start_questions`` are passage ids. Without ``safety_messages`` no safety rule is applied.
    """

    name: str
    disclaimer: str
    site: str | None = None
    phone: str | None = None
    hours: str | None = None
    country: str | None = None
    languages: tuple[str, ...] = ("en",)
    phones: Mapping[str, tuple[HelpLine, ...]] = field(default_factory=dict)
    country_names: Mapping[str, str] = field(default_factory=dict)
    start_questions: tuple[str, ...] = ()
    safety_messages: bool = True


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A question with the words ``source`` also searches ``target``, whose words count ``weight``: above 0, below 1."""

    source: str
    target: str
    weight: float


@dataclass(frozen=True, slots=True)
class Escalation:
    """One of ``signs``, a pattern a line, raises a rule to ``level`` and its card to another ``heading``."""

    signs: str
    level: Level
    heading: str


@dataclass(frozen=True, slots=True)
class Translation:
    """A rule in a second language: ``signs``, a pattern a line, and the card, empty where it was not translated yet."""

    language: str
    signs: str
    heading: str
    message: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SafetyRule:
    """One safety message and what raises it; patterns are as in `bot.pattern_book`, one a line.

    One of ``signs`` is enough; of ``together``, one of each need of one combination. ``unless`` are look-alikes in the
    same sentence, ``ignores`` names of filters. ``withholds`` are classes of sections that are not shown beside it.
    """

    rule_id: str
    title: str
    level: Level
    placement: Placement
    heading: str
    message: tuple[str, ...]
    phones: tuple[PhoneUse, ...]
    signs: str = ""
    together: tuple[tuple[str, ...], ...] = ()
    unless: str = ""
    escalates: tuple[Escalation, ...] = ()
    ignores: frozenset[str] = frozenset()
    withholds: frozenset[str] = frozenset()
    translations: tuple[Translation, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SafetyRules:
    """The rules of a corpus, most urgent first, with what they are written with; equal to itself only.

    ``lists`` are phrases between commas, ``groups`` patterns a line under a name, ``filters`` patterns a line by the
    filter's name; ``source`` is the file that they stand in, for what is said of them.
    """

    source: Path
    lists: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[SafetyRule, ...] = ()

    def say_the_same_as(self, other: "SafetyRules") -> bool:
        """Whether all stands there that stands here: of rules that were loaded twice, or kept."""
        return all(getattr(self, one.name) == getattr(other, one.name) for one in fields(self))


@dataclass(frozen=True, slots=True, eq=False)
class SafetyTest:
    """A message that must raise ``rule`` at ``level`` or a more urgent one; or nothing, where they are none.

    ``context`` are earlier messages, oldest first; ``gap`` says why the rules alone do not manage it yet; ``notes`` are
    what else stands in its line.
    """

    path: Path
    line: int
    text: str
    context: tuple[str, ...] = ()
    rule: str | None = None
    level: Level | None = None
    gap: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions about one thing."""

    name: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """How the judge weighs what it sees, and from which confidence it shows a passage or suggests some.

    The defaults were fitted by ``citewell calibrate`` on the shipped corpus; the bounds were
    chosen (DESIGN.md, "Judging").
    """

    words: float = 0.241
    nearest: float = 4.114
    coverage: float = 2.606
    start: float = -3.303
    answer_from: float = 0.6
    suggest_from: float = 0.25


@dataclass(frozen=True, slots=True)
class Corpus:
    """All that the clinic serves, loaded and checked.

    ``not_covered`` are questions that the content does not answer, as the clinic says; without ``safety`` there are no
    safety messages.
    ``version`` changes when, and only when, a file read for it changes; ``warnings`` are lines for ``citewell check``.
    """

    clinic: Clinic
    documents: tuple[Document, ...]
    version: str
    lexicon: tuple[LexiconEntry, ...] = ()
    not_covered: tuple[Topic, ...] = ()
    weights: Weights = Weights()
    safety: SafetyRules | None = None
    safety_tests: tuple[SafetyTest, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is found and quoted: one section, or one part of a long one.

    ``text`` is the blocks' text joined by single spaces; ``content_hash`` is the SHA-256 of its UTF-8 bytes, in hex.
    ``also_asked`` and ``notes`` are those of its section.
    """

    passage_id: str
    doc_id: str
    anchor: str
    title: str
    path: tuple[str, ...]
    text: str
    blocks: tuple[Block, ...]
    references: tuple[Reference, ...]
    classes: frozenset[str]
    content_hash: str
    also_asked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


# ---- what a question became and what was found


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, ``text[start:end]``, and the term it is indexed under."""

    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Concept:
    """A word of a question and all terms that are searched for it.

    ``terms`` maps each to its weight: 1 for the word itself, as typed or mended, less for what the lexicon adds.
    ``weight`` is how much the word counts in the whole question, 0…1; ``borrowed`` says that an earlier message had it.
    """

    word: str
    terms: Mapping[str, float]
    weight: float = 1.0
    borrowed: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question after analysis.

    ``concepts`` has each word once, in the order of first use, those of earlier messages last;
    ``typed`` are the terms of the words just as typed,
    repeats included.
    """

    text: str
    concepts: tuple[Concept, ...]
    typed: tuple[str, ...] = ()

    @property
    def terms(self) -> frozenset[str]:
        """All terms that are searched."""
        return frozenset(term for concept in self.concepts for term in concept.terms)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term, searched in one field for one word of the question, added to a hit's score."""

    word: str
    term: str
    field: str
    score: float


class Seen(Protocol):
    """What there is to say of a hit; found out when it is asked for, since to explain takes longer than to search."""

    def known(self) -> NDArray[np.float64]:
        """The score of each question that is known beside the passages."""

    def coverage(self) -> float:
        """As in `Hit`; so with the others."""

    def matched(self) -> tuple[tuple[str, str], ...]:
        """Words and terms."""

    def contributions(self) -> tuple[Contribution, ...]:
        """Field by field."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that shares a term with the question.

    ``score`` is its BM25 value, above 0, comparable within one query only, the sum of its contributions.
    ``listed`` says that the passage's heading or one of its ways to ask is the question.
    """

    passage: Passage
    score: float
    listed: bool
    seen: Seen = field(repr=False, compare=False)

    @property
    def coverage(self) -> float:
        """The share of the query's idf that the contributing terms make up, 0…1."""
        return self.seen.coverage()

    @property
    def matched(self) -> tuple[tuple[str, str], ...]:
        """The words of the question that contribute, each with its term that does."""
        return self.seen.matched()

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """What each term added to the score, field by field."""
        return self.seen.contributions()


@dataclass(frozen=True, slots=True)
class Reason:
    """Something seen of a question and its best hit, and what it adds to the log-odds that the hit answers.

    ``detail`` says it in words.
    """

    name: str
    seen: float
    added: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Judgment:
    """How sure we are of the best hit, and what that allows.

    ``confidence`` is 0…1; its log-odds are the sum of what the ``reasons`` add.
    """

    kind: AnswerKind
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedWording:
    """What is said instead of any passage to a question that none may answer.

    ``rule`` says why, ``matched`` the typed words that showed it, one stretch per thing that was needed.
    """

    sort: FixedSort
    rule: str
    matched: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Raised:
    """A safety rule that a message raises, at which level, under which heading; ``matched`` are the typed words.

    ``new`` says that one of them stands in the message itself, and not only in the context before it; ``language`` is
    that of the words, where it is not the rule's own; ``likeness`` is how much the message is worded like examples of
    the rule, where that alone raised it.
    """

    rule: SafetyRule
    level: Level
    heading: str
    matched: tuple[str, ...]
    new: bool = True
    language: str | None = None
    likeness: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A question after analysis, its hits, best first, and what they allow: the whole explanation of an answer.

    ``raised`` are the safety rules, most urgent first. With ``fixed`` nothing is answered whatever was found: the
    judgment is ``none`` with confidence 0.
    """

    query: Query
    hits: tuple[Hit, ...]
    judgment: Judgment
    fixed: FixedWording | None = None
    raised: tuple[Raised, ...] = ()
