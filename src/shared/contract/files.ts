/**
 * The addresses of the files that the window fetches, and the binary form of a metric series.
 * One `(Request) => Response` in `main/host/files.ts` answers them in Electron and over HTTP.
 */
import type { WeightChoice } from "../run";
import type { MetricGroup } from "../curves/metric-group";

export const fileUrls = {
  /** A saved sample grid; of the average of G's weights only where the run keeps one. */
  samples: (run: string, step: number, weights: WeightChoice = "last") =>
    `/files/runs/${encodeURIComponent(run)}/samples${weights === "average" ? "-average" : ""}/${step}.png`,
  /** Every metric row after a step, as `encodeMetrics` writes it. */
  metrics: (run: string, afterStep = 0) =>
    `/files/runs/${encodeURIComponent(run)}/metrics?after=${afterStep}`,
  /** The same at a glance, raw and smoothed: `main/runs/curves/overview.ts`. */
  overview: (run: string, smoothing: number) =>
    `/files/runs/${encodeURIComponent(run)}/overview?smoothing=${smoothing}`,
  /** A picture that the explorer or the microscope has just drawn. */
  picture: (id: string) => `/files/pictures/${encodeURIComponent(id)}.png`,
  /** The same as an animation or as vectors, to keep: `gif`, `webp` or `npy`. */
  exploration: (id: string, format: string) =>
    `/files/explorations/${encodeURIComponent(id)}/${format}`,
  /** A picture that was added to a run's gallery. */
  explored: (run: string, name: string) =>
    `/files/runs/${encodeURIComponent(run)}/explored/${encodeURIComponent(name)}`,
  /**
   * A picture of a data set: `what` is `random`, `mean`, `class:3` or `index:149`; with an augmentation as JSON its images
   * are as D sees them.
   */
  preview: (
    data: string,
    what: string,
    seed: number,
    augmentation: string | null = null,
  ) =>
    `/files/data/preview.png?data=${encodeURIComponent(data)}&what=${encodeURIComponent(what)}&seed=${seed}${augmentation === null ? "" : `&augmentation=${encodeURIComponent(augmentation)}`}`,
  /** The report of a sweep that asked for one. */
  sweepReport: (sweep: string) =>
    `/files/sweeps/${encodeURIComponent(sweep)}/report.html`,
  /** A picture of what an export will be: `request` is an ExportAsk as JSON. */
  exportPreview: (request: string) =>
    `/files/exports/preview?request=${encodeURIComponent(request)}`,
};

/** A header of JSON behind its length, padded to 8 bytes, then steps, times and values of each group; each in double begins at a multiple of 8. */
export function encodeMetrics(
  groups: readonly MetricGroup[],
): Uint8Array<ArrayBuffer> {
  const header = Uint8Array.from(asciiJson(groups.map(headerOf)), (character) =>
    character.charCodeAt(0),
  );
  const bytes = new Uint8Array(
    groups.reduce(
      (size, group) => size + placesOf(headerOf(group)).bytes,
      align(4 + header.length),
    ),
  );
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 4);
  let offset = align(4 + header.length);
  for (const group of groups) {
    const places = placesOf(headerOf(group));
    [group.steps, group.times, ...group.values].forEach((column, index) => {
      bytes.set(
        new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
        offset + places.starts[index],
      );
    });
    offset += places.bytes;
  }
  return bytes;
}

/** The reverse; the arrays are views of `buffer`. */
export function decodeMetrics(buffer: ArrayBuffer): MetricGroup[] {
  const headerLength = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(
    String.fromCharCode(...new Uint8Array(buffer, 4, headerLength)),
  ) as GroupHeader[];
  let offset = align(4 + headerLength);
  return header.map((group) => {
    const { tags, rows, doubles = [] } = group;
    const { starts, bytes } = placesOf(group);
    const start = offset;
    offset += bytes;
    return {
      tags,
      steps: new Float64Array(buffer, start, rows),
      times: new Float64Array(buffer, start + starts[1], rows),
      values: tags.map((_, index) =>
        doubles.includes(index)
          ? new Float64Array(buffer, start + starts[index + 2], rows)
          : new Float32Array(buffer, start + starts[index + 2], rows),
      ),
    };
  });
}

interface GroupHeader {
  tags: string[];
  rows: number;
  /** Which columns are in double precision; absent where none is. */
  doubles?: number[];
}

function headerOf({ tags, steps, values }: MetricGroup): GroupHeader {
  const doubles = values.flatMap((column, index) =>
    column instanceof Float64Array ? [index] : [],
  );
  const header = { tags, rows: steps.length };
  return doubles.length > 0 ? { ...header, doubles } : header;
}

/** Where steps, times and each metric begin in a group, and how long it is. */
function placesOf({ tags, rows, doubles = [] }: GroupHeader): {
  starts: number[];
  bytes: number;
} {
  const starts = [0, 8 * rows];
  let end = 16 * rows;
  tags.forEach((_, index) => {
    const isDouble = doubles.includes(index);
    const start = isDouble ? align(end) : end;
    starts.push(start);
    end = start + (isDouble ? 8 : 4) * rows;
  });
  return { starts, bytes: align(end) };
}

/** JSON in ASCII only, so that each character is one byte. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\0-\x7f]/g,
    (character) =>
      "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

function align(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
