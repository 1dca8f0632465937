"""What a reply does with a safety message: in the engine, over JSON, on the page, and on the terminal."""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

import bot
import server
from bot import wording
from bot.answering import Answerer
from web.app import create_app
from web.ask_command import NO_ANSWER
from web.content_commands import FAILED
from web.limits import TOO_MANY

WriteCorpus = Callable[..., Path]

EMERGENCY = "back pain and cant pee since morning"
URGENT = "my back hurts and I have a fever"
SOON = "I am 20 weeks pregnant. Which painkiller helps against back pain after running?"
AFTER = "my back pain has not got better for eight weeks, do core exercises help?"
HARMLESS = "How can worn-out running shoes lead to back pain?"


def chat(client: FlaskClient, message: str, **fields: Any) -> dict[str, Any]:
    response = client.post("/api/chat", json={"message": message, **fields})
    assert response.status_code == 200
    body: dict[str, Any] = response.get_json()
    return body


def page(client: FlaskClient, **form: Any) -> str:
    return client.post("/chat", data=form).get_data(as_text=True)


# ---- the reply


def test_an_emergency_stands_alone(client: FlaskClient) -> None:
    reply = chat(client, EMERGENCY)

    assert (reply["alert"]["rule"], reply["alert"]["level"], reply["alert"]["placement"]) == (
        "cauda_equina", "emergency", "replace",
    )  # fmt: skip
    assert reply["alert"]["phones"][0]["tel"] == "999"
    assert "hospital" in reply["alert"]["heading"] + reply["alert"]["message"]
    assert (reply["kind"], reply["passage"], reply["citation"], reply["message"]) == ("none", None, None, None)
    assert (reply["alternatives"], reply["contact"], reply["confidence"]) == ([], None, 0.0)
    assert reply["disclaimer"]
    assert reply["help"]["url"] == "/sources/when-to-get-help"


def test_once_acknowledged_the_card_stays_and_the_answer_follows(client: FlaskClient) -> None:
    question = f"{EMERGENCY}. {HARMLESS}"
    assert chat(client, question)["passage"] is None

    reply = chat(client, question, acknowledged=["cauda_equina"])

    assert (reply["alert"]["rule"], reply["alert"]["placement"]) == ("cauda_equina", "before")
    assert reply["kind"] == "answer"


def test_an_acknowledged_message_is_not_raised_anew_by_context_but_a_new_sign_is(client: FlaskClient) -> None:
    before = {"context": [EMERGENCY], "acknowledged": ["cauda_equina"]}

    assert chat(client, HARMLESS, context=[EMERGENCY])["alert"]["placement"] == "replace"
    assert chat(client, HARMLESS, **before)["alert"] is None
    assert chat(client, HARMLESS, **before)["kind"] == "answer"
    assert chat(client, "now I have chest pain", **before)["alert"]["rule"] == "chest_breath_collapse"


def test_an_urgent_card_comes_before_the_passage(client: FlaskClient) -> None:
    alert = chat(client, f"{URGENT}. {HARMLESS}")["alert"]

    assert (alert["level"], alert["placement"]) == ("urgent", "before")


def test_a_soft_card_comes_after_the_passage(client: FlaskClient) -> None:
    reply = chat(client, AFTER)

    assert (reply["alert"]["rule"], reply["alert"]["placement"]) == ("persistent_severe", "after")


def test_a_passage_about_medicine_is_withheld_and_leaves_fixed_wording(write_corpus: WriteCorpus) -> None:
    text = "# A\n\n## Which painkiller helps? {#pills .medicine}\n\nAsk.\n\n## Which shoes help?\n\nNew ones.\n"
    answerer = bot.build(write_corpus({"page.md": text}))
    question = "Which painkiller helps?"

    assert answerer.answer(question).kind == "answer"
    withheld = answerer.answer(question, context=["I am pregnant"])

    assert (withheld.kind, withheld.passage, withheld.message) == ("none", None, wording.WITHHELD)
    assert all(other.id != "page#pills" for other in withheld.alternatives)
    assert answerer.answer("Which shoes help?", context=["I am pregnant"]).kind == "answer"


def test_numbers_are_those_of_the_country(client: FlaskClient) -> None:
    assert chat(client, EMERGENCY, country="US")["alert"]["phones"][0]["tel"] == "911"
    assert chat(client, EMERGENCY, country="BD")["alert"]["phones"][0]["tel"] == "999"


def test_several_emergencies_are_all_named(client: FlaskClient) -> None:
    alert = chat(client, "I took the whole strip of napa because I want to die")["alert"]

    assert alert["rule"] == "self_harm"
    assert "overdose" in [card["rule"] for card in alert["also"]]


