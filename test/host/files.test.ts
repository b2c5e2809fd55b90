/** The files that the window fetches and hands over, asked by address. */
import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createFiles, sendFile } from "../../src/main/host/files";
import { Uploads } from "../../src/main/host/uploads";
import { telling } from "../../src/main/runs/recording/telling";

let home: string;
let respond: (request: Request) => Promise<Response>;
let uploads: Uploads;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "files-"));
  await writeFile(join(home, "grid.png"), "picture");
  await mkdir(join(home, "folder"));
  uploads = new Uploads(join(home, "uploads"), join(home, "sets"));
  respond = createFiles([
    uploads.route,
    {
      method: "GET",
      path: "runs/:run/:name",
      answer: ({ name }, request) =>
        sendFile(
          { folder: home, path: join(home, name), type: "image/png" },
          request,
        ),
    },
    {
      method: "GET",
      path: "broken",
      answer: () => Promise.reject(new Error("The log is cut off.")),
    },
    {
      method: "GET",
      path: "deleted",
      answer: () =>
        telling("The curves cannot be read", async () => {
          await readdir(join(home, "gone"));
          return new Response();
        }),
    },
  ]);
});

const get = (path: string, headers: Record<string, string> = {}) =>
  respond(new Request(`http://application/files/${path}`, { headers }));

const post = (path: string, body: string) =>
  respond(
    new Request(`http://application/files/${path}`, { method: "POST", body }),
  );

describe("a saved file", () => {
  it("is sent with its type and length", async () => {
    const response = await get("runs/a/grid.png");
    expect(await response.text()).toBe("picture");
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(response.headers.get("content-length")).toBe("7");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("that is a link out of the folder is not there, and one within it is", async () => {
    await symlink("/etc/passwd", join(home, "out.png"));
    await symlink("grid.png", join(home, "in.png"));
    expect((await get("runs/a/out.png")).status).toBe(404);
    expect((await get("runs/a/in.png")).status).toBe(200);
  });

  it("is asked for anew each time, and not sent again where nothing changed", async () => {
    const first = await get("runs/a/grid.png");
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    const tag = { "if-none-match": first.headers.get("etag") ?? "" };
    expect((await get("runs/a/grid.png", tag)).status).toBe(304);
    await utimes(join(home, "grid.png"), 1, 1);
    expect((await get("runs/a/grid.png", tag)).status).toBe(200);
  });

  it("under an address that names its version is kept for good", async () => {
    const response = await get("runs/a/grid.png?v=1");
    expect(response.headers.get("cache-control")).toContain("immutable");
  });

  it.each([
    "runs/a/none.png",
    "runs/a/folder",
    "runs/a",
    "runs/a/grid.png/more",
    "elsewhere",
    "runs/a/..%2fgrid.png",
    "runs/..%2f..%2fa/grid.png",
    "runs/a/..%5cgrid.png",
    "runs/a/%00grid.png",
    "runs/a/%E0%A4%A",
    "runs//grid.png",
  ])("that is not there, or lies outside, is not found: %s", async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it("that cannot be made is answered with the sentence", async () => {
    const response = await get("broken");
    expect([response.status, await response.text()]).toEqual([
      500,
      "The log is cut off.",
    ]);
  });

  it("that was deleted while it was read is not found, with the sentence", async () => {
    const response = await get("deleted");
    expect([response.status, await response.text()]).toEqual([
      404,
      "The curves cannot be read: a file or folder is gone; it was moved or deleted meanwhile.",
    ]);
  });

  it("that is deleted once it is being sent arrives whole", async () => {
    const path = join(home, "large.png");
    await writeFile(path, Buffer.alloc(2_000_000, 7));
    const response = await get("runs/a/large.png");
    await rm(path);
    expect((await response.arrayBuffer()).byteLength).toBe(2_000_000);
  });
});

describe("an upload", () => {
  it("that breaks off leaves nothing behind", async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(1000));
        controller.error(new Error("gone"));
      },
    });
    const request = new Request("http://x/files/uploads/upload-0/a.csv", {
      method: "POST",
      body,
      duplex: "half",
    } as RequestInit);
    expect((await respond(request)).status).toBe(500);
    expect(existsSync(join(home, "uploads/upload-0/a.csv"))).toBe(false);
  });

  it("is stored under its name and can be found by the given path", async () => {
    const response = await post("uploads/upload-1/a%20log.csv", "step,loss");
    const { path } = (await response.json()) as { path: string };
    expect(await readFile(path, "utf8")).toBe("step,loss");
    expect(path.endsWith("a log.csv")).toBe(true);
  });

  it("of a folder gives the folder's path", async () => {
    await post("uploads/upload-2/set/one/a.png", "a");
    const response = await post("uploads/upload-2/set/two/b.png", "b");
    const { path } = (await response.json()) as { path: string };
    expect(await readFile(join(path, "one/a.png"), "utf8")).toBe("a");
    expect(await readFile(join(path, "two/b.png"), "utf8")).toBe("b");
  });

  it.each([
    ["uploads/upload-3/..%2f..%2foutside.txt", 404],
    ["uploads/upload-3/../../outside.txt", 404],
    ["uploads/..%2foutside/outside.txt", 404],
    ["uploads/a/outside.txt", 400],
    [`uploads/upload-3/${"d/".repeat(2000)}x.txt`, 400],
    [`uploads/upload-3/${"n".repeat(256)}`, 400],
  ])("cannot leave its folder: %s", async (path, status) => {
    expect((await post(path, "x")).status).toBe(status);
    expect(existsSync(join(home, "outside.txt"))).toBe(false);
  });

  it("never replaces another, and says so", async () => {
    await post("uploads/upload-4/a.csv", "first");
    for (const name of ["a.csv", "a.csv/b.csv"]) {
      const response = await post(`uploads/upload-4/${name}`, "second");
      expect(response.status).toBe(409);
      expect(await response.text()).toBe(
        "This upload has a file of that name already.",
      );
    }
    const path = join(home, "uploads/upload-4/a.csv");
    expect(await readFile(path, "utf8")).toBe("first");
  });

  it("is discarded after its import, and other files are not", async () => {
    await post("uploads/upload-5/a.csv", "x");
    const path = join(home, "uploads/upload-5/a.csv");
    expect(await uploads.discard(path)).toBe(true);
    expect(existsSync(path)).toBe(false);
    expect(await uploads.discard(join(home, "grid.png"))).toBe(false);
    expect(existsSync(join(home, "grid.png"))).toBe(true);
  });

  it("that shall stay moves to where nothing clears it", async () => {
    await post("uploads/upload-6/set/a.png", "x");
    const kept = await uploads.keep(join(home, "uploads/upload-6/set"));
    expect(kept).toBe(join(home, "sets/upload-6/set"));
    expect(await readFile(join(kept, "a.png"), "utf8")).toBe("x");
    expect(await uploads.keep("/elsewhere/set")).toBe("/elsewhere/set");
  });

  it("that nobody used is cleared after days, not before", async () => {
    await post("uploads/upload-7/a.csv", "x");
    await post("uploads/upload-8/a.csv", "x");
    const old = join(home, "uploads/upload-7");
    const daysAgo = Date.now() / 1000 - 3 * 24 * 3600;
    await utimes(old, daysAgo, daysAgo);
    await uploads.clear();
    expect(existsSync(old)).toBe(false);
    expect(existsSync(join(home, "uploads/upload-8"))).toBe(true);
  });
});
