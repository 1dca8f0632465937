"""``safety.toml`` in, `SafetyRules` out. Floor 2: knows `model`, `toml` and `versions`.

What may stand in the file is told at its own top, for the people who edit it. Whether each pattern can be read is found
out in `bot.safety`, where the rules are made ready.
"""

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot import versions
from bot.model import PLACEMENTS, Escalation, Level, PhoneUse, Placement, SafetyRule, SafetyRules, Translation
from bot.toml import load_toml

FILE = versions.SAFETY

MAX_LINES = 5
"""The most short lines that a card may have, after the care cards of the NHS."""

SHIPPED = versions.SHIPPED
"""Where the rules stand that come with Citewell."""

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)

_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Card = Annotated[list[_Line], Field(min_length=1, max_length=MAX_LINES)]


class Filters(BaseModel):
    """Wording around a sign that says it is not there, not now, or not about anybody; each a pattern a line."""

    model_config = _STRICT
    negations: str = ""
    negated_after: str = ""
    symptom_negations: str = ""
    clause_ends: str = ""
    new_subjects: str = ""
    education: str = ""
    persons: str = ""
    hypothetical: str = ""
    past: str = ""
    recent: str = ""
    resolved: str = ""
    story: str = ""
    idioms: str = ""


CAN_IGNORE = frozenset({"negations", "education", "hypothetical", "past", "resolved", "story"})
"""The filters that a rule may name under ``ignores``."""


class _Escalation(BaseModel):
    model_config = _STRICT
    signs: _Line
    level: Level
    heading: _Line


class _Translation(BaseModel):
    """``signs`` may stand without a card, and a card without signs; a card has both heading and message."""

    model_config = _STRICT
    signs: str = ""
    heading: str = ""
    message: Annotated[list[_Line], Field(max_length=MAX_LINES)] = []

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.heading) != bool(self.message):
            message = "heading and message together"
            raise ValueError(message)
        return self


class _Rule(BaseModel):
    model_config = _STRICT
    rule_id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$"), Field(alias="id")]
    title: _Line
    level: Level
    placement: Placement | None = None
    heading: _Line
    message: _Card
    phones: list[PhoneUse] = []
    signs: str = ""
    together: list[Annotated[list[_Line], Field(min_length=2)]] = []
    unless: str = ""
    escalates: list[_Escalation] = []
    ignores: list[str] = []
    withholds: list[_Line] = []
    in_language: dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")], _Translation] = {}

    @model_validator(mode="after")
    def _can_be_raised(self) -> Self:
        if not self.signs.strip() and not self.together:
            message = f"signs or together in the rule {self.rule_id}"
            raise ValueError(message)
        if unknown := sorted(set(self.ignores) - CAN_IGNORE):
            message = f"ignores in the rule {self.rule_id} to name filters; {', '.join(unknown)} is none"
            raise ValueError(message)
        return self


class _RulesFile(BaseModel):
    """What may stand in the file."""

    model_config = _STRICT
    version: int
    lists: dict[str, str] = {}
    groups: dict[str, str] = {}
    filters: Filters = Filters()
    rules: Annotated[list[_Rule], Field(alias="rule")] = []

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        twice = [rule_id for rule_id, count in Counter(rule.rule_id for rule in self.rules).items() if count > 1]
        if twice:
            message = f"each id once; {twice[0]} stands twice"
            raise ValueError(message)
        return self


def load_safety_rules(folder: Path) -> SafetyRules:
    """The rules in the ``safety.toml`` of ``folder``; those that come with Citewell where there is no such file.

    Raises `CorpusError` for a file that is wrong.
    """
    path = folder / FILE if (folder / FILE).exists() else SHIPPED / FILE
    stat = path.stat()
    return _load(path, (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size))


@lru_cache(maxsize=2)  # the same object while the file stays the same: what is made of it need not be made again
def _load(path: Path, _stamp: tuple[int, ...]) -> SafetyRules:
    content = load_toml(path, _RulesFile)
    return SafetyRules(
        source=path,
        lists=content.lists,
        groups=content.groups,
        filters=content.filters.model_dump(),
        rules=tuple(map(_rule, content.rules)),
    )


def _rule(read: _Rule) -> SafetyRule:
    return SafetyRule(
        rule_id=read.rule_id,
        title=read.title,
        level=read.level,
        placement=read.placement or PLACEMENTS[read.level],
        heading=read.heading,
        message=tuple(read.message),
        phones=tuple(read.phones),
        signs=read.signs,
        together=tuple(map(tuple, read.together)),
        unless=read.unless,
        escalates=tuple(Escalation(one.signs, one.level, one.heading) for one in read.escalates),
        ignores=frozenset(read.ignores),
        withholds=frozenset(read.withholds),
        translations=tuple(
            Translation(language, one.signs, one.heading, tuple(one.message))
            for language, one in sorted(read.in_language.items())
        ),
    )
