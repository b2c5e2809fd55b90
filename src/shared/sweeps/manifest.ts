/**
 * `sweep.json`: the one manifest of a sweep, which says for each index its settings and the id of its run. What became of
 * them is in the runs' own folders, so that whoever trains an index, here or on a cluster, changes nothing in it.
 */
import { z } from "zod";
import { chosenIdSchema, runIdSchema } from "../run";
import { settingsSchema } from "../settings/settings";
import type { TrainingSettings } from "../settings/settings";

export const sweepVersion = 1;
export const mostEntries = 10_000;

/** Of a sweep; its runs' ids are this and their index. */
export const sweepIdSchema = chosenIdSchema.max(90);

/** One combination of the varied settings; its seeds are entries of it. */
const configurationSchema = z.object({
  /** `Learning rate 1e-4, Batch size 64`; empty where nothing varies but the seed. */
  label: z.string().max(300),
  /** The value of each varied key. */
  values: z.record(z.string(), z.json()),
  /** The whole settings; each entry has a seed of its own. */
  settings: settingsSchema,
});
export type Configuration = z.infer<typeof configurationSchema>;

const entrySchema = z.object({
  run: runIdSchema,
  /** Its index in `configurations`. */
  configuration: z.int().nonnegative(),
  seed: z.int().min(0).max(0xffffffff),
});

/** Stops what does worse than the others in the middle of it; never on a loss, because GAN losses do not rank. */
const earlyStopSchema = z.object({
  /** FD, or KID where there are too few images for it: the lower the better. */
  metric: z.literal("quality/fd"),
  /** No run is stopped before this step. */
  grace: z.int().nonnegative(),
  /** Nor before so many configurations have come as far. */
  configurations: z.int().min(2),
});
export type EarlyStop = z.infer<typeof earlyStopSchema>;

export const sweepManifestSchema = z
  .object({
    version: z.literal(sweepVersion),
    id: sweepIdSchema,
    name: z.string().min(1).max(100),
    /** ISO 8601. */
    createdAt: z.string().max(40),
    /** The varied settings, in the order in which they were given. */
    keys: z.array(z.string()).max(20),
    configurations: z.array(configurationSchema).min(1).max(mostEntries),
    /** By index. */
    entries: z.array(entrySchema).min(1).max(mostEntries),
    earlyStop: earlyStopSchema.nullable(),
    /** Whether a report of the comparison is written beside it at its end. */
    report: z.boolean().default(false),
    /** Nobody starts an entry any more until it is run again; ISO 8601. */
    cancelledAt: z.string().max(40).nullable(),
  })
  .refine(
    ({ configurations, entries }) =>
      entries.every(
        ({ configuration }) => configuration < configurations.length,
      ),
    "names a configuration that it does not have",
  );
export type SweepManifest = z.infer<typeof sweepManifestSchema>;

/** What an entry trains. */
export function settingsOf(
  {
    configurations,
    entries,
  }: Pick<SweepManifest, "configurations" | "entries">,
  index: number,
): TrainingSettings {
  const { configuration, seed } = entries[index];
  return { ...configurations[configuration].settings, seed };
}

/** What an entry's run is called: `Learning rate 1e-4 · seed 2`. */
export function entryName(manifest: SweepManifest, index: number): string {
  const { configuration, seed } = manifest.entries[index];
  const { label } = manifest.configurations[configuration];
  const start = label || manifest.name;
  const tail = ` · seed ${seed}`;
  return start.slice(0, 200 - tail.length) + tail;
}
