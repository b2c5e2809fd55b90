/** What is taken out of a library and can be put back: deleted runs, in its trash, and files of runs, pruned. */
import { existsSync } from "node:fs";
import type { Pruned, PrunedSet, PruneRule } from "../../shared/contract/room";
import type { RunListing } from "../../shared/run";
import type { FileLayer } from "../disk/file-layer";
import type { Changes } from "./changes";
import { runFolder } from "./folder/layout";
import { prunable, prune, prunedSets, restorePruned } from "./folder/prune";
import { trainerOf } from "./folder/trainer";
import { Trash } from "./folder/trash";
import { telling } from "./recording/telling";
import { RunError } from "./run-error";

export interface RemovalParts {
  files: FileLayer;
  place: { readonly library: string };
  changes: Changes;
  /** Waits for a run of this process that has ended. */
  untilClosed(id: string): Promise<void>;
  /** Lists folders of the trash. */
  list(names: readonly string[]): Promise<RunListing[]>;
}

export class Removal {
  private readonly trash: Trash;

  constructor(private readonly parts: RemovalParts) {
    this.trash = new Trash(parts.files, parts.place);
  }

  remove(ids: readonly string[]): Promise<void> {
    return this.parts.changes.make(
      "The runs could not be deleted",
      ids,
      async () => {
        for (const id of ids) {
          await this.parts.untilClosed(id);
          if (await trainerOf(this.folder(id)))
            throw new RunError(`The run ${id} is training; stop it first.`);
        }
        for (const id of ids) {
          await this.trash.put(id);
          this.parts.changes.tellRemoved(id);
        }
      },
    );
  }

  restore(ids: readonly string[]): Promise<void> {
    return this.parts.changes.make(
      "The runs could not be brought back",
      ids,
      async () => {
        for (const id of ids) {
          await this.trash.take(id);
          await this.parts.changes.tellChanged(id);
        }
      },
    );
  }

  trashed(): Promise<RunListing[]> {
    return telling("The trash could not be read", async () =>
      this.parts.list(await this.trash.names()),
    );
  }

  emptyTrash(): Promise<number> {
    return telling("The trash could not be emptied", () => this.trash.empty());
  }

  async discard(ids: readonly string[]): Promise<void> {
    const here = ids.filter((id) => existsSync(this.folder(id)));
    if (here.length > 0) await this.remove(here);
    await telling("The runs could not be deleted", () =>
      this.trash.discard(ids),
    );
  }

  prune(
    ids: readonly string[],
    rule: PruneRule,
    dry: boolean,
  ): Promise<Pruned> {
    return this.parts.changes.make(
      "The runs could not be pruned",
      ids,
      async () => {
        const remarks: string[] = [];
        const runs: { id: string; files: string[]; bytes: number }[] = [];
        for (const id of ids) {
          const folder = this.folder(id);
          if (await trainerOf(folder))
            remarks.push(`The run ${id} is training and was left as it is.`);
          else runs.push({ id, ...prunable(folder, rule) });
        }
        const taken = runs.filter(({ files }) => files.length > 0);
        const files = taken.reduce((sum, run) => sum + run.files.length, 0);
        const bytes = taken.reduce((sum, run) => sum + run.bytes, 0);
        if (dry || files === 0) return { files, bytes, token: null, remarks };
        const token = await prune(this.parts.files, this.library, taken);
        for (const { id } of taken) await this.parts.changes.tellChanged(id);
        return { files, bytes, token, remarks };
      },
    );
  }

  restorePruned(token: string): Promise<RunListing[]> {
    return telling("The files could not be put back", async () => {
      const ids = await restorePruned(this.parts.files, this.library, token);
      return Promise.all(ids.map((id) => this.parts.changes.tellChanged(id)));
    });
  }

  pruned(): Promise<PrunedSet[]> {
    return telling("What was pruned could not be read", () =>
      prunedSets(this.library),
    );
  }

  private get library(): string {
    return this.parts.place.library;
  }

  private folder(id: string): string {
    return runFolder(this.library, id);
  }
}
