"""Signing in at the desk: who gets in, for how long, and who does not, however the request is made."""

import itertools
import logging
import re
from pathlib import Path
from typing import Any, Never

import pytest
from flask import Blueprint, Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.answering import Answerer
from tests.test_accounts import PASSWORD, QUICK
from tests.test_problems import problem
from web import proxies
from web.accounts import Accounts
from web.app import create_app
from web.clock import seconds
from web.database import Database, database_url
from web.known_browsers import COOKIE as KNOWN
from web.known_browsers import SECONDS as KNOWN_SECONDS
from web.limits import BY_ADDRESS, BY_BROWSER, BY_NAME
from web.sessions import COOKIE, LONGEST, Desk
from web.signing_in import signed_in, wanted_page

KEY = b"k" * 32
OURS = {"Origin": "http://localhost"}
FOREIGN = "This request did not come from a page of the desk"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    """Mina at the desk and the editor Rafi; no test changes them."""
    accounts = Accounts(Database(database_url("", tmp_path_factory.mktemp("data"))), method=QUICK)
    accounts.add("mina", PASSWORD, "desk")
    accounts.add("rafi", PASSWORD, "editor")
    return accounts


@pytest.fixture
def own(tmp_path: Path) -> Accounts:
    """Mina's account, for tests that change it."""
    accounts = Accounts(Database(database_url("", tmp_path)), method=QUICK)
    accounts.add("mina", PASSWORD, "desk")
    return accounts


def make_app(answerer: Answerer, accounts: Accounts, idle_minutes: int = 30) -> Flask:
    """The application with a few addresses of the desk, as other modules would add them."""
    app = create_app(answerer, allowed_origins=["https://clinic.example"], desk=Desk(accounts, KEY, idle_minutes))
    forgetful, review = Blueprint("forgetful", __name__), Blueprint("review", __name__)
    review.before_request(signed_in("editor"))

    @forgetful.route("/desk/page", methods=["GET", "POST"])
    @forgetful.route("/desk/api/name", methods=["GET", "POST", "DELETE"])
    def name() -> str:
        return str(g.staff.name)

    @review.get("/desk/review-page")
    @review.get("/desk/api/review")
    def role() -> str:
        return str(g.staff.role)

    @forgetful.get("/desk/slow")
    def slow() -> str:
        """As if three seconds had passed since the session was looked at."""
        g.renewed -= 3
        return ""

    @forgetful.get("/desk/crash")
    def crash() -> Never:
        raise RuntimeError

    app.register_blueprint(forgetful)
    app.register_blueprint(review)
    return app


@pytest.fixture(scope="module")
def desk_app(answerer: Answerer, shared: Accounts) -> Flask:
    """With Mina and Rafi."""
    return make_app(answerer, shared)


ADDRESSES = itertools.count(1)


def from_address(number: int) -> dict[str, str]:
    return {"REMOTE_ADDR": f"10.0.{number // 250}.{number % 250 + 1}"}


def browser(app: Flask) -> FlaskClient:
    """One at an address from which nobody has tried anything yet."""
    client = app.test_client()
    client.environ_base |= from_address(next(ADDRESSES))
    return client


