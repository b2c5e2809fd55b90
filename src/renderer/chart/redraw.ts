/**
 * When the graphs of a page are drawn: what someone looks at before the next frame, and of the rest one a frame, so that
 * no frame has all of them to draw.
 */

/**
 * - `now`: before the next frame; little work, such as moving the cursor.
 * - `first`: before the next frame; the graph that someone zooms or pans.
 * - `in turn`: one a frame; little work for graphs beside it, such as the figures at the cursor.
 * - `later`: one a frame; the graphs beside it. While one is drawn first in each frame, only now and then.
 */
export type Urgency = "now" | "first" | "in turn" | "later";

/** Milliseconds after which one of the graphs that wait is drawn beside the first. */
const patience = 400;

const queues: Record<Urgency, Set<() => void>> = {
  now: new Set(),
  first: new Set(),
  "in turn": new Set(),
  later: new Set(),
};
let asked = false;
let lastLater = -Infinity;

/** Calls `draw` once however often it is asked for. */
export function redraw(draw: () => void, urgency: Urgency): void {
  if (urgency === "first") queues.later.delete(draw);
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

function drawSome(now: number): void {
  asked = false;
  const mayDrawLater = queues.first.size === 0 || now - lastLater > patience;
  const due = [
    ...queues.now,
    ...queues.first,
    ...nextOf("in turn"),
    ...(mayDrawLater ? nextOf("later") : []),
  ];
  if (mayDrawLater) lastLater = now;
  for (const draw of due) cancelRedraw(draw);
  for (const draw of due) draw();
  if (Object.values(queues).some((queue) => queue.size > 0)) ask();
}

function nextOf(urgency: Urgency): (() => void)[] {
  return [...queues[urgency]].slice(0, 1);
}
