// Elements, made one by one: no string ever becomes markup, so no word of a visitor or a server can run,
// and a page that enforces Trusted Types has nothing to forbid.

const SVG = "http://www.w3.org/2000/svg";
const BANGLA = /\p{Script=Bengali}(?:[\p{Script=Bengali}\p{M}\p{Zs}\u200c\u200d.,:;।/()-]*[\p{Script=Bengali}\p{M}।])?/gu;

/**
 * An element such as `el("p.hint", {id: "hint"}, "text", child)`.
 * Attributes that are null, undefined or false are left out; `on…` are listeners; children that are null are left out.
 */
export function el(name, attributes, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value || value === 0 || value === "") node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return node;
}

export function button(name, text, onclick, attributes) {
  return el(`button${name}`, {type: "button", onclick, ...attributes}, text);
}

/** A drawing of one line on a grid of 24 by 24, in the colour of the text around it. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** `text` with each stretch of Bangla marked as such, for screen readers and fonts. */
export function mixed(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(BANGLA)) {
    nodes.push(text.slice(at, found.index), el("span", {lang: "bn"}, found[0]));
    at = found.index + found[0].length;
  }
  return [...nodes, text.slice(at)];
}

/** A telephone number as a link; digits keep their order in text of any direction. */
export function call(label, tel, name = ".call") {
  return el(`a${name}`, {href: `tel:${tel.replace(/[^\d+*#]/g, "")}`}, el("bdi", null, label));
}

/** A link that leaves the page alone: `text` and the words that say so. */
export function elsewhere(url, text, words) {
  return el(
    "a",
    {href: url, target: "_blank", rel: "noopener noreferrer"},
    text,
    icon("M14 5h5v5M19 5l-8 8M11 6H6v12h12v-5"),
    el("span.unseen", null, ` ${words("new_tab")}`),
  );
}
