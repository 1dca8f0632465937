"""A second opinion on safety messages, from how a message is worded. Floor 3: knows `message` and `model`.

Rules name what they look for, and people say it otherwise. So the messages of the clinic's safety tests are examples as
well: what is worded like those that must raise a message raises one that no rule foresaw, and what is worded like
nothing urgent keeps a rule quiet that fired on a word too many. How: each word, and each pair of neighbours, speaks for
the kinds of messages in which it stands more often than in the others (naive Bayes over length-normalised tf-idf, as in
https://nlp.stanford.edu/IR-book/ chapters 6 and 13). Counting is all the learning there is: an example that a clinic
adds counts from the next start.
"""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from copy import copy
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from bot.message import Message, joined
from bot.model import Level, Raised, SafetyRule

MIN_EXAMPLES = 50
"""With fewer emergencies, lesser messages or quiet ones among the examples, there is no second opinion."""

FEW = 4
"""The least words of a message that it is given on; a shorter one is left to the rules."""

FRAGMENT = 5
"""The most words of a message that may go on with the sentence before it ("my legs", "are numb"); chosen."""

STRETCH = 16
"""The most words of a sentence that are looked at in one; chosen."""

_SEEN = 2  # how many examples have a word that counts
_SMOOTHING = 0.3

Floats = NDArray[np.float64]
Kind = tuple[str | None, Level | None]
"""A rule and the level at which it must be raised; two times nothing for what must raise nothing."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message that must raise ``rule`` at ``level``, or nothing where they are none."""

    message: Message
    rule: str | None
    level: Level | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Log-odds, per unit of wording: above 0 where a message is more like the first than the second.

    ``alert`` compares the messages that must raise something with those that must not, ``emergency`` emergencies with
    those that must not, ``level`` emergencies with lesser ones. ``kinds`` tell which kind's examples it is like, to be
    asked for with `Examples.emergency_rule` and `Examples.lesser_rule`.
    """

    alert: float
    emergency: float
    level: float
    kinds: Sequence[float]


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which likeness on, and below which, wording decides beside the rules.

    Chosen (DESIGN.md, "Safety messages"), the first two above 0. An emergency is raised where ``alert`` and
    ``emergency`` of the likeness reach ``emergency``, if the message is also more like emergencies than like lesser
    examples; a lesser message from ``alert`` on, where no rule raises anything. Below ``quiet`` no lesser message that
    a rule raises is shown, and below ``sure`` no emergency.
    """

    emergency: float = 1.0
    alert: float = 1.2
    quiet: float = -1.0
    sure: float = -1.2


