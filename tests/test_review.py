"""The pages for editors: who gets in, what stands there, and what no page says."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.reviewing import DESK, OURS, PAGE, QUESTION, Clinic, make_clinic
from web.clock import today
from web.privacy import Kept
from web.publishing import CHANGED
from web.questions import MOST_SEEN
from web.review_pages import DECIDED, LINE_GONE, NOT_SHOWN
from web.review_pages import PAGE as GROUPS_A_PAGE
from web.spreadsheet import BYTE_ORDER_MARK

Open = Callable[..., Clinic]
PAGES = ("/desk/review", "/desk/review/questions", "/desk/review/decisions", "/desk/review/export.csv?table=counts")


@pytest.fixture
def open_clinic(tmp_path: Path, database_address: str) -> Iterator[Open]:
    """Makes a clinic: ``open_clinic(kept="counts")``; once on a database of each kind."""
    made: list[Clinic] = []

    def make(kept: Kept = "questions") -> Clinic:
        made.append(make_clinic(tmp_path, kept, database_address=database_address))
        return made[-1]

    yield make
    for clinic in made:
        clinic.database.close()


@pytest.fixture
def clinic(open_clinic: Open) -> Clinic:
    """One that keeps questions."""
    return open_clinic()


def text(response: TestResponse) -> str:
    """The words of a page, white space folded."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?bdi>", "", response.text))).split())


def send(clinic: Clinic, address: str, **form: str) -> TestResponse:
    """What the editor's browser gets for a form of ours, on a page that shows all questions unless ``form`` says."""
    shown = " ".join(f"{number:032x}" for number in range(1, clinic.asked + 1))
    return clinic.browser().post(address, data={"shown": shown, **form}, headers=OURS)


def shown_in(response: TestResponse) -> str:
    """The turns that the forms of a page are about."""
    (shown,) = {*re.findall(r'name="shown" value="([0-9a-f ]+)"', response.text)}
    return str(shown)


def version_in(response: TestResponse) -> str:
    """What the form of a rehearsal was shown for."""
    found = re.search(r'name="version" value="([0-9a-f]+)"', response.text)
    assert found
    return found[1]


# ---- who gets in


@pytest.mark.parametrize("page", PAGES)
def test_editors_get_in_the_desk_is_refused_and_others_are_sent_to_sign_in(clinic: Clinic, page: str) -> None:
    assert clinic.browser().get(page).status_code == 200
    assert clinic.browser(DESK).get(page).status_code == 403
    assert clinic.browser(None).get(page).headers["Location"].startswith("/desk/sign-in")


@pytest.mark.parametrize("deed", ["questions/{turn}/change", "questions/{turn}/publish", "questions/{turn}/decide"])
def test_what_changes_something_is_refused_to_the_desk_and_to_pages_of_other_sites(clinic: Clinic, deed: str) -> None:
    turn_id = clinic.ask()
    address = f"/desk/review/{deed.format(turn=turn_id)}"

    assert clinic.browser(DESK).post(address, headers=OURS).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    assert clinic.browser().post(address, data={"action": "out_of_scope"}, headers=foreign).status_code == 403
    assert clinic.browser().get(address).location == f"/desk/review/questions/{turn_id}"


def test_who_has_to_sign_in_anew_comes_back_to_the_page_that_something_was_sent_from(clinic: Clinic) -> None:
    turn_id = clinic.ask()

    for deed, page in (
        (f"questions/{turn_id}/change", f"questions/{turn_id}"),
        (f"questions/{turn_id}/publish", f"questions/{turn_id}"),
        (f"questions/{turn_id}/decide", f"questions/{turn_id}"),
        ("decisions/1/undo", "decisions"),
    ):
        sent = clinic.browser(None).post(f"/desk/review/{deed}", headers=OURS)
        assert sent.location == f"/desk/sign-in?next=/desk/review/{deed}"
        assert clinic.browser().get(f"/desk/review/{deed}").location == f"/desk/review/{page}"


def test_who_may_not_review_is_led_back_to_the_phone_desk(clinic: Clinic) -> None:
    assert 'href="/desk">Phone desk' in clinic.browser(DESK).get("/desk/review").text


