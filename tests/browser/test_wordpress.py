"""The WordPress plugin in a real WordPress, seen by a real browser."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.answering import Answerer
from tests.browser import wordpress as installing
from tests.browser.embedding import ask, open_panel
from tests.browser.wordpress import PASSWORD, PLUGIN, WordPress
from tests.conftest import ROOT
from tests.services import listening
from web.app import create_app

MISSING = installing.what_is_missing()

pytestmark = [
    pytest.mark.browser,
    pytest.mark.wordpress,
    pytest.mark.skipif(
        bool(MISSING), reason=f"no {', '.join(MISSING)} on this machine (Debian: apt-get install {installing.PACKAGES})"
    ),
]

SERVER = "https://ask.clinic.example"
SETTINGS_PAGE = "/wp-admin/options-general.php?page=citewell"
INTEGRITY = f"sha384-{'aB3+/' * 12}aB3+"

# What every script tag of the plugin has, whatever the settings.
FIXED = {
    "async": "",
    "nowprocket": "",
    "data-cfasync": "false",
    "data-no-optimize": "1",
    "data-turbo-eval": "false",
    "data-api": SERVER,
    "src": f"{SERVER}/widget.js",
    "id": "citewell-js",
}

NewTab = Callable[..., Page]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    """One WordPress for all tests; what PHP noticed about the plugin is a failure."""
    with installing.wordpress(tmp_path_factory.mktemp("wp")) as started:
        yield started
        assert started.complaints() == []


@pytest.fixture
def site(running: WordPress) -> WordPress:
    """That WordPress as it was after the installation."""
    running.begin()
    return running


@pytest.fixture(scope="module")
def signed_in(running: WordPress, browser: Browser) -> dict[str, Any]:
    """Cookies by user, each from a sign-in as WordPress's own form sends it."""
    states: dict[str, Any] = {}
    for user in ("admin", "editor"):
        context = browser.new_context(base_url=running.address)
        answer = context.request.post("/wp-login.php", form={"log": user, "pwd": PASSWORD}, max_redirects=0)
        assert answer.status == 302
        states[user] = context.storage_state()
        context.close()
    return states


@pytest.fixture
def tab(site: WordPress, browser: Browser, signed_in: dict[str, Any]) -> Iterator[NewTab]:
    """Opens tabs at home on the WordPress: ``tab()`` for a visitor, ``tab("admin")`` for a user."""
    contexts: list[BrowserContext] = []

    def new(user: str | None = None, scripts: bool = True) -> Page:
        state = signed_in[user] if user else None
        contexts.append(
            browser.new_context(base_url=site.address, storage_state=state, java_script_enabled=scripts),
        )
        return contexts[-1].new_page()

    yield new
    for context in contexts:
        context.close()


def save(page: Page, **values: str) -> None:
    """Fill in fields of the settings page by their names and save."""
    page.goto(SETTINGS_PAGE)
    for name, value in values.items():
        field = page.locator(f'[name="citewell[{name}]"]')
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "number":
            field.evaluate("(field, value) => { field.type = 'text'; field.value = value }", value)
        else:
            field.fill(value)
    # The browser's own check of an address would not even send what the server is to refuse.
    page.locator("form[action='options.php']").evaluate("form => { form.noValidate = true }")
    # WordPress takes this word out of the address again as soon as the page is there.
    with page.expect_navigation(url="**settings-updated=true**"):
        page.get_by_role("button", name="Save Changes").click()


def notices(page: Page) -> list[str]:
    """The messages above the form."""
    return [text.strip() for text in page.locator(".settings-error p").all_inner_texts()]


def script_tags(page: Page) -> list[dict[str, str]]:
    """The attributes of every script tag of ours, as the browser has read them."""
    tags: list[dict[str, str]] = page.evaluate(
        """() => [...document.scripts].filter(script => script.src.includes('widget.js'))
             .map(script => Object.fromEntries([...script.attributes].map(({name, value}) => [name, value])))"""
    )
    # WordPress 6.3 and later say beside "async" that they know of it.
    return [{name: value for name, value in tag.items() if name != "data-wp-strategy"} for tag in tags]


