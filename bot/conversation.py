"""What a follow-up leaves out, borrowed from the messages before it.

Floor 3: knows `analysis`, `intent` and `model`.

"And how do I prevent that?" is searched with the topic of an earlier message beside its own words; "what about shoes?"
with what was asked there. A message that stands by itself, a change of topic and a mere "thanks" borrow nothing.

The signs of a follow-up are counted in rarities: 0 is a word of every passage, 1 a word that none has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import regex

from bot.analysis import Analyzer, fold, words
from bot.intent import MARK
from bot.model import Concept, Query

# All numbers were chosen on judged conversations and may move by a fifth with hardly a change: DESIGN.md, "Follow-ups".

COMPLETE = 0.4
"""What a message without other signs may hold before it stands by itself: less than one word of topic."""

POINTING = 0.4
"""How much more a message may hold that has a word such as "that" or "them"."""

OPENING = 0.6
"""How much more it may hold when it opens with "and", "so", "what about" …"""

COMMONPLACE = 0.5
"""What a rare word counts that never comes in bursts: "do I need to replace them?" has one, and no topic."""

LEAST = 0.17
"""The least that a word of content counts: "can running cause back pain" is complete, though all passages have that."""

BORROWED_WEIGHT = 0.8
"""What a borrowed word counts beside one of the message itself."""

STORY_WEIGHT = 0.8
"""What an older message counts beside the next when both tell and neither asks: together they are one story."""

OLDER_WEIGHT = 0.4
"""What an older message counts beside the next when one of them asks: often it was about something else."""

REPLACED_WEIGHT = 0.25
"""What a topic counts that "what about …?" puts another in place of."""

TOPIC = 0.15
"""Rarity × burstiness from which a word is a topic."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# English. In other languages only rarity and burstiness count.
_POINTING = _words(
    """it its that dat this dis these those they them their theirs there he him his she her hers one ones same other
    others another both either neither else instead"""
)
_OPENING = _words("and n but or nor so also then plus ok okay")
_ABOUT = frozenset((first, second) for first in _words("what wat how hw") for second in _words("about abt bout if"))
_CIRCUMSTANCE = _words(
    "for in after during with without on at before while when if under from by as since until till like because"
)
_TO_US = (("are", "you"), ("r", "u"))

_QUESTION = _words("why how what when where who whom which whose")
_AUXILIARY = _words("is are am was were do does did can could should shall will would may might must has have had")
_PERSON = _words("i we you he she it they this that these those there")

_COURTESY = _words(
    """thanks thank thankyou thx ty cheers bye goodbye ok okay great good nice cool perfect fine hello hi hey lovely
    brilliant excellent understood noted got see yes no yeah yep nope sure right alright wow sorry appreciated welcome
    helpful helped helps"""
)
_COURTEOUS_COMPANY = _words(
    """you u very much so that all it this for the a an i my your me is was have has day evening morning afternoon night
    weekend one later soon know to and will do makes sense well oh ah please now then again really lot bunch ever
    information info help advice answer doctor everyone there"""
)

_INTENT = """why how what when where who whom which whose about should must need happen mean know give try
    prevent prevention avoid treat treatment cure fix heal help work cause reason reduce improve symptom sign warning
    effect risk benefit evidence proof worry worried"""
"""What is wanted to know of a topic. A follow-up that has its own replaces that of the earlier message."""

_GENERAL = """much many more most any some long soon often far now exactly really only just even also again still not
    dont isnt cant wont want say tell think like get go come start begin keep take make use used do two thing something
    anything someone somebody anyone anybody different difference ok good bad better best worse worst important possible
    true normal serious dangerous necessary please sure"""
"""Words that may stand beside any topic, and are none."""

_QUESTION_MARK = regex.compile("[?？؟]")


class Vocabulary(Protocol):
    """What the content says of a word."""

    def rarity(self, concept: Concept) -> float:
        """0 for a word that every passage has, 1 for one that none has."""

    def burstiness(self, concept: Concept) -> float:
        """0 for a word that stands once in each of its passages, near 1 for one that comes again and again."""

    def lists(self, query: Query) -> bool:
        """Whether the content lists the question just as it was asked."""


@dataclass(frozen=True, slots=True)
class _Message:
    """A message and its words, stop words too; no words where the language has no lists here."""

    query: Query
    words: tuple[str, ...]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return list(zip(self.words, self.words[1:], strict=False))

    @property
    def asks(self) -> bool:
        """Whether it is a question, with or without its mark."""
        return (
            bool(_QUESTION_MARK.search(self.query.text))
            or any(word in _QUESTION | _AUXILIARY for word in self.words[:1])
            or any(first in _AUXILIARY and second in _PERSON for first, second in self.pairs)
        )

    @property
    def is_courtesy(self) -> bool:
        """Whether it greets, thanks, agrees or takes leave, and says no more."""
        words = set(self.words)
        return bool(words & _COURTESY) and words <= _COURTESY | _COURTEOUS_COMPANY and not self.asks

    @property
    def speaks_to_us(self) -> bool:
        """Whether it is about who answers: "who are you?"."""
        return any(pair in _TO_US for pair in self.pairs)

    @property
    def opening(self) -> int:
        """How many words it opens with that lean on what came before."""
        end = 0
        while end < len(self.words):
            if self.words[end : end + 2] in _ABOUT:
                end += 2
            elif self.words[end] in _OPENING:
                end += 1
            else:
                break
        return end


