"""What each part of Citewell is worth: asked whole, and with one part taken away, on judged questions.

``python -m benchmarks.ablation [FILE …]``. A part is taken away in one of two ways: the corpus is changed before the
answerer is built, or a name of a module of `bot` has another value while it is built and asked. A new part is a new
line of `PARTS`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from benchmarks.figures import AUROC, RIGHT_ACTION, SUCCESS_AT_1, SUCCESS_AT_3, chance_text
from benchmarks.quality import CORPUS, OWN, citewell, questions_of, without_ways
from bot import answering, index, reading
from bot.answering import Answerer
from bot.conversation import FollowUpReader
from bot.corpus import load_corpus
from bot.figures import Measure, estimate
from bot.judged import JudgedQuestion
from bot.model import Corpus, Document, FixedWording, Passage, Query, Topic
from bot.passages import passages_of
from bot.personal import PersonalQuestions
from bot.records import Record
from bot.spelling import Speller

MEASURES = (SUCCESS_AT_1, SUCCESS_AT_3, AUROC, RIGHT_ACTION)


class UnmendedSpeller(Speller):
    """Leaves every word as it was typed."""

    def mend(self, word: str) -> tuple[str, ...]:  # noqa: ARG002 - the word does not matter
        """Nothing."""
        return ()


class NoFixedWording(PersonalQuestions):
    """Leaves every question to the passages."""

    def recognise(self, question: str) -> FixedWording | None:  # noqa: ARG002 - the question does not matter
        """Nothing."""
        return None


class NoFollowUps(FollowUpReader):
    """Takes every message by itself."""

    def read(self, query: Query, earlier: Iterable[Query]) -> Query:  # noqa: ARG002 - nothing is borrowed
        """The message as it is."""
        return query


def _no_topics(_language: str) -> tuple[Topic, ...]:
    return ()


def _passages_without_ways(documents: Iterable[Document]) -> tuple[Passage, ...]:
    return without_ways(passages_of(documents))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of Citewell, and how to do without it.

    ``corpus`` gives the corpus without it; ``values`` are what names of modules of `bot` stand for without it.
    """

    name: str
    corpus: Callable[[Corpus], Corpus] = lambda corpus: corpus
    values: Mapping[tuple[ModuleType, str], Any] = field(default_factory=dict)  # whatever a module holds


PARTS = (
    Part("ways to ask", values={(answering, "passages_of"): _passages_without_ways}),
    Part("lexicon", corpus=lambda corpus: replace(corpus, lexicon=())),
    Part("spelling", values={(reading, "Speller"): UnmendedSpeller}),
    Part("text field", values={(index, "TEXT_WEIGHT"): 0.0}),
    Part("asked field", values={(index, "ASKED_WEIGHT"): 0.0}),
    Part("nearest field", values={(index, "NEAREST_WEIGHT"): 0.0}),
    Part("weights in long messages", values={(reading, "TELLING_WEIGHT"): 1.0}),
    Part("what is wanted", values={(reading, "INTENT_WEIGHT"): 0.0}),
    Part("not-covered list", corpus=lambda corpus: replace(corpus, not_covered=())),
    Part("bundled questions", values={(answering, "topics_elsewhere"): _no_topics}),
    Part("fixed wording", values={(answering, "PersonalQuestions"): NoFixedWording}),
    Part("follow-ups", values={(answering, "FollowUpReader"): NoFollowUps}),
)


@click.command(help="Citewell whole and without each of its parts, on judged questions.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(files: Sequence[Path]) -> None:
    """Print a table for each file."""
    corpus = load_corpus(CORPUS)
    for file in files or (OWN,):
        questions = questions_of(file, Answerer(corpus))
        click.echo(f"{file.name}: {len(questions)} questions\n")
        click.echo(table(corpus, questions))


def table(corpus: Corpus, questions: Sequence[JudgedQuestion]) -> str:
    """Markdown: the figures of the whole, then what each part's absence changes, with the p-value of a paired test."""
    whole = records(corpus, questions)
    head = ["", *(measure.name for measure in MEASURES)]
    values = [f"{estimate(measure, whole).value:.3f}" for measure in MEASURES]
    rows = [head, ["---"] * len(head), ["whole", *values]]
    for part in PARTS:
        rest = records(corpus, questions, part)
        rows.append([f"without {part.name}", *(_change(measure, whole, rest) for measure in MEASURES)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def records(corpus: Corpus, questions: Sequence[JudgedQuestion], without: Part | None = None) -> list[Record]:
    """What Citewell does with ``questions``, whole or without a part."""
    part = without or Part("nothing")
    with standing(part.values):
        system = citewell(Answerer(part.corpus(corpus)))
        return [system(question) for question in questions]


@contextmanager
def standing(values: Mapping[tuple[ModuleType, str], Any]) -> Iterator[None]:
    """The names stand for ``values``, and afterwards again for what they were; one that is not there is refused."""
    before = {(module, name): getattr(module, name) for module, name in values}
    try:
        for (module, name), value in values.items():
            setattr(module, name, value)
        yield
    finally:
        for (module, name), value in before.items():
            setattr(module, name, value)


def _change(measure: Measure, whole: Sequence[Record], rest: Sequence[Record]) -> str:
    was, now = (estimate(measure, one).value for one in (whole, rest))
    return f"{now - was:+.3f} ({chance_text(measure, rest, whole)})"


if __name__ == "__main__":
    main()
