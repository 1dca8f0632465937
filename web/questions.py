"""Open questions in groups of like wording, most often asked first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

from bot.answering import Answerer
from web.decisions import OpenTurn

MOST_SEEN = 500
"""As many questions of a group, the newest, are decided about at once; chosen: their ids fit into a form."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One wording: how often it came, and when last."""

    text: str
    times: int
    last: date


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Open questions of like wording; ``question`` is the most typical, ``turns`` stand newest first, at least one."""

    question: str
    turns: tuple[OpenTurn, ...]

    @property
    def key(self) -> str:
        """What the group's page is addressed by: no words."""
        return self.turns[0].turn_id

    @property
    def turn_ids(self) -> tuple[str, ...]:
        """Of all its questions."""
        return tuple(turn.turn_id for turn in self.turns)

    @property
    def seen(self) -> tuple[str, ...]:
        """The turns that a decision on the group's page is about."""
        return self.turn_ids[:MOST_SEEN]

    @property
    def first(self) -> date:
        """The day of its oldest question."""
        return self.turns[-1].day

    @property
    def last(self) -> date:
        """The day of its newest question."""
        return self.turns[0].day

    @property
    def signs(self) -> tuple[tuple[str, int], ...]:
        """Why its questions are open, and of how many each is so; one question may have several."""
        found = Counter(
            sign
            for turn in self.turns
            for sign, holds in (
                ("no answer", turn.kind == "none"),
                ("suggestions only", turn.kind == "suggestions"),
                ("did not help", turn.helpful is False),
                ("filed at the desk", turn.filed),
            )
            if holds
        )
        return tuple(found.most_common())

    @property
    def wordings(self) -> tuple[Asking, ...]:
        """How it was asked, most often first."""
        times = Counter(turn.question for turn in self.turns)
        last = {turn.question: turn.day for turn in reversed(self.turns)}
        return tuple(Asking(text, number, last[text]) for text, number in times.most_common())

    @property
    def shown(self) -> tuple[tuple[str, int, int, int], ...]:
        """The passages that were the answer: id, how often, how often that helped, and did not."""
        answers = Counter(turn.passage_id for turn in self.turns if turn.passage_id)
        return tuple(
            (passage_id, times, self._votes(passage_id, helpful=True), self._votes(passage_id, helpful=False))
            for passage_id, times in answers.most_common()
        )

    @property
    def offered(self) -> tuple[tuple[str, int], ...]:
        """The passages that were offered beside an answer, or instead of one, and how often."""
        return tuple(Counter(passage_id for turn in self.turns for passage_id in turn.offered).most_common())

    @property
    def comments(self) -> tuple[str, ...]:
        """What people wrote."""
        return tuple(turn.comment for turn in self.turns if turn.comment)

    def _votes(self, passage_id: str, *, helpful: bool) -> int:
        return sum(turn.passage_id == passage_id and turn.helpful is helpful for turn in self.turns)


class Queue:
    """Groups open questions, and remembers the groups, by ids alone, while neither questions nor content change."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state: object = None
        self._groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
        """Of each group the turn of its most typical question, and all its turns."""

    def groups(self, answerer: Answerer, turns: Sequence[OpenTurn]) -> tuple[OpenGroup, ...]:
        """All ``turns``, which stand newest first, each in one group; the largest group first."""
        by_id = {turn.turn_id: turn for turn in turns}
        state = answerer.corpus.version, tuple(by_id)
        with self._lock:
            if state != self._state:
                self._groups, self._state = _grouped(answerer, turns), state
            found = self._groups
        return tuple(
            OpenGroup(by_id[typical].question, tuple(by_id[turn_id] for turn_id in turn_ids))
            for typical, turn_ids in found
        )


def group_with(groups: Sequence[OpenGroup], turn_id: str) -> OpenGroup | None:
    """The group that this turn is in."""
    return next((group for group in groups if turn_id in group.turn_ids), None)


def _grouped(answerer: Answerer, turns: Sequence[OpenTurn]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (
            next(turns[place].turn_id for place in group.places if turns[place].question == group.representative),
            tuple(turns[place].turn_id for place in group.places),
        )
        for group in answerer.group([turn.question for turn in turns])
    )