class FollowUpReader:
    """Completes follow-ups about one corpus. Built once, then only read."""

    def __init__(self, vocabulary: Vocabulary, analyzer: Analyzer) -> None:
        """``vocabulary`` is what all content says of a word."""
        self._vocabulary = vocabulary
        self._language = analyzer.language
        self._intent, self._apart = frozenset[str](), frozenset[str]()
        if self._language == "en":
            self._intent = frozenset(analyzer.terms(_INTENT))
            self._apart = self._intent.union(*map(analyzer.terms, (_GENERAL, *_COURTESY)))

    def read(self, query: Query, earlier: Iterable[Query]) -> Query:
        """``query`` with what it lacks from ``earlier`` messages, oldest first; as it is where it lacks nothing."""
        message = self._message(query)
        if self._vocabulary.lists(query) or self._lack(message) <= 0:
            return query
        borrowed = self._borrowed(message, [self._message(one) for one in earlier])
        return Query(query.text, (*query.concepts, *borrowed), query.typed)

    def _message(self, query: Query) -> _Message:
        folded = [fold(word, self._language) for word in words(query.text)] if self._language == "en" else []
        return _Message(query, tuple(folded))

    def _lack(self, message: _Message) -> float:
        """What a message leaves out, in rarities: what it may hold by the signs of a follow-up, less what it holds."""
        wordless = not (message.words or message.query.concepts)
        if wordless or message.is_courtesy or message.speaks_to_us:
            return 0.0
        points = any(word in _POINTING for word in message.words)
        may_hold = COMPLETE + POINTING * points + OPENING * (message.opening > 0)
        return may_hold - sum(map(self._substance, self._content(message)))

    def _substance(self, concept: Concept) -> float:
        """How much a word of content says, from `LEAST` to 1."""
        bursts = self._vocabulary.burstiness(concept)
        return max(LEAST, self._vocabulary.rarity(concept) * (COMMONPLACE + (1 - COMMONPLACE) * bursts))

    def _borrowed(self, message: _Message, earlier: Sequence[_Message]) -> Iterable[Concept]:
        """The words of ``earlier`` messages, each once, from the nearest that has it."""
        intent, replaces = self._asks_for(message), self._replaces(message)
        held = {term for concept in message.query.concepts for term in concept.terms}
        borrowed: dict[str, Concept] = {}
        weight, newer = BORROWED_WEIGHT, None
        for older in reversed([one for one in earlier if not one.is_courtesy]):
            if borrowed and newer:
                weight *= OLDER_WEIGHT if newer.asks or older.asks else STORY_WEIGHT
            newer = older
            for concept in older.query.concepts:
                term = _term(concept)
                if term in held or term in borrowed or (intent and self._is_apart(term)):
                    continue
                share = REPLACED_WEIGHT if replaces and self._is_topic(concept) else 1.0
                counts = concept.weight * weight * share
                borrowed[term] = Concept(concept.word, concept.terms, counts, borrowed=True)
        return borrowed.values()

    def _asks_for(self, message: _Message) -> bool:
        """Whether it says what it wants to know: "how do I prevent that?" does, "and shoes?" does not."""
        about = any(pair in _ABOUT for pair in message.pairs[: message.opening])
        bare = {"what", "how", "about"} if about else set()
        return any(term in self._intent and term not in bare for term in map(_term, message.query.concepts))

    def _replaces(self, message: _Message) -> bool:
        """Whether it puts another topic in place of the earlier one.

        "What about shoes?" does, "and for stress fractures?" adds a circumstance, "or the other one?" has no topic.
        """
        if not message.opening or self._asks_for(message):
            return False
        if any(word in _CIRCUMSTANCE for word in message.words[message.opening : message.opening + 1]):
            return False
        return any(self._is_topic(concept) for concept in message.query.concepts)

    def _content(self, message: _Message) -> list[Concept]:
        """Its words apart from those that ask."""
        return [one for one in message.query.concepts if not self._is_apart(_term(one))]

    def _is_apart(self, term: str) -> bool:
        """Whether it belongs to how something is asked, not to what about."""
        return term in self._apart or term.startswith(MARK)

    def _is_topic(self, concept: Concept) -> bool:
        """Topics come in bursts: few passages have the word, and those have it often.

        Source: Church and Gale 1995, "Poisson mixtures".
        """
        strength = self._vocabulary.rarity(concept) * self._vocabulary.burstiness(concept)
        return strength >= TOPIC and not self._is_apart(_term(concept))


def _term(concept: Concept) -> str:
    """The likeliest term of a word."""
    return next(iter(concept.terms))
