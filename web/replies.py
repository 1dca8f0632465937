"""The engine's nouns as JSON: their fields are the interface's fields, so one adapter serves API and command line."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response
from pydantic import TypeAdapter

from bot import wording
from bot.answering import Answerer
from bot.looking_up import LookUp
from bot.reply import Alert, Answer, Phone
from web.content import Broken, Served
from web.inputs import MAX_CONTEXT, MAX_MESSAGE
from web.interface import (
    NOT_IN_REPLY,
    ClinicReply,
    ConfigReply,
    ContentReply,
    CountingReply,
    FeedbackReply,
    HealthReply,
    JournalReply,
    LimitsReply,
    ReadyReply,
    SearchReply,
    SuggestReply,
)
from web.journal import Journal
from web.limit_storage import Whereabouts
from web.privacy import comment_hint, privacy, scope

_JSON = json.JSONEncoder(ensure_ascii=False)
_ANSWER = TypeAdapter(Answer)
_ALERT = TypeAdapter(Alert | None)
_LOOK_UP = TypeAdapter(LookUp)

Reply = SearchReply | SuggestReply | FeedbackReply | ConfigReply | HealthReply | ReadyReply
_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)


def answer_json(answer: Answer, language: str | None = None) -> dict[str, Any]:
    """The reply of ``POST /api/chat``, its fixed sentences in ``language`` where there is a translation."""
    spoken = _said(answer, language) if language else answer
    return _ANSWER.dump_python(spoken, mode="json", exclude={*NOT_IN_REPLY})  # type: ignore[no-any-return] # a dataclass becomes a dict


def _said(answer: Answer, language: str) -> Answer:
    message = None if answer.message is None else wording.said(answer.message, language)
    return replace(answer, message=message, disclaimer=wording.said(answer.disclaimer, language))


def alert_json(alert: Alert | None) -> dict[str, Any] | None:
    """The safety message as in a reply, for what has none: a refusal, a search."""
    return _ALERT.dump_python(alert, mode="json")  # type: ignore[no-any-return] # a dataclass becomes a dict


def reply_json(reply: Reply) -> dict[str, Any]:
    """Any other reply of the interface."""
    return _REPLY.dump_python(reply, mode="json")  # type: ignore[no-any-return] # a dataclass becomes a dict


def look_up_json(found: LookUp) -> dict[str, Any]:
    """The reply of ``POST /desk/api/search``; no rows beside an alert that stands alone."""
    shown = replace(found, rows=()) if found.alone else found
    body = _LOOK_UP.dump_python(shown, mode="json")
    alert = staff_alert_json(found.alert, body.pop("caller"))
    fixed = found.fixed and {"sort": found.fixed.sort, "message": found.fixed.message}
    return {**body, "alert": alert, "fixed": fixed}


def staff_alert_json(alert: Alert | None, caller: str | None) -> dict[str, Any] | None:
    """The safety message with what staff do with it."""
    body = alert_json(alert)
    return body and {**body, "caller": caller}


def config(answerer: Answerer, journal: Journal, language: str | None = None) -> ConfigReply:
    """The reply of ``GET /api/config``: what a client needs before the first question; ``language`` as above."""
    clinic, link = answerer.corpus.clinic, answerer.help
    return ConfigReply(
        clinic=ClinicReply(clinic.name, clinic.site, clinic.phone, clinic.hours),
        start_questions=answerer.start_questions(),
        scope=scope(journal.kept, language),
        privacy=privacy(journal.kept, journal.days, language),
        comment=comment_hint(journal.kept, journal.days, language),
        disclaimer=wording.said(clinic.disclaimer, language),
        help=None if link is None else replace(link, title=wording.said(link.title, language)),
        country=clinic.country,
        phones={
            country: tuple(Phone(phone.label, phone.tel) for phone in phones)
            for country, phones in clinic.phones.items()
        },
        countries=clinic.country_names,
        languages=clinic.languages,
        document_languages={document.doc_id: document.language for document in answerer.corpus.documents},
        limits=LimitsReply(MAX_MESSAGE, MAX_CONTEXT),
        corpus_version=answerer.corpus.version,
    )


def readiness(served: Served, broken: Broken | None, journal: Journal, limits: Whereabouts) -> ReadyReply:
    """The reply of ``GET /readyz``; ``broken`` is what is wrong with newer content."""
    version = served.answerer.corpus.version
    noted = JournalReply(journal.kept, journal.lost, journal.failing)
    counted = CountingReply(limits.storage, limits.shared, limits.problem)
    stands = ContentReply(
        version=version,
        loaded=served.loaded.replace(microsecond=0),
        broken=broken.for_everyone if broken else None,
        since=broken.since.replace(microsecond=0) if broken else None,
    )
    return ReadyReply("ready", len(served.answerer.passages), version, stands, noted, counted)


def json_response(body: Mapping[str, Any]) -> Response:
    """``body`` in UTF-8, as people write it."""
    return Response(_JSON.encode(body), content_type="application/json")
