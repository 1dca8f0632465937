"""The chat widget as one script, joined from the readable parts in ``static/widget/``. Knows nothing else of ours.

The parts are JavaScript modules with plain imports; a style sheet or a JSON file is imported as its text or its value.
Joined, each stands after those that it imports, in one function that shares nothing with the page. Nothing is rewritten
but imports, comments and white space: what runs is what stands in the files.
"""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import brotli
import rcssmin
import rjsmin

from bot.errors import CitewellError

FOLDER = Path(__file__).resolve().parent / "static" / "widget"
_MAIN = "main.js"
_STRINGS = "strings"
_LANGUAGES = "languages.json"
_RELEASE_LENGTH = 16

_IMPORT = re.compile(r'^import (?:\{(?P<names>[\w, ]+)\}|(?P<whole>\w+)) from "\./(?P<path>[\w./-]+)";\n', re.MULTILINE)
_DECLARED = re.compile(r"^(?P<export>export )?(?=(?:async )?(?:function|const|let|class) (?P<name>\w+))", re.MULTILINE)


class WidgetError(CitewellError):
    """A part of the widget imports what is not there, or declares a name that another part has."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: in UTF-8, and compressed by the name of each content encoding, the smallest first."""

    content: bytes
    compressed: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Widget:
    """The script, and its strings by language. ``release`` names exactly this script and no other.

    ``integrity`` is what a page that pins the script writes into the attribute of that name.
    """

    script: Asset
    strings: Mapping[str, Asset]
    release: str
    integrity: str


def load_widget(folder: Path = FOLDER) -> Widget:
    """The widget of the parts in ``folder``; raises `WidgetError` that names the part."""
    script = f'/*! Citewell, MIT */(()=>{{"use strict";{rjsmin.jsmin(_joined(folder))}}})();\n'.encode()
    digest = hashlib.sha384(script)
    return Widget(
        script=compressed(script),
        strings={language: compressed(_strings(folder, language)) for language in _languages(folder)},
        release=digest.hexdigest()[:_RELEASE_LENGTH],
        integrity=f"sha384-{base64.b64encode(digest.digest()).decode()}",
    )


def compressed(content: bytes) -> Asset:
    """``content``, compressed once and as well as can be for everyone who will ask for it."""
    return Asset(content, {"br": brotli.compress(content), "gzip": gzip.compress(content, mtime=0)})


def _languages(folder: Path) -> list[str]:
    return [*json.loads((folder / _STRINGS / _LANGUAGES).read_text("utf-8"))]


def _strings(folder: Path, language: str) -> bytes:
    return _value(folder / _STRINGS / f"{language}.json").encode()


def _joined(folder: Path) -> str:
    parts = _Parts(folder)
    parts.add(_MAIN)
    return "\n".join(parts.texts.values())


@dataclass(slots=True)
class _Parts:
    """The parts gathered so far, by path, each after those that it imports."""

    folder: Path
    texts: dict[str, str] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    """Where each name is declared: joined, all parts share one scope."""
    exported: dict[str, set[str]] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    """Those whose imports are being gathered."""

    def add(self, path: str) -> None:
        """Gather ``path`` after all that it imports."""
        if path in self.texts:
            return
        if path in self.open:
            raise self._error(path, f"imports itself by way of {self.open[-1]}")
        self.open.append(path)
        text = self._read(path)
        for found in _IMPORT.finditer(text):
            self._import(path, found)
        self.exported[path] = {found["name"] for found in _DECLARED.finditer(text) if found["export"]}
        for found in _DECLARED.finditer(text):
            self._declare(path, found["name"])
        self.texts[path] = _DECLARED.sub("", _IMPORT.sub("", text))
        self.open.pop()

    def _import(self, path: str, found: re.Match[str]) -> None:
        source = found["path"]
        if found["whole"]:
            if source not in self.texts:
                self._declare(source, found["whole"])
                self.texts[source] = f"const {found['whole']} = {_value(self._file(path, source))};"
            elif self.homes.get(found["whole"]) != source:
                raise self._error(path, f"imports {source} under another name than the part before it")
            return
        self.add(source)
        if missing := {name.strip() for name in found["names"].split(",")} - self.exported[source]:
            raise self._error(path, f"{source} exports no {', '.join(sorted(missing))}")

    def _declare(self, path: str, name: str) -> None:
        if self.homes.setdefault(name, path) != path:
            raise self._error(path, f"{name} is declared in {self.homes[name]} as well")

    def _read(self, path: str) -> str:
        return self._file(self.open[-2] if len(self.open) > 1 else path, path).read_text("utf-8")

    def _file(self, importer: str, path: str) -> Path:
        if not (self.folder / path).is_file():
            raise self._error(importer, f"imports {path}, which is not there")
        return self.folder / path

    def _error(self, path: str, problem: str) -> WidgetError:
        return WidgetError(f"{self.folder / path}: {problem}")


def _value(path: Path) -> str:
    """A style sheet or JSON file as a JavaScript value without needless white space."""
    text = path.read_text("utf-8")
    value = rcssmin.cssmin(text) if path.suffix == ".css" else json.loads(text)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