# ---- numbers


def test_the_numbers_stand_in_drawings_and_in_a_table(clinic: Clinic) -> None:
    for kind in ("answer", "answer", "suggestions", "none"):
        clinic.ask(None, kind=kind, passage_id="page#blisters" if kind == "answer" else None)
    clinic.ask(None, rule="chest")

    page = clinic.browser().get("/desk/review")

    assert "5 questions" in text(page)
    for row in ("Answered: 2 (40 %)", "Suggestions only: 1", "No answer: 1", "Safety message: 1"):
        assert row in text(page)
    assert page.text.count("<rect ") >= 5
    assert "Blisters page#blisters" in text(page)
    assert " style=" not in page.text


@pytest.mark.parametrize("days", ["7", "30", "90", "all"])
def test_every_period_is_drawn_with_and_without_questions(clinic: Clinic, days: str) -> None:
    assert "0 questions" in text(clinic.browser().get(f"/desk/review?days={days}"))

    for ago in (0, 3, 29, 89, 700):
        clinic.ask(None, today() - timedelta(days=ago))

    counted = {"7": 2, "30": 3, "90": 4, "all": 5}[days]
    assert f"{counted} questions" in text(clinic.browser().get(f"/desk/review?days={days}"))


def test_no_other_period_and_no_other_page_is_there(clinic: Clinic) -> None:
    for address in ("?days=8", "/questions?page=2", "/questions?page=0", "/export.csv", "/export.csv?table=staff"):
        assert clinic.browser().get(f"/desk/review{address}").status_code == 404


# ---- open questions


def test_similar_questions_stand_together_the_most_frequent_first(clinic: Clinic) -> None:
    clinic.ask("where can I park")
    for question in (QUESTION, QUESTION, "Does wet footwear give me sores?"):
        clinic.ask(question, kind="suggestions", shown="page#sciatica")

    page = text(clinic.browser().get("/desk/review/questions"))

    assert page.index(QUESTION) < page.index("where can I park")
    assert "3 ×" in page
    assert "2 wordings" in page


def test_answered_decided_and_wordless_questions_are_not_on_the_list(clinic: Clinic) -> None:
    clinic.ask("an answer that nobody judged", kind="answer", passage_id="page#blisters")
    clinic.ask("an answer that helped", kind="answer", passage_id="page#blisters", helpful=True)
    clinic.ask(None)
    clinic.ask("an answer that did not help", kind="answer", passage_id="page#blisters", helpful=False)
    clinic.ask("what a caller wanted", kind="answer", passage_id="page#blisters", filed=True)

    page = text(clinic.browser().get("/desk/review/questions"))

    assert "did not help 1" in page
    assert "filed at the desk 1" in page
    assert "nobody judged" not in page
    assert "that helped" not in page


def test_the_list_has_pages(clinic: Clinic) -> None:
    words = [f"w{chr(97 + number)}x" for number in range(GROUPS_A_PAGE + 1)]
    for word in words:
        clinic.ask(word * 3)

    first, second = (text(clinic.browser().get(f"/desk/review/questions?page={page}")) for page in (1, 2))

    assert "Page 1 of 2" in first
    assert sum(word * 3 in first for word in words) == GROUPS_A_PAGE
    assert sum(word * 3 in second for word in words) == 1


def test_a_group_says_how_it_was_asked_what_was_shown_and_what_may_answer(clinic: Clinic) -> None:
    clinic.ask(kind="answer", passage_id="page#sciatica", helpful=False, comment="I asked about feet")
    turn_id = clinic.ask(kind="suggestions", shown="page#blisters page#gone")

    page = clinic.browser().get(f"/desk/review/questions/{turn_id}")

    for said in ("Answer: Sciatica", "did not 1", "Offered: Blisters", "page#gone (no longer in the content)"):
        assert said in text(page)
    assert "I asked about feet" in text(page)
    assert 'name="passage" value="page#blisters"' in page.text


