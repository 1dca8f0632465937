"""The figures: hand-computed values, values from elsewhere, properties that must hold for any outcomes."""

import math
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot import measures
from bot.measures import Bin, Interval, Threshold

grades = st.lists(st.integers(0, 2), max_size=12)
shares = st.floats(0, 1)
judged_confidences = st.lists(st.tuples(shares, st.booleans()), min_size=1, max_size=40)


# ---- ranking


def test_success_counts_only_the_best_grade_and_only_among_the_first_k() -> None:
    assert measures.success_at([1, 2, 0], 2)
    assert not measures.success_at([1, 2, 0], 1)
    assert not measures.success_at([1, 1, 1], 3)
    assert not measures.success_at([], 1)


def test_the_reciprocal_rank_is_that_of_the_first_relevant_passage_of_either_grade() -> None:
    assert measures.reciprocal_rank([0, 0, 1, 2]) == 1 / 3
    assert measures.reciprocal_rank([2, 1]) == 1
    assert measures.reciprocal_rank([0, 0]) == measures.reciprocal_rank([]) == 0


def test_the_reciprocal_rank_looks_at_the_first_ten_only() -> None:
    assert measures.reciprocal_rank([0] * 9 + [1]) == 1 / 10
    assert measures.reciprocal_rank([0] * 10 + [1]) == 0


def test_the_discounted_gain_is_as_computed_by_hand() -> None:
    # gains 1, 0, 3 at ranks 1, 2, 3: 1/1 + 0 + 3/2 = 2.5; ideal 3, 1, 1 at ranks 1, 2, 3: 3 + 1/log2(3) + 1/2
    assert measures.ndcg_at([1, 0, 2], [1, 2, 1]) == pytest.approx(2.5 / (3.5 + 1 / math.log2(3)))


def test_the_discounted_gain_is_that_of_the_worked_example_of_others() -> None:
    # The example that many texts share: 0.961 with the grades themselves as gains, 0.949 with these.
    assert measures.ndcg_at([3, 2, 3, 0, 1, 2], [3, 2, 3, 0, 1, 2], 6) == pytest.approx(0.949, abs=0.0005)


def test_the_discounted_gain_looks_at_the_first_five_and_so_does_its_ideal() -> None:
    assert measures.ndcg_at([2] * 5, [2] * 9) == 1
    assert measures.ndcg_at([0] * 5 + [2], [2]) == 0


def test_without_a_passage_that_answers_there_is_no_gain_to_compare_with() -> None:
    assert math.isnan(measures.ndcg_at([0, 0], []))


@given(grades, grades)
def test_ranking_figures_stay_between_none_and_perfect(found: list[int], missed: list[int]) -> None:
    judged = [grade for grade in found + missed if grade]

    assert 0 <= measures.reciprocal_rank(found) <= 1
    if judged:
        assert 0 <= measures.ndcg_at(found, judged) <= 1 + 1e-12
        assert measures.ndcg_at(sorted(judged, reverse=True), judged) == pytest.approx(1)


@given(grades.filter(any), st.data())
def test_bringing_a_better_passage_forward_never_lowers_a_ranking_figure(found: list[int], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(found) - 1))
    improved = [found[at], *found[:at], *found[at + 1 :]]
    if found[at] < max(found[: at + 1]):
        return

    assert measures.reciprocal_rank(improved) >= measures.reciprocal_rank(found)
    assert measures.ndcg_at(improved, found) >= measures.ndcg_at(found, found) - 1e-12
    assert measures.success_at(improved, 3) >= measures.success_at(found, 3)


# ---- judgment


@pytest.mark.parametrize(
    ("answered", "answerable", "right"),
    [
        (2, True, True),
        (1, True, False),
        (0, True, False),
        (None, True, False),
        (None, False, True),
        (0, False, False),
    ],
)
def test_right_is_the_best_passage_answered_or_none_where_none_answers(
    answered: int | None, answerable: bool, right: bool
) -> None:
    assert measures.right_action(answered, answerable=answerable) is right


def test_a_share_is_that_of_what_is_true_and_there_is_none_of_nothing() -> None:
    assert measures.proportion([True, False, False, True, True]) == 3 / 5
    assert math.isnan(measures.proportion([]))


def test_auroc_counts_pairs_that_stand_in_the_right_order_and_half_of_the_ties() -> None:
    assert measures.auroc([0.9, 0.5], [0.5, 0.1]) == (1 + 1 + 0.5 + 1) / 4
    assert measures.auroc([1, 2], [3]) == 0
    assert math.isnan(measures.auroc([], [0.5]))
    assert math.isnan(measures.auroc([0.5], []))


