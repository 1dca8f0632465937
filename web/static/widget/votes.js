// "Did this help?" under an answer: does what helps now, and tells the server where it keeps such a thing.

import {button, el, mixed} from "./dom.js";

/**
 * What stands under the answer `id` (`turn_id` of its reply; without one nothing is told): `first`, the two votes, and
 * after a vote a form for a comment with `hint` beside it, the server's sentence where it keeps comments. `tell(vote)`
 * brings the server's reply, `contacts()` whom to call. `heard(alert, text)` gets what became of a comment: the safety
 * message that it raised, if it did, and what is said.
 */
export function voteNodes(first, id, words, hint, tell, contacts, murmur, heard) {
  let kept;
  const said = el("span.small");
  const input = el("input", {id, autocomplete: "off"});
  const form = el("form", {hidden: true}, el("label", {for: id}, hint && mixed(hint)), el("div.field", null, input, el("button", null, words("comment"))));
  const note = el("p");

  const vote = (text, helpful, thanks) =>
    button(
      text,
      ({target}) => {
        const told = (comment) => tell({turn_id: id, helpful, comment}).catch((failure) => failure);
        votes.forEach((one) => one.setAttribute("aria-pressed", one === target));
        said.replaceChildren(thanks, helpful ? "" : contacts());
        murmur(said.textContent);
        if (id) told(kept); // a later vote takes the place of the one before with all that came along
        form.hidden = false;
        form.onsubmit = async (event) => {
          event.preventDefault();
          const comment = !input.readOnly && input.value.trim(); // pressing twice sends once
          if (!comment) return;
          input.readOnly = true;
          const {reason, alert} = await told(comment);
          input.readOnly = false;
          note.textContent = reason || alert ? words("unsent") : words("thanks");
          heard(alert, note.textContent);
          if (reason || alert) return;
          kept = comment;
          if (form.matches(":focus-within")) target.focus(); // it must not go with the field
          form.remove();
        };
      },
      {"aria-pressed": "false"},
    );
  const votes = [vote(words("yes"), true, words("glad")), vote(words("no"), false, words("sorry"))];

  return [el("div.actions", null, first, el("span.actions", {role: "group", "aria-label": words("helped")}, words("helped"), votes), said), id && hint && form, note];
}
