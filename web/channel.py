"""A connection of the web server, which refuses what it cannot read.

Without this, waitress 3.0.2 writes an exception into the log for an address such as ``http://[::1`` and drops the
connection: its parser awaits other exceptions than Python's own raises.
"""

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError


class _Parser(HTTPRequestParser):
    """Reads a request."""

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError:
            message = "Bad URI"
            raise ParsingError(message) from None


class Channel(HTTPChannel):
    """What the server makes of each connection."""

    parser_class = _Parser