@given(st.lists(shares, min_size=1, max_size=20), st.lists(shares, min_size=1, max_size=20))
def test_auroc_is_what_counting_all_pairs_gives(answerable: list[float], others: list[float]) -> None:
    won = [(one > other) + 0.5 * (one == other) for one in answerable for other in others]

    assert measures.auroc(answerable, others) == pytest.approx(sum(won) / len(won))


@given(st.lists(shares, min_size=1, max_size=20), st.lists(shares, min_size=1, max_size=20))
def test_auroc_asks_only_for_the_order_and_turns_round_with_it(answerable: list[float], others: list[float]) -> None:
    area = measures.auroc(answerable, others)

    assert 0 <= area <= 1
    assert measures.auroc(others, answerable) == pytest.approx(1 - area)
    assert measures.auroc(np.array(answerable) * 8, np.array(others) * 8) == area  # times 8 is exact


def test_every_threshold_says_what_answering_from_there_on_gives() -> None:
    points = measures.thresholds([0.9, 0.6, 0.6, 0.2], [True, False, True, False], [True, True, True, False])

    assert points == (
        Threshold(0.9, 1 / 3, 1.0),
        Threshold(0.6, 1.0, 2 / 3),
        Threshold(0.2, 1.0, 0.5),
    )


def test_a_threshold_without_answerable_questions_has_no_answer_rate() -> None:
    (point,) = measures.thresholds([0.4], [False], [False])

    assert math.isnan(point.answer_rate)
    assert point.precision == 0


# ---- calibration


def test_bins_are_equally_wide_hold_their_lower_end_and_leave_out_the_empty_ones() -> None:
    bins = measures.reliability([0.0, 0.09, 0.1, 1.0], [False, True, True, True])

    assert bins == (
        Bin(0.0, 0.1, 0.045, 0.5, 2),
        Bin(0.1, 0.2, 0.1, 1.0, 1),
        Bin(0.9, 1.0, 1.0, 1.0, 1),
    )


def test_a_question_of_twice_the_weight_counts_twice_in_the_means_of_its_bin_and_once_in_its_size() -> None:
    (weighed,) = measures.reliability([0.11, 0.17], [True, False], weights=[2.0, 1.0])
    (typed_twice,) = measures.reliability([0.11, 0.11, 0.17], [True, True, False])

    assert (weighed.confidence, weighed.right) == pytest.approx((0.13, 2 / 3))
    assert (weighed.confidence, weighed.right) == pytest.approx((typed_twice.confidence, typed_twice.right))
    assert (weighed.count, typed_twice.count) == (2, 3)


def test_the_calibration_error_weighs_each_bin_by_its_questions() -> None:
    bins = (Bin(0.0, 0.5, 0.2, 0.5, 3), Bin(0.5, 1.0, 0.9, 0.8, 1))

    assert measures.calibration_error(bins) == pytest.approx((3 * 0.3 + 1 * 0.1) / 4)
    assert math.isnan(measures.calibration_error(()))


def test_the_squared_error_grows_with_the_distance_from_what_came_out() -> None:
    assert measures.squared_error(0.8, right=True) == pytest.approx(0.04)
    assert measures.squared_error(0.3, right=False) == pytest.approx(0.09)
    assert measures.squared_error(0.5, right=True) == measures.squared_error(0.5, right=False) == 0.25
    assert (measures.squared_error(1, right=True), measures.squared_error(1, right=False)) == (0, 1)


@given(judged_confidences)
def test_no_question_is_lost_in_the_bins_and_their_means_are_the_whole_mean(judged: list[tuple[float, bool]]) -> None:
    confidence, right = zip(*judged, strict=True)

    bins = measures.reliability(confidence, right)

    assert sum(one.count for one in bins) == len(judged)
    assert sum(one.count * one.confidence for one in bins) == pytest.approx(sum(confidence))
    assert sum(one.count * one.right for one in bins) == pytest.approx(sum(right))
    assert all(one.low - 1e-9 <= one.confidence <= one.high + 1e-9 for one in bins)
    assert abs(sum(confidence) - sum(right)) / len(judged) <= measures.calibration_error(bins) + 1e-9 <= 1 + 2e-9


