/** A process that moves a folder, from where an earlier one was killed; `node --import tsx move-folder.ts FROM TO`. */
import { disk } from "../../src/main/disk/file-layer";
import { FolderMove } from "../../src/main/disk/move/folder-move";

const [from, to] = process.argv.slice(2);
const move = new FolderMove({
  files: disk,
  from,
  to,
  folders: ["runs", "trash"],
  cache: "cache",
});
await move.open();
if (!move.isSwitched) await move.begin();
process.stdout.write("begun\n");
await move.copy({
  signal: new AbortController().signal,
  onProgress: () => undefined,
});
process.stdout.write("copied\n");
await move.switchOver();
const left = await move.removeOld();
await move.close();
process.stdout.write(`moved, ${left} left\n`);