@pytest.fixture
def visitor(desk_app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return browser(desk_app)


def sign_in(client: FlaskClient, name: str = "mina", password: str = PASSWORD, **more: Any) -> TestResponse:
    form = {"name": name, "password": password, "next": more.pop("next", "")}
    return client.post("/desk/sign-in", data=form, headers=OURS | more.pop("headers", {}), **more)


@pytest.fixture
def mina(visitor: FlaskClient) -> FlaskClient:
    """A browser in which Mina is signed in."""
    assert sign_in(visitor).status_code == 303
    return visitor


def cookie(response: TestResponse) -> str:
    """The one cookie of the session that the response sets."""
    (line,) = (line for line in response.headers.getlist("Set-Cookie") if line.startswith(f"{COOKIE}="))
    return line


def with_session(app: Flask, **changes: Any) -> FlaskClient:
    """A browser that holds Mina's session with other values in it, signed as the application signs."""
    client = browser(app)
    sign_in(client)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    held = client.get_cookie(COOKIE, path="/desk")
    assert held
    content = signer.loads(held.value)
    client.set_cookie(COOKIE, signer.dumps(content | changes), path="/desk")
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/desk/api/name").status_code == 200


# ---- in and out


def test_who_is_not_signed_in_is_sent_to_sign_in_and_then_to_the_page_that_was_wanted(visitor: FlaskClient) -> None:
    sent = visitor.get("/desk/page?page=2")
    assert (sent.status_code, sent.location) == (303, "/desk/sign-in?next=/desk/page?page%3D2")

    page = visitor.get(sent.location).get_data(as_text=True)
    assert 'name="next" value="/desk/page?page=2"' in page
    back = sign_in(visitor, next="/desk/page?page=2")

    assert (back.status_code, back.location) == (303, "/desk/page?page=2")
    assert visitor.get(back.location).get_data(as_text=True) == "mina"


def test_without_a_wish_the_console_follows(visitor: FlaskClient) -> None:
    assert sign_in(visitor).location == "/desk"
    assert visitor.get("/desk/sign-in").location == "/desk"  # and whoever is in already need not sign in again


def test_an_address_that_was_posted_to_is_come_back_to_without_what_was_posted(visitor: FlaskClient) -> None:
    assert visitor.post("/desk/page", headers=OURS, data={"a": "b"}).location == "/desk/sign-in?next=/desk/page"


def test_the_desk_may_stand_below_another_address(visitor: FlaskClient) -> None:
    below = {"SCRIPT_NAME": "/ask"}

    assert visitor.get("/desk/page", environ_overrides=below).location == "/ask/desk/sign-in?next=/desk/page"
    response = sign_in(visitor, next="/desk/page", environ_overrides=below)

    assert response.location == "/ask/desk/page"
    assert "Path=/ask/desk" in cookie(response).split("; ")


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
        "https:evil.example", "https:", "javascript:alert(1)", "/desk//evil.example", "/desk/../../evil", "/desk/..",
        "/desk/%2e%2e/x", "/desk\\..\\x", "/desk/\r\nLocation: https://evil.example", "/desk\r\n", "/desk\n",
        "/desk\0", "/desk?x=\r\nSet-Cookie: a=b", "/deskx", "/desk@evil.example", "desk", "/", "", " /desk",
        "/desk/ä", "/DESK/page", "http://localhost/desk", "/desk/./x", "/desk/sign-in", "/desk/sign-in?next=/desk",
        "/desk/sign-out", "/desk/api/name", "/desk/page#x", "/desk/x;y",
    ],
)  # fmt: skip
def test_no_other_place_follows_whatever_was_wished(visitor: FlaskClient, evil: str) -> None:
    assert wanted_page(evil) == "/desk"
    assert sign_in(visitor, next=evil).headers["Location"] == "/desk"
    assert (
        f'value="{evil}"' not in visitor.get("/desk/sign-in", query_string={"next": evil}).get_data(as_text=True)
        or not evil
    )


def test_a_wrong_name_and_a_wrong_password_look_the_same_and_the_name_is_kept(visitor: FlaskClient) -> None:
    wrong_password, wrong_name = sign_in(visitor, "mina", "wrong horse battery"), sign_in(visitor, "nobody")

    pages = [response.get_data(as_text=True) for response in (wrong_password, wrong_name)]
    assert [response.status_code for response in (wrong_password, wrong_name)] == [401, 401]
    assert pages[0].replace('value="mina"', 'value="nobody"') == pages[1]
    assert "<strong>Error:</strong> The name or the password is not right." in pages[0]
    assert 'name="name"' in pages[0]
    assert 'value="mina"' in pages[0]
    assert PASSWORD not in pages[1]
    assert "wrong horse" not in pages[0]
    assert not is_in(visitor)
    assert not [response for response in (wrong_password, wrong_name) if "Set-Cookie" in response.headers]


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("", PASSWORD, ["Please type your name."]),
        ("mina", "", ["Please type your password."]),
        (" ", "", ["Please type your name.", "Please type your password."]),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    visitor: FlaskClient, name: str, password: str, said: list[str]
) -> None:
    response = sign_in(visitor, name, password)
    page = response.get_data(as_text=True)

    assert response.status_code == 422
    assert [text for text in ("Please type your name.", "Please type your password.") if text in page] == said
    for text in said:
        field = "name" if "name" in text else "password"
        assert f'id="{field}-error"><strong>Error:</strong> {text}' in page
        assert f'aria-describedby="{field}-error"' in page


