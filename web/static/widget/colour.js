// The clinic's colour: contrast computed after WCAG 2.2, refused where it cannot be read.

import {refuse} from "./options.js";

const LEAST = 4.5;

/** Relative luminance of red, green and blue, 0…255. */
const luminance = (colour) =>
  colour
    .map((value) => (value > 10 ? ((value / 255 + 0.055) / 1.055) ** 2.4 : value / 3294.6))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);

/**
 * Set `--fill` of `root` to `colour`, or say what was expected. White text stands on it, and it stands on white
 * paper, so it must reach 4.5:1 to white; in the dark scheme it is the colour of surfaces alone.
 */
export function setColour(root, colour) {
  root.style.color = colour;
  const found = root.style.color && /^rgb\((.+)\)$/.exec(getComputedStyle(root).color);
  root.style.color = "";
  const reached = found && 1.05 / (luminance(found[1].split(", ")) + 0.05);
  if (reached >= LEAST) root.style.setProperty("--fill", found[0]);
  else refuse("color", colour, `an opaque colour with a contrast to white of ${LEAST}:1`);
}
