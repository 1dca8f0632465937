"""Why a question came out as it did, in words.

Floor 8: knows `comparison`, `evaluation`, `measures`, `records` and `showing`.
"""

from bot.comparison import Change
from bot.evaluation import Evaluation
from bot.measures import BEST, RELEVANT
from bot.records import DEPTH, OUTCOMES, Record
from bot.showing import MAX_ALTERNATIVES


def failures(evaluation: Evaluation) -> tuple[Record, ...]:
    """What did not come out right, by outcome; first what the confidence was furthest off for."""
    order = {outcome: place for place, outcome in enumerate(OUTCOMES)}
    wrong = [record for record in evaluation.records if record.outcome != "right"]
    return tuple(sorted(wrong, key=lambda record: (order[record.outcome], _doubt(record))))


def _doubt(record: Record) -> float:
    """Less for a larger mistake: sure of an answer, or unsure where one was due."""
    return record.confidence if record.answered is None else -record.confidence


def explained(record: Record, evaluation: Evaluation) -> list[tuple[str, str]]:
    """Why a question came out as it did: names and words, in the order of the way of a question."""
    rows = [("expected", _expected(record)), ("shown", _shown(record, evaluation))]
    rows += [("confidence", f"{record.confidence:.2f}, {record.outcome}")]
    if record.reasons:
        rows += [("because", ", ".join(f"{one.name} {one.seen:.2f} ({one.added:+.2f})" for one in record.reasons))]
    if record.matched:
        matches = [f"{one.word} → {one.term} in {one.field} {one.score:.2f}" for one in record.matched]
        rows += [("matched", ", ".join(matches))]
    return rows


def _expected(record: Record) -> str:
    places = {hit.id: place for place, hit in enumerate(record.ranked, start=1)}
    best = [passage_id for passage_id, grade in record.gold.items() if grade == BEST]
    parts = [f"{one} (rank {places[one]})" if one in places else f"{one} (not in {DEPTH})" for one in best]
    return ", ".join(parts) if parts else "no passage of grade 2" if record.gold else "no answer"


def _shown(record: Record, evaluation: Evaluation) -> str:
    if record.answered is None:
        offered = [hit.id for hit in record.ranked[:MAX_ALTERNATIVES]] if record.kind == "suggestions" else []
        return f"did you mean: {', '.join(offered)}" if offered else "not covered"
    first = record.ranked[0].id
    standing = "relevant, grade 1" if record.answered >= RELEVANT else "not relevant"
    return f"{first} “{evaluation.titles.get(first, '')}” ({standing})"


def what_changed(change: Change) -> str:
    """From what to what a question went."""
    if change.before.outcome != change.after.outcome:
        return f"{change.before.outcome} → {change.after.outcome}"
    ranks = change.before.best_rank, change.after.best_rank
    before, after = (f"rank {rank}" if rank else f"not in {DEPTH}" for rank in ranks)
    return f"best passage: {before} → {after}"
