// <citewell-chat>: the button, the panel it opens, and their place on the page.

import {setColour} from "./colour.js";
import {el, icon} from "./dom.js";
import {createMemory} from "./memory.js";
import {number, option, serverAddress, warn} from "./options.js";
import {createPanel} from "./panel.js";
import {createServer} from "./server.js";
import css from "./style.css";
import {chosenLanguage, createWords} from "./words.js";

const BUBBLE = "M4 5h16v11h-8l-5 4v-4H4z";
const SMALL = matchMedia("(max-width: 30em), (max-height: 28em)"); // there the panel fills the screen and is modal

let sheet;

export class CitewellChat extends HTMLElement {
  #parts = null; // host, root, words, server, memory; null where there is no server to speak to
  #panel = null;
  #dialog = null;
  #launcher = null;
  #opener = null;
  #connected = null;

  connectedCallback() {
    this.#connected = new AbortController();
    const {signal} = this.#connected;
    if (!this.#parts && !this.#build()) return;
    document.addEventListener("click", (event) => this.#clicked(event), {signal});
    SMALL.addEventListener("change", () => this.isOpen && this.#show(), {signal});
    for (const name of ["resize", "scroll"]) window.visualViewport?.addEventListener(name, () => this.#fit(), {signal});
    if (this.isOpen) this.#show();
  }

  disconnectedCallback() {
    this.#connected.abort();
    this.#panel?.stop();
  }

  get isOpen() {
    return Boolean(this.#dialog?.hasAttribute("open"));
  }

  // ---- what pages may call

  open(opener = null) {
    if (!this.#parts) return;
    this.hidden = false;
    if (!this.isOpen) {
      this.#opener = opener;
      this.#furnish();
      this.#show();
      this.#tell("open");
    }
    // Called by a script on its own account, it leaves the focus where it is.
    if (navigator.userActivation?.isActive ?? true) this.#focus();
  }

  close() {
    if (this.isOpen && !this.#parts.inline) this.#dialog.close();
  }

  ask(text) {
    this.open();
    this.#panel?.ask(String(text));
  }

  // ---- building

  #build() {
    const base = serverAddress(this);
    if (!base) return false;
    const inline = this.hasAttribute("inline");
    const memory = createMemory(option(this, "remember") !== "off");
    this.#parts = {host: this, root: el("div.root"), words: createWords(), server: createServer(base), memory, inline};
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
    }
    const shadow = this.attachShadow({mode: "open"});
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(this.#parts.root);
    this.#dress();
    this.#speak(chosenLanguage(option(this, "lang"), document.documentElement.lang, ...navigator.languages));
    return true;
  }

  /** What does not change with the language. */
  #dress() {
    const {root, inline} = this.#parts;
    const colour = option(this, "color");
    root.classList.toggle("inline", inline);
    root.classList.toggle("light", option(this, "theme") === "light");
    root.style.setProperty("--x", `${number(this, "offset-x", 20, 0, 999)}px`);
    root.style.setProperty("--y", `${number(this, "offset-y", 20, 0, 999)}px`);
    root.style.setProperty("--z", number(this, "z-index", 1000, 0, 2147483647));
    const wrong = colour && setColour(root, colour);
    if (wrong) warn(`color="${colour}" is not used: ${wrong}`);
  }

  async #speak(language) {
    const {words, server} = this.#parts;
    if (language !== "en") await words.speak(language, server.strings);
    else await words.speak(language);
    this.#draw();
  }

  #draw() {
    const {root, words, inline} = this.#parts;
    const open = inline || this.isOpen;
    // The button stands at the end of the page's own lines, whatever direction the widget's words have.
    const side = {
      dir: getComputedStyle(document.documentElement).direction,
      "data-position": option(this, "position") === "start" ? "start" : "end",
    };
    this.#panel?.stop();
    this.#panel = null;
    this.#dialog = el("dialog", {id: "panel", "aria-labelledby": "title", ...side, onkeydown: (event) => this.#key(event)});
    this.#dialog.addEventListener("cancel", (event) => this.#cancelled(event));
    this.#dialog.addEventListener("close", () => this.#closed());
    this.#launcher = el(
      "button.launcher",
      {
        type: "button",
        "aria-expanded": "false",
        "aria-controls": "panel",
        onclick: () => (this.isOpen ? this.close() : this.open(this.#launcher)),
        onkeydown: (event) => this.#key(event),
      },
      icon(BUBBLE),
      el("span", null, option(this, "label") || words("launcher")),
    );
    root.lang = words.language;
    root.dir = words.direction;
    root.replaceChildren(el("div.corner", side, el("div", {dir: words.direction}, inline ? null : this.#launcher)), this.#dialog);
    if (open) {
      this.#furnish();
      this.#show();
    }
  }

  /** The panel's inside, built when it is first needed. */
  #furnish() {
    if (this.#panel) return;
    this.#panel = createPanel(this.#parts, {
      close: () => this.close(),
      hide: () => {
        this.close();
        this.hidden = true;
      },
      speak: async (language) => {
        await this.#speak(language);
        this.#focus();
      },
      tell: (name, detail) => this.#tell(name, detail),
      small: () => SMALL.matches,
    });
    this.#dialog.append(this.#panel.node);
  }

  // ---- opening and closing

  /** Modal where it fills the screen; elsewhere the page stays usable beside it, and the focus where it is. */
  #show() {
    const dialog = this.#dialog;
    const focused = this.shadowRoot.activeElement;
    if (this.isOpen) dialog.close();
    if (SMALL.matches && !this.#parts.inline) dialog.showModal();
    else dialog.setAttribute("open", "");
    if (focused && dialog.contains(focused)) focused.focus();
    this.#launcher.setAttribute("aria-expanded", "true");
    this.#fit();
  }

  #focus() {
    // On a phone the keyboard would cover what stands there.
    if (this.#panel) (SMALL.matches ? this.#panel.title : this.#panel.input).focus();
  }

  #cancelled(event) {
    event.preventDefault();
    if (!this.#panel.escape()) this.close();
  }

  /** Also where the browser closed the dialog by itself. */
  #closed() {
    if (this.isOpen) return; // opened again meanwhile, in the other way
    this.#launcher.setAttribute("aria-expanded", "false");
    (this.#opener?.isConnected ? this.#opener : this.#launcher).focus();
    this.#opener = null;
    this.#tell("close");
  }

  #key(event) {
    if (event.key !== "Escape" || event.isComposing || !this.isOpen) return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.#panel.escape()) this.close();
  }

  /** A link of the page that leads to the questions opens them here; without this script it is a link. */
  #clicked(event) {
    const link = event.composedPath()[0]?.closest?.("[data-citewell]");
    const plain = !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
    if (!link || !plain) return;
    event.preventDefault();
    this.open(link);
  }

  /** Above a phone's keyboard, which covers part of the screen without making it smaller. */
  #fit() {
    const view = window.visualViewport;
    const {style} = this.#parts.root;
    style.setProperty("--height", view ? `${view.height * view.scale}px` : "100%");
    style.setProperty("--top", view ? `${view.offsetTop}px` : "0");
  }

  /** Never with a word of a question: what a page listens to, its analytics may keep. */
  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`citewell:${name}`, {detail, bubbles: true, composed: true}));
  }
}
