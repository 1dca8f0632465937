"""Something that is made when it is first used."""

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar, cast

MadeT = TypeVar("MadeT")


def late(make: Callable[[], MadeT]) -> MadeT:
    """What ``make`` returns, made once, when something of it is first asked for; in whichever thread asks first."""
    return cast("MadeT", _Late(make))


class _Late:
    """Stands for what is not made yet. Passes on what is asked of it by name, and nothing else."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        """Whatever has no such name here: of `_made`, when it is first asked for, too."""
        if name != "_made":
            return getattr(self._made, name)
        with self._lock:
            made = vars(self)
            if name not in made:
                made[name] = self._make()
        return made[name]
