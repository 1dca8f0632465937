"""``citewell journal``: delete what is kept, or hand it out."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import click
from sqlalchemy import func, select

from bot.errors import CitewellError
from web.clock import today
from web.database import Database, database_url
from web.options import LoadSettings, setting_options
from web.retention import delete_words, erase
from web.settings import Settings
from web.spreadsheet import csv_line
from web.tables import TURNS
from web.unavailable import Unavailable

COLUMNS = tuple(column.name for column in TURNS.columns)

AT_ONCE = 500


@click.group()
def journal() -> None:
    """Delete or hand out what is kept of questions (setting `journal`)."""


@journal.command()
@click.option("--yes", is_flag=True, help="Do not ask before all words are deleted.")
@setting_options("data", "database_url", "journal", "journal_days")
@click.pass_obj
def purge(load: LoadSettings, /, *, yes: bool, **options: str | None) -> None:
    """Delete the words of questions that are too old, now. The server does so each day by itself.

    Unless `journal` is `questions`, as the server that keeps them has it, that is all of them.
    """
    settings = load(options)
    days = settings.journal_days if settings.journal == "questions" else None
    with _opened(settings) as database:
        if days is None and not yes:  # the settings of the server may stand where this command does not see them
            kept = f"With CITEWELL_JOURNAL={settings.journal} no words are kept"
            click.confirm(f"{kept}: delete all in {database.where} for good?", abort=True, err=True)
        turns = delete_words(database, today=today(), days=days)
        _clean(database)
    kept = "no words are kept" if days is None else f"up to {days} days are kept"
    click.echo(f"Words of {_turns(turns)} deleted in {database.where}; {kept}.")


@journal.command()
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@setting_options("data", "database_url")
@click.pass_obj
def export(load: LoadSettings, /, form: str, **options: str | None) -> None:
    """Print all that is kept, a line a turn."""
    with _opened(load(options)) as database:
        for line in _lines(database, form):
            click.echo(line)
    click.echo(f"That is all of {database.where}.", err=True)


@journal.command("erase")
@click.option("--turn", metavar="ID", help="Only this turn.")
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only days before this one, such as 2026-11-30.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@setting_options("data", "database_url")
@click.pass_obj
def erase_command(
    load: LoadSettings, /, turn: str | None, before: datetime | None, yes: bool, **options: str | None
) -> None:
    """Delete turns with all that was counted: everything, unless --turn or --before says less."""
    if turn and before:
        message = "--turn and --before cannot stand together"
        raise CitewellError(message)
    day = before.date() if before else None
    with _opened(load(options)) as database:
        if not yes:
            _ask(database, turn, day)
        with database.begin() as connection:
            erased = erase(connection, turn_id=turn, before=day)
        _clean(database)
    click.echo(f"{_turns(erased)} deleted in {database.where}.")


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    """The database, if there is one: none is made only to look into it."""
    database = Database(database_url(settings.database_url, settings.data))
    if not database.is_there:
        message = f"{database.where}: no such file; nothing is kept there"
        raise CitewellError(message)
    try:
        yield database
    finally:
        database.close()


def _clean(database: Database) -> None:
    try:
        database.clean()
    except Unavailable as reason:
        message = f"it is deleted, but may still stand on the disk: {reason}. Please try again later"
        raise CitewellError(message) from None


def _ask(database: Database, turn: str | None, before: date | None) -> None:
    wanted = TURNS.c.turn_id == turn if turn else TURNS.c.day < (before or date.max)
    with database.begin(reading=True) as connection:
        count = connection.execute(select(func.count()).select_from(TURNS).where(wanted)).scalar_one()
    click.confirm(f"Delete {_turns(count)} in {database.where} for good?", abort=True, err=True)


def _turns(count: int) -> str:
    return "1 turn" if count == 1 else f"{count} turns"


def _lines(database: Database, form: str) -> Iterator[str]:
    """By day; within a day by the random id, so that the order of asking is not told."""
    in_order = select(TURNS).order_by(TURNS.c.day, TURNS.c.turn_id)
    with database.begin(reading=True) as connection:
        rows = connection.execution_options(yield_per=AT_ONCE).execute(in_order)
        if form == "csv":
            yield csv_line(COLUMNS)
        yield from map(csv_line if form == "csv" else _json_line, rows)


def _json_line(row: Sequence[Any]) -> str:
    return json.dumps(dict(zip(COLUMNS, row, strict=True)), default=str, ensure_ascii=False)
