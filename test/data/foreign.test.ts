/** Data sets that tifffile, Pillow and NumPy wrote (test/reference/foreign.py), with the grey levels that they hold. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { loadImages } from "../../src/main/data/load";
import { dataSettings, loadOptions } from "./options";

const fixtures = join(import.meta.dirname, "../fixtures");
const cases = z
  .array(
    z.object({
      file: z.string(),
      channels: z.union([z.literal(1), z.literal(3)]),
      levels: z.array(z.int()),
      labels: z.array(z.int()).nullable(),
      classes: z.array(z.string()).nullable(),
    }),
  )
  .parse(JSON.parse(readFileSync(join(fixtures, "foreign.json"), "utf8")));

test.each(cases)(
  "$file",
  async ({ file, channels, levels, labels, classes }) => {
    const settings = dataSettings(join(fixtures, "foreign", file), {
      size: 8,
      channels,
    });
    const set = await loadImages(settings, loadOptions());
    expect(set.skipped).toEqual([]);
    expect([...set.pixels]).toEqual(levels);
    expect(set.labels && [...set.labels]).toEqual(labels);
    expect(set.identity.classes).toEqual(classes);
  },
);
