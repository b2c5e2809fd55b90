/* Zooming and the cursor: drag, double-click, buttons. */
import { view, curves } from "./curves.js";
import { element, drawn } from "./elements.js";
import { size } from "./scale.js";
import { plot, scale, drawLegend, zoomTo } from "./plot.js";

function pixelOf(event) {
  const box = plot.getBoundingClientRect();
  return ((event.clientX - box.left) / box.width) * size.width;
}

export function makeZoomable() {
  let start = null;
  const band = drawn("rect", {
    class: "band",
    y: size.top,
    height: size.bottom - size.top,
  });
  plot.addEventListener("pointerdown", (event) => {
    start = pixelOf(event);
    plot.setPointerCapture(event.pointerId);
  });
  plot.addEventListener("pointermove", (event) => {
    const at = pixelOf(event);
    view.cursor = Math.min(scale.x1, Math.max(scale.x0, scale.back(at)));
    drawLegend(curves());
    if (start === null) return;
    band.setAttribute("x", Math.min(start, at));
    band.setAttribute("width", Math.abs(at - start));
    plot.append(band);
  });
  plot.addEventListener("pointerup", (event) => {
    const at = pixelOf(event);
    band.remove();
    if (start !== null && Math.abs(at - start) > 6)
      zoomTo(scale.back(start), scale.back(at));
    start = null;
  });
  plot.addEventListener("pointerleave", () => {
    view.cursor = null;
    drawLegend(curves());
  });
  plot.addEventListener("dblclick", () => zoomTo(...scale.whole));
}

export function zoomButtons() {
  const by = (factor) => () => {
    const middle = (scale.x0 + scale.x1) / 2;
    const half = ((scale.x1 - scale.x0) * factor) / 2;
    zoomTo(middle - half, middle + half);
  };
  return [
    element("button", {
      type: "button",
      textContent: "Zoom in",
      onclick: by(0.5),
    }),
    element("button", {
      type: "button",
      textContent: "Zoom out",
      onclick: by(2),
    }),
    element("button", {
      type: "button",
      textContent: "Show all",
      onclick: () => zoomTo(...scale.whole),
    }),
  ];
}
