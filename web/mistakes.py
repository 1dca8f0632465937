"""Why content cannot be served, in words for the log, for staff and for who looks after the server: no path of ours."""

import os
from pathlib import Path

from bot.errors import CorpusError
from web.clock import now
from web.content import Broken
from web.prepared import Interrupted

LONGEST = 300
"""Characters of each thing that is said of a mistake: a heading that somebody quoted may have any number."""

READABLE = "a folder whose files Citewell may read"
LOADABLE = "content that can be loaded"


def of_content(error: CorpusError, folder: Path) -> Broken:
    """What is wrong with a file of ``folder``; or only with its loading, and nothing is known of the content."""
    where = _relative(error.path, folder)
    if error.line is not None:
        where = f"{where}:{error.line}"
    # The system's words may have the whole path in them.
    problem, expected = (said.replace(f"{folder}/", "") for said in (error.problem, error.expected))
    return Broken(_plain(where), _plain(problem), _plain(expected), now(), may_pass=isinstance(error, Interrupted))


def of_loading(error: Exception, folder: Path) -> Broken:
    """What nobody expected while ``folder`` was loaded; its words may be the content's, so only its kind is said."""
    problem = f"cannot be loaded ({type(error).__name__})"
    return Broken(_plain(folder.name), problem, LOADABLE, now(), may_pass=True)


def of_folder(error: OSError, folder: Path) -> Broken:
    """What the system says of a file of ``folder``, or of the folder itself."""
    where = _plain(_relative(Path(error.filename or folder), folder))
    return Broken(where, os.strerror(error.errno or 0), READABLE, now())


def _relative(path: Path, folder: Path) -> str:
    """The path within ``folder``; what lies elsewhere has only its name told."""
    return str(path.relative_to(folder)) if path != folder and path.is_relative_to(folder) else path.name


def _plain(said: str) -> str:
    """One line without characters that nobody sees: a file's name and what stands in it may hold any."""
    return "".join(character if character.isprintable() else " " for character in said)[:LONGEST]
