/** The files of a folder or an archive with all that is below it, wherever they lie. */
import type { BytesAt } from "./bytes-at";
import type { LoadOptions } from "./image-set";

export interface FileTree {
  /** Of the folder or archive, for messages. */
  path: string;
  /** Of all plain files, with `/` between folders, relative to `path`, sorted. */
  names: readonly string[];
  /** Changes whenever one of the chosen files does. */
  signature(indices: Uint32Array): Promise<string>;
  open(): Promise<FileReader>;
  /** One file's content, to be read from anywhere; a large packed one is unpacked into the cache. */
  bytesAt(index: number, options: LoadOptions): Promise<BytesAt>;
}

export interface FileReader {
  /** May be called many times at once. Rejects with an Error whose message is a short reason. */
  read(index: number, mostBytes: number): Promise<Buffer>;
  close(): void;
}

/** One file of a tree. Rejects with an Error whose message is a short reason. */
export async function readOne(
  tree: FileTree,
  index: number,
  mostBytes: number,
): Promise<Buffer> {
  const reader = await tree.open();
  try {
    return await reader.read(index, mostBytes);
  } finally {
    reader.close();
  }
}

/** Whether a system or a program keeps a file for itself: `.DS_Store`, `__MACOSX/...`, `.git/...`. */
export function isHidden(name: string): boolean {
  return name
    .split("/")
    .some((part) => part.startsWith(".") || part === "__MACOSX");
}
