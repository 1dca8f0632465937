"""Urgent wording, recognised before anything is answered.

Floor 4: knows `filters`, `language`, `likeness`, `message`, `message_reader`, `model`, `pattern_book`,
`patterns`, `rulebook` and `spelling`.

A message and what was written before it in, the rules that they raise out. What is recognised stands in the clinic's
``safety.toml``; here is only how it is applied: idioms are blanked, signs are looked for, each sign found is asked
whether the words around it take it back, and what is left raises its rule. Then `bot.likeness` gives a second opinion.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from bot.filters import Surroundings
from bot.language import is_other_language
from bot.likeness import FRAGMENT, Example, Examples, SecondOpinion, enough
from bot.message import Message, Span, joined
from bot.message_reader import MessageReader
from bot.model import LEVELS, Level, Raised, SafetyRules, SafetyTest
from bot.pattern_book import Likely
from bot.patterns import Sighting
from bot.rulebook import LANGUAGE, Need, ReadyRule, RuleBook, Sign
from bot.spelling import Speller


class Safety:
    """The safety messages of one corpus. Built once, then only read."""

    def __init__(self, rules: SafetyRules, tests: Iterable[SafetyTest] = (), quiet: Iterable[str] = ()) -> None:
        """``tests`` and ``quiet``, which must raise nothing, are the examples; without enough the rules alone decide.

        Raises `CorpusError` with file, rule and key for a pattern that cannot be read.
        """
        prepared = _prepared(rules, tuple(tests))
        self._book = prepared.book
        self._reader = prepared.reader
        self._english = Speller((), LANGUAGE)  # the rules' own knows Bangla in Latin letters
        self._order = {rule.rule_id: number for number, rule in enumerate(rules.rules)}
        self._tested = prepared.tested
        self._second_opinion = None
        if prepared.examples:
            examples = prepared.examples.with_quiet(map(prepared.as_typed.read, quiet))
            self._second_opinion = SecondOpinion(examples, rules.rules)

    def __getstate__(self) -> Mapping[str, Any]:
        """What is kept: all but what was found of tests, which are their own equals only while they are in memory."""
        return vars(self) | {"_tested": {}}

    def raised(self, message: str, context: Sequence[str] = ()) -> tuple[Raised, ...]:
        """The rules that ``message`` and the ``context`` before it, oldest first, raise together, most urgent first."""
        read = [self._reader.read(text) for text in (*context, message)]
        return self._judged(message, read, self._by_rules(read))

    def raised_by_test(self, test: SafetyTest) -> tuple[Raised, ...]:
        """As `raised`; what the rules alone say of a test is looked for once, for all content that shares them."""
        read = [self._reader.read(text) for text in (*test.context, test.text)]
        if test not in self._tested:
            self._tested[test] = self._by_rules(read)
        return self._judged(test.text, read, self._tested[test])

    def _by_rules(self, read: Sequence[Message]) -> list[Raised]:
        """What the rules say of messages that were read, the oldest first."""
        *earlier, latest = read
        found = self._look(joined(read), start=sum(len(one.words) for one in earlier))
        if earlier and min(len(latest.wording), len(earlier[-1].wording)) <= FRAGMENT:
            running = joined(read, running_on=True)
            found += self._look(running, start=len(running.words) - len(latest.words) + 1)
        return found

    def _judged(self, message: str, read: Sequence[Message], found: list[Raised]) -> tuple[Raised, ...]:
        """``found`` after the second opinion."""
        *earlier, latest = read
        # The examples are English: of other languages they know some words of signs, and none of small talk.
        # Which language it is takes longer to tell, and matters only where the opinion does.
        if self._second_opinion:
            second = list(self._second_opinion.on(found, earlier, latest))
            if second != found and not is_other_language(message, self._english):
                found = second
        return tuple(sorted(_each_once(found), key=self._rank))

    def _rank(self, raised: Raised) -> tuple[int, int]:
        return LEVELS.index(raised.level), self._order[raised.rule.rule_id]

    def _look(self, message: Message, start: int) -> list[Raised]:
        """``start`` is the first word that is new."""
        book = self._book
        sighting = book.book.look(message)
        likely = book.shortlist.likely(sighting)
        if idioms := [span for pattern in likely.of("idioms") for span in sighting.spans(pattern)]:
            sighting = sighting.without(idioms)
            likely = book.shortlist.likely(sighting)
        possible = book.possible(likely)
        if not possible:
            return []
        look = _Look(sighting, start, likely, Surroundings(likely, sighting))
        return [raised for rule in possible if (raised := look.raised(rule)) is not None]


@dataclass(frozen=True, slots=True)
class _Look:
    """One message with what is worth looking for in it; ``start`` is the first word that is new."""

    sighting: Sighting
    start: int
    likely: Likely[int | str]
    around: Surroundings

    def raised(self, ready: ReadyRule) -> Raised | None:
        """The rule, if it is raised."""
        found, language = self._evidence(ready)
        if not found:
            return None
        rule = ready.rule
        level, heading, more = self._level(ready)
        signs = [*found, *more]
        matched = dict.fromkeys(self.sighting.message.typed_at(sign.span) for sign in signs)
        new = any(map(self._is_new, signs))
        return Raised(rule, level, heading, tuple(filter(None, matched)), new, language)

    def _evidence(self, ready: ReadyRule) -> tuple[list[Sign], str | None]:
        """What raises the rule, and in which language it was said if not in that of the rules; nothing if nothing."""
        if sign := self._sign(ready, ready.signs):
            return [sign], None
        for combination in ready.together:
            if signs := self._each(ready, combination):
                return signs, None
        for need, language in ready.translated:
            if sign := self._sign(ready, need):
                return [sign], language
        return [], None

    def _each(self, ready: ReadyRule, combination: Sequence[Need]) -> list[Sign]:
        """A sign for each need of ``combination``; nothing if one of them has none."""
        signs: list[Sign] = []
        if all(need.number in self.likely for need in combination):  # asked first, since nothing is walked for it
            for need in combination:
                if (sign := self._sign(ready, need)) is None:
                    return []
                signs.append(sign)
        return signs

    def _level(self, ready: ReadyRule) -> tuple[Level, str, list[Sign]]:
        """The level and heading after escalation, and what escalates."""
        raised = [
            (one.level, one.heading, [sign])
            for need, one in ready.escalates
            if (sign := self._sign(ready, need, one.level))
        ]
        return min([(ready.rule.level, ready.rule.heading, []), *raised], key=lambda one: LEVELS.index(one[0]))

    def _sign(self, ready: ReadyRule, need: Need, level: Level | None = None) -> Sign | None:
        """A sign for ``need`` that nothing takes back, a new one if there is one; none where there is none."""
        found = None
        for sign in self._counted(ready, need, level or ready.rule.level):
            found = sign
            if self._is_new(sign):
                break
        return found

    def _is_new(self, sign: Sign) -> bool:
        return sign.span[1] > self.start

    def _counted(self, ready: ReadyRule, need: Need, level: Level) -> Iterator[Sign]:
        """The signs for ``need`` that nothing takes back."""
        for pattern in self.likely.of(need.number):
            for span in self.sighting.spans(pattern):
                if not self._looks_like(ready, span) and not self.around.taken_back_by(
                    span, pattern, ignores=ready.rule.ignores, sure=level == "emergency"
                ):
                    yield Sign(span, pattern)

    def _looks_like(self, ready: ReadyRule, sign: Span) -> bool:
        """Whether a look-alike stands in the sentence of ``sign``."""
        look_alikes = self.likely.of(ready.unless.number)
        if not look_alikes:
            return False
        start, end = self.around.sentence(sign[0])
        found = (
            (span, pattern)
            for pattern in look_alikes
            for span in self.sighting.spans(pattern)
            if start <= span[0] < end
        )
        return any(not self.around.negated(span, pattern) for span, pattern in found)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is made of rules and tests, whatever the content; ``as_typed`` mends nothing, since that takes its time.

    ``tested`` is what the rules alone say of tests that were run.
    """

    book: RuleBook
    reader: MessageReader
    as_typed: MessageReader
    examples: Examples | None
    tested: dict[SafetyTest, list[Raised]] = field(default_factory=dict)


