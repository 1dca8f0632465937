"""Text as it is put together, with its marks beside it as offsets. Floor 1: knows `model` only."""

import regex

from bot.model import Block, Mark, MarkKind


class MarkedText:
    """Text under construction: white space folded as it is written, marks at the places it then has."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._space = False  # a space is due before the next word
        self._marks: list[Mark] = []
        self._open: list[tuple[MarkKind, int, str]] = []
        self._waiting: list[tuple[MarkKind, str]] = []

    def write(self, text: str) -> None:
        """Go on with ``text``."""
        for word in regex.split(r"(\s+)", text):
            if word and word.isspace():
                self._space = self._length > 0
            elif word:
                written = " " * self._space + word
                self._parts.append(written)
                self._length += len(written)
                self._space = False

    def open(self, kind: MarkKind, target: str) -> None:
        """Begin a mark here; ``target`` is where a link goes."""
        self._open.append((kind, self._length, target))

    def close(self) -> None:
        """End the innermost mark that is open."""
        kind, start, target = self._open.pop()
        self._marks.append(Mark(kind, start, self._length, target))
        if kind == "link":
            for waiting in self._waiting:
                self.point(*waiting)
            self._waiting.clear()

    def point(self, kind: MarkKind, target: str) -> None:
        """Mark this place, or the end of the link around it: a footnote is a link, and none stands inside another."""
        if any(opened == "link" for opened, _, _ in self._open):
            self._waiting.append((kind, target))
        else:
            self._marks.append(Mark(kind, self._length, self._length, target))

    def finish(self) -> tuple[str, tuple[Mark, ...]]:
        """The text and its marks by their starts, those around others first; a mark of nothing is left out."""
        text = "".join(self._parts)
        marks = [
            Mark(mark.kind, mark.start + 1, mark.end, mark.target)  # the space that was due stands before the mark
            if text[mark.start : mark.end].startswith(" ")
            else mark
            for mark in self._marks
            if mark.start < mark.end or mark.kind == "footnote"
        ]
        return text, tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end)))


def joined(blocks: list[Block], glue: str = " ") -> Block:
    """One paragraph of all ``blocks``, with the marks of each."""
    marks: list[Mark] = []
    text = ""
    for block in blocks:
        text += glue * bool(text)
        marks += [Mark(mark.kind, mark.start + len(text), mark.end + len(text), mark.target) for mark in block.marks]
        text += block.text
    return Block("p", text, tuple(marks))