# ---- intervals


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [(81, 263, 0.255, 0.366), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_that_of_newcombes_table(right: int, count: int, low: float, high: float) -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    interval = measures.wilson(right, count)

    assert (interval.low, interval.high) == pytest.approx((low, high), abs=0.0005)


@given(st.integers(0, 300), st.integers(1, 300))
def test_wilsons_interval_holds_the_share_stays_in_range_and_mirrors(right: int, count: int) -> None:
    right = min(right, count)

    interval, mirrored = measures.wilson(right, count), measures.wilson(count - right, count)

    assert 0 <= interval.low <= right / count <= interval.high <= 1
    assert interval.low < interval.high
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_a_figure_over_nothing_has_no_interval() -> None:
    for interval in (measures.wilson(0, 0), measures.mean_interval([]), measures.auroc_interval([], [1])):
        assert math.isnan(interval.low)
        assert math.isnan(interval.high)


def test_the_bootstrap_of_a_mean_is_near_the_normal_distributions_interval() -> None:
    numbers = np.linspace(0, 1, 400)
    half = 1.96 * float(numbers.std()) / math.sqrt(400)

    interval = measures.mean_interval(numbers)

    assert (interval.low, interval.high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.003)


def test_the_bootstrap_of_auroc_is_near_the_interval_of_hanley_and_mcneil() -> None:
    lot = np.random.default_rng(1)
    answerable, others = lot.normal(1, 1, 150), lot.normal(0, 1, 100)
    area = measures.auroc(answerable, others)
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    variance = (area * (1 - area) + 149 * (first - area**2) + 99 * (second - area**2)) / (150 * 100)
    half = 1.96 * math.sqrt(variance)

    interval = measures.auroc_interval(answerable, others)

    assert (interval.low, interval.high) == pytest.approx((area - half, area + half), abs=0.012)


@settings(max_examples=20)
@given(st.lists(shares, min_size=1, max_size=15))
def test_an_interval_is_the_same_every_time_and_holds_no_number_that_cannot_be_a_mean(values: list[float]) -> None:
    interval = measures.mean_interval(values)

    assert interval == measures.mean_interval(values)
    assert min(values) - 1e-9 <= interval.low <= interval.high <= max(values) + 1e-9


def test_equal_numbers_leave_no_doubt() -> None:
    interval = measures.mean_interval([0.25] * 6)

    assert (interval.low, interval.high) == pytest.approx((0.25, 0.25))
    assert measures.auroc_interval([0.9, 0.8], [0.1]) == Interval(1.0, 1.0)


# ---- tests


@pytest.mark.parametrize(
    ("better", "worse", "chance"),
    [(0, 0, 1.0), (3, 3, 1.0), (5, 0, 2 / 32), (0, 5, 2 / 32), (9, 1, 22 / 1024), (1, 0, 1.0)],
)
def test_the_sign_test_counts_the_ways_in_which_coins_could_have_fallen(better: int, worse: int, chance: float) -> None:
    assert measures.sign_test(better, worse) == chance


def test_the_sign_test_has_no_largest_number_of_questions() -> None:
    assert measures.sign_test(3000, 3000) == 1
    assert 0 < measures.sign_test(1600, 1400) < 0.001


def _mean_difference(differences: list[float]) -> Callable[[NDArray[np.bool_]], float]:
    numbers = np.array(differences)
    return lambda swapped: float(np.where(swapped, -numbers, numbers).mean())


@pytest.mark.parametrize("differences", [[1.0] * 6, [0.5, 0.25, -0.125, 1.0, 0.0, 0.75], [0.1, -0.1]])
def test_the_randomisation_test_comes_near_counting_all_swaps(differences: list[float]) -> None:
    seen = abs(sum(differences))
    all_swaps = [
        abs(sum(sign * each for sign, each in zip(signs, differences, strict=True))) >= seen - 1e-12
        for signs in product((1, -1), repeat=len(differences))
    ]

    chance = measures.randomisation_test(_mean_difference(differences), len(differences))

    assert chance == pytest.approx(sum(all_swaps) / len(all_swaps), abs=0.02)


def test_a_difference_that_no_swap_reaches_is_never_called_impossible() -> None:
    assert measures.randomisation_test(_mean_difference([1.0] * 60), 60) == 1 / (1 + measures.DRAWS)


def test_runs_that_do_not_differ_are_as_different_as_any_swap_makes_them() -> None:
    assert measures.randomisation_test(_mean_difference([0.0] * 8), 8) == 1
    assert measures.randomisation_test(lambda _swapped: 0.0, 0) == 1


def test_a_difference_that_cannot_be_told_cannot_be_tested() -> None:
    assert math.isnan(measures.randomisation_test(lambda _swapped: math.nan, 5))


def test_equal_numbers_share_the_mean_of_their_ranks() -> None:
    assert measures.ranks([0.5, 0.1, 0.5, 0.9]).tolist() == [2.5, 1.0, 2.5, 4.0]
    assert measures.ranks([]).tolist() == []
