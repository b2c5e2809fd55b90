/** Draws the graphs of a page together, once a frame; what does not fit into one goes on in the next. */

/** Milliseconds of a frame for drawing; the rest is for whatever else the page and the browser do. */
const budget = 4;

const waiting = new Set<() => void>();

/** Calls `draw` before the next frame or soon after, once however often it is asked for. */
export function redraw(draw: () => void): void {
  if (waiting.size === 0) requestAnimationFrame(drawSome);
  waiting.add(draw);
}

export function cancelRedraw(draw: () => void): void {
  waiting.delete(draw);
}

function drawSome(): void {
  const end = performance.now() + budget;
  for (const draw of waiting) {
    waiting.delete(draw);
    draw();
    if (performance.now() > end) break;
  }
  if (waiting.size > 0) requestAnimationFrame(drawSome);
}
