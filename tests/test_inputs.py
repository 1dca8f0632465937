"""What a client may send. Whatever it sends instead is refused with a problem document, never with a crash."""

import json
import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from web.inputs import MAX_BODY, usable_context

POSTS = {"/api/chat": "message", "/api/search": "query", "/api/suggest": "query"}
"""Every address that is asked something, and the name of its field for what a person typed."""

EVERY = [*POSTS, "/api/feedback"]
"""Every address that takes JSON; what feedback may say stands in test_feedback."""

BLANK = ["", " ", " \t\r\n ", "\u00a0\u2003\u3000", "\u200b", "\u200b\u200c\u200d\u2060\ufeff", "\u00ad", "\u202e"]
CONTROL = ["a\0b", "\0", "a\x1bb", "a\x7fb", "a\x85b", "\x08"]
LONG = ["a" * 501, "🏃" * 501, "\u0958" * 251]  # the last becomes two code points each in NFC
GOOD = ["a" * 500, "🏃" * 500, "e\u0301" * 300, "\u0958" * 250, "?", "ব্যথা", "a\tb\nc", "<b>“HTML”?</b>", "{{7*7}}"]


def problem(response: TestResponse) -> Any:
    """The response's problem document, checked for its form."""
    assert response.content_type == "application/problem+json"
    body = response.get_json()
    assert set(body) - {"errors", "alert"} == {"type", "title", "status", "detail"}
    assert body["status"] == response.status_code
    assert all(isinstance(body[name], str) and body[name] for name in ("type", "title", "detail"))
    for error in body.get("errors", []):
        assert set(error) == {"field", "message"}
        assert isinstance(error["field"], str)
        assert error["message"]
    return body


def wrong_fields(response: TestResponse) -> list[str]:
    """The names of the fields that a request was refused for."""
    assert response.status_code == 422, response.get_data(as_text=True)
    return [error["field"] for error in problem(response)["errors"]]


def post(client: FlaskClient, body: bytes | str, path: str = "/api/chat") -> TestResponse:
    return client.post(path, data=body, content_type="application/json")


def test_every_address_that_takes_json_is_tested_here(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}

    assert {rule for rule in rules if rule.startswith("/api/")} == set(EVERY)


# ---- text


@pytest.mark.parametrize("text", BLANK + CONTROL + LONG, ids=ascii)
def test_text_that_is_blank_too_long_or_has_control_characters_is_refused_by_the_field_s_name(
    client: FlaskClient, text: str
) -> None:
    assert wrong_fields(client.post("/api/chat", json={"message": text})) == ["message"]
    assert wrong_fields(client.post("/api/search", json={"query": text})) == ["query"]
    assert client.post("/chat", data={"message": text}).status_code == 422


@pytest.mark.parametrize("text", GOOD, ids=ascii)
def test_text_up_to_500_code_points_after_normalisation_is_taken(client: FlaskClient, text: str) -> None:
    statuses = [client.post(path, json={field: text}).status_code for path, field in POSTS.items()]

    assert statuses == [200, 200, 200]
    assert client.post("/chat", data={"message": text}).status_code == 200


def test_the_refusal_of_a_long_text_says_how_long_it_is_and_may_be(client: FlaskClient) -> None:
    (error,) = client.post("/api/chat", json={"message": "e\u0301" * 501}).get_json()["errors"]

    assert error == {"field": "message", "message": "must have at most 500 characters; it has 501"}


def test_the_refusal_of_a_blank_text_says_so(client: FlaskClient) -> None:
    (error,) = client.post("/api/chat", json={"message": " "}).get_json()["errors"]

    assert error == {"field": "message", "message": "must not be blank"}


@pytest.mark.parametrize("text", [*BLANK, *CONTROL], ids=ascii)
def test_what_is_being_typed_may_be_anything_short(client: FlaskClient, text: str) -> None:
    assert client.post("/api/suggest", json={"query": text}).status_code == 200


@pytest.mark.parametrize("text", LONG, ids=ascii)
def test_what_is_being_typed_is_as_short_as_a_question(client: FlaskClient, text: str) -> None:
    assert wrong_fields(client.post("/api/suggest", json={"query": text})) == ["query"]


def test_both_spellings_of_an_accent_are_one_question(client: FlaskClient) -> None:
    composed, decomposed = "Does a caf\u00e9 help my back?", "Does a cafe\u0301 help my back?"

    answers = [client.post("/api/chat", json={"message": text}).get_json() for text in (composed, decomposed)]

    assert answers[0] == answers[1]


