"""What goes out under the interface beside the engine's nouns (`bot.reply`): these types make the JSON and describe it.

Their fields are described where they stand; `web.schemas` reads the descriptions from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.reply import Alert, FoundPassage, HelpLink, Phone
from web.privacy import Kept

NOT_IN_REPLY = frozenset({"raised", "fixed"})
"""Fields of an `Answer` that are no part of the interface."""


@dataclass(frozen=True, slots=True)
class SearchReply:
    """What was found."""

    query: str
    """What was looked for, in NFC."""

    alert: Alert | None
    """The safety message that the words raise: show it first."""

    hits: tuple[FoundPassage, ...]
    """The passages, best first; none where no passage shares a word with the query."""

    took_ms: float
    """How long it took, in milliseconds."""

    corpus_version: str
    """Which state of the content is served."""


@dataclass(frozen=True, slots=True)
class SuggestReply:
    """Known questions that go on from what is typed."""

    suggestions: tuple[str, ...]
    """The questions, best first."""


@dataclass(frozen=True, slots=True)
class FeedbackReply:
    """What comes back where the comment itself raises a safety message: the vote is stored, the comment is not."""

    alert: Alert
    """The safety message; show it first."""


@dataclass(frozen=True, slots=True)
class ClinicReply:
    """The clinic whose content is served."""

    name: str
    """Its name."""

    site: str | None
    """The address of its website."""

    phone: str | None
    """Its telephone number, as people write it."""

    hours: str | None
    """When it can be reached, in words."""


@dataclass(frozen=True, slots=True)
class LimitsReply:
    """How much a question may bring along."""

    message: int
    """The most characters of a message, counted as code points after NFC normalisation."""

    context: int
    """The most earlier messages."""


@dataclass(frozen=True, slots=True)
class ConfigReply:
    """What a client needs before the first question."""

    clinic: ClinicReply
    """The clinic whose content is served."""

    start_questions: tuple[str, ...]
    """Questions to begin with; each is answered."""

    scope: str
    """What this is and what it is not, to be shown before the first question."""

    privacy: str
    """What is kept of what is typed, to be shown beside the field."""

    comment: str | None
    """What to say beside a field for comments; null where comments are not kept, so that nobody is asked for one."""

    disclaimer: str
    """The advice to consult a professional."""

    help: HelpLink | None
    """The link to the signs of an emergency, where the content has such a document."""

    country: str | None
    """The clinic's country, an ISO 3166 code: whose numbers are meant where a question names none."""

    phones: Mapping[str, tuple[Phone, ...]]
    """The numbers to call, by country."""

    countries: Mapping[str, str]
    """How people call those countries."""

    languages: tuple[str, ...]
    """The languages of the content, as BCP 47 tags."""

    document_languages: Mapping[str, str]
    """The language of each document, by the part of a passage's id before `#`."""

    limits: LimitsReply
    """How much a question may bring along."""

    corpus_version: str
    """Which state of the content is served."""


@dataclass(frozen=True, slots=True)
class HealthReply:
    """The process runs."""

    status: Literal["ok"]
    """Always the same."""


@dataclass(frozen=True, slots=True)
class JournalReply:
    """The journal, as whoever watches the service needs it."""

    kept: Kept
    """What is kept of questions."""

    lost: int
    """Turns that could not be written since the process began."""

    failing: bool
    """Whether it cannot be written just now. If so, look at the log: the database is away."""


@dataclass(frozen=True, slots=True)
class ContentReply:
    """The content, as whoever watches the service needs it."""

    version: str
    """Which state of it is served."""

    loaded: datetime
    """Since when."""

    broken: str | None
    """What is wrong with newer content, which is not served: the file, its line, and what was expected there."""

    since: datetime | None
    """Since when it is known."""


@dataclass(frozen=True, slots=True)
class CountingReply:
    """Where it is counted how often one address asked, as whoever watches the service needs it."""

    storage: Literal["memory", "redis"]
    """In the memory of each process, or in Redis."""

    shared: bool
    """Whether all processes count together: only in Redis, and only while it can be reached."""

    problem: str | None
    """Why Redis cannot be used now."""


@dataclass(frozen=True, slots=True)
class ReadyReply:
    """The process has content to answer from."""

    status: Literal["ready"]
    """Always the same."""

    passages: int
    """How many passages can be found."""

    corpus_version: str
    """Which state of the content is served."""

    content: ContentReply
    """Where newer content has a mistake, the content of before goes on, and it is said here."""

    journal: JournalReply
    """Without its journal it goes on answering, and says so here."""

    limits: CountingReply
    """Where it is counted how often one address asked."""
