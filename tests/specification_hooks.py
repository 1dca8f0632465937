"""What schemathesis cannot know of our texts; it loads this by `tests/test_specification.py`."""

import re
from collections.abc import Iterator
from typing import Any

import schemathesis

from web.inputs import READABLE_PATTERN, check_text


def _texts(value: Any) -> Iterator[str]:
    """Every text in a body."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


@schemathesis.hook
def filter_body(context: Any, body: Any) -> bool:  # noqa: ARG001 - schemathesis passes it by name
    """Leave out texts that only the server can tell from readable ones: invisible, or longer once normalised."""
    return not any(re.search(READABLE_PATTERN, text) and len(text) <= 500 and check_text(text) for text in _texts(body))
