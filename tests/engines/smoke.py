"""What a visitor does with the widget, in any engine: a list of sentences, each shown to hold or not.

Knows nothing of how an engine is driven: that is a `Tab`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from tests.engines.site import BANGLA_PAGE

QUESTION = "How can worn-out running shoes lead to back pain?"
EMERGENCY = "back pain and cant pee since morning"
DARK_PAPER = "rgb(26, 35, 38)"
BRAND = "rgb(11, 92, 107)"
PHONE = (390, 800)
DESKTOP = (1100, 900)


class Tab(Protocol):
    """One page of one engine."""

    def visit(self, address: str) -> None:
        """Load a page whole."""

    def run(self, script: str) -> Any:
        """What the body ``script`` of an async function returns in the page, as JSON has it."""

    def press(self, keys: str) -> None:
        """Press and let go each of ``keys``, as WebDriver writes them, on the keyboard."""

    def click(self, x: float, y: float) -> None:
        """Press the mouse there, in CSS pixels of the view."""

    def size(self, width: int, height: int) -> None:
        """Make the view, or the window around it, that large."""

    def picture(self, path: Path) -> None:
        """Write what is seen as PNG."""

    def complaints(self) -> list[str]:
        """Errors and warnings in the console since the start."""


ENTER, ESCAPE, DOWN, UP, TAB = "\ue007", "\ue00c", "\ue015", "\ue013", "\ue004"

# Waiting happens in the page: what is awaited there is seen as soon as it is there.
_PRELUDE = """
const until = async (found) => {
  for (const end = Date.now() + 10000; ;) {
    const value = found();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not seen within 10 s: ${found}`);
    await new Promise((next) => setTimeout(next, 25));
  }
};
const root = await until(() => document.querySelector("citewell-chat")?.shadowRoot?.querySelector(".root"));
const $ = (selector) => root.querySelector(selector);
const focused = () => document.querySelector("citewell-chat").shadowRoot.activeElement;
const style = (selector) => getComputedStyle($(selector));
const turns = () => [...root.querySelectorAll(".turn")];
"""


class Visit:
    """A visitor of the page in ``tab``, who notes what holds; pictures go to ``folder``."""

    def __init__(self, tab: Tab, address: str, folder: Path) -> None:
        self.tab = tab
        self.address = address
        self.folder = folder
        self.failures: list[str] = []

    def see(self, script: str) -> Any:
        """What ``script`` returns, with the widget at hand."""
        return self.tab.run(_PRELUDE + script)

    def holds(self, sentence: str, script: str, expected: object = True) -> None:
        """Note whether ``script`` returns what is expected."""
        try:
            found = self.see(script)
        except Exception as error:  # each engine has errors of its own; all mean that the sentence does not hold
            found = error
        if found == expected:
            print(f"  ok      {sentence}")
        else:
            print(f"  FAILED  {sentence}: expected {expected!r}, found {found!r}")
            self.failures.append(sentence)

    def click(self, selector: str) -> None:
        """Press the mouse in the middle of that part of the widget."""
        x, y = self.see(
            f"const part = await until(() => $({selector!r}));"
            "part.scrollIntoView({block: 'nearest'});"
            "const {x, y, width, height} = part.getBoundingClientRect(); return [x + width / 2, y + height / 2];"
        )
        self.tab.click(x, y)

    def picture(self, name: str) -> None:
        """Keep what is seen, after all transitions."""
        self.see(
            "await Promise.all(root.getAnimations({subtree: true}).map((one) => one.finished));"
            "for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame); return 1;"
        )
        self.tab.picture(self.folder / f"{name}.png")


def visit(tab: Tab, address: str, folder: Path, forbidden: list[str], dark: Callable[[], Tab]) -> list[str]:
    """Go through all of it and return the sentences that do not hold; ``dark`` opens a tab of a dark desktop."""
    visitor = Visit(tab, address, folder)
    print(f"Trusted Types are {'enforced' if tab.run('return !!window.trustedTypes') else 'unknown to it'}.")
    tab.size(*DESKTOP)
    tab.visit(f"{address}/")
    for part in (_launcher, _opens, _answer, _suggestions, _emergency, _closes, _phone, _bangla):
        part(visitor)
    night = Visit(dark(), address, folder)
    _dark(night)
    for complaint in (*tab.complaints(), *night.tab.complaints(), *forbidden):
        print(f"  FAILED  nothing in the console, nothing forbidden: {complaint}")
        visitor.failures.append(complaint)
    return visitor.failures + night.failures


def _launcher(visitor: Visit) -> None:
    visitor.holds(
        "the button is drawn in the clinic's colour, white on it, rounded, 56 px high",
        "await until(() => $('.launcher'));"
        "const {backgroundColor, color, display, borderTopLeftRadius: round, fontSize} = style('.launcher');"
        "const {height, width} = $('.launcher').getBoundingClientRect();"
        "return [backgroundColor, color, display, parseFloat(round) > 20, fontSize, height, width > 120];",
        [BRAND, "rgb(255, 255, 255)", "flex", True, "16px", 56, True],
    )
    visitor.holds(
        "it stands 20 px from the corner of the view",
        "const {right, bottom} = $('.launcher').getBoundingClientRect();"
        "return [document.documentElement.clientWidth - right, innerHeight - bottom].map(Math.round);",
        [20, 20],
    )
    visitor.holds("nothing is stored before a question", "return sessionStorage.length + localStorage.length;", 0)
    visitor.picture("1-launcher")


def _opens(visitor: Visit) -> None:
    visitor.click(".launcher")
    visitor.holds(
        "a click opens the panel, which is not modal, and the button says so",
        "await until(() => $('#panel[open]'));"
        "return [$('#panel').matches(':modal'), $('.launcher').getAttribute('aria-expanded')];",
        [False, "true"],
    )
    visitor.holds("the focus is in the field", "await until(() => focused() === $('#question')); return true;")
    visitor.holds(
        "the clinic's first questions are offered", "await until(() => $('.start button')); return !!$('.notice a');"
    )
    visitor.picture("2-open")


def _answer(visitor: Visit) -> None:
    visitor.tab.press(QUESTION + ENTER)
    visitor.holds(
        "a typed question is answered with the passage and its marked words",
        "const mark = await until(() => turns()[0]?.querySelector('article mark'));"
        "return [mark.textContent, getComputedStyle(mark).backgroundColor,"
        " turns()[0].textContent.includes('There is no good proof that worn-out shoes cause back pain.')];",
        ["worn-out shoes", "rgb(255, 233, 168)", True],
    )
    visitor.holds(
        "its source is a link to our page of the document",
        "return new URL(turns()[0].querySelector('footer a').href).origin;",
        visitor.address,
    )
    visitor.holds(
        "the polite region got it as one plain text",
        "const region = $('[aria-live=polite]'); await until(() => region.childNodes.length === 0);"
        "return region.childElementCount;",
        0,
    )
    visitor.holds(
        "the field is empty, ready and focused", "return $('#question').value + (focused() === $('#question'));", "true"
    )
    visitor.picture("3-answer")


def _suggestions(visitor: Visit) -> None:
    visitor.tab.press("back pain")
    visitor.holds(
        "known questions come while one types",
        "await until(() => $('#options:not([hidden]) [role=option]'));"
        "return [$('#question').getAttribute('aria-expanded'), $('#question').hasAttribute('aria-activedescendant')];",
        ["true", False],
    )
    visitor.tab.press(DOWN)
    visitor.holds(
        "the arrow marks the first, in words for the ear and in colour for the eye",
        "const one = $('[role=option]');"
        "return [$('#question').getAttribute('aria-activedescendant') === one.id, one.getAttribute('aria-selected'),"
        " getComputedStyle(one).backgroundColor, focused() === $('#question')];",
        [True, "true", BRAND, True],
    )
    visitor.picture("4-suggestions")
    visitor.tab.press(UP + UP)
    visitor.holds(
        "the other arrow goes round to the last",
        "return [...root.querySelectorAll('[role=option]')].at(-1).getAttribute('aria-selected');",
        "true",
    )
    visitor.tab.press(ESCAPE)
    visitor.holds(
        "Escape closes the list alone and keeps what was typed",
        "return [$('#options').hidden, $('#panel').open, $('#question').value];",
        [True, True, "back pain"],
    )
    visitor.tab.press("\ue003" * len("back pain"))


def _emergency(visitor: Visit) -> None:
    visitor.tab.press(EMERGENCY + ENTER)
    visitor.holds(
        "an emergency shows its card alone, with a number to press",
        "const turn = await until(() => turns()[1]?.querySelector('.alert') && turns()[1]);"
        "return [turn.querySelector('.alert').classList.contains('emergency'), !turn.querySelector('article'),"
        " /^tel:[0-9]+$/.test(turn.querySelector('.calls a').href)];",
        [True, True, True],
    )
    visitor.picture("5-emergency")


def _closes(visitor: Visit) -> None:
    visitor.tab.press(ESCAPE)
    visitor.holds(
        "Escape closes the panel and the focus returns to the button",
        "await until(() => !$('#panel').open);"
        "return [focused() === $('.launcher'), $('.launcher').getAttribute('aria-expanded')];",
        [True, "false"],
    )
    visitor.tab.press(ENTER)
    visitor.holds(
        "Enter on the button opens it again, with the conversation",
        "await until(() => $('#panel').open && focused() === $('#question')); return turns().length;",
        2,
    )
    visitor.tab.press(ESCAPE)


def _phone(visitor: Visit) -> None:
    visitor.tab.size(*PHONE)
    visitor.see("await until(() => innerWidth < 480 && !$('#panel').open); return 1;")
    visitor.click(".launcher")
    visitor.holds(
        "on a small screen the panel is modal, fills it, and the focus is on its title",
        "await until(() => $('#panel').open); const {width, height} = $('.sheet').getBoundingClientRect();"
        "return [$('#panel').matches(':modal'), Math.abs(document.documentElement.clientWidth - width) < 1,"
        " Math.abs(innerHeight - height) < 1,"
        " focused().id];",
        [True, True, True, "title"],
    )
    visitor.picture("6-phone")
    visitor.tab.press(ESCAPE)
    visitor.holds(
        "Escape closes it there too, and the focus returns",
        "await until(() => !$('#panel').open); return focused() === $('.launcher');",
    )
    visitor.tab.size(*DESKTOP)


def _bangla(visitor: Visit) -> None:
    visitor.tab.visit(f"{visitor.address}{BANGLA_PAGE}")
    visitor.holds(
        "a page in Bangla gets the widget in Bangla",
        "await until(() => $('.launcher')); return [root.lang, /[\\u0980-\\u09ff]/.test($('.launcher').textContent)];",
        ["bn", True],
    )
    visitor.click(".launcher")
    visitor.see("await until(() => $('.start button')); return 1;")
    visitor.picture("7-bangla")


def _dark(visitor: Visit) -> None:
    visitor.tab.size(*DESKTOP)
    visitor.tab.visit(f"{visitor.address}/")
    visitor.click(".launcher")
    visitor.see("await until(() => $('.start button')); return 1;")
    visitor.tab.press(QUESTION + ENTER)
    visitor.holds(
        "on a dark desktop the panel is dark and its words are light",
        "await until(() => $('article mark'));"
        "return [style('.sheet').backgroundColor, style('article').color, style('mark').backgroundColor];",
        [DARK_PAPER, "rgb(232, 236, 234)", "rgb(90, 74, 16)"],
    )
    visitor.picture("8-dark")
