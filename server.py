"""The roof: settings → corpus → index → answerer → application, and the ``citewell`` command line.

Exit codes: 0 answered (or done), 1 no answer or a figure that is too low, 2 wrong use or a broken corpus.
"""

import atexit
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial

import click
from flask import Flask

from bot.answering import Answerer
from web import logs, memory, metrics, proxies, records, serving, start_line, watching
from web.app import create_app
from web.commands import Commands
from web.counts import Counts
from web.journal import Journal
from web.limit_storage import LimitStorage
from web.options import setting_options
from web.prepared import prepared
from web.review import Review
from web.session_key import load_session_key
from web.sessions import Desk
from web.settings import TABLE, Settings, load_settings, settings_markdown
from web.watching import Watch

__version__ = "0.1.0"

COMMANDS = {
    "ask": "web.ask_command:ask",
    "calibrate": "web.content_commands:calibrate",
    "check": "web.content_commands:check",
    "embed": "web.embed_command:embed",
    "evaluate": "web.evaluate_command:evaluate",
    "journal": "web.journal_commands:journal",
    "staff": "web.staff_commands:staff",
}
"""Where the commands are that the web server needs not."""


def _load(options: Mapping[str, str | None]) -> Settings:
    """The settings in force, for a command with these options."""
    return load_settings(os.environ, options)


@click.group(cls=Commands, waiting=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "obj": _load})
@click.version_option(__version__, message="citewell %(version)s")
def cli() -> None:
    """Answers questions by quoting your own content, word for word, with its source."""


@cli.command()
@setting_options(*(row.name for row in TABLE))
def serve(**options: str | None) -> None:
    """Serve the pages and the interface."""
    settings = _load(options)
    logs.configure(settings.log_format)
    memory.hold_little()
    load_session_key(settings.data)  # first what is found out at once: the folder, and the port
    listener = serving.listen(settings.host, settings.port)
    answerer = prepared(settings.corpus, settings.data)
    app, start = create(answerer, settings)
    say = partial(start_line.say, answerer, settings.host, listener.getsockname()[1], settings.log_format)
    serving.serve(app, listener, settings, start=start, ready=say)


@cli.command()
def settings() -> None:
    """Print the table of settings, as in README."""
    click.echo(settings_markdown())


def application() -> Flask:
    """The WSGI application for a server of your own, with settings from the environment."""
    settings = _load({})
    logs.configure(settings.log_format)
    app, start = create(prepared(settings.corpus, settings.data), settings)
    start(0)
    return app


def create(answerer: Answerer, settings: Settings) -> tuple[Flask, Callable[[int], None]]:
    """The application with what it keeps, and what begins in each process that answers, by its number from 0.

    What waits to be written is written before the process ends. Here begins no thread, so that there can be several.
    """
    build = partial(prepared, data=settings.data)
    watch = Watch(settings.corpus, build, settings.reload_seconds)
    database = records.database(settings.database_url, settings.data)
    journal = Journal(database, kept=settings.journal, days=settings.journal_days)
    atexit.register(journal.close)
    key = load_session_key(settings.data)
    limit_storage = LimitStorage(settings.rate_limit_storage, key)
    limit_storage.reach()
    app = create_app(
        answerer,
        journal=journal,
        desk=Desk(records.accounts(database), key, settings.desk_idle),
        review=Review(settings.corpus, journal, database, build),
        rate_limit=settings.rate_limit,
        suggest_limit=settings.suggest_limit,
        limit_storage=limit_storage,
        counts=Counts(settings.processes),
        audience=settings.metrics,
        allowed_origins=settings.allowed_origins,
        watch=watch if watch.seconds else None,
        trusts_request_ids=settings.proxies > 0,
        hosts=settings.hosts,
        logs_accesses=settings.access_log == "on",
    )
    atexit.register(watching.close, app)
    proxies.trust(app, settings.proxies)

    def start(number: int) -> None:
        metrics.use_row(app, number)
        journal.start()
        watching.start(app)

    return app, start


def main() -> None:
    """The ``citewell`` command."""
    cli()


if __name__ == "__main__":
    # `python server.py --port 9000` serves; a command, when there is one, stands first.
    first, *_ = *sys.argv[1:], "--"
    serves = first.startswith("-") and first not in ("-h", "--help", "--version")
    cli([*["serve"] * serves, *sys.argv[1:]])
