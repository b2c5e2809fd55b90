/** Which preset fits the images that a user brought better than the one that is chosen, and why. */
export interface Suggestion {
  preset: string;
  /** One or two sentences. */
  why: string;
}

/** Below this D learns the images by heart before G has learned from it (Zhao et al. 2020; Karras et al. 2020, figure 1). */
const fewImages = 5000;

/** `channels` are those of the files, whatever the settings make of them. Null where nothing fits better. */
export function suggestPreset(
  images: { count: number; channels: number },
  chosen: string,
): Suggestion | null {
  const preset = "small-data-64";
  if (chosen === preset) return null;
  if (images.channels !== 3 || images.count >= fewImages) return null;
  return {
    preset,
    why: `With ${images.count.toLocaleString("en")} colour pictures to learn from D soon memorizes each of them, and G stops learning. small-data-64 shows D every picture disturbed, as much as it needs, and keeps an average of G.`,
  };
}
