"""Other sites ask only by name: who may, what they may read, and everybody who only looks like them."""

from collections.abc import Sequence
from typing import Any, Never

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from bot.answering import Answerer
from web.app import create_app
from web.origins import AllowedOrigins, read_origin
from web.settings import SettingError, load_settings

SITE = "https://clinic.example"
BELOW = "https://*.hospital.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
EMERGENCY = "back pain and cant pee since morning"

STRANGERS = {
    "no page's": "null",
    "nobody's": "",
    "everybody's": "*",
    "other": "https://elsewhere.example",
    "longer at the end": "https://clinic.example.evil.example",
    "longer at the front": "https://evilclinic.example",
    "below an exact one": "https://www.clinic.example",
    "above it": "https://example",
    "another port": "https://clinic.example:8443",
    "the port written out": "https://clinic.example:443",
    "another scheme": "http://clinic.example",
    "a third scheme": "ftp://clinic.example",
    "no scheme": "clinic.example",
    "upper case": "https://CLINIC.example",
    "upper-case scheme": "HTTPS://clinic.example",
    "a dot behind": "https://clinic.example.",
    "a slash behind": "https://clinic.example/",
    "a path": "https://clinic.example/chat",
    "a user": "https://clinic.example@evil.example",
    "a user of ours": "https://evil@clinic.example",
    "a fragment": "https://evil.example#clinic.example",
    "look-alike letters": "https://сlinic.example".encode().decode("latin-1"),  # a Cyrillic с, in bytes as they come
    "their ASCII form": "https://xn--linic-9be.example",
    "an escape": "https://clinic.example%2eevil.example",
    "an escaped end": "https://clinic.example%00.evil.example",
    "an end": "https://clinic.example\0",
    "a backslash": "https://clinic.example\\.evil.example",
    "a browser's extension": "chrome-extension://clinic.example",
    "a file's": "file://clinic.example",
    "a frame's own document": "blob:https://clinic.example/x",
    "an app's": "app://clinic.example",
    "the same in one word": "https:clinic.example",
    "the same without its host": "https://",
    "a user named like it": "https://clinic.example:443@evil.example",
    "an underscore after": "https://clinic.example_.evil.example",
    "a space before": " https://clinic.example x",
    "twice in one": "https://clinic.example,https://clinic.example",
    "twice in one, parted": "https://clinic.example, https://evil.example",
    "two, as old browsers wrote": "https://clinic.example https://evil.example",
    "a line end's look-alike": "https://clinic.example\x85X-Evil: 1",
    "the wildcard itself": "https://*.hospital.example",
    "the bare domain of the wildcard": "https://hospital.example",
    "nothing before its dot": "https://.hospital.example",
    "an empty part": "https://a..hospital.example",
    "the wildcard's domain in front": "https://a.hospital.example.evil.example",
    "the wildcard's domain glued": "https://evilhospital.example",
    "the wildcard with a port": "https://a.hospital.example:8443",
    "the wildcard without TLS": "http://a.hospital.example",
    "the wildcard in upper case": "https://A.hospital.example",
    "a user before the wildcard's": "https://evil.example@a.hospital.example",
    "a path before the wildcard's": "https://evil.example/a.hospital.example",
    "a path before, otherwise": "https://evil.example\\a.hospital.example",
    "a port before the wildcard's": "https://evil.example:1.hospital.example",
    "a query before the wildcard's": "https://evil.example?.hospital.example",
    "a comma before the wildcard's": "https://evil.example,a.hospital.example",
    "a tab before the wildcard's": "https://evil.example\t.hospital.example",
    "an escape before the wildcard's": "https://evil.example%2f.hospital.example",
    "an end before the wildcard's": "https://evil.example\0.hospital.example",
    "brackets before the wildcard's": "https://[::1].hospital.example",
    "a dot behind the wildcard's": "https://a.hospital.example.",
}

FRIENDS = ["https://clinic.example", "https://www.hospital.example", "https://a.b.c.hospital.example"]

