"""How many requests one address may send, so that nobody can keep the others waiting or guess a password.

Counted over the last minute or hour, where `web.limit_storage` counts.
"""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from flask import request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from web.clock import seconds
from web.counts import Counts, Refusal
from web.limit_storage import LimitStorage
from web.problems import Refused

TOO_MANY = "Too many questions in a short time. Please wait a minute."
MINUTE = 60

TOO_OFTEN = "That was tried too often. Please try again later."
BY_ADDRESS = RateLimitItemPerMinute(5)
BY_NAME = RateLimitItemPerHour(20)
BY_BROWSER = RateLimitItemPerHour(20)


def asking() -> str:
    """Who is counted: the address; of IPv6 what one subscriber has, the first 64 bits, or nobody would be limited.

    An address that is none, such as that of a socket on this machine, counts as it is.
    """
    written = request.remote_addr or ""
    try:
        address = ip_address(written)
    except ValueError:
        return written
    if address.version == 4:
        return written
    return str(address.ipv4_mapped or ip_network(f"{address}/64", strict=False).network_address)


class Limit:
    """At most so many requests a minute from one address; 0 for any number."""

    def __init__(self, name: Refusal, a_minute: int, storage: LimitStorage, counts: Counts) -> None:
        """``name`` is what is counted."""
        self._name = name
        self._item = RateLimitItemPerMinute(a_minute) if a_minute else None
        self._storage = storage
        self._counts = counts

    def spend(self) -> None:
        """Count the request that is being answered; raises `Refused` with 429 where it is one too many."""
        if self._item and not self._storage.hit(self._item, self._name, asking()):
            self._counts.refused(self._name)
            raise Refused(429, TOO_MANY, retry_after=MINUTE)


class Attempts:
    """Attempts to sign in: from one address all are counted, for one name those that failed, whoever made them.

    In a browser where that name has signed in before, only those that failed there: or a stranger could keep anybody
    out for good by failing in their name, or all who share an address by failing from it.
    """

    def __init__(self, storage: LimitStorage, counts: Counts) -> None:
        self._storage = storage
        self._counts = counts

    def spend(self, name: str, browser: str | None) -> None:
        """Count the attempt that is being made; raises `Refused` with 429 where it is one too many.

        ``name`` must be written in the one way in which it is kept, or each way would be counted by itself; ``browser``
        is what `web.known_browsers` knows it by. One in which too many failed is like any other.
        """
        if browser and self._storage.test(BY_BROWSER, "browser", browser):
            return
        address = asking()
        if not self._storage.hit(BY_ADDRESS, "address", address):
            raise self._refusal(BY_ADDRESS, "address", address)
        if not self._storage.test(BY_NAME, "name", name):
            raise self._refusal(BY_NAME, "name", name)

    def failed(self, name: str, browser: str | None) -> None:
        """Count against ``browser``, else ``name``, be there such an account or not: nobody learns which there are."""
        if not browser or not self._storage.hit(BY_BROWSER, "browser", browser):
            self._storage.hit(BY_NAME, "name", name)

    def _refusal(self, item: RateLimitItem, what: str, who: str) -> Refused:
        self._counts.refused("signing in")
        opens = self._storage.opens(item, what, who)
        return Refused(429, TOO_OFTEN, retry_after=max(1, round(opens) - seconds()))


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the public routes, shared by the interface and the pages."""

    questions: Limit
    suggestions: Limit
    feedback: Limit
