"""Urgent wording, recognised before anything is answered.

Floor 4: knows `filters`, `model`, `patterns`, `rulebook` and `spelling`.

A message and what was written before it in, the rules that they raise out. What is recognised stands in the clinic's
``safety.toml``; here is only how it is applied: idioms are blanked, signs are looked for, each sign found is asked
whether the words around it take it back, and what is left raises its rule.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.filters import Surroundings
from bot.model import LEVELS, Level, Raised, SafetyRules
from bot.patterns import Message, MessageReader, joined
from bot.rulebook import LANGUAGE, Need, ReadyRule, RuleBook, Sign, Signs
from bot.spelling import Speller

FRAGMENT = 8
"""The most words of a message that may go on with the sentence before it ("my legs", "are numb"); chosen."""


class Safety:
    """The safety messages of one corpus. Built once, then only read."""

    def __init__(self, rules: SafetyRules) -> None:
        """Raises `CorpusError` with file, rule and key for a pattern that cannot be read."""
        self._book = RuleBook(rules)
        self._reader = MessageReader(self._book.analyzer, Speller(self._book.vocabulary(), LANGUAGE).mend)
        self._order = {rule.rule_id: number for number, rule in enumerate(rules.rules)}

    def raised(self, message: str, context: Sequence[str] = ()) -> tuple[Raised, ...]:
        """The rules that ``message`` and the ``context`` before it, oldest first, raise together, most urgent first."""
        *earlier, latest = (self._reader.read(text) for text in (*context, message))
        found = self._look(joined([*earlier, latest]), start=sum(len(one.words) for one in earlier))
        if earlier and min(len(latest.wording), len(earlier[-1].wording)) <= FRAGMENT:
            running = joined([*earlier, latest], running_on=True)
            found += self._look(running, start=len(running.words) - len(latest.words) + 1)
        return tuple(sorted(_each_once(found), key=self._rank))

    def _rank(self, raised: Raised) -> tuple[int, int]:
        return LEVELS.index(raised.level), self._order[raised.rule.rule_id]

    def _look(self, message: Message, start: int) -> list[Raised]:
        """``start`` is the first word that is new."""
        sighting = self._book.book.look(message)
        if idioms := [span for pattern in self._book.filters["idioms"] for span in sighting.spans(pattern)]:
            sighting = self._book.book.look(message.without(idioms))
        signs = self._book.signs(sighting)
        if not signs:
            return []
        look = _Look(message, start, signs, Surroundings(self._book.filters, sighting))
        return [raised for rule in self._book.rules if (raised := look.raised(rule)) is not None]


@dataclass(frozen=True, slots=True)
class _Look:
    """One message with the signs in it; ``start`` is the first word that is new."""

    message: Message
    start: int
    signs: Signs
    around: Surroundings

    def raised(self, ready: ReadyRule) -> Raised | None:
        """The rule, if it is raised."""
        found, language = self._evidence(ready)
        if not found:
            return None
        rule = ready.rule
        level, heading, more = self._level(ready)
        words = [*found, *more]
        matched = dict.fromkeys(self.message.typed_at(sign.span) for sign in words)
        new = any(sign.span[1] > self.start for sign in words)
        return Raised(rule, level, heading, tuple(filter(None, matched)), new, language)

    def _evidence(self, ready: ReadyRule) -> tuple[list[Sign], str | None]:
        """What raises the rule, and in which language it was said if not in that of the rules; nothing if nothing."""
        if counted := self._counted(ready, ready.signs):
            return counted, None
        for combination in ready.together:
            parts = [self._counted(ready, need) for need in combination]
            if all(parts):
                return [sign for part in parts for sign in part], None
        for need, language in ready.translated:
            if counted := self._counted(ready, need):
                return counted, language
        return [], None

    def _level(self, ready: ReadyRule) -> tuple[Level, str, list[Sign]]:
        """The level and heading after escalation, and what escalates."""
        raised = [
            (one.level, one.heading, counted)
            for need, one in ready.escalates
            if (counted := self._counted(ready, need, one.level))
        ]
        return min([(ready.rule.level, ready.rule.heading, []), *raised], key=lambda one: LEVELS.index(one[0]))

    def _counted(self, ready: ReadyRule, need: Need, level: Level | None = None) -> list[Sign]:
        """The signs found for ``need`` that nothing takes back."""
        found = self.signs.get(need.number, [])
        if not found:
            return []
        sure = (level or ready.rule.level) == "emergency"
        look_alikes = [sign.span for sign in self.signs.get(ready.unless.number, [])]
        return [
            sign
            for sign in found
            if not self._looks_like(sign, look_alikes)
            and self.around.taken_back_by(sign.span, sign.pattern, ignores=ready.rule.ignores, sure=sure) is None
        ]

    def _looks_like(self, sign: Sign, look_alikes: list[tuple[int, int]]) -> bool:
        """Whether a look-alike stands in the sentence of ``sign``."""
        if not look_alikes:
            return False
        start, end = self.around.sentence(sign.span[0])
        return any(start <= first < end for first, _ in look_alikes)


def _each_once(found: list[Raised]) -> Iterator[Raised]:
    """Of each rule the most urgent, new if any is."""
    by_rule: dict[str, list[Raised]] = {}
    for raised in found:
        by_rule.setdefault(raised.rule.rule_id, []).append(raised)
    for of_rule in by_rule.values():
        most_urgent = min(of_rule, key=lambda one: LEVELS.index(one.level))
        yield replace(most_urgent, new=any(one.new for one in of_rule))
