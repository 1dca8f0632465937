// What the widget itself says, in the visitor's language: English comes with the script, others when they are needed.
// `words("close")` has the key of a text; in the joined script the English text stands in its place, and is the key of
// its translations (web/widget.py). `words(level)` looks up what only the moment names, under that name.

import english from "./strings/en.json";
import languages from "./strings/languages.json";

/** The first of `wanted` (such as "bn-BD") that there are strings for; English if none. */
export const chosenLanguage = (wanted) =>
  wanted.map((code) => code.toLowerCase().split("-")[0]).find((code) => languages[code]) || "en";

/** Strings of one instance: `words("close")`, `words("left", 3)`, and how dates are written. */
export function createWords() {
  let strings;
  const words = (key, value) =>
    (strings[key] || key).replace("{n}", value?.toLocaleString(words.language));
  words.date = (day) => new Date(day).toLocaleDateString(words.language, {dateStyle: "long", timeZone: "UTC"});
  /** Speak `language` from now on; English goes on where its strings cannot be had. */
  words.speak = async (language, load) => {
    const loaded = language !== "en" && (await load(language).catch(() => 0));
    words.language = loaded ? language : "en";
    strings = {...english, ...loaded};
    words.direction = strings.dir;
  };
  return words;
}
