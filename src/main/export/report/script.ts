/**
 * The script of a report. Its parts are ordinary modules beside one another; in the file they stand in one scope, one
 * after another, without their imports and exports.
 */
import curves from "./page/curves.js?raw";
import curvesSection from "./page/curves-section.js?raw";
import data from "./page/data.js?raw";
import elements from "./page/elements.js?raw";
import facts from "./page/facts.js?raw";
import gallery from "./page/gallery.js?raw";
import plot from "./page/plot.js?raw";
import scale from "./page/scale.js?raw";
import tables from "./page/tables.js?raw";
import zoom from "./page/zoom.js?raw";

/** In the order in which they need each other, which is also that of the page. */
const parts = [
  data,
  elements,
  facts,
  curves,
  scale,
  plot,
  zoom,
  curvesSection,
  gallery,
  tables,
];

export const script = `"use strict";\n(() => {\n${parts.map(inner).join("\n")}})();\n`;

function inner(module: string): string {
  return module.replace(/^import [^;]*;\n/gm, "").replace(/^export /gm, "");
}
