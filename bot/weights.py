"""How the judge weighs what it sees: ``judging.toml`` in, `Weights` out. Floor 2: knows `model`, `toml`, `versions`."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot import versions
from bot.model import Weights
from bot.toml import load_toml

FILE = versions.WEIGHTS

_SHIPPED = Weights()


class _WeightsFile(BaseModel):
    """What may stand in the file; ``citewell calibrate`` writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    words: Annotated[float, Field(ge=0, le=100)] = _SHIPPED.words
    nearest: Annotated[float, Field(ge=0, le=100)] = _SHIPPED.nearest
    coverage: Annotated[float, Field(ge=0, le=100)] = _SHIPPED.coverage
    start: Annotated[float, Field(ge=-100, le=100)] = _SHIPPED.start
    answer_from: Annotated[float, Field(gt=0, lt=1)] = _SHIPPED.answer_from
    suggest_from: Annotated[float, Field(gt=0, lt=1)] = _SHIPPED.suggest_from

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.suggest_from > self.answer_from:
            message = "suggest_from of at most answer_from"
            raise ValueError(message)
        return self


def load_weights(folder: Path) -> Weights:
    """The weights in the ``judging.toml`` of ``folder``, those that come with Citewell where there is no such file.

    Raises `CorpusError` for a file that is wrong.
    """
    return Weights(**load_toml(folder / FILE, _WeightsFile).model_dump())
