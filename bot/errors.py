"""Everything Citewell refuses, by name. Floor 0: imports nothing of ours."""

from pathlib import Path


class CitewellError(Exception):
    """Base of all errors that Citewell raises on purpose; its text is one line, fit for the person at the keyboard."""


class FileError(CitewellError):
    """A file is wrong.

    Reads ``path:line: problem; expected …``; ``line`` counts from 1 and is ``None`` where the format gives no position.
    """

    def __init__(self, path: Path, line: int | None, problem: str, expected: str) -> None:
        super().__init__(f"{path}{'' if line is None else f':{line}'}: {problem}; expected {expected}")
        self.path = path
        self.line = line
        self.problem = problem
        self.expected = expected

    def __reduce__(self) -> tuple[type["FileError"], tuple[Path, int | None, str, str]]:
        """The same error in another process."""
        return type(self), (self.path, self.line, self.problem, self.expected)


class CorpusError(FileError):
    """A file of the corpus is wrong."""


class JudgedError(FileError):
    """A file of judged questions, or a saved evaluation of them, is wrong."""


class PhrasingError(CitewellError):
    """A way to ask cannot be added to a document, or taken out; reads ``problem; expected …``.

    What was typed does not stand in it.
    """

    def __init__(self, problem: str, expected: str) -> None:
        super().__init__(f"{problem}; expected {expected}")
        self.problem = problem
        self.expected = expected
