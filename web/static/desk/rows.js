// The list of results, or of recent look-ups: a listbox whose chosen option the field names, so that focus stays there.

import {el, mixed} from "../widget/dom.js";

export function createRows(field, list, onChoose) {
  let chosen = -1;

  list.addEventListener("mousedown", (event) => event.preventDefault()); // focus stays in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    if (isCovered()) field.blur(); // the keyboard on the screen goes, and the passage is seen
    onChoose([...list.children].indexOf(option));
  });

  const number = (index) => index < 9 && el("kbd", {"aria-hidden": "true"}, `${index + 1}`);

  return {
    /** `rows` are `{title, about}`; nothing is chosen and the field names none, until `choose`. */
    fill(rows) {
      chosen = -1;
      field.removeAttribute("aria-activedescendant");
      list.replaceChildren(
        ...rows.map(({title, about}, index) =>
          el(
            "li",
            {
              id: `row-${index}`,
              role: "option",
              "aria-selected": "false",
              "aria-posinset": index + 1,
              "aria-setsize": rows.length,
              "aria-keyshortcuts": index < 9 && `Alt+${index + 1}`,
            },
            number(index),
            el("span.title", null, mixed(title)),
            about && el("span.about", null, about),
          ),
        ),
      );
      field.setAttribute("aria-expanded", rows.length > 0);
      list.scrollTop = 0;
    },
    /** `named`: screen readers hear it; the first row that comes by itself is heard with the count. */
    choose(index, named) {
      list.children[chosen]?.setAttribute("aria-selected", "false");
      chosen = index;
      const option = list.children[index];
      if (!option) return field.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      if (named) field.setAttribute("aria-activedescendant", option.id);
      reveal(list, option);
    },
  };
}

/** Whether a keyboard on the screen takes part of it. */
const isCovered = () => visualViewport.height < 0.75 * innerHeight;

/** Scrolls inside the list alone: `scrollIntoView` would move the page, too. */
function reveal(list, option) {
  const [box, view] = [option.getBoundingClientRect(), list.getBoundingClientRect()];
  if (box.top < view.top) list.scrollTop -= view.top - box.top;
  else if (box.bottom > view.bottom) list.scrollTop += box.bottom - view.bottom;
}
