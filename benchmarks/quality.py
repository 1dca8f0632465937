"""Citewell beside other search packages, in one run, on judged questions.

``python -m benchmarks.quality [FILE …]`` asks the shipped corpus; a file is as for ``citewell evaluate``, and the peers
search the titles and texts of the passages. With ``--asked`` they also get our other ways to ask, which is their due:
without them it is shown what Citewell gives as a whole, with them what is left to its ranking.

``python -m benchmarks.quality --collection FOLDER`` asks a public collection (`benchmarks.collection`) instead. There
Citewell has neither lexicon nor ways to ask, and no judge: ranking against ranking. With ``--asked`` a second Citewell
takes the collection's ``variants`` as ways to ask; the peers have them as text already.

A message after others is searched by itself. All systems take each question in turn; a time is the median over
questions, as a multiple of rank-bm25's in the same run.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from statistics import median
from time import perf_counter

import click

import bot
from benchmarks import figures
from benchmarks.collection import Collection, load_collection
from benchmarks.peers import BASELINE, PEERS, Search
from bot.analysis import Analyzer
from bot.answering import Answerer
from bot.figures import Measure, estimate
from bot.index import Index
from bot.judged import JudgedQuestion, load_judged
from bot.model import Passage
from bot.reading import QuestionReader
from bot.records import DEPTH, Ranked, Record, record, recorded

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
OWN = CORPUS / "questions.jsonl"

CITEWELL = "Citewell"
BARE = f"{CITEWELL}, ranking alone"
ASKED = ", ways to ask"

FILE_MEASURES = (
    figures.SUCCESS_AT_1,
    figures.SUCCESS_AT_3,
    figures.RECIPROCAL_RANK,
    figures.NDCG_AT_5,
    figures.AUROC,
    figures.RIGHT_ACTION,
    figures.RELEVANT_OF_GIVEN,
)

System = Callable[[JudgedQuestion], Record]


@dataclass(frozen=True, slots=True)
class Run:
    """What one system did with all questions, and how long it took for one, in milliseconds."""

    name: str
    records: tuple[Record, ...]
    milliseconds: float


@click.command(help="Citewell beside other search packages, on judged questions.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--collection", "folders", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--asked", is_flag=True, help="Peers get the other ways to ask, too.")
def main(files: Sequence[Path], folders: Sequence[Path], asked: bool) -> None:
    """Print a table, and Citewell against the best peer, for each file and each collection."""
    for line in missing():
        click.echo(line, err=True)
    for folder in folders:
        click.echo(collection_report(load_collection(folder), asked=asked))
    if files or not folders:
        answerer = bot.build(CORPUS)
        for file in files or (OWN,):
            questions = questions_of(file, answerer)
            click.echo(report(file.name, questions, file_systems(answerer, asked=asked), FILE_MEASURES))


def missing() -> list[str]:
    """What cannot be compared here, a line for each peer, and what to do about it."""
    return [
        f"{peer.name}: {', '.join(lacking)} not installed: make bench" for peer in PEERS if (lacking := peer.missing())
    ]


# ---- systems


def questions_of(file: Path, answerer: Answerer) -> tuple[JudgedQuestion, ...]:
    """The judged questions of ``file``."""
    ids = {passage.passage_id for passage in answerer.passages}
    return load_judged([file], passage_ids=ids, check=lambda _: None, max_context=DEPTH)


def file_systems(answerer: Answerer, *, asked: bool) -> dict[str, System]:
    """Citewell as it answers, its ranking with no more than the peers have, and its peers over the same passages."""
    bare = without_ways(answerer.passages)
    systems = {CITEWELL: citewell(answerer), BARE: ranking(bare), **peers(bare)}
    if asked:
        systems |= {name + ASKED: system for name, system in peers(answerer.passages).items()}
    return systems


def citewell(answerer: Answerer) -> System:
    """The project itself, with its judgment."""
    return lambda question: recorded(question, answerer.find(question.question, limit=DEPTH))


def ranking(passages: Sequence[Passage]) -> System:
    """Citewell's analysis and ranking alone: no lexicon, no judgment, the score for a confidence."""
    analyzer = Analyzer("en")
    reader, index = QuestionReader(map(searched, passages), (), analyzer), Index(passages, analyzer)

    def system(question: JudgedQuestion) -> Record:
        hits = index.search(reader.read(question.question), DEPTH)
        return _always(question, ((hit.passage.passage_id, hit.score) for hit in hits))

    return system


