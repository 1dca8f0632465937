"""Whether an answer helped: one vote a turn, and a comment where the clinic keeps comments."""

from bot.answering import Answerer
from bot.reply import Alert
from web.counts import Counts
from web.inputs import FeedbackRequest
from web.journal import Journal
from web.problems import FieldError, Refused
from web.replies import alert_json
from web.unavailable import Unavailable

NOT_STORED = "We could not store that. Please try again later."
NO_SUCH_ANSWER = "There is no such answer here to judge."
NO_COMMENTS = "is not kept here; leave it out"


def take(vote: FeedbackRequest, journal: Journal, answerer: Answerer, counts: Counts) -> Alert | None:
    """Store ``vote``, and return the safety message that its comment raises: such a comment is not kept.

    Raises `Refused`, with that message, where comments are not kept (422), where there is no such answer (404), and
    where the vote could not be stored (503).
    """
    alert = answerer.alert(vote.comment) if vote.comment else None
    counts.alerted(alert)
    try:
        _store(vote, journal, keep_comment=alert is None)
    except Refused as refused:
        refused.alert = alert_json(alert)
        raise
    return alert


def _store(vote: FeedbackRequest, journal: Journal, *, keep_comment: bool) -> None:
    try:
        if vote.comment and not journal.takes_comment(vote.turn_id):
            raise Refused(422, f"The comment {NO_COMMENTS}.", (FieldError("comment", NO_COMMENTS),))
        known = journal.vote(vote.turn_id, helpful=vote.helpful, comment=vote.comment if keep_comment else None)
    except Unavailable:
        raise Refused(503, NOT_STORED) from None
    if not known:
        raise Refused(404, NO_SUCH_ANSWER)
