"""Every address that the application has, read from its own map, so that a new one is tested as soon as it is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.reviewing import OURS, Clinic, make_clinic
from web.problems import is_asked_by_program, is_under_desk
from web.widget import load_widget

SIGN_IN = "/desk/sign-in"
EXAMPLES = {
    "release": load_widget().release,
    "language": "bn",
    "doc_id": "page",
    "turn_id": f"{1:032x}",
    "decision_id": 1,
    "filing": "x",
}
"""What stands in an address for each of its variables; an address with another one asks to be added here."""

FILES = ["style.css", "demo.css", "icon.svg", "desk/main.js", "widget/main.js", "nope.js"]


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """A clinic with everything that there is: desk, review, one question."""
    made = make_clinic(tmp_path_factory.mktemp("clinic"))
    made.ask()
    yield made
    made.database.close()


def addresses(app: Flask, method: str) -> list[str]:
    """One address for each rule that takes ``method``, and for the files some of them."""
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    return [address for rule in rules for address in _built(app, rule)]


def _built(app: Flask, rule: Rule) -> list[str]:
    values = [{"filename": name} for name in FILES] if "filename" in rule.arguments else [
        {name: EXAMPLES[name] for name in rule.arguments}
    ]  # fmt: skip
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        return [adapter.build(rule.endpoint, value, method=None) for value in values]


def everywhere(clinic: Clinic, client: FlaskClient, base: str = "http://localhost") -> dict[str, TestResponse]:
    """The response at every address that can be read, and at some where nothing is."""
    wanted = [*addresses(clinic.app, "GET"), "/nope", "/api/nope", "/desk/nope", "/desk/api/nope", "/sources/nope"]
    return {path: client.get(path, base_url=base, buffered=True) for path in wanted}


@pytest.fixture(scope="module")
def read(clinic: Clinic) -> dict[str, TestResponse]:
    """What an editor reads over plain HTTP."""
    return everywhere(clinic, clinic.browser())


@pytest.fixture(scope="module")
def read_by_nobody(clinic: Clinic) -> dict[str, TestResponse]:
    """What a visitor reads over TLS."""
    return everywhere(clinic, clinic.browser(None), "https://localhost")


@pytest.fixture(params=["read", "read_by_nobody"])
def responses(request: pytest.FixtureRequest) -> dict[str, TestResponse]:
    """Each of both."""
    found: dict[str, TestResponse] = request.getfixturevalue(request.param)
    return found


def test_the_addresses_are_all_that_there_are(clinic: Clinic, read: dict[str, TestResponse]) -> None:
    assert len(read) >= len({rule.rule for rule in clinic.app.url_map.iter_rules() if "GET" in (rule.methods or ())})
    assert {"/", "/chat", "/sources/page", "/desk/review/questions", "/widget.js", "/readyz"} <= {*read}
    assert {response.status_code for response in read.values()} >= {200, 404}
    assert not [path for path, response in read.items() if response.status_code >= 500]


# ---- headers


def test_everything_carries_the_headers_that_guard_it(responses: dict[str, TestResponse]) -> None:
    for path, response in responses.items():
        headers = response.headers
        assert headers.getlist("X-Content-Type-Options") == ["nosniff"], path
        assert headers.getlist("Cross-Origin-Opener-Policy") == ["same-origin"], path
        assert "camera=(), " in headers["Permissions-Policy"], path
        assert headers["Referrer-Policy"] == ("same-origin" if is_under_desk(path) else "no-referrer"), path


def test_no_policy_allows_what_stands_in_a_page_or_comes_from_elsewhere(responses: dict[str, TestResponse]) -> None:
    for path, response in responses.items():
        (policy,) = response.headers.getlist("Content-Security-Policy")
        rules = dict(rule.split(maxsplit=1) for rule in policy.split("; "))
        assert rules["default-src"] == rules["base-uri"] == "'none'", path
        assert {*rules.values()} <= {"'self'", "'none'", "'script'"}, path
        assert rules["frame-ancestors"] == ("'none'" if is_under_desk(path) else "'self'"), path
        assert response.headers["X-Frame-Options"] == ("DENY" if is_under_desk(path) else "SAMEORIGIN"), path


def test_a_page_that_may_run_a_script_may_write_no_markup_from_strings(responses: dict[str, TestResponse]) -> None:
    for path, response in responses.items():
        policy = response.headers["Content-Security-Policy"]
        assert ("script-src" in policy) == ("require-trusted-types-for 'script'" in policy), path


def test_what_other_sites_load_says_that_they_may_and_nothing_else_does(responses: dict[str, TestResponse]) -> None:
    shared = {
        path
        for path, response in responses.items()
        if response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    }

    assert shared == {"/widget.js", f"/w/{EXAMPLES['release']}/widget.js", "/widget/bn.json"}
    assert {response.headers["Cross-Origin-Resource-Policy"] for response in responses.values()} == {
        "same-origin",
        "cross-origin",
    }


def test_browsers_are_told_to_come_by_tls_alone_exactly_where_they_came_by_it(
    read: dict[str, TestResponse], read_by_nobody: dict[str, TestResponse]
) -> None:
    assert not [path for path, response in read.items() if "Strict-Transport-Security" in response.headers]
    assert {response.headers.get("Strict-Transport-Security") for response in read_by_nobody.values()} == {
        "max-age=31536000"
    }


def test_no_public_address_sets_a_cookie_even_for_who_is_signed_in(responses: dict[str, TestResponse]) -> None:
    assert not [
        path for path, response in responses.items() if "Set-Cookie" in response.headers and not is_under_desk(path)
    ]


def test_no_redirect_names_a_host(responses: dict[str, TestResponse], clinic: Clinic) -> None:
    found = [response.headers["Location"] for response in responses.values() if "Location" in response.headers]
    odd = [f"/{path}" for path in responses] + [path + "/" for path in responses] + ["", "//evil.example"]
    client = clinic.browser(None)
    found += [client.get("/", environ_overrides={"PATH_INFO": path}).headers.get("Location", "/x") for path in odd]

    assert all(re.match(r"/[^/\\]", location) for location in found)


# ---- the desk


def test_nothing_of_the_desk_is_read_without_a_session(read_by_nobody: dict[str, TestResponse]) -> None:
    for path, response in read_by_nobody.items():
        if not is_under_desk(path) or path == SIGN_IN:
            continue
        if response.status_code == 404:
            assert "nope" in path
        elif is_asked_by_program(path):
            assert response.status_code == 401, path
        else:
            assert (response.status_code, response.headers["Location"][: len(SIGN_IN)]) == (303, SIGN_IN), path


def changing(app: Flask) -> list[tuple[str, str]]:
    """Method and address of everything at the desk that changes something."""
    methods = ("POST", "PUT", "PATCH", "DELETE")
    return [(method, path) for method in methods for path in addresses(app, method) if is_under_desk(path)]


def test_nothing_of_the_desk_is_done_without_a_session(clinic: Clinic) -> None:
    found = changing(clinic.app)
    assert len(found) >= 8

    for method, path in found:
        if path in (SIGN_IN, "/desk/sign-out"):
            continue
        response = clinic.browser(None).open(path, method=method, headers=OURS, data={"passage": "page#blisters"})
        expected = (401, "") if is_asked_by_program(path) else (303, f"{SIGN_IN}?next={path}")
        assert (response.status_code, response.headers.get("Location", "")) == expected, path


def test_whatever_is_sent_at_the_desk_has_a_page_to_come_back_to_after_signing_in(clinic: Clinic) -> None:
    for method, path in changing(clinic.app):
        if not is_asked_by_program(path) and path not in (SIGN_IN, "/desk/sign-out"):
            assert clinic.browser().get(path).status_code in (200, 303), (method, path)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Referer": "http://localhost/desk"},
        {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        {"Origin": "https://evil.example", "X-HTTP-Method-Override": "GET"},
    ],
    ids=str,
)
def test_nothing_of_the_desk_is_done_for_a_page_of_another_site(clinic: Clinic, said: dict[str, str]) -> None:
    for method, path in changing(clinic.app):
        response = clinic.browser().open(path, method=method, headers=said, data={"passage": "page#blisters"})
        assert response.status_code == 403, (method, path)
        assert "Set-Cookie" not in response.headers


def test_no_method_stands_in_for_another(clinic: Clinic) -> None:
    for method, path in changing(clinic.app):
        if "GET" in method or path in addresses(clinic.app, "GET"):
            continue
        for override in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
            read = clinic.browser().get(f"{path}?_method={method}", headers={override: method, **OURS})
            assert read.status_code == 405, (method, path)


def test_the_editor_s_addresses_are_closed_to_the_desk(clinic: Clinic) -> None:
    for path in [path for path in addresses(clinic.app, "GET") if path.startswith("/desk/review")]:
        assert clinic.browser("mina").get(path).status_code == 403, path


def test_the_files_that_are_served_are_those_of_one_folder(clinic: Clinic) -> None:
    static = Path(clinic.app.static_folder or "")

    assert not [path for path in static.rglob("*") if path.is_symlink()]
    assert {path.suffix for path in static.rglob("*") if path.is_file()} <= {".css", ".js", ".svg", ".json", ".md"}
