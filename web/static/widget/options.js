// Where an instance takes its options from: attributes, then the script's data-…, then window.Citewell, then defaults.

// Read while the script runs: later, and in scripts that an optimiser delays, there is no current script.
const script =
  document.currentScript ||
  document.querySelector(["src", "data-src", "data-rocket-src"].map((name) => `script[${name}*="/widget.js"]`).join());

/** What the page set before the script came: options, and calls in `queue`. */
export const settings = window.Citewell || {};

const camel = (name) => name.replace(/-./g, (pair) => pair[1].toUpperCase());

/** The option `name` (in-words) of `host`, as text; "" where nobody set it. */
export function option(host, name) {
  return String(host.getAttribute(name) ?? script?.dataset[camel(name)] ?? settings[camel(name)] ?? "").trim();
}

/** A whole number within bounds, or the usual one. */
export function number(host, name, usual, least, most) {
  const given = option(host, name);
  const value = Number(given || usual);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  warn(`${name}="${given}" is not allowed; expected a whole number from ${least} to ${most}`);
  return usual;
}

/** The address of the server without a slash at its end, or null: where the script came from, unless `api` says otherwise. */
export function serverAddress(host) {
  const source = script?.src || script?.dataset.rocketSrc || script?.dataset.src || "";
  const given = option(host, "api") || source.replace(/(\/w\/[^/]+)?\/widget\.js([?#].*)?$/, "");
  try {
    const url = new URL(given || "-", document.baseURI);
    if (given && /^https?:$/.test(url.protocol)) return url.href.replace(/[?#].*$/, "").replace(/\/+$/, "");
  } catch {
    // said below
  }
  warn(`api="${given}" is not allowed; expected the address of the server, such as https://ask.clinic.example`);
  return null;
}

export function warn(message) {
  console.warn(`Citewell: ${message}`);
}
