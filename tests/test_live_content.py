"""The real server while its content is edited, broken and mended under load: no crash, and never half old, half new."""

import hashlib
import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.versions import version_of
from tests.live_server import LiveServer, running
from tests.waiting import eventually

pytestmark = pytest.mark.server

SEED = 20261130
STEPS = 14
FEWEST = 4
SECONDS = 60
"""After which no step but the first few begins; on a machine with nothing else to do, all of them take about that."""

ALL_PROCESSES = 8
"""As many requests in a row as surely reach each process of the server."""

DOCUMENTS = ("feet", "backs", "knees")
TOPICS = ("blisters", "cramps", "sciatica")
ASKED = [f"what about {topic} of the {document}" for document in DOCUMENTS for topic in TOPICS]

BROKEN: Mapping[str, bytes] = {
    "not text": b"\xff\xfe\x00 no text",
    "no heading": b"Just words.\n",
    "two sections with one name": b"# Page\n\n## A {#a}\n\nText.\n\n## B {#a}\n\nText.\n",
    "half saved": b"# Page\n\n## A\n\nText.[^1]\n",
    "nothing": b"",
}


def document(name: str, number: int) -> bytes:
    """A document in its state ``number``, which stands in every section."""
    sections = [f"## About {topic} of the {name} {{#{topic}}}\n\n{said(name, topic, number)}\n" for topic in TOPICS]
    return "\n".join([f"# The {name}\n", *sections]).encode()


def said(name: str, topic: str, number: int) -> str:
    return f"The {topic} of the {name} in state {number}."


def clinic(number: int) -> bytes:
    return f'name = "Clinic in state {number}"\nphone = "+880{number:07d}"\nsafety_messages = false\n'.encode()


@dataclass(slots=True)
class Folder:
    """The content, and what it said in each state that it ever had; a state is written down before it is made."""

    path: Path
    scratch: Path
    files: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """By file, the number of its state, and its bytes."""
    known: dict[str, Mapping[str, int]] = field(default_factory=dict)
    """By version, the number of each file's state."""

    def write(self, name: str, number: int, content: bytes, *, at_once: bool) -> None:
        """Write a file: in one step, or as simple editors do, who empty it first."""
        if not at_once:
            self._note(name, number, b"")
        self._note(name, number, content)
        path = self.path / name
        if at_once:
            aside = self.path / f".{name}.tmp"
            aside.write_bytes(content)
            aside.replace(path)
        else:
            path.write_bytes(content)

    def delete(self, name: str) -> None:
        del self.files[name]
        (self.scratch / name).unlink()
        self._remember()
        (self.path / name).unlink()

    def _note(self, name: str, number: int, content: bytes) -> None:
        self.files[name] = (number, content)
        (self.scratch / name).write_bytes(content)
        self._remember()

    def _remember(self) -> None:
        self.known[version_of(self.scratch)] = {name: number for name, (number, _) in self.files.items()}


