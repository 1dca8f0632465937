"""What axe does not find, looked for in the live widget; shared by the tests of the widget.

Each check takes the widget (`citewell-chat`) as it stands in a page and returns complaints, none where all is well.
They judge what is drawn: boxes, computed styles, what the keyboard reaches.
"""

import io
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page

Check = Callable[[Locator], list[str]]

READABLE = 4.5
"""Least contrast of text, WCAG 2.2 SC 1.4.3."""

DISTINCT = 3.0
"""Least contrast of borders, icons and focus rings, WCAG 2.2 SC 1.4.11."""

SMALLEST_TARGET = 24
"""Pixels, WCAG 2.2 SC 2.5.8."""

SMALLEST_TEXT = 12
"""Pixels, chosen: below it, Bangla conjuncts are no longer told apart."""

_SHARED = r"""
const root = host.shadowRoot;
const all = [...root.querySelectorAll("*")];
const drawn = (element) => {
  const box = element.getBoundingClientRect();
  return element.checkVisibility({visibilityProperty: true}) && box.width > 1 && box.height > 1;
};
const named = (element) =>
  `${element.localName} “${(element.getAttribute("aria-label") || element.textContent).trim().slice(0, 40)}”`;
const texts = () => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found.filter((text) => text.data.trim() && drawn(text.parentElement));
};
const channels = (colour) => {
  const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
  return colour.startsWith("color(") ? [red * 255, green * 255, blue * 255, alpha] : [red, green, blue, alpha];
};
const luminance = (colour) => {
  const [red, green, blue] = channels(colour).map((value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
};
const ground = (element) => {
  for (let at = element; at; at = at.parentElement || at.getRootNode().host) {
    const colour = getComputedStyle(at).backgroundColor;
    if (channels(colour)[3] === 1) return colour;
  }
  return "rgb(255, 255, 255)";
};
"""


def _complaints(widget: Locator, body: str, argument: Any = None) -> list[str]:
    return widget.evaluate(f"(host, argument) => {{ {_SHARED} {body} }}", argument)  # type: ignore[no-any-return]


# ---- the nine that axe misses


def unlabelled_fields(widget: Locator) -> list[str]:
    """Fields without a label that is seen; a placeholder is none."""
    return _complaints(
        widget,
        """return all.filter((field) => field.matches("input, select, textarea") && drawn(field))
            .filter((field) => ![...field.labels].some((label) => drawn(label) && label.innerText.trim()))
            .map(named);""",
    )


def faint_placeholders(widget: Locator) -> list[str]:
    """Placeholders below the contrast that text needs."""
    return _complaints(
        widget,
        """return all.filter((field) => field.placeholder && drawn(field))
            .filter((field) => contrast(getComputedStyle(field, "::placeholder").color, ground(field)) < argument)
            .map((field) => field.placeholder);""",
        READABLE,
    )


def unseen_focus(widget: Locator) -> list[str]:
    """What the keyboard can reach without a solid outline of at least 2 px that stands out from what is around it."""
    widget.page.keyboard.press("Shift")  # from now on the browser shows the focus as it does to keyboard users
    return _complaints(
        widget,
        r"""return all.filter((element) => element.tabIndex >= 0 && drawn(element)).filter((element) => {
            element.focus();
            const {outlineStyle, outlineWidth, outlineColor, outlineOffset, boxShadow} = getComputedStyle(element);
            const halo = /^(rgb\([^)]*\)) 0px 0px 0px [5-9]px/.exec(boxShadow)?.[1]; // brought along with the ring
            const around = halo || ground(parseFloat(outlineOffset) < 0 ? element : element.parentElement);
            const solid = outlineStyle === "solid" && parseFloat(outlineWidth) >= 2;
            return !solid || contrast(outlineColor, around) < argument;
        }).map(named);""",
        DISTINCT,
    )


def small_targets(widget: Locator) -> list[str]:
    """Targets below 24 × 24 px; only a link in the middle of a sentence may be as small as the sentence."""
    return _complaints(
        widget,
        """const sentence = (link) => link.localName === "a" && getComputedStyle(link).display === "inline";
        const targets = "button, a, input, select, summary, [role=option]";
        return all.filter((element) => element.matches(targets) && drawn(element) && !sentence(element))
            .filter((element) => Math.min(element.offsetWidth, element.offsetHeight) < argument)
            .map((element) => `${named(element)}: ${element.offsetWidth}×${element.offsetHeight}`);""",
        SMALLEST_TARGET,
    )


