"""The statistics as drawings: what is placed where, for the templates. Knows no HTML.

A drawing is 100 high, its top is 0, and is stretched to the place it gets; so there is no text in it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from web.statistics import Counts, PassageUse, Span, Statistics, Votes, joined

HEIGHT = 100.0
_GAP = 0.2  # of a bar's place; chosen
_WIDEST = 12  # with fewer bars, they are as wide as if there were so many
_LENGTHS = (1, 7, 28)
_MOST_BARS = 92
"""As many as can be told apart on a telephone; with more days, a bar stands for a week or four of them."""

_STEPS = (1, 2, 5)

SORTS: tuple[tuple[str, Callable[[Counts], int]], ...] = (
    ("Answered", lambda counts: counts.answered),
    ("Suggestions only", lambda counts: counts.suggested),
    ("No answer", lambda counts: counts.none),
    ("Safety message", lambda counts: counts.alerts),
)
"""What a question can get, and how many got it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, standing on the ground; ``span`` is what it stands for."""

    x: float
    y: float
    width: float
    height: float
    span: Span
    number: int


@dataclass(frozen=True, slots=True)
class Row:
    """Bars of one sort; ``share`` is that of all questions, ``None`` where there are none."""

    name: str
    total: int
    share: float | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """A passage with the lengths of its bars, 0…100, all in one scale."""

    use: PassageUse
    shown: float
    helpful: float
    unhelpful: float


@dataclass(frozen=True, slots=True)
class Charts:
    """All drawings of a period. ``width`` is that of those with bars in a row, ``top`` the number at their upper edge.

    ``length`` says how many days a bar stands for; ``most`` is the busiest bar, ``None`` without a question.
    """

    spans: tuple[Span, ...]
    length: int
    width: float
    top: int
    all: Row
    rows: tuple[Row, ...]
    most: Span | None
    passages: tuple[Use, ...]
    helped: float | None


def charts(statistics: Statistics) -> Charts:
    """The drawings of ``statistics``."""
    length = _length(len(statistics.days))
    spans = joined(statistics.days, length)
    top = top_of(max(span.counts.total for span in spans))
    total = statistics.all.counts.total
    most = max(spans, key=lambda span: span.counts.total)
    return Charts(
        spans=spans,
        length=length,
        width=float(max(len(spans), _WIDEST)),
        top=top,
        all=_row("All questions", lambda counts: counts.total, spans, top, total),
        rows=tuple(_row(name, number, spans, top, total) for name, number in SORTS),
        most=most if total else None,
        passages=tuple(_uses(statistics.passages)),
        helped=helped(statistics.votes),
    )


def top_of(most: int) -> int:
    """The least round number that is even, so that its half is a whole number, and not below ``most``.

    >>> [top_of(most) for most in (0, 1, 3, 7, 20, 21, 140)]
    [2, 2, 4, 10, 20, 40, 200]
    """
    steps = (2 * step * 10**power for power in count() for step in _STEPS)
    return next(int(top) for top in steps if top >= most)


def helped(votes: Votes) -> float | None:
    """The share of helpful votes, 0…100; ``None`` without votes."""
    return None if votes.share is None else votes.share * HEIGHT


def _length(days: int) -> int:
    """How many days a bar stands for."""
    return next((length for length in _LENGTHS if days <= length * _MOST_BARS), _LENGTHS[-1])


def _row(name: str, number: Callable[[Counts], int], spans: Sequence[Span], top: int, total: int) -> Row:
    numbers = [number(span.counts) for span in spans]
    place = max(len(spans), _WIDEST) / len(spans)
    width = min(place, 1.0) * (1 - _GAP)
    bars = (
        Bar(
            x=round((at + 0.5) * place - width / 2, 3),
            y=round(HEIGHT - value / top * HEIGHT, 3),
            width=width,
            height=round(value / top * HEIGHT, 3),
            span=span,
            number=value,
        )
        for at, (span, value) in enumerate(zip(spans, numbers, strict=True))
    )
    return Row(name, sum(numbers), sum(numbers) / total if total else None, tuple(bars))


def _uses(passages: Sequence[PassageUse]) -> Iterable[Use]:
    most = max((use.shown for use in passages), default=1)
    for use in passages:
        scale = HEIGHT / most
        yield Use(
            use,
            round(use.shown * scale, 3),
            round(use.votes.helpful * scale, 3),
            round(use.votes.unhelpful * scale, 3),
        )
