"""From the hits: do we stand by the best one? Floor 3: knows `model` only.

A first, plain rule: a passage answers when it holds enough of what the question is about. Coverage counts a rare word
more than a common one, and an unknown word most of all, so a question about something else falls below.
"""

from collections.abc import Sequence

from bot.model import AnswerKind, Hit, Judgment

# Chosen, not fitted. Coverage alone hardly separates questions that the content answers from those that it does not
# (README, "Limits"), which is why the confidence is not yet a calibrated probability.
ANSWER_FROM = 0.5
SUGGEST_FROM = 0.25


def judge(hits: Sequence[Hit]) -> Judgment:
    """What the ranked ``hits`` allow us to say; none at all is a judgment of ``none`` with confidence 0."""
    confidence = hits[0].coverage if hits else 0.0
    return Judgment(_kind(confidence), confidence)


def _kind(confidence: float) -> AnswerKind:
    if confidence >= ANSWER_FROM:
        return "answer"
    return "suggestions" if confidence >= SUGGEST_FROM else "none"