@lru_cache(maxsize=2)  # content is loaded anew more often than rules are: each edit of an article does
def _prepared(rules: SafetyRules, tests: tuple[SafetyTest, ...]) -> _Prepared:
    book = RuleBook(rules)
    reader = MessageReader(book.analyzer, Speller(book.vocabulary(), LANGUAGE, slips=1).mend)
    as_typed = MessageReader(book.analyzer, _as_typed)
    known = {None, *(rule.rule_id for rule in rules.rules)}
    examples = Examples(
        Example(joined([as_typed.read(text) for text in (*test.context, test.text)]), test.rule, test.level)
        for test in tests
        if test.rule in known
    )
    return _Prepared(book, reader, as_typed, examples if enough(examples) else None)


def _as_typed(_word: str) -> tuple[str, ...]:
    """Mends nothing."""
    return ()


def _each_once(found: list[Raised]) -> Iterator[Raised]:
    """Of each rule the most urgent, new if any is."""
    by_rule: dict[str, list[Raised]] = {}
    for raised in found:
        by_rule.setdefault(raised.rule.rule_id, []).append(raised)
    for of_rule in by_rule.values():
        most_urgent = min(of_rule, key=lambda one: LEVELS.index(one.level))
        new = any(one.new for one in of_rule)
        yield most_urgent if most_urgent.new == new else replace(most_urgent, new=new)
