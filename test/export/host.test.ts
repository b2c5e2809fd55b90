/** Exports through the contract and the file addresses, in browser mode and where a shell has save dialogs. */
import type { ComparisonView } from "../../src/shared/contract/comparisons";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Application } from "../../src/main/host/app";
import type { Shell } from "../../src/main/host/shell";
import { createStore } from "../../src/main/runs/store";
import type { TaskProgress } from "../../src/shared/contract/events";
import { exportRequestSchema } from "../../src/shared/contract/exports";
import { fileUrls } from "../../src/shared/contract/files";
import { temporaryApplication } from "../host/application";
import { addRun } from "./library";

let home: string;
let run: string;
const opened: Application[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "gan-workbench-export-"));
  const store = await createStore(join(home, "library"));
  run = await addRun(store, { name: "Grün & Co" });
  await store.close();
});
afterAll(async () => {
  for (const application of opened) await application.close();
});

async function open(shell?: Shell): Promise<Application> {
  const application = await temporaryApplication({
    library: join(home, "library"),
    ...(shell && { shell }),
  });
  opened.push(application);
  return application;
}

const get = (application: Application, path: string) =>
  application.respond(new Request(`http://localhost${path}`));

test("browser mode answers with an address that gives the file once it is made", async () => {
  const application = await open();
  const outcome = await application.handlers.exports.start({
    id: "a",
    request: exportRequestSchema.parse({ format: "csv", runs: [run] }),
  });
  expect(outcome.state).toBe("download");
  if (outcome.state !== "download") return;
  const response = await get(application, outcome.url);
  expect(response.headers.get("content-disposition")).toBe(
    "attachment; filename*=UTF-8''Gru-n-Co-metrics.csv",
  );
  expect(await response.text()).toContain("loss/generator");
});

test("a download's address leads nowhere else", async () => {
  const application = await open();
  const key = "00000000-0000-0000-0000-000000000000";
  for (const path of [
    `/files/exports/${key}/..%2F..%2Fconfig.json`,
    `/files/exports/../config.json`,
    `/files/exports/not-a-key/name`,
  ])
    expect((await get(application, path)).status).toBe(404);
});

test("the preview is the picture itself", async () => {
  const application = await open();
  const request = JSON.stringify({ format: "png", run });
  const response = await get(application, fileUrls.exportPreview(request));
  expect(response.headers.get("content-type")).toBe("image/png");
  const { width } = await sharp(await response.arrayBuffer()).metadata();
  expect(width).toBe(3 * 16 + 4 * 2);
  const nothing = JSON.stringify({ format: "bundle", run });
  expect((await get(application, fileUrls.exportPreview(nothing))).status).toBe(
    400,
  );
});

test("a report that cannot be made says why in its frame", async () => {
  const application = await open();
  const request = JSON.stringify({ format: "html", runs: ["gone"] });
  const response = await get(application, fileUrls.exportPreview(request));
  expect(response.ok).toBe(false);
  expect(response.headers.get("content-security-policy")).toContain(
    "frame-ancestors 'self'",
  );
  expect(await response.text()).toContain("gone");
});

test("a shell with dialogs decides where it goes, and can show it afterwards", async () => {
  const revealed: string[] = [];
  const target = join(home, "chosen.gif");
  const application = await open({
    kind: "electron",
    chooseFile: (choice) => {
      expect(choice.suggestedName).toBe("Gru-n-Co-evolution.gif");
      return Promise.resolve(target);
    },
    reveal: (path) => {
      revealed.push(path);
      return Promise.resolve();
    },
  });
  const { exports } = application.handlers;
  const outcome = await exports.start({
    id: "b",
    request: exportRequestSchema.parse({ format: "gif", run }),
  });
  expect(outcome).toMatchObject({ state: "saved", path: target });
  await exports.reveal({ id: "b" });
  expect(revealed).toEqual([target]);
  expect((await readFile(target)).subarray(0, 6).toString()).toBe("GIF89a");
});

test("a closed dialog and a cancelled export are no failures", async () => {
  const target = join(home, "cancelled.gif");
  let chosen: string | null = null;
  const application = await open({
    kind: "electron",
    chooseFile: () => Promise.resolve(chosen),
    reveal: () => Promise.resolve(),
  });
  const { exports } = application.handlers;
  const request = exportRequestSchema.parse({ format: "gif", run });
  expect(await exports.start({ id: "c", request })).toEqual({
    state: "cancelled",
  });
  chosen = target;
  const ended: TaskProgress["ended"][] = [];
  application.onEvent((event) => {
    if (event.type === "task-progress") ended.push(event.task.ended);
  });
  const under = exports.start({ id: "d", request });
  await exports.cancel({ id: "d" });
  expect(await under).toEqual({ state: "cancelled" });
  expect((await readdir(home)).filter((name) => name.includes("gif"))).toEqual([
    "chosen.gif",
  ]);
  expect(ended.at(-1) ?? "cancelled").toBe("cancelled");
});

test("comparisons are kept by name", async () => {
  const { comparisons } = (await open()).handlers;
  const view: ComparisonView = {
    tags: ["loss/generator"],
    axis: "step",
    smoothing: 0,
    commonScale: true,
    groupSeeds: false,
    seed: null,
    baseline: null,
    matrix: { across: null, down: null, held: {}, tiles: null },
    difference: null,
    unit: "fraction",
    onlyDifferences: true,
    at: 12,
    logarithmic: ["loss/generator"],
    hidden: [run],
    pinned: [{ run, step: 20 }],
    pane: "metrics",
    layout: "swipe",
    share: 35,
  };
  const first = { name: "a", runs: [run, run], view: { ...view, tags: [] } };
  await comparisons.save(first);
  await comparisons.save({ ...first, name: "b" });
  const changed = { ...first, view: { ...view, tags: ["score/real"] } };
  expect(await comparisons.save(changed)).toEqual([
    changed,
    { ...first, name: "b" },
  ]);
  expect(await comparisons.remove({ name: "a" })).toHaveLength(1);
});
