import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { download } from "../../src/main/data/download";
import type { RetryPolicy } from "../../src/main/data/download";
import {
  answers,
  drops,
  inTurn,
  serves,
  stalls,
  startMirror,
  trickles,
} from "./mirror";
import type { Mirror } from "./mirror";
import { loadOptions, temporaryFolder } from "./options";

const bytes = randomBytes(300_000);
const md5 = createHash("md5").update(bytes).digest("hex");
const quick: RetryPolicy = {
  rounds: 3,
  pauseMs: 10,
  mostPauseMs: 1500,
  idleMs: 300,
};

function file(target: string, ...mirrors: Mirror[]) {
  return { urls: mirrors.map(({ url }) => `${url}digits.gz`), md5, target };
}

const newTarget = () => join(temporaryFolder(), "below", "digits.gz");

test("a file arrives whole, with its progress in bytes", async () => {
  const mirror = await startMirror(serves(bytes));
  const target = newTarget();
  const options = loadOptions();
  await download(file(target, mirror), options, quick);
  expect(readFileSync(target).equals(bytes)).toBe(true);
  expect(options.progress.at(-1)).toEqual({
    title: "Downloading digits.gz",
    done: bytes.length,
    total: bytes.length,
    unit: "bytes",
  });
});

test("a slow mirror shows its progress on the way", async () => {
  const mirror = await startMirror(trickles(bytes, 60));
  const options = loadOptions();
  await download(file(newTarget(), mirror), options, quick);
  const between = options.progress.filter(
    ({ done }) => done > 0 && done < bytes.length,
  );
  expect(between.length).toBeGreaterThan(0);
});

test("a file that is there is not asked for again", async () => {
  const mirror = await startMirror(serves(bytes));
  const target = newTarget();
  await download(file(target, mirror), loadOptions(), quick);
  await download(file(target, mirror), loadOptions(), quick);
  expect(mirror.requests).toHaveLength(1);
});

test("a dropped connection goes on where it ended", async () => {
  const mirror = await startMirror(
    inTurn(drops(bytes, 100_000), serves(bytes)),
  );
  const target = newTarget();
  await download(file(target, mirror), loadOptions(), quick);
  expect(readFileSync(target).equals(bytes)).toBe(true);
  expect(mirror.requests[1].range).toBe("bytes=100000-");
});

test("a partial file of an earlier day is resumed", async () => {
  const mirror = await startMirror(serves(bytes));
  const target = newTarget();
  mkdirSync(join(target, ".."));
  writeFileSync(`${target}.part`, bytes.subarray(0, 250_000));
  await download(file(target, mirror), loadOptions(), quick);
  expect(readFileSync(target).equals(bytes)).toBe(true);
  expect(mirror.requests).toEqual([
    { path: "/digits.gz", range: "bytes=250000-" },
  ]);
});

