"""Words around a sign that take it back: no fever, years ago, what if. Floor 3: knows `message` and `patterns`.

In doubt a sign of an emergency counts: only words of its own clause take it back. For other signs those of the whole
sentence do.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property

from bot.message import Span
from bot.patterns import Pattern, Sighting

REACH = 6
"""How many words may stand between a negation and the sign that it takes back; chosen, after lists such as "no numbness
in my feet, legs or back"."""

_SENTENCE_ENDS = frozenset(".?")

Filters = Mapping[int | str, Sequence[Pattern]]
"""The patterns of each filter that may stand in a message, by the filter's name in ``safety.toml``."""


class Surroundings:
    """One message, asked of each sign in it what takes it back."""

    def __init__(self, filters: Filters, sighting: Sighting) -> None:
        """Nothing is looked for until it is asked for: most messages have no sign."""
        self._filters = filters
        self._sighting = sighting
        self._words = sighting.message.words
        self._found: dict[str, list[Span]] = {}
        self._checks: dict[str, Callable[[Span, Pattern, bool], bool]] = {
            "negations": lambda sign, pattern, _sure: self.negated(sign, pattern),
            "education": self._asked_in_general,
            "hypothetical": self._supposed,
            "past": self._long_ago,
            "resolved": self._over,
            "story": self._told,
        }

    def taken_back_by(self, sign: Span, pattern: Pattern, *, ignores: Set[str], sure: bool) -> str | None:
        """The name of the first filter that takes back ``sign``, found by ``pattern``; none where it counts.

        With ``sure`` only words of the same clause do.
        """
        checks = ((name, check) for name, check in self._checks.items() if name not in ignores)
        return next((name for name, check in checks if check(sign, pattern, sure)), None)

    def sentence(self, at: int) -> Span:
        """The sentence that word ``at`` stands in, without the edges."""
        return self._between(at, self._edges)

    def _clause(self, at: int) -> Span:
        return self._between(at, self._clause_starts)

    def _between(self, at: int, cuts: Set[int]) -> Span:
        start = next((cut for cut in range(at, -1, -1) if cut in cuts), 0)
        end = next((cut for cut in range(at + 1, len(self._words)) if cut in cuts), len(self._words))
        return start, end

    def _spans(self, name: str) -> list[Span]:
        if name not in self._found:
            self._found[name] = [span for one in self._filters.get(name, ()) for span in self._sighting.spans(one)]
        return self._found[name]

    @cached_property
    def _edges(self) -> frozenset[int]:
        return frozenset(at for at, word in enumerate(self._words) if word in _SENTENCE_ENDS)

    @cached_property
    def _clause_starts(self) -> frozenset[int]:
        return self._edges | self._starts("clause_ends")

    @cached_property
    def _ends_of_negations(self) -> frozenset[int]:
        """Nobody writes commas ("no cough my chest hurts"): a new subject ends what is negated, but no clause."""
        return self._clause_starts | self._starts("new_subjects")

    def _starts(self, name: str) -> frozenset[int]:
        """Where the filter ``name`` stands; not within a negation ("I do not think I …")."""
        within = {at for start, end in self._negations for at in range(start + 1, end)}
        return frozenset(start for start, _ in self._spans(name)) - within

    @cached_property
    def _negations(self) -> list[Span]:
        """Those that are no sign themselves: "no", but not the "no" of "no feeling"."""
        meant = {at for span in self._spans("symptom_negations") for at in range(*span)}
        return [span for span in self._spans("negations") if not meant & set(range(*span))]

    def negated(self, sign: Span, pattern: Pattern) -> bool:
        """Whether a negation takes back ``sign``, found by ``pattern``."""
        clause, _ = self._between(sign[0], self._ends_of_negations)
        own = self._sighting.words_of(pattern)
        negations = [span for span in self._negations if not any(own >> at & 1 for at in range(*span))]
        before = any(start >= clause and 0 <= sign[0] - end <= REACH for start, end in negations)
        within = any(sign[0] <= start and end <= sign[1] for start, end in negations)
        return before or within or any(start == sign[1] for start, _ in self._spans("negated_after"))

    def _asked_in_general(self, sign: Span, _pattern: Pattern, sure: bool) -> bool:
        """A question without anybody in it; to be ``sure``, without anybody in the sentence after it either."""
        start, end = self.sentence(sign[0])
        if sure and end < len(self._words):
            _, end = self.sentence(end)
        # A sign that starts with the question's own first word is none of it: "can not pee".
        asking = any(start <= first <= start + 1 < sign[0] for first, _ in self._spans("education"))
        return asking and not any(start <= first < end for first, _ in self._spans("persons"))

    def _supposed(self, sign: Span, _pattern: Pattern, _sure: bool) -> bool:
        start, _ = self.sentence(sign[0])
        supposed = any(start <= first < sign[1] for first, _ in self._spans("hypothetical"))
        return supposed and not self._recent(sign)

    def _long_ago(self, sign: Span, _pattern: Pattern, sure: bool) -> bool:
        past = self._beside("past", sign, sure) or self._opened_by_past(sign)
        return past and not self._recent(sign)

    def _opened_by_past(self, sign: Span) -> bool:
        """Whether the sentence starts with what is past, and only a comma stands between: "Years ago, I had …"."""
        start, _ = self.sentence(sign[0])
        clause, _ = self._clause(sign[0])
        opens = any(first == start + 1 for first, _ in self._spans("past"))
        return opens and clause in self._sighting.message.pauses and self._clause(start + 1)[1] == clause

    def _over(self, sign: Span, _pattern: Pattern, sure: bool) -> bool:
        """Said after it in the same sentence; of what is no emergency also later: "My leg was numb. All gone now."."""
        start, end = self.sentence(sign[0])
        over = [first for first, _ in self._spans("resolved")]
        return any(sign[0] <= first < end if sure else start <= first for first in over)

    def _told(self, sign: Span, _pattern: Pattern, sure: bool) -> bool:
        return self._beside("story", sign, sure)

    def _beside(self, name: str, sign: Span, sure: bool) -> bool:
        """Whether the filter ``name`` stands in the clause of ``sign``, or in its sentence if not ``sure``."""
        start, end = self._clause(sign[0]) if sure else self.sentence(sign[0])
        end = max(end, sign[1])
        return any(start <= first < end for first, _ in self._spans(name))

    def _recent(self, sign: Span) -> bool:
        """Whether something in the sentence of ``sign`` says that it is now."""
        start, end = self.sentence(sign[0])
        return any(start <= first < end for first, _ in self._spans("recent"))
