/** Colours for a canvas, which knows no CSS variables, and the colours of runs that stand side by side. */

/** Eight colours that colour-blind people tell apart (after Okabe and Ito 2008), neither D's blue nor G's orange first. */
export const runColors = [
  "#009e73",
  "#cc6fa5",
  "#7a5cc2",
  "#b8a000",
  "#56a5d9",
  "#d5603a",
  "#7d8288",
  "#4a7f2c",
] as const;

/** The colour of a run: its own, or one by its place in the list. */
export function runColor(run: { color: string | null }, index: number): string {
  return run.color ?? runColors[index % runColors.length];
}

/** `var(--token)` as the element sees it; other colours unchanged. */
export function resolveColor(element: Element, color: string): string {
  const token = /^var\((--[\w-]+)\)$/.exec(color)?.[1];
  if (!token) return color;
  return getComputedStyle(element).getPropertyValue(token).trim();
}

/** `#rrggbb` with an opacity. */
export function withAlpha(color: string, alpha: number): string {
  const hex = Math.round(alpha * 255)
    .toString(16)
    .padStart(2, "0");
  return /^#[0-9a-f]{6}$/i.test(color) ? color + hex : color;
}
