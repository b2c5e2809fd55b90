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
  for await (const { name, body } of entries) await add(zip, name, body);
  zip.end();
}

/** The archive remembers every entry to its end, so that nothing but the name of one that was read may hang on it. */
function add(
  zip: ZipFile,
  name: string,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const held: { stream: Readable | null } = {
      stream: Readable.from(body, { objectMode: false }),
    };
    held.stream?.on("error", reject).on("end", () => {
      held.stream = null;
      resolve();
    });
    zip.addReadStreamLazy(name, { compress: !packed.test(name) }, (give) => {
      if (held.stream) give(null, held.stream);
    });
  });
}
