"""What a member of the staff sees and does to get into the desk and out again, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Blueprint, Flask, g
from playwright.sync_api import Browser, Cookie, Page, expect

from bot.answering import Answerer
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.navigation import follow
from tests.services import listening
from tests.test_accounts import PASSWORD, QUICK
from web.accounts import Accounts
from web.app import create_app
from web.clock import seconds
from web.database import Database, database_url
from web.known_browsers import COOKIE as KNOWN
from web.limits import BY_ADDRESS
from web.sessions import COOKIE, Desk

pytestmark = pytest.mark.browser

WIDTHS = [320, 1024]

# A page of the desk that runs no script, shows who is signed in, and offers to leave.
DESK_PAGE = """<!doctype html><html lang="en"><title>Desk</title>
<link rel="icon" href="/static/icon.svg"><h1>Hello {name}</h1>
<form method="post" action="/desk/sign-out"><button>Sign out</button></form></html>"""


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    """Mina at the desk."""
    accounts = Accounts(Database(database_url("", tmp_path_factory.mktemp("data"))), method=QUICK)
    accounts.add("mina", PASSWORD, "desk")
    return accounts


@pytest.fixture
def desk_app(answerer: Answerer, accounts: Accounts) -> Flask:
    """An application that nobody has tried to sign in to yet."""
    app = create_app(answerer, desk=Desk(accounts, b"k" * 32, idle_minutes=30))
    pages = Blueprint("pages_of_the_desk", __name__)

    @pages.get("/desk/page")
    def page() -> str:
        return DESK_PAGE.format(name=g.staff.name)

    app.register_blueprint(pages)
    return app


@pytest.fixture
def address(desk_app: Flask) -> Iterator[str]:
    """Where it listens."""
    with listening(desk_app) as address:
        yield address


def session(page: Page) -> Cookie:
    """The cookie of who is signed in."""
    return next(cookie for cookie in page.context.cookies() if cookie.get("name") == COOKIE)


def sign_in(page: Page, password: str = PASSWORD) -> None:
    """By keyboard alone, from the page that was wanted."""
    page.goto("/desk/page")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("mina")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    """By the button."""
    follow(page.get_by_role("button", name="Sign out"))
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_who_signs_in_by_keyboard_alone_gets_to_the_page_that_was_wanted(page: Page) -> None:
    sign_in(page)

    expect(page).to_have_url(re.compile("/desk/page$"))
    expect(page.get_by_role("heading")).to_have_text("Hello mina")
    cookie = session(page)
    assert (cookie["name"], cookie["path"], cookie["httpOnly"], cookie["sameSite"]) == (COOKIE, "/desk", True, "Lax")
    assert cookie["expires"] == -1  # it goes with the browser
    assert page.evaluate("document.cookie") == ""


def test_it_works_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()

    sign_in(page)

    expect(page.get_by_role("heading")).to_have_text("Hello mina")
    context.close()


def test_a_wrong_password_is_said_beside_its_field_where_the_keyboard_is(page: Page) -> None:
    sign_in(page, "wrong horse battery")

    field = page.get_by_label("Password")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    expect(field).to_have_accessible_description("Error: The name or the password is not right.")
    expect(page.get_by_label("Name", exact=True)).to_have_value("mina")
    expect(page).to_have_title(re.compile("^Error: Sign in"))

    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/desk/page$"))  # the wish is kept


def test_who_tried_too_often_is_told_to_wait_and_no_field_is_blamed(page: Page) -> None:
    for _ in range(BY_ADDRESS.amount + 1):
        sign_in(page, "wrong horse battery")

    field = page.get_by_label("Password")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("Error: That was tried too often. Please try again later.")
    expect(page.locator("[aria-invalid]")).to_have_count(0)


def test_after_signing_out_the_back_button_does_not_bring_the_desk_back(page: Page) -> None:
    sign_in(page)

    sign_out(page)
    page.go_back()

    expect(page.get_by_role("heading")).to_have_text("Sign in to the phone desk")
    expect(page.get_by_text("Hello mina")).to_have_count(0)
    assert {one.get("name") for one in page.context.cookies()} == {KNOWN}


def test_what_the_desk_stored_in_the_browser_is_gone_after_signing_out(page: Page) -> None:
    sign_in(page)
    page.evaluate("sessionStorage.setItem('recent', 'x'); localStorage.setItem('kept', 'x')")

    sign_out(page)

    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_who_was_away_for_long_is_told_why_the_page_to_sign_in_comes(page: Page, desk_app: Flask) -> None:
    sign_in(page)
    cookie = session(page)
    signer = desk_app.session_interface.get_signing_serializer(desk_app)  # type: ignore[attr-defined]
    old = signer.loads(cookie["value"]) | {"seen": seconds() - 31 * 60}
    page.context.add_cookies([{**cookie, "value": signer.dumps(old)}])  # type: ignore[typeddict-item]

    page.reload()

    expect(page.get_by_text("You were signed out, for safety. Please sign in again.")).to_be_visible()
    assert {one.get("name") for one in page.context.cookies()} == {KNOWN}


def test_over_plain_http_from_another_machine_the_forms_are_taken_too(address: str, browser: Browser) -> None:
    """There, browsers send no ``Sec-Fetch-Site``, and ``Origin`` only where the page's referrer policy lets them."""
    rules = "--host-resolver-rules=MAP desk.clinic.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    elsewhere = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS[:-1], rules])
    page = elsewhere.new_page(base_url=f"http://desk.clinic.example:{address.rpartition(':')[2]}")

    sign_in(page)
    expect(page.get_by_role("heading")).to_have_text("Hello mina")
    assert not page.evaluate("isSecureContext")
    page.evaluate("sessionStorage.setItem('recent', 'x')")
    sign_out(page)

    assert page.evaluate("sessionStorage.length") == 1  # here, browsers do not heed Clear-Site-Data
    elsewhere.close()


