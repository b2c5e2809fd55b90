/**
 * A folder in Electron's place, for machines that cannot fetch its binary: what electron-builder looks for in it, and a
 * program that holds nothing but a fuse wire.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where a fuse wire begins in Electron's binary, from `@electron/fuses`. */
const sentinel = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";

export async function makeStandIn(folder: string): Promise<void> {
  for (const name of ["resources", "locales"])
    await mkdir(join(folder, name), { recursive: true });
  const wire = Buffer.from([1, 9, ...Buffer.from("101100110")]);
  const program = Buffer.concat([Buffer.from(sentinel), wire]);
  await writeFile(join(folder, "electron"), program, { mode: 0o755 });
  await writeFile(join(folder, "chrome-sandbox"), "", { mode: 0o755 });
  const texts = {
    version: "45.4.1",
    LICENSE: "Electron's",
    "LICENSES.chromium.html": "Chromium's",
    "locales/en-US.pak": "",
    "locales/de.pak": "",
  };
  for (const [name, text] of Object.entries(texts))
    await writeFile(join(folder, name), text);
}
