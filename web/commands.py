"""The command line's frame: commands that are imported when they are called, and errors of one line."""

import importlib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import click

from bot.errors import CitewellError
from web.unavailable import Unavailable

WRONG_USE = 2


class Commands(click.Group):
    """A group of commands, some of which are imported only when they are needed; its errors are one line, and exit 2.

    Source: https://click.palletsprojects.com/en/stable/complex/#lazily-loading-subcommands
    """

    def __init__(self, *args: Any, waiting: Mapping[str, str], **kwargs: Any) -> None:
        """``waiting`` says where each of the commands to be imported is, such as ``package.module:name``."""
        super().__init__(*args, **kwargs)
        self._waiting = waiting

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all, in the order of help."""
        return sorted([*super().list_commands(ctx), *self._waiting])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now if it has not been."""
        if cmd_name not in self._waiting:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._waiting[cmd_name].partition(":")
        return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return] # the table says so

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; where there is none, the nearest is named, be it imported yet or not."""
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            near = get_close_matches(args[0], self.list_commands(ctx), 1)
            ctx.fail(f"No such command '{args[0]}'." + (f" Did you mean '{near[0]}'?" if near else ""))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is called; what is wrong with its use is said in one line."""
        try:
            return super().invoke(ctx)
        except CitewellError as error:
            self._refuse(ctx, str(error))
        except Unavailable as reason:
            self._refuse(ctx, f"the database cannot be used now: {reason}")

    def _refuse(self, ctx: click.Context, why: str) -> None:
        click.echo(f"citewell: {why}", err=True)
        ctx.exit(WRONG_USE)
