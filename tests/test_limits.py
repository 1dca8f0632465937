"""Who is counted where only so many requests a minute are answered."""

import pytest
from flask import Flask

from bot.answering import Answerer
from web.app import create_app
from web.limits import asking


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("::1", "::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_of_the_newer_addresses_what_one_subscriber_has_counts_as_one(app: Flask, address: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert asking() == counted


def test_a_subscriber_s_many_addresses_share_the_questions_of_a_minute(answerer: Answerer) -> None:
    client = create_app(answerer, rate_limit=2).test_client()
    addresses = [f"2001:db8::{number:x}" for number in range(3)]

    statuses = [
        client.post("/api/chat", json={"message": "shoes"}, environ_base={"REMOTE_ADDR": address}).status_code
        for address in [*addresses, "2001:db8:0:1::1"]
    ]

    assert statuses == [200, 200, 429, 200]
