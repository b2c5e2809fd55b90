/** The runs that come with the application: opened into the library as if they were trained here, and taken out again for good. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { AppContract } from "../../shared/contract/index";
import { idOf } from "../../shared/run";
import type { RunListing } from "../../shared/run";
import type { Handlers } from "../../shared/rpc";
import type { RunStore } from "../runs/run-store";
import { findInstallation } from "./places";

/** Made by `tools/example-library.ts`, each named by its run. */
const folder = "examples";
const ending = ".ganrun";

export function createExampleCalls(
  store: Pick<
    RunStore,
    | "discard"
    | "folder"
    | "get"
    | "importFile"
    | "records"
    | "restore"
    | "trashed"
  >,
): Pick<Handlers<AppContract>["runs"], "openExamples" | "removeExamples"> {
  return {
    async openExamples() {
      const trashed = (await store.trashed()).map(idOf);
      const opened: RunListing[] = [];
      for (const name of await exampleFiles()) {
        const id = name.slice(0, -ending.length);
        if (trashed.includes(id)) await store.restore([id]);
        opened.push(
          existsSync(store.folder(id))
            ? await store.get(id)
            : await store.importFile(join(examplesFolder(), name)),
        );
      }
      return opened;
    },
    async removeExamples() {
      const here = await store.records();
      const all = [...here, ...(await store.trashed())];
      const ids = all.flatMap((run) =>
        run.kind === "run" && run.record.example ? [run.record.id] : [],
      );
      await store.discard(ids);
      return ids.length;
    },
  };
}

/** In a package they lie beside the archive, where every thread can read them. */
function examplesFolder(): string {
  const path = join(findInstallation(), folder);
  return path.replace(/app\.asar(?=[\\/])/, "app.asar.unpacked");
}

async function exampleFiles(): Promise<string[]> {
  const names = await readdir(examplesFolder()).catch(() => []);
  if (names.length === 0)
    throw new Error(
      `The examples are not in ${examplesFolder()}; install the application again.`,
    );
  return names.filter((name) => name.endsWith(ending)).sort();
}
