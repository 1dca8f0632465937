"""What signed-in staff see while newer content has a mistake, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.review import let_in
from tests.reviewing import DESK, EDITOR, Clinic, make_clinic
from tests.services import listening
from web.content import BEFORE_GOES_ON

pytestmark = pytest.mark.browser

WRONG = "# Page\n\n## Blisters\n\nSocks.\n\n<!-- also asked: do <b>wet socks</b> hurt -->\n"
RIGHT = "# Page\n\n## Blisters\n\nSocks.\n"
LOOKS: dict[str, dict[str, object]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "telephone": {"viewport": {"width": 320, "height": 568}},
}


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    clinic = make_clinic(tmp_path, watch_seconds=3600)
    yield clinic
    clinic.database.close()


@pytest.fixture
def address(clinic: Clinic) -> Iterator[str]:
    with listening(clinic.app) as address:
        yield address


def edit(clinic: Clinic, content: str) -> None:
    """Let the page hold ``content``, and the server see it."""
    clinic.page.write_text(content, "utf-8")
    for _ in range(2):
        clinic.app.extensions["citewell.watcher"].look()


def opened(browser: Browser, address: str, clinic: Clinic, name: str, **look: object) -> Page:
    context = browser.new_context(base_url=address, **look)  # type: ignore[arg-type]
    let_in(context, address, clinic, name)
    return context.new_page()


def test_a_console_that_stays_open_shows_the_mistake_and_that_it_is_mended(
    browser: Browser, address: str, clinic: Clinic
) -> None:
    page = opened(browser, address, clinic, DESK)
    page.goto("/desk")
    notice = page.locator("#broken")
    expect(notice).to_be_empty()
    box = page.get_by_role("combobox").bounding_box()

    edit(clinic, WRONG)
    page.get_by_role("combobox").fill("blisters")
    expect(notice).to_contain_text(BEFORE_GOES_ON)
    expect(notice).to_contain_text("page.md:7: cannot read the comment “also asked: do <b>wet socks</b> hurt”")
    expect(page.get_by_role("option")).not_to_have_count(0)
    assert page.get_by_role("combobox").bounding_box() != box
    edit(clinic, RIGHT)
    page.get_by_role("combobox").fill("socks")

    expect(notice).to_be_empty()
    assert page.get_by_role("combobox").bounding_box() == box
    page.context.close()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("name", "path"), [(DESK, "/desk"), (EDITOR, "/desk/review")])
def test_the_notice_is_accessible_and_fits(
    browser: Browser, address: str, clinic: Clinic, look: str, name: str, path: str
) -> None:
    edit(clinic, WRONG)
    page = opened(browser, address, clinic, name, **LOOKS[look])

    page.goto(path)

    expect(page.get_by_role("status").filter(has_text=BEFORE_GOES_ON)).to_be_visible()
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()
