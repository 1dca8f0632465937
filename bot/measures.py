"""From judged outcomes to figures: ranking, judgment, calibration, intervals, tests. Floor 1: imports nothing of ours.

A *grade* says how well a passage answers a question: 2 as well as any, 1 relevant, 0 not. *Grades* are those of one
question's hits, best hit first. A question is *answerable* when any passage has a grade above 0 for it. A figure over
nothing at all is ``nan``. What is drawn by lot is drawn from a fixed seed: the same outcomes give the same figures.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BEST = 2
RELEVANT = 1

SEED = 2007
RESAMPLES = 2_000  # the ends of a 95% interval of 170 numbers then move by 1.4% of its width from seed to seed
DRAWS = 5_000  # a p-value of 0.05 is then known to within 0.006
BINS = 10

_Z = 1.959963984540054  # the normal distribution's 97.5th percentile
_ROUNDING = 1e-12  # two sums of the same numbers in another order differ by less


# ---- ranking: of one question's grades


def success_at(grades: Sequence[int], k: int) -> bool:
    """Whether a passage of grade 2 is among the first ``k``. To be averaged over questions that have such a passage."""
    return BEST in grades[:k]


def reciprocal_rank(grades: Sequence[int], depth: int = 10) -> float:
    """1 / rank of the first relevant passage among the first ``depth``, or 0: to be averaged over answerable questions.

    Relevant is what has a grade of 1 or more, as in trec_eval; only `success_at` asks for a grade of
    2. Source: Voorhees, The TREC-8 question answering track report, 1999.
    """
    return next((1 / rank for rank, grade in enumerate(grades[:depth], start=1) if grade >= RELEVANT), 0.0)


def ndcg_at(grades: Sequence[int], judged: Sequence[int], k: int = 5) -> float:
    """Normalised discounted cumulative gain of the first ``k``, 0…1: to be averaged over answerable questions.

    The gain of grade g is 2^g − 1. ``judged`` are all grades that were given for the question, in any order: they make
    the best ranking there can be. Source: Järvelin and Kekäläinen 2002, with the gains of Burges et al. 2005.
    """
    ideal = _dcg(sorted(judged, reverse=True)[:k])
    return _dcg(grades[:k]) / ideal if ideal else math.nan


def _dcg(grades: Sequence[int]) -> float:
    return sum((math.exp2(grade) - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


# ---- judgment: what was done, and how sure


def right_action(answered: int | None, *, answerable: bool) -> bool:
    """Whether the right thing was done: a passage of grade 2 answered, or none where no passage answers.

    ``answered`` is the grade of the passage given as the answer; ``None`` when none was given, be it that others were
    suggested or nothing at all. An answerable question that has no passage of grade 2 is never done right.
    """
    return answered == BEST if answerable else answered is None


def proportion(outcomes: Sequence[bool]) -> float:
    """The share of those that are true, 0…1."""
    return sum(outcomes) / len(outcomes) if outcomes else math.nan


def auroc(answerable: ArrayLike, others: ArrayLike) -> float:
    """How often an answerable question has a higher confidence than one that is not, 0…1; a tie counts half.

    Both are vectors of confidences, in any unit. It is the area under the curve of true over false positives, and the
    sum of ranks of Mann and Whitney. Source: Hanley and McNeil 1982.
    """
    first, second = np.asarray(answerable, float), np.asarray(others, float)
    if not first.size or not second.size:
        return math.nan
    rank_sum = float(ranks(np.concatenate([first, second]))[: first.size].sum())
    return (rank_sum - first.size * (first.size + 1) / 2) / (first.size * second.size)


def ranks(confidence: ArrayLike) -> NDArray[np.float64]:
    """The rank of each number, the lowest 1; equal ones share the mean of theirs.

    Two runs whose confidences are in different units can swap ranks. Source: Bandos, Rockette and Gur 2005.
    """
    _, place, counts = np.unique(np.asarray(confidence, float), return_inverse=True, return_counts=True)
    ends: NDArray[np.int_] = np.cumsum(counts)
    shared: NDArray[np.float64] = ends - (counts - 1) / 2
    return shared[place]


@dataclass(frozen=True, slots=True)
class Threshold:
    """What answering from a confidence of ``confidence`` on would give.

    ``answer_rate`` is the share of answerable questions that get an answer, right or wrong; the literature on selective
    classification calls it coverage, which here is another word. ``precision`` is the share of relevant answers.
    """

    confidence: float
    answer_rate: float
    precision: float


def thresholds(confidence: ArrayLike, relevant: ArrayLike, answerable: ArrayLike) -> tuple[Threshold, ...]:
    """Each confidence that occurs as the lowest that is answered, highest first.

    Three vectors, one place per question: its confidence, whether its first passage is relevant, whether it is
    answerable. With no answerable question the answer rate is ``nan``.
    """
    sure, right, open_to = np.asarray(confidence, float), np.asarray(relevant, bool), np.asarray(answerable, bool)
    points = []
    for lowest in np.unique(sure)[::-1]:
        given = sure >= lowest
        rate = float(given[open_to].mean()) if open_to.any() else math.nan
        points.append(Threshold(float(lowest), rate, float(right[given].mean())))
    return tuple(points)


# ---- calibration: does confidence say how often we are right?


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like confidence: from ``low`` to below ``high``, both 0…1; the last bin includes 1.

    ``confidence`` is their mean, ``right`` the share that came out right, ``count`` how many they are, at least 1.
    """

    low: float
    high: float
    confidence: float
    right: float
    count: int


