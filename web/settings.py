"""Every setting of the service, in one table. Of ours it knows `bot.errors`, `web.privacy`, `web.setting_kinds` only.

A field of `Settings` makes the environment variable, the command-line option, the line in README and the error message.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args

from bot.errors import CitewellError
from web.privacy import Kept
from web.setting_kinds import FOLDER, HOSTS, MEMORY, ORIGINS, POSTGRESQL, REDIS, TEXT, Kind, number, one_of

PREFIX = "CITEWELL_"

SHIPPED_CORPUS = Path(__file__).resolve().parent.parent / "corpus"


class SettingError(CitewellError):
    """A setting has a value that it cannot have, or no setting has that name."""


Audience = Literal["local", "on", "off"]
"""Who may read the metrics: whoever asks from this machine itself, everybody, nobody."""

LogFormat = Literal["text", "json"]
Switch = Literal["off", "on"]

_NOT_AS_OPTION = "not as an option, which others on the machine can read"


def _about(what: str, kind: Kind) -> Mapping[str, Any]:
    """What a row of the table needs beside name and default."""
    return {"help": what, "kind": kind}


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force."""

    corpus: Path = field(default=SHIPPED_CORPUS, metadata=_about("Folder with the clinic’s content.", FOLDER))
    host: str = field(
        default="127.0.0.1", metadata=_about("Address to listen on; `0.0.0.0` for every network interface.", TEXT)
    )
    port: int = field(default=8000, metadata=_about("Port to listen on; 0 for any free one.", number(0, 65_535)))
    threads: int = field(
        default=4,
        metadata=_about(
            "Requests under way at the same time, in each process; it answers one at a time.", number(1, 64)
        ),
    )
    processes: int = field(
        default=1, metadata=_about("Processes that answer; one is enough for a clinic.", number(1, 64))
    )
    request_seconds: int = field(
        default=30, metadata=_about("Seconds in which a request must come, and its reply be taken.", number(1, 3600))
    )
    rate_limit: int = field(
        default=30, metadata=_about("Questions a minute from one address.", number(1, 100_000, can_be_off=True))
    )
    suggest_limit: int = field(
        default=120, metadata=_about("Suggestions a minute to one address.", number(1, 100_000, can_be_off=True))
    )
    allowed_origins: tuple[str, ...] = field(
        default=(), metadata=_about("Other sites whose pages may ask, such as the clinic’s own.", ORIGINS)
    )
    data: Path = field(
        default=Path("data"), metadata=_about("Folder for what Citewell writes; made when it is needed.", FOLDER)
    )
    database_url: str = field(
        default="", repr=False, metadata=_about(f"PostgreSQL instead of the file; {_NOT_AS_OPTION}.", POSTGRESQL)
    )
    journal: Kept = field(
        default="counts",
        metadata=_about(
            "What is kept of questions: nothing; what was shown, without words; the words too, for some days.",
            one_of(*get_args(Kept)),
        ),
    )
    journal_days: int = field(
        default=30, metadata=_about("Days after which the words of questions are deleted.", number(1, 3650))
    )
    desk_idle: int = field(
        default=30, metadata=_about("Minutes without use after which the desk asks to sign in again.", number(5, 720))
    )
    reload_seconds: int = field(
        default=2,
        metadata=_about("Seconds between looks whether the content has changed.", number(1, 3600, can_be_off=True)),
    )
    rate_limit_storage: str = field(
        default=MEMORY,
        repr=False,
        metadata=_about(
            f"Where the limits are counted: in each process, or in a Redis for all of them; {_NOT_AS_OPTION}.",
            REDIS,
        ),
    )
    metrics: Audience = field(
        default="local",
        metadata=_about("Who may read `/metrics`: this machine, everybody, nobody.", one_of(*get_args(Audience))),
    )
    proxies: int = field(
        default=0,
        metadata=_about(
            "Reverse proxies in front whose word on a visitor’s address and on TLS is taken.", number(0, 5)
        ),
    )
    log_format: LogFormat = field(
        default="text",
        metadata=_about(
            "What lines of the log are: text for people, or an object of JSON each.", one_of(*get_args(LogFormat))
        ),
    )
    access_log: Switch = field(
        default="off",
        metadata=_about(
            "One line in the log for each request: no address of a visitor, no words.", one_of(*get_args(Switch))
        ),
    )
    hosts: tuple[str, ...] = field(
        default=(),
        metadata=_about("Names that Citewell answers to, beside this machine’s own; while none is set, to any.", HOSTS),
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table."""

    name: str
    default: Path | str | int | tuple[str, ...]
    help: str
    kind: Kind

    @property
    def variable(self) -> str:
        """The environment variable's name."""
        return PREFIX + self.name.upper()

    @property
    def option(self) -> str:
        """The command-line option."""
        return "--" + self.name.replace("_", "-")

    @property
    def shown_default(self) -> str:
        """The default as README shows it, the same on every machine."""
        if self.default == SHIPPED_CORPUS:
            return "the shipped `corpus`"
        if self.default == "":
            return "a file in the data folder"
        return "none" if self.default == () else f"`{self.default}`"

    def read(self, written: str, source: str) -> Any:
        """The value of ``written``; `SettingError` names ``source``, the value or item, and what was expected."""
        if not self.kind.is_list:
            return self._read_one(written, source)
        items = written.split(",") if written.strip() else []
        return tuple(dict.fromkeys(self._read_one(item.strip(), source) for item in items))

    def _read_one(self, written: str, source: str) -> Any:
        try:
            return self.kind.read(written)
        except ValueError:
            value = "what it says" if self.kind.secret else repr(written)
            message = f"{source}: {value} is not allowed; expected {self.kind.allowed}{self.kind.hint(written)}"
            raise SettingError(message) from None


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
        near = get_close_matches(unknown[0].removeprefix(PREFIX).lower(), [row.name for row in TABLE], 1)
        hint = f". Did you mean {PREFIX}{near[0].upper()}?" if near else ""
        message = f"{unknown[0]}: no such setting; expected one of {', '.join(sorted(known))}{hint}"
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
        f"| `{row.variable}` | `{row.option}` | {row.shown_default} | {row.kind.allowed} | {row.help} |"
        for row in TABLE
    ]
    return "\n".join(lines)
