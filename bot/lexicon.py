"""Which words may stand for which: ``lexicon.toml`` in, a `Lexicon` out.

Floor 2: knows `analysis`, `model`, `toml` and `versions`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations, product
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot import versions
from bot.analysis import Analyzer
from bot.model import LexiconEntry
from bot.toml import load_toml

FILE = versions.LEXICON
TWO_WAY_WEIGHT = 0.7
"""How much a word counts that stands for one that was typed; chosen, and below 1, which is the typed word itself."""

ONE_WAY_WEIGHT = 0.6

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Weight = Annotated[float, Field(gt=0, lt=1)]


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    words: Annotated[list[_Words], Field(min_length=2)]
    weight: _Weight = TWO_WAY_WEIGHT


class _OneWay(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    sources: Annotated[list[_Words], Field(min_length=1, alias="from")]
    to: Annotated[list[_Words], Field(min_length=1)]
    weight: _Weight = ONE_WAY_WEIGHT


class _LexiconFile(BaseModel):
    """What may stand in the file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    version: int = 1
    group: list[_Group] = []
    one_way: list[_OneWay] = []


def load_lexicon(folder: Path) -> tuple[LexiconEntry, ...]:
    """The entries of the ``lexicon.toml`` in ``folder``, none where there is no such file.

    Raises `CorpusError` for a file that is wrong.
    """
    content = load_toml(folder / FILE, _LexiconFile)
    two_way = (
        LexiconEntry(source, target, group.weight)
        for group in content.group
        for source, target in permutations(group.words, 2)
    )
    one_way = (
        LexiconEntry(source, target, rule.weight)
        for rule in content.one_way
        for source, target in product(rule.sources, rule.to)
    )
    return (*two_way, *one_way)


@dataclass(frozen=True, slots=True)
class Match:
    """Terms ``start…end`` of a question have stand-ins, each with its weight, above 0 and below 1."""

    start: int
    end: int
    stand_ins: Mapping[str, float]


class Lexicon:
    """Stand-ins by the terms that they stand for. Built once, then only read."""

    def __init__(self, entries: Iterable[LexiconEntry], analyzer: Analyzer) -> None:
        """Analyse every entry as a question is analysed; one of stop words alone does nothing."""
        terms = cache(lambda words: tuple(analyzer.terms(words)))  # a group has the same words in many entries
        self._rules: dict[tuple[str, ...], dict[str, float]] = {}
        for entry in entries:
            source, target = terms(entry.source), terms(entry.target)
            if source and target and source != target:
                stand_ins = self._rules.setdefault(source, {})
                for term in target:
                    # The words of a longer entry share its weight: "running shoes" for "trainers" is one thing.
                    stand_ins[term] = max(stand_ins.get(term, 0.0), entry.weight / len(target) ** 0.5)
        # By the first term of an entry how many terms those have that begin with it, most first.
        self._lengths: dict[str, tuple[int, ...]] = {}
        for first in {source[0]: None for source in self._rules}:
            lengths = {len(source) for source in self._rules if source[0] == first}
            self._lengths[first] = tuple(sorted(lengths, reverse=True))

    def matches(self, terms: Sequence[str]) -> Iterator[Match]:
        """The entries that stand in ``terms``, from left to right, the longest first, none within another."""
        end = 0
        for start, first in enumerate(terms):
            if start < end or first not in self._lengths:
                continue
            for length in self._lengths[first]:
                found = tuple(terms[start : start + length])
                if found in self._rules:
                    end = start + len(found)
                    yield Match(start, end, self._rules[found])
                    break
