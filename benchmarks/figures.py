"""Citewell's measures under the names that the literature has for them, and p-values as text."""

from collections.abc import Sequence
from dataclasses import replace

from bot.comparison import chance
from bot.figures import MEASURES, Measure, ndcg_at
from bot.records import DEPTH, Record

_OURS = {measure.name: measure for measure in MEASURES}

SUCCESS_AT_1 = replace(_OURS["success_at_1"], name="Success@1")
SUCCESS_AT_3 = replace(_OURS["success_at_3"], name="Success@3")
RECIPROCAL_RANK = replace(_OURS["rr_at_10"], name=f"RR@{DEPTH}")
NDCG_AT_5 = replace(_OURS["ndcg_at_5"], name="nDCG@5")
NDCG_AT_10 = replace(NDCG_AT_5, name="nDCG@10", value=ndcg_at(10))
AUROC = replace(_OURS["auroc"], name="AUROC")
RIGHT_ACTION = replace(_OURS["right_action"], name="right action")
RELEVANT_OF_GIVEN = replace(_OURS["precision"], name="relevant of given")


def auroc_from(kind: str) -> Measure:
    """How well confidence tells answerable questions from those others that are of the type ``kind``."""
    return replace(
        AUROC,
        name=f"AUROC {kind}",
        value=lambda record: record.confidence if record.answerable or record.type == kind else None,
    )


def chance_text(measure: Measure, first: Sequence[Record], second: Sequence[Record]) -> str:
    """The p-value of the difference between two systems on the same questions, as it is written in a table."""
    value = chance(measure, first, second)
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
