/**
 * The findings by their ids, as records, flags and `doctor --json` have them; the worst first, which is then the verdict. G
 * that copies few images, or a D that knows them by heart, makes samples alike, so that those come before a collapse.
 */
export const findingIds = [
  "diverged",
  "no-learning",
  "rate-too-high",
  "data-shortcut",
  "d-wins",
  "copies",
  "d-memorises",
  "collapse",
  "cycling",
  "too-little-data",
  "healthy",
  "cannot-tell",
] as const;
export type FindingId = (typeof findingIds)[number];