def test_html_in_a_name_is_shown_and_not_obeyed(visitor: FlaskClient) -> None:
    page = sign_in(visitor, '"><script>alert(1)</script>').get_data(as_text=True)

    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "form", [{}, {"name": "mina"}, {"password": PASSWORD}, {"name": "x" * 9999, "password": "y" * 9999}]
)
def test_a_form_that_is_not_ours_gets_nobody_in(visitor: FlaskClient, form: dict[str, str]) -> None:
    assert visitor.post("/desk/sign-in", data=form, headers=OURS).status_code in (401, 422)
    assert not is_in(visitor)


def test_a_name_and_password_in_the_address_get_nobody_in(visitor: FlaskClient) -> None:
    visitor.get("/desk/sign-in", query_string={"name": "mina", "password": PASSWORD})

    assert not is_in(visitor)


def test_who_signs_out_is_out_and_what_the_browser_stored_goes_too(mina: FlaskClient) -> None:
    response = mina.post("/desk/sign-out", headers=OURS)

    assert (response.status_code, response.location) == (303, "/desk/sign-in?note=out")
    assert response.headers["Clear-Site-Data"] == '"storage"'
    assert cookie(response).startswith(f"{COOKIE}=; Expires=Thu, 01 Jan 1970")
    assert not is_in(mina)
    assert "You are signed out." in mina.get(response.location).get_data(as_text=True)


def test_a_link_signs_nobody_out(mina: FlaskClient) -> None:
    assert mina.get("/desk/sign-out").status_code == 405
    assert is_in(mina)


def test_only_sentences_of_ours_stand_on_the_page_whatever_the_address_says(visitor: FlaskClient) -> None:
    assert "evil" not in visitor.get("/desk/sign-in?note=evil&next=evil&name=evil").get_data(as_text=True)


# ---- the guard


def test_a_program_gets_a_problem_document_and_no_page_to_sign_in(visitor: FlaskClient) -> None:
    assert problem(visitor.get("/desk/api/name"), 401)["detail"] == "Please sign in first."
    problem(visitor.post("/desk/api/name", headers=OURS), 401)
    problem(visitor.get("/desk/api/nope"), 404)
    problem(visitor.put("/desk/api/name", headers=OURS), 405)


def test_a_page_that_forgot_to_ask_for_a_role_is_closed(visitor: FlaskClient, mina: FlaskClient) -> None:
    mina.delete_cookie(COOKIE, path="/desk")

    assert visitor.get("/desk/page").status_code == 303
    assert visitor.get("/desk/api/name").status_code == 401
    assert visitor.options("/desk/api/name").status_code == 401
    assert visitor.head("/desk/page").status_code == 303


def test_a_role_that_is_not_enough_is_refused_and_a_higher_one_is_let_in(desk_app: Flask) -> None:
    mina, rafi = browser(desk_app), browser(desk_app)
    sign_in(mina)
    sign_in(rafi, "Rafi")

    problem(mina.get("/desk/api/review"), 403)
    page = mina.get("/desk/review-page")
    assert (page.status_code, page.mimetype) == (403, "text/html")
    assert "Your account may not do this." in page.get_data(as_text=True)
    assert rafi.get("/desk/api/review").get_data(as_text=True) == "editor"
    assert rafi.get("/desk/api/name").get_data(as_text=True) == "rafi"


def test_another_role_is_in_force_at_the_next_request(answerer: Answerer, own: Accounts) -> None:
    client = make_app(answerer, own).test_client()
    sign_in(client)
    assert client.get("/desk/api/review").status_code == 403

    own.set_role("mina", "editor")

    assert client.get("/desk/api/review").status_code == 200


