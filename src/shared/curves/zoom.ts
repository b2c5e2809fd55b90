/** Zooming and panning along x as arithmetic: from one stretch in view to the next. */
import type { XRange } from "./chart";

/** `factor` below 1 shows less. `anchor` stays where it is. Null: everything is in view again. */
export function zoomed(
  shown: XRange,
  full: XRange,
  anchor: number,
  factor: number,
): XRange | null {
  return within(
    {
      from: anchor - (anchor - shown.from) * factor,
      to: anchor + (shown.to - anchor) * factor,
    },
    full,
  );
}

export function panned(shown: XRange, full: XRange, by: number): XRange | null {
  const room = Math.max(
    full.from - shown.from,
    Math.min(by, full.to - shown.to),
  );
  return within({ from: shown.from + room, to: shown.to + room }, full);
}

/** Cut to what there is; a millionth of it is the least that can be shown. */
export function within(range: XRange, full: XRange): XRange | null {
  const from = Math.max(range.from, full.from);
  const to = Math.min(range.to, full.to);
  if (from <= full.from && to >= full.to) return null;
  const least = (full.to - full.from) * 1e-6;
  return to - from < least ? { from, to: from + least } : { from, to };
}