test("a partial file of other content is thrown away and fetched whole", async () => {
  const mirror = await startMirror(serves(bytes));
  const target = newTarget();
  mkdirSync(join(target, ".."));
  writeFileSync(`${target}.part`, randomBytes(1000));
  await download(file(target, mirror), loadOptions(), quick);
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test("a partial file longer than the whole is thrown away", async () => {
  const mirror = await startMirror(serves(bytes));
  const target = newTarget();
  mkdirSync(join(target, ".."));
  writeFileSync(`${target}.part`, randomBytes(400_000));
  await download(file(target, mirror), loadOptions(), quick);
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test("a mirror that ignores ranges starts over", async () => {
  const whole = trickles(bytes, 2);
  const mirror = await startMirror(inTurn(drops(bytes, 1000), whole));
  const target = newTarget();
  await download(file(target, mirror), loadOptions(), quick);
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test("a mirror that always drops at the same place is given up", async () => {
  const mirror = await startMirror(drops(bytes, 1000));
  await expect(
    download(file(newTarget(), mirror), loadOptions(), quick),
  ).rejects.toThrow(/digits.gz could not be downloaded/);
  expect(mirror.requests.length).toBeLessThan(8);
});

test("a wrong file is never used and the next mirror is asked", async () => {
  const wrong = await startMirror(serves(randomBytes(5000)));
  const right = await startMirror(serves(bytes));
  const target = newTarget();
  await download(file(target, wrong, right), loadOptions(), quick);
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test("where every mirror has a wrong file nothing is left behind", async () => {
  const wrong = await startMirror(serves(randomBytes(5000)));
  const target = newTarget();
  await expect(
    download(file(target, wrong), loadOptions(), quick),
  ).rejects.toThrow(/it has a different file/);
  expect(readdirSync(join(target, ".."))).toEqual([]);
  expect(wrong.requests).toHaveLength(1);
});

test("404 leads to the next mirror at once", async () => {
  const gone = await startMirror(answers(404));
  const right = await startMirror(serves(bytes));
  const target = newTarget();
  await download(file(target, gone, right), loadOptions(), quick);
  expect(gone.requests).toHaveLength(1);
  expect(existsSync(target)).toBe(true);
});

test("503 is tried again after a pause", async () => {
  const busy = await startMirror(
    inTurn(answers(503), answers(503), serves(bytes)),
  );
  const target = newTarget();
  await download(file(target, busy), loadOptions(), quick);
  expect(busy.requests).toHaveLength(3);
  expect(existsSync(target)).toBe(true);
});

test("a mirror that stays busy is named with its answer", async () => {
  const busy = await startMirror(answers(503));
  await expect(
    download(file(newTarget(), busy), loadOptions(), quick),
  ).rejects.toThrow(/127.0.0.1:\d+: it answered 503/);
  expect(busy.requests).toHaveLength(3);
});

test.each([
  ["a number of seconds", () => "1"],
  ["a date", () => new Date(Date.now() + 2000).toUTCString()],
])("a busy mirror is left alone as long as it asks, by %s", async (_, when) => {
  const asked: number[] = [];
  const busy = await startMirror((request, response, attempt) => {
    asked.push(performance.now());
    const behaviour =
      attempt === 1 ? answers(429, { "retry-after": when() }) : serves(bytes);
    behaviour(request, response, attempt);
  });
  const target = newTarget();
  await download(file(target, busy), loadOptions(), {
    ...quick,
    mostPauseMs: 5000,
  });
  expect(existsSync(target)).toBe(true);
  // A date has whole seconds, so up to one of the two is lost.
  expect(asked[1] - asked[0]).toBeGreaterThan(950);
});

test("a mirror that asks for too long a pause is left for the next", async () => {
  const busy = await startMirror(answers(503, { "retry-after": "3600" }));
  const right = await startMirror(serves(bytes));
  await download(file(newTarget(), busy, right), loadOptions(), quick);
  await expect(
    download(file(newTarget(), busy), loadOptions(), quick),
  ).rejects.toThrow("it answered 503 and asks to come back in 60 minutes");
  expect(busy.requests).toHaveLength(2);
});

test("a mirror that falls silent is left and resumed", async () => {
  const mirror = await startMirror(inTurn(stalls(bytes), serves(bytes)));
  const target = newTarget();
  await download(file(target, mirror), loadOptions(), quick);
  expect(mirror.requests[1].range).toBe("bytes=10-");
});

test("a file that was damaged on disk is fetched again", async () => {
  const mirror = await startMirror(serves(bytes));
  const target = newTarget();
  mkdirSync(join(target, ".."));
  writeFileSync(target, bytes.subarray(0, -1));
  await download(file(target, mirror), loadOptions(), quick);
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test("cancelling stops the transfer and keeps what came for later", async () => {
  const mirror = await startMirror(trickles(bytes, 1000));
  const target = newTarget();
  const controller = new AbortController();
  const running = download(
    file(target, mirror),
    loadOptions({ signal: controller.signal }),
    quick,
  );
  setTimeout(() => {
    controller.abort();
  }, 100);
  await expect(running).rejects.toMatchObject({ name: "AbortError" });
  expect(existsSync(target)).toBe(false);
  expect(readdirSync(join(target, ".."))).toEqual(["digits.gz.part"]);
});

test("two downloads of the same file at once fetch it once", async () => {
  const mirror = await startMirror(trickles(bytes, 10));
  const target = newTarget();
  await Promise.all(
    [1, 2].map(() => download(file(target, mirror), loadOptions(), quick)),
  );
  expect(mirror.requests).toHaveLength(1);
});

test("a folder that cannot be written is named", async () => {
  const blocked = join(temporaryFolder(), "file");
  writeFileSync(blocked, "");
  const mirror = await startMirror(serves(bytes));
  await expect(
    download(file(join(blocked, "digits.gz"), mirror), loadOptions(), quick),
  ).rejects.toThrow(`${blocked} could not be written`);
});
