// The panel: heading, standing advice, conversation and form, in this order; built when it is first opened.

import {createAnnouncer} from "./announcer.js";
import {cardLines, cardNode} from "./card.js";
import {createConversation} from "./conversation.js";
import {button, call, el, icon, mixed} from "./dom.js";
import {option} from "./options.js";
import {createSuggestions} from "./suggestions.js";
import {conversationText, copy, print, save} from "./transcript.js";
import languages from "./strings/languages.json";

const LIMIT = 500; // characters, until the server says otherwise
const HINT_FROM = 0.8; // of the limit
const CLOSE = "M6 6l12 12M18 6L6 18";
const MORE = "M5 7h14M5 12h14M5 17h14";
const SEND = "M4 12h15M13 6l6 6-6 6";

/**
 * The panel of one instance, in the language of `words`. `on` is what it asks of the element: `close()`, `hide()`,
 * `speak(language)`, `tell(event, detail)`, and whether it fills a small screen, `small()`.
 */
export function createPanel({host, root, words, server, memory, inline}, on) {
  let config = null;
  let numbers = 0;

  // ---- parts

  const title = el("h2", {id: "title", tabindex: "-1"}, words("launcher"));
  const menu = el("div.menu", {id: "menu", hidden: true});
  const notice = el("div.notice");
  const welcome = el("div.welcome");
  const log = el("div.log", {tabindex: "0", role: "region", "aria-label": words("conversation")}, welcome);
  const latest = button(".latest", words("new_answer"), null, {hidden: true});
  const input = el("input", {
    id: "question",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    enterkeyhint: "send",
    spellcheck: "true",
    dir: "auto",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "options",
    "aria-describedby": "error hint privacy",
  });
  const list = el("ul.options", {id: "options", role: "listbox", "aria-label": words("start"), hidden: true});
  const send = el("button.send", {type: "submit"}, el("span", null, words("send")), icon(SEND));
  const error = el("p.error", {id: "error", hidden: true});
  const hint = el("p.small", {id: "hint", hidden: true});
  const privacy = el("div", {id: "privacy"});
  const form = el(
    "form",
    {autocomplete: "off", onsubmit: submit},
    el("label", {for: "question"}, words("question")),
    el("div.field", null, input, send, list),
    error,
    hint,
    privacy,
  );
  const region = el("div.unseen", {"aria-live": "polite", "aria-atomic": "true"});
  const more = button(".icon", icon(MORE), toggleMenu, {"aria-label": words("more"), "aria-expanded": "false", "aria-controls": "menu"});
  const close = button(".icon.close", icon(CLOSE), on.close, {"aria-label": words("close")});
  const node = el(
    "div.sheet",
    {lang: words.language, dir: words.direction},
    el("header", null, title, more, inline ? null : close),
    menu,
    notice,
    log,
    latest,
    form,
    region,
  );

  // ---- what the parts of a conversation need

  const chat = {
    words,
    server,
    announcer: createAnnouncer(region),
    memory,
    country: option(host, "country"),
    get config() {
      return config;
    },
    /** The language that the clinic's content is in. */
    get language() {
      return config?.languages[0] || "en";
    },
    unique: () => `n${++numbers}`,
    tell: on.tell,
    translated: (name, text) => config?.translations?.[words.language]?.[name] ?? text,
    fixed(name, key, text) {
      const own = chat.translated(key, text);
      return el(name, {lang: own === text ? chat.language : words.language}, mixed(own));
    },
    clinicCall() {
      const phone = config?.clinic.phone || option(host, "phone");
      return phone ? [words("call_clinic"), " ", call(phone, phone)] : [];
    },
    phones() {
      const own = option(host, "emergency");
      const known = config?.phones[chat.country] || config?.phones[config.country] || [];
      const numbers = known.length ? known.map(({label, tel}) => call(label, tel)) : own ? [call(own, own)] : [];
      const urgent = numbers.length ? [words("emergency_call"), " ", numbers.flatMap((one) => [one, " "])] : [];
      return el("div.phones", null, [chat.clinicCall(), urgent].filter((line) => line.length).map((line) => el("p", null, line)));
    },
    card: (alert) => cardNode(alert, chat),
    cardText: (alert) => cardLines(alert, words),
    busy(waiting) {
      log.setAttribute("aria-busy", waiting);
      send.setAttribute("aria-disabled", waiting);
      input.readOnly = waiting;
    },
    refused(text) {
      input.value = text;
      fail(tooMany() > 0 ? words("too_long", {n: tooMany()}) : words("refused"));
    },
    focusInput: () => input.focus(),
  };
  const conversation = createConversation(chat, log, latest);
  const suggestions = createSuggestions(input, list, {
    find: server.suggest,
    choose: (text) => ask(text),
    tell: (count) => chat.announcer.murmur(words("suggested", {n: count})),
    most: () => (on.small() ? 5 : 7),
  });

  // ---- asking

  const length = () => [...input.value.normalize("NFC")].length;
  const tooMany = () => length() - (config?.limits.message || LIMIT);

  function fail(message) {
    error.replaceChildren(message);
    error.hidden = !message;
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (message) input.focus();
  }

  function count() {
    const limit = config?.limits.message || LIMIT;
    const left = -tooMany();
    hint.hidden = left > limit * (1 - HINT_FROM);
    hint.replaceChildren(left < 0 ? words("too_long", {n: -left}) : words("left", {n: left}));
  }

  function ask(text) {
    if (!conversation.ask(text)) return;
    input.value = "";
    fail("");
    count();
  }

  function submit(event) {
    event.preventDefault();
    suggestions.close();
    if (input.readOnly) return;
    if (input.value.trim()) ask(input.value);
    else fail(words("blank"));
  }

  // ---- what stands there all the time

  function settle() {
    notice.replaceChildren(
      config ? chat.fixed("p", "disclaimer", config.disclaimer) : el("p", null, words("disclaimer")),
      " ",
      config?.help ? el("p", null, el("a.help", {href: server.link(config.help.url), target: "_blank", rel: "noopener", lang: chat.language}, helpText())) : "",
    );
    privacy.replaceChildren(
      config ? chat.fixed("p.small", "privacy", config.privacy) : el("p.small", null, words("privacy")),
    );
    const questions = option(host, "start").split("|").map((text) => text.trim()).filter(Boolean);
    const start = questions.length ? questions : config?.start_questions || [];
    welcome.replaceChildren(
      el("p", null, mixed(option(host, "greeting") || words("greeting"))),
      config ? chat.fixed("p.small", "scope", config.scope) : "",
      start.length ? el("h3", null, words("start")) : "",
      el("ul.start", {lang: chat.language}, start.map((text) => el("li", null, button("", mixed(text), () => ask(text))))),
    );
    fillMenu();
  }

  function helpText() {
    return words.language === "en" ? config.help.title : words("help");
  }

  // ---- the menu

  function toggleMenu() {
    menu.hidden = !menu.hidden;
    more.setAttribute("aria-expanded", !menu.hidden);
  }

  function closeMenu() {
    if (menu.hidden) return false;
    toggleMenu();
    more.focus();
    return true;
  }

  function done(message) {
    closeMenu();
    chat.announcer.murmur(message);
  }

  const text = () => conversationText(conversation.turns, chat);

  function fillMenu() {
    const clear = button("", words("clear"), () => {
      if (clear.dataset.sure) {
        conversation.clear();
        fillMenu();
        done(words("cleared"));
      } else {
        clear.dataset.sure = "yes";
        clear.replaceChildren(words("clear_sure"));
      }
    });
    const others = Object.entries(languages).filter(([code]) => code !== words.language);
    menu.replaceChildren(
      button("", words("copy_all"), async () => done(words((await copy(text(), root)) ? "copied" : "not_copied"))),
      button("", words("save"), () => {
        save(text(), "conversation.txt");
        done(words("saved"));
      }),
      button("", words("print"), () => {
        closeMenu();
        print(text(), host, root);
      }),
      clear,
      ...(inline ? [] : [button("", words("hide"), on.hide)]),
      ...others.map(([code, name]) => button("", name, () => on.speak(code), {lang: code})),
      el("p.small", null, words(option(host, "remember") === "off" ? "not_kept" : "kept")),
    );
  }

  // ---- keys

  /** Whether Escape had something to close that is less than the panel. */
  function escape() {
    if (suggestions.open()) {
      suggestions.close();
      return true;
    }
    return closeMenu();
  }

  input.addEventListener("input", () => {
    if (!error.hidden) fail("");
    count();
  });
  input.addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode === 229; // Safari ends a composition before its last key
    if (composing ? event.key === "Enter" : suggestions.key(event)) event.preventDefault();
  });

  settle();
  conversation.restore();
  server
    .config()
    .then((reply) => {
      config = reply;
      settle();
    })
    .catch(() => null); // the standing advice and the telephone numbers of the page's own line stay

  return {
    node,
    title,
    input,
    ask,
    escape,
    stop: conversation.stop,
  };
}
