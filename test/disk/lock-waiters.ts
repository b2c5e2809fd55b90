/** A process that is told the names of locks: it waits for each, and answers whether it was ever not alone with one. */
import { closeSync, openSync, unlinkSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { disk } from "../../src/main/disk/file-layer";
import { withLock } from "../../src/main/disk/lock";

process.on("message", (path: string) => {
  const patience = AbortSignal.timeout(30_000);
  withLock(disk, path, patience, async () => {
    const alone = `${path}.alone`;
    closeSync(openSync(alone, "wx"));
    await setTimeout(1);
    unlinkSync(alone);
  }).then(
    () => process.send?.("alone"),
    (error: unknown) => process.send?.(String(error)),
  );
});
process.send?.("ready");
