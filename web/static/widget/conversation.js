// The turns of one conversation: asked, waited for, answered or failed; shown, spoken and kept.

import {replyNodes} from "./answer.js";
import {cardNode} from "./card.js";
import {button, el, mixed} from "./dom.js";
import {ANSWER, URGENT, copy, spoken, texts, written} from "./transcript.js";
import {voteNodes} from "./votes.js";

const SEARCHING = 500; // milliseconds after which waiting is said
const CONTEXT = 3; // earlier questions that go along; the server takes no more
const KEPT = 20; // turns, while the visitor goes from page to page
const NEAR = 40; // pixels above the newest question that still count as waiting for its answer
const MOMENT = 3000; // milliseconds for which a button says that it has worked

/**
 * Fill `log` with turns; `latest` is the button that leads to an answer further down. `panel` is what is around it:
 * `facts()` (the server's configuration, or {}), `contacts()`, `say(text)`, `murmur(text)`, `busy(waiting)`,
 * `refused(text)`, `focus()`, `tell(event, detail)`.
 */
export function createConversation(log, latest, words, server, memory, panel) {
  let turns, acknowledged, country, running;

  const language = () => panel.facts().languages?.[0] || "en";

  /** Whether the newest turn is out of sight. */
  const further = () => log.lastChild.offsetTop > log.scrollTop + log.clientHeight;
  log.onscroll = () => (latest.hidden ||= !further()); // it must not cover what it led to

  function bring(node, reading) {
    latest.hidden = !reading || !further();
    latest.onclick = () => bring(node);
    if (!reading) log.scrollTop = log.parentNode.scrollTop = node.offsetTop; // where there is little room, all scrolls
  }

  function added(text) {
    const node = el("div.turn", null, el("p.asked", {dir: "auto"}, el("span.unseen", null, words("asked"), ": "), mixed(text)));
    log.append(node);
    return node;
  }

  const fill = (node, ...children) => node.replaceChildren(node.firstChild, el("div", null, children));

  const card = (alert, show) => {
    const {countries, country: home} = panel.facts();
    return alert && cardNode(alert, words, language(), countries, country || home, show);
  };

  function actions(reply, node) {
    const take = button(words("copy"), async () => {
      take.textContent = await copy(written([node]), log, words);
      panel.murmur(take.textContent);
      setTimeout(() => (take.textContent = words("copy")), MOMENT);
    });
    const raised = el("div");
    const heard = (alert, text) => {
      if (alert?.also) {
        node.firstChild.after(raised);
        raised.replaceChildren(card(alert));
        bring(node);
      }
      panel.say(spoken([...(alert ? texts(raised, URGENT) : []), text]));
    };
    return voteNodes(take, reply.turn_id, words, panel.facts().comment, server.feedback, () => panel.contacts(country), panel.murmur, heard);
  }

  function show(turn, node) {
    const {reply, question, context} = turn;
    const {alert, passage} = reply;
    const alone = alert?.placement === "replace";
    const shown = card(alert, (code, name) => {
      if (!running) country = code;
      ask(question, name, context);
    });
    const main = alone
      ? el(
          "p",
          null,
          button(words("not_emergency"), ({target}) => {
            [alert, ...alert.also].forEach(({rule}) => acknowledged.add(rule));
            if (ask(question, words("not_emergency"), context)) target.setAttribute("aria-disabled", true);
          }),
        )
      : replyNodes(reply, words, server.link, panel.facts().document_languages?.[passage?.id.split("#")[0]] || language(), ask, actions(reply, node));
    fill(node, alert?.placement === "after" ? [main, shown] : [shown, main]);
    node.turn = turn;
  }

  const keep = () => memory.write({turns: turns.slice(-KEPT), acknowledged: [...acknowledged], country});

  /**
   * Ask `text`; false where another answer is still awaited. `shown` stands in its place, and `context` is that of
   * before, where the visitor presses something that asks the same once more.
   */
  function ask(text, shown, context) {
    if (running) return false;
    run({
      question: text,
      shown,
      context: context || turns.filter((turn) => !turn.shown).map((turn) => turn.question).slice(-CONTEXT),
    });
    return true;
  }

  async function run(turn) {
    const {question, shown, context} = turn;
    const node = added(shown || question);
    const waiting = el("p.small");
    const timer = setTimeout(() => {
      waiting.append(words("searching"));
      panel.say(words("searching"));
    }, SEARCHING);
    running = new AbortController();
    node.append(waiting);
    bring(node);
    panel.busy(true);
    panel.tell("ask");
    try {
      turn.reply = await server.chat(
        {message: question, context, acknowledged: [...acknowledged], country, language: words.language},
        running.signal,
      );
      const reading = node.offsetTop - log.scrollTop > NEAR;
      show(turn, node);
      turns.push(turn);
      keep();
      speak(turn, node);
      bring(node, reading);
      panel.tell("answer", {kind: turn.reply.kind});
    } catch (error) {
      if (!error.reason) console.warn(error); // a reply that cannot be shown
      if (node.parentNode) failed(turn, node, error); // else cleared meanwhile
    } finally {
      clearTimeout(timer);
      running = null;
      panel.busy(false);
    }
  }

  /** What is urgent first; the advice once a conversation. */
  function speak({reply}, node) {
    const number = turns.length;
    const answer = texts(node, ANSWER);
    const more = reply.alternatives.length;
    panel.say(
      spoken([
        ...texts(node, URGENT),
        ...(answer[0] ? [words("answer", number), ...answer, number === 1 && reply.disclaimer, more && `${words("related")}: ${more}`] : []),
      ]),
    );
  }

  /** The question is kept: here, to be asked again; or in the field, if it cannot be used as it is. */
  function failed(turn, node, {reason = "server", alert}) {
    const {question, shown, context} = turn;
    if (node.isConnected) panel.tell("error", {reason});
    const retry = button(words("retry"), () => {
      if (running) return;
      panel.focus();
      node.remove();
      ask(question, shown, context);
    });
    const said = reason !== "refused" && words(reason);
    const urgent = alert?.also && card(alert); // what stands between may have an alert of its own
    fill(node, urgent, said && el("div.failure", null, el("p", null, said), el("p", null, retry), panel.contacts(country)));
    panel.say(spoken([...texts(node, URGENT), said]));
    if (said) return;
    if (!urgent) node.remove();
    panel.refused(question);
  }

  function clear() {
    running?.abort();
    turns = [];
    acknowledged = new Set();
    latest.hidden = true;
    log.replaceChildren(log.firstChild);
  }

  clear();
  const kept = memory.read();
  if (kept) {
    try {
      acknowledged = new Set(kept.acknowledged);
      kept.turns.forEach((turn) => show(turn, added(turn.shown || turn.question)));
      turns = kept.turns;
      country = kept.country;
      log.scrollTop = log.scrollHeight;
    } catch {
      clear(); // another version has written it, or the page
    }
  }

  return {
    ask,
    clear() {
      clear();
      memory.clear();
    },
    stop: () => running?.abort(),
    text: () => `${words.date(Date.now())}\n\n${written(log.querySelectorAll(".turn"))}`,
    /** Once the server's configuration is there, cards can offer the numbers of other countries. */
    refresh: () =>
      log.querySelectorAll(".turn:not(:focus-within)").forEach((node) => node.turn && show(node.turn, node)),
  };
}
