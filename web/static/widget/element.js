// <citewell-chat>: the button, the panel it opens, and their place on the page.

import {setColour} from "./colour.js";
import {el} from "./dom.js";
import {createMemory} from "./memory.js";
import {option, refuse, serverAddress} from "./options.js";
import {composes, createPanel} from "./panel.js";
import {createServer} from "./server.js";
import css from "./style.css";
import {chosenLanguage, createWords} from "./words.js";

const SMALL = matchMedia("(max-width: 30em), (max-height: 28em)"); // there the panel fills the screen and is modal

let sheet;

/** What does not change with the language. */
function dress(host, root, shadow) {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(root);
  for (const name of ["offset-x", "offset-y", "z-index"]) {
    const given = option(host, name);
    if (/^\d+$/.test(given)) root.style.setProperty(`--${name}`, name === "z-index" ? given : `${given}px`);
    else if (given) refuse(name, given, "a whole number");
  }
  const colour = option(host, "color");
  if (colour) setColour(root, colour);
}

/** One instance, from its first place on a page on: what pages may call, and what its element does when it comes and goes. */
function createChat(host, base) {
  const words = createWords();
  const server = createServer(base);
  const memory = createMemory(option(host, "remember") !== "off");
  const inline = host.hasAttribute("inline");
  const root = el(inline ? "div.root.inline" : "div.root");
  let panel, dialog, launcher, opener;

  const isOpen = () => dialog?.hasAttribute("open");

  /** Never with a word of a question: what a page listens to, its analytics may keep. */
  const tell = (name, detail) =>
    host.dispatchEvent(new CustomEvent(`citewell:${name}`, {detail, bubbles: true, composed: true}));

  /** Everything anew in `language`. */
  async function speak(language) {
    await words.speak(language, server.strings);
    const again = inline || isOpen();
    // The button stands at the end of the page's own lines, whatever direction the widget's words have.
    const side = {
      dir: getComputedStyle(document.documentElement).direction,
      "data-position": option(host, "position"),
    };
    const onkeydown = (event) => {
      if (composes(event)) {
        if (event.key === "Enter") event.preventDefault(); // it ends the word, and must not send it
      } else if (event.key === "Escape" && isOpen()) stepBack(event);
    };
    const draft = panel?.input.value;
    panel?.stop();
    panel = null;
    dialog = el("dialog", {id: "panel", "aria-labelledby": "title", onkeydown, oncancel: stepBack, onclose: closed, ...side});
    launcher = el(
      "button.launcher",
      {
        type: "button",
        dir: words.direction,
        "aria-expanded": "false",
        "aria-controls": "panel",
        onclick: () => (isOpen() ? close() : open(launcher)),
        onkeydown,
      },
      option(host, "label") || words("launcher"),
    );
    root.lang = words.language;
    root.dir = words.direction;
    root.replaceChildren(inline ? "" : el("div.corner", side, launcher), dialog);
    if (again) show();
    if (draft && panel) panel.input.value = draft;
  }

  /** Modal where it fills the screen; elsewhere the page stays usable beside it, and the focus where it is. */
  function show() {
    const focused = host.shadowRoot.activeElement;
    if (!panel) {
      panel = createPanel(host, root, words, server, memory, {
        inline,
        close,
        tell,
        small: () => SMALL.matches,
        hide() {
          close();
          host.hidden = true;
        },
        async speak(language) {
          await speak(language);
          focus();
        },
      });
      dialog.append(panel.node);
    }
    if (isOpen()) dialog.close();
    if (SMALL.matches && !inline) dialog.showModal();
    else dialog.setAttribute("open", "");
    if (dialog.contains(focused)) focused.focus();
    launcher.setAttribute("aria-expanded", true);
    fit();
  }

  // On a phone the keyboard would cover what stands there.
  const focus = () => panel && (SMALL.matches ? panel.title : panel.input).focus();

  async function open(from) {
    await ready;
    host.hidden = false;
    if (!isOpen()) {
      opener = from;
      show();
      tell("open");
    }
    // Called by a script on its own account, it leaves the focus where it is.
    if (navigator.userActivation?.isActive ?? true) focus();
  }

  function close() {
    if (isOpen() && !inline) dialog.close();
  }

  /** Also where the browser closed the dialog by itself. */
  function closed() {
    if (isOpen()) return; // opened again meanwhile, in the other way
    launcher.setAttribute("aria-expanded", false);
    // Who writes elsewhere on the page by now goes on there.
    if ([host, document.body].includes(document.activeElement)) (opener?.isConnected ? opener : launcher).focus();
    tell("close");
  }

  function stepBack(event) {
    event.preventDefault();
    event.stopPropagation();
    if (!panel.escape()) close();
  }

  /** A link of the page that leads to the questions opens them here; without this script it is a link. */
  function clicked(event) {
    const link = event.composedPath()[0].closest?.("[data-citewell]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  }

  /** Above a phone's keyboard, which covers part of the screen without making it smaller. */
  function fit() {
    const {height, scale, offsetTop} = visualViewport;
    root.style.setProperty("--height", `${height * scale}px`);
    root.style.setProperty("--top", `${offsetTop}px`);
  }

  dress(host, root, host.attachShadow({mode: "open"}));
  const ready = speak(chosenLanguage([option(host, "lang"), document.documentElement.lang, ...navigator.languages]));

  return {
    open,
    close,
    async ask(text) {
      await open();
      panel.ask(`${text}`);
    },
    come(signal) {
      document.addEventListener("click", clicked, {signal});
      SMALL.addEventListener("change", () => isOpen() && show(), {signal});
      for (const name of ["resize", "scroll"]) visualViewport.addEventListener(name, fit, {signal});
      if (isOpen()) show();
    },
    go: () => panel?.stop(),
  };
}

export class CitewellChat extends HTMLElement {
  connectedCallback() {
    const base = this.chat || serverAddress(this);
    if (!base) return; // the page keeps its plain link
    this.chat ||= createChat(this, base);
    this.there = new AbortController();
    this.chat.come(this.there.signal);
  }

  disconnectedCallback() {
    this.there?.abort();
    this.chat?.go();
  }
}
