"""The roof: settings → corpus → index → answerer → application, and the ``citewell`` command line.

Exit codes: 0 answered (or done), 1 no answer, 2 wrong use or a broken corpus.
"""

import json
import logging
import os
import shutil
import signal
import socket
import sys
import textwrap
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, Never

import click
from flask import Flask
from waitress.server import create_server

import bot
from bot import wording
from bot.answering import HELP_DOCUMENT, Answerer
from bot.errors import CitewellError
from bot.model import Answer, Citation, Concept, Finding
from bot.quoting import is_overdue
from web.app import create_app
from web.clock import today
from web.inputs import MAX_CONTEXT, check_text
from web.replies import answer_json
from web.settings import TABLE, load_settings, settings_markdown

NO_ANSWER = 1
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
        except CitewellError as error:
            click.echo(f"citewell: {error}", err=True)
            ctx.exit(WRONG_USE)


def _options(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The command-line options of these settings; their values are checked where the environment's are."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for row in reversed([row for row in TABLE if row.name in names]):
            shown = row.shown_default.replace("`", "")
            command = click.option(row.option, row.name, metavar="…", help=f"{row.help} [default: {shown}]")(command)
        return command

    return decorate


@click.group(cls=_OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="citewell %(version)s")
def cli() -> None:
    """Answers questions by quoting your own content, word for word, with its source."""


@cli.command()
@_options("corpus", "host", "port", "threads")
def serve(**options: str | None) -> None:
    """Serve the pages and the interface."""
    settings = load_settings(os.environ, options)
    answerer = bot.build(settings.corpus)
    listener = _listen(settings.host, settings.port)
    server = create_server(
        create_app(answerer),
        sockets=[listener],
        threads=settings.threads,
        max_request_body_size=MAX_BODY_READ,
        inbuf_overflow=MAX_BODY_READ + 1,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
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
@click.option("--explain", is_flag=True, help="Show the terms searched and what each added.")
@_options("corpus")
def ask(question: str, context: tuple[str, ...], as_json: bool, explain: bool, **options: str | None) -> None:
    """Answer QUESTION: the passage, its source, the advice to consult."""
    _refuse_unreadable(question, context)
    answerer = bot.build(load_settings(os.environ, options).corpus)
    answer = answerer.answer(question, context=context, today=today())
    if as_json:
        click.echo(json.dumps(answer_json(answer), ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(_reply(answer)))
    if explain:
        found = answerer.find(question, context=context, limit=EXPLAINED_HITS)
        click.echo("\n" + "\n".join(_explanation(found)), err=as_json)
    sys.exit(0 if answer.kind == "answer" else NO_ANSWER)


@cli.command()
@_options("corpus")
def check(**options: str | None) -> None:
    """Load the content, say what is in it and what deserves a look."""
    answerer = bot.build(load_settings(os.environ, options).corpus)
    corpus = answerer.corpus
    warnings = [*corpus.warnings, *_stale(answerer)]
    for warning in warnings:
        click.echo(f"warning: {warning}")
    click.echo(
        f"{len(corpus.documents)} documents, {len(answerer.passages)} passages, {len(warnings)} warnings, "
        f"version {corpus.version}"
    )


@cli.command()
def settings() -> None:
    """Print the table of settings, as in README."""
    click.echo(settings_markdown())


def application() -> Flask:
    """The WSGI application for a server of your own, with settings from the environment."""
    return create_app(bot.build(load_settings(os.environ).corpus))


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


def _stale(answerer: Answerer) -> list[str]:
    """What a look at the calendar and at the whole shows, beyond the files one by one."""
    stale = [
        f"“{document.title}” was due for review on {document.next_review}"
        for document in answerer.corpus.documents
        if is_overdue(document, today())
    ]
    if answerer.help is None:
        stale.append(f"no document {HELP_DOCUMENT}.md: answers carry no link “{wording.HELP_TITLE}”")
    return stale


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


# ---- what `ask` prints


def _wrapped(text: str, indent: str = "") -> str:
    width = min(MAX_WIDTH, shutil.get_terminal_size().columns)
    return textwrap.fill(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _reply(answer: Answer) -> list[str]:
    """The reply's paragraphs."""
    parts = []
    if answer.passage and answer.citation:
        parts += [_wrapped(answer.passage.title)]
        parts += [_wrapped(f"{'- ' * (block.kind == 'li')}{block.text}", "  ") for block in answer.passage.blocks]
        parts += [_source(answer.citation)]
    if answer.message:
        parts += [_wrapped(answer.message)]
    if answer.kind == "suggestions":
        parts += ["\n".join(_wrapped(f"- {other.title}") for other in answer.alternatives)]
    if answer.contact and answer.kind == "none":
        parts += [_wrapped(f"{answer.contact.name}: {answer.contact.phone}")]
    parts += [_wrapped(answer.disclaimer)]
    if answer.help:
        parts += [_wrapped(f"{answer.help.title}: {answer.help.url}")]
    return parts


def _source(citation: Citation) -> str:
    reviewed = f"reviewed {citation.reviewed}" if citation.reviewed else wording.NOT_REVIEWED
    standing = "; ".join(filter(None, [citation.author, reviewed, "review overdue" * citation.overdue]))
    indent = " " * len("Source: ")
    lines = [_wrapped(f"Source: {citation.document} › {citation.section}"), _wrapped(citation.url, indent)]
    lines += [_wrapped(standing, indent)]
    lines += [
        _wrapped(" ".join(filter(None, [f"[{reference.number}]", reference.text, reference.url])), indent)
        for reference in citation.references
    ]
    return "\n".join(lines)


def _explanation(found: Finding) -> list[str]:
    """The rule behind fixed wording; what was searched for each word, and what each added to the first hits."""
    query = found.query
    lines = []
    if found.fixed:
        lines += [f"Fixed wording: {found.fixed.sort}, {found.fixed.rule} ({' + '.join(found.fixed.matched)})"]
    lines += ["Searched:" if query.concepts else "Searched: nothing, there is no word of content in the question"]
    lines += [
        f"  {concept.word}: {_terms(concept)}{', borrowed from an earlier message' * concept.borrowed}"
        for concept in query.concepts
    ]
    for hit in found.hits:
        lines += [f"{hit.score:8.3f}  {hit.passage.passage_id}  coverage {hit.coverage:.2f}"]
        lines += [
            f"{added.score:12.3f}  {added.word} → {added.term} in {added.field}"
            for added in sorted(hit.contributions, key=lambda added: -added.score)
        ]
    return lines


def _terms(concept: Concept) -> str:
    return ", ".join(f"{term} × {weight * concept.weight:.2g}" for term, weight in concept.terms.items())


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
