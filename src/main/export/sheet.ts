/**
 * A sheet: rows of cells with an optional title, column headings and row labels, made band by band so that a long one
 * never stands in memory whole. A plain grid is a sheet without words.
 */
import { ExportError } from "./job";
import type { Color, Raster } from "./raster";
import { createRaster, draw, inkOn } from "./raster";
import { drawText, fitText, glyphHeight, textWidth } from "./text";

export interface Sheet {
  /** Pixels of each column. */
  columns: number[];
  rowHeight: number;
  rows: number;
  padding: number;
  background: Color;
  /** Written above everything; null leaves no room for it. */
  title: string | null;
  headings: string[] | null;
  /** The longest row label; null leaves no room for labels. */
  widestLabel: string | null;
}

export interface SheetRow {
  label: string;
  cells: Raster[];
}

/** Height of a line of words with air around it, and air beside a label. */
const line = glyphHeight + 6;
const air = 4;
/** Two sides of 65,000 pixels are what viewers and GPUs give up at. */
const mostPixelsAside = 65_000;

/** Pixels of the finished sheet. Throws where it is larger than any viewer shows. */
export function sheetSize(sheet: Sheet): { width: number; height: number } {
  const width =
    labelWidth(sheet) +
    sheet.padding +
    sheet.columns.reduce((sum, column) => sum + column + sheet.padding, 0);
  const height =
    wordsHeight(sheet) +
    sheet.padding +
    sheet.rows * (sheet.rowHeight + sheet.padding);
  if (Math.max(width, height) > mostPixelsAside)
    throw new ExportError(
      `The picture would be ${width} x ${height} pixels; choose a smaller scale, fewer rows or fewer tiles.`,
    );
  return { width, height };
}

export async function* sheetBands(
  sheet: Sheet,
  rows: AsyncIterable<SheetRow> | Iterable<SheetRow>,
): AsyncGenerator<Raster> {
  const { width } = sheetSize(sheet);
  yield topBand(sheet, width);
  for await (const { label, cells } of rows) {
    const band = createRaster(
      width,
      sheet.rowHeight + sheet.padding,
      sheet.background,
    );
    if (sheet.widestLabel !== null)
      drawText(band, label, {
        left: air,
        top: Math.max(0, Math.floor((sheet.rowHeight - glyphHeight) / 2)),
        color: inkOn(sheet.background),
      });
    let left = labelWidth(sheet) + sheet.padding;
    cells.forEach((cell, index) => {
      draw(band, cell, left, 0);
      left += sheet.columns[index] + sheet.padding;
    });
    yield band;
  }
}

/** All bands in one picture, for an animation's frame. */
export async function collect(
  size: { width: number; height: number },
  bands: AsyncIterable<Raster>,
): Promise<Raster> {
  const data = new Uint8Array(size.width * size.height * 3);
  let offset = 0;
  for await (const band of bands) {
    data.set(band.data, offset);
    offset += band.data.length;
  }
  return { ...size, data };
}

function topBand(sheet: Sheet, width: number): Raster {
  const band = createRaster(
    width,
    wordsHeight(sheet) + sheet.padding,
    sheet.background,
  );
  const color = inkOn(sheet.background);
  let top = air;
  if (sheet.title !== null) {
    const text = fitText(sheet.title, width - 2 * air);
    drawText(band, text, { left: air, top, color });
    top += line;
  }
  let left = labelWidth(sheet) + sheet.padding;
  sheet.headings?.forEach((heading, index) => {
    const text = fitText(heading, sheet.columns[index]);
    drawText(band, text, { left, top, color });
    left += sheet.columns[index] + sheet.padding;
  });
  return band;
}

function labelWidth(sheet: Sheet): number {
  return sheet.widestLabel === null
    ? 0
    : textWidth(sheet.widestLabel) + 2 * air;
}

function wordsHeight(sheet: Sheet): number {
  return (sheet.title === null ? 0 : line) + (sheet.headings ? line : 0);
}
