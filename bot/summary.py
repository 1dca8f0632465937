"""An evaluation as text for a terminal.

Floor 9: knows `comparison`, `evaluation`, `explaining`, `figures` and `records`.
"""

import textwrap
from collections.abc import Sequence
from itertools import groupby

from bot.comparison import CHANCE_NOTE, Comparison, FigureChange
from bot.evaluation import Evaluation
from bot.explaining import explained, failures, what_changed
from bot.figures import MEASURES, TYPE_MEASURES, Figure, figure_named
from bot.records import Record

_NOTHING = "–"


def summary(evaluation: Evaluation, comparison: Comparison | None, *, shown: int | None, width: int) -> str:
    """The evaluation for a terminal of ``width`` columns; ``shown`` of each kind of failure and change, or all."""
    parts = [_headline(evaluation), _figures_text(evaluation), _types_text(evaluation), _reliability_text(evaluation)]
    if comparison:
        parts += [_comparison_text(comparison, shown, width)]
    parts += [_failures_text(evaluation, shown, width)]
    return "\n\n".join(parts)


def _headline(evaluation: Evaluation) -> str:
    answerable = sum(record.answerable for record in evaluation.records)
    others = len(evaluation.records) - answerable
    return (
        f"{len(evaluation.records)} judged questions, {answerable} answerable and {others} not; "
        f"content version {evaluation.corpus_version}"
    )


def _number(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.3f}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _interval(figure: Figure) -> str:
    return _NOTHING if figure.low is None or figure.high is None else f"{figure.low:.2f} – {figure.high:.2f}"


def _figures_text(evaluation: Evaluation) -> str:
    rows = [["Figure", "name", "value", "95% interval", "questions"]]
    rows += [
        [measure.label, measure.name, _number(figure.value), _interval(figure), str(figure.count)]
        for measure, figure in zip(MEASURES, evaluation.figures, strict=True)
    ]
    return _table(rows)


def _types_text(evaluation: Evaluation) -> str:
    rows = [["Type", "questions", *(measure.name for measure in TYPE_MEASURES)]]
    for row in evaluation.types:
        found = [figure_named(row.figures, measure.name) for measure in TYPE_MEASURES]
        rows += [[row.type, str(row.count), *(_number(figure.value) for figure in found)]]
        rows += [["", "", *(_interval(figure) for figure in found)]]
    return _table(rows)


def _reliability_text(evaluation: Evaluation) -> str:
    rows = [["Confidence", "mean", "relevant", "questions"]]
    rows += [
        [f"{one.low:.1f} – {one.high:.1f}", f"{one.confidence:.2f}", f"{one.right:.2f}", str(one.count)]
        for one in evaluation.reliability
    ]
    return _table(rows)


def _comparison_text(comparison: Comparison, shown: int | None, width: int) -> str:
    versions = f"content version {comparison.corpus_before} before, {comparison.corpus_after} after"
    lines = [f"Compared: {comparison.questions} questions, {comparison.left_out} left out; {versions}", ""]
    rows = [["Figure", "before", "after", "change", "p"]]
    rows += [
        [measure.label, _number(one.before), _number(one.after), _difference(one), _number(one.chance)]
        for measure, one in zip(MEASURES, comparison.figures, strict=True)
    ]
    lines += [_table(rows), textwrap.fill(CHANCE_NOTE, width)]
    for heading, changes in (("Better", comparison.better), ("Worse", comparison.worse)):
        lines += ["", f"{heading}: {len(changes)}"]
        lines += [_wrapped(f"“{one.after.question}”  {what_changed(one)}", width, "  ") for one in changes[:shown]]
        lines += _more(len(changes), shown)
    return "\n".join(lines)


def _difference(change: FigureChange) -> str:
    return _NOTHING if change.before is None or change.after is None else f"{change.after - change.before:+.3f}"


def _failures_text(evaluation: Evaluation, shown: int | None, width: int) -> str:
    lines = []
    for outcome, group in groupby(failures(evaluation), key=lambda record: record.outcome):
        wrong = list(group)
        lines += ["", f"{outcome.capitalize()}: {len(wrong)}"]
        for record in wrong[:shown]:
            lines += ["", *_failure(record, evaluation, width)]
        lines += _more(len(wrong), shown)
    return "\n".join(lines[1:]) or "Every question came out right."


def _failure(record: Record, evaluation: Evaluation, width: int) -> list[str]:
    lines = [_wrapped(f"“{record.question}”  [{record.type}]", width, "  ")]
    if record.context:
        lines += [_wrapped(f"after: {', '.join(f'“{message}”' for message in record.context)}", width, "    ")]
    return lines + [_wrapped(f"{name}: {words}", width, "    ") for name, words in explained(record, evaluation)]


def _more(count: int, shown: int | None) -> list[str]:
    return [f"  … and {count - shown} more (--failures all)"] if shown is not None and count > shown else []


def _wrapped(words: str, width: int, indent: str) -> str:
    return textwrap.fill(
        " ".join(words.split()),
        width,
        initial_indent=indent,
        subsequent_indent=f"{indent}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
