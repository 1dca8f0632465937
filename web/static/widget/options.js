// Where an instance takes its options from: attributes, then the script's data-…, then window.Citewell.

// Read while the script runs: later, and in scripts that an optimiser delays, there is no current script.
const script =
  document.currentScript ||
  document.querySelector('script[src*="/widget.js"],script[data-src*="/widget.js"],script[data-rocket-src*="/widget.js"]');

/** What the page set before the script came: options, and calls in `queue`. */
export const settings = window.Citewell || {};

export const refuse = (name, given, expected) =>
  console.warn(`Citewell: ${name}="${given}" is not allowed; expected ${expected}`);

/** The option `name` (in-words) of `host`, as text; "" where nobody set it. */
export function option(host, name) {
  const camel = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  return String(host.getAttribute(name) ?? script?.dataset[camel] ?? settings[camel] ?? "").trim();
}

/** The address of the server without a slash at its end: where the script came from, unless `api` says otherwise. */
export function serverAddress(host) {
  const {src, dataset = {}} = script || {};
  const source = src || dataset.src || dataset.rocketSrc || "";
  const given = option(host, "api") || source.replace(/(\/w\/\w+)?\/widget\.js.*$/, "");
  if (/^https?:\/\/[^/]/.test(given)) return given.replace(/\/+$/, "");
  refuse("api", given, "an address with https://");
}
