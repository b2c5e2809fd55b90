/** Entries as one ZIP, written while they are made: neither an entry nor the archive stands in memory whole. */
import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { ExportEntry } from "./job";

/** Formats that are compressed already. */
const packed = /\.(png|gif|webp|zip)$/;

export async function* zipEntries(
  entries: AsyncIterable<ExportEntry>,
): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const fail = (error: unknown) => {
    output.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  zip.on("error", fail);
  void fill(zip, entries).catch(fail);
  yield* output as AsyncIterable<Uint8Array>;
}

/** The next entry is asked for when the one before has been read to its end. */
async function fill(
  zip: ZipFile,
  entries: AsyncIterable<ExportEntry>,
): Promise<void> {
  for await (const { name, body } of entries) {
    const held: Held = { stream: Readable.from(body, { objectMode: false }) };
    await add(zip, name, held);
  }
  zip.end();
}

interface Held {
  stream: Readable | null;
}

/**
 * The archive remembers to its end how it got each entry. So that the bytes of one that was written can go, that way
 * leads through `held`, which is emptied, and through no closure that knows the body.
 */
function add(zip: ZipFile, name: string, held: Held): Promise<void> {
  return new Promise((resolve, reject) => {
    held.stream?.on("error", reject).on("end", () => {
      held.stream = null;
      resolve();
    });
    zip.addReadStreamLazy(name, { compress: !packed.test(name) }, (give) => {
      if (held.stream) give(null, held.stream);
    });
  });
}