class Examples:
    """What words say about messages. Built once, then only read."""

    def __init__(self, examples: Iterable[Example]) -> None:
        """Count the words of ``examples``."""
        seen: Counter[str] = Counter()
        kept: list[tuple[Kind, set[str]]] = []
        shared: dict[str, str] = {}  # each word once in memory, however many examples have it
        for example in examples:
            grams = {shared.setdefault(gram, gram) for gram in _grams(example.message)}
            seen.update(grams)
            kept.append(((example.rule, example.level), grams))
        known = sorted(gram for gram, count in seen.items() if count >= _SEEN)
        self._numbers = {gram: at for at, gram in enumerate(known)}
        self._idf = np.array([1 + math.log(len(kept) / seen[gram]) for gram in known])
        self._rarest = 1 + math.log(max(len(kept), 1))
        self.kinds = Counter(kind for kind, _ in kept)
        counts = {kind: np.zeros(len(known)) for kind in self.kinds}
        for kind, grams in kept:
            self._count(counts[kind], grams)
        self._quiet = counts.pop((None, None), np.zeros(len(known)))
        self._emergencies = sorted(kind for kind in counts if kind[1] == "emergency")
        self._lesser = sorted(kind for kind in counts if kind[1] != "emergency")
        self._rules = [rule or "" for rule, _ in (*self._emergencies, *self._lesser)]
        alert, emergency, lesser = (
            _shares(sum((counts[kind] for kind in kinds), np.zeros(len(known))))
            for kinds in (counts, self._emergencies, self._lesser)
        )
        self._against_quiet = np.column_stack([alert, emergency])
        of_kinds = [_shares(counts[kind]) for kind in (*self._emergencies, *self._lesser)]
        others = np.column_stack([emergency - lesser, *of_kinds]).astype(np.float32)
        # For each word: alert and emergency against quiet, emergency against lesser, the share of each kind.
        self._table = np.hstack([self._against(self._quiet), others])
        self._squares = array("d", (self._idf**2).tolist())
        self._alerts = self._alerts_of_words()

    def with_quiet(self, messages: Iterable[Message]) -> "Examples":
        """These examples, and ``messages`` that must raise nothing; words that only they have are left out."""
        quiet = self._quiet.copy()
        for message in messages:
            self._count(quiet, _grams(message))
        more = copy(self)
        more._table = np.hstack([self._against(quiet), self._table[:, 2:]])  # noqa: SLF001 - its own kind
        more._alerts = more._alerts_of_words()  # noqa: SLF001
        return more

    def _count(self, counts: Floats, grams: Set[str]) -> None:
        numbers, weights = self._weighed(grams)
        counts[numbers] += weights

    def _against(self, quiet: Floats) -> NDArray[np.float32]:
        """For each word: alert and emergency against quiet."""
        return (self._against_quiet - _shares(quiet)[:, np.newaxis]).astype(np.float32)

    def _alerts_of_words(self) -> "array[float]":
        """For each word what it adds to ``alert``, but for the length of the message."""
        return array("d", (self._idf * self._table[:, 0]).tolist())

    def alert(self, message: Message) -> float:
        """What `likeness` has as ``alert``, but for a rounding, in a third of the time: most are asked for no more."""
        grams = _grams(message)
        numbers = self._numbers
        known = [numbers[gram] for gram in grams if gram in numbers]
        unknown = len([gram for gram in grams if gram not in numbers and " " not in gram])
        squares = math.fsum([self._squares[number] for number in known]) + unknown * self._rarest**2
        # Sums that are exact, so that they do not depend on the order of a set.
        return math.fsum([self._alerts[number] for number in known]) / (math.sqrt(squares) or 1.0)

    def likeness(self, message: Message) -> Likeness:
        """What the words of ``message`` speak for; 0 of each where none is known."""
        numbers, weights = self._weighed(_grams(message))
        alert, emergency, level, *kinds = (weights @ self._table.take(numbers, 0)).tolist()
        return Likeness(alert, emergency, level, kinds)

    def emergency_rule(self, likeness: Likeness) -> str:
        """The rule whose emergencies it is most like."""
        parting = len(self._emergencies)
        return _best(self._rules[:parting], likeness.kinds[:parting])

    def lesser_rule(self, likeness: Likeness) -> str:
        """The rule whose lesser examples it is most like."""
        parting = len(self._emergencies)
        return _best(self._rules[parting:], likeness.kinds[parting:])

    def _weighed(self, grams: Set[str]) -> tuple[NDArray[np.intp], Floats]:
        """The known ones by number, with weights whose squares add up to 1, or to less where words are unknown."""
        known = self._numbers
        numbers = np.array(sorted([known[gram] for gram in grams if gram in known]), dtype=np.intp)
        unknown = sum([gram not in known and " " not in gram for gram in grams])
        weights = self._idf.take(numbers)
        return numbers, weights / (math.sqrt(weights @ weights + unknown * self._rarest**2) or 1.0)


def _shares(counts: Floats) -> Floats:
    """The logarithm of each word's share, so smoothed that no word is impossible."""
    smoothed = counts + _SMOOTHING
    shares: Floats = np.log(smoothed / smoothed.sum())
    return shares


def _best(rules: Sequence[str], scores: Sequence[float]) -> str:
    return max(zip(scores, rules, strict=False), default=(0.0, ""))[1]


