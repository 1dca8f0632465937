"""Takes the pictures in docs/: ``make screenshots``."""

import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

import bot
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from web.app import create_app

ROOT = Path(__file__).resolve().parent.parent.parent
QUESTION = "How can worn-out running shoes lead to back pain?"
URGENT = "back pain and cant pee since morning"


def main() -> None:
    """Write ``docs/answer.png``, ``docs/phone.png`` and ``docs/emergency.png``."""
    server = make_server("127.0.0.1", 0, create_app(bot.build(ROOT / "corpus")), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, question, width, height, scheme in (
            ("answer", QUESTION, 1000, 1000, "light"),
            ("phone", QUESTION, 390, 844, "dark"),
            ("emergency", URGENT, 1000, 760, "light"),
        ):
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                device_scale_factor=1.5,
            )
            page.goto(f"http://127.0.0.1:{server.server_port}/chat")
            page.get_by_label("Your question").fill(question)
            page.get_by_role("button", name="Ask", exact=True).click()
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=ROOT / "docs" / f"{name}.png")
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