def peers(passages: Sequence[Passage]) -> dict[str, System]:
    """All peers that are installed."""
    texts = [*map(searched, passages)]
    return {peer.name: _peer(peer.build(texts), passages) for peer in PEERS if not peer.missing()}


def _peer(search: Search, passages: Sequence[Passage]) -> System:
    return lambda question: _always(
        question, ((passages[at].passage_id, score) for at, score in search(question.question))
    )


def _always(question: JudgedQuestion, found: Iterable[tuple[str, float]]) -> Record:
    """What a system without a threshold does: it answers unless it finds nothing, as sure as the score is high."""
    ranked = tuple(Ranked(*one) for one in found)
    return record(question, ranked, "answer" if ranked else "none", ranked[0].score if ranked else -inf)


def searched(passage: Passage) -> str:
    """All words of a passage that can be found."""
    return "\n".join((passage.title, passage.text, *passage.also_asked))


def without_ways(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """The passages as if nobody had written down other ways to ask for them."""
    return tuple(replace(passage, also_asked=()) for passage in passages)


# ---- running and reporting


def collection_report(collection: Collection, *, asked: bool) -> str:
    """The report on a public collection."""
    bare = without_ways(collection.passages)
    systems = {CITEWELL: ranking(bare)}
    if asked and any(passage.also_asked for passage in collection.passages):
        systems[CITEWELL + ASKED] = ranking(collection.passages)
    measures = (
        figures.SUCCESS_AT_1,
        figures.SUCCESS_AT_3,
        figures.RECIPROCAL_RANK,
        figures.NDCG_AT_10,
        *map(figures.auroc_from, collection.kinds_outside),
    )
    return report(collection.name, collection.questions, {**systems, **peers(bare)}, measures)


def report(
    name: str, questions: Sequence[JudgedQuestion], systems: Mapping[str, System], measures: Sequence[Measure]
) -> str:
    """What was asked, a table in Markdown with 95% intervals in brackets, and Citewell against the best peers."""
    runs = run(systems, questions)
    outside = sum(not question.gold for question in questions)
    base = next(one.milliseconds for one in runs if one.name == BASELINE.name)
    head = ["", *(measure.name for measure in measures), "time"]
    rows = [[one.name, *_cells(one, measures), f"{one.milliseconds / base:.1f} ×"] for one in runs]
    table = [head, ["---"] * len(head), *rows]
    return "\n".join(
        [
            f"{name}: {len(questions)} questions, {outside} of them out of scope",
            "",
            *(f"| {' | '.join(row)} |" for row in table),
            "",
            *_against_best(runs, measures),
        ]
    )


def run(systems: Mapping[str, System], questions: Sequence[JudgedQuestion]) -> list[Run]:
    """Every question to every system."""
    records: dict[str, list[Record]] = {name: [] for name in systems}
    took: dict[str, list[float]] = {name: [] for name in systems}
    for question in questions:
        for name, system in systems.items():
            started = perf_counter()
            records[name].append(system(question))
            took[name].append((perf_counter() - started) * 1000)
    return [Run(name, tuple(records[name]), median(took[name])) for name in systems]


def _cells(one: Run, measures: Sequence[Measure]) -> list[str]:
    found = [estimate(measure, one.records) for measure in measures]
    return [f"{it.value:.3f} ({it.interval.low:.2f}–{it.interval.high:.2f})" for it in found]


def _against_best(runs: Sequence[Run], measures: Sequence[Measure]) -> list[str]:
    """Citewell's lead over the best peer by the first measure, over those with and those without ways to ask."""
    ours = next(one for one in runs if one.name == CITEWELL)
    others = [one for one in runs if not one.name.startswith(CITEWELL)]
    lines = []
    for group in ([one for one in others if one.name.endswith(ASKED) == asked] for asked in (False, True)):
        if group:
            best = max(group, key=lambda one: estimate(measures[0], one.records).value)
            lines.append(f"{CITEWELL} − {best.name}: " + "; ".join(_lead(it, ours, best) for it in measures))
    return lines


def _lead(measure: Measure, ours: Run, theirs: Run) -> str:
    first, second = (estimate(measure, one.records).value for one in (ours, theirs))
    chance = figures.chance_text(measure, ours.records, theirs.records)
    return f"{measure.name} {first - second:+.3f} ({chance})"


if __name__ == "__main__":
    main()
