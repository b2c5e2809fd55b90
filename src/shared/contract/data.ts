import { z } from "zod";
import { call } from "../rpc";
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

/** What a preview shows beside its picture. */
export interface DataPreview {
  count: number;
  classes: { name: string; count: number }[] | null;
  hash: string;
  /** 256 bins of grey level 0 ... 255 over up to 2,000 images. */
  histogram: number[];
  /** Smallest and largest value after normalisation, and the mean. */
  range: { min: number; max: number; mean: number };
  /** Files that could not be read, with the reason; at most 100. */
  skipped: { file: string; reason: string }[];
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
  /** Downloads or decodes what is missing; progress comes as `task-progress` with the source as id. Gives how many images. */
  prepare: call<number>()(z.object({ data: dataSettingsSchema })),
  cancel: call<null>()(z.object({ source: z.string() })),
  preview: call<DataPreview>()(z.object({ data: dataSettingsSchema })),
  /** Facts about one image; its picture is `index:149`. */
  image: call<ImageFacts>()(
    z.object({ data: dataSettingsSchema, index: z.int().nonnegative() }),
  ),
  /** Registers a folder, ZIP, .npy or .npz that is already on disk. */
  add: call<DataSetListing>()(z.object({ path: z.string().min(1) })),
  remove: call<null>()(z.object({ source: z.string() })),
};
