/** What was dropped on the window: single files, and folders with everything inside them. */

/** A file and where it lies in what was dropped: `digits/0/a.png`, `run.zip`. */
export interface PlacedFile {
  path: string;
  file: File;
}

/** Where the dropped things lie; null where that is known of none. Must be called while the event is handled. */
export function droppedPaths(
  transfer: DataTransfer,
  pathOf: (file: File) => string,
): string[] | null {
  const paths = [...transfer.files].map(pathOf);
  return paths.length > 0 && paths.every(Boolean) ? paths : null;
}

/** One list for each thing that was dropped. Must be called while the event is handled; its content is gone afterwards. */
export function droppedThings(transfer: DataTransfer): Promise<PlacedFile[][]> {
  const things = [...transfer.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => {
      const entry = item.webkitGetAsEntry();
      const file = item.getAsFile();
      if (entry?.isDirectory) return filesIn(entry as FileSystemDirectoryEntry);
      return Promise.resolve(file ? [{ path: file.name, file }] : []);
    });
  return Promise.all(things);
}

async function filesIn(
  folder: FileSystemDirectoryEntry,
): Promise<PlacedFile[]> {
  const found: PlacedFile[] = [];
  for (const entry of await entriesOf(folder)) {
    if (entry.isDirectory)
      found.push(...(await filesIn(entry as FileSystemDirectoryEntry)));
    else
      found.push({
        path: entry.fullPath.replace(/^\//, ""),
        file: await fileOf(entry as FileSystemFileEntry),
      });
  }
  return found;
}

/** A reader gives some at a time, and none at the end. */
async function entriesOf(
  folder: FileSystemDirectoryEntry,
): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** The same with all loose files as one folder. */
export function together(things: readonly PlacedFile[][]): PlacedFile[][] {
  const loose = things.flat().filter(({ path, file }) => path === file.name);
  const folders = things.filter(
    (files) => !files.some(({ path, file }) => path === file.name),
  );
  if (loose.length < 2) return loose.length ? [...folders, loose] : folders;
  return [
    ...folders,
    loose.map(({ path, file }) => ({ path: `dropped/${path}`, file })),
  ];
}
