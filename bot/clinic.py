"""``clinic.toml`` in, `Clinic` out. Floor 2: knows `errors`, `model`, `toml`, `versions` and `wording`."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bot import versions, wording
from bot.errors import CorpusError
from bot.model import Clinic, HelpLine, PhoneUse
from bot.toml import load_toml

FILE = versions.CLINIC


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc or value.split() != [value]:
        message = "a web address that starts with https://"
        raise ValueError(message)
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
"""An address that a link may lead to."""

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Dialled = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{2,15}$")]
_Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]


class _PhoneRow(BaseModel):
    model_config = _STRICT
    label: _Line
    tel: _Dialled
    uses: Annotated[list[PhoneUse], Field(min_length=1)] = ["emergency"]


class _ClinicFile(BaseModel):
    """What may stand in the file; all of it may be missing."""

    model_config = _STRICT
    name: _Line = "the clinic"
    disclaimer: _Line = wording.DISCLAIMER
    site: WebAddress | None = None
    phone: _Line | None = None
    hours: _Line | None = None
    country: _Country | None = None
    languages: Annotated[list[_Language], Field(min_length=1)] = ["en"]
    phones: dict[_Country, Annotated[list[_PhoneRow], Field(min_length=1)]] = {}
    country_names: dict[_Country, _Line] = {}
    start_questions: list[_Line] = []
    safety_messages: bool = True


def load_clinic(folder: Path) -> Clinic:
    """The clinic's own settings from ``folder``, or the defaults where it has no ``clinic.toml``.

    Raises `CorpusError` for a file that is no TOML, for an unknown key and for a value of the wrong form.
    """
    path = folder / FILE
    checked = load_toml(path, _ClinicFile)
    if checked.country and checked.phones and checked.country not in checked.phones:
        problem = f"country = “{checked.country}” has no [[phones.{checked.country}]]"
        raise CorpusError(path, None, problem, "the country’s numbers")
    return Clinic(
        name=checked.name,
        disclaimer=checked.disclaimer,
        site=checked.site,
        phone=checked.phone,
        hours=checked.hours,
        country=checked.country,
        languages=tuple(checked.languages),
        phones={
            country: tuple(HelpLine(row.label, row.tel, frozenset(row.uses)) for row in rows)
            for country, rows in sorted(checked.phones.items())
        },
        country_names={country: checked.country_names.get(country, country) for country in sorted(checked.phones)},
        start_questions=tuple(checked.start_questions),
        safety_messages=checked.safety_messages,
    )
