"""Rows as CSV that a spreadsheet opens as it is, with no cell that it takes for a formula."""

import csv
import io
from collections.abc import Sequence
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula. Source: https://owasp.org/www-community/attacks/CSV_Injection"""

BYTE_ORDER_MARK = "\ufeff"
"""What tells a spreadsheet that a file is UTF-8."""


def csv_line(row: Sequence[Any]) -> str:
    """The row without a line end.

    >>> csv_line(["5 km", "=1+1", -5])
    "5 km,'=1+1,-5"
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([_cell(value) for value in row])
    return line.getvalue()


def _cell(value: Any) -> Any:
    """As a spreadsheet shall show it: text that it would take for a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
