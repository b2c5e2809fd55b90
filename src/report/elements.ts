/** Pieces of the page. Text reaches it only as text, never as markup. */
import type { Drawn } from "../shared/curves/drawing";
import { names, runs } from "./data";

type Child = Node | string;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** A drawing as an element of the page. */
export function svgElement({ tag, attributes, children }: Drawn): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes))
    made.setAttribute(name, String(value));
  made.append(
    ...children.map((child) =>
      typeof child === "string" ? child : svgElement(child),
    ),
  );
  return made;
}

export const main = document.getElementById("report") ?? document.body;

export function section(title: string, ...children: Child[]): void {
  main.append(
    element("section", {}, element("h2", { textContent: title }), ...children),
  );
}

export function faint(textContent: string): HTMLElement {
  return element("p", { className: "faint", textContent });
}

/** What is shown only after a click on its title. */
export function folded(title: string, ...children: Child[]): HTMLElement {
  const summary = element("summary", { textContent: title });
  return element("details", {}, summary, ...children);
}

/** The name of a run behind its colour. */
export function heading(index: number): HTMLElement {
  const swatch = element("span", { className: "swatch" });
  swatch.style.background = runs[index].color;
  return element("span", {}, swatch, names[index]);
}

/** The first cell of a row heads it. */
export function table(
  head: readonly Child[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  return element(
    "div",
    { className: "scroll" },
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element("tr", {}, ...head.map((cell) => headCell(cell, "col"))),
      ),
      element("tbody", {}, ...rows.map(tableRow)),
    ),
  );
}

function tableRow([first, ...rest]: readonly Child[]): HTMLElement {
  const cells = rest.map((cell) => element("td", {}, cell));
  return element("tr", {}, headCell(first, "row"), ...cells);
}

function headCell(content: Child, scope: "row" | "col"): HTMLElement {
  return element("th", { scope }, content);
}
