"""Rows as CSV that a spreadsheet opens as it is, with no cell that it takes for a formula."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula. Source: https://owasp.org/www-community/attacks/CSV_Injection"""

BYTE_ORDER_MARK = "\ufeff"
"""What tells a spreadsheet that a file is UTF-8."""


def write_csv(file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write the names of the columns and the rows, a line each."""
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows([cell(value) for value in row] for row in rows)


def cell(value: Any) -> Any:
    """As a spreadsheet shall show it: text that it would take for a formula gets an apostrophe in front.

    >>> cell("=1+1"), cell("5 km"), cell(-5)
    ("'=1+1", '5 km', -5)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