@pytest.mark.parametrize("file", sorted(PLUGIN.glob("*.php")), ids=lambda file: file.name)
def test_php_can_read_the_file(file: Path) -> None:
    done = subprocess.run([installing.program("php"), "-l", str(file)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


# What visitors get


def test_a_new_installation_shows_visitors_nothing_until_an_address_is_filled_in(site: WordPress, tab: NewTab) -> None:
    address = site.publish("Before [citewell] after")
    page = tab()

    page.goto(address)

    assert script_tags(page) == []
    assert "citewell" not in page.locator("main").inner_html()
    expect(page.get_by_text("Before after")).to_be_visible()


def test_an_administrator_is_told_where_to_fill_it_in(site: WordPress, tab: NewTab) -> None:
    page = tab("admin")

    page.goto(site.publish("[citewell]"))

    expect(page.locator("main")).to_contain_text("fill in the server’s address under Settings → Citewell")


def test_settings_saved_on_the_page_stand_in_the_script_tag(tab: NewTab) -> None:
    page = tab("admin")
    save(
        page,
        server=f"{SERVER}/",
        phone="01877 733322",
        emergency="999",
        language="bn",
        position="start",
        offset_x="8",
        offset_y="96",
        color="#0B5C57",
        label="প্রশ্ন করুন",
    )
    assert notices(page) == ["Settings saved."]

    page.goto("/")

    assert script_tags(page) == [
        {
            **FIXED,
            "data-phone": "01877 733322",
            "data-emergency": "999",
            "data-lang": "bn",
            "data-position": "start",
            "data-offset-x": "8",
            "data-offset-y": "96",
            "data-color": "#0b5c57",
            "data-label": "প্রশ্ন করুন",
        }
    ]


def test_what_is_left_as_it_was_is_not_handed_over(tab: NewTab) -> None:
    page = tab("admin")
    save(page, server=SERVER)

    page.goto("/")

    assert script_tags(page) == [FIXED]


def test_rocket_loader_finds_its_attribute_before_the_address_and_the_script_ends_the_body(
    site: WordPress, tab: NewTab
) -> None:
    site.set_up(server=SERVER)
    page = tab()

    html = page.request.get(site.address).text()

    (tag,) = re.findall(r"<script[^>]*widget\.js[^>]*>", html)
    assert tag.index("data-cfasync") < tag.index("src=")
    assert html.index(tag) > html.index("</main>")


def test_the_page_asks_nobody_but_its_own_server_and_citewell(site: WordPress, tab: NewTab) -> None:
    site.set_up(server=SERVER)
    page, asked = tab(), []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/")

    own = (site.address, f"blob:{site.address}", "data:")
    elsewhere = [url for url in asked if not url.startswith(own)]
    assert elsewhere == [f"{SERVER}/widget.js"]
    assert page.context.cookies() == []


def test_quotes_and_markup_in_a_text_stay_text(site: WordPress, tab: NewTab) -> None:
    hostile = """Ask "us" 'now' & onload=x"""
    page = tab("admin")
    save(page, server=SERVER, label=hostile)
    address = site.publish("[citewell link='<img src=x onerror=alert(1)>\"']")

    page.goto(address)

    assert site.settings() is not None
    assert script_tags(page) == [{**FIXED, "data-label": hostile}]
    expect(page.locator("main a[data-citewell]")).to_contain_text('"')
    assert page.locator("main img").count() == 0
    page.goto(SETTINGS_PAGE)
    expect(page.get_by_label("Text of the button")).to_have_value(hostile)


def test_what_came_into_the_database_past_the_checks_reaches_no_visitor(site: WordPress, tab: NewTab) -> None:
    site.set_up(server=SERVER, label="<b>Ask</b>", color="red;x", phone='"><script>', release="../..", integrity="no")
    page = tab()

    page.goto("/")

    assert script_tags(page) == [FIXED]


def test_a_stored_address_that_the_check_refuses_counts_as_none(site: WordPress, tab: NewTab) -> None:
    site.set_up(server="http://ask.clinic.example")
    page = tab()

    page.goto("/")

    assert script_tags(page) == []
    assert "data-citewell" not in page.content()


def test_a_pinned_script_has_its_release_and_its_hash(site: WordPress, tab: NewTab) -> None:
    site.set_up(server=SERVER, release="1.4.2", integrity=INTEGRITY)
    page = tab()

    page.goto("/")

    pinned = {"src": f"{SERVER}/w/1.4.2/widget.js", "integrity": INTEGRITY, "crossorigin": "anonymous"}
    assert script_tags(page) == [{**FIXED, **pinned}]


def test_the_shortcode_puts_the_questions_in_place_with_one_script(site: WordPress, tab: NewTab) -> None:
    site.set_up(server=SERVER, where="shortcode")
    page = tab()

    page.goto(site.publish("Ask us:\n\n[citewell]\n\nGoodbye."))

    expect(page.locator("main citewell-chat[inline]")).to_have_count(1)
    assert script_tags(page) == [FIXED]
    page.goto("/")
    assert script_tags(page) == []
    assert page.locator("noscript").count() == 0


def test_the_shortcodes_link_works_where_the_script_does_not_arrive(site: WordPress, tab: NewTab) -> None:
    site.set_up(server=SERVER)
    page = tab()

    page.goto(site.publish("[citewell]"))

    link = page.locator("citewell-chat").get_by_role("link", name="Ask a question")
    expect(link).to_be_visible()
    heading = page.get_by_role("main").get_by_role("heading").bounding_box()
    place = link.bounding_box()
    assert heading
    assert place
    assert place["x"] == heading["x"]  # in the column of the text
    expect(link).to_have_attribute("href", f"{SERVER}/chat")


def test_the_shortcode_with_a_text_is_a_link_that_opens_the_widget(site: WordPress, tab: NewTab) -> None:
    site.set_up(server=SERVER, where="shortcode")
    page = tab()

    page.goto(site.publish('[citewell link="Ask us anything"]'))

    link = page.get_by_role("main").get_by_role("link", name="Ask us anything")
    expect(link).to_have_attribute("href", f"{SERVER}/chat")
    expect(link).to_have_attribute("data-citewell", "")
    assert page.locator("citewell-chat").count() == 0
    assert script_tags(page) == [FIXED]


def test_a_feed_has_a_plain_link_in_place_of_the_shortcode(site: WordPress, tab: NewTab) -> None:
    site.set_up(server=SERVER)
    site.php("wp_update_post( array( 'ID' => 1, 'post_content' => '[citewell]' ) );")

    feed = tab().request.get(f"{site.address}/?feed=rss2").text()

    assert f'href="{SERVER}/chat"' in feed
    assert "<citewell-chat" not in feed


def test_the_plain_link_shows_without_scripts_and_only_then(site: WordPress, tab: NewTab) -> None:
    site.set_up(server=SERVER, label="Ask our clinic")
    with_scripts, without = tab(), tab(scripts=False)

    with_scripts.goto("/")
    without.goto("/")

    assert with_scripts.get_by_role("link", name="Ask our clinic").count() == 0
    expect(without.get_by_role("link", name="Ask our clinic")).to_be_visible()


# The settings page


WRONG = [
    ("server", "javascript:alert(1)", "such as https://ask.clinic.example"),
    ("server", 'https://x.example/"><script>', "such as https://ask.clinic.example"),
    ("server", "ask.clinic.example", "such as https://ask.clinic.example"),
    ("server", "http://ask.clinic.example", "must begin with https://"),
    ("server", "https://user:word@ask.clinic.example", "such as https://ask.clinic.example"),
    ("server", "https://ask.clinic.example/?a=b", "such as https://ask.clinic.example"),
    ("where", "nowhere", "one of those listed"),
    ("phone", "call us", "a telephone number in the digits 0 to 9"),
    ("emergency", "999 or 112", "the number alone"),
    ("language", "xx", "one of those listed"),
    ("position", "top", "one of those listed"),
    ("color", "red", "such as #0b5c57"),
    ("color", "#ffcc00", "contrast is 1.5 to 1, and at least 4.5 to 1"),
    ("color", "#777777", "contrast is 4.4 to 1, and at least 4.5 to 1"),
    ("label", "<b>Ask</b>", "without HTML"),
    ("label", "a" * 41, "up to 40 characters"),
    ("offset_x", "-3", "from 0 to 400"),
    ("offset_y", "2.5", "from 0 to 400"),
    ("release", "../1", "the release alone"),
    ("integrity", "sha256-abc", "sha384-"),
]

RIGHT = [
    ("server", "http://localhost:8000", "http://localhost:8000"),
    ("server", "http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
    ("server", f"{SERVER}/chat", SERVER),
    ("server", f"{SERVER}/widget.js", SERVER),
    ("server", f"  {SERVER}/answers/ ", f"{SERVER}/answers"),
    ("where", "", "everywhere"),
    ("phone", "+880 1877-733322", "+880 1877-733322"),
    ("phone", "(020) 7946 0000", "(020) 7946 0000"),
    ("emergency", "112", "112"),
    ("color", "#767676", "#767676"),  # the lightest grey that has 4.5 to 1
    ("color", "#036", "#036"),
    ("label", "প্রশ্ন করুন", "প্রশ্ন করুন"),
    ("offset_x", "007", "7"),
    ("integrity", INTEGRITY, INTEGRITY),
]


def checked(site: WordPress, values: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """For each (field, value, …): what is kept and what is said."""
    pairs = site.php(
        "return array_map( function ( $line ) {"
        " $checked = citewell_checked( citewell_fields()[ $line[0] ], $line[1] );"
        " return is_wp_error( $checked ) ? array( '', $checked->get_error_message() ) : array( $checked, '' );"
        "}, $given['values'] );",
        values=values,
    )
    return [(kept, said) for kept, said in pairs]


def test_every_wrong_value_is_refused_with_what_would_be_right(site: WordPress) -> None:
    answers = checked(site, WRONG)

    unclear = [line for line, (kept, said) in zip(WRONG, answers, strict=True) if kept or line[2] not in said]
    assert unclear == []
    assert {name for name, _, _ in WRONG} == set(site.php("return array_keys( citewell_fields() );"))


def test_a_right_value_is_kept_in_one_form(site: WordPress) -> None:
    answers = checked(site, RIGHT)

    assert answers == [(kept, "") for _, _, kept in RIGHT]


def test_wrong_values_are_named_above_the_form_and_the_former_ones_stay(site: WordPress, tab: NewTab) -> None:
    former = {"server": SERVER, "phone": "01877733322", "emergency": "999", "color": "#0b5c57"}
    site.set_up(**former)
    page = tab("admin")

    save(page, server="http://x.example", phone="<i>no</i>", emergency="now", color="#fff", offset_x="900", label="New")

    told = notices(page)
    assert [message.split(":")[0] for message in told] == [
        "Server’s address",
        "Clinic’s telephone",
        "Emergency number",
        "Distance from the side",
        "Colour",
    ]
    assert "“<i>no</i>” was not saved, and the former value stays." in told[1]
    kept = site.settings()
    assert kept is not None
    assert {name: kept[name] for name in former} == former
    assert kept["label"] == "New"


def test_release_and_integrity_are_only_taken_together(site: WordPress, tab: NewTab) -> None:
    page = tab("admin")
    site.set_up(server=SERVER, release="1.4.2", integrity=INTEGRITY)

    save(page, release="1.5.0", integrity="sha384-cut-off")
    assert [message[:10] for message in notices(page)] == ["Integrity:"]
    save(page, release="", integrity=INTEGRITY)
    assert notices(page) == [
        "Release and integrity belong together: fill in both or neither. Both stay as they were.",
    ]

    kept = site.settings()
    assert kept is not None
    assert (kept["release"], kept["integrity"]) == ("1.4.2", INTEGRITY)


def test_the_page_says_which_origin_the_server_has_to_allow(site: WordPress, tab: NewTab) -> None:
    page = tab("admin")

    page.goto(SETTINGS_PAGE)

    expect(page.get_by_text("CITEWELL_ALLOWED_ORIGINS")).to_have_text(f"CITEWELL_ALLOWED_ORIGINS={site.address}")


def test_every_field_of_the_page_has_a_label_and_axe_finds_nothing(tab: NewTab) -> None:
    page = tab("admin")

    page.goto(SETTINGS_PAGE)

    found = Axe().run(page, context="form[action='options.php']")
    assert found.violations_count == 0, found.generate_report()


def test_nothing_in_the_plugin_sends_a_request() -> None:
    source = "".join(file.read_text("utf-8") for file in PLUGIN.glob("*.php"))

    assert re.findall(r"wp_(?:safe_)?remote_\w+|curl_\w+|fsockopen|file_get_contents|wp_mail|setcookie", source) == []


def nonce(site: WordPress, page: Page, user: str) -> str:
    """The number that WordPress would put into the form for this user's session."""
    cookies = {str(cookie["name"]): str(cookie["value"]) for cookie in page.context.cookies()}
    made: str = site.php(
        "foreach ( $given['cookies'] as $name => $value ) { $_COOKIE[ $name ] = urldecode( $value ); }"
        "wp_set_current_user( get_user_by( 'login', $given['user'] )->ID );"
        "return wp_create_nonce( 'citewell-options' );",
        cookies=cookies,
        user=user,
    )
    return made


@pytest.mark.parametrize(
    ("user", "with_nonce", "status", "stored"),
    [("admin", True, 200, "https://other.example"), ("admin", False, 403, SERVER), ("editor", True, 403, SERVER)],
)
def test_only_an_administrator_on_the_settings_page_can_change_a_setting(
    user: str, with_nonce: bool, status: int, stored: str, site: WordPress, tab: NewTab
) -> None:
    site.set_up(server=SERVER)
    page = tab(user)
    form: dict[str, str | float | bool] = {
        "option_page": "citewell",
        "action": "update",
        "citewell[server]": "https://other.example",
    }
    if with_nonce:
        form["_wpnonce"] = nonce(site, page, user)

    answer = page.request.post("/wp-admin/options.php", form=form)

    assert answer.status == status
    kept = site.settings()
    assert kept is not None
    assert kept["server"] == stored


def test_an_editor_has_no_settings_page(tab: NewTab) -> None:
    page = tab("editor")

    answer = page.goto(SETTINGS_PAGE)

    assert answer is not None
    assert answer.status == 403


def test_a_contributor_can_write_the_shortcode_but_no_script(site: WordPress, tab: NewTab) -> None:
    site.set_up(server=SERVER, where="shortcode")
    page = tab()

    page.goto(site.publish('[citewell]<script src="/widget.js"></script>', author="contributor"))

    expect(page.locator("citewell-chat")).to_have_count(1)
    assert script_tags(page) == [FIXED]


def options(site: WordPress) -> set[str]:
    """The names of all options, without what WordPress keeps for a while only."""
    return set(
        site.php(
            'global $wpdb; return $wpdb->get_col( "SELECT option_name FROM $wpdb->options"'
            " . \" WHERE option_name NOT LIKE '%transient%'\" );"
        )
    )


def test_one_option_is_all_that_is_stored_and_deleting_the_plugin_removes_it(site: WordPress, tab: NewTab) -> None:
    page = tab("admin")
    page.goto(SETTINGS_PAGE)  # WordPress notes things of its own on the first visit
    before = options(site)
    save(page, server=SERVER, label="Ask")
    assert options(site) - before == {"citewell"}
    page.goto("/wp-admin/plugins.php")
    row = page.locator("tr[data-plugin='citewell/citewell.php']").first
    expect(row.get_by_role("link", name="Settings")).to_have_attribute("href", re.compile(re.escape(SETTINGS_PAGE)))

    # Before the scripts of the next page are there, "Delete" is a link to another.
    with page.expect_navigation(url="**deactivate=true**"):
        row.get_by_role("link", name="Deactivate").click()
    page.on("dialog", lambda dialog: dialog.accept())
    row.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("Citewell was successfully deleted.")).to_be_visible()

    assert "citewell" not in options(site)
    assert not (site.folder / "wp-content" / "plugins" / "citewell").exists()


@pytest.mark.parametrize(("author", "scripts"), [("admin", 1), ("editor", 1), ("contributor", 0)])
def test_a_pasted_line_keeps_its_script_only_for_those_whom_the_guide_names(
    author: str, scripts: int, site: WordPress, tab: NewTab
) -> None:
    guide = (ROOT / "docs" / "embedding.md").read_text("utf-8")
    (line,) = re.findall(r"^<script.*</script><a.*</a>$", guide, re.MULTILINE)
    page = tab()

    page.goto(site.publish(f"<!-- wp:html -->{line}<!-- /wp:html -->", author=author))

    assert len(script_tags(page)) == scripts
    expect(page.locator("main a[data-citewell]")).to_have_attribute("href", f"{SERVER}/chat")


# With the real Citewell; `address` is where it listens


def test_a_visitor_without_scripts_follows_the_link_and_gets_an_answer(
    site: WordPress, tab: NewTab, address: str
) -> None:
    site.set_up(server=address)
    page = tab(scripts=False)
    page.goto("/")

    page.get_by_role("link", name="Ask a question").click()
    page.wait_for_url(f"{address}/chat")
    page.get_by_label("Your question").fill("How can worn-out running shoes lead to back pain?")
    page.get_by_label("Your question").press("Enter")

    expect(page.get_by_role("article")).to_contain_text("There is no good proof that worn-out shoes cause back pain.")


def test_the_widget_opens_and_answers_on_a_page_of_wordpress(site: WordPress, tab: NewTab, answerer: Answerer) -> None:
    with listening(create_app(answerer, allowed_origins=[site.address])) as citewell:
        site.set_up(server=citewell, phone="01877733322", emergency="999")
        page = tab()
        page.goto("/")

        turn = ask(open_panel(page), "How can worn-out running shoes lead to back pain?")

        expect(turn.locator("article")).to_contain_text("There is no good proof that worn-out shoes cause back pain.")
        link = turn.locator("article footer a").first
        expect(link).to_have_attribute("href", f"{citewell}/sources/faq#worn-shoes")


def test_the_shortcode_puts_the_widget_into_the_page(site: WordPress, tab: NewTab, answerer: Answerer) -> None:
    with listening(create_app(answerer, allowed_origins=[site.address])) as citewell:
        site.set_up(server=citewell)
        page = tab()
        page.goto(site.publish("[citewell]"))
        panel = page.locator("citewell-chat #panel")

        expect(panel).to_be_visible()
        expect(page.locator("citewell-chat .launcher")).to_have_count(0)
        expect(panel.locator(".start button").first).to_be_visible()
        turn = ask(panel, "How can worn-out running shoes lead to back pain?")

        expect(turn.locator("article")).to_contain_text("There is no good proof")


def test_a_wordpress_that_citewell_does_not_know_is_told_whom_to_call(
    site: WordPress, tab: NewTab, answerer: Answerer
) -> None:
    with listening(create_app(answerer, allowed_origins=["https://another.example"])) as citewell:
        site.set_up(server=citewell, phone="01877733322", emergency="999")
        page = tab()
        page.goto("/")
        page.locator("citewell-chat .launcher").click()

        turn = ask(page.locator("citewell-chat #panel"), "my back hurts")

        expect(turn.locator(".failure")).to_contain_text("We cannot be reached now. Your question is kept.")
        expect(turn.get_by_role("link", name="01877733322")).to_have_attribute("href", "tel:01877733322")
        expect(turn.get_by_role("link", name="999")).to_have_attribute("href", "tel:999")
