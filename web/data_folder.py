"""What is said of the data folder where nothing can be written in it."""

import os
from pathlib import Path


def problem(folder: Path, error: OSError) -> str:
    """Why not, and which setting names another folder; ``error`` is what the system said."""
    is_file = isinstance(error, FileExistsError) or os.path.isfile(folder)  # noqa: PTH113 - `Path.is_file` may raise
    reason = "it is a file, and no folder" if is_file else error.strerror or str(error)
    return f"cannot write in the data folder {folder}: {reason}. CITEWELL_DATA names another"
