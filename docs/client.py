"""Ask Citewell from a program, with nothing but Python's standard library; /docs on your server has every field.

Usage: python docs/client.py "How can worn-out running shoes lead to back pain?" http://localhost:8000
"""

import json
import sys
from collections.abc import Iterator
from typing import Literal, NotRequired, TypedDict
from urllib.error import HTTPError
from urllib.request import Request, urlopen


class Phone(TypedDict):
    """A number to call."""

    label: str
    tel: str


class Alert(TypedDict):
    """A safety message, shown where its placement says: alone, before the answer or after it."""

    placement: Literal["replace", "before", "after"]
    heading: str
    message: str
    phones: list[Phone]


class Passage(TypedDict):
    """The clinic's own words."""

    title: str
    text: str


class Citation(TypedDict):
    """Where they stand, and when a clinician reviewed them."""

    document: str
    section: str
    url: str
    reviewed: str | None


class Alternative(TypedDict):
    """Another passage that may be meant."""

    title: str
    url: str


class Answer(TypedDict):
    """A reply, with the fields that are shown below."""

    kind: Literal["answer", "suggestions", "none"]
    alert: Alert | None
    passage: Passage | None
    citation: Citation | None
    message: str | None
    alternatives: list[Alternative]
    disclaimer: str


class Problem(TypedDict):
    """A refusal (RFC 9457)."""

    detail: str
    alert: NotRequired[Alert]


class Refused(Exception):  # noqa: N818 - no error of the program
    """The question was not answered; ``retry_after`` is in how many seconds to ask again, if that may help."""

    def __init__(self, problem: Problem, retry_after: str | None) -> None:
        super().__init__(problem["detail"])
        self.problem = problem
        self.retry_after = retry_after


def ask(address: str, message: str) -> Answer:
    """The reply of the Citewell at ``address``; raises `Refused`."""
    body = json.dumps({"message": message, "channel": "api"}).encode()
    request = Request(f"{address}/api/chat", body, {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=10) as response:
            answer: Answer = json.load(response)
            return answer
    except HTTPError as error:
        if error.headers.get_content_type() != "application/problem+json":
            raise  # not from Citewell, but from something before it
        raise Refused(json.load(error), error.headers["Retry-After"]) from None


def alert_lines(alert: Alert) -> Iterator[str]:
    """The safety message and whom to call."""
    yield f"!! {alert['heading']}"
    yield alert["message"]
    yield from (f"   Call {phone['label']}" for phone in alert["phones"])


def lines(answer: Answer) -> Iterator[str]:
    """What to show: the alert first, then what was found with its source, and always the disclaimer."""
    alert, passage, citation = answer["alert"], answer["passage"], answer["citation"]
    if alert and alert["placement"] != "after":
        yield from alert_lines(alert)
    if passage and citation:
        yield f"“{passage['text']}”"
        yield f"From {citation['document']}: {citation['section']} ({citation['url']})"
        yield f"Reviewed {citation['reviewed'] or 'by no clinician yet'}"
    if answer["message"]:
        yield answer["message"]
        yield from (f" - {alternative['title']}" for alternative in answer["alternatives"])
    if alert and alert["placement"] == "after":
        yield from alert_lines(alert)
    yield answer["disclaimer"]


def main(message: str, address: str = "http://localhost:8000") -> int:
    """Print the answer to ``message``."""
    try:
        print("\n".join(lines(ask(address, message))))
    except Refused as refused:
        if "alert" in refused.problem:
            print("\n".join(alert_lines(refused.problem["alert"])))
        again = f" Ask again in {refused.retry_after} seconds." if refused.retry_after else ""
        print(f"{refused}{again}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
