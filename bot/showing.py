"""What of a finding is shown: all of it, or what a safety message leaves.

Floor 2: knows `model`, `reply` and `wording`.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot import wording
from bot.model import AnswerKind, Finding, FixedSort, FixedWording, Hit, Judgment
from bot.reply import Alert

MAX_ALTERNATIVES = 3

_MESSAGES: dict[AnswerKind, str | None] = {
    "answer": None,
    "suggestions": wording.NOT_SURE,
    "none": wording.NOT_COVERED,
}
_WITHHELD = FixedWording("withheld", "a safety message withholds it", (), wording.WITHHELD)


def stands_alone(alert: Alert | None) -> bool:
    """Whether nothing is shown beside ``alert``."""
    return alert is not None and alert.placement == "replace"


def message(found: Finding) -> str | None:
    """What is said where no passage is shown."""
    return found.fixed.message if found.fixed else _MESSAGES[found.judgment.kind]


def sort(found: Finding) -> FixedSort | None:
    """That of the fixed wording, where it is any."""
    return found.fixed.sort if found.fixed else None


def without(found: Finding, withheld: Collection[str]) -> Finding:
    """``found`` without the sections of ``withheld`` classes; where the answer was one of them, fixed wording."""
    if not withheld:
        return found
    hits = tuple(hit for hit in found.hits if not hit.passage.classes & frozenset(withheld))
    if found.judgment.kind == "answer" and hits[:1] != found.hits[:1]:
        return replace(found, hits=hits, judgment=Judgment("none", 0.0), fixed=_WITHHELD)
    return replace(found, hits=hits)


def others(found: Finding) -> Sequence[Hit]:
    """The hits to offer beside the answer, or instead of one."""
    match found.judgment.kind:
        case "answer":
            return found.hits[1:]
        case "suggestions":
            return found.hits[:MAX_ALTERNATIVES]
        case _:
            return ()
