"""Command-line options of settings, from the one table."""

from collections.abc import Callable, Mapping

import click

from web.settings import TABLE, Settings

LoadSettings = Callable[[Mapping[str, str | None]], Settings]
"""What makes the settings from what stands on the command line; each command gets it as its context's object."""


def setting_options(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The command-line options of these settings; their values are checked where the environment's are."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for row in reversed([row for row in TABLE if row.name in names]):
            shown = row.shown_default.replace("`", "")
            command = click.option(row.option, row.name, metavar="…", help=f"{row.help} [default: {shown}]")(command)
        return command

    return decorate
