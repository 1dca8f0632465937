"""``citewell evaluate``: judged questions asked, and how well they were answered."""

import math
import sys
from collections.abc import Sequence
from pathlib import Path

import click

import bot
from bot.answering import Answerer
from bot.comparison import compare
from bot.evaluation import Evaluation, load_run, run_json
from bot.evaluation import evaluate as ask_all
from bot.figures import MEASURES, figure_named
from bot.judged import JudgedQuestion, load_judged
from bot.report import report
from bot.summary import summary
from web.inputs import MAX_CONTEXT, check_text
from web.options import LoadSettings, setting_options
from web.terminal import progress, width, write

TOO_LOW = 1


def _how_many(_context: click.Context, _option: click.Parameter, value: str) -> int | None:
    """A whole number from 0 on; ``None`` for all."""
    if value != "all" and not (value.isascii() and value.isdigit()):
        message = f"{value!r} is not allowed; expected a whole number, or all"
        raise click.BadParameter(message)
    return None if value == "all" else int(value)


def _minimums(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, float]]:
    """Names of figures, and the least that each may be."""
    return [_minimum(value) for value in values]


def _minimum(value: str) -> tuple[str, float]:
    names = [measure.name for measure in MEASURES if measure.higher_is_better]
    name, _, least = value.partition("=")
    try:
        number = float(least)
    except ValueError:
        number = math.nan
    if name not in names or not 0 <= number <= 1:
        expected = f"a number from 0 to 1 for one of {', '.join(names)}, such as right_action=0.8"
        message = f"{value!r} is not allowed; expected {expected}"
        raise click.BadParameter(message)
    return name, number


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--html", type=click.Path(path_type=Path), metavar="…", help="Write a report with plots into this file.")
@click.option("--save", type=click.Path(path_type=Path), metavar="…", help="Write all that was found into this file.")
@click.option(
    "--compare",
    "other",
    type=click.Path(path_type=Path),
    metavar="…",
    help="Say what changed against a saved evaluation, or against the content in another folder.",
)
@click.option(
    "--failures", default="5", callback=_how_many, metavar="…", help="List this many of each kind, or all. [default: 5]"
)
@click.option(
    "--at-least",
    "minimums",
    multiple=True,
    callback=_minimums,
    metavar="NAME=…",
    help="Exit with 1 if a figure is less.",
)
@click.option("--json", "as_json", is_flag=True, help="Print all that was found as JSON.")
@setting_options("corpus")
@click.pass_obj
def evaluate(
    load: LoadSettings,
    /,
    *,
    files: tuple[Path, ...],
    html: Path | None,
    save: Path | None,
    other: Path | None,
    failures: int | None,
    minimums: list[tuple[str, float]],
    as_json: bool,
    **options: str | None,
) -> None:
    """Ask the judged questions in FILE… and say how well they were answered."""
    answerer = bot.build(load(options).corpus)
    passage_ids = {passage.passage_id for passage in answerer.passages}
    questions = load_judged(files, passage_ids=passage_ids, check=check_text, max_context=MAX_CONTEXT)
    earlier = _earlier(other, questions) if other else None
    evaluation = _evaluated(answerer, questions)
    comparison = compare(earlier, evaluation) if earlier else None
    if save:
        write(save, run_json(evaluation))
    if html:
        write(html, report(evaluation, comparison))
    if as_json:
        click.echo(run_json(evaluation, comparison=comparison), nl=False)
    else:
        click.echo(summary(evaluation, comparison, shown=failures, width=width()))
    sys.exit(TOO_LOW if _too_low(evaluation, minimums) else 0)


def _earlier(path: Path, questions: Sequence[JudgedQuestion]) -> Evaluation:
    """What to compare with: the evaluation in a file, or how the content in a folder answers the same questions."""
    return _evaluated(bot.build(path), questions) if path.is_dir() else load_run(path)


def _evaluated(answerer: Answerer, questions: Sequence[JudgedQuestion]) -> Evaluation:
    with progress("Asking", len(questions)) as step:
        return ask_all(answerer, questions, progress=step)


def _too_low(evaluation: Evaluation, minimums: Sequence[tuple[str, float]]) -> bool:
    """Whether a figure is less than it must be, or cannot be told; each that is so is named."""
    low = [
        (name, figure.value, least)
        for name, least in minimums
        for figure in [figure_named(evaluation.figures, name)]
        if figure.value is None or figure.value < least
    ]
    for name, value, least in low:
        said = "cannot be told from these questions" if value is None else f"is {value:.3f}"
        click.echo(f"citewell: {name} {said}; expected at least {least:g}", err=True)
    return bool(low)