def test_bangla_gets_the_card_and_the_fixed_message_in_both_languages(client: FlaskClient) -> None:
    reply = chat(client, "আমার প্রস্রাব হচ্ছে না")

    assert reply["alert"]["rule"] == "cauda_equina"
    assert "হাসপাতাল" in reply["alert"]["heading"] + reply["alert"]["message"]
    assert "hospital" in reply["alert"]["heading"] + reply["alert"]["message"]


OTHER_LANGUAGES = ("দৌড়ানোর পর জুতা কেমন হবে?", "amar juta ta kemon hobe bolen", "¿Qué zapatillas debería comprar?")


@pytest.mark.parametrize("question", OTHER_LANGUAGES)
def test_a_question_in_another_language_gets_fixed_wording_in_both(client: FlaskClient, question: str) -> None:
    reply = chat(client, question)

    assert reply["kind"] == "none"
    assert reply["message"].splitlines() == [wording.OTHER_LANGUAGE, wording.OTHER_LANGUAGE_BANGLA]


def test_a_search_carries_the_message_too(client: FlaskClient) -> None:
    assert client.post("/api/search", json={"query": EMERGENCY}).get_json()["alert"]["rule"] == "cauda_equina"
    assert client.post("/api/search", json={"query": HARMLESS}).get_json()["alert"] is None


def test_without_safety_messages_nothing_is_raised(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"page.md": "# A\n\n## Pee\n\nText.\n", "clinic.toml": "safety_messages = false\n"})

    assert bot.build(folder).answer(EMERGENCY).alert is None


# ---- what is refused