OTHER_SITE = """<form method="post" action="{0}/desk/sign-out"><button>Win</button></form>
<iframe src="{0}/desk/sign-in"></iframe>"""


def test_a_page_of_another_site_can_neither_sign_out_nor_show_the_desk(page: Page, address: str) -> None:
    sign_in(page)
    other = address.replace("127.0.0.1", "127.0.0.2")
    page.route(f"{other}/**", lambda route: route.fulfill(content_type="text/html", body=OTHER_SITE.format(address)))
    page.goto(f"{other}/")

    assert page.frames[1].get_by_label("Password").count() == 0
    follow(page.get_by_role("button", name="Win"))
    expect(page.get_by_text("This request did not come from a page of the desk")).to_be_visible()
    page.goto("/desk/page")

    expect(page.get_by_role("heading")).to_have_text("Hello mina")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_does_not_scroll_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})

    for password in ("", "wrong horse battery"):
        if password:
            sign_in(page, password)
        else:
            page.goto("/desk/sign-in")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("colours", ["light", "dark", "forced"])
@pytest.mark.parametrize("state", ["fresh", "out", "wrong", "no name", "too often"])
def test_axe_finds_nothing(page: Page, state: str, colours: str) -> None:
    page.emulate_media(
        color_scheme="dark" if colours == "dark" else "light",
        forced_colors="active" if colours == "forced" else "none",
    )
    if state in ("wrong", "too often"):
        for _ in range(BY_ADDRESS.amount + 1 if state == "too often" else 1):
            sign_in(page, "wrong horse battery")
    else:
        page.goto("/desk/sign-in?note=out" if state == "out" else "/desk/sign-in")
    if state == "no name":
        page.locator("form").evaluate("form => form.noValidate = true")
        follow(page.get_by_role("button", name="Sign in"))
        expect(page.get_by_text("Please type your name.")).to_be_visible()

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


def test_the_policy_blocks_nothing_that_the_page_needs(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    sign_in(page)
    with page.expect_console_message(lambda message: "Clear-Site-Data" in message.text):
        sign_out(page)

    assert [text for text in complaints if "Clear-Site-Data" not in text] == []
    assert len(complaints) == 1  # which says what was cleared
