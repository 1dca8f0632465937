"""Safety tests, run: what the rules raise and what they should. Floor 1: knows `model` only."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.model import LEVELS, Level, Raised, SafetyTest

Raising = Callable[[str, Sequence[str]], tuple[Raised, ...]]
"""What recognises urgent wording: a message and its context, oldest first, in; the rules that they raise out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a test raised."""

    test: SafetyTest
    raised: tuple[Raised, ...]

    @property
    def level(self) -> Level | None:
        """The level of the first message; none where nothing was raised."""
        return self.raised[0].level if self.raised else None

    @property
    def passed(self) -> bool:
        """Whether it raised its level or a more urgent one; or nothing, where it must not."""
        if self.test.level is None or self.level is None:
            return self.test.level is self.level
        return LEVELS.index(self.level) <= LEVELS.index(self.test.level)

    def __str__(self) -> str:
        """One line for the person who edits the rules."""
        expected = f"{self.test.rule} ({self.test.level})" if self.test.rule else "nothing"
        found = ", ".join(f"{one.rule.rule_id} ({one.level}: {' + '.join(one.matched)})" for one in self.raised)
        said = " / ".join((*self.test.context, self.test.text))
        return f"{self.test.path}:{self.test.line}: raises {found or 'nothing'}; expected {expected}: “{said}”"


def run(raised: Raising, tests: Iterable[SafetyTest], progress: Callable[[], None] = lambda: None) -> list[Outcome]:
    """What each test raises; ``progress`` is called after each."""
    outcomes = []
    for test in tests:
        outcomes.append(Outcome(test, raised(test.text, test.context)))
        progress()
    return outcomes
