"""Citewell beside rank-bm25 as tutorials use it, on judged questions: ``python -m benchmarks.quality [FILE …]``.

A file has one question a line: ``{"q": "…", "gold": {"passage id": 2 | 1}, "type": "…"}``; an empty gold means that no
passage answers. Success@k counts questions with a passage of grade 2 among the first k, and only those that have one.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rank_bm25 import BM25Okapi

import bot
from bot.answering import Answerer

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "benchmarks" / "questions.jsonl"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system says to a question: passages, best first, how sure it is, and whether it shows the first."""

    passage_ids: tuple[str, ...]
    confidence: float
    answers: bool


System = Callable[[str], Reply]


def main(paths: Sequence[str]) -> None:
    """Print a table for each file."""
    answerer = bot.build(ROOT / "corpus")
    systems: dict[str, System] = {"citewell": citewell(answerer), "rank-bm25": tutorial(answerer)}
    for path in map(Path, paths or [str(OWN)]):
        questions = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        questions = [question for question in questions if "q" in question]
        print(f"{path.name}: {len(questions)} questions, {sum(not q['gold'] for q in questions)} of them out of scope")
        for name, system in systems.items():
            print(f"  {name:10} {measured(system, questions)}")


def citewell(answerer: Answerer) -> System:
    """The project itself."""

    def reply(question: str) -> Reply:
        found = answerer.find(question, limit=3)
        ids = tuple(hit.passage.passage_id for hit in found.hits)
        return Reply(ids, found.judgment.confidence, found.judgment.kind == "answer")

    return reply


def tutorial(answerer: Answerer) -> System:
    """Lower-cased words between white space, no stemming, an answer whatever the score."""
    ids = [passage.passage_id for passage in answerer.passages]
    scorer = BM25Okapi([f"{passage.title} {passage.text}".lower().split() for passage in answerer.passages])

    def reply(question: str) -> Reply:
        scores = scorer.get_scores(question.lower().split())
        best = np.argsort(-scores, kind="stable")[:3]
        return Reply(tuple(ids[at] for at in best), float(scores[best[0]]), answers=True)

    return reply


def measured(system: System, questions: Sequence[dict[str, Any]]) -> str:
    """The line of figures."""
    started = time.perf_counter()
    replies = [system(question["q"]) for question in questions]
    took = (time.perf_counter() - started) / len(questions) * 1000
    grades = [
        [q["gold"].get(one, 0) for one in reply.passage_ids] or [0] for q, reply in zip(questions, replies, strict=True)
    ]
    covered = np.array([bool(question["gold"]) for question in questions])
    first = np.array([grade[0] for grade in grades])
    answers = np.array([reply.answers for reply in replies])
    confidence = np.array([reply.confidence for reply in replies])
    third = np.array([2 in grade[:3] for grade in grades])
    right = np.where(covered, answers & (first == 2), ~answers)
    figures = {
        "Success@1": (first[covered] == 2).mean(),
        "Success@3": third[covered].mean(),
        "AUROC": _auroc(confidence[covered], confidence[~covered]),
        "right action": right.mean(),
        "relevant of given": (first[answers] > 0).mean(),
        "given": answers.mean(),
    }
    return "  ".join(f"{name} {value:.3f}" for name, value in figures.items()) + f"  {took:.2f} ms"


def _auroc(covered: Any, others: Any) -> float:  # two vectors of numbers
    """How often a question that is covered gets the higher confidence than one that is not; a tie counts half."""
    if not len(covered) or not len(others):
        return float("nan")
    return float(np.mean((covered[:, None] > others) + 0.5 * (covered[:, None] == others)))


if __name__ == "__main__":
    main(sys.argv[1:])
