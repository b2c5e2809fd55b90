import { z } from "zod";
import { call } from "../rpc";
import type { DataIdentity } from "../run";
import { dataSettingsSchema } from "../settings/settings";

export interface DataSetListing {
  /** What goes into `settings.data.source`. */
  source: string;
  title: string;
  /** One sentence: what it holds and where it comes from. */
  summary: string;
  /** `ready` can train now; `missing` is downloaded on first use; `broken` says why in `reason`. */
  state: "ready" | "missing" | "broken";
  reason: string | null;
  count: number | null;
  classes: string[] | null;
}

/** What a data set is; `gan-workbench data --json` prints exactly this. */
export interface DataReport {
  images: number;
  /** In pixels, before resizing; null where the images differ. */
  height: number | null;
  width: number | null;
  channels: 1 | 3;
  /** None where there are no labels. */
  classes: { name: string; count: number }[];
  /** In grey levels 0 ... 255 after reading, before resizing; `levels` is how many different ones there are. */
  min: number;
  max: number;
  mean: number;
  levels: number;
  /** Images that are kept to judge runs on. */
  heldOut: number;
  /** Files that could not be read. */
  skipped: { name: string; reason: string }[];
  /** A sentence each. */
  warnings: string[];
}

/** What a preview shows beside its picture. */
export interface DataPreview {
  count: number;
  classes: { name: string; count: number }[] | null;
  hash: string;
  /** 256 bins of grey level 0 ... 255 over up to 2,000 images. */
  histogram: number[];
  /** Smallest and largest value after normalisation, and the mean. */
  range: { min: number; max: number; mean: number };
  /** Of the images that are trained on; at most 100 of the files that could not be read. */
  report: DataReport;
  /** How many files could not be read. */
  skippedCount: number;
  /** What is kept to judge a run on. */
  heldOut: DataIdentity["heldOut"];
}

/** How many images there are to train on, and what a user should know of them before, a sentence each. */
export interface PreparedData {
  count: number;
  /** Their classes; null where they have no labels. */
  classes: string[] | null;
  warnings: string[];
}

/** One image, as the lecture looks at image 149. */
export interface ImageFacts {
  index: number;
  /** The name of its class, or null where there are no labels. */
  label: string | null;
  /** After normalisation. */
  range: { min: number; max: number; mean: number };
}

export const dataCalls = {
  list: call<DataSetListing[]>()(z.object({})),
  /** Downloads or decodes what is missing; progress comes as `task-progress` with the source as id. */
  prepare: call<PreparedData>()(z.object({ data: dataSettingsSchema })),
  cancel: call<null>()(z.object({ source: z.string() })),
  /** Looks at every image of a data set; progress comes as with `prepare`. */
  inspect: call<DataReport>()(z.object({ source: z.string().min(1) })),
  preview: call<DataPreview>()(z.object({ data: dataSettingsSchema })),
  /** Facts about one image; its picture is `index:149`. */
  image: call<ImageFacts>()(
    z.object({ data: dataSettingsSchema, index: z.int().nonnegative() }),
  ),
  /** Registers a folder, ZIP, .npy or .npz that is already on disk. */
  add: call<DataSetListing>()(z.object({ path: z.string().min(1) })),
  remove: call<null>()(z.object({ source: z.string() })),
};