REFUSED = {
    "too long": {"message": EMERGENCY + " and so on" * 60},
    "a field too many": {"message": EMERGENCY, "colour": "red"},
    "control characters": {"message": EMERGENCY + "\0"},
    "wrong context": {"message": EMERGENCY, "context": "none"},
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_message_still_raises_the_alert(client: FlaskClient, case: str) -> None:
    response = client.post("/api/chat", json=REFUSED[case])

    assert response.status_code == 422
    assert response.content_type == "application/problem+json"
    assert response.get_json()["alert"]["rule"] == "cauda_equina"


def test_what_is_refused_without_a_sign_or_far_too_long_raises_none(client: FlaskClient) -> None:
    for message in ("shoes " * 100, EMERGENCY + " and so on" * 600):
        body = client.post("/api/chat", json={"message": message}).get_json()
        assert body["status"] == 422
        assert "alert" not in body


def test_who_asks_too_often_is_refused_and_still_gets_the_alert(answerer: Answerer) -> None:
    client = create_app(answerer, rate_limit=2, suggest_limit=1).test_client()
    replies = [client.post("/api/chat", json={"message": HARMLESS}) for _ in range(3)]
    urgent = client.post("/api/chat", json={"message": EMERGENCY})

    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert (replies[2].headers["Retry-After"], replies[2].get_json()["detail"]) == ("60", TOO_MANY)
    assert "alert" not in replies[2].get_json()
    assert (urgent.status_code, urgent.get_json()["alert"]["rule"]) == (429, "cauda_equina")
    assert [client.post("/api/suggest", json={"query": "a"}).status_code for _ in range(2)] == [200, 429]
    elsewhere = client.post("/api/chat", json={"message": HARMLESS}, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert elsewhere.status_code == 200


def test_the_page_of_a_refused_question_shows_the_card(answerer: Answerer) -> None:
    client = create_app(answerer, rate_limit=1).test_client()
    too_long = client.post("/chat", data={"message": EMERGENCY + " and so on" * 60})
    too_often = client.post("/chat", data={"message": EMERGENCY})

    assert (too_long.status_code, too_often.status_code) == (422, 429)
    for response in (too_long, too_often):
        assert 'class="alert emergency"' in response.get_data(as_text=True)
    assert TOO_MANY in too_often.get_data(as_text=True)
    assert too_often.headers["Retry-After"] == "60"


# ---- the page


def test_the_page_of_an_emergency_shows_the_card_alone_and_a_second_step(client: FlaskClient) -> None:
    html = page(client, message=f"{EMERGENCY}. {HARMLESS}")

    assert wording.LEVELS["emergency"] in html
    assert '<a class="button" href="tel:999">' in html
    assert wording.NOT_IN_AN_EMERGENCY in html
    assert 'name="acknowledged" value="cauda_equina"' in html
    assert "<blockquote" not in html
    assert 'class="card passage"' not in html
    assert "Also related" not in html
    assert "triage" not in html.lower()


def test_the_page_of_two_emergencies_names_the_other_with_all_its_numbers(client: FlaskClient) -> None:
    question = "I took the whole strip of napa because I want to die"
    (other,) = client.post("/api/chat", json={"message": question}).get_json()["alert"]["also"]

    html = page(client, message=question)

    also = html[html.index('<div class="also">') :].partition("</div>")[0]
    assert f"<h3>{escape(other['heading'])}</h3>" in also
    assert [f"tel:{phone['tel']}" for phone in other["phones"]] == re.findall(r'href="([^"]+)"', also)
    assert "<li>" not in also


def test_the_second_step_shows_the_article_below_the_card_and_is_remembered(client: FlaskClient) -> None:
    html = page(client, message=f"{EMERGENCY}. {HARMLESS}", acknowledged="cauda_equina")

    assert html.index('class="alert emergency"') < html.index('class="card passage"')
    assert wording.NOT_IN_AN_EMERGENCY not in html
    form = html[html.index('class="ask"') :]
    assert 'name="acknowledged" value="cauda_equina"' in form


def test_a_soft_card_stands_below_the_answer(client: FlaskClient) -> None:
    html = page(client, message=AFTER)

    assert html.index('id="answer-heading"') < html.index('class="alert soon"')


def test_the_country_can_be_chosen_and_stays_chosen(client: FlaskClient) -> None:
    html = page(client, message=EMERGENCY, country="US")

    assert '<option value="US" selected>United States</option>' in html
    assert 'href="tel:911"' in html[: html.index('class="ask"')]
    assert 'name="country" value="US"' in html[html.index('class="ask"') :]
    assert page(client, message=EMERGENCY, country="ZZ").count('value="BD" selected') == 1


def test_each_language_of_a_card_is_marked(client: FlaskClient) -> None:
    html = page(client, message="আমার প্রস্রাব হচ্ছে না")

    assert '<span lang="bn">' in html


@pytest.mark.parametrize("rule", ['"><script>alert(1)</script>', "no_such_rule"])
def test_a_rule_that_there_is_not_is_not_carried_on(client: FlaskClient, rule: str) -> None:
    html = page(client, message=EMERGENCY, acknowledged=rule)

    assert rule not in html
    assert "<script" not in html


# ---- the terminal


def test_the_terminal_shows_the_card_first_and_why(corpus_folder: Path) -> None:
    result = CliRunner().invoke(server.cli, ["ask", EMERGENCY, "--explain", "--corpus", str(corpus_folder)])

    assert result.exit_code == NO_ANSWER
    assert result.stdout.startswith(f"! [{wording.LEVELS['emergency']}]")
    assert "Safety message: cauda_equina, emergency (" in result.stdout


# ---- check


def test_check_is_red_when_a_rule_is_broken_on_purpose(write_corpus: WriteCorpus) -> None:
    rules = (
        'version = 1\n[[rule]]\nid = "chest"\ntitle = "T"\nlevel = "emergency"\nheading = "H"\nmessage = ["M"]\n'
        'signs = "chest + pain"\n'
    )
    folder = write_corpus({"page.md": "# A\n\n## B\n\nC.\n", "safety.toml": rules})
    check = ["check", "--corpus", str(folder)]
    assert "no safety tests" in CliRunner().invoke(server.cli, check).stdout
    (folder / "safety-tests").mkdir()
    (folder / "safety-tests" / "own.jsonl").write_text(
        '{"text": "chest pain", "rule": "chest", "level": "emergency"}\n'
        '{"text": "chest ache", "rule": "chest", "level": "emergency", "gap": "ache is no word of it yet"}\n'
        '{"text": "knee", "rule": null}\n'
    )

    green = CliRunner().invoke(server.cli, check)
    (folder / "safety.toml").write_text(rules.replace("chest + pain", "chest + ache"), "utf-8")
    red = CliRunner().invoke(server.cli, check)

    assert (green.exit_code, red.exit_code) == (0, FAILED)
    assert "3 safety tests, 0 failed, 1 known gaps" in green.stdout
    assert "own.jsonl:1: raises nothing; expected chest (emergency): “chest pain”" in red.stdout
    assert "own.jsonl:2: passes now; take “gap” away" in red.stdout


def test_check_warns_of_messages_switched_off_other_languages_and_unknown_rules(write_corpus: WriteCorpus) -> None:
    def warnings(**files: str) -> str:
        folder = write_corpus({"page.md": "# A\n\n## B\n\nC.\n", **files})
        return CliRunner().invoke(server.cli, ["check", "--corpus", str(folder)]).stdout

    assert "safety_messages = false" in warnings(**{"clinic.toml": "safety_messages = false\n"})
    assert "the content is in “de”" in warnings(**{"clinic.toml": 'languages = ["de"]\n'})
    numbers = 'country = "IN"\n[[phones.IN]]\nlabel = "112"\ntel = "112"\n'
    assert "no number for “crisis” in IN" in warnings(**{"clinic.toml": numbers})
    (write_corpus({}) / "safety-tests").mkdir()
    line = '{"text": "can not pee", "rule": "x", "level": "soon"}\n'
    assert "“x” is the id of no rule" in warnings(**{"clinic.toml": "", "safety-tests/own.jsonl": line})
