import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { isDownloaded, openBuiltIn } from "../../src/main/data/built-in";
import { builtIns } from "../../src/main/data/catalog";
import type { BuiltIn } from "../../src/main/data/catalog";
import { listBuiltIns } from "../../src/main/data/listing";
import { idxImages, idxLabels } from "./idx-bytes";
import { answers, serves, startMirror } from "./mirror";
import { loadOptions } from "./options";

const quick = { rounds: 2, pauseMs: 10, mostPauseMs: 1000, idleMs: 3000 };
const images = gzipSync(idxImages(20, 28, 28, (index) => index % 256));
const labels = gzipSync(
  idxLabels(Array.from({ length: 20 }, (_, i) => i % 10)),
);
const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest("hex");

function smallMnist(...mirrors: string[]): BuiltIn {
  return {
    ...builtIns[0],
    mirrors,
    files: [
      { name: "train-images-idx3-ubyte.gz", md5: md5(images) },
      { name: "train-labels-idx1-ubyte.gz", md5: md5(labels) },
    ],
  };
}

function startDigits() {
  return startMirror((request, response, attempt) => {
    const bytes = request.url?.includes("images") ? images : labels;
    serves(bytes)(request, response, attempt);
  });
}

test("a named data set is downloaded, opened and kept", async () => {
  const mirror = await startDigits();
  const entry = smallMnist(mirror.url);
  const options = loadOptions();
  expect(await isDownloaded(entry, options.dataFolder)).toBe(false);
  const source = await openBuiltIn(entry, options, quick);
  expect(source).toMatchObject({ title: "MNIST", count: 20 });
  expect(source.classes).toHaveLength(10);
  expect(await isDownloaded(entry, options.dataFolder)).toBe(true);
  await openBuiltIn(entry, options, quick);
  expect(mirror.requests).toHaveLength(2);
});

test("offline gives one sentence with the choices", async () => {
  const entry = smallMnist(await silentAddress());
  const failure = openBuiltIn(entry, loadOptions(), quick);
  await expect(failure).rejects.toMatchObject({ name: "DataError" });
  await expect(failure).rejects.toThrow(
    /^MNIST is not on this machine yet and train-images-idx3-ubyte.gz could not be downloaded \(127.0.0.1:\d+: ECONNREFUSED\): connect to the internet and try again, choose a folder that holds .*, or train on strokes\.$/,
  );
});

test("the second mirror helps where the first one fails", async () => {
  const gone = await startMirror(answers(404));
  const mirror = await startDigits();
  const source = await openBuiltIn(
    smallMnist(gone.url, mirror.url),
    loadOptions(),
    quick,
  );
  expect(source.count).toBe(20);
});

test("the list says what is there and what must be downloaded", async () => {
  const listings = await listBuiltIns(loadOptions().dataFolder);
  expect(listings.map(({ source, state }) => [source, state])).toEqual([
    ["strokes", "ready"],
    ["mnist", "missing"],
    ["fashion-mnist", "missing"],
  ]);
});

test("every mirror is an address that file names can be put behind", () => {
  for (const { mirrors, files } of builtIns) {
    expect(mirrors.length).toBeGreaterThan(1);
    for (const mirror of mirrors)
      expect(new URL(files[0].name, mirror).href).toBe(mirror + files[0].name);
    for (const file of files) expect(file.md5).toMatch(/^[0-9a-f]{32}$/);
  }
});

/** Nobody listens there any more. */
async function silentAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/`;
}