def test_without_a_desk_there_is_no_such_address(client: FlaskClient) -> None:
    for path in ("/desk", "/desk/sign-in", "/desk/api/name"):
        assert client.get(path).status_code == 404
    assert client.post("/desk/sign-in", headers=OURS).status_code == 404


# ---- the session


def test_the_cookie_is_for_the_desk_alone_and_out_of_reach_of_scripts(visitor: FlaskClient) -> None:
    name, *attributes = cookie(sign_in(visitor)).split("; ")

    assert name.startswith(f"{COOKIE}=")
    assert {*attributes} == {"HttpOnly", "Path=/desk", "SameSite=Lax"}


def test_the_cookie_is_secure_exactly_where_the_request_came_over_tls(visitor: FlaskClient) -> None:
    over_tls = sign_in(visitor, base_url="https://localhost", headers={"Origin": "https://localhost"})

    assert "Secure" in cookie(over_tls).split("; ")
    assert "Secure" not in cookie(sign_in(visitor)).split("; ")


@pytest.mark.parametrize(("count", "secure"), [(0, False), (1, True), (2, True)])
def test_a_proxy_s_word_on_tls_is_taken_where_there_is_one(
    answerer: Answerer, shared: Accounts, count: int, secure: bool
) -> None:
    app = make_app(answerer, shared)
    proxies.trust(app, count)
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9, 10.0.0.1", "Sec-Fetch-Site": "same-origin"}

    assert ("Secure" in cookie(sign_in(app.test_client(), headers=said)).split("; ")) == secure


def test_a_page_outside_the_desk_can_neither_set_nor_read_a_session(desk_app: Flask, mina: FlaskClient) -> None:
    held = mina.get_cookie(COOKIE, path="/desk")
    assert held

    with desk_app.test_request_context("/chat", headers={"Cookie": f"{COOKIE}={held.value}"}) as outside:
        assert not outside.session
    with desk_app.test_request_context("/desk", headers={"Cookie": f"{COOKIE}={held.value}"}) as inside:
        assert inside.session["name"] == "mina"


def test_no_public_page_sets_or_reads_a_cookie_even_where_someone_is_signed_in(
    desk_app: Flask, mina: FlaskClient
) -> None:
    stranger = browser(desk_app)
    held = mina.get_cookie(COOKIE, path="/desk")
    assert held
    mina.set_cookie(COOKIE, held.value, path="/")

    for path in (
        "/",
        "/chat",
        "/sources/",
        "/sources/faq",
        "/api/config",
        "/healthz",
        "/nope",
        "/deskx",
        "/static/style.css",
    ):
        plain, known = (client.get(path, buffered=True) for client in (stranger, mina))
        assert "Set-Cookie" not in plain.headers, path
        assert "Set-Cookie" not in known.headers, path
        assert "Cookie" not in plain.headers.get("Vary", ""), path
        assert plain.get_data() == known.get_data(), path


def test_who_only_looks_at_the_page_to_sign_in_gets_no_cookie(visitor: FlaskClient) -> None:
    assert "Set-Cookie" not in visitor.get("/desk/sign-in").headers
    assert "Set-Cookie" not in visitor.get("/desk/page").headers


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_cookie_of_which_one_letter_was_changed_is_refused(mina: FlaskClient, part: int) -> None:
    held = mina.get_cookie(COOKIE, path="/desk")
    assert held
    parts = held.value.rsplit(".", 2)  # what it says, when it was signed, the signature
    parts[part] = ("A" if parts[part][0] != "A" else "B") + parts[part][1:]
    mina.set_cookie(COOKIE, ".".join(parts), path="/desk")

    assert not is_in(mina)


@pytest.mark.parametrize("value", ["", "x", "a.b.c", "e30.x.y", "\x7f", "x" * 4000])
def test_a_cookie_that_is_none_of_ours_is_refused(visitor: FlaskClient, value: str) -> None:
    visitor.set_cookie(COOKIE, value, path="/desk")

    assert not is_in(visitor)


