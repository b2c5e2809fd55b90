/** Sizes and places in a saved grid, in pixels. */
import type { GridLayout } from "../../shared/grid-layout";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The size of the whole picture in pixels. */
export function gridSize(layout: GridLayout): {
  width: number;
  height: number;
} {
  const columns = Math.min(layout.perRow, layout.count);
  const rows = Math.ceil(layout.count / columns);
  const cell = layout.size + layout.padding;
  return {
    width: columns * cell + layout.padding,
    height: rows * cell + layout.padding,
  };
}

/** The pixels of one image, counted from the top left. */
export function tileBox(layout: GridLayout, tile: number): Box {
  const columns = Math.min(layout.perRow, layout.count);
  const cell = layout.size + layout.padding;
  return {
    x: layout.padding + (tile % columns) * cell,
    y: layout.padding + Math.floor(tile / columns) * cell,
    width: layout.size,
    height: layout.size,
  };
}

/** The layout of a sheet that the application drew. */
export function sheetLayout(sheet: {
  count: number;
  columns: number;
  tile: number;
  padding: number;
}): GridLayout {
  return {
    count: sheet.count,
    perRow: sheet.columns,
    padding: sheet.padding,
    size: sheet.tile,
  };
}
