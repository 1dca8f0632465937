"""Requests of a page that wait until a test lets them go on."""

import re

import pytest
from playwright.sync_api import Page, Route

# How often is looked for what must come, ten milliseconds apart.
LOOKS = 3000


class Gate:
    """Holds the requests to one address back until it is opened; those that came before stay ``held``."""

    def __init__(self, page: Page, address: str | re.Pattern[str]) -> None:
        """Closed from now on."""
        self.held: list[Route] = []
        self.is_open = False
        self._page = page
        page.route(address, self._meet)

    def _meet(self, route: Route) -> None:
        if self.is_open:
            route.continue_()
        else:
            self.held.append(route)

    def first(self) -> Route:
        """The first that is held, once it is there: a request is heard of before it is met."""
        for _ in range(LOOKS):
            if self.held:
                return self.held[0]
            self._page.wait_for_timeout(10)
        pytest.fail("no request came to the gate")

    def open(self) -> None:
        """Let the held ones go, and all that come."""
        self.is_open = True
        for route in self.held:
            route.continue_()
