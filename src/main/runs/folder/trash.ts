/** Deleted runs, kept in the library until the trash is emptied. A run goes in and out by one rename. */
import { join } from "node:path";
import { errorCode } from "../../../shared/errors";
import type { FileLayer } from "../../disk/file-layer";
import {
  cacheFolder,
  prunedFolder,
  runFolder,
  runsFolder,
  trashFolder,
  trashedFolder,
} from "./layout";
import { namesIn } from "../../disk/names-in";
import { RunError } from "../run-error";

export class Trash {
  constructor(
    private readonly files: FileLayer,
    private readonly place: { readonly library: string },
  ) {}

  private get library(): string {
    return this.place.library;
  }

  async put(id: string): Promise<void> {
    await this.files.makeFolder(trashFolder(this.library));
    await this.move(
      runFolder(this.library, id),
      trashedFolder(this.library, id),
      `There is no run ${id}.`,
    );
    await this.files.remove(join(cacheFolder(this.library), `${id}.metrics`));
  }

  async take(id: string): Promise<void> {
    await this.move(
      trashedFolder(this.library, id),
      runFolder(this.library, id),
      `The run ${id} is not in the trash any more.`,
    );
  }

  /** Gives how many runs were in it. */
  async empty(): Promise<number> {
    const names = await this.names();
    for (const name of names)
      await this.files.remove(join(trashFolder(this.library), name));
    await this.files.remove(prunedFolder(this.library));
    return names.length;
  }

  async discard(ids: readonly string[]): Promise<void> {
    for (const id of ids)
      await this.files.remove(trashedFolder(this.library, id));
  }

  /** Of the folders in it. */
  names(): Promise<string[]> {
    return namesIn(trashFolder(this.library));
  }

  private async move(from: string, to: string, absent: string): Promise<void> {
    try {
      await this.files.rename(from, to);
    } catch (error) {
      if (errorCode(error) === "ENOENT") throw new RunError(absent);
      throw error;
    }
    await this.files.syncFolder(trashFolder(this.library));
    await this.files.syncFolder(runsFolder(this.library));
  }
}