REQUESTS: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "answer": ("POST", "/api/chat", {"json": {"message": "shoes"}}, 200),
    "search": ("POST", "/api/search", {"json": {"query": "shoes"}}, 200),
    "suggestions": ("POST", "/api/suggest", {"json": {"query": "sho"}}, 200),
    "configuration": ("GET", "/api/config", {}, 200),
    "head": ("HEAD", "/api/config", {}, 200),
    "options": ("OPTIONS", "/api/chat", {}, 200),
    "preflight": ("OPTIONS", "/api/chat", {"headers": PREFLIGHT}, 204),
    "preflight of nothing": ("OPTIONS", "/api/nope", {"headers": PREFLIGHT}, 404),
    "no json": ("POST", "/api/chat", {"data": "{", "content_type": "application/json"}, 400),
    "not found": ("GET", "/api/nope", {}, 404),
    "bare": ("GET", "/api", {}, 404),
    "wrong method": ("GET", "/api/chat", {}, 405),
    "too large": ("POST", "/api/chat", {"json": {"message": "x" * 100_000}}, 413),
    "wrong type": ("POST", "/api/chat", {"data": "shoes", "content_type": "text/plain"}, 415),
    "refusal": ("POST", "/api/chat", {"json": {"message": ""}}, 422),
    "crash": ("GET", "/api/crash", {}, 500),
}

every_request = pytest.mark.parametrize("name", REQUESTS)
every_stranger = pytest.mark.parametrize("origin", STRANGERS.values(), ids=STRANGERS.keys())


def client_of(answerer: Answerer, allowed: Sequence[str]) -> FlaskClient:
    """A client of an application that these sites may use, with an address that fails."""
    app = create_app(answerer, allowed_origins=allowed)

    @app.get("/api/crash")
    def crash() -> Never:
        raise RuntimeError

    return app.test_client()


@pytest.fixture(scope="module")
def shared(answerer: Answerer) -> FlaskClient:
    """A client where one site and all below a domain are named."""
    return client_of(answerer, [SITE, BELOW])


@pytest.fixture(scope="module")
def alone(answerer: Answerer) -> FlaskClient:
    """A client where no site is named."""
    return client_of(answerer, [])


def send(client: FlaskClient, name: str, origin: str | None) -> TestResponse:
    method, path, more, status = REQUESTS[name]
    headers = {**more.get("headers", {}), **({} if origin is None else {"Origin": origin})}
    response = client.open(path, method=method, **{**more, "headers": headers})
    assert response.status_code == (200 if name == "preflight" and origin not in FRIENDS else status)
    return response


def permissions(response: TestResponse) -> dict[str, str]:
    """The headers that speak of other origins; each may stand once."""
    found = [(name, value) for name, value in response.headers.items() if name.startswith("Access-Control-")]
    assert len(dict(found)) == len(found)
    return dict(found)


# ---- who may ask


@every_request
@pytest.mark.parametrize("origin", FRIENDS)
def test_a_site_that_is_named_may_read_every_reply_and_refusal(shared: FlaskClient, name: str, origin: str) -> None:
    response = send(shared, name, origin)

    assert response.headers.getlist("Access-Control-Allow-Origin") == [origin]


@every_stranger
def test_a_site_that_only_looks_like_one_that_is_named_may_read_nothing(shared: FlaskClient, origin: str) -> None:
    for name in ("answer", "configuration", "preflight", "refusal", "not found"):
        assert permissions(send(shared, name, origin)) == {}


@every_request
def test_who_says_no_origin_or_a_foreign_one_gets_the_plain_response(shared: FlaskClient, name: str) -> None:
    for origin in (None, "https://elsewhere.example", "null"):
        assert permissions(send(shared, name, origin)) == {}


def test_two_headers_of_origin_are_none_of_ours(shared: FlaskClient) -> None:
    for others in ("https://clinic.example", "https://evil.example"):
        headers = [("Origin", "https://clinic.example"), ("Origin", others)]
        assert permissions(shared.get("/api/config", headers=headers)) == {}