def test_words_of_visitors_are_escaped_wherever_they_stand(clinic: Clinic) -> None:
    evil = "<img src=x onerror=alert(1)>\"' socks"
    turn_id = clinic.ask(evil, kind="answer", passage_id="page#blisters", helpful=False, comment="<b>no</b>")

    pages = [
        clinic.browser().get("/desk/review/questions"),
        clinic.browser().get(f"/desk/review/questions/{turn_id}"),
        send(clinic, f"/desk/review/questions/{turn_id}/change", passage="page#blisters", phrasing=evil),
        send(clinic, f"/desk/review/questions/{turn_id}/decide", action="new_content"),
        clinic.browser().get("/desk/review/decisions"),
    ]

    assert all("<img" not in page.text and "<b>no" not in page.text for page in pages)
    assert [page.status_code for page in pages] == [200, 200, 200, 303, 200]


def test_words_that_turn_the_writing_round_are_held_together_and_not_offered_as_a_way_to_ask(clinic: Clinic) -> None:
    turned = "why \u202ewet socks"
    turn_id = clinic.ask(turned, comment="no \u2067use")
    address = f"/desk/review/questions/{turn_id}"

    group, listed = clinic.browser().get(address), clinic.browser().get("/desk/review/questions")
    refused = send(clinic, f"{address}/change", passage="page#blisters", phrasing=turned)
    send(clinic, f"{address}/decide", action="new_content")
    decided = clinic.browser().get("/desk/review/decisions")

    assert group.text.count(f"<bdi>“{turned}”</bdi>") == 2
    assert "<bdi>“no \u2067use”</bdi>" in group.text
    assert f"<bdi>{turned}</bdi>" in listed.text
    assert f"<bdi>“{turned}”</bdi>" in decided.text
    assert 'value="why wet socks"' in group.text
    assert refused.status_code == 409
    assert "a character that nobody sees" in text(refused)


def test_what_would_change_is_held_together_line_by_line(clinic: Clinic) -> None:
    address = f"/desk/review/questions/{clinic.ask()}/change"

    page = send(clinic, address, passage="page#blisters", phrasing="لماذا الجوارب socks").text

    assert "<bdi>“لماذا الجوارب socks”</bdi>" in page
    assert '<th scope="row"><bdi>لماذا الجوارب socks</bdi>' in page
    assert "</span>+<bdi>لماذا" in page


def test_no_question_stands_in_an_address(clinic: Clinic) -> None:
    turn_id = clinic.ask()
    form = {"passage": "page#blisters", "phrasing": QUESTION}

    rehearsal = send(clinic, f"/desk/review/questions/{turn_id}/change", **form)
    published = send(clinic, f"/desk/review/questions/{turn_id}/publish", version=version_in(rehearsal), **form)
    decisions = clinic.browser().get("/desk/review/decisions")

    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', rehearsal.text + decisions.text)
    assert addresses
    assert not any("footwear" in address for address in [*addresses, published.headers["Location"]])


# ---- publishing


def test_what_was_shown_is_published_and_undone(clinic: Clinic) -> None:
    turn_id = clinic.ask()
    form = {"passage": "page#blisters", "phrasing": f"  {QUESTION} "}

    rehearsal = send(clinic, f"/desk/review/questions/{turn_id}/change", **form)
    untouched = clinic.page.read_text("utf-8")
    published = send(clinic, f"/desk/review/questions/{turn_id}/publish", version=version_in(rehearsal), **form)
    added = clinic.page.read_text("utf-8")
    answered = clinic.app.test_client().post("/api/chat", json={"message": QUESTION}).json
    undone = send(clinic, "/desk/review/decisions/1/undo")

    assert f"+{QUESTION}" in text(rehearsal)
    assert untouched == PAGE
    assert published.headers["Location"] == "/desk/review/decisions?note=added"
    assert added == f"{PAGE}\n<!-- also asked:\n{QUESTION}\n-->\n"
    assert answered
    assert answered["passage"]["id"] == "page#blisters"
    assert undone.headers["Location"] == "/desk/review/decisions?note=undone"
    assert clinic.page.read_text("utf-8") == PAGE
    assert clinic.browser().get(f"/desk/review/questions/{turn_id}").status_code == 200


