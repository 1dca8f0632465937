"""The Markdown that Citewell reads, as a parser: CommonMark with front matter, footnotes and tables.

Floor 1: imports nothing of ours.

Its tokens know more than markdown-it-py's own. A footnote's mark and HTML within a text have ``meta["line"]``, the line
of that text, from 0; a heading with attributes has them as written in ``meta["attributes"]`` of its opening token.
"""

from collections.abc import Callable

import regex
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, html_inline
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref
from mdit_py_plugins.front_matter import front_matter_plugin

_HEADING_ATTRIBUTES = regex.compile(r"\s*(?<!\\)(\{[^{}]*\})\s*$")


def _cut_heading_attributes(state: StateCore) -> None:
    """Move ``{#anchor .class}`` from a heading's words to its token: the attribute plugin does not read it there."""
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type == "heading_open" and (found := _HEADING_ATTRIBUTES.search(inline.content)):
            opening.meta["attributes"] = found[1]
            inline.content = inline.content[: found.start()]


def _with_line(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """``rule``, whose tokens then know on which line of their text they stand, from 0: the parser forgets it."""

    def noting(state: StateInline, silent: bool) -> bool:
        line = state.src.count("\n", 0, state.pos)
        found = rule(state, silent)
        if found and not silent:
            state.tokens[-1].meta["line"] = line
        return found

    return noting


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    """The plugin's rule, but no link for whoever looks ahead: a link with a footnote in its words stays a link."""
    return not silent and footnote_ref(state, silent, always_match=True)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    # Definitions stay where they stand and marks need none: the plugin's own bookkeeping renumbers by first use and
    # drops unused definitions without a word; we keep labels and report both.
    parser.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    parser.use(front_matter_plugin)
    parser.inline.ruler.at("footnote_ref", _with_line(_footnote_mark))
    parser.inline.ruler.at("html_inline", _with_line(html_inline))
    parser.core.ruler.before("inline", "heading_attributes", _cut_heading_attributes)
    return parser


PARSER = _parser()