def test_a_cookie_signed_with_another_key_or_of_another_make_is_refused(desk_app: Flask, visitor: FlaskClient) -> None:
    signer = desk_app.session_interface.get_signing_serializer(desk_app)  # type: ignore[attr-defined]
    elsewhere = Flask(__name__)
    elsewhere.secret_key = KEY
    flask_s_own = elsewhere.session_interface.get_signing_serializer(elsewhere)  # type: ignore[attr-defined]
    for value in (flask_s_own.dumps({"name": "mina"}), signer.dumps({"name": "mina"}), signer.dumps({})):
        visitor.set_cookie(COOKIE, value, path="/desk")
        assert not is_in(visitor)


def test_the_cookie_holds_a_name_and_times_and_no_password(mina: FlaskClient, desk_app: Flask) -> None:
    signer = desk_app.session_interface.get_signing_serializer(desk_app)  # type: ignore[attr-defined]
    held = mina.get_cookie(COOKIE, path="/desk")
    assert held

    content = signer.loads(held.value)

    assert {*content} == {"name", "epoch", "since", "seen"}
    assert content["name"] == "mina"
    assert content["since"] == content["seen"] <= seconds()


@pytest.mark.parametrize(
    ("idle", "ago", "lasts"), [(30, 29 * 60, True), (30, 30 * 60, False), (5, 5 * 60, False), (5, 4 * 60, True)]
)
def test_a_session_that_is_not_used_ends(
    answerer: Answerer, shared: Accounts, idle: int, ago: int, lasts: bool
) -> None:
    client = with_session(make_app(answerer, shared, idle), seen=seconds() - ago)

    assert is_in(client) is lasts


@pytest.mark.parametrize(("ago", "lasts"), [(LONGEST - 60, True), (LONGEST, False)])
def test_a_session_ends_after_half_a_day_however_much_it_is_used(desk_app: Flask, ago: int, lasts: bool) -> None:
    assert is_in(with_session(desk_app, since=seconds() - ago)) is lasts


def test_a_session_that_is_used_is_renewed_once_a_minute_at_most(desk_app: Flask) -> None:
    client = with_session(desk_app, seen=seconds() - 61)

    assert "Set-Cookie" in client.get("/desk/page").headers
    assert "Set-Cookie" not in client.get("/desk/page").headers


def test_a_slow_reply_renews_no_session_for_it_may_have_been_signed_out_meanwhile(desk_app: Flask) -> None:
    client = with_session(desk_app, seen=seconds() - 61)

    assert "Set-Cookie" not in client.get("/desk/slow").headers
    assert "Set-Cookie" in client.get("/desk/page").headers


def test_who_was_signed_out_for_safety_is_told_and_the_old_cookie_goes(desk_app: Flask) -> None:
    client = with_session(desk_app, seen=seconds() - 3600)

    sent = client.get("/desk/page")

    assert sent.location == "/desk/sign-in?note=ended&next=/desk/page"
    assert f"{COOKIE}=;" in cookie(sent)
    assert "You were signed out, for safety." in client.get(sent.location).get_data(as_text=True)


@pytest.mark.parametrize("change", ["password", "removed", "removed and added anew"])
def test_a_changed_password_and_a_removed_account_end_sessions(answerer: Answerer, own: Accounts, change: str) -> None:
    client = make_app(answerer, own).test_client()
    sign_in(client)
    assert is_in(client)

    if change == "password":
        own.set_password("mina", "another horse battery")
    else:
        own.remove("mina")
    if change == "removed and added anew":
        own.add("mina", PASSWORD, "desk")

    assert not is_in(client)


# ---- requests of other sites

