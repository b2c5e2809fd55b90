/** An import, an export and a preview as they are done, in whatever thread. What is read of a run that trains is what is on the disk. */
import { disk } from "../disk/file-layer";
import type { ExportJob } from "../export/job";
import { firstFile } from "../export/preview";
import { saveExport } from "../export/save";
import { Curves } from "../runs/curves/curves";
import { runFolder } from "../runs/folder/layout";
import { importRun } from "../runs/import";
import { telling } from "../runs/recording/telling";
import { createStore } from "../runs/store";
import type {
  ExportOrder,
  ImportOrder,
  JobOptions,
  PreviewOrder,
} from "./messages";

/** Gives the new run's id. Rejects with a RunError. */
export function importHere({
  library,
  path,
  stepColumn,
}: ImportOrder): Promise<string> {
  return telling(`${path} could not be imported`, async () => {
    const id = await importRun(disk, library, path, { stepColumn });
    // The window will ask for its curves at once, from a thread that should not have to read the log.
    const curves = new Curves(disk, { library }, () => undefined);
    await curves.prepare(id, runFolder(library, id));
    return id;
  });
}

/** Gives how many bytes were written. Rejects as `saveExport` does. */
export async function exportHere(
  { library, request, path, force, asArchive }: ExportOrder,
  { signal = new AbortController().signal, advance, leaveOut }: JobOptions,
): Promise<number> {
  const source = await createStore(library, { make: false });
  const job: ExportJob = {
    source,
    signal,
    advance: (count = 1) => advance?.(count),
    leaveOut: (file) => leaveOut?.(file),
  };
  return saveExport(request, path, job, { force, asArchive });
}

/** Rejects as the export itself would. */
export async function previewHere(
  { library, request, most }: PreviewOrder,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const source = await createStore(library, { make: false });
  const nothing = () => undefined;
  const job = { source, signal, advance: nothing, leaveOut: nothing };
  return firstFile(request, job, most);
}
