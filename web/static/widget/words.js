// What the widget itself says, in the visitor's language: English comes with the script, others when they are needed.

import english from "./strings/en.json";
import languages from "./strings/languages.json";

/** The first of `wanted` (such as "bn-BD") that there are strings for; English if none. */
export function chosenLanguage(...wanted) {
  const codes = wanted.map((code) => (code || "").toLowerCase());
  const known = codes.map((code) => (languages[code] ? code : code.split("-")[0])).find((code) => languages[code]);
  return known || "en";
}

/** Strings of one instance: `words("close")`, `words("left", {n: 3})`, and how numbers and dates are written. */
export function createWords() {
  let strings = english;
  const words = (key, values) =>
    (strings[key] ?? english[key]).replace(/\{(\w+)\}/g, (_, name) =>
      typeof values[name] === "number" ? new Intl.NumberFormat(words.language).format(values[name]) : values[name],
    );
  words.language = "en";
  words.direction = "ltr";
  words.date = (day) =>
    new Intl.DateTimeFormat(words.language, {dateStyle: "long", timeZone: "UTC"}).format(new Date(day));
  /** Speak `language` from now on; English goes on where its strings cannot be had. */
  words.speak = async (language, load) => {
    const found = language === "en" ? english : await load(language).catch(() => null);
    strings = found || english;
    words.language = found ? language : "en";
    words.direction = strings.dir;
  };
  return words;
}
