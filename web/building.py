"""Builds the widget's script from the readable parts in ``static/widget/``: ``make widget``. Needs no Node.

The parts are JavaScript modules with plain imports; a style sheet or a JSON file is imported as its text or its value.
Joined, each stands after those that it imports, in one function that shares nothing with the page; English texts take
the place of their keys; what is left is minified. The result is kept in the repository, because every installation must
serve the same bytes: sites pin them by their hash. ``tests/test_widget.py`` holds it to the parts.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import minify

from bot.errors import CitewellError
from web.widget import ENGLISH, FOLDER, SCRIPT, release_of, strings

MAIN = "main.js"

_IMPORT = re.compile(r'^import (?:\{(?P<names>[\w, ]+)\}|(?P<whole>\w+)) from "\./(?P<path>[\w./-]+)";\n', re.MULTILINE)
_DECLARED = re.compile(r"^(?P<export>export )?(?=(?:async )?(?:function|const|let|class) (?P<name>\w+))", re.MULTILINE)
_WORDS = re.compile(r'\bwords\("(?P<key>\w+)"')


class BuildError(CitewellError):
    """A part imports or says what is not there, or declares a name that another part has."""


def build(folder: Path = FOLDER) -> bytes:
    """The script of the parts in ``folder``; raises `BuildError` that names the part."""
    parts = _Parts(folder, strings(folder, ENGLISH))
    parts.add(MAIN)
    joined = "\n".join(parts.texts.values())
    minified = minify.string("application/javascript", f'(() => {{"use strict";\n{joined}\n}})();')
    return f"/*! Citewell, MIT */{minified}\n".encode()


@dataclass(slots=True)
class _Parts:
    """The parts gathered so far, by path, each after those that it imports."""

    folder: Path
    english: Mapping[str, Any]
    texts: dict[str, str] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    """Where each name is declared: joined, all parts share one scope."""
    exported: dict[str, set[str]] = field(default_factory=dict)
    importing: list[str] = field(default_factory=list)
    """Those whose imports are being gathered, each by the one before it."""

    def add(self, path: str) -> None:
        """Gather the module ``path`` after all that it imports."""
        if path in self.texts:
            return
        if path in self.importing:
            raise self._error(self.importing[-1], f"imports {path}, which imports it")
        text = self._file(self.importing[-1] if self.importing else path, path).read_text("utf-8")
        self.importing.append(path)
        for found in _IMPORT.finditer(text):
            self._import(path, found)
        self._declare_all(path, text)
        bare = _DECLARED.sub("", _IMPORT.sub("", text))
        self.texts[path] = _WORDS.sub(lambda found: self._said(path, found["key"]), bare)
        self.importing.pop()

    def _import(self, importer: str, found: re.Match[str]) -> None:
        path, whole = found["path"], found["whole"]
        if whole:
            self._declare(importer, whole, home=path)
            self.texts.setdefault(path, f"const {whole} = {self._value(self._file(importer, path))};")
            return
        self.add(path)
        if missing := {name.strip() for name in found["names"].split(",")} - self.exported[path]:
            raise self._error(importer, f"{path} exports no {', '.join(sorted(missing))}")

    def _declare_all(self, path: str, text: str) -> None:
        found = [*_DECLARED.finditer(text)]
        self.exported[path] = {one["name"] for one in found if one["export"]}
        for one in found:
            self._declare(path, one["name"], home=path)

    def _declare(self, path: str, name: str, *, home: str) -> None:
        if self.homes.setdefault(name, home) != home:
            raise self._error(path, f"{name} is a name of {self.homes[name]} as well")

    def _said(self, path: str, key: str) -> str:
        """The English text, where the part has its key."""
        if key not in self.english["texts"]:
            raise self._error(path, f"says {key}, which is no text of {ENGLISH}.json")
        return f"words({_json(self.english['texts'][key])}"

    def _value(self, path: Path) -> str:
        """A style sheet or JSON file as a JavaScript value; of English, what only the moment names."""
        text = path.read_text("utf-8")
        if path.suffix == ".css":
            return _json(minify.string("text/css", text))
        return _json(
            {"dir": self.english["dir"], **self.english["named"]} if path.stem == ENGLISH else json.loads(text)
        )

    def _file(self, importer: str, path: str) -> Path:
        if not (self.folder / path).is_file():
            raise self._error(importer, f"imports {path}, which is not there")
        return self.folder / path

    def _error(self, path: str, problem: str) -> BuildError:
        return BuildError(f"{self.folder / path}: {problem}")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Write the script into its file."""
    script = build()
    SCRIPT.parent.mkdir(exist_ok=True)
    SCRIPT.write_bytes(script)
    print(f"{SCRIPT.name}: release {release_of(script)}, {len(script):,} bytes")


if __name__ == "__main__":
    main()
