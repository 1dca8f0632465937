"""Fitting the judge without a judged question."""

import math
from pathlib import Path

import numpy as np
import pytest

from bot.answering import Answerer
from bot.calibration import FOLDS, ON_TOPIC, Calibration, calibrate, fit
from bot.corpus import load_corpus
from bot.errors import CitewellError
from bot.model import Weights

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def shipped() -> tuple[Calibration, int]:
    """The calibration of the shipped corpus, and how many steps were told."""
    steps = []
    return calibrate(load_corpus(ROOT / "corpus"), lambda: steps.append(1)), len(steps)


def test_the_weights_that_come_with_citewell_are_those_that_the_shipped_corpus_gives(
    shipped: tuple[Calibration, int],
) -> None:
    fitted, ours = shipped[0].weights, Weights()

    assert (fitted.words, fitted.nearest, fitted.coverage, fitted.start) == pytest.approx(
        (ours.words, ours.nearest, ours.coverage, ours.start), abs=0.1
    )
    assert (fitted.answer_from, fitted.suggest_from) == (ours.answer_from, ours.suggest_from)


def test_questions_of_both_kinds_are_told_apart_though_none_was_known(shipped: tuple[Calibration, int]) -> None:
    calibration, steps = shipped

    assert steps == FOLDS
    assert calibration.answered > 1300
    assert calibration.questions - calibration.answered > 1200
    assert calibration.auroc > 0.9
    assert calibration.shown > 0.85
    assert calibration.refused > 0.7


def test_the_confidence_is_how_often_the_content_answers(shipped: tuple[Calibration, int]) -> None:
    reliability = shipped[0].reliability

    assert sum(one.count for one in reliability) == shipped[0].questions
    for one in reliability:
        assert one.low <= one.confidence <= one.high
        assert abs(one.right - one.confidence) < 0.1


def test_the_fit_finds_weights_that_can_be_told_beforehand() -> None:
    # Observations that say nothing: the bias alone has to give the share of questions that are on topic.
    seen = np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]])

    weight, bias = fit(seen, np.array([1.0, 0.0, 0.0]))

    assert weight == pytest.approx(0.0)
    assert 1 / (1 + math.exp(-bias)) == pytest.approx(ON_TOPIC)


def test_what_speaks_for_an_answer_gets_a_weight_above_0() -> None:
    seen = np.array([[1.0, 1.0], [2.0, 1.0], [-1.0, 1.0], [-2.0, 1.0]])

    weight, _ = fit(seen, np.array([1.0, 1.0, 0.0, 0.0]))
    opposite, _ = fit(-seen + [0.0, 2.0], np.array([1.0, 1.0, 0.0, 0.0]))

    assert weight > 0
    assert opposite == pytest.approx(-weight)


def test_a_corpus_without_ways_to_ask_has_too_little_to_learn_from(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# Sleep\n\nLie on your side.\n", "utf-8")

    with pytest.raises(CitewellError, match="0 ways to ask are too few to fit the judge; expected at least 30"):
        calibrate(load_corpus(tmp_path))


def test_in_a_language_without_bundled_questions_the_clinic_has_to_list_some(tmp_path: Path) -> None:
    ways = "\n".join(f"wie oft soll ich schlafen {number}" for number in range(200))
    (tmp_path / "seite.md").write_text(f"# Schlaf\n\nSchlafen Sie gut.\n\n<!-- also asked:\n{ways}\n-->\n", "utf-8")
    (tmp_path / "clinic.toml").write_text('languages = ["de"]\n', "utf-8")

    with pytest.raises(CitewellError, match="0 questions that are not covered are too few"):
        calibrate(load_corpus(tmp_path))


def test_weights_of_its_own_change_what_a_corpus_answers(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# Sleep\n\nLie on your side at night.\n", "utf-8")
    question = "should I lie on my side"
    before = Answerer(load_corpus(tmp_path)).answer(question)
    (tmp_path / "judging.toml").write_text("start = -50\n", "utf-8")
    after = Answerer(load_corpus(tmp_path)).answer(question)

    assert (before.kind, after.kind) == ("answer", "none")
    assert after.confidence < 1e-6
    assert before.corpus_version != after.corpus_version