def unstated_expansion(widget: Locator) -> list[str]:
    """What opens and closes something else without saying whether that is open, or saying what is not so."""
    return _complaints(
        widget,
        """return all.filter((element) => element.hasAttribute("aria-controls")).filter((element) => {
            const controlled = root.getElementById(element.getAttribute("aria-controls"));
            return element.getAttribute("aria-expanded") !== String(Boolean(controlled) && drawn(controlled));
        }).map(named);""",
    )


def untagged_bangla(widget: Locator) -> list[str]:
    """Words in Bangla script that are not marked as Bangla: a screen reader skips them or spells them out."""
    return _complaints(
        widget,
        """return texts().filter((text) => /\\p{Script=Bengali}/u.test(text.data))
            .filter((text) => !/^bn\\b/.test(text.parentElement.closest("[lang]")?.lang || ""))
            .map((text) => text.data);""",
    )


def unreachable_controls(widget: Locator) -> list[str]:
    """What answers to a click, or looks as if, and is no button, link or field: the keyboard does not reach it."""
    own = "button, a[href], input, select, summary, label, [role=option]"
    looks = _complaints(
        widget,
        """return all.filter((element) => drawn(element) && !element.closest(argument))
            .filter((element) => getComputedStyle(element).cursor === "pointer").map(named);""",
        own,
    )
    return looks + _listening(widget.page, own)


def _listening(page: Page, own: str) -> list[str]:
    """Elements that listen for clicks though they are none of ``own``; only the browser's debugger knows that."""
    debugger = page.context.new_cdp_session(page)
    found = debugger.send(
        "Runtime.evaluate",
        {"expression": f"[...document.querySelector('citewell-chat').shadowRoot.querySelectorAll('*:not({own})')]"},
    )
    entries = debugger.send("Runtime.getProperties", {"objectId": found["result"]["objectId"], "ownProperties": True})
    elements = [entry["value"] for entry in entries["result"] if entry["name"].isdigit()]
    complaints = [
        element["description"]
        for element in elements
        for listener in debugger.send("DOMDebugger.getEventListeners", {"objectId": element["objectId"]})["listeners"]
        if listener["type"] == "click"
    ]
    debugger.detach()
    return complaints


def small_text(widget: Locator) -> list[str]:
    """Text below 12 px at the browser's usual size."""
    return _complaints(
        widget,
        """return texts().filter((text) => parseFloat(getComputedStyle(text.parentElement).fontSize) < argument)
            .map((text) => text.data);""",
        SMALLEST_TEXT,
    )


def keyboard_trap(widget: Locator) -> list[str]:
    """Whether Tab, pressed in the panel as often as it has places, fails to leave the widget."""
    page = widget.page
    places = widget.evaluate(
        "(host) => [...host.shadowRoot.querySelectorAll('*')].filter((element) => element.tabIndex >= 0).length"
    )
    widget.locator("form input").focus()
    for _ in range(places + 1):
        page.keyboard.press("Tab")
        if not widget.evaluate("(host) => document.activeElement === host"):
            return []
    return [f"still in the widget after {places + 1} times Tab"]


# ---- contrast where axe is not sure, sizes, and what is cut off


def faint_text(widget: Locator) -> list[str]:
    """Text below 4.5:1 to the nearest ground that is painted, wherever it stands; what cannot be used is exempt."""
    return _complaints(
        widget,
        """return texts().filter((text) => !text.parentElement.closest("[aria-disabled=true]"))
            .map((text) => [text, contrast(getComputedStyle(text.parentElement).color, ground(text.parentElement))])
            .filter(([, reached]) => reached < argument)
            .map(([text, reached]) => `${text.data}: ${reached.toFixed(2)}`);""",
        READABLE,
    )


