/**
 * When the graphs of a page are drawn: before the next frame what someone looks at, and of the rest one a frame, so
 * that no frame has all of them to draw.
 */
export type Urgency = "now" | "in turn";

const queues: Record<Urgency, Set<() => void>> = {
  now: new Set(),
  "in turn": new Set(),
};
let asked = false;

/** Calls `draw` before the next frame or in one of those after it, once however often it is asked for. */
export function redraw(draw: () => void, urgency: Urgency): void {
  if (urgency === "now") queues["in turn"].delete(draw);
  queues[urgency].add(draw);
  ask();
}

export function cancelRedraw(draw: () => void): void {
  for (const queue of Object.values(queues)) queue.delete(draw);
}

function ask(): void {
  if (asked) return;
  asked = true;
  requestAnimationFrame(drawSome);
}

function drawSome(): void {
  asked = false;
  const [next] = queues["in turn"];
  const due = next ? [...queues.now, next] : [...queues.now];
  queues.now.clear();
  queues["in turn"].delete(next);
  for (const draw of due) draw();
  if (queues["in turn"].size > 0) ask();
}
