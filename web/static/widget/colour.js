// The clinic's colour: contrast computed after WCAG 2.2, refused where it cannot be read.

const PAPER = [255, 255, 255];
const DARK_PAPER = [26, 35, 38]; // --paper of the dark scheme in style.css
const READABLE = 4.5;

const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
const luminance = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);

function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Red, green and blue, 0…255, of any opaque colour that the browser writes in sRGB; null for others. */
function channels(colour, probe) {
  probe.style.color = "";
  probe.style.color = colour;
  if (!probe.style.color) return null;
  const found = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(getComputedStyle(probe).color);
  return found && found.slice(1).map(Number);
}

/** Just so much lighter that it can be read on dark paper. */
function lightened(colour) {
  for (let share = 0; share < 1; share += 0.05) {
    const mix = colour.map((value) => Math.round(value + (255 - value) * share));
    if (contrast(mix, DARK_PAPER) >= READABLE) return mix;
  }
  return PAPER;
}

const written = (colour) => `rgb(${colour.join()})`;
const textOn = (colour) => (contrast(colour, PAPER) >= READABLE ? "#fff" : "#000");

/**
 * Set the custom properties of `root` to `colour`, or return why not: it is the colour of links on white paper
 * as well as that of buttons, so it must reach 4.5:1 there.
 */
export function setColour(root, colour) {
  const light = channels(colour, root);
  root.style.color = "";
  if (!light) return "expected an opaque colour such as #0b5c6b";
  const reached = contrast(light, PAPER);
  if (reached < READABLE) return `its contrast to white is ${reached.toFixed(2)}:1; expected at least ${READABLE}:1`;
  const dark = lightened(light);
  for (const [name, value] of [
    ["--light-brand", written(light)],
    ["--on-light-brand", textOn(light)],
    ["--dark-brand", written(dark)],
    ["--on-dark-brand", textOn(dark)],
  ])
    root.style.setProperty(name, value);
  return "";
}