def test_content_that_changed_meanwhile_is_shown_anew_and_not_published(clinic: Clinic) -> None:
    turn_id = clinic.ask()
    form = {"passage": "page#blisters", "phrasing": QUESTION}
    version = version_in(send(clinic, f"/desk/review/questions/{turn_id}/change", **form))
    edited = PAGE.replace("dry socks", "thin socks")
    clinic.page.write_text(edited, "utf-8")

    anew = send(clinic, f"/desk/review/questions/{turn_id}/publish", version=version, **form)

    assert anew.status_code == 409
    assert CHANGED in text(anew)
    assert version_in(anew) != version
    assert "thin socks" in text(anew)
    assert clinic.page.read_text("utf-8") == edited


def test_words_that_nobody_could_send_and_passages_that_are_not_there_are_refused(clinic: Clinic) -> None:
    turn_id = clinic.ask()

    for passage, phrasing in (
        ("page#blisters", " "),
        ("page#blisters", "x" * 501),
        ("page#no", "socks"),
        ("", "socks"),
    ):
        refused = send(clinic, f"/desk/review/questions/{turn_id}/change", passage=passage, phrasing=phrasing)
        assert refused.status_code == 409
        assert "Nothing was changed" in text(refused)
        assert f'href="/desk/review/questions/{turn_id}">Back to the question' in refused.text


def test_from_a_question_that_is_gone_the_way_leads_to_the_others(clinic: Clinic) -> None:
    turn_id = clinic.ask()
    send(clinic, f"/desk/review/questions/{turn_id}/decide", action="out_of_scope")

    refused = send(clinic, f"/desk/review/questions/{turn_id}/decide", action="out_of_scope")

    assert DECIDED in text(refused)
    assert 'href="/desk/review/questions">All questions' in refused.text
    assert 'href="/desk/review/decisions">Back to the decisions' in send(clinic, "/desk/review/decisions/9/undo").text


def test_a_line_that_is_gone_is_said_to_be(clinic: Clinic) -> None:
    turn_id = clinic.ask()
    form = {"passage": "page#blisters", "phrasing": QUESTION}
    version = version_in(send(clinic, f"/desk/review/questions/{turn_id}/change", **form))
    send(clinic, f"/desk/review/questions/{turn_id}/publish", version=version, **form)
    clinic.page.write_text(PAGE, "utf-8")

    send(clinic, "/desk/review/decisions/1/undo")

    assert LINE_GONE in text(clinic.browser().get("/desk/review/decisions?note=gone"))


# ---- decisions


@pytest.mark.parametrize(("action", "heading"), [("new_content", "To write"), ("out_of_scope", "Out of scope")])
def test_a_group_is_taken_off_the_list_onto_another_and_back(clinic: Clinic, action: str, heading: str) -> None:
    turn_id = clinic.ask()
    clinic.ask()

    send(clinic, f"/desk/review/questions/{turn_id}/decide", action=action)
    listed = text(clinic.browser().get("/desk/review/decisions"))
    gone = text(clinic.browser().get("/desk/review/questions"))
    again = clinic.browser().get(f"/desk/review/questions/{turn_id}")
    send(clinic, "/desk/review/decisions/1/undo")

    assert f"“{QUESTION}” 2 questions · rafi" in listed[listed.index(heading) :]
    assert QUESTION not in gone
    assert again.status_code == 409
    assert DECIDED in text(again)
    assert QUESTION in text(clinic.browser().get("/desk/review/questions"))


def test_a_question_that_came_in_since_the_page_was_shown_stays_open(clinic: Clinic) -> None:
    address = f"/desk/review/questions/{clinic.ask(day=today() - timedelta(days=1))}"
    shown = shown_in(clinic.browser().get(address))
    later = clinic.ask()

    send(clinic, f"{address}/decide", action="out_of_scope", shown=shown)

    assert "1 question ·" in text(clinic.browser().get("/desk/review/decisions"))
    assert clinic.browser().get(f"/desk/review/questions/{later}").status_code == 200
    assert clinic.browser().get(address).status_code == 409


