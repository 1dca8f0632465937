"""What is said of the data folder where nothing can be written in it."""

from pathlib import Path


def problem(folder: Path, error: OSError) -> str:
    """Why not, and which setting names another folder; ``error`` is what the system said."""
    reason = "it is a file, and no folder" if isinstance(error, FileExistsError) else error.strerror or str(error)
    return f"cannot write in the data folder {folder}: {reason}. CITEWELL_DATA names another"
