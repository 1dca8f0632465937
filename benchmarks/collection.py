"""A public test collection as Citewell's nouns: a folder in, a `Collection` out.

The folder holds ``passages.jsonl`` (``id``, ``title``, ``text`` and perhaps ``variants``, other ways to ask),
``queries.tsv`` (id, question), ``qrels.tsv`` (query id, passage id, grade) and perhaps ``oos_queries.tsv`` (id,
question, kind), questions that no passage answers. Grades above 0 all count as 2; a query without one is left out.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.judged import UNTYPED, JudgedQuestion
from bot.measures import BEST
from bot.model import Block, Passage


@dataclass(frozen=True, slots=True)
class Collection:
    """Passages, the questions that they answer, and those that none of them does."""

    name: str
    passages: tuple[Passage, ...]
    questions: tuple[JudgedQuestion, ...]

    @property
    def kinds_outside(self) -> tuple[str, ...]:
        """The kinds of questions that no passage answers, in the order of first use."""
        return tuple(dict.fromkeys(question.type for question in self.questions if not question.gold))


def load_collection(folder: Path) -> Collection:
    """All of ``folder``; raises `OSError`, `ValueError` or `KeyError` for one of another form."""
    gold: dict[str, dict[str, int]] = {}
    for query, passage_id, grade in _rows(folder / "qrels.tsv"):
        if int(grade) > 0:
            gold.setdefault(query, {})[passage_id] = BEST
    covered = [
        JudgedQuestion(question, (), gold[query], UNTYPED)
        for query, question in _rows(folder / "queries.tsv")
        if query in gold
    ]
    outside = folder / "oos_queries.tsv"
    others = [
        JudgedQuestion(question, (), {}, kind) for _, question, kind in (_rows(outside) if outside.exists() else ())
    ]
    passages = tuple(_passage(line) for line in (folder / "passages.jsonl").read_text("utf-8").splitlines())
    return Collection(folder.name, passages, (*covered, *others))


def _rows(path: Path) -> Iterator[list[str]]:
    return (line.split("\t") for line in path.read_text("utf-8").split("\n") if line)


def _passage(line: str) -> Passage:
    read = json.loads(line)
    return Passage(
        passage_id=read["id"],
        doc_id="",
        anchor=read["id"],
        title=read.get("title") or "",
        path=(),
        text=read["text"],
        blocks=tuple(Block("p", line) for line in read["text"].split("\n")),
        references=(),
        classes=frozenset(),
        content_hash="",
        also_asked=tuple(read.get("variants", ())),
    )