def _grams(message: Message) -> set[str]:
    """The words, edges of sentences among them, and the pairs of neighbours."""
    words = [word for word in message.words if word]
    return {*words, *map(" ".join, pairwise(words))}


class SecondOpinion:
    """What the wording of messages says beside the rules. Built once, then only read."""

    def __init__(self, examples: Examples, rules: Iterable[SafetyRule], bounds: Bounds | None = None) -> None:
        """``rules`` are those of the examples."""
        self._examples = examples
        self._rules = {rule.rule_id: rule for rule in rules}
        self._bounds = bounds or Bounds()

    def on(self, found: Sequence[Raised], earlier: Sequence[Message], latest: Message) -> Iterator[Raised]:
        """``found`` without what is worded like nothing urgent, and what the wording alone raises."""
        together = joined([*earlier, latest])
        kept = self._kept(found, together)
        yield from kept
        alike = [
            raised
            for part in (latest, *earlier)
            if _is_telling(part) and self._examples.alert(part) > 0
            for raised in self._alike(self._examples.likeness(part), new=part is latest, alone=not kept)
        ]
        if earlier and not alike and len(latest.wording) <= FRAGMENT:  # it goes on from what was written before
            alike = list(self._alike(self._examples.likeness(together), new=True, alone=not kept))
        yield from alike

    def _alike(self, likeness: Likeness, *, new: bool, alone: bool) -> Iterator[Raised]:
        """The rule whose examples a message is most like, if it is like them enough; a lesser one only ``alone``."""
        bounds = self._bounds
        if min(likeness.emergency, likeness.alert) >= bounds.emergency and likeness.level > 0:
            yield self._raised(self._examples.emergency_rule(likeness), "emergency", likeness.emergency, new=new)
        elif alone and likeness.alert >= bounds.alert:
            yield self._raised(self._examples.lesser_rule(likeness), None, likeness.alert, new=new)

    def _kept(self, found: Sequence[Raised], message: Message) -> list[Raised]:
        """What of ``found`` some part of ``message`` is worded like, or at least not unlike."""
        if not found:
            return []
        most = self._examples.alert(message)
        # A sign may be buried in a long story, or stand before an ordinary question: its own part counts.
        for part in _stretches(message):
            if most >= self._bounds.quiet:
                break  # more would keep no more
            most = max(most, self._examples.alert(part))
        return [one for one in found if most >= self._least(one.level)]

    def _least(self, level: Level) -> float:
        return self._bounds.sure if level == "emergency" else self._bounds.quiet

    def _raised(self, rule_id: str, level: Level | None, likeness: float, *, new: bool) -> Raised:
        """The rule at ``level`` or its own."""
        rule = self._rules[rule_id]
        level = level or rule.level
        heading = next((one.heading for one in rule.escalates if one.level == level != rule.level), rule.heading)
        return Raised(rule, level, heading, (), new, likeness=likeness)


def _is_telling(message: Message) -> bool:
    """Whether there are words enough to say something; figures and single letters are none."""
    telling = (word for word in message.words if len(word) > 1 and word.isalpha())
    return len(list(islice(telling, FEW))) == FEW


def _stretches(message: Message) -> Iterator[Message]:
    """The parts of ``message`` between edges of sentences and pauses, long ones in overlapping stretches."""
    edges = [at for at, word in enumerate(message.words) if word in (".", "?") or message.pauses >> at & 1]
    for first, last in pairwise(edges):
        for start in range(first, max(first + 1, last - STRETCH // 2), STRETCH // 2):
            yield message.part(start, min(start + STRETCH, last + (not message.pauses >> last & 1)))


def enough(examples: Examples) -> bool:
    """Whether there are enough of each kind for a second opinion."""
    kinds: Counter[str] = Counter()
    for (_, level), count in examples.kinds.items():
        kinds["quiet" if level is None else "emergency" if level == "emergency" else "lesser"] += count
    return all(kinds[sort] >= MIN_EXAMPLES for sort in ("quiet", "lesser", "emergency"))