def reliability(confidence: ArrayLike, right: ArrayLike, *, weights: ArrayLike | None = None) -> tuple[Bin, ...]:
    """The reliability curve: `BINS` equally wide bins, lowest first, without the empty ones.

    ``confidence``, 0…1, and ``right``, true or false, are vectors with one place per question. ``weights``, above 0,
    say how much each question counts in the means of its bin; without them all count alike.
    """
    sure, came_out = np.asarray(confidence, float), np.asarray(right, bool)
    worth = np.ones(sure.shape) if weights is None else np.asarray(weights, float)
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    found = []
    for at in map(int, np.unique(place)):
        here = place == at
        mean, share = (float(np.average(of[here], weights=worth[here])) for of in (sure, came_out))
        found.append(Bin(at / BINS, (at + 1) / BINS, mean, share, int(here.sum())))
    return tuple(found)


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error, 0…1: by how much confidence and share right differ, averaged over questions.

    With few questions a bin it is above 0 by chance alone. Source: Naeini, Cooper and Hauskrecht 2015.
    """
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.confidence - one.right) for one in bins) / total if total else math.nan


def squared_error(confidence: float, *, right: bool) -> float:
    """How far a confidence is from what came out, squared, 0…1; its mean over questions is the Brier score.

    Always saying 0.5 gives a score of 0.25. Source: Brier 1950, in the form for two outcomes.
    """
    return (confidence - right) ** 2


# ---- intervals: how far another set of as many questions could have moved a figure


@dataclass(frozen=True, slots=True)
class Interval:
    """The ends of a 95% confidence interval."""

    low: float
    high: float


def wilson(right: int, count: int) -> Interval:
    """Of a share, ``right`` out of ``count``.

    Used for every share, because a bootstrap of eight right answers out of eight says "between 1 and 1" where this says
    "above 0.68", and types of question are often as few. Source: Wilson 1927; Brown, Cai and DasGupta 2001 on why.
    """
    if not count:
        return Interval(math.nan, math.nan)
    share, square = right / count, _Z**2 / count
    middle = (share + square / 2) / (1 + square)
    half = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    low = 0.0 if right == 0 else middle - half
    return Interval(low, 1.0 if right == count else middle + half)


def mean_interval(values: ArrayLike) -> Interval:
    """Of the mean of one number per question: percentile bootstrap. Source: Efron and Tibshirani 1993, chapter 13."""
    numbers = np.asarray(values, float)
    if not numbers.size:
        return Interval(math.nan, math.nan)
    lot = np.random.default_rng(SEED)
    return _percentiles([float(_redrawn(numbers.size, lot) @ numbers) for _ in range(RESAMPLES)])


def auroc_interval(answerable: ArrayLike, others: ArrayLike) -> Interval:
    """Of `auroc`: percentile bootstrap that redraws each of the two kinds of question by itself."""
    rows, columns = np.asarray(answerable, float)[:, None], np.asarray(others, float)
    wins = (rows > columns) + 0.5 * (rows == columns)
    if not wins.size:
        return Interval(math.nan, math.nan)
    lot = np.random.default_rng(SEED)
    first, second = wins.shape
    return _percentiles([float(_redrawn(first, lot) @ wins @ _redrawn(second, lot)) for _ in range(RESAMPLES)])


def _redrawn(count: int, lot: np.random.Generator) -> NDArray[np.float64]:
    """How often each of ``count`` questions is drawn when as many are drawn with putting back, as shares of 1."""
    return lot.multinomial(count, np.full(count, 1 / count)) / count


def _percentiles(figures: Sequence[float]) -> Interval:
    low, high = np.percentile(figures, [2.5, 97.5])
    return Interval(float(low), float(high))


# ---- tests: could the difference between two runs over the same questions be chance?


def sign_test(better: int, worse: int) -> float:
    """The two-sided p-value, 0…1, of a figure that is true or false: ``better`` questions turned true, ``worse`` false.

    Exact; what stayed as it was says nothing and is left out. Source: McNemar 1947, in its exact, binomial form.
    """
    changed = better + worse
    tail, ways = 0, 1
    for fewer in range(min(better, worse) + 1):
        tail += ways
        ways = ways * (changed - fewer) // (fewer + 1)
    return min(1.0, 2 * tail / (1 << changed))


def randomisation_test(difference: Callable[[NDArray[np.bool_]], float], questions: int) -> float:
    """The two-sided p-value, above 0…1, of any figure over two runs of the same ``questions``.

    ``difference`` gives the figure's difference between the runs after they have swapped what they did on the questions
    that are marked; the p-value is how often swapping by lot gives one as large as swapping none. A ``nan`` there is
    no difference. Never 0: the runs as they are count as one of the draws. Source: Smucker, Allan and Carterette 2007;
    Phipson and Smyth 2010.
    """
    seen = abs(difference(np.zeros(questions, bool))) - _ROUNDING
    if math.isnan(seen):
        return math.nan
    if seen <= 0:
        return 1.0  # as every draw would say
    lot = np.random.default_rng(SEED)
    as_large = [abs(difference(lot.random(questions) < 0.5)) >= seen for _ in range(DRAWS)]
    return (1 + as_large.count(True)) / (1 + DRAWS)
