"""``citewell check`` and ``citewell calibrate``: look at the clinic's content, and fit the judge to it."""

import sys

import click

import bot
from bot.calibration import FOLDS
from bot.calibration import calibrate as fit
from bot.checking import warnings
from bot.corpus import load_corpus
from bot.rehearsal import run
from bot.safety import Safety
from bot.telling import calibration_text, weights_toml
from bot.weights import FILE as WEIGHTS_FILE
from web.clock import today
from web.options import LoadSettings, setting_options
from web.terminal import progress, write

FAILED = 1


@click.command()
@setting_options("corpus")
@click.pass_obj
def check(load: LoadSettings, /, **options: str | None) -> None:
    """Load the content, run its safety tests, say what is in it and what deserves a look."""
    folder = load(options).corpus
    answerer = bot.build(folder)
    corpus = answerer.corpus
    tests = [test for test in corpus.safety_tests if test.path.is_relative_to(folder)]
    with progress("Testing", len(tests)) as step:
        outcomes = run(Safety(corpus.safety).raised, tests, step) if corpus.safety else []  # by the rules alone
    failed = [one for one in outcomes if not one.passed and not one.test.gap]
    for one in failed:
        click.echo(f"failed: {one}")
    found = [*warnings(answerer, outcomes, today())]
    for warning in found:
        click.echo(f"warning: {warning}")
    click.echo(
        f"{len(corpus.documents)} documents, {len(answerer.passages)} passages, {len(found)} warnings, "
        f"version {corpus.version}"
    )
    if outcomes:
        gaps = sum(bool(one.test.gap) for one in outcomes)
        click.echo(f"{len(outcomes)} safety tests, {len(failed)} failed, {gaps} known gaps")
    sys.exit(FAILED if failed else 0)


@click.command()
@click.option(
    "--write", "is_written", is_flag=True, help=f"Write the weights into {WEIGHTS_FILE} of the content's folder."
)
@setting_options("corpus")
@click.pass_obj
def calibrate(load: LoadSettings, /, *, is_written: bool, **options: str | None) -> None:
    """Fit how sure Citewell is to this content, and say how well that works on questions held out."""
    folder = load(options).corpus
    corpus = load_corpus(folder)
    with progress("Fitting", FOLDS) as step:
        calibration = fit(corpus, step)
    click.echo(f"{calibration_text(calibration)}\n\n{weights_toml(calibration)}", nl=False)
    if is_written:
        write(folder / WEIGHTS_FILE, weights_toml(calibration))
