// Elements, made one by one: no string ever becomes markup, so no word of a visitor or a server can run,
// and a page that enforces Trusted Types has nothing to forbid.

const BANGLA = /([\u0980-\u09ff][\u0980-\u09ff\u200c\u200d।\s]*)/;

/**
 * An element such as `el("p.hint", {id: "hint"}, "text", child)`. Attributes that are false, null or undefined are left
 * out, `on…` are listeners; of children (also in lists) so are those that are false or empty.
 */
export function el(name, attributes, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  node.className = classes.join(" ");
  for (const key in attributes) {
    const value = attributes[key];
    if (key.startsWith("on")) node[key] = value;
    else if (value) node.setAttribute(key, value);
  }
  node.append(...children.flat(9).filter(Boolean));
  return node;
}

export const button = (text, onclick, attributes) => el("button", {type: "button", onclick, ...attributes}, text);

/** `text` with each stretch of Bangla marked as such, for screen readers and fonts. */
export const mixed = (text) =>
  text.split(BANGLA).map((part, index) => (index % 2 ? el("span", {lang: "bn"}, part) : part));

/** A telephone number as a link; digits keep their order in text of any direction. */
export const call = (label, tel = label, name = "a.call") =>
  el(name, {href: `tel:${tel.replace(/[^\d+*#]/g, "")}`}, el("bdi", null, label));
