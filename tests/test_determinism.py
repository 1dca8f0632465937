"""The same corpus and the same question give the same answer, to the last digit: in any process, in any file order."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import bot
from bot.answering import Answerer
from bot.corpus import load_corpus
from bot.model import Finding

ROOT = Path(__file__).resolve().parent.parent

FOLDER = ROOT / "corpus"

WriteCorpus = Callable[..., Path]

BENCHMARK = [
    record["q"]
    for record in map(json.loads, (ROOT / "corpus/questions.jsonl").read_text("utf-8").splitlines())
    if "q" in record
]
# Slips, stand-ins, ties, bounds, fixed wording, nothing, another script.
QUESTIONS = [*BENCHMARK[::2][:80], *"back running why 42 zebra sciatica doctor pain spine worse".split()]
QUESTIONS += ["runing shose", "backpain", "what is it", "5 10", "can I take ibuprofen with aspirin", "পিঠে ব্যথা"]
QUESTIONS += ["my kness and anckle hurt", "Do you speak Bangla?", "?!", "how do I stretch, rest, ice and strengthen it"]

_CHILD = """
import bot
from test_determinism import FOLDER, QUESTIONS, dumped
print("\\n".join(dumped(bot.build(FOLDER), QUESTIONS)))
"""


def _plain(value: object) -> object:
    """What JSON has no word for: sets in order, dates and mappings as they print."""
    return sorted(value) if isinstance(value, frozenset) else str(value)


def dumped(answerer: Answerer, questions: Iterable[str]) -> list[str]:
    """Everything found and answered, every number in full."""
    today = date(2026, 11, 1)
    replies = ((answerer.find(question, limit=8), answerer.answer(question, today=today)) for question in questions)
    return [json.dumps([_explained(found), asdict(answer)], default=_plain) for found, answer in replies]


def _explained(found: Finding) -> dict[str, Any]:
    """``found`` with what there is to say of each hit, which is found out only when it is asked for."""
    hits = [
        {
            "passage": asdict(hit.passage),
            "score": hit.score,
            "listed": hit.listed,
            "coverage": hit.coverage,
            "matched": hit.matched,
            "contributions": [asdict(one) for one in hit.contributions],
        }
        for hit in found.hits
    ]
    return {**asdict(replace(found, hits=())), "hits": hits}


def test_there_are_a_hundred_questions_of_every_outcome(answerer: Answerer) -> None:
    kinds = [answerer.find(question, limit=1).judgment.kind for question in QUESTIONS]

    assert len(set(QUESTIONS)) == 100
    assert min(kinds.count("answer"), kinds.count("suggestions"), kinds.count("none")) >= 8


def test_two_processes_with_different_hash_seeds_say_the_same_to_the_last_digit(answerer: Answerer) -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", _CHILD],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout.splitlines()
        for seed in ("1", "4242")
    ]

    assert len(said[0]) == len(QUESTIONS) == 100
    assert said[0] == said[1]
    assert said[0] == dumped(answerer, QUESTIONS)


def test_what_is_compared_has_scores_and_reasons_in_full(answerer: Answerer) -> None:
    found, answer = json.loads(dumped(answerer, ["why does my back hurt after long runs"])[0])

    expected = answerer.find("why does my back hurt after long runs", limit=8)
    assert [hit["score"] for hit in found["hits"]] == [hit.score for hit in expected.hits]
    assert [hit["coverage"] for hit in found["hits"]] == [hit.coverage for hit in expected.hits]
    assert [reason["added"] for reason in found["judgment"]["reasons"]] == [
        reason.added for reason in expected.judgment.reasons
    ]
    assert [reason["detail"] for reason in found["judgment"]["reasons"]][1:3] != ["", ""]
    assert answer["confidence"] == expected.judgment.confidence


def test_two_answerers_in_one_process_say_the_same(answerer: Answerer) -> None:
    again = Answerer(load_corpus(FOLDER))

    assert dumped(again, QUESTIONS[::4]) == dumped(answerer, QUESTIONS[::4])


def test_what_was_asked_before_changes_nothing(answerer: Answerer) -> None:
    forwards = dumped(answerer, QUESTIONS[::4])
    backwards = dumped(answerer, QUESTIONS[::4][::-1])

    assert backwards[::-1] == forwards


def test_the_order_in_which_files_come_to_a_folder_does_not_matter(tmp_path: Path) -> None:
    files = sorted(path for path in FOLDER.iterdir() if path.is_file())
    dumps, listings = [], []
    for name, order in (("first", files), ("second", files[::-1]), ("third", files[3:] + files[:3])):
        folder = tmp_path / name
        folder.mkdir()
        for path in order:
            (folder / path.name).write_bytes(path.read_bytes())
        listings.append([path.name for path in folder.iterdir()])
        dumps.append(dumped(bot.build(folder), QUESTIONS[::10]))

    assert sorted(listings[0]) == sorted(listings[1]) == sorted(listings[2])
    assert dumps[0] == dumps[1] == dumps[2]


def test_passages_that_score_the_same_stand_in_corpus_order(write_corpus: WriteCorpus) -> None:
    page = "# {0}\n\n## Ice {0}\n\nIce numbs {0}.\n"
    folder = write_corpus({f"{name}.md": page.format(name) for name in ("delta", "alpha", "golf", "bravo")})

    hits = bot.build(folder).find("what does ice numb").hits
    assert len({hit.score for hit in hits}) == 1
    assert [hit.passage.doc_id for hit in hits] == ["alpha", "bravo", "delta", "golf"]
