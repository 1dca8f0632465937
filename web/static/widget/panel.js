// The panel: heading, standing advice, conversation and form, in this order; built when it is first opened.

import {elsewhere} from "./answer.js";
import {createConversation} from "./conversation.js";
import {button, call, el, mixed} from "./dom.js";
import {option} from "./options.js";
import languages from "./strings/languages.json";
import {createSuggestions} from "./suggestions.js";
import {copy, print, save} from "./transcript.js";

const LIMIT = 500; // characters, until the server says otherwise
const HINT_FROM = 0.8; // of the limit
const SPOKEN = 1500; // milliseconds: what stands shorter is missed by TalkBack, what stays is found twice
const QUIET = 1000; // milliseconds that small messages wait, so that they come one a second, and go where something better comes

/** Whether a key belongs to a composition; Safari ends that before its last key, which then has this code alone. */
export const composes = (event) => event.isComposing || event.keyCode === 229;

/**
 * The panel of one instance, in the language of `words`. `element` is what it asks for: `close()`, `hide()`,
 * `speak(language)`, `tell(event, detail)`, `small()` (whether it fills a small screen), and `inline`.
 */
export function createPanel(host, root, words, server, memory, element) {
  let facts = {};

  // ---- parts

  const title = el("h2", {id: "title", tabindex: "-1"}, words("launcher"));
  const menu = el("div.menu", {id: "menu", hidden: true});
  const more = button(words("more"), () => toggleMenu(), {"aria-expanded": "false", "aria-controls": "menu"});
  const notice = el("p.notice");
  const welcome = el("div");
  const log = el("div.log", {tabindex: "0", role: "region", "aria-label": words("conversation")}, welcome);
  const latest = el("button.latest", {type: "button", hidden: true}, words("new_answer"));
  const input = el("input", {
    id: "question",
    role: "combobox",
    autocomplete: "off",
    enterkeyhint: "send",
    spellcheck: "true",
    dir: "auto",
    "aria-autocomplete": "list",
    "aria-controls": "options",
    "aria-describedby": "error hint privacy",
  });
  const list = el("ul.options", {id: "options", role: "listbox", "aria-label": words("start")});
  const send = el("button.send", null, words("send"));
  const error = el("p.error", {id: "error"});
  const hint = el("p.small", {id: "hint"});
  const privacy = el("p.small.privacy", {id: "privacy"});
  const region = el("div.unseen", {"aria-live": "polite"});
  const form = el(
    "form",
    {onsubmit: submit},
    el("label", {for: "question"}, words("question")),
    el("div.field", null, input, send, list),
    error,
    hint,
  );
  const close = button("×", element.close, {"aria-label": words("close")});
  const header = el("header", null, title, more, !element.inline && close);
  const node = el("div.sheet", {dir: words.direction}, header, menu, notice, log, latest, form, privacy, region);

  // ---- what is heard: one hidden region that takes one plain text at a time. Rich content in a live region is read in
  // scrambled order by Orca with Chromium; this is read once and in order (DESIGN.md).

  let leaving, waiting;
  function say(text) {
    clearTimeout(leaving);
    clearTimeout(waiting);
    region.replaceChildren(text);
    leaving = setTimeout(() => region.replaceChildren(), SPOKEN);
  }
  function murmur(text) {
    clearTimeout(waiting);
    waiting = setTimeout(say, QUIET, text);
  }

  // ---- whom to call, also where the server is gone: the page's own line has the numbers then

  function contacts(country) {
    const clinic = facts.clinic?.phone || option(host, "phone");
    const emergency = option(host, "emergency");
    const phones = facts.phones?.[country] || facts.phones?.[facts.country] || (emergency && [{label: emergency}]);
    return el(
      "div",
      null,
      clinic && el("p", null, words("call_clinic"), " ", call(clinic)),
      phones && el("p", null, words("emergency_call"), " ", phones.map(({label, tel}) => [call(label, tel), " "])),
    );
  }

  const conversation = createConversation(log, latest, words, server, memory, {
    facts: () => facts,
    contacts,
    say,
    murmur,
    tell: element.tell,
    focus: () => input.focus(),
    busy(is) {
      log.setAttribute("aria-busy", is);
      send.setAttribute("aria-disabled", is);
      input.readOnly = is;
      if (!is) load();
    },
    refused(text) {
      input.value = text;
      fail(count() < 0 ? hint.textContent : words("refused"));
    },
  });

  const [closeList, listKey] = createSuggestions(
    input,
    list,
    async (typed, signal) => (await server.suggest(typed, signal)).suggestions.slice(0, element.small() ? 5 : 7),
    ask,
    (found) => murmur(words("suggested", found)),
  );

  // ---- asking

  function fail(message) {
    error.textContent = message;
    if (message) {
      hint.textContent = ""; // or the same would be said twice
      input.setAttribute("aria-invalid", true);
      input.focus();
    } else input.removeAttribute("aria-invalid");
  }

  /** How many characters are left, which is said when they become few. */
  function count() {
    const limit = facts.limits?.message || LIMIT;
    const left = limit - [...input.value.normalize()].length;
    hint.textContent = left < 0 ? words("too_long", -left) : left <= limit - limit * HINT_FROM ? words("left", left) : "";
    return left;
  }

  function ask(text) {
    if (!conversation.ask(text)) return;
    input.value = "";
    fail("");
    count();
  }

  function submit(event) {
    event.preventDefault();
    closeList();
    if (input.readOnly) return;
    if (input.value.trim()) ask(input.value);
    else fail(words("blank"));
  }

  input.oninput = () => {
    fail("");
    count();
  };
  input.onkeydown = (event) => {
    if (!composes(event) && listKey(event.key)) event.preventDefault();
  };

  // ---- the menu

  function toggleMenu() {
    clearing.textContent = words("clear");
    menu.hidden = !menu.hidden;
    more.setAttribute("aria-expanded", !menu.hidden);
  }

  function closeMenu() {
    if (menu.hidden) return false;
    toggleMenu();
    more.focus();
    return true;
  }

  const entry = (text, act) =>
    button(text, async ({target}) => {
      const said = await act(target);
      if (said === false) return;
      closeMenu();
      if (said) murmur(said);
    });

  const clearing = entry(words("clear"), (target) => {
    if (target.textContent !== words("clear_sure")) {
      target.textContent = words("clear_sure");
      murmur(target.textContent);
      return false;
    }
    conversation.clear();
    return words("cleared");
  });

  menu.append(
    entry(words("copy_all"), () => copy(conversation.text(), log, words)),
    entry(words("save"), () => save(conversation.text())),
    entry(words("print"), () => print(conversation.text(), root)),
    clearing,
    element.inline ? "" : entry(words("hide"), element.hide),
    ...Object.keys(languages).map((code) =>
      code === words.language ? "" : button(languages[code], () => input.readOnly || element.speak(code), {lang: code}),
    ),
    el("p.small", null, memory.kept && words("kept")),
  );

  // ---- what stands there all the time, in the server's words as soon as they are known

  function settle() {
    const lang = facts.languages?.[0];
    const said = (name, text) => el(name, {lang}, mixed(text));
    const given = option(host, "start");
    const start = given ? given.split("|").filter((text) => text.trim()) : facts.start_questions || [];
    const {help} = facts;
    notice.replaceChildren(
      facts.disclaimer ? said("span", facts.disclaimer) : words("disclaimer"),
      " ",
      // Without the server's word on it, the page of all that is served, which names it; some content has none.
      help || !facts.disclaimer ? elsewhere(server.link(help?.url || "/sources/"), help?.title || words("help"), words, lang) : "",
    );
    privacy.replaceChildren(facts.privacy ? said("span", facts.privacy) : words("privacy"));
    welcome.replaceChildren(
      el("p", null, mixed(option(host, "greeting") || words("greeting"))),
      facts.scope ? said("p.small", facts.scope) : "",
      start[0] ? el("h3", null, words("start")) : "",
      el("ul.start", null, start.map((text) => el("li", null, button(said("span", text.trim()), () => ask(text.trim()))))),
    );
  }

  /** Asked for after every question for as long as it is not there. */
  async function load() {
    if (facts.disclaimer) return;
    facts = await server.config(words.language).catch(() => ({}));
    settle();
    count();
    conversation.refresh();
    if (!facts.disclaimer) welcome.prepend(contacts()); // those of the page's own line
  }

  settle();
  load();

  return {
    node,
    title,
    input,
    ask,
    stop: conversation.stop,
    /** Whether Escape had something to close that is less than the panel. */
    escape: () => closeList() || closeMenu(),
  };
}
