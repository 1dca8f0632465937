"""Raised safety rules as the cards that people see. Floor 2: knows `model`, `reply` and `wording`."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from bot import wording
from bot.model import PLACEMENTS, Clinic, HelpLine, Placement, Raised
from bot.reply import Alert, Card, Phone

MEDICINE = "medicine"
"""The class of sections about medicines: not shown beside an emergency or an urgent card, whatever its rule says."""


def standing(raised: Iterable[Raised], acknowledged: Collection[str]) -> tuple[Raised, ...]:
    """Those that are still to be shown: what was acknowledged is not raised anew by earlier messages alone."""
    return tuple(one for one in raised if one.new or one.rule.rule_id not in acknowledged)


def alert_of(
    raised: Sequence[Raised], clinic: Clinic, *, country: str | None = None, acknowledged: Collection[str] = ()
) -> Alert | None:
    """The most urgent of ``raised`` as what comes first, the others beside it; ``None`` where there is none.

    An emergency stands alone, with other emergencies beside it at most, until it is acknowledged. The numbers are those
    of ``country``, or of the clinic's own where it has none.
    """
    if not raised:
        return None
    # What was acknowledged steps back behind what was not.
    first, *others = sorted(raised, key=lambda one: one.level == "emergency" and one.rule.rule_id in acknowledged)
    if first.level == "emergency":
        others = [one for one in others if one.level == "emergency"]
    lines = _lines(clinic, country)
    card = _card(first, clinic, lines)
    return Alert(
        rule=card.rule,
        level=card.level,
        placement=_placement(first, acknowledged),
        heading=card.heading,
        message=card.message,
        phones=card.phones,
        also=tuple(_card(one, clinic, lines) for one in others),
    )


def for_the_caller(alert: Alert, raised: Iterable[Raised]) -> str:
    """What phone staff do with ``alert``, which is made of ``raised``."""
    crisis = any(one.rule.rule_id == alert.rule and "crisis" in one.rule.phones for one in raised)
    return wording.CALLER["crisis" if crisis and alert.level == "emergency" else alert.level]


def withheld(raised: Iterable[Raised]) -> frozenset[str]:
    """The classes of sections that are not to be shown beside these cards."""
    classes = frozenset[str]().union(*(one.rule.withholds for one in raised))
    return classes | {MEDICINE} if any(one.level != "soon" for one in raised) else classes


def _placement(raised: Raised, acknowledged: Collection[str]) -> Placement:
    placement = raised.rule.placement if raised.level == raised.rule.level else PLACEMENTS[raised.level]
    return "before" if placement == "replace" and raised.rule.rule_id in acknowledged else placement


def _lines(clinic: Clinic, country: str | None) -> tuple[HelpLine, ...]:
    return clinic.phones.get(country or "", clinic.phones.get(clinic.country or "", ()))


def _card(raised: Raised, clinic: Clinic, lines: Sequence[HelpLine]) -> Card:
    phones = tuple(dict.fromkeys(_phones(raised, clinic, lines)))
    heading, message = [raised.heading], list(raised.rule.message)
    for translation in raised.rule.translations:
        if translation.language == raised.language and translation.message:
            heading, message = [translation.heading, *heading], [*translation.message, *message]
    if raised.level == "emergency" and not any("emergency" in line.uses for line in lines):
        message.append(wording.LOCAL_EMERGENCY_NUMBER)
    return Card(raised.rule.rule_id, raised.level, " · ".join(heading), "\n".join(message), phones)


def _phones(raised: Raised, clinic: Clinic, lines: Sequence[HelpLine]) -> Iterator[Phone]:
    uses = raised.rule.phones
    if raised.level == "emergency":  # also where a lesser rule was raised to it: an ambulance first, no advert
        uses = ("emergency", *(use for use in uses if use not in ("emergency", "clinic")))
    for use in uses:
        yield from (Phone(line.label, line.tel) for line in lines if use in line.uses)
        if use == "clinic" and clinic.phone:
            yield Phone(f"{clinic.name} {clinic.phone}", "".join(filter(_dialled, clinic.phone)))


def _dialled(sign: str) -> bool:
    return sign.isdecimal() or sign == "+"
