"""The chat widget as it is served: its script as `web.building` made it, and what it says by language.

What the widget says stands in ``static/widget/strings/``, a file a language: ``texts`` by their keys, and ``named`` by
what only the moment names. Of English, the texts stand in the script, and are the keys of the other languages.
Scripts that a release of Citewell has published stay in ``releases/`` and are served as long, because sites pin them.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli

FOLDER = Path(__file__).resolve().parent / "static" / "widget"
"""The readable parts."""

RELEASES = Path(__file__).resolve().parent / "releases"
SCRIPT = RELEASES / "widget.js"
"""The script of the parts; earlier ones beside it are named after their release."""

ENGLISH = "en"
_RELEASE_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: in UTF-8, and compressed by the name of each content encoding, the smallest first."""

    content: bytes
    compressed: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Widget:
    """``release`` names exactly the script of now; ``scripts`` has it and earlier ones, each by its release.

    ``integrity`` is what a page that pins the script of now writes into the attribute of that name.
    """

    release: str
    integrity: str
    scripts: Mapping[str, Asset]
    strings: Mapping[str, Asset]

    @property
    def script(self) -> Asset:
        """The script of now."""
        return self.scripts[self.release]


def load_widget(script: Path = SCRIPT, folder: Path = FOLDER) -> Widget:
    """The widget whose script is in the file ``script``, earlier ones beside it, with the strings in ``folder``."""
    now = script.read_bytes()
    english = strings(folder, ENGLISH)
    contents = [path.read_bytes() for path in sorted(script.parent.glob("*.js"))]
    return Widget(
        release=release_of(now),
        integrity=f"sha384-{base64.b64encode(hashlib.sha384(now).digest()).decode()}",
        scripts={release_of(content): compressed(content) for content in contents},
        strings={language: _strings_asset(strings(folder, language), english) for language in languages(folder)},
    )


def release_of(script: bytes) -> str:
    """The name of exactly these bytes."""
    return hashlib.sha384(script).hexdigest()[:_RELEASE_LENGTH]


def compressed(content: bytes) -> Asset:
    """``content``, compressed once and as well as can be for everyone who will ask for it."""
    return Asset(content, {"br": brotli.compress(content), "gzip": gzip.compress(content, mtime=0)})


def languages(folder: Path = FOLDER) -> list[str]:
    """The languages that there are strings for."""
    return [*json.loads((folder / "strings" / "languages.json").read_text("utf-8"))]


def strings(folder: Path, language: str) -> dict[str, Any]:
    """What the widget says in ``language``, as its file has it."""
    return json.loads((folder / "strings" / f"{language}.json").read_text("utf-8"))  # type: ignore[no-any-return]


def _strings_asset(of_language: Mapping[str, Any], english: Mapping[str, Any]) -> Asset:
    """The strings by what the script asks for: the English text, or the name."""
    texts = {english["texts"][key]: text for key, text in of_language["texts"].items()}
    served = {"dir": of_language["dir"], **of_language["named"], **texts}
    return compressed(json.dumps(served, ensure_ascii=False, separators=(",", ":")).encode())
