/** The room that the library takes, and pruning. */
import { statfs } from "node:fs/promises";
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import { folderSize } from "../disk/folder-size";
import { prunedFolder, runsFolder, trashFolder } from "../runs/folder/layout";
import type { RunStore } from "../runs/run-store";

export function createRoomCalls(
  store: Pick<RunStore, "library" | "prune" | "pruned" | "restorePruned">,
): Pick<
  Handlers<AppContract>["room"],
  "prune" | "pruned" | "restore" | "used"
> {
  return {
    async used() {
      const { library } = store;
      let checkpoints = 0;
      let grids = 0;
      const runs = await folderSize(runsFolder(library), (path, bytes) => {
        if (path.endsWith(".safetensors")) checkpoints += bytes;
        else if (path.endsWith(".png")) grids += bytes;
      });
      let notes = 0;
      const pruned = await folderSize(prunedFolder(library), (path, bytes) => {
        if (path.endsWith(".json")) notes += bytes;
      });
      const trash = (await folderSize(trashFolder(library))) + pruned - notes;
      const { bavail, bsize } = await statfs(library);
      return { runs, checkpoints, grids, trash, free: bavail * bsize };
    },
    prune: ({ ids, rule, dry }) => store.prune(ids, rule, dry),
    pruned: () => store.pruned(),
    restore: ({ token }) => store.restorePruned(token),
  };
}
