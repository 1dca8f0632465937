"""Raised rules as cards: which leads, where it stands, whom to call, what is withheld."""

from dataclasses import replace

import pytest

from bot import wording
from bot.cards import alert_of, standing, withheld
from bot.model import Clinic, HelpLine, Level, PhoneUse, Raised, SafetyRule, Translation
from bot.reply import Phone

CLINIC = Clinic(
    name="A clinic",
    disclaimer="Ask.",
    phone="01 23",
    country="BD",
    phones={
        "BD": (
            HelpLine("Ambulance", "999"),
            HelpLine("Health line", "16263", frozenset({"advice", "crisis"})),
        ),
        "US": (HelpLine("Emergency", "911"),),
        "XX": (HelpLine("Advice", "1", frozenset({"advice"})),),
    },
)


def raised(rule_id: str, level: Level = "emergency", *phones: PhoneUse, **fields: object) -> Raised:
    placement = {"emergency": "replace"}.get(level, "before")
    card = {"title": rule_id, "placement": placement, "heading": rule_id, "message": ("One.", "Two."), "phones": phones}
    rule = SafetyRule(rule_id=rule_id, level=level, **{**card, **fields})  # type: ignore[arg-type]
    return Raised(rule, level, rule.heading, ("words",))


def test_nothing_raised_is_no_alert() -> None:
    assert alert_of([], CLINIC) is None
    assert withheld([]) == frozenset()


def test_the_first_leads_and_the_others_stand_beside_it() -> None:
    alert = alert_of([raised("a", "urgent"), raised("b", "soon"), raised("c", "soon")], CLINIC)

    assert alert
    assert (alert.rule, alert.level, alert.placement, alert.heading, alert.message) == (
        "a", "urgent", "before", "a", "One.\nTwo.",
    )  # fmt: skip
    assert [card.rule for card in alert.also] == ["b", "c"]


def test_beside_an_emergency_stand_only_emergencies() -> None:
    alert = alert_of([raised("a"), raised("b"), raised("c", "urgent")], CLINIC)

    assert alert
    assert alert.placement == "replace"
    assert [card.rule for card in alert.also] == ["b"]


def test_an_acknowledged_emergency_stays_above_the_answer_and_behind_one_that_is_not() -> None:
    alert = alert_of([raised("a")], CLINIC, acknowledged=["a"])
    both = alert_of([raised("a"), raised("b")], CLINIC, acknowledged=["a"])

    assert alert
    assert both
    assert alert.placement == "before"
    assert (both.rule, both.placement, [card.rule for card in both.also]) == ("b", "replace", ["a"])


def test_what_was_acknowledged_is_not_raised_anew_by_earlier_messages_alone() -> None:
    old, new = replace(raised("a"), new=False), raised("a")

    assert standing([old], ["a"]) == ()
    assert standing([old], ["b"]) == (old,)
    assert standing([new], ["a"]) == (new,)


def test_a_rule_raised_to_another_level_stands_where_that_level_stands() -> None:
    escalated = replace(raised("a", "soon", placement="after"), level="emergency", heading="Call")

    alert = alert_of([escalated], CLINIC)

    assert alert
    assert (alert.level, alert.placement, alert.heading) == ("emergency", "replace", "Call")
    assert [phone.tel for phone in alert.phones] == ["999"]


def test_a_soft_card_may_stand_after_the_passage() -> None:
    alert = alert_of([raised("a", "soon", placement="after")], CLINIC)

    assert alert
    assert alert.placement == "after"


@pytest.mark.parametrize(
    ("level", "uses", "country", "tels"),
    [
        ("emergency", ("emergency", "crisis"), None, ["999", "16263"]),
        ("emergency", ("crisis",), None, ["999", "16263"]),  # an ambulance always
        ("emergency", ("emergency", "clinic"), None, ["999"]),  # and no advert
        ("urgent", ("advice", "clinic"), None, ["16263", "0123"]),
        ("urgent", ("clinic", "advice", "crisis"), None, ["0123", "16263"]),  # each number once
        ("emergency", ("emergency", "crisis"), "US", ["911"]),
        ("emergency", ("emergency",), "FR", ["999"]),  # the clinic's own, where it has none of that country
        ("soon", (), None, []),
    ],
)
def test_whom_to_call(level: Level, uses: tuple[PhoneUse, ...], country: str | None, tels: list[str]) -> None:
    alert = alert_of([raised("a", level, *uses)], CLINIC, country=country)

    assert alert
    assert [phone.tel for phone in alert.phones] == tels


def test_a_phone_says_whose_it_is() -> None:
    alert = alert_of([raised("a", "soon", "clinic")], CLINIC)

    assert alert
    assert alert.phones == (Phone("A clinic 01 23", "0123"),)


@pytest.mark.parametrize("country", ["XX", None])
def test_an_emergency_without_a_number_says_to_call_the_local_one(country: str | None) -> None:
    clinic = replace(CLINIC, phones={}) if country is None else CLINIC

    alert = alert_of([raised("a", "emergency", "emergency")], clinic, country=country)
    lesser = alert_of([raised("a", "soon")], clinic, country=country)

    assert alert
    assert lesser
    assert alert.message.splitlines() == ["One.", "Two.", wording.LOCAL_EMERGENCY_NUMBER]
    assert lesser.message.splitlines() == ["One.", "Two."]


def test_a_card_is_in_both_languages_where_the_words_were_in_the_second() -> None:
    translated = raised("a", "urgent", translations=(Translation("bn", "x", "ক", ("খ",)),))

    english = alert_of([translated], CLINIC)
    both = alert_of([replace(translated, language="bn")], CLINIC)
    not_translated = alert_of([replace(raised("a"), language="bn")], CLINIC)

    assert english
    assert both
    assert not_translated
    assert (english.heading, english.message) == ("a", "One.\nTwo.")
    assert (both.heading, both.message) == ("ক · a", "খ\nOne.\nTwo.")
    assert not_translated.heading == "a"


def test_rules_withhold_what_they_name_and_every_urgent_one_medicine() -> None:
    assert withheld([raised("a", "soon")]) == frozenset()
    assert withheld([raised("a", "soon", withholds=frozenset({"exercise"}))]) == {"exercise"}
    assert withheld([raised("a", "urgent")]) == withheld([raised("a")]) == {"medicine"}
    assert withheld([raised("a", "soon", withholds=frozenset({"exercise"})), raised("b")]) == {"exercise", "medicine"}
