// Where the script begins: one element for the page, unless it has its own, and what pages may call.

import {CitewellChat} from "./element.js";
import {settings} from "./options.js";

const NAME = "citewell-chat";
const AGAIN = 20; // times that a page may remove the element and get it back

function start() {
  let host = document.querySelector(NAME);
  let left = AGAIN;
  const waiting = settings.queue || [];

  /** Beside the body, not in it: it stays when a page changes its body, and out of what the body transforms. */
  function attach() {
    host = document.createElement(NAME);
    document.documentElement.append(host);
    watcher.observe(document.documentElement, {childList: true});
  }
  const watcher = new MutationObserver(() => {
    if (!host.isConnected && left-- > 0) document.documentElement.append(host);
  });

  const calls = {
    open: () => host.open(),
    close: () => host.close(),
    ask: (text) => host.ask(text),
    on(name, listener) {
      const heard = (event) => listener(event.detail);
      document.addEventListener(`citewell:${name}`, heard);
      return () => document.removeEventListener(`citewell:${name}`, heard);
    },
    destroy() {
      watcher.disconnect();
      host.remove();
    },
  };
  window.Citewell = {...settings, ...calls};
  if (!host) attach();
  for (const [name, ...words] of waiting) calls[name]?.(...words);
}

// A second script on the page changes nothing; a browser without these keeps the page's plain link.
if (!customElements.get(NAME) && "adoptedStyleSheets" in document && window.HTMLDialogElement?.prototype.showModal) {
  customElements.define(NAME, CitewellChat);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