# ---- fields


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["message"]),
        ({"query": "shoes"}, ["message", "query"]),
        ({"message": None}, ["message"]),
        ({"message": 5}, ["message"]),
        ({"message": True}, ["message"]),
        ({"message": ["shoes"]}, ["message"]),
        ({"message": {"text": "shoes"}}, ["message"]),
        ({"message": "shoes", "extra": 1}, ["extra"]),
        ({"message": "shoes", "Message": "shoes"}, ["Message"]),
        ({"message": "shoes", "context": "shoes"}, ["context"]),
        ({"message": "shoes", "context": None}, ["context"]),
        ({"message": "shoes", "context": ["a", "b", "c", "d"]}, ["context"]),
        ({"message": "shoes", "context": ["a", " ", "c" * 501]}, ["context.1", "context.2"]),
        ({"message": "shoes", "context": [1]}, ["context.0"]),
        ({"message": "shoes", "channel": "telex"}, ["channel"]),
        ({"message": "shoes", "channel": ["api"]}, ["channel"]),
        ({"message": "shoes", "language": "English"}, ["language"]),
        ({"message": "shoes", "language": "en\n"}, ["language"]),
        ({"message": "shoes", "language": "en" + "-abcdefgh" * 4}, ["language"]),
        ({"message": "shoes", "country": "bd"}, ["country"]),
        ({"message": "shoes", "country": "BGD"}, ["country"]),
        ({"message": "shoes", "country": "BD\n"}, ["country"]),
        ({"message": "shoes", "acknowledged": "cauda_equina"}, ["acknowledged"]),
        ({"message": "shoes", "acknowledged": [""]}, ["acknowledged.0"]),
        ({"message": "shoes", "acknowledged": ["a" * 65]}, ["acknowledged.0"]),
        ({"message": "shoes", "acknowledged": ["a"] * 51}, ["acknowledged"]),
        ({"message": "", "context": [""], "country": ""}, ["message", "context.0", "country"]),
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_every_wrong_field_of_a_question_is_named(client: FlaskClient, body: Any, fields: list[str]) -> None:
    assert wrong_fields(client.post("/api/chat", json=body)) == fields


@pytest.mark.parametrize(
    "limit", ["0", "-1", "51", "1.5", "1e9", "1e999", "true", "null", '"10"', "[10]", "1" + "0" * 30]
)
def test_a_limit_is_a_whole_number_from_1_to_50(client: FlaskClient, limit: str) -> None:
    response = post(client, f'{{"query": "shoes", "limit": {limit}}}', "/api/search")

    assert wrong_fields(response) == ["limit"]


@pytest.mark.parametrize("path", POSTS)
def test_a_field_that_is_not_of_this_request_is_refused(client: FlaskClient, path: str) -> None:
    body = {POSTS[path]: "shoes", "turn_id": "x"}

    assert wrong_fields(client.post(path, json=body)) == ["turn_id"]


@pytest.mark.parametrize("path", POSTS)
def test_a_field_that_stands_twice_counts_as_it_stood_last_and_is_checked_there(client: FlaskClient, path: str) -> None:
    field = POSTS[path]

    twice = post(client, f'{{"{field}": "sciatica", "{field}": "shoes"}}', path).get_json()
    once = post(client, f'{{"{field}": "shoes"}}', path).get_json()

    assert twice | {"took_ms": 0} == once | {"took_ms": 0}
    assert wrong_fields(post(client, f'{{"{field}": "shoes", "{field}": 5}}', path)) == [field]


# ---- the body


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"shoes", 400),
        (b"{", 400),
        (b"{'message': 'shoes'}", 400),
        (b'{"message": "shoes", "query": "shoes",}', 400),
        (b'{"message": "shoes"} {}', 400),
        (b'\xef\xbb\xbf{"message": "shoes"}', 400),
        ('{"message": "shoes"}'.encode("utf-16"), 400),
        (b'{"message": "\xff"}', 400),
        (b'{"message": "\xed\xa0\x80"}', 400),
        (b'{"message": "\\ud800", "query": "\\ud800"}', 400),
        (b'{"message": "\\udc00\\ud800", "query": "\\udc00\\ud800"}', 400),
        (b'{"message": "a\0b", "query": "a\0b"}', 400),
        (b"[" * 30_000, 400),
        (b'{"message":' * 5_000, 400),
        (b'{"message": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400),
        (b"null", 422),
        (b"true", 422),
        (b"7", 422),
        (b'"shoes"', 422),
        (b"[]", 422),
        (b'[{"message": "shoes"}]', 422),
        (b'{"message": 1e400, "query": 1e400}', 422),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_body_that_is_no_json_object_is_refused(client: FlaskClient, body: bytes, status: int) -> None:
    responses = [post(client, body, path) for path in EVERY]

    assert [problem(response)["status"] for response in responses] == [status] * len(EVERY)


@pytest.mark.parametrize("number", ["9" * 5_000, "-" + "9" * 5_000, "1e99999999", "0." + "1" * 5_000])
def test_a_huge_number_is_refused(client: FlaskClient, number: str) -> None:
    response = post(client, f'{{"query": "shoes", "limit": {number}}}', "/api/search")

    assert response.status_code in {400, 422}
    problem(response)


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"]
)
def test_a_body_that_is_not_called_json_is_refused(client: FlaskClient, content_type: str | None) -> None:
    for path in EVERY:
        body = json.dumps({POSTS.get(path, "turn_id"): "shoes"})
        response = client.post(path, data=body, content_type=content_type)
        assert response.status_code == 415
        assert "application/json" in problem(response)["detail"]


