"""The roof: settings → corpus → index → answerer → application, and the ``citewell`` command line.

Exit codes: 0 answered (or done), 1 no answer or a figure that is too low, 2 wrong use or a broken corpus.
"""

import atexit
import json
import logging
import math
import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Never

import click
from flask import Flask
from waitress.server import create_server

import bot
from bot.answering import Answerer
from bot.calibration import FOLDS, calibrate
from bot.checking import warnings
from bot.comparison import compare
from bot.corpus import load_corpus
from bot.errors import CitewellError
from bot.evaluation import Evaluation, evaluate, load_run, run_json
from bot.figures import MEASURES, figure_named
from bot.judged import JudgedQuestion, load_judged
from bot.rehearsal import run
from bot.report import report
from bot.safety import Safety
from bot.summary import summary
from bot.telling import calibration_text, explanation, reply_text, weights_toml
from bot.weights import FILE as WEIGHTS_FILE
from web import embedding, memory, proxies, records
from web.accounts import Accounts
from web.app import create_app
from web.clock import today
from web.database import Database, database_url
from web.inputs import MAX_CONTEXT, check_text
from web.journal import Journal
from web.journal_commands import journal_commands
from web.options import setting_options
from web.prepared import prepared
from web.replies import answer_json
from web.review import Review
from web.session_key import load_session_key
from web.sessions import Desk
from web.settings import TABLE, Settings, load_settings, settings_markdown
from web.staff_commands import create_staff_commands
from web.unavailable import Unavailable
from web.widget import load_widget

NO_ANSWER = 1
TOO_LOW = 1
FAILED = 1
WRONG_USE = 2
MAX_WIDTH = 88
EXPLAINED_HITS = 3

# What the web server reads of a body before the application refuses it. Large enough that a client which sends far too
# much still reads our refusal instead of a broken connection; held in memory, never in a file.
MAX_BODY_READ = 12 * 1024 * 1024

CONNECTIONS = 1000
IDLE_SECONDS = 30  # after which a connection that sends nothing makes room for others

__version__ = "0.1.0"


class _OneLineErrors(click.Group):
    """Says in one line what is wrong, and exits with 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (CitewellError, Unavailable) as error:
            click.echo(f"citewell: {error}", err=True)
            ctx.exit(WRONG_USE)


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


@click.group(cls=_OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="citewell %(version)s")
def cli() -> None:
    """Answers questions by quoting your own content, word for word, with its source."""


@cli.command()
@setting_options(*(row.name for row in TABLE))
def serve(**options: str | None) -> None:
    """Serve the pages and the interface."""
    settings = load_settings(os.environ, options)
    memory.use_one_arena()
    answerer = prepared(settings.corpus, settings.data)
    app = _create(answerer, settings)
    memory.settle()
    listener = _listen(settings.host, settings.port)
    server = create_server(
        app,
        sockets=[listener],
        threads=settings.threads,
        max_request_body_size=MAX_BODY_READ,
        inbuf_overflow=MAX_BODY_READ + 1,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        clear_untrusted_proxy_headers=not settings.proxies,  # or the application never sees what proxies say
        ident=None,
    )
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every question that waits its turn
    signal.signal(signal.SIGTERM, _stop)
    click.echo(_start_line(answerer, settings.host, listener.getsockname()[1]))
    server.run()


@cli.command()
@click.argument("question")
@click.option("--context", multiple=True, metavar="TEXT", help="What was asked before; repeat it, oldest first.")
@click.option("--json", "as_json", is_flag=True, help="Print the reply as POST /api/chat gives it.")
@click.option("--explain", is_flag=True, help="Show why: the judgment, the terms searched, what each added.")
@setting_options("corpus")
def ask(question: str, context: tuple[str, ...], as_json: bool, explain: bool, **options: str | None) -> None:
    """Answer QUESTION: the passage, its source, the advice to consult."""
    _refuse_unreadable(question, context)
    answerer = bot.build(load_settings(os.environ, options).corpus)
    answer = answerer.answer(question, context=context, today=today())
    if as_json:
        click.echo(json.dumps(answer_json(answer), ensure_ascii=False, indent=2))
    else:
        click.echo(reply_text(answer, _width()))
    if explain:
        found = answerer.find(question, context=context, limit=EXPLAINED_HITS)
        click.echo("\n" + explanation(found, _width()), err=as_json)
    sys.exit(0 if answer.kind == "answer" else NO_ANSWER)


@cli.command()
@setting_options("corpus")
def check(**options: str | None) -> None:
    """Load the content, run its safety tests, say what is in it and what deserves a look."""
    folder = load_settings(os.environ, options).corpus
    answerer = bot.build(folder)
    corpus = answerer.corpus
    tests = [test for test in corpus.safety_tests if test.path.is_relative_to(folder)]
    with _progress("Testing", len(tests)) as step:
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


@cli.command("evaluate")
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
def evaluate_command(
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
    answerer = bot.build(load_settings(os.environ, options).corpus)
    passage_ids = {passage.passage_id for passage in answerer.passages}
    questions = load_judged(files, passage_ids=passage_ids, check=check_text, max_context=MAX_CONTEXT)
    earlier = _earlier(other, questions) if other else None
    evaluation = _evaluated(answerer, questions)
    comparison = compare(earlier, evaluation) if earlier else None
    if save:
        _write(save, run_json(evaluation))
    if html:
        _write(html, report(evaluation, comparison))
    if as_json:
        click.echo(run_json(evaluation, comparison=comparison), nl=False)
    else:
        click.echo(summary(evaluation, comparison, shown=failures, width=_width()))
    sys.exit(TOO_LOW if _too_low(evaluation, minimums) else 0)


@cli.command("calibrate")
@click.option("--write", is_flag=True, help=f"Write the weights into {WEIGHTS_FILE} of the content's folder.")
@setting_options("corpus")
def calibrate_command(write: bool, **options: str | None) -> None:
    """Fit how sure Citewell is to this content, and say how well that works on questions held out."""
    folder = load_settings(os.environ, options).corpus
    corpus = load_corpus(folder)
    with _progress("Fitting", FOLDS) as step:
        calibration = calibrate(corpus, step)
    click.echo(f"{calibration_text(calibration)}\n\n{weights_toml(calibration)}", nl=False)
    if write:
        _write(folder / WEIGHTS_FILE, weights_toml(calibration))


@cli.command("embed")
@click.argument("address")
@click.option("--site", metavar="ORIGIN", help="The website it is for. [default: site in clinic.toml]")
@setting_options("corpus")
def embed_command(address: str, site: str | None, **options: str | None) -> None:
    """Print what puts Citewell on a website: ADDRESS is where Citewell is reached, such as https://ask.clinic.example."""
    reached = embedding.citewell_address(address)
    clinic = load_corpus(load_settings(os.environ, options).corpus).clinic
    written = site if site is not None else clinic.site
    origin = embedding.site_origin(written) if written is not None else None
    widget = load_widget()
    pinned = embedding.pinned_line(reached, clinic, release=widget.release, integrity=widget.integrity)
    click.echo(embedding.instructions(reached, clinic, origin, pinned))


