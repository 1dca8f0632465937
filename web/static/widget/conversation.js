// The turns of one conversation: asked, waited for, answered or failed; shown, spoken and kept in this tab.

import {replyLines, replyNodes, replySpeech} from "./answer.js";
import {spoken} from "./announcer.js";
import {button, el, mixed} from "./dom.js";
import {copy} from "./transcript.js";

const SEARCHING = 500; // milliseconds after which waiting is said
const CONTEXT = 3; // earlier questions that go along; the server takes no more
const KEPT_TURNS = 20; // turns, while the visitor goes from page to page
const NEAR = 40; // pixels from the end that still count as reading the end

export function createConversation(chat, log, latest) {
  const {words, server, announcer, memory} = chat;
  const turns = [];
  const acknowledged = new Set();
  let answers = 0;
  let running = null;

  const question = (message, asked) => ({
    message,
    context: turns.filter((turn) => turn.counts).map((turn) => turn.question).slice(-CONTEXT),
    acknowledged: [...acknowledged],
    country: chat.country || undefined,
    ...asked,
  });

  /** Put the top of `node` at the top of the view, unless the visitor reads further up; then say that there is more. */
  function bring(node, reading) {
    latest.hidden = !reading;
    latest.onclick = () => bring(node, false);
    if (!reading) log.scrollTop = node.offsetTop - log.offsetTop - 8;
  }

  const readingAbove = () => log.scrollHeight - log.scrollTop - log.clientHeight > NEAR;

  function turnNode(text) {
    const node = el(
      "div.turn",
      null,
      el("p.asked", {dir: "auto"}, el("span.unseen", {lang: words.language}, `${words("asked")}: `), mixed(text)),
    );
    log.append(node);
    return node;
  }

  /** "Did this help?" does what helps now, and tells the server where it keeps such a thing. */
  function feedback(reply) {
    const said = el("span.small");
    const vote = (helpful) => async () => {
      votes.forEach((one, index) => one.setAttribute("aria-pressed", (index === 0) === helpful));
      said.replaceChildren(words(helpful ? "glad" : "sorry"), ...(helpful ? [] : [" ", ...chat.clinicCall()]));
      announcer.murmur(said.textContent);
      if (reply.turn_id) await server.feedback({turn_id: reply.turn_id, helpful}).catch(() => null);
    };
    const votes = [true, false].map((helpful) =>
      button(".quiet", words(helpful ? "yes" : "no"), vote(helpful), {"aria-pressed": "false"}),
    );
    return [el("span.vote", {role: "group", "aria-label": words("helped")}, words("helped"), " ", votes), said];
  }

  function actions(reply) {
    const take = button(".quiet", words("copy"), async () => {
      const done = await copy(replyLines(reply, chat).join("\n"), log);
      take.textContent = words(done ? "copied" : "not_copied");
      announcer.murmur(take.textContent);
      setTimeout(() => take.replaceChildren(words("copy")), 3000);
    });
    return el("div.actions", {lang: words.language}, take, feedback(reply));
  }

  function show(turn, node) {
    const reply = turn.reply;
    const rules = reply.alert ? [reply.alert, ...reply.alert.also].map((card) => card.rule) : [];
    const nodes = replyNodes(reply, chat, {
      ask: (title) => ask(title),
      actions,
      acknowledge(event) {
        if (running) return;
        event.target.setAttribute("aria-disabled", "true");
        rules.forEach((rule) => acknowledged.add(rule));
        ask(turn.question, {shown: words("not_emergency"), context: turn.context});
      },
      async show(country) {
        chat.country = country;
        const again = await server.chat(question(turn.question, {context: turn.context})).catch(() => null);
        if (!again?.alert) return;
        turn.reply = {...reply, alert: again.alert};
        const place = node.querySelector(".alert");
        show(turn, node);
        if (place) node.querySelector(".country button")?.focus();
        announcer.say(spoken(again.alert.phones.map((phone) => phone.label)));
      },
    });
    node.replaceChildren(node.firstChild, ...nodes.filter(Boolean));
    memory.write({turns: turns.slice(-KEPT_TURNS), acknowledged: [...acknowledged], country: chat.country});
  }

  /** What went wrong, the question kept, and who can be reached by telephone meanwhile. */
  function showFailure(turn, node, failure) {
    const card = failure.alert && chat.card(failure.alert);
    const retry = button("", words("retry"), () => {
      chat.focusInput();
      node.remove();
      ask(turn.question, turn);
    });
    node.replaceChildren(
      node.firstChild,
      ...[card, el("div.failure", {lang: words.language}, el("p", null, words(failure.reason)), el("p", null, retry), chat.phones())].filter(Boolean),
    );
    const alert = failure.alert ? chat.cardText(failure.alert) : [];
    announcer.say(spoken([...alert, words(failure.reason)]));
  }

  /**
   * Ask `text`; false where another answer is still awaited. `shown` stands in its place where the visitor pressed
   * something that asks the same once more.
   */
  function ask(text, {shown, context} = {}) {
    if (running) return false;
    run(text, shown, context);
    return true;
  }

  async function run(text, shown, context) {
    const asked = question(text, context && {context});
    const turn = {question: text, shown, context: asked.context, counts: false};
    const node = turnNode(shown || text);
    const waiting = el("p.small", {lang: words.language});
    node.append(waiting);
    bring(node, false);
    running = new AbortController();
    chat.busy(true);
    chat.tell("ask");
    const timer = setTimeout(() => {
      waiting.append(words("searching"));
      announcer.say(words("searching"));
    }, SEARCHING);
    try {
      turn.reply = await server.chat(asked, running.signal);
      turn.counts = !shown;
      turns.push(turn);
      const reading = readingAbove();
      show(turn, node);
      announcer.say(spoken(replySpeech(turn.reply, chat, ++answers)));
      bring(node, reading);
      chat.tell("answer", {kind: turn.reply.kind});
    } catch (failure) {
      if (!failure.reason) throw failure;
      failed(turn, node, failure);
    } finally {
      clearTimeout(timer);
      running = null;
      chat.busy(false);
    }
  }

  function failed(turn, node, failure) {
    if (!node.isConnected) return; // cleared meanwhile, or the widget is gone
    chat.tell("error", {reason: failure.reason});
    if (failure.reason !== "refused") return showFailure(turn, node, failure);
    // What cannot be used goes back into the field; a safety message that it raised stays.
    if (failure.alert) {
      node.replaceChildren(node.firstChild, chat.card(failure.alert));
      announcer.say(spoken(chat.cardText(failure.alert)));
    } else node.remove();
    chat.refused(turn.question);
  }

  return {
    ask,
    turns,
    restore() {
      const kept = memory.read();
      if (!kept?.turns?.every?.((turn) => turn?.question && turn.reply?.disclaimer)) return;
      chat.country ||= kept.country;
      kept.acknowledged?.forEach((rule) => acknowledged.add(rule));
      turns.push(...kept.turns);
      turns.forEach((turn) => show(turn, turnNode(turn.shown || turn.question)));
      answers = turns.length;
      log.scrollTop = log.scrollHeight;
    },
    clear() {
      running?.abort();
      turns.length = answers = 0;
      acknowledged.clear();
      memory.clear();
      log.querySelectorAll(".turn").forEach((node) => node.remove());
      latest.hidden = true;
    },
    stop: () => running?.abort(),
  };
}