@pytest.mark.parametrize(
    "simple", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_what_a_foreign_page_can_send_without_asking_first_is_answered_by_no_address(
    shared: FlaskClient, simple: str
) -> None:
    for path, body in (("chat", '{"message": "x"}'), ("search", '{"query": "x"}'), ("suggest", '{"query": "x"}')):
        stranger = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        response = shared.post(f"/api/{path}", data=body, content_type=simple, headers=stranger)
        assert (response.status_code, permissions(response)) == (415, {})


@pytest.mark.parametrize("origin", ["http://localhost", "https://localhost", "https://ask.clinic.example"])
def test_a_page_at_our_own_address_needs_no_permission_whatever_the_proxy_calls_us(
    alone: FlaskClient, shared: FlaskClient, origin: str
) -> None:
    for client in (alone, shared):
        response = client.post("/api/chat", json={"message": "shoes"}, headers={"Origin": origin})

        assert response.status_code == 200
        assert permissions(response) == {}


@pytest.mark.parametrize(
    "path", ["/", "/chat", "/sources/faq", "/healthz", "/static/style.css", "/nope", "/apis", "/API/config"]
)
def test_pages_and_files_are_no_part_of_the_permission(shared: FlaskClient, path: str) -> None:
    response = shared.get(path, headers={"Origin": SITE}, buffered=True)

    assert permissions(response) == {}
    assert "Vary" not in response.headers


# ---- what they may read


@every_request
def test_no_response_ever_lets_credentials_in(shared: FlaskClient, name: str) -> None:
    for origin in (*FRIENDS, "null", None):
        assert "Access-Control-Allow-Credentials" not in send(shared, name, origin).headers


@every_request
@pytest.mark.parametrize("origin", [SITE, "https://elsewhere.example", None])
def test_every_response_says_that_it_depends_on_who_asks(shared: FlaskClient, name: str, origin: str | None) -> None:
    assert send(shared, name, origin).headers.getlist("Vary") == ["Origin"]


@every_request
def test_where_no_site_is_named_no_response_depends_on_who_asks(alone: FlaskClient, name: str) -> None:
    plain, foreign = (send(alone, name, origin) for origin in (None, "https://elsewhere.example"))

    for response in (plain, foreign):
        response.headers.pop("Content-Length", None)  # a search says how long it took
        response.headers.pop("X-Request-ID")  # each request has its own
    assert [*foreign.headers] == [*plain.headers]
    assert permissions(foreign) == {}
    assert "Vary" not in foreign.headers


def test_a_site_that_asked_too_often_reads_when_to_come_back_and_the_safety_message(answerer: Answerer) -> None:
    client = create_app(answerer, rate_limit=1, allowed_origins=[SITE]).test_client()

    def ask() -> TestResponse:
        return client.post("/api/chat", json={"message": EMERGENCY}, headers={"Origin": SITE})

    assert ask().status_code == 200
    refused = ask()

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert permissions(refused) == {
        "Access-Control-Allow-Origin": SITE,
        "Access-Control-Expose-Headers": "Retry-After",
    }
    assert refused.get_json()["alert"]["level"] == "emergency"


# ---- what a browser asks first


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/api/chat", "POST"), ("/api/search", "POST"), ("/api/suggest", "POST"), ("/api/config", "GET, HEAD")],
)
def test_a_preflight_says_what_the_address_takes_and_for_how_long(shared: FlaskClient, path: str, methods: str) -> None:
    response = shared.options(path, headers={**PREFLIGHT, "Origin": SITE})

    assert response.status_code == 204
    assert response.get_data() == b""
    assert not {"Content-Type", "Content-Length"} & {*response.headers.keys()}
    assert response.headers["Cache-Control"] == "no-store"
    assert permissions(response) == {
        "Access-Control-Allow-Origin": SITE,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "7200",
    }


