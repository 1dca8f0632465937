"""Words around a sign that take it back: no fever, years ago, what if.

Floor 3: knows `message`, `pattern_book` and `patterns`.

In doubt a sign of an emergency counts: only words of its own clause take it back. For other signs those of the whole
sentence do.
"""

from collections.abc import Callable, Sequence, Set
from functools import cached_property

from bot.message import Span, places
from bot.pattern_book import Likely
from bot.patterns import Pattern, Sighting

REACH = 6
"""How many words may stand between a negation and the sign that it takes back; chosen, after lists such as "no numbness
in my feet, legs or back"."""


class Surroundings:
    """One message, asked of each sign in it what takes it back."""

    def __init__(self, likely: Likely[int | str], sighting: Sighting) -> None:
        """``likely`` has the patterns of each filter under its name in ``safety.toml``.

        Nothing is looked for until it is asked for: most messages have no sign.
        """
        self._likely = likely
        self._sighting = sighting
        self._length = len(sighting.message.words)
        self._found: dict[str, Sequence[Span]] = {}
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
        for name, check in self._checks.items():
            if name not in ignores and self._is_there(name) and check(sign, pattern, sure):
                return name
        return None

    def _is_there(self, name: str) -> bool:
        """Whether the filter stands anywhere: where it does not, as in most messages, nothing is to be compared."""
        return bool(self._spans(name) or (name == "negations" and self._spans("negated_after")))

    def sentence(self, at: int) -> Span:
        """The sentence that word ``at`` stands in, without the edges."""
        return self._between(at, self._edges)

    def _clause(self, at: int) -> Span:
        return self._between(at, self._clause_starts)

    def _between(self, at: int, cuts: int) -> Span:
        """From the last of ``cuts`` up to ``at``, or the start, to the first after it, or the end."""
        following = cuts >> at + 1
        return _last(cuts & places(0, at + 1)), at + _last(following & -following) + 1 if following else self._length

    def _spans(self, name: str) -> Sequence[Span]:
        if name not in self._found:
            self._found[name] = [span for one in self._likely.of(name) for span in self._sighting.spans(one)]
        return self._found[name]

    def _starts(self, name: str) -> int:
        """Where the filter ``name`` stands."""
        starts = 0
        for start, _ in self._spans(name):
            starts |= 1 << start
        return starts

    @cached_property
    def _edges(self) -> int:
        return places(0, self._length) & ~self._sighting.inner

    @cached_property
    def _clause_starts(self) -> int:
        return self._edges | self._outside_negations("clause_ends")

    @cached_property
    def _ends_of_negations(self) -> int:
        """Nobody writes commas ("no cough my chest hurts"): a new subject ends what is negated, but no clause."""
        return self._clause_starts | self._outside_negations("new_subjects")

    def _outside_negations(self, name: str) -> int:
        """Where the filter ``name`` stands; not within a negation ("I do not think I …")."""
        starts = self._starts(name)
        for start, end in self._negations:
            starts &= ~places(start + 1, end)
        return starts

    @cached_property
    def _negations(self) -> Sequence[Span]:
        """Those that are no sign themselves: "no", but not the "no" of "no feeling"."""
        meant = 0
        for span in self._spans("symptom_negations"):
            meant |= places(*span)
        return [span for span in self._spans("negations") if not meant & places(*span)]

    def negated(self, sign: Span, pattern: Pattern) -> bool:
        """Whether a negation takes back ``sign``, found by ``pattern``."""
        first, last = sign
        if any(start == last for start, _ in self._spans("negated_after")):
            return True
        if not self._negations:
            return False
        clause, _ = self._between(first, self._ends_of_negations)
        own = self._sighting.words_of(pattern)
        return any(
            (start >= clause and 0 <= first - end <= REACH) or (first <= start and end <= last)
            for start, end in self._negations
            if not own & places(start, end)
        )

    def _asked_in_general(self, sign: Span, _pattern: Pattern, sure: bool) -> bool:
        """A question without anybody in it; to be ``sure``, without anybody in the sentence after it either."""
        start, end = self.sentence(sign[0])
        if sure and end < self._length:
            _, end = self.sentence(end)
        # A sign that starts with the question's own first word is none of it: "can not pee".
        asking = start + 1 < sign[0] and self._stands("education", start, start + 2)
        return asking and not self._stands("persons", start, end)

    def _supposed(self, sign: Span, _pattern: Pattern, _sure: bool) -> bool:
        start, _ = self.sentence(sign[0])
        return self._stands("hypothetical", start, sign[1]) and not self._recent(sign)

    def _long_ago(self, sign: Span, _pattern: Pattern, sure: bool) -> bool:
        past = self._beside("past", sign, sure) or self._opened_by_past(sign)
        return past and not self._recent(sign)

    def _opened_by_past(self, sign: Span) -> bool:
        """Whether the sentence starts with what is past, and only a comma stands between: "Years ago, I had …"."""
        start, _ = self.sentence(sign[0])
        clause, _ = self._clause(sign[0])
        opens = self._stands("past", start + 1, start + 2)
        return opens and self._paused_before(clause) and self._clause(start + 1)[1] == clause

    def _paused_before(self, at: int) -> bool:
        return bool(self._sighting.message.pauses >> at & 1)

    def _over(self, sign: Span, _pattern: Pattern, sure: bool) -> bool:
        """Said after it in the same sentence; of what is no emergency also later: "My leg was numb. All gone now."."""
        start, end = self.sentence(sign[0])
        return self._stands("resolved", sign[0], end) if sure else self._stands("resolved", start, self._length)

    def _told(self, sign: Span, _pattern: Pattern, sure: bool) -> bool:
        return self._beside("story", sign, sure)

    def _beside(self, name: str, sign: Span, sure: bool) -> bool:
        """Whether the filter ``name`` stands in the clause of ``sign``, or in its sentence if not ``sure``."""
        start, end = self._clause(sign[0]) if sure else self.sentence(sign[0])
        return self._stands(name, start, max(end, sign[1]))

    def _recent(self, sign: Span) -> bool:
        """Whether something in the sentence of ``sign`` says that it is now."""
        return self._stands("recent", *self.sentence(sign[0]))

    def _stands(self, name: str, start: int, end: int) -> bool:
        """Whether the filter ``name`` starts there."""
        return any(start <= first < end for first, _ in self._spans(name))


def _last(of: int) -> int:
    """The last place of a set; the start of the message if it has none."""
    return max(of.bit_length() - 1, 0)