def test_json_may_name_its_character_set(client: FlaskClient) -> None:
    body = json.dumps({"message": "shoes"})

    assert client.post("/api/chat", data=body, content_type="application/json; charset=utf-8").status_code == 200


@pytest.mark.parametrize("path", EVERY)
def test_a_body_of_ten_megabytes_is_refused(client: FlaskClient, path: str) -> None:
    response = post(client, b'{"message": "' + b"x" * 10_000_000 + b'"}', path)

    assert response.status_code == 413
    problem(response)


def test_the_largest_body_is_read_and_one_byte_more_is_not(client: FlaskClient) -> None:
    body = b'{"message": "shoes"}'

    assert post(client, body.ljust(MAX_BODY)).status_code == 200
    assert post(client, body.ljust(MAX_BODY + 1)).status_code == 413


def test_the_longest_allowed_request_fits_into_the_largest_body(client: FlaskClient) -> None:
    longest = "🏃" * 500  # json.dumps writes each as two escapes: twelve bytes
    body = json.dumps({"message": longest, "context": [longest] * 3, "acknowledged": ["🏃" * 64] * 50})

    assert post(client, body).status_code == 200


MULTIPART = "multipart/form-data; boundary=x"


def multipart(parts: int, content: str) -> bytes:
    """A form of ``parts`` fields."""
    heads = (f'--x\r\nContent-Disposition: form-data; name="part{at}"\r\n\r\n' for at in range(parts))
    return "".join([*(f"{head}{content}\r\n" for head in heads), "--x--\r\n"]).encode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"message=" + b"x" * 10_000_000, "application/x-www-form-urlencoded"),
        (multipart(1, "x" * 10_000_000), MULTIPART),
        (multipart(21, "x"), MULTIPART),
    ],
    ids=["large", "large multipart", "21 parts"],
)
def test_a_form_that_is_too_large_is_refused_with_a_page(client: FlaskClient, body: bytes, content_type: str) -> None:
    response = client.post("/chat", data=body, content_type=content_type)

    assert response.status_code == 413
    assert response.mimetype == "text/html"


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data", "x"])
def test_a_form_that_is_no_form_is_an_empty_question(client: FlaskClient, content_type: str) -> None:
    assert client.post("/chat", data=b'{"message": "shoes"}', content_type=content_type).status_code == 422


# ---- anything at all

_TEXT = st.text(st.characters(), max_size=20)  # lone surrogates and control characters included
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=8,
)
_FIELDS = ("message", "query", "limit", "context", "channel", "language", "country", "acknowledged")
_ALMOST = st.dictionaries(st.sampled_from(_FIELDS), _TEXT | st.lists(_TEXT, max_size=4) | _JSON, max_size=4)


@settings(max_examples=300, deadline=None)
@given(value=_ALMOST | _JSON)
def test_no_json_value_makes_any_address_crash(app: Flask, value: Any) -> None:
    assert_no_crash(app, json.dumps(value).encode())


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=200) | _TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_make_any_address_crash(app: Flask, body: bytes) -> None:
    assert_no_crash(app, body)
    for start, encoding in ((b"message=", "application/x-www-form-urlencoded"), (b"--x\r\n", MULTIPART)):
        response = app.test_client().post("/chat", data=start + body, content_type=encoding)
        assert response.status_code in {200, 422}


def assert_no_crash(app: Flask, body: bytes) -> None:
    """Whatever takes JSON answers ``body`` or refuses it with a problem document."""
    for path in EVERY:
        response = post(app.test_client(), body, path)
        assert response.status_code < 500
        if response.status_code >= 400:
            problem(response)


def test_a_body_of_combining_marks_is_refused_at_once(client: FlaskClient) -> None:
    body = json.dumps({"message": "a" + "\u0345\u0301" * 8000}, ensure_ascii=False).encode()
    started = time.thread_time()

    response = post(client, body, "/api/chat")

    # Normalising it would take seconds, and nobody else would be answered meanwhile.
    assert response.status_code == 422
    assert time.thread_time() - started < 0.5


# ---- earlier questions of a form


def test_of_earlier_questions_the_latest_are_used_in_the_form_of_any_other_and_without_those_that_are_none() -> None:
    assert usable_context(["first", "second", "third", "fourth"]) == ["second", "third", "fourth"]
    assert usable_context(["cafe\u0301", " ", "x" * 501]) == ["caf\u00e9"]
    assert usable_context([]) == []