FOREIGN_REQUESTS = {
    "nothing said": {},
    "another site": {"Origin": "https://evil.example"},
    "null": {"Origin": "null"},
    "empty": {"Origin": ""},
    "ours at its start": {"Origin": "http://localhost.evil.example"},
    "ours at its end": {"Origin": "http://evillocalhost"},
    "ours as its user": {"Origin": "http://localhost@evil.example"},
    "another port": {"Origin": "http://localhost:8001"},
    "another scheme": {"Origin": "https://localhost"},
    "two": {"Origin": "http://localhost http://evil.example"},
    "with a path": {"Origin": "http://localhost/"},
    "a site that may ask": {"Origin": "https://clinic.example"},
    "cross-site": {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    "same-site": {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    "what no browser says": {"Sec-Fetch-Site": "", "Origin": "http://localhost"},
    "only a referrer": {"Referer": "http://localhost/desk"},
}


@pytest.mark.parametrize("said", FOREIGN_REQUESTS.values(), ids=FOREIGN_REQUESTS)
@pytest.mark.parametrize("path", ["/desk/page", "/desk/sign-in", "/desk/sign-out", "/desk/nope", "/desk"])
def test_what_another_site_sends_is_refused(mina: FlaskClient, path: str, said: dict[str, str]) -> None:
    response = mina.post(path, headers=said, data={"name": "rafi", "password": PASSWORD})

    assert response.status_code == 403
    assert FOREIGN in response.get_data(as_text=True)
    assert mina.get("/desk/page").get_data(as_text=True) == "mina"  # neither out nor someone else


@pytest.mark.parametrize("said", FOREIGN_REQUESTS.values(), ids=FOREIGN_REQUESTS)
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH"])
def test_what_another_site_sends_to_the_desk_s_interface_is_refused(
    mina: FlaskClient, method: str, said: dict[str, str]
) -> None:
    response = mina.open("/desk/api/name", method=method, headers=said)

    assert problem(response, 403)["detail"].startswith(FOREIGN)


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("http://localhost", {"Origin": "http://localhost"}),
        ("http://localhost:8000", {"Origin": "http://localhost:8000"}),
        ("https://ask.clinic.example", {"Origin": "https://ask.clinic.example"}),
        ("http://localhost", {"Sec-Fetch-Site": "same-origin"}),
        ("http://localhost", {"Sec-Fetch-Site": "none"}),
        ("http://behind.a.proxy", {"Sec-Fetch-Site": "same-origin", "Origin": "https://ask.clinic.example"}),
    ],
)
def test_what_our_own_page_sends_is_taken(visitor: FlaskClient, base: str, said: dict[str, str]) -> None:
    form = {"name": "mina", "password": PASSWORD}

    assert visitor.post("/desk/sign-in", data=form, base_url=base, headers=said).status_code == 303


def test_a_public_page_takes_what_another_site_sends_as_before(visitor: FlaskClient) -> None:
    said = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

    assert visitor.post("/chat", data={"message": "shoes"}, headers=said).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", ["/desk/api/name", "/desk/api/nope", "/desk/sign-in"])
def test_no_other_site_gets_permission_to_read_the_desk_s_replies(mina: FlaskClient, method: str, path: str) -> None:
    asks = {"Origin": "https://clinic.example", "Access-Control-Request-Method": "POST"}

    response = mina.open(path, method=method, headers=asks)

    assert not [name for name in response.headers.keys() if name.startswith("Access-Control-")]  # noqa: SIM118


@pytest.mark.parametrize("path", ["/desk/sign-in", "/desk/page", "/desk/api/name", "/desk/nope", "/desk/crash"])
def test_the_desk_is_shown_in_no_frame_kept_by_no_cache_and_sends_to_itself_alone_where_it_was(
    mina: FlaskClient, path: str
) -> None:
    headers = mina.get(path).headers

    (policy,) = headers.getlist("Content-Security-Policy")
    assert "frame-ancestors 'none'" in policy.split("; ")
    assert "default-src 'none'" in policy.split("; ")
    assert policy.count("frame-ancestors") == 1
    assert headers.getlist("Cache-Control") == ["no-store"]
    assert headers.getlist("Referrer-Policy") == ["same-origin"]  # with no-referrer, browsers hide Origin from us, too


# ---- guessing


@pytest.fixture
def fresh(answerer: Answerer, shared: Accounts) -> FlaskClient:
    """A browser at a desk where nobody has tried anything yet."""
    return browser(make_app(answerer, shared))


def test_the_sixth_attempt_of_an_address_within_a_minute_is_refused_be_it_right_or_not(fresh: FlaskClient) -> None:
    for number in range(BY_ADDRESS.amount):
        assert sign_in(fresh, f"nobody{number}").status_code == 401

    refused = sign_in(fresh)

    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert "That was tried too often. Please try again later." in refused.get_data(as_text=True)
    assert 'value="mina"' in refused.get_data(as_text=True)
    assert not is_in(fresh)


