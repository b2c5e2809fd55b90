/**
 * What a machine knows from its second start on, kept from one test's home for those after it: the engines' verdicts and
 * the strokes that were drawn. It takes seconds to find out, and no test is about it.
 */
import { constants, rmSync } from "node:fs";
import { cp, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const parts = ["engines.json", "cache"];
const mode = constants.COPYFILE_FICLONE;
let known: string | null = null;

export async function takeKnown(home: string): Promise<void> {
  if (known) await cp(known, join(home, "data"), { recursive: true, mode });
}

/** Does nothing where a test before has kept it, or this one has not found it out. */
export async function keepKnown(home: string): Promise<void> {
  const data = join(home, "data");
  const there = await readdir(data).catch((): string[] => []);
  if (known || !parts.every((part) => there.includes(part))) return;
  const kept = await mkdtemp(join(tmpdir(), "gan-workbench-known-"));
  process.once("exit", () => rmSync(kept, { recursive: true, force: true }));
  for (const part of parts)
    await cp(join(data, part), join(kept, part), { recursive: true, mode });
  known = kept;
}
