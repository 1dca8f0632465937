"""``citewell staff …``: who may sign in at the desk. Passwords are asked for or read from a pipe, never an argument."""

import sys

import click

from web.accounts import LONGEST, AccountError, Accounts, checked_name, checked_password
from web.database import Database, database_url
from web.options import LoadSettings, setting_options
from web.settings import Settings
from web.staff import ROLES, Role, Staff, folded_name

_NAME = click.argument("name")
_STDIN = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input: its first line, without its end."
)


_WHERE = setting_options("data", "database_url")


@click.group()
def staff() -> None:
    """Say who may sign in at the phone desk. There is no account until you add one."""


@staff.command("add")
@_NAME
@click.option("--role", type=click.Choice(ROLES), default=ROLES[0], show_default=True, help="What NAME may do.")
@_STDIN
@_WHERE
@click.pass_obj
def _add(load: LoadSettings, /, name: str, role: Role, *, password_stdin: bool, **options: str | None) -> None:
    """Add an account for NAME; asks for its password."""
    database, accounts = _opened(load(options))
    name = checked_name(name)
    if _found(database, accounts, name):
        message = f"{name}: there is such an account already in {database.where}"
        raise AccountError(message)
    accounts.add(name, _password(name, from_stdin=password_stdin), role)
    click.echo(f"Added {name} ({role}) in {database.where}.")


@staff.command("list")
@_WHERE
@click.pass_obj
def _list(load: LoadSettings, /, **options: str | None) -> None:
    """List the accounts and their roles."""
    database, accounts = _opened(load(options))
    everyone = accounts.all() if database.is_there else []
    width = max((len(one.name) for one in everyone), default=0)
    for one in everyone:
        click.echo(f"{one.name:<{width}}  {one.role}")
    if everyone:
        click.echo(f"These are in {database.where}.", err=True)
    else:
        click.echo(f"There is no account yet in {database.where}. Add one: citewell staff add NAME", err=True)


@staff.command("password")
@_NAME
@_STDIN
@_WHERE
@click.pass_obj
def _set_password(load: LoadSettings, /, name: str, *, password_stdin: bool, **options: str | None) -> None:
    """Give NAME another password; whoever is signed in as NAME is signed out."""
    database, accounts = _opened(load(options))
    name = _known(database, accounts, name)
    accounts.set_password(name, _password(name, from_stdin=password_stdin))
    click.echo(f"{name} has a new password in {database.where}. Sessions from before it have ended.")


@staff.command("role")
@_NAME
@click.argument("role", type=click.Choice(ROLES))
@_WHERE
@click.pass_obj
def _set_role(load: LoadSettings, /, name: str, role: Role, **options: str | None) -> None:
    """Give NAME another role, at once."""
    database, accounts = _opened(load(options))
    name = _known(database, accounts, name)
    accounts.set_role(name, role)
    click.echo(f"{name} is {role} now in {database.where}.")


@staff.command("remove")
@_NAME
@_WHERE
@click.pass_obj
def _remove(load: LoadSettings, /, name: str, **options: str | None) -> None:
    """Remove the account of NAME; whoever is signed in as NAME is signed out."""
    database, accounts = _opened(load(options))
    name = _known(database, accounts, name)
    accounts.remove(name)
    click.echo(f"Removed {name} from {database.where}.")


def _opened(settings: Settings) -> tuple[Database, Accounts]:
    """The accounts that a server with the same settings knows, and where they are."""
    database = Database(database_url(settings.database_url, settings.data))
    return database, Accounts(database)


def _found(database: Database, accounts: Accounts, name: str) -> Staff | None:
    """The account of that name, if there is one; no database is made only to look for it."""
    return accounts.named(name) if database.is_there else None


def _known(database: Database, accounts: Accounts, name: str) -> str:
    """``name`` as it is kept; raises `AccountError` before anyone types a password in vain."""
    found = _found(database, accounts, name)
    if found is None:
        message = f"{folded_name(name)}: there is no such account in {database.where}"
        raise AccountError(message)
    return found.name


def _password(name: str, *, from_stdin: bool) -> str:
    if from_stdin:
        return checked_password(sys.stdin.readline(4 * LONGEST).rstrip("\r\n"), name)

    def checked(typed: str) -> str:
        """Ask once more, where the password cannot be taken."""
        try:
            return checked_password(typed, name)
        except AccountError as error:
            raise click.UsageError(str(error)) from None

    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, value_proc=checked)
    return typed