def faint_borders(widget: Locator) -> list[str]:
    """Fields, and buttons told by their border alone, whose border is below 3:1 to what is around them."""
    return _complaints(
        widget,
        """const clear = (colour) => channels(colour)[3] === 0;
        return all.filter((element) => element.matches("button, select, input, .button") && drawn(element))
            .map((element) => [element, getComputedStyle(element), ground(element.parentElement)])
            .filter(([, {backgroundColor: own}, around]) => clear(own) || contrast(own, around) < argument)
            .filter(([, {borderTopColor}]) => !clear(borderTopColor))
            .filter(([, {borderTopColor}, around]) => contrast(borderTopColor, around) < argument)
            .map(([element]) => named(element));""",
        DISTINCT,
    )


def faint_icons(widget: Locator) -> list[str]:
    """Drawings below 3:1, or in a colour of their own: a visitor's forced colours would not reach them."""
    return _complaints(
        widget,
        """return all.filter((element) => element.localName === "svg" && drawn(element)).filter((icon) => {
            const {stroke, color} = getComputedStyle(icon);
            return stroke !== color || contrast(stroke, ground(icon)) < argument;
        }).map((icon) => named(icon.parentElement));""",
        DISTINCT,
    )


def cut_off(widget: Locator) -> list[str]:
    """What is hidden by a box too small for it, or sticks out of its button, its panel or the page sideways."""
    return _complaints(
        widget,
        """const hidden = all.filter(drawn).filter((element) => {
            const {overflowX, overflowY} = getComputedStyle(element);
            const wide = element.scrollWidth > element.clientWidth + 1;
            const high = element.scrollHeight > element.clientHeight + 1;
            const scrolls = element.localName === "input" || overflowX === "visible";
            return (wide && !scrolls) || (high && /hidden|clip/.test(overflowY));
        }).map((element) => `cut: ${named(element)}`);
        const out = texts().filter((text) => {
            const range = document.createRange();
            range.selectNodeContents(text);
            const inner = range.getBoundingClientRect();
            const box = (text.parentElement.closest("button, .button") || text.parentElement.closest(".sheet, .corner"))
                ?.getBoundingClientRect();
            const high = text.parentElement.closest("button, .button");
            return box && (inner.left < box.left - 1 || inner.right > box.right + 1 || inner.right > innerWidth + 1 ||
                (high && (inner.top < box.top - 1 || inner.bottom > box.bottom + 1)));
        }).map((text) => `sticks out: ${text.data.slice(0, 40)}`);
        return [...hidden, ...out];""",
    )


def misnamed(widget: Locator) -> list[str]:
    """What has a name without the words that are seen on it: who speaks them to their computer would not reach it."""
    return _complaints(
        widget,
        """return all.filter((element) => element.hasAttribute("aria-label") && drawn(element))
            .filter((element) => element.matches("button, a, input, select") && /\\p{L}/u.test(element.innerText))
            .filter((element) => !element.getAttribute("aria-label").includes(element.innerText.trim()))
            .map(named);""",
    )


# ---- pixels


def ring(page: Page, target: Locator) -> tuple[int, int]:
    """How many pixels around ``target`` the focus changes by at least 3:1, and how many a 2 px ring would have.

    ``target`` must not have the focus yet, and gets it the way a keyboard user gives it.
    """
    box = target.bounding_box()
    assert box is not None
    margin = 12
    left, top = max(0.0, box["x"] - margin), max(0.0, box["y"] - margin)
    clip = {"x": left, "y": top, "width": box["width"] + 2 * margin, "height": box["height"] + 2 * margin}
    before = _picture(page, clip)
    page.keyboard.press("Shift")
    target.focus()
    after = _picture(page, clip)
    changed = sum(
        _contrast(one, other) >= DISTINCT
        for one, other in zip(_pixels(before), _pixels(after), strict=True)
        if one != other
    )
    return changed, round(2 * 2 * (box["width"] + box["height"]))


def differ(one: bytes, other: bytes) -> bool:
    """Whether two PNG pictures of one size show something else."""
    return ImageChops.difference(_image(one), _image(other)).getbbox() is not None


def _picture(page: Page, clip: dict[str, float]) -> Image.Image:
    return _image(page.screenshot(clip=clip, animations="disabled"))  # type: ignore[arg-type] # a dict of these four


def _image(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def _pixels(image: Image.Image) -> list[tuple[int, int, int]]:
    data = image.tobytes()
    return list(zip(data[::3], data[1::3], data[2::3], strict=True))


def _contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[int, int, int]) -> float:
    red, green, blue = (
        value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
