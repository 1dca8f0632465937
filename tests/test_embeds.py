"""What other sites load: the script, moving and pinned, and its strings; how they are typed, packed and kept."""

import gzip
import json
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from bot.answering import Answerer
from web.app import create_app
from web.widget import Widget, load_widget, release_of

HOUR = "public, max-age=3600"
YEAR = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def widget() -> Widget:
    """What the application serves."""
    return load_widget()


@pytest.fixture(scope="module")
def addresses(widget: Widget) -> list[str]:
    """Everything that a page of another site loads."""
    return ["/widget.js", f"/w/{widget.release}/widget.js", *(f"/widget/{code}.json" for code in widget.strings)]


def test_the_script_is_served_as_it_was_joined(client: FlaskClient, widget: Widget) -> None:
    response = client.get("/widget.js")

    assert response.status_code == 200
    assert response.content_type == "text/javascript; charset=utf-8"
    assert response.data == widget.script.content


def test_the_script_moves_with_the_server_and_is_asked_for_again_after_an_hour(client: FlaskClient) -> None:
    assert client.get("/widget.js").headers["Cache-Control"] == HOUR


def test_a_release_is_the_same_script_for_ever(client: FlaskClient, widget: Widget) -> None:
    response = client.get(f"/w/{widget.release}/widget.js")

    assert response.status_code == 200
    assert response.content_type == "text/javascript; charset=utf-8"
    assert response.data == widget.script.content
    assert response.headers["Cache-Control"] == YEAR


@pytest.mark.parametrize("name", ["en", "bn"])
def test_strings_are_served_by_language(client: FlaskClient, widget: Widget, name: str) -> None:
    response = client.get(f"/widget/{name}.json")

    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.data == widget.strings[name].content
    assert response.headers["Cache-Control"] == HOUR
    assert json.loads(response.data)["dir"] == "ltr"


def test_a_release_of_the_past_is_served_as_long_as_it_is_kept(answerer: Answerer, tmp_path: Path) -> None:
    (tmp_path / "widget.js").write_bytes(b"start(2)")
    (tmp_path / "0123456789abcdef.js").write_bytes(b"start(1)")
    client = create_app(answerer, widget=load_widget(tmp_path / "widget.js")).test_client()

    assert client.get("/widget.js").data == b"start(2)"
    assert client.get(f"/w/{release_of(b'start(1)')}/widget.js").data == b"start(1)"
    assert client.get("/w/0123456789abcdef/widget.js").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/w/0123456789abcdef/widget.js",
        "/w/1/widget.js",
        "/w//widget.js",
        "/widget/xx.json",
        "/widget/languages.json",
        "/widget/EN.json",
        "/widget/../en.json",
        "/widget/en",
        "/widget/",
    ],
)
def test_an_unknown_release_or_language_is_not_found_and_no_cache_keeps_that(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"


def test_any_site_may_load_them_and_none_sends_credentials(client: FlaskClient, addresses: list[str]) -> None:
    for address in addresses:
        for origin in ({}, {"Origin": "https://www.clinic.example"}):
            headers = client.get(address, headers=origin).headers

            assert headers["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in headers
            assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "Set-Cookie" not in headers


# ---- encodings


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "br"),  # the smallest that is taken at all
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("*;q=0, identity", None),
        ("identity", None),
        ("deflate", None),
        ("", None),
        (None, None),
    ],
)
def test_the_smallest_encoding_that_the_browser_takes_is_sent(
    client: FlaskClient, addresses: list[str], accepted: str | None, encoding: str | None
) -> None:
    for address in addresses:
        plain = client.get(address).data
        response = client.get(address, headers=None if accepted is None else {"Accept-Encoding": accepted})

        assert response.headers.get("Content-Encoding") == encoding
        assert UNPACK[encoding](response.data) == plain
        assert response.content_length == len(response.data)


UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


def test_a_cache_keeps_each_encoding_apart(client: FlaskClient, addresses: list[str]) -> None:
    for address in addresses:
        for accepted in ("br", "gzip", "identity"):
            response = client.get(address, headers={"Accept-Encoding": accepted})

            assert "Accept-Encoding" in response.vary


# ---- what a browser has already


def test_who_has_it_already_gets_no_more_than_that_word(client: FlaskClient, addresses: list[str]) -> None:
    for address in addresses:
        for accepted in ("br", "gzip", "identity"):
            first = client.get(address, headers={"Accept-Encoding": accepted})
            headers = {"Accept-Encoding": accepted, "If-None-Match": first.headers["ETag"]}

            again = client.get(address, headers=headers)

            assert again.status_code == 304
            assert again.data == b""
            assert "Accept-Encoding" in again.vary
            for name in ("ETag", "Cache-Control", "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy"):
                assert again.headers[name] == first.headers[name]


def test_each_encoding_has_a_tag_of_its_own(client: FlaskClient, addresses: list[str]) -> None:
    for address in addresses:
        tags = {
            client.get(address, headers={"Accept-Encoding": accepted}).headers["ETag"]
            for accepted in ("br", "gzip", "identity")
        }

        assert len(tags) == 3


def test_who_has_another_gets_it_whole(client: FlaskClient) -> None:
    response = client.get("/widget.js", headers={"If-None-Match": '"of-yesterday"'})

    assert response.status_code == 200
    assert response.data


def test_head_says_what_get_would(client: FlaskClient, addresses: list[str]) -> None:
    for address in addresses:
        headers = {"Accept-Encoding": "br"}
        head, get = client.head(address, headers=headers), client.get(address, headers=headers)

        for response in (head, get):
            del response.headers["X-Request-ID"]  # each request has its own
        assert head.status_code == 200
        assert head.data == b""
        assert dict(head.headers) == dict(get.headers)


def test_nothing_can_be_sent_to_them(client: FlaskClient, addresses: list[str]) -> None:
    for address in addresses:
        assert client.post(address, data="a question").status_code == 405
