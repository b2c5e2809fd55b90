/** Colours for a canvas, which knows no CSS variables. */

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