def test_what_a_preflight_asks_for_is_not_repeated(shared: FlaskClient) -> None:
    greedy = {"Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "authorization, x-evil"}

    response = shared.options("/api/chat", headers={**greedy, "Origin": SITE})

    assert permissions(response)["Access-Control-Allow-Methods"] == "POST"
    assert permissions(response)["Access-Control-Allow-Headers"] == "content-type"


def test_preflights_count_against_no_limit(answerer: Answerer) -> None:
    client = create_app(answerer, rate_limit=1, suggest_limit=1, allowed_origins=[SITE]).test_client()
    bodies = {"/api/chat": {"message": "shoes"}, "/api/suggest": {"query": "sho"}}

    for path, body in bodies.items():
        for _ in range(5):
            assert client.options(path, headers={**PREFLIGHT, "Origin": SITE}).status_code == 204
        assert client.post(path, json=body, headers={"Origin": SITE}).status_code == 200


# ---- naming a site


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://clinic.example", "https://clinic.example"),
        ("https://clinic.example/", "https://clinic.example"),
        ("HTTPS://Clinic.EXAMPLE", "https://clinic.example"),
        ("https://clinic.example:443", "https://clinic.example"),
        ("https://clinic.example:8443/", "https://clinic.example:8443"),
        ("http://clinic.example:80", "http://clinic.example"),
        ("http://clinic.example:443", "http://clinic.example:443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://192.168.0.7", "http://192.168.0.7"),
        ("http://127.1:5000", "http://127.0.0.1:5000"),
        ("http://[0:0::1]:8080", "http://[::1]:8080"),
        ("http://my_box:8080", "http://my_box:8080"),
        ("https://www.clinic.com.bd", "https://www.clinic.com.bd"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://straße.example", "https://xn--strae-oqa.example"),  # what browsers send, and not strasse
        ("https://XN--Bcher-KVA.example", "https://xn--bcher-kva.example"),
        ("https://ক্লিনিক.বাংলা", "https://xn--p5ba0dwb0db8g.xn--54b7fta0cc"),
        ("https://*.clinic.example", "https://*.clinic.example"),
        ("https://*.Bücher.example/", "https://*.xn--bcher-kva.example"),
        ("https://*.clinic.com.bd", "https://*.clinic.com.bd"),
    ],
)
def test_a_site_is_read_as_browsers_write_it(written: str, origin: str) -> None:
    assert read_origin(written) == origin
    assert read_origin(origin) == origin


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "*",
        "null",
        "https://*",
        "https://*.",
        "*.clinic.example",
        "clinic.example",
        "//clinic.example",
        "https:clinic.example",
        "https:/clinic.example",
        "https:\\\\clinic.example",
        "https://",
        "https:///clinic.example",
        "ftp://clinic.example",
        "httpſ://clinic.example",
        "file:///",
        "https://clinic.example/chat",
        "https://clinic.example//",
        "https://clinic.example/?",
        "https://clinic.example?x",
        "https://clinic.example#x",
        "https://user@clinic.example",
        "https://user:secret@clinic.example",
        "https://clinic.example:",
        "https://clinic.example:0",
        "https://clinic.example:65536",
        "https://clinic.example:http",
        "https://clinic.example:８０",
        "https://clinic.example.",
        "https://.clinic.example",
        "https://clinic..example",
        "https://-clinic.example",
        "https://cli nic.example",
        "https://clinic.example\nhttps://www.clinic.example",
        "https://clinic.example\x00",
        "https://cli\tnic.example",
        "https://%63linic.example",
        "https://clinic.example／chat",
        "https://clinic.example\\chat",
        "https://xn--a.example",
        "https://[::1",
        "https://[clinic.example]",
        "http://256.0.0.1",
        "http://*.clinic.example",
        "https://*.clinic.example:8443",
        "https://*clinic.example",
        "https://www.*.example",
        "https://www*.clinic.example",
        "https://*.*.example",
        "https://**.clinic.example",
        "https://*.com",
        "https://*.বাংলা",
        "https://*.localhost",
        "https://*.com.bd",
        "https://*.co.uk",
        "https://*.COM.BD",
        "https://*.0.0.1",
        "https://*.clinic.example.",
        "https://*.clinic.example/chat",
    ],
)
def test_what_is_no_site_is_refused_at_the_start_by_name_item_and_expectation(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the setting has the words
        read_origin(written)
    with pytest.raises(SettingError) as refusal:
        load_settings({"CITEWELL_ALLOWED_ORIGINS": f"https://clinic.example,{written}"})

    assert str(refusal.value) == (
        f"CITEWELL_ALLOWED_ORIGINS: {written.strip()!r} is not allowed; expected sites such as "
        "`https://clinic.example` or `https://*.clinic.example`, parted by commas"
    )


@pytest.mark.parametrize("allowed", [["*"], ["https://clinic.example", "null"], "https://clinic.example"])
def test_an_application_is_not_made_with_what_is_no_site(answerer: Answerer, allowed: Sequence[str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of its words
        create_app(answerer, allowed_origins=allowed)


@given(st.text(st.characters(codec="latin-1"), max_size=40) | st.from_regex(r"[a-z0-9._-]+", fullmatch=True))
def test_nothing_but_a_name_stands_before_the_domain_of_a_wildcard(before: str) -> None:
    if AllowedOrigins([BELOW]).allows(f"https://{before}.hospital.example"):
        assert set(before) <= {*"abcdefghijklmnopqrstuvwxyz0123456789-_."}
        assert all(before.split("."))


@given(st.text())
def test_what_is_read_as_a_site_stays_so_and_lets_in_itself_alone(written: str) -> None:
    try:
        origin = read_origin(f"https://{written}")
    except ValueError:
        return

    assert origin.isascii()
    assert read_origin(origin) == origin
    assert AllowedOrigins([origin]).allows(origin) == ("*" not in origin)


def test_a_monstrous_origin_is_refused_in_no_time(shared: FlaskClient) -> None:
    for part in ("a", "a.", "-", "a-", "."):
        origin = f"https://{part * 100_000}.hospital.example"
        response = shared.get("/api/config", headers={"Origin": origin})
        assert response.status_code == 200
