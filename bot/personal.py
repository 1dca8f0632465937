"""Questions that no passage may answer: a dose, what suits one person, a diagnosis.

Floor 3: knows `analysis`, `message_reader`, `model`, `pattern_book`, `patterns`, `spelling` and `wording`.

A message in, the fixed wording for it out, or none. What is recognised stands in personal.toml, to be read and checked
by people who are no programmers. It is English; content in another language is served without it.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from bot import wording
from bot.analysis import Analyzer
from bot.message_reader import MessageReader
from bot.model import FixedWording, PersonalSort
from bot.pattern_book import Likely, PatternBook, Shortlist, phrases_of, words_of
from bot.patterns import Pattern, Sighting
from bot.spelling import Speller

LANGUAGE = "en"

_RULES = "personal.toml"
_URGENT = 0
_MESSAGES: dict[PersonalSort, str] = {
    "dose": wording.DOSE_OR_SUITABILITY,
    "suitability": wording.DOSE_OR_SUITABILITY,
    "diagnosis": wording.DIAGNOSIS,
}


class Rule(BaseModel):
    """A message is caught that has one pattern of each of ``needs`` and none of ``unless``, each a pattern a line."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    sort: PersonalSort
    name: str
    needs: list[str] = Field(min_length=1)
    unless: str = ""


class Rules(BaseModel):
    """What stands in personal.toml; ``lists`` are phrases between commas, ``<name>`` for those of an earlier list."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    urgent: str
    lists: Mapping[str, str]
    rule: list[Rule]


def shipped_rules() -> Rules:
    """The rules that come with Citewell."""
    return Rules.model_validate(tomllib.loads(files("bot").joinpath(_RULES).read_text("utf-8")))


class PersonalQuestions:
    """Recognises such questions for one corpus. Built once, then only read."""

    def __init__(self, known: Iterable[str], analyzer: Analyzer) -> None:
        """``known`` are the headings and ways to ask of the corpus: whatever they ask, the clinic answers it."""
        rules = shipped_rules() if analyzer.language == LANGUAGE else Rules(urgent="", lists={}, rule=[])
        known = tuple(known)
        vocabulary = phrases_of(rules.lists)
        written = [rules.urgent, *(lines for rule in rules.rule for lines in (*rule.needs, rule.unless))]
        speller = Speller([*words_of(written, vocabulary), *known], analyzer.language)

        self._book = PatternBook(vocabulary, analyzer)
        self._reader = MessageReader(analyzer, speller.mend)
        self._known = frozenset(self._reader.read(way).wording for way in known)
        # By number: what is urgent, and of each rule its needs and what speaks against it.
        self._shortlist = Shortlist(self._book, dict(enumerate(map(self._book.patterns, written))))
        self._rules: list[tuple[Rule, range, int]] = []
        """Each with its needs, and the patterns of its first need as a set: few rules are asked for more."""
        for rule in rules.rule:
            first = self._rules[-1][1].stop + 1 if self._rules else _URGENT + 1
            self._rules.append((rule, range(first, first + len(rule.needs)), self._shortlist.of(first)))

    def recognise(self, question: str) -> FixedWording | None:
        """The fixed wording for ``question``, after the first rule that catches it; none where passages may answer."""
        message = self._reader.read(question)
        sighting = self._book.look(message)
        likely = self._shortlist.likely(sighting)
        caught = next(self._caught(sighting, likely), None)  # first, since few questions are
        if caught is None or message.wording in self._known or _first(likely.of(_URGENT), sighting) is not None:
            return None
        return caught

    def _caught(self, sighting: Sighting, likely: Likely[int]) -> Iterator[FixedWording]:
        for rule, needs, first in self._rules:
            matched = _all(map(likely.of, needs), sighting) if likely.met & first else None
            if matched is not None and _first(likely.of(needs.stop), sighting) is None:
                yield FixedWording(rule.sort, rule.name, tuple(filter(None, matched)), _MESSAGES[rule.sort])


def _all(needs: Iterable[Iterable[Pattern]], sighting: Sighting) -> list[str] | None:
    """The typed words for each need, or none where one is not met."""
    matched = []
    for patterns in needs:
        typed = _first(patterns, sighting)
        if typed is None:
            return None
        matched.append(typed)
    return matched


def _first(patterns: Iterable[Pattern], sighting: Sighting) -> str | None:
    """The typed words of the first pattern found, which may be empty: the end of a sentence has no word."""
    found = (sighting.find(pattern) for pattern in patterns)
    return next((sighting.message.typed_at(span) for span in found if span is not None), None)
