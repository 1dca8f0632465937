"""Numbers that processes share: each writes its own, and every one reads the sums."""

import subprocess
import sys
from dataclasses import replace

from bot.answering import Answerer
from tests.conftest import ROOT
from tests.waiting import PATIENCE
from web.counts import BUCKETS, ELSEWHERE, MOST_ROUTES, Counts

FORKING = """
import os
from web.counts import Counts

counts = Counts(2)
counts.know(["/page"])

def in_child(row, times):
    if (child := os.fork()) == 0:
        counts.use_row(row)
        for _ in range(times):
            counts.request("/page", "GET", 200, 0.001)
        counts.journal(lost=times, failing=True)
        os._exit(0)
    return child

children = [in_child(0, 1000), in_child(1, 500)]
for child in children:
    os.waitpid(child, 0)
assert counts.pids == children, counts.pids
assert [times for _, times in counts.requests()] == [1500.0]
assert (counts.lost, counts.failing) == (1500.0, 2.0)

os.waitpid(in_child(1, 30), 0)  # which takes the place of one that ended
assert [times for _, times in counts.requests()] == [1530.0]
assert counts.lost == 1530.0
"""


def test_every_process_reads_the_sums_of_all_and_none_falls_when_another_takes_its_place() -> None:
    subprocess.run([sys.executable, "-c", FORKING], cwd=ROOT, check=True, timeout=PATIENCE)


def test_a_request_is_counted_by_route_method_and_class_of_status() -> None:
    counts = Counts()
    counts.know(["/b", "/a", "/b"])

    for route, method, status in [("/a", "GET", 200), ("/a", "GET", 204), ("/b", "POST", 404), ("/b", "BREW", 500)]:
        counts.request(route, method, status, 0.0)

    assert dict(counts.requests()) == {
        ("/a", "GET", "2xx"): 2,
        ("/b", "POST", "4xx"): 1,
        ("/b", "other", "5xx"): 1,
    }


def test_what_took_as_long_as_a_bucket_is_in_it_and_what_took_longer_than_all_is_after_the_last() -> None:
    counts = Counts()
    counts.know(["/a"])

    for seconds in (0.0, BUCKETS[0], BUCKETS[0] * 1.01, BUCKETS[-1], 3600.0):
        counts.request("/a", "GET", 200, seconds)

    ((route, upto, seconds),) = counts.durations()
    assert route == "/a"
    assert upto == (2, *[3] * (len(BUCKETS) - 2), 4, 5)
    assert round(seconds, 3) == 3610.002


def test_however_many_addresses_are_asked_there_are_no_more_labels() -> None:
    counts = Counts()
    counts.know([f"/{number:03}" for number in range(MOST_ROUTES + 5)])

    for number in range(MOST_ROUTES + 50):
        counts.request(f"/{number:03}", "GET", 404, 0.0)

    routes = [route for (route, _, _), _ in counts.requests()]
    assert len(routes) == MOST_ROUTES + 1
    assert dict(counts.requests())[ELSEWHERE, "GET", "4xx"] == 50


def test_what_is_too_large_or_invalid_is_a_refusal_too() -> None:
    counts = Counts()

    for status in (200, 413, 422, 422, 429):
        counts.request("/a", "POST", status, 0.0)
    counts.refused("questions")

    assert {why: times for (why,), times in counts.refusals() if times} == {
        "too large": 1,
        "invalid": 2,
        "questions": 1,
    }


def test_answers_alerts_and_fixed_wordings_are_counted_by_kind(answerer: Answerer) -> None:
    counts = Counts()
    urgent = answerer.answer("I cannot control my bladder and my legs are numb")
    dose = answerer.answer("how many ibuprofen tablets may I take")

    counts.answered(answerer.answer("worn running shoes"), "widget")
    counts.answered(urgent, "page")
    counts.answered(dose, "api")
    counts.answered(replace(dose, fixed=None), "api")

    assert {labels: times for labels, times in counts.answers() if times} == {
        ("answer", "widget"): 1,
        ("none", "page"): 1,
        ("none", "api"): 2,
    }
    assert {labels: times for labels, times in counts.alerts() if times} == {("emergency",): 1}
    assert {labels: times for labels, times in counts.wordings() if times} == {("dose",): 1}


def test_turns_that_a_journal_lost_are_counted_once() -> None:
    counts = Counts()

    for lost in (0, 2, 2, 5):
        counts.journal(lost=lost, failing=lost == 2)

    assert (counts.lost, counts.failing) == (5, 0)
