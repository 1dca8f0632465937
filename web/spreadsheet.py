"""Rows as CSV that a spreadsheet opens as it is, with no cell that it takes for a formula."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import regex

_FORMULA = regex.compile(r"[\t\r\n]|[\s\p{C}]*[=+\-@＝＋－＠]")
"""How a cell begins that a spreadsheet takes for a formula. Source: https://owasp.org/www-community/attacks/CSV_Injection

What nobody sees in front of the sign may be dropped on the way in; signs of full width are read as the others.
"""

_INSIDE = regex.compile(r"""([;\t\r\n][\s\p{C}"]*+)(?=[=+\-@＝＋－＠])""")
"""The same behind what parts cells where another separator is set, which is not to be seen from here."""

BYTE_ORDER_MARK = "\ufeff"
"""What tells a spreadsheet that a file is UTF-8."""


def csv_line(row: Sequence[Any]) -> str:
    """The row without a line end.

    >>> csv_line(["5 km", "=1+1", -5])
    "5 km,'=1+1,-5"
    """
    line = io.StringIO()
    csv.writer(line).writerow([_cell(value) for value in row])  # it quotes line ends only where it makes them itself
    return line.getvalue().removesuffix("\r\n")


def _cell(value: Any) -> Any:
    """As a spreadsheet shall show it: in front of text that it would take for a formula, an apostrophe."""
    if not isinstance(value, str):
        return value
    defused = _INSIDE.sub(r"\1'", value)
    return f"'{defused}" if _FORMULA.match(value) else defused
