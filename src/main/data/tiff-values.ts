/**
 * TIFFs of floats, of signed numbers and of 32 bits, as microscopes, NumPy and Pillow's mode F write them: their values
 * mean what the range of all of them says, so they are looked through before the first is read.
 */
import sharp from "sharp";
import type { FileTree } from "./file-tree";
import { DataError } from "./image-set";
import { Pace } from "./pace";
import type { WorkOptions } from "./source";
import { readTiffTags } from "./tiff-tags";
import { decideScale, ValueTally } from "./value-range";
import type { NumberType, Scale } from "./value-range";

/** With four bytes a value, this is as much as is decoded at once elsewhere. */
const mostPixels = 2 ** 24;
const mostFileBytes = 2 ** 28;

/** What libvips calls the types that are no grey levels by themselves. */
const types: Record<string, NumberType | undefined> = {
  char: { kind: "integer", bits: 8, signed: true },
  short: { kind: "integer", bits: 16, signed: true },
  int: { kind: "integer", bits: 32, signed: true },
  uint: { kind: "integer", bits: 32, signed: false },
  float: { kind: "float", bits: 32, signed: true },
};

export interface TiffValues {
  /** `[height, width, channels]`. */
  values: Float32Array;
  width: number;
  height: number;
  channels: 1 | 3;
  kind: NumberType["kind"];
}

/** Null for a TIFF whose values are grey levels. Rejects with an Error where it cannot be read. */
export async function readTiffValues(
  bytes: Buffer,
): Promise<TiffValues | null> {
  const tags = readTiffTags(bytes);
  // libvips takes halves for 0 and refuses doubles.
  if (tags?.sampleFormat === 3 && tags.bits !== 32)
    throw new DataError(
      `it holds ${tags.bits}-bit floats, which are not read; save it as 32-bit floats`,
    );
  const image = sharp(bytes, {
    limitInputPixels: mostPixels,
    failOn: "error",
    pages: 1,
  });
  const { depth, space } = await image.metadata();
  const type = types[depth];
  if (type === undefined) return null;
  // Without this it would be taken for light and converted.
  const { data, info } = await image
    .autoOrient()
    .toColourspace(space)
    .raw({ depth: "float" })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const floats = new Float32Array(
    data.buffer.slice(data.byteOffset, data.byteOffset + data.length),
  );
  const colours = channels < 3 ? 1 : 3;
  return {
    values: withoutAlpha(floats, channels, colours),
    width,
    height,
    channels: colours,
    kind: type.kind,
  };
}

function withoutAlpha(
  values: Float32Array,
  channels: number,
  colours: 1 | 3,
): Float32Array {
  if (channels === colours) return values;
  return Float32Array.from(
    { length: (values.length / channels) * colours },
    (_, at) => values[Math.floor(at / colours) * channels + (at % colours)],
  );
}

/** A scale for each kind of number, or why there is none. */
export interface TiffScales {
  scales: Partial<Record<NumberType["kind"], Scale | DataError>>;
  notes: readonly string[];
}

/** Looks through the files that `indices` are in the tree. Rejects with the signal's reason. */
export async function decideTiffScales(
  tree: FileTree,
  indices: Uint32Array,
  options: WorkOptions,
): Promise<TiffScales> {
  if (indices.length === 0) return { scales: {}, notes: [] };
  const title = `the range of the TIFFs in ${tree.path}`;
  const pace = new Pace(`Reading ${title}`, indices.length, "images", options);
  const tallies: Partial<Record<NumberType["kind"], ValueTally>> = {};
  const reader = await tree.open();
  let done = 0;
  try {
    for (const index of indices) {
      // What cannot be read is told when its turn comes.
      const bytes = await reader.read(index, mostFileBytes).catch(() => null);
      const image = bytes && (await readTiffValues(bytes).catch(() => null));
      if (image && !image.values.some(Number.isNaN))
        (tallies[image.kind] ??= new ValueTally()).add(image.values);
      done++;
      if (pace.due()) await pace.breathe(done);
    }
  } finally {
    reader.close();
  }
  return scalesOf(tallies, `the set of TIFFs in ${tree.path}`);
}

function scalesOf(
  tallies: Partial<Record<NumberType["kind"], ValueTally>>,
  name: string,
): TiffScales {
  const scales: TiffScales["scales"] = {};
  const notes: string[] = [];
  for (const kind of ["integer", "float"] as const) {
    const tally = tallies[kind];
    if (!tally) continue;
    try {
      const type = { kind, bits: 32, signed: true };
      const scale = decideScale(tally, type, name);
      scales[kind] = scale;
      notes.push(...scale.notes);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      scales[kind] = error;
    }
  }
  return { scales, notes };
}
