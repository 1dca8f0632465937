"""The widget in WebKitGTK: ``make webkit``. By hand, not a part of ``make test``; takes about 30 seconds.

Needs the Debian packages webkit2gtk-driver and xvfb, and fonts for Bangla (fonts-beng) if its picture is to be judged.
Visits the demo page under its real policy as tests/engines/smoke.py says, prints each sentence with whether it holds,
and leaves pictures in a temporary folder, to be looked at. What was seen is written down in docs/engines.md.

WebKitGTK is the nearest to Safari that runs on Debian: the same engine, but other text fields, fonts and keys.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import ActionChains, WebKitGTK, WebKitGTKOptions
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.webkitgtk.service import Service

from tests.engines.site import needed, on_a_screen, website
from tests.engines.smoke import visit

_BROWSERS = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib")
_PATIENCE = 60  # seconds for one script


# MiniBrowser keeps its console to itself while it is driven, so the page is listened to from its load on. What went
# wrong before is seen otherwise: by a policy's reports, and by a button that is not there.
_LISTEN = """
window.complaints = [];
const note = (kind) => (...said) => void complaints.push(`${kind}: ${said.join(" ")}`);
for (const kind of ["error", "warn"]) console[kind] = note(kind);
addEventListener("error", (event) => note("error")(event.message));
addEventListener("unhandledrejection", (event) => note("error")(event.reason));
"""


class WebKitTab:
    """The tab of a MiniBrowser."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._heard: list[str] = []
        driver.set_script_timeout(_PATIENCE)

    def visit(self, address: str) -> None:
        """Load a page whole."""
        self.complaints()
        self._driver.get(address)
        self._driver.execute_script(_LISTEN)

    def run(self, script: str) -> Any:
        """What the body ``script`` of an async function returns in the page."""
        reply = self._driver.execute_async_script(
            f"const done = arguments[0]; (async () => {{{script}}})()"
            ".then((value) => done({value: value ?? null}), (error) => done({error: `${error}`}));"
        )
        if "error" in reply:
            raise RuntimeError(reply["error"])
        return reply["value"]

    def press(self, keys: str) -> None:
        """Press and let go each key."""
        ActionChains(self._driver, duration=0).send_keys(keys).perform()

    def click(self, x: float, y: float) -> None:
        """Press the mouse there."""
        builder = ActionBuilder(self._driver)
        builder.pointer_action.move_to_location(round(x), round(y)).click()
        builder.perform()

    def size(self, width: int, height: int) -> None:
        """Make the window so large that the view is."""
        self._driver.set_window_size(width, height)
        inner = self.run("return [innerWidth, innerHeight];")
        self._driver.set_window_size(2 * width - inner[0], 2 * height - inner[1])

    def picture(self, path: Path) -> None:
        """Write what is seen as PNG."""
        self._driver.save_screenshot(str(path))

    def complaints(self) -> list[str]:
        """Errors and warnings in the console since each page's load."""
        self._heard += self._driver.execute_script("return (window.complaints || []).splice(0);")
        return self._heard


@contextmanager
def webkit(*, dark: bool = False) -> Iterator[WebKitTab]:
    """A tab of a fresh MiniBrowser, on a light or a dark desktop."""
    with tempfile.TemporaryDirectory(prefix="citewell-webkit-") as folder:
        options = WebKitGTKOptions()
        options.binary_location = _browser()
        options.add_argument("--automation")
        environment = os.environ | {
            "GTK_THEME": "Adwaita:dark" if dark else "Adwaita",
            "HOME": folder,
            "GSETTINGS_BACKEND": "memory",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",  # or it starts services of a desktop, which outlive it
            # Its sandbox needs user namespaces, which containers do not give; nothing but our own page is loaded.
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        }
        driver = WebKitGTK(options=options, service=Service("/usr/bin/WebKitWebDriver", env=environment))
        try:
            yield WebKitTab(driver)
        finally:
            driver.quit()


def _browser() -> str:
    return next((str(path) for base in _BROWSERS for path in Path(base).glob("webkit2gtk-4*/MiniBrowser")), "")


def main() -> None:
    """Print what holds, and leave with 1 if something does not."""
    needed([("WebKitWebDriver", "webkit2gtk-driver"), ("xvfb-run", "xvfb")])
    if not _browser():
        sys.exit(
            "This needs a Debian package that is not here: apt-get install webkit2gtk-driver (MiniBrowser is missing)"
        )
    on_a_screen("tests.engines.webkit")
    folder = Path(tempfile.mkdtemp(prefix="citewell-webkit-pictures-"))
    with website() as (address, forbidden), ExitStack() as stack:
        tab = stack.enter_context(webkit())
        print(f"{tab.run('return navigator.userAgent')}, pictures in {folder}")
        failures = visit(tab, address, folder, forbidden, lambda: stack.enter_context(webkit(dark=True)))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
