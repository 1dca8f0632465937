"""A message as patterns see it: words in a row. Floor 0: imports nothing of ours."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

Span = tuple[int, int]
"""From a word of a message up to, not including, another."""

EDGES = frozenset(".?")
"""The words that stand for the start and the end of a sentence."""

EXACTLY = "="
"""What stands before a word of which the very form is meant, with its ending: ``=legs``."""

_FIGURE = re.compile(r"(\d+)([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Message:
    """``words`` as patterns see them, ``.`` and ``?`` among them.

    Beside each stands its form, exactly, as patterns ask for it (``=legs``), and what was ``typed`` for it. The form of
    a ``?`` is a ``.``: a question is a sentence too. ``pauses`` are the words that the writer paused before, as a set
    of places: bit ``n`` of a number is word ``n``.
    """

    words: tuple[str, ...]
    forms: tuple[str, ...]
    typed: tuple[str, ...]
    pauses: int = 0

    @property
    def wording(self) -> tuple[str, ...]:
        """The words alone: equal for two messages that say the same in the same words."""
        return tuple([word for word in self.words if word not in EDGES])

    def typed_at(self, span: Span) -> str:
        """What was typed for the words of ``span``; empty for an edge of a sentence."""
        # A word that was written out as two stands there twice.
        return " ".join(word for word, _ in groupby(filter(None, self.typed[slice(*span)])))

    def part(self, start: int, end: int) -> "Message":
        """The words from ``start`` up to ``end``."""
        cut = slice(start, end)
        pauses = self.pauses & places(start, end)
        return Message(self.words[cut], self.forms[cut], self.typed[cut], pauses >> start)

    def without(self, spans: Iterable[Span]) -> "Message":
        """The message with the words of ``spans`` blanked, each in its place, the edges of sentences kept."""
        blanked = {at for span in spans for at in range(*span) if self.words[at] not in EDGES}
        words, forms = (
            tuple("" if at in blanked else word for at, word in enumerate(row)) for row in (self.words, self.forms)
        )
        return Message(words, forms, self.typed, self.pauses)


def joined(messages: Sequence[Message], *, running_on: bool = False) -> Message:
    """The messages as one; ``running_on``, without the edges of sentences between them."""
    if len(messages) == 1:
        return messages[0]
    words: list[str] = []
    forms: list[str] = []
    typed: list[str] = []
    pauses = 0
    for number, message in enumerate(messages):
        cut = slice(1 if running_on and number else 0, -1 if running_on and number + 1 < len(messages) else None)
        pauses |= message.pauses << len(words) >> (cut.start or 0)
        words += message.words[cut]
        forms += message.forms[cut]
        typed += message.typed[cut]
    return Message(tuple(words), tuple(forms), tuple(typed), pauses)


def places(start: int, end: int) -> int:
    """The words from ``start`` up to ``end``, as a set of places; none where the end comes first."""
    return (1 << end) - (1 << start) if start < end else 0


def parted(folded: str) -> tuple[str, ...]:
    """A figure and what is written to it: ``5k`` is two words."""
    figure = _FIGURE.fullmatch(folded)
    return figure.groups() if figure else (folded,)
