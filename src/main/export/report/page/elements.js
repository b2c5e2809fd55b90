/* Pieces of the page. Text reaches it only as text, never as markup. */
import { data, runs } from "./data.js";

const svgSpace = "http://www.w3.org/2000/svg";

export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function drawn(tag, attributes, text) {
  const made = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes))
    made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

export function section(title, ...children) {
  main.append(
    element("section", {}, element("h2", { textContent: title }), ...children),
  );
}

export function swatch(color) {
  const made = element("span", { className: "swatch" });
  made.style.background = color;
  return made;
}

export function table(head, rows) {
  const line = (cells, tag) =>
    element(
      "tr",
      {},
      ...cells.map((cell, index) => {
        const isHead = tag === "th" || index === 0;
        const made = element(isHead ? "th" : "td", {
          scope: isHead ? (tag === "th" ? "col" : "row") : undefined,
        });
        if (cell instanceof Node) made.append(cell);
        else made.textContent = cell;
        return made;
      }),
    );
  return element(
    "div",
    { className: "scroll" },
    element(
      "table",
      {},
      element("thead", {}, line(head, "th")),
      element("tbody", {}, ...rows.map((row) => line(row, "td"))),
    ),
  );
}

export const main = document.getElementById("report");
main.querySelector("noscript")?.remove();
export const names = runs.map((run) => run.record.name);
export const heading = (index) =>
  element("span", {}, swatch(runs[index].color), names[index]);
main.append(
  element("p", {
    className: "faint",
    textContent: `Made by GAN Workbench on ${new Date(data.madeAt).toLocaleString()}. Works offline; everything it shows is inside this file.`,
  }),
);
