"""What may stand in a setting, how it is read, and what is said where it is wrong.

Of ours it knows `web.origins` only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from web.origins import read_host, read_origin

SSL_MODES = ("disable", "prefer", "require", "verify-full")
"""What ``?sslmode=`` may say at the end of PostgreSQL's address, with the meaning that it has there."""

MEMORY = "memory"
"""Written instead of an address, where each process counts for itself."""

OFF = "off"
"""Written instead of a number, where a limit can be switched off; it is read as 0."""


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


def number(least: int, most: int, *, can_be_off: bool = False) -> Kind:
    """A whole number from ``least`` to ``most``, both included."""

    def read(written: str) -> int:
        if can_be_off and written == OFF:
            return 0
        value = int(written)
        if not least <= value <= most:
            raise ValueError(value)
        return value

    return Kind(f"a whole number from {least} to {most}" + f", or `{OFF}`" * can_be_off, read)


def _text(written: str) -> str:
    if not written.strip():
        raise ValueError(written)
    return written


def _folder(written: str) -> Path:
    return Path(_text(written))


def one_of(*words: str) -> Kind:
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
        and address.netloc.count("@") == 1  # what connects would take its rest for the host, and say it
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
    if written.count("@") > 1:
        return ". In a name or password, @ is written %40"
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


TEXT = Kind("text", _text)
FOLDER = Kind("a folder", _folder)
POSTGRESQL = Kind("`postgresql://user:password@host/name`", _postgresql, secret=True, hint=_hint_of_postgresql)
REDIS = Kind(
    f"`{MEMORY}`, `redis://…` or `rediss://user:password@host:port/number`", _redis, secret=True, hint=_hint_of_redis
)
ORIGINS = Kind(
    "sites such as `https://clinic.example` or `https://*.clinic.example`, parted by commas", read_origin, is_list=True
)
HOSTS = Kind("names such as `ask.clinic.example`, parted by commas", read_host, is_list=True)