def test_another_address_is_not_kept_waiting(fresh: FlaskClient) -> None:
    for _ in range(BY_ADDRESS.amount + 1):
        sign_in(fresh, "nobody")

    assert sign_in(fresh, environ_overrides=from_address(next(ADDRESSES))).status_code == 303


@pytest.mark.parametrize("name", ["mina", "nobody"])
def test_twenty_failures_an_hour_close_a_name_for_every_address_be_there_such_an_account_or_not(
    fresh: FlaskClient, name: str
) -> None:
    written = [name, name.upper(), name.title(), "ｍｉｎａ" if name == "mina" else name]
    for number in range(BY_NAME.amount):
        tried = sign_in(fresh, written[number % 4], "wrong", environ_overrides=from_address(next(ADDRESSES)))
        assert tried.status_code == 401

    refused = sign_in(fresh, name, environ_overrides=from_address(next(ADDRESSES)))

    assert refused.status_code == 429
    assert 3000 < int(refused.headers["Retry-After"]) <= 3601
    assert sign_in(fresh, "rafi", environ_overrides=from_address(next(ADDRESSES))).status_code == 303


def test_signing_in_rightly_closes_no_name(fresh: FlaskClient) -> None:
    statuses = {
        sign_in(fresh, environ_overrides=from_address(next(ADDRESSES))).status_code
        for number in range(BY_NAME.amount + 2)
    }

    assert statuses == {303}


def fail_everywhere(app: Flask, name: str) -> None:
    """A stranger at ever new addresses fails as often as makes a difference."""
    for _ in range(BY_NAME.amount):
        assert sign_in(browser(app), name, "wrong").status_code == 401
    assert sign_in(browser(app), name, "wrong").status_code == 429


def test_a_stranger_who_fails_for_a_name_keeps_nobody_out_where_that_one_signed_in_before(
    answerer: Answerer, shared: Accounts
) -> None:
    app = make_app(answerer, shared)
    own = browser(app)
    for name in ("mina", "rafi"):  # at one machine
        sign_in(own, name)
    own.post("/desk/sign-out", headers=OURS)

    for name in ("mina", "rafi"):
        fail_everywhere(app, name)

    assert [sign_in(own, name).status_code for name in ("MINA", "rafi")] == [303, 303]
    assert sign_in(browser(app)).status_code == 429


def test_a_stranger_at_the_same_address_keeps_nobody_out_where_that_one_signed_in_before(fresh: FlaskClient) -> None:
    sign_in(fresh)
    stranger = fresh.application.test_client()
    stranger.environ_base |= fresh.environ_base
    statuses = [sign_in(stranger, "nobody").status_code for _ in range(BY_ADDRESS.amount)]

    assert statuses[-1] == 429
    assert sign_in(fresh).status_code == 303


def test_a_browser_is_known_for_who_signed_in_there_and_for_no_other_name(fresh: FlaskClient) -> None:
    sign_in(fresh)

    statuses = [sign_in(fresh, "rafi", "wrong").status_code for _ in range(BY_ADDRESS.amount)]

    assert statuses == [401] * (BY_ADDRESS.amount - 1) + [429]
    assert sign_in(fresh).status_code == 303


def test_in_a_known_browser_as_little_is_guessed(fresh: FlaskClient) -> None:
    sign_in(fresh)

    for _ in range(BY_BROWSER.amount):
        assert sign_in(fresh, "mina", "wrong").status_code == 401
    at_one_address = [sign_in(fresh, "mina", "wrong").status_code for _ in range(BY_ADDRESS.amount + 1)]

    assert at_one_address[-2:] == [429, 429]


def test_a_browser_is_known_by_a_cookie_that_says_no_name_and_is_for_the_page_to_sign_in_alone(
    visitor: FlaskClient,
) -> None:
    first, second = (
        next(line for line in sign_in(visitor).headers.getlist("Set-Cookie") if line.startswith(f"{KNOWN}="))
        for _ in range(2)
    )
    value, *attributes = first.split("; ")

    assert {"HttpOnly", "Path=/desk/sign-in", "SameSite=Lax", f"Max-Age={KNOWN_SECONDS}"} <= {*attributes}
    assert "mina" not in value
    assert value != second.split("; ")[0]
    assert len(second) == len(first)  # the name's newest takes the place of its own
    visitor.delete_cookie(COOKIE, path="/desk")
    assert not is_in(visitor)