@dataclass(slots=True)
class Readers:
    """Who asks all the time, and looks at each reply."""

    server: LiveServer
    folder: Folder
    stopping: threading.Event = field(default_factory=threading.Event)
    wrong: list[str] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)
    replies: int = 0

    def run(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - which question comes next is no secret
        while not self.stopping.is_set() and not self.wrong:
            try:
                chance.choice([self._chat, self._search, self._home, self._source])(chance.choice(ASKED))
            except Exception as error:  # whatever it is, the test shall say it
                self.wrong.append(f"{type(error).__name__}: {error}")
            self.replies += 1

    def _chat(self, question: str) -> None:
        answer = self._asked("/api/chat", {"message": question})
        state = self._state(answer["corpus_version"])
        if answer["contact"]["name"] != f"Clinic in state {state['clinic.toml']}":
            self.wrong.append(f"another state's clinic: {answer['contact']} in {state}")
        if answer["passage"]:
            self._check(answer["passage"], answer["citation"], state)

    def _search(self, question: str) -> None:
        found = self._asked("/api/search", {"query": question})
        state = self._state(found["corpus_version"])
        for hit in found["hits"]:
            self._check(hit, hit["citation"], state)

    def _check(self, passage: Any, citation: Any, state: Mapping[str, int]) -> None:
        name, topic = passage["id"].split("#")
        number = state.get(f"{name}.md")
        expected = None if number is None else said(name, topic, number)
        digest = hashlib.sha256(passage["text"].encode()).hexdigest()
        right = (expected, f"The {name}", f"About {topic} of the {name}", digest)
        got = (passage["text"], citation["document"], citation["section"], citation["hash"])
        if got != right:
            self.wrong.append(f"{got} is not {right} in {state}")

    def _home(self, _question: str) -> None:
        """The page names no version, but clinic and documents on it must have stood in the folder together."""
        page = self._page("/", {200})
        numbers = {int(number) for number in re.findall(r"Clinic in state (\d+)", page)}
        first = re.findall(r"The \w+ of the (\w+) in state (\d+)", page)
        together = {(f"{name}.md", int(number)) for name, number in first}
        states = [{**state}.items() for state in self.folder.known.copy().values()]
        if not any({("clinic.toml", number) for number in numbers} | together <= state for state in states):
            self.wrong.append(f"never stood together: {numbers}, {together}")

    def _source(self, question: str) -> None:
        name = question.rsplit(" ", 1)[1]
        page = self._page(f"/sources/{name}", {200, 404})
        if len(set(re.findall(rf"of the {name} in state (\d+)", page))) > 1:
            self.wrong.append(f"two states on the page of {name}")

    def _asked(self, path: str, body: object) -> Any:
        status, reply = self.server.ask(path, body)
        if status != 200:
            message = f"{status} {reply}"
            raise AssertionError(message)
        return reply

    def _page(self, path: str, allowed: set[int]) -> str:
        status, page = self.server.ask(path)
        if status not in allowed:
            message = f"{status} {path}"
            raise AssertionError(message)
        return str(page)

    def _state(self, version: str) -> Mapping[str, int]:
        self.versions.add(version)
        return self.folder.known[version]  # which has every state that ever stood there


@dataclass(slots=True)
class Editor:
    """Changes the content by chance; each step leaves it whole or broken, and waits until the server has noticed."""

    server: LiveServer
    folder: Folder
    chance: random.Random
    number: int = 0

    def write_all(self) -> None:
        for name in ("clinic.toml", *(f"{document}.md" for document in DOCUMENTS)):
            self.write(name)

    def write(self, name: str) -> None:
        self.number += 1
        content = clinic(self.number) if name == "clinic.toml" else document(Path(name).stem, self.number)
        self.folder.write(name, self.number, content, at_once=self.chance.random() < 0.5)

    def step(self) -> None:
        self.chance.choice(
            [self.edit, self.edit, self.edit, self.hurry, self.break_one, self.go_away, self.leave_out]
        )()

    def edit(self) -> None:
        """One file or several."""
        for name in self._some():
            self.write(name)
        self.wait_for_newest()

    def hurry(self) -> None:
        """Edits without a pause, in which nobody waits for the server."""
        for _ in range(self.chance.randrange(5, 40)):
            self.write(self.chance.choice(list(self.folder.files)))
        self.wait_for_newest()

    def break_one(self) -> None:
        """A mistake beside a good edit; then it is mended."""
        good, bad = self.chance.sample([f"{name}.md" for name in self._there()], 2)
        self.write(good)
        self.number += 1
        self.folder.write(bad, self.number, BROKEN[self.chance.choice(list(BROKEN))], at_once=True)
        self.wait(lambda content: (content["broken"] or "").startswith(bad))
        self.write(bad)
        self.wait_for_newest()

    def go_away(self) -> None:
        """The folder is gone for a while, as when a drive is not there."""
        away = self.folder.path.with_name("away")
        self.folder.path.rename(away)
        self.wait(lambda content: content["broken"] is not None)
        away.rename(self.folder.path)
        self.wait_for_newest()

    def leave_out(self) -> None:
        """A document is deleted, and comes back otherwise."""
        name = f"{self.chance.choice(self._there())}.md"
        self.folder.delete(name)
        self.wait_for_newest()
        self.write(name)
        self.wait_for_newest()

    def wait_for_newest(self) -> None:
        version = version_of(self.folder.path)
        self.wait(lambda content: content["version"] == version and content["broken"] is None)

    def wait(self, holds: Callable[[Any], bool]) -> None:
        """Until that holds for what ``/readyz`` says of the content, whichever process is asked."""
        eventually(
            lambda: all(holds(self.server.ready["content"]) for _ in range(ALL_PROCESSES)), lambda: self.server.ready
        )

    def _some(self) -> list[str]:
        names = list(self.folder.files)
        return self.chance.sample(names, self.chance.randrange(1, len(names) + 1))

    def _there(self) -> list[str]:
        return [Path(name).stem for name in self.folder.files if name != "clinic.toml"]


def test_content_that_is_edited_broken_and_mended_under_load_is_never_half_old_half_new(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same edits each time
    folder = Folder(tmp_path / "corpus", tmp_path / "scratch")
    for path in (folder.path, folder.scratch):
        path.mkdir()
    server = LiveServer(folder.path, tmp_path / "data", ["--reload-seconds", "1", "--threads", "8"])
    editor, readers = Editor(server, folder, chance), Readers(server, folder)
    editor.write_all()

    with running(server):
        threads = [threading.Thread(target=readers.run, args=[seed]) for seed in range(3)]
        for thread in threads:
            thread.start()
        try:
            steps = _walk(editor, lambda: bool(readers.wrong))
        finally:
            readers.stopping.set()
            for thread in threads:
                thread.join()

    assert readers.wrong == []
    assert readers.replies > 20 * steps
    assert len(readers.versions) > steps / 2
    assert steps >= FEWEST


def _walk(editor: Editor, is_over: Callable[[], bool]) -> int:
    """How many steps were made."""
    deadline = time.monotonic() + SECONDS
    for made in range(STEPS):
        if is_over() or (made >= FEWEST and time.monotonic() > deadline):
            return made
        editor.step()
    return STEPS
