/** How many columns show pictures largest in a box. */

export interface Box {
  width: number;
  height: number;
}

/**
 * The number of columns at which `count` pictures are largest without scrolling; where they would be narrower than
 * `least`, as many columns as are that wide, and the box scrolls by rows that are whole in view. All sizes in CSS pixels.
 *
 * @param aspect width of a picture by its height
 * @param caption height of what stands above and below each picture
 */
export function columnsThatFit(
  {
    count,
    aspect,
    caption,
  }: { count: number; aspect: number; caption: number },
  box: Box,
  { gap, least }: { gap: number; least: number },
): { columns: number; width: number } {
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const across = (box.width - (columns - 1) * gap) / columns;
    const down = (box.height - (rows - 1) * gap) / rows - caption;
    const width = Math.min(across, down * aspect);
    if (width > best.width) best = { columns, width };
  }
  if (best.width >= least) return best;
  const columns = Math.max(
    1,
    Math.min(count, Math.floor((box.width + gap) / (least + gap))),
  );
  const across = (box.width - (columns - 1) * gap) / columns;
  const down = (box.height - caption) * aspect;
  return { columns, width: Math.min(across, Math.max(least, down)) };
}
