/** Parts of the `@sparticuz/chromium` package, which holds a browser and a GPU in software, unpacked once for all tests. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const cache = resolve(
  import.meta.dirname,
  "../node_modules/.cache/gan-workbench",
);

/**
 * The folder `name` of the cache with what the archives hold, and what `complete` adds to it. It is unpacked beside and
 * renamed, so that an interrupted unpacking is not taken for a whole one.
 */
export async function unpacked(
  name: string,
  archives: readonly string[],
  complete: (beside: string, folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const beside = await mkdtemp(folder + "-");
  // The package unpacks into TMPDIR.
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = beside;
  try {
    const { inflate } = await import("@sparticuz/chromium");
    const main = createRequire(import.meta.url).resolve("@sparticuz/chromium");
    const bin = join(dirname(main), "../bin");
    for (const archive of archives) await inflate(join(bin, archive));
    await complete(beside, folder);
    // Another test may have been faster.
    await rename(beside, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}
