"""Every setting of the service, in one table. Of ours it knows `bot.errors`, `web.origins` and `web.privacy` only.

A field of `Settings` makes the environment variable, the command-line option, the line in README and the error message.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, urlsplit

from bot.errors import CitewellError
from web.origins import read_host, read_origin
from web.privacy import Kept

PREFIX = "CITEWELL_"

SHIPPED_CORPUS = Path(__file__).resolve().parent.parent / "corpus"


class SettingError(CitewellError):
    """A setting has a value that it cannot have, or no setting has that name."""


SSL_MODES = ("disable", "prefer", "require", "verify-full")
"""What ``?sslmode=`` may say at the end of PostgreSQL's address, with the meaning that it has there."""

Audience = Literal["local", "on", "off"]
"""Who may read the metrics: whoever asks from this machine itself, everybody, nobody."""

MEMORY = "memory"
"""Written instead of an address, where each process counts for itself."""

OFF = "off"
"""Written instead of a number, where a limit can be switched off; it is read as 0."""

LogFormat = Literal["text", "json"]
Switch = Literal["off", "on"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What may stand in a setting: in words, and how it is read; ``read`` raises `ValueError` for anything else.

    Of a list, ``read`` takes one item; commas part them, and an empty one has none.
    What is ``secret`` is never repeated to anybody, not even where it is wrong; ``hint`` may say what is wrong with it.
    """

    allowed: str
    read: Callable[[str], Any]
    is_list: bool = False
    secret: bool = False
    hint: Callable[[str], str] = lambda _written: ""


def _number(least: int, most: int, *, can_be_off: bool = False) -> Kind:
    """A whole number from ``least`` to ``most``, both included."""

    def read(written: str) -> int:
        if can_be_off and written == OFF:
            return 0
        number = int(written)
        if not least <= number <= most:
            raise ValueError(number)
        return number

    return Kind(f"a whole number from {least} to {most}" + f", or `{OFF}`" * can_be_off, read)


def _text(written: str) -> str:
    if not written.strip():
        raise ValueError(written)
    return written


def _folder(written: str) -> Path:
    return Path(_text(written))


def _one_of(*words: str) -> Kind:
    """One of ``words``, as it is written."""

    def read(written: str) -> str:
        if written not in words:
            raise ValueError(written)
        return written

    *most, last = (f"`{word}`" for word in words)
    return Kind(f"{', '.join(most)} or {last}", read)


def _postgresql(written: str) -> str:
    """An address of PostgreSQL; ``port`` raises `ValueError` by itself for one that there cannot be."""
    address = urlsplit(written)
    ways = dict(parse_qsl(address.query, keep_blank_values=True, strict_parsing=bool(address.query)))
    right = (
        address.scheme == "postgresql"
        and address.hostname
        and address.username
        and len(address.path) > 1
        and address.port != 0
        and not address.fragment
    )
    if not right or ways.pop("sslmode", "prefer") not in SSL_MODES or ways:
        raise ValueError(written)
    return written


def _redis(written: str) -> str:
    """`MEMORY`, or an address of Redis; ``port`` and ``encode`` raise `ValueError` for what there cannot be."""
    address = urlsplit(written)
    number = address.path.removeprefix("/")
    right = (
        address.scheme in ("redis", "rediss")
        and (address.hostname or "").encode("idna")  # or the name would raise in the middle of a request
        and address.port != 0
        and (not number or (number.isascii() and number.isdigit()))
        and not address.query
        and not address.fragment
    )
    if written != MEMORY and not right:
        raise ValueError(written)
    return written


def _hint_of_postgresql(written: str) -> str:
    scheme = written.partition(":")[0].lower()
    if scheme.startswith("postgres") and scheme != "postgresql":
        return ". It must begin with `postgresql://`"
    if not (hint := _hint_of_user(written)) and "?" in written:
        return f". Behind `?` only `sslmode=` may stand, with {', '.join(SSL_MODES[:-1])} or {SSL_MODES[-1]}"
    return hint


def _hint_of_redis(written: str) -> str:
    if written.lower().startswith("valkey"):
        return ". It must begin with `redis://` or `rediss://`"
    if not (hint := _hint_of_user(written)) and "?" in written:
        return ". Nothing may stand behind the number"
    return hint


def _hint_of_user(written: str) -> str:
    """What to do about signs in a name or a password that would end it."""
    user = written.partition("://")[2].rpartition("@")[0]
    return ". In a name or password, / ? # [ ] are written %2F %3F %23 %5B %5D" if {*"/?#[]"} & {*user} else ""


_TEXT = Kind("text", _text)
_FOLDER = Kind("a folder", _folder)
_POSTGRESQL = Kind("`postgresql://user:password@host/name`", _postgresql, secret=True, hint=_hint_of_postgresql)
_REDIS = Kind(
    f"`{MEMORY}`, `redis://…` or `rediss://user:password@host:port/number`", _redis, secret=True, hint=_hint_of_redis
)
_ORIGINS = Kind(
    "sites such as `https://clinic.example` or `https://*.clinic.example`, parted by commas", read_origin, is_list=True
)

_HOSTS = Kind("names such as `ask.clinic.example`, parted by commas", read_host, is_list=True)


_NOT_AS_OPTION = "not as an option, which others on the machine can read"


def _about(what: str, kind: Kind) -> Mapping[str, Any]:
    """What a row of the table needs beside name and default."""
    return {"help": what, "kind": kind}


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force."""

    corpus: Path = field(default=SHIPPED_CORPUS, metadata=_about("Folder with the clinic’s content.", _FOLDER))
    host: str = field(
        default="127.0.0.1", metadata=_about("Address to listen on; `0.0.0.0` for every network interface.", _TEXT)
    )
    port: int = field(default=8000, metadata=_about("Port to listen on; 0 for any free one.", _number(0, 65_535)))
    threads: int = field(
        default=4,
        metadata=_about(
            "Requests under way at the same time, in each process; it answers one at a time.", _number(1, 64)
        ),
    )
    processes: int = field(
        default=1, metadata=_about("Processes that answer; one is enough for a clinic.", _number(1, 64))
    )
    request_seconds: int = field(
        default=30, metadata=_about("Seconds in which a request must come, and its reply be taken.", _number(1, 3600))
    )
    rate_limit: int = field(
        default=30, metadata=_about("Questions a minute from one address.", _number(1, 100_000, can_be_off=True))
    )
    suggest_limit: int = field(
        default=120, metadata=_about("Suggestions a minute to one address.", _number(1, 100_000, can_be_off=True))
    )
    allowed_origins: tuple[str, ...] = field(
        default=(), metadata=_about("Other sites whose pages may ask, such as the clinic’s own.", _ORIGINS)
    )
    data: Path = field(
        default=Path("data"), metadata=_about("Folder for what Citewell writes; made when it is needed.", _FOLDER)
    )
    database_url: str = field(
        default="", repr=False, metadata=_about(f"PostgreSQL instead of the file; {_NOT_AS_OPTION}.", _POSTGRESQL)
    )
    journal: Kept = field(
        default="counts",
        metadata=_about(
            "What is kept of questions: nothing; what was shown, without words; the words too, for some days.",
            _one_of(*get_args(Kept)),
        ),
    )
    journal_days: int = field(
        default=30, metadata=_about("Days after which the words of questions are deleted.", _number(1, 3650))
    )
    desk_idle: int = field(
        default=30, metadata=_about("Minutes without use after which the desk asks to sign in again.", _number(5, 720))
    )
    reload_seconds: int = field(
        default=2,
        metadata=_about("Seconds between looks whether the content has changed.", _number(1, 3600, can_be_off=True)),
    )
    rate_limit_storage: str = field(
        default=MEMORY,
        repr=False,
        metadata=_about(
            f"Where the limits are counted: in each process, or in a Redis for all of them; {_NOT_AS_OPTION}.",
            _REDIS,
        ),
    )
    metrics: Audience = field(
        default="local",
        metadata=_about("Who may read `/metrics`: this machine, everybody, nobody.", _one_of(*get_args(Audience))),
    )
    proxies: int = field(
        default=0,
        metadata=_about(
            "Reverse proxies in front whose word on a visitor’s address and on TLS is taken.", _number(0, 5)
        ),
    )
    log_format: LogFormat = field(
        default="text",
        metadata=_about(
            "What lines of the log are: text for people, or an object of JSON each.", _one_of(*get_args(LogFormat))
        ),
    )
    access_log: Switch = field(
        default="off",
        metadata=_about(
            "One line in the log for each request: no address of a visitor, no words.", _one_of(*get_args(Switch))
        ),
    )
    hosts: tuple[str, ...] = field(
        default=(),
        metadata=_about(
            "Names that Citewell answers to, beside this machine’s own; while none is set, to any.", _HOSTS
        ),
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