@cli.command()
def settings() -> None:
    """Print the table of settings, as in README."""
    click.echo(settings_markdown())


def _accounts(options: Mapping[str, str | None]) -> Accounts:
    """Those that a server with the same settings knows."""
    return Accounts(_database(load_settings(os.environ, options)))


cli.add_command(journal_commands(lambda options: load_settings(os.environ, options)))
cli.add_command(create_staff_commands(_accounts))


def application() -> Flask:
    """The WSGI application for a server of your own, with settings from the environment."""
    settings = load_settings(os.environ)
    return _create(prepared(settings.corpus, settings.data), settings)


def _create(answerer: Answerer, settings: Settings) -> Flask:
    """The application with what it keeps; what waits to be written is written before the process ends."""
    database = records.database(settings.database_url, settings.data)
    journal = Journal(database, kept=settings.journal, days=settings.journal_days)
    atexit.register(journal.close)
    journal.start()
    desk = Desk(records.accounts(database), load_session_key(settings.data), settings.desk_idle)
    app = create_app(
        answerer,
        journal=journal,
        desk=desk,
        review=Review(settings.corpus, journal, database),
        rate_limit=settings.rate_limit,
        suggest_limit=settings.suggest_limit,
        allowed_origins=settings.allowed_origins,
    )
    proxies.trust(app, settings.proxies)
    return app


def _database(settings: Settings) -> Database:
    return Database(database_url(settings.database_url, settings.data))


def _refuse_unreadable(question: str, context: Sequence[str]) -> None:
    """The limits of ``POST /api/chat``, for what came from the command line."""
    if len(context) > MAX_CONTEXT:
        message = f"--context may stand {MAX_CONTEXT} times at most; it stands {len(context)} times"
        raise CitewellError(message)
    for name, written in (("the question", question), *(("--context", earlier) for earlier in context)):
        if error := check_text(written):
            message = f"{name} {error}"
            raise CitewellError(message)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        message = f"cannot listen on {host}, port {port}: {_reason(error)}"
        raise CitewellError(message) from None


def _reason(error: OSError) -> str:
    """The system's own words, without what Python adds; a name that cannot be resolved has no number there."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror or error)


def _earlier(path: Path, questions: Sequence[JudgedQuestion]) -> Evaluation:
    """What to compare with: the evaluation in a file, or how the content in a folder answers the same questions."""
    return _evaluated(bot.build(path), questions) if path.is_dir() else load_run(path)


def _evaluated(answerer: Answerer, questions: Sequence[JudgedQuestion]) -> Evaluation:
    with _progress("Asking", len(questions)) as step:
        return evaluate(answerer, questions, progress=step)


@contextmanager
def _progress(label: str, length: int) -> Iterator[Callable[[], None]]:
    """What to call after each of ``length`` steps; on a terminal, a bar shows how many are done."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield lambda: bar.update(1)


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


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        message = f"cannot write {path}: {_reason(error)}"
        raise CitewellError(message) from None


def _width() -> int:
    return min(MAX_WIDTH, shutil.get_terminal_size().columns)


def _stop(_signal: int, _frame: FrameType | None) -> Never:
    """Let the web server finish the questions it has and leave."""
    raise SystemExit(0)


def _start_line(answerer: Answerer, host: str, port: int) -> str:
    here = ("127.0.0.1", "0.0.0.0", "::1", "::")  # noqa: S104 - only named, not bound
    address = "localhost" if host in here else f"[{host}]" if ":" in host else host
    return (
        f"Citewell answers on http://{address}:{port}/ "
        f"({len(answerer.passages)} passages of {len(answerer.corpus.documents)} documents, "
        f"version {answerer.corpus.version}). Stop with Ctrl+C."
    )


def main() -> None:
    """The ``citewell`` command."""
    cli()


if __name__ == "__main__":
    # `python server.py --port 9000` serves; a command, when there is one, stands first.
    arguments = sys.argv[1:]
    cli(
        arguments
        if arguments and arguments[0] in {*cli.commands, "-h", "--help", "--version"}
        else ["serve", *arguments]
    )
