"""The load benchmark: its questions are all different, its figures are counted right, and it runs."""

import os
import shutil
from itertools import islice

import pytest
from click.testing import CliRunner

from benchmarks import load
from benchmarks.load import CHAT, Round
from benchmarks.null import PATH as NULL
from web.inputs import check_text


def test_there_are_thousands_of_questions_and_all_are_different_and_may_be_asked() -> None:
    questions = list(islice(load.questions(), 12_000))

    assert len(set(questions)) == 12_000
    assert [question for question in questions[::50] if check_text(question)] == []


def test_ratios_are_those_within_pairs_of_rounds_so_that_noise_hits_both() -> None:
    quiet = Round(100, 1.0, 0, 1.0, 2.0, 3.0, 0.5)
    noisy = Round(40, 2.0, 1, 5.0, 10.0, 15.0, 0.5)
    twice_as_fast = (Round(200, 1.0, 0, 0.5, 1.0, 1.5, 0.25), Round(80, 2.0, 0, 2.5, 5.0, 7.5, 0.25))

    *_, chat, null, ratio = load.report({CHAT: [quiet, noisy], NULL: list(twice_as_fast)}).splitlines()

    assert chat.split() == [CHAT, "60", "3.00", "6.00", "9.00", "0.50", "1"]
    assert null.split()[:2] == [NULL, "120"]
    assert ratio.split() == ["ratio", "0.50", "2.00", "2.00", "2.00", "2.00"]


def test_memory_that_processes_share_is_counted_once() -> None:
    said = load.memory(os.getpid())

    assert said.startswith("memory: ")
    assert said.endswith(" MB in all (shared pages counted once)")


@pytest.mark.server
def test_a_short_run_asks_both_without_an_error() -> None:
    if not shutil.which("wrk"):
        pytest.skip("Debian's package wrk is not installed")

    done = CliRunner().invoke(load.main, ["--rounds", "1", "--seconds", "2", "--requests", "20", "--processes", "2"])

    assert done.exit_code == 0, done.output
    _, chat, null, ratio, memory = done.output.splitlines()
    assert (chat.split()[0], chat.split()[-1]) == (CHAT, "0")
    assert (null.split()[0], null.split()[-1]) == (NULL, "0")
    assert float(ratio.split()[1]) > 0
    assert memory.count(" + ") == 2