@pytest.mark.parametrize("value", ["", "x", "~~~", "a.b.c~a.b.c", "x" * 4000, "\x7f"])
def test_a_browser_that_made_its_cookie_up_is_not_known(fresh: FlaskClient, value: str) -> None:
    fresh.set_cookie(KNOWN, value, path="/desk/sign-in")

    statuses = [sign_in(fresh, "mina", "wrong").status_code for _ in range(BY_ADDRESS.amount + 1)]

    assert statuses == [401] * BY_ADDRESS.amount + [429]


def test_an_empty_form_is_no_attempt(fresh: FlaskClient) -> None:
    for _ in range(BY_ADDRESS.amount + 1):
        sign_in(fresh, "mina", "")

    assert sign_in(fresh).status_code == 303


# ---- when something is wrong


@pytest.fixture
def broken(answerer: Answerer, tmp_path: Path) -> FlaskClient:
    """A desk whose database cannot be used."""
    (tmp_path / "file").write_text("")
    return make_app(answerer, Accounts(Database(f"sqlite:///{tmp_path}/file/x.sqlite3"), method=QUICK)).test_client()


def test_a_database_that_cannot_be_used_is_said_and_is_no_crash(broken: FlaskClient, mina: FlaskClient) -> None:
    held = mina.get_cookie(COOKIE, path="/desk")
    assert held

    tried = sign_in(broken)
    broken.set_cookie(COOKIE, held.value, path="/desk")

    assert (tried.status_code, tried.mimetype, tried.headers["Retry-After"]) == (503, "text/html", "30")
    assert "We cannot reach our records at the moment." in tried.get_data(as_text=True)
    assert broken.get("/desk/page").status_code == 503
    problem(broken.get("/desk/api/name"), 503)
    assert broken.post("/desk/sign-out", headers=OURS).status_code == 303  # to leave is always possible
    assert broken.post("/api/chat", json={"message": "shoes"}).status_code == 200


def test_neither_password_nor_session_stands_in_a_log(visitor: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    sign_in(visitor, "mina", "wrong horse battery")
    signed = sign_in(visitor, next="/desk/page")
    visitor.get("/desk/page")
    assert visitor.get("/desk/crash").status_code == 500
    visitor.post("/desk/sign-out", headers=OURS)

    assert "RuntimeError" in caplog.text  # something is logged
    session = cookie(signed).split(";")[0].split("=", 1)[1]
    for secret in (PASSWORD, "wrong horse", session, session.split(".")[-1], KEY.decode(), "mina"):
        assert secret not in caplog.text


def test_the_desk_s_key_is_in_no_representation(shared: Accounts) -> None:
    assert KEY.decode() not in repr(Desk(shared, KEY))


@pytest.mark.parametrize(
    ("base", "address", "warned"),
    [
        ("http://localhost", "127.0.0.1", False),
        ("http://localhost", "::1", False),
        ("http://localhost", "::ffff:127.0.0.1", False),
        ("http://localhost", "", False),
        ("http://192.0.2.7:8000", "192.0.2.9", True),
        ("http://localhost", "::ffff:192.0.2.9", True),
        ("http://localhost", "unknown", True),
        ("https://ask.clinic.example", "192.0.2.9", False),
    ],
)
def test_who_would_send_a_password_that_others_can_read_is_told(
    visitor: FlaskClient, base: str, address: str, warned: bool
) -> None:
    page = visitor.get("/desk/sign-in", base_url=base, environ_overrides={"REMOTE_ADDR": address})

    assert ("This connection is not encrypted." in page.get_data(as_text=True)) == warned


def test_the_page_to_sign_in_has_no_script_and_no_inline_style(visitor: FlaskClient) -> None:
    page = visitor.get("/desk/sign-in").get_data(as_text=True)

    assert not re.search(r"<script|\sstyle=|<style|\son\w+=|javascript:", page)
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="username"' in page
