"""Every setting of the service, in one table. Knows nothing else of ours but `bot.errors`.

A field of `Settings` makes the environment variable, the command-line option, the line in README and the error message.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bot.errors import CitewellError

PREFIX = "CITEWELL_"

SHIPPED_CORPUS = Path(__file__).resolve().parent.parent / "corpus"


class SettingError(CitewellError):
    """A setting has a value that it cannot have, or no setting has that name."""


OFF = "off"
"""Written instead of a number, where a limit can be switched off; it is read as 0."""


def _about(what: str, least: int = 0, most: int = 0, *, can_be_off: bool = False) -> Mapping[str, Any]:
    """What a row of the table needs beside name, type and default."""
    return {"help": what, "least": least, "most": most, "can_be_off": can_be_off}


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force."""

    corpus: Path = field(default=SHIPPED_CORPUS, metadata=_about("Folder with the clinic’s content."))
    host: str = field(
        default="127.0.0.1", metadata=_about("Address to listen on; `0.0.0.0` for every network interface.")
    )
    port: int = field(default=8000, metadata=_about("Port to listen on; 0 for any free one.", 0, 65_535))
    threads: int = field(default=4, metadata=_about("Questions answered at the same time.", 1, 64))
    rate_limit: int = field(
        default=30, metadata=_about("Questions a minute from one address.", 1, 100_000, can_be_off=True)
    )
    suggest_limit: int = field(
        default=120, metadata=_about("Suggestions a minute to one address.", 1, 100_000, can_be_off=True)
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table; a number lies between ``least`` and ``most``, both included."""

    name: str
    default: Path | str | int
    help: str
    least: int
    most: int
    can_be_off: bool = False

    @property
    def variable(self) -> str:
        """The environment variable's name."""
        return PREFIX + self.name.upper()

    @property
    def option(self) -> str:
        """The command-line option."""
        return "--" + self.name.replace("_", "-")

    @property
    def allowed(self) -> str:
        """What may stand there, in words."""
        if isinstance(self.default, int):
            return f"a whole number from {self.least} to {self.most}" + f", or `{OFF}`" * self.can_be_off
        return "a folder" if isinstance(self.default, Path) else "text"

    @property
    def shown_default(self) -> str:
        """The default as README shows it, the same on every machine."""
        return "the shipped `corpus`" if self.default == SHIPPED_CORPUS else f"`{self.default}`"

    def read(self, written: str, source: str) -> Path | str | int:
        """The value of ``written``; `SettingError` names ``source``, the value and what was expected."""
        if self.can_be_off and written == OFF:
            return 0
        try:
            value = type(self.default)(written) if not isinstance(self.default, Path) else Path(written)
        except ValueError:
            value = ""
        fits = self.least <= value <= self.most if isinstance(value, int) else bool(written.strip() and value)
        if not fits:
            message = f"{source}: {written!r} is not allowed; expected {self.allowed}"
            raise SettingError(message)
        return value


_DEFAULTS = Settings()
TABLE = tuple(Setting(row.name, getattr(_DEFAULTS, row.name), **row.metadata) for row in fields(Settings))
"""All settings, in the order in which README shows them."""


def load_settings(environment: Mapping[str, str], options: Mapping[str, str | None] | None = None) -> Settings:
    """The settings from ``environment``, each overruled by the command-line option of the same name where given.

    Raises `SettingError` for a value that is not allowed and for a ``CITEWELL_`` variable that no setting has.
    """
    known = {row.variable for row in TABLE}
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    if unknown:
        message = f"{unknown[0]}: no such setting; expected one of {', '.join(sorted(known))}"
        raise SettingError(message)
    values: dict[str, Any] = {}
    for row in TABLE:
        given = [(row.option, (options or {}).get(row.name)), (row.variable, environment.get(row.variable))]
        for source, written in given:
            if written is not None:
                values[row.name] = row.read(written, source)
                break
    return Settings(**values)


def settings_markdown() -> str:
    """The table for README; a test holds the two together."""
    lines = ["| Environment | Option | Default | Allowed | What it does |", "|---|---|---|---|---|"]
    lines += [
        f"| `{row.variable}` | `{row.option}` | {row.shown_default} | {row.allowed} | {row.help} |" for row in TABLE
    ]
    return "\n".join(lines)
