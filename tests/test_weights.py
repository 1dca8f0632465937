"""judging.toml: what may stand in it."""

from pathlib import Path

import pytest

from bot.errors import CorpusError
from bot.model import Weights
from bot.weights import FILE, load_weights


def _load(folder: Path, text: str) -> Weights:
    (folder / FILE).write_text(text, "utf-8")
    return load_weights(folder)


def test_without_a_file_the_weights_that_come_with_citewell_hold(tmp_path: Path) -> None:
    assert load_weights(tmp_path) == Weights()


def test_a_line_changes_one_weight_and_leaves_the_others(tmp_path: Path) -> None:
    assert _load(tmp_path, "nearest = 2\n") == Weights(nearest=2.0)
    assert _load(tmp_path, "answer_from = 0.8\nstart = -1.5\n") == Weights(answer_from=0.8, start=-1.5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("answer_from = 1\n", "answer_from = 1"),
        ("answer_from = 0\n", "answer_from = 0"),
        ("suggest_from = 0.7\n", "suggest_from of at most answer_from"),
        ("words = -0.1\n", "words = -0.1"),
        ("coverage = nan\n", "coverage = nan"),
        ("start = 1e9\n", "start = 1000000000.0"),
        ("bias = 1\n", "bias = 1"),
        ("words = [1]\n", "words = "),
        ("words =\n", "cannot be read as TOML"),
    ],
)
def test_a_wrong_line_is_refused_and_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CorpusError) as refused:
        _load(tmp_path, text)

    assert FILE in str(refused.value)
    assert said in str(refused.value)
