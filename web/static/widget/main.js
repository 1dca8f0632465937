// Where the script begins: one element for the page, unless it has its own, and what pages may call.

import {CitewellChat} from "./element.js";
import {settings} from "./options.js";

const NAME = "citewell-chat";
const AGAIN = 20; // times that a page may remove the element and get it back

function start() {
  const page = document.documentElement;
  let host = document.querySelector(NAME);
  let left = AGAIN;

  // Beside the body, not in it: it stays when a page changes its body, and out of what the body transforms.
  const watcher = new MutationObserver(() => host.isConnected || (left-- > 0 && page.append(host)));
  if (!host) {
    page.append((host = document.createElement(NAME)));
    watcher.observe(page, {childList: true});
  }

  // A page that swaps its body may swap its own element with it.
  const chat = () => (host.isConnected ? host : document.querySelector(NAME))?.chat;
  const calls = {
    open: () => chat()?.open(),
    close: () => chat()?.close(),
    ask: (text) => chat()?.ask(text),
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
  for (const [name, argument, listener] of settings.queue || []) calls[name]?.(argument, listener);
}

// A second script on the page changes nothing; a browser without these keeps the page's plain link.
if (!customElements.get(NAME) && document.adoptedStyleSheets) {
  customElements.define(NAME, CitewellChat);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
