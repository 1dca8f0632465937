"""What the screen reader Orca says of the widget: ``make orca``. By hand, not in ``make test``; takes about 2 minutes.

Needs the Debian packages orca, at-spi2-core, dbus-daemon, libglib2.0-bin, xvfb and chromium. A visitor who uses the
keyboard alone has one conversation on the demo page, in a Chromium with its window on a screen that nobody sees; Orca's
own log says what it speaks. Writes that to docs/orca.txt and checks it: what is urgent comes first, an answer once, in
order and with its source, an equal answer again, and nothing twice in a row.

There is no sound: what is read is what Orca hands to its speech synthesizer.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.engines.site import ROOT, needed, on_a_screen, website

TRANSCRIPT = ROOT / "docs" / "orca.txt"
QUESTION = "How can worn-out running shoes lead to back pain?"
EMERGENCY = "back pain and cant pee since morning"

_SPOKEN = re.compile(r"SPEECH OUTPUT: '(.*)'(?: *\{.*\})?\s*$", re.MULTILINE)
_QUIET = 3.0  # seconds without a word that end a turn; Orca's longest pause within one was under 1
_LONGEST = 30.0  # seconds that a turn may take
_START = 60.0  # seconds that Orca may take to start
_LAUNCHER = "/usr/libexec/at-spi-bus-launcher"


@dataclass(frozen=True, slots=True)
class Turn:
    """What the visitor did and what was said then, one utterance a line."""

    done: str
    said: tuple[str, ...]


class Listener:
    """Hears what Orca writes into ``name``, a terminal: into a file it would write only a block of 8 kB at a time."""

    def __init__(self) -> None:
        self._ours, orcas = os.openpty()
        tty.setraw(orcas)
        self.name = os.ttyname(orcas)
        self._log = b""
        self._read = 0
        # Always read, or Orca waits for the terminal to take what it writes.
        threading.Thread(target=self._listen, daemon=True).start()

    def started(self) -> None:
        """Wait until Orca has spoken of itself."""
        end = time.monotonic() + _START
        while not self._new():
            if time.monotonic() > end:
                sys.exit("Orca said nothing within a minute of its start.")
            time.sleep(0.2)
        self.turn("")

    def turn(self, done: str) -> Turn:
        """What is said until it is quiet. Only time tells that somebody has stopped speaking."""
        said: list[str] = []
        start = last = time.monotonic()
        while time.monotonic() - last < _QUIET and time.monotonic() - start < _LONGEST:
            if new := self._new():
                said += new
                last = time.monotonic()
            time.sleep(0.1)
        return Turn(done, tuple(said))

    def whole(self) -> bytes:
        """All that Orca has written."""
        return self._log

    def _listen(self) -> None:
        while block := os.read(self._ours, 65536):
            self._log += block

    def _new(self) -> list[str]:
        end = self._log.rfind(b"\n") + 1  # a line may be half written
        new, self._read = self._log[self._read : end], end
        return [line.strip() for line in _SPOKEN.findall(new.decode(errors="replace")) if line.strip()]


@contextmanager
def screen_reader(folder: Path) -> Iterator[Listener]:
    """Orca, with its settings, and those of its speech synthesizer, in ``folder``."""
    status = ["gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus", "--method"]
    listener = Listener()
    _silence(folder)
    bus = subprocess.Popen([_LAUNCHER, "--launch-immediately"], stderr=subprocess.DEVNULL)
    for name in ("IsEnabled", "ScreenReaderEnabled"):
        subprocess.run(
            [*status, "org.freedesktop.DBus.Properties.Set", "org.a11y.Status", name, "<true>"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    orca = subprocess.Popen(
        ["orca", "--replace", "--debug-file", listener.name],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield listener
    finally:
        for process in (orca, bus):
            process.terminate()  # killed, the launcher would leave its bus behind
            process.wait()
        # Orca has it started, in the background: it would stay.
        for pid in folder.rglob("speech-dispatcher.pid"):
            with suppress(ProcessLookupError):
                os.kill(int(pid.read_text(encoding="utf-8")), signal.SIGKILL)


def _silence(folder: Path) -> None:
    """Have a synthesizer that says nothing: a real one waits for a sound card, and Orca for it, for ever."""
    settings = folder / ".config" / "speech-dispatcher"
    settings.mkdir(parents=True)
    (settings / "speechd.conf").write_text(
        'AddModule "dummy" "sd_dummy" ""\nDefaultModule dummy\nAudioOutputMethod "null"\n', encoding="utf-8"
    )


def conversation(page: Page, address: str, listener: Listener) -> list[Turn]:
    """All turns, by keyboard alone."""

    def press(key: str, done: str) -> None:
        page.keyboard.press(key)
        turns.append(listener.turn(done))

    def ask(question: str) -> None:
        page.keyboard.type(question)
        listener.turn("")  # the letters, each of which is spoken, and how many known questions there are
        press("Enter", f"asks: {question}")

    turns: list[Turn] = []
    page.goto(f"{address}/")
    page.locator("citewell-chat .launcher").wait_for()
    page.bring_to_front()
    listener.turn("")  # the page itself
    page.keyboard.press("Control+End")
    listener.turn("")
    page.evaluate("document.querySelector('citewell-chat').shadowRoot.querySelector('.launcher').focus()")
    turns.append(listener.turn("comes to the button"))
    press("Enter", "opens the panel")
    press("Escape", "leaves with Escape")
    press("Enter", "opens the panel again")
    ask(QUESTION)
    ask(QUESTION)
    ask(EMERGENCY)
    page.keyboard.press("Shift+Tab")
    turns.append(listener.turn("goes back with Shift+Tab"))
    for _ in range(8):
        if "not in an emergency" in " ".join(turns[-1].said):
            break
        press("Shift+Tab", "goes back with Shift+Tab")
    press("Enter", "presses: I am not in an emergency, show me the article")
    return turns


def faults(turns: list[Turn]) -> list[str]:
    """What is wrong with what was said; empty if nothing."""
    by_done = {turn.done: turn for turn in turns}
    first, second = [turn for turn in turns if turn.done == f"asks: {QUESTION}"]
    urgent = by_done[f"asks: {EMERGENCY}"]
    after = by_done["presses: I am not in an emergency, show me the article"]
    checks = {
        "the button says its name and that it is one": _has(by_done["comes to the button"], "Ask a question", "button"),
        # Its title is that of the button, so Orca leaves it out.
        "the panel says that it is a dialog, and its field": _has(
            by_done["opens the panel"], "dialog", "Your question"
        ),
        "the answer comes in order, with its source": _has(first, "Answer 1.", "no good proof", "Source"),
        "and once": _count(first, "no good proof") == 1,
        "the same answer is spoken again, as the second": _has(second, "Answer 2.", "no good proof", "Source"),
        "and once as well": _count(second, "no good proof") == 1,
        "the emergency is spoken": _has(urgent, "Emergency: get help now"),
        "and nothing of an answer": _count(urgent, "Answer ") == 0 and _count(urgent, "Source") == 0,
        "the first of an emergency's turn is the emergency": _begins(urgent, "Emergency: get help now"),
        "asked for, the article comes, after the emergency": _has(after, "Emergency: get help now", "Answer 4."),
        "and not before it": "Answer" not in " ".join(after.said).partition("Emergency: get help now")[0],
        "leaving, it is said that the panel is closed": _has(by_done["leaves with Escape"], "collapsed"),
    }
    found = [sentence for sentence, holds in checks.items() if not holds]
    for turn in turns:
        found += [f"twice in a row: {one}" for one, two in pairwise(turn.said) if one == two]
    return found


def _has(turn: Turn, *parts: str) -> bool:
    """Whether ``parts`` are said in this order."""
    return bool(re.search(".*".join(map(re.escape, parts)), " ".join(turn.said), re.DOTALL))


def _count(turn: Turn, part: str) -> int:
    return " ".join(turn.said).count(part)


def _begins(turn: Turn, part: str) -> bool:
    return bool(turn.said) and turn.said[0].startswith(part)


def main() -> None:
    """Write the transcript, print what is wrong with it, and leave with 1 if something is."""
    needed(
        [
            ("orca", "orca"),
            (_LAUNCHER, "at-spi2-core"),
            ("dbus-run-session", "dbus-daemon"),
            ("gdbus", "libglib2.0-bin"),
            ("xvfb-run", "xvfb"),
        ]
    )
    needed([(CHROMIUM or "chromium", "chromium")])
    on_a_screen("tests.engines.orca", "dbus-run-session", "--")
    # Before any program starts: a screen reader must not speak through the settings of whoever runs this.
    with (
        tempfile.TemporaryDirectory(prefix="citewell-orca-", ignore_cleanup_errors=True) as home,
        website() as (address, _),
    ):
        os.environ["HOME"] = home
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
            os.environ.pop(name, None)  # then these are in HOME
        with screen_reader(Path(home)) as listener, sync_playwright() as playwright:
            listener.started()
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM,
                headless=False,
                args=[*ARGUMENTS, "--force-renderer-accessibility"],
                ignore_default_args=["--disable-renderer-accessibility"],
            )
            turns = conversation(browser.new_page(), address, listener)
            version = browser.version
            browser.close()
            log = Path(tempfile.mkdtemp(prefix="citewell-orca-log-"), "orca.log")
            log.write_bytes(listener.whole())
            print(f"All that Orca has written is in {log}.")
    orca = subprocess.run(["orca", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    lines = [f"What Orca {orca} says with Chromium {version.split('.')[0]} (make orca)."]
    for turn in turns:
        lines += ["", f"The visitor {turn.done}.", *(f"    {one}" for one in turn.said)]
    TRANSCRIPT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrong = faults(turns)
    print("\n".join([*lines, "", *(f"FAILED  {fault}" for fault in wrong), "" if wrong else "All as it should be."]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
