/** The findings by their ids, as records, flags and `doctor --json` have them; the worst first, which is then the verdict. */
export const findingIds = [
  "diverged",
  "no-learning",
  "rate-too-high",
  "data-shortcut",
  "d-wins",
  "collapse",
  "copies",
  "d-memorises",
  "cycling",
  "too-little-data",
  "healthy",
  "cannot-tell",
] as const;
export type FindingId = (typeof findingIds)[number];
