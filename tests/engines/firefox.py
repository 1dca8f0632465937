"""The widget in Debian's Firefox: ``make firefox``. By hand, not a part of ``make test``; takes about 30 seconds.

Needs the Debian package firefox-esr, and fonts for Bangla (fonts-beng) if its picture is to be judged. Visits the demo
page under its real policy as tests/engines/smoke.py says, prints each sentence with whether it holds, and leaves
pictures in a temporary folder, to be looked at. What was seen is written down in docs/engines.md.

Firefox speaks WebDriver BiDi by itself, so it needs no geckodriver, which Debian does not have.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from tests.engines.bidi import BidiTab
from tests.engines.site import needed, website
from tests.engines.smoke import visit

_PREFERENCES: dict[str, bool | int | str] = {
    "layout.css.prefers-color-scheme.content-override": 1,  # light, whatever the desktop says; 0 is dark
    # The window is the active one, though none is seen: else no focus ring is drawn, and no key presses a button.
    "focusmanager.testmode": True,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
    # Nothing but loopback: every other name goes to a proxy that is not there.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.allow_hijacking_localhost": False,
}


@contextmanager
def firefox(*, dark: bool = False) -> Iterator[BidiTab]:
    """A tab of a fresh Firefox without a window, on a light or a dark desktop."""
    with tempfile.TemporaryDirectory(prefix="citewell-firefox-") as profile:
        preferences = _PREFERENCES | {"layout.css.prefers-color-scheme.content-override": 0 if dark else 1}
        lines = [f'user_pref("{name}", {_written(value)});\n' for name, value in preferences.items()]
        Path(profile, "user.js").write_text("".join(lines), encoding="utf-8")
        command = ["firefox-esr", "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
            try:
                with closing(BidiTab(_address(process))) as tab:
                    yield tab
            except BaseException:
                process.kill()
                raise


def _written(value: bool | int | str) -> str:
    return str(value).lower() if isinstance(value, bool | int) else f'"{value}"'


def _address(process: subprocess.Popen[str]) -> str:
    for line in process.stderr or ():
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
            return found[1]
    problem = "Firefox ended before it offered WebDriver BiDi"
    raise RuntimeError(problem)


def main() -> None:
    """Print what holds, and leave with 1 if something does not."""
    needed([("firefox-esr", "firefox-esr")])
    folder = Path(tempfile.mkdtemp(prefix="citewell-firefox-pictures-"))
    with website() as (address, forbidden), ExitStack() as stack:
        tab = stack.enter_context(firefox())
        print(f"Firefox {tab.version}, pictures in {folder}")
        failures = visit(tab, address, folder, forbidden, lambda: stack.enter_context(firefox(dark=True)))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
