/** Where the images of a saved grid lie: torchvision's make_grid layout. */

export interface GridLayout {
  /** Images. */
  count: number;
  /** Images a row. */
  perRow: number;
  /** Pixels between images and around them. */
  padding: number;
  /** Pixels a side of one image. */
  size: number;
}

/** A run's newest grid. */
export interface RunPicture {
  step: number;
  layout: GridLayout;
}

/** Null for a run without one. `samples` are the steps with a grid, ascending. */
export function newestGrid(
  settings: Parameters<typeof layoutOf>[0] | null,
  samples: readonly number[],
): RunPicture | null {
  const step = samples.at(-1);
  return settings && step !== undefined
    ? { step, layout: layoutOf(settings) }
    : null;
}

/** The layout of a run's saved grids. */
export function layoutOf(settings: {
  data: { size: number };
  sampling: {
    count: number;
    grid: { perRow: number; padding: number };
  };
}): GridLayout {
  return {
    count: settings.sampling.count,
    perRow: settings.sampling.grid.perRow,
    padding: settings.sampling.grid.padding,
    size: settings.data.size,
  };
}