def test_what_is_published_is_about_the_questions_that_were_shown(clinic: Clinic) -> None:
    address = f"/desk/review/questions/{clinic.ask()}"
    form = {"passage": "page#blisters", "phrasing": QUESTION}
    shown = shown_in(clinic.browser().get(address))
    clinic.ask()

    rehearsal = send(clinic, f"{address}/change", shown=shown, **form)
    send(clinic, f"{address}/publish", shown=shown_in(rehearsal), version=version_in(rehearsal), **form)

    assert "1 question ·" in text(clinic.browser().get("/desk/review/decisions"))
    assert "1 ×" in text(clinic.browser().get("/desk/review/questions"))


@pytest.mark.parametrize("shown", ["", "0", "f" * 32])
@pytest.mark.parametrize("deed", ["change", "publish", "decide"])
def test_without_what_was_shown_nothing_is_decided(clinic: Clinic, deed: str, shown: str) -> None:
    address = f"/desk/review/questions/{clinic.ask()}"
    form = {"passage": "page#blisters", "phrasing": QUESTION, "action": "out_of_scope"}

    refused = send(clinic, f"{address}/{deed}", shown=shown, **form)

    assert refused.status_code == 409
    assert NOT_SHOWN in text(refused)
    assert clinic.browser().get(address).status_code == 200


def test_of_a_very_large_group_the_newest_questions_are_decided_and_the_page_says_so(clinic: Clinic) -> None:
    turns = [clinic.ask() for _ in range(MOST_SEEN + 1)]

    page = clinic.browser().get(f"/desk/review/questions/{turns[0]}")

    assert f"about the newest {MOST_SEEN} of them" in text(page)
    assert len(shown_in(page).split()) == MOST_SEEN


@pytest.mark.parametrize("number", [2**31, 2**63])
def test_no_decision_has_a_number_that_no_database_can_hold(clinic: Clinic, number: int) -> None:
    assert send(clinic, f"/desk/review/decisions/{number}/undo").status_code == 404


def test_no_other_action_is_there(clinic: Clinic) -> None:
    turn_id = clinic.ask()

    for action in ("phrasing", "delete", ""):
        assert send(clinic, f"/desk/review/questions/{turn_id}/decide", action=action).status_code == 400


# ---- what the modes show


@pytest.mark.parametrize("kept", ["off", "counts"])
def test_words_from_before_the_setting_was_changed_stay_unread(open_clinic: Open, kept: Kept) -> None:
    clinic = open_clinic(kept)
    turn_id = clinic.ask()
    browser = clinic.browser()

    pages = [browser.get(page) for page in (*PAGES, f"/desk/review/questions/{turn_id}")]

    assert not any("footwear" in page.text for page in pages)
    assert browser.get("/desk/review/export.csv?table=questions").status_code == 404
    for page in pages[:2]:
        assert f"CITEWELL_JOURNAL={kept}" in page.text
        assert "questions" in text(page)


# ---- for a spreadsheet


def test_numbers_and_questions_are_handed_out_as_csv(clinic: Clinic) -> None:
    clinic.ask("=HYPERLINK(1)", helpful=False)
    clinic.ask(None, kind="answer", passage_id="page#blisters")
    clinic.ask(None, kind="answer", passage_id="page#blisters")

    tables = {}
    for table in ("counts", "questions"):
        response = clinic.browser().get(f"/desk/review/export.csv?table={table}")
        assert response.content_type == "text/csv; charset=utf-8"
        assert response.headers["Content-Disposition"] == f'attachment; filename="citewell-{table}-{today()}.csv"'
        assert response.text.startswith(BYTE_ORDER_MARK)
        tables[table] = [*csv.DictReader(io.StringIO(response.text.removeprefix(BYTE_ORDER_MARK)))]

    assert [row["turns"] for row in tables["counts"]] == ["2", "1"]
    assert [row["question"] for row in tables["questions"]] == ["'=HYPERLINK(1)"]
    assert "question" not in tables["counts"][0]


# ---- where the database is away


def test_without_the_database_a_page_says_so(tmp_path: Path) -> None:
    clinic = make_clinic(tmp_path)
    browser = clinic.browser()
    clinic.database.close()
    (clinic.page.parent.parent / "data" / "citewell.sqlite3").write_bytes(b"no database" * 1000)

    page = browser.get("/desk/review")

    assert page.status_code == 503
    assert page.headers["Retry-After"]
