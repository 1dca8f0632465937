"""Safety rules made ready, to be looked for all at once.

Floor 3: knows `analysis`, `errors`, `message`, `model`, `pattern_book`, `patterns` and `rows`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.analysis import Analyzer
from bot.errors import CorpusError
from bot.message import Span
from bot.model import Escalation, SafetyRule, SafetyRules
from bot.pattern_book import Likely, PatternBook, Shortlist, Vocabulary, lines_of, list_named, phrases_of, words_of
from bot.patterns import Pattern
from bot.rows import bits

LANGUAGE = "en"
"""The language that rules are written in; signs in others stand beside them, unstemmed."""


@dataclass(frozen=True, slots=True)
class Need:
    """Patterns of which one must be found."""

    number: int
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """What was found for a need: where, and the pattern that did."""

    span: Span
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule with its patterns as needs; fields as in `SafetyRule`."""

    rule: SafetyRule
    signs: Need
    together: tuple[tuple[Need, ...], ...]
    unless: Need
    escalates: tuple[tuple[Need, Escalation], ...]
    translated: tuple[tuple[Need, str], ...]
    """With the language of each."""

    def ways(self) -> Iterator[tuple[int, ...]]:
        """What can raise it: needs by number, all of which must be met."""
        yield (self.signs.number,)
        yield from (tuple(need.number for need in combination) for combination in self.together)
        yield from ((need.number,) for need, _ in self.translated)

    def needs(self) -> Iterator[Need]:
        """All of them."""
        yield from (self.signs, self.unless)
        yield from (need for combination in self.together for need in combination)
        yield from (need for need, _ in self.escalates)
        yield from (need for need, _ in self.translated)


@dataclass(frozen=True, slots=True)
class _Way:
    """What can raise the rule that stands at ``order`` when its first need is met.

    ``others`` are the patterns of its other needs, as sets.
    """

    order: int
    others: tuple[int, ...]


class RuleBook:
    """The rules of one corpus. Built once, then only read."""

    def __init__(self, rules: SafetyRules) -> None:
        """Raises `CorpusError` with file, rule and key for what cannot be read."""
        self._source = rules.source
        self._groups = rules.groups
        self._needs = 0
        self.analyzer = Analyzer(LANGUAGE)
        self._lists = self._phrases(rules.lists)
        self.book = PatternBook(self._lists, self.analyzer)
        self._filters: dict[int | str, Sequence[Pattern]] = {
            name: self._patterns(f"[filters] {name}", lines) for name, lines in rules.filters.items()
        }
        self.rules = tuple(map(self._ready, rules.rules))
        self.shortlist = Shortlist(self.book, {**self._filters, **self._rarest_first()})

        self._ways: dict[int, list[_Way]] = {}
        """The ways to raise a rule, under the number of their first need."""
        for order, rule in enumerate(self.rules):
            for first, *others in rule.ways():
                self._ways.setdefault(first, []).append(_Way(order, tuple(map(self.shortlist.of, others))))
        self._first_need = {pattern: need for need in self._ways for pattern in bits(self.shortlist.of(need))}
        self._of_first_needs = sum(1 << pattern for pattern in self._first_need)

    def possible(self, likely: Likely[int | str]) -> list[ReadyRule]:
        """The rules, in their order, that needs which are ``likely`` met could raise; none for most messages."""
        met = likely.met
        orders = set()
        for need in {self._first_need[pattern] for pattern in bits(met & self._of_first_needs)}:
            for way in self._ways[need]:
                for other in way.others:
                    if not met & other:
                        break
                else:
                    orders.add(way.order)
        return [self.rules[order] for order in sorted(orders)]

    def __getstate__(self) -> Mapping[str, Any]:
        """What is kept: all to look with, nothing that only the making needs."""
        return vars(self) | {"_groups": {}, "_lists": {}}

    def vocabulary(self) -> list[str]:
        """Everything that the rules are written with."""
        needed = (pattern for rule in self.rules for need in rule.needs() for pattern in need.patterns)
        filtering = (pattern for patterns in self._filters.values() for pattern in patterns)
        return words_of((pattern.written for pattern in (*needed, *filtering)), self._lists)

    def _rarest_first(self) -> dict[int | str, Sequence[Pattern]]:
        """The patterns of each need, those first whose wording the fewest have: it says most of why."""
        needs = {need.number: need.patterns for rule in self.rules for need in rule.needs()}
        having = Counter(choice for patterns in needs.values() for one in patterns for choice in one.needs)
        return {
            number: sorted(patterns, key=lambda one: min((having[choice], choice) for choice in one.needs)[1])
            for number, patterns in needs.items()
        }

    def _ready(self, rule: SafetyRule) -> ReadyRule:
        where = f"rule “{rule.rule_id}”"
        return ReadyRule(
            rule=rule,
            signs=self._need(f"{where}, signs", rule.signs),
            together=tuple(tuple(self._need(f"{where}, together", one) for one in needs) for needs in rule.together),
            unless=self._need(f"{where}, unless", rule.unless),
            escalates=tuple((self._need(f"{where}, escalates", one.signs), one) for one in rule.escalates),
            translated=tuple(
                (self._need(f"{where}, in_language.{one.language}", one.signs), one.language)
                for one in rule.translations
            ),
        )

    def _need(self, where: str, lines: str) -> Need:
        self._needs += 1
        return Need(self._needs, self._patterns(where, lines))

    def _patterns(self, where: str, lines: str) -> tuple[Pattern, ...]:
        return tuple(self._pattern(where, line) for line in self._lines(lines))

    def _lines(self, lines: str) -> Iterator[str]:
        """A pattern a line; where the name of a group stands alone on one, the group's."""
        for line in lines_of(lines):
            group = self._groups.get(list_named(line) or "")
            yield from [line] if group is None else lines_of(group)

    def _pattern(self, where: str, line: str) -> Pattern:
        try:
            pattern = self.book.pattern(line)
        except KeyError as error:
            problem, expected = f"<{error.args[0]}> is the name of no list", f"one of [lists], not “{line}”"
        except ValueError as error:
            problem, expected = str(error), f"a pattern as told at the top of the file, not “{line}”"
        else:
            if pattern.needs:
                return pattern
            problem, expected = f"“{line}” can be found anywhere", "a word that must be there"
        raise CorpusError(self._source, None, f"{where}: {problem}", expected)

    def _phrases(self, lists: Mapping[str, str]) -> Vocabulary:
        try:
            return phrases_of(lists)
        except KeyError as error:
            problem = f"[lists] use <{error.args[0]}>, which is no list further up"
            raise CorpusError(self._source, None, problem, "the name of one") from None
