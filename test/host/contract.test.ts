/** The contract over both transports: what the window asks and is told must not depend on how it travels. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { decodeMetrics, fileUrls } from "../../src/shared/contract/files";
import type { AppEvent } from "../../src/shared/contract/index";
import type { LogLine } from "../../src/shared/contract/runs";
import type { RunListing } from "../../src/shared/run";
import type { Cadence } from "../../src/shared/settings/settings";
import type { Application } from "../../src/main/host/app";
import { quickSettings, temporaryApplication } from "./application";
import { electronIpc, webSocket } from "./transports";
import type { Opened } from "./transports";

vi.mock("electron", () => import("../electron/fake-electron"));

const settings = quickSettings(40);

describe.each([webSocket, electronIpc])("over $name", ({ open }) => {
  let application: Application;
  let opened: Opened;
  const events: AppEvent[] = [];

  beforeAll(async () => {
    application = await temporaryApplication();
    opened = await open(application);
    opened.connection.onEvent((event) => events.push(event));
  });

  afterAll(async () => {
    await opened.close();
    await application.close();
  });

  const client = () => opened.connection.client;
  const allIds = async () => {
    const page = { from: 0, count: 1000 };
    const { rows } = await client().runs.query({ columns: [], page });
    return rows.flatMap((row) => (row.kind === "group" ? [] : [row.id]));
  };

  async function ended(
    id: string,
  ): Promise<Extract<RunListing, { kind: "run" }>> {
    await vi.waitUntil(() => application.trainingRun() === null, 50_000);
    const listing = await client().runs.get({ id });
    if (listing.kind === "damaged") throw new Error(listing.reason);
    return listing;
  }

  it("a call is answered", async () => {
    const info = await client().app.info({});
    expect(info).toMatchObject({ version: "0.0.0", shell: "browser" });
  });

  it("many calls under way get their own answers", async () => {
    const keys = Array.from({ length: 50 }, (_, index) => `key ${index}`);
    await Promise.all(
      keys.map((key, value) => client().app.setPreference({ key, value })),
    );
    const preferences = await client().app.preferences({});
    expect(keys.map((key) => preferences[key])).toEqual([...keys.keys()]);
  });

  it("a dropped file has a path only where there is a preload", () => {
    const path = opened.connection.pathOf(new File([], "run.zip"));
    const { shell } = opened.connection;
    expect(path).toBe(shell === "electron" ? "/dropped/run.zip" : "");
  });

  it("a large message passes whole, in either direction", async () => {
    const value = "x".repeat(3_000_000);
    await client().app.setPreference({ key: "large", value });
    expect((await client().app.preferences({})).large).toBe(value);
    await client().app.setPreference({ key: "large", value: null });
  });

  it("a wrong input is refused with where it is wrong", async () => {
    const wrong = { settings: { ...settings, seed: -1 }, name: null };
    await expect(client().training.start(wrong)).rejects.toThrow(
      /^training\.start: settings\.seed must be /,
    );
  });

  it("a failure arrives as its sentence", async () => {
    await expect(client().training.pause({ run: "none" })).rejects.toThrow(
      "This run is not training here: it has ended, or another program trains it.",
    );
  });

  it("settings that do not fit each other start nothing", async () => {
    const data = { ...settings.data, size: 32 };
    const start = client().training.start({
      settings: { ...settings, data },
      name: null,
    });
    await expect(start).rejects.toThrow(/^generator\.layers\.\d: /);
    expect(await allIds()).toEqual([]);
  });

  it("a run trains, is told of, and leaves its grids and metrics", async () => {
    const started = await client().training.start({ settings, name: "First" });
    if (started.kind !== "run") throw new Error(started.reason);
    const { id } = started.record;
    const { record, samples } = await ended(id);
    expect([record.state, record.progress.step]).toEqual(["finished", 40]);
    expect(samples).toEqual([0, 10, 20, 30, 40]);
    const told = new Set(events.map((event) => event.type));
    for (const type of ["run-changed", "training-progress", "task-progress"])
      expect(told).toContain(type);

    const grid = await opened.fetch(fileUrls.samples(id, 40));
    expect(grid.headers.get("content-type")).toBe("image/png");
    const bytes = new Uint8Array(await grid.arrayBuffer());
    expect([...bytes.subarray(1, 4)]).toEqual(
      [..."PNG"].map((c) => c.charCodeAt(0)),
    );
    const metrics = await opened.fetch(fileUrls.metrics(id, 30));
    const [group] = decodeMetrics(await metrics.arrayBuffer());
    expect([...group.steps]).toEqual([31, 32, 33, 34, 35, 36, 37, 38, 39, 40]);
  });

  it("only one run trains at a time; it can pause, go on, and stop", async () => {
    const long = { unit: "steps" as const, count: 1_000_000 };
    const endless = {
      ...settings,
      schedule: { ...settings.schedule, length: long },
    };
    const ask = { settings: endless, name: null };
    const started = await client().training.start(ask);
    if (started.kind !== "run") throw new Error(started.reason);
    const { id } = started.record;
    await expect(client().training.start(ask)).rejects.toThrow("Another run");
    const become = async (state: string) => {
      await vi.waitUntil(async () => {
        const listing = await client().runs.get({ id });
        return listing.kind === "run" && listing.record.state === state;
      }, 20_000);
    };
    await become("training");
    await client().training.pause({ run: id });
    await become("paused");
    await client().training.unpause({ run: id });
    await become("training");
    await client().training.stop({ run: id });
    const { record, checkpoints } = await ended(id);
    expect(record.state).toBe("stopped");
    expect(checkpoints).toContain(record.progress.step);
  });

  it("a stopped run goes on to a new total, and forks at a checkpoint", async () => {
    const started = await client().training.start({ settings, name: null });
    if (started.kind !== "run") throw new Error(started.reason);
    const { id } = started.record;
    await ended(id);
    await expect(
      client().training.resume({ run: id, steps: 40 }),
    ).rejects.toThrow("has already taken 40 steps; give a larger total");
    await client().training.resume({ run: id, steps: 50 });
    expect((await ended(id)).record).toMatchObject({
      reason: null,
      state: "finished",
      progress: { step: 50 },
    });

    const fork = { run: id, step: 50, settings, name: "Fork" };
    const length = { unit: "steps" as const, count: 60 };
    const forked = await client().training.fork({
      ...fork,
      settings: { ...settings, schedule: { ...settings.schedule, length } },
    });
    if (forked.kind !== "run") throw new Error(forked.reason);
    const { record } = await ended(forked.record.id);
    expect(record).toMatchObject({
      name: "Fork",
      state: "finished",
      parent: { run: id, step: 50 },
    });
  });

  it("runs are renamed, removed and brought back, and every window hears it", async () => {
    const [id] = await allIds();
    events.length = 0;
    await client().runs.edit({ id, edit: { name: "Renamed" } });
    await client().runs.remove({ ids: [id] });
    expect(await allIds()).not.toContain(id);
    await client().runs.restore({ ids: [id] });
    expect(await client().runs.get({ id })).toMatchObject({
      record: { name: "Renamed" },
    });
    await vi.waitUntil(() => events.length >= 3, 10_000);
    expect(events.map((event) => event.type)).toEqual([
      "run-changed",
      "runs-removed",
      "run-changed",
    ]);
  });

  it("the log is made again from the curves, line for line, page by page", async () => {
    events.length = 0;
    const everyStep = { unit: "step", every: 1, within: "epoch", at: "end" };
    const log = { ...settings.log, cadence: everyStep as Cadence };
    const objective = { ...settings.objective, generatorEvery: 3 };
    const started = await client().training.start({
      settings: { ...settings, log, objective },
      name: "Logged",
    });
    if (started.kind !== "run") throw new Error(started.reason);
    const { id } = started.record;
    await ended(id);
    await vi.waitUntil(() => toldLines(events).length === 40, 10_000);
    const newest = await client().runs.log({ id, before: null, limit: 25 });
    expect([newest.lines.length, newest.more]).toEqual([25, true]);
    const before = newest.lines[0].step;
    const oldest = await client().runs.log({ id, before, limit: 25 });
    expect([...oldest.lines, ...newest.lines]).toEqual(toldLines(events));
    expect(oldest.more).toBe(false);
  });

  it("a page of runs has a metric at a step and the newest grid, and the columns that differ are known", async () => {
    const at = "at:40:loss/generator";
    const columns = ["name", at, "at:1000000:loss/generator"];
    const page = await client().runs.query({
      columns,
      sort: [{ column: at, descending: true }],
      pictures: true,
      page: { from: 0, count: 1 },
    });
    const [row] = page.rows;
    if (row.kind !== "run") throw new Error(row.kind);
    const [first] = await opened
      .fetch(fileUrls.metrics(row.id, 39))
      .then(async (answer) => decodeMetrics(await answer.arrayBuffer()))
      .then((groups) =>
        groups.filter(({ tags }) => tags.includes("loss/generator")),
      );
    const place = first.tags.indexOf("loss/generator");
    expect(row.cells.slice(1)).toEqual([first.values[place][0], null]);
    expect(row.picture?.step).toBe(row.cells[0] === "Fork" ? 50 : 40);
    const offers = await client().runs.columns({ filter: "" });
    const differing = offers.flatMap(({ column, differs }) =>
      differs && column.includes(".") ? [column] : [],
    );
    expect(differing).toContain("objective.generatorEvery");
    expect(differing).not.toContain("data.source");
  });

  it("the trash is listed, and emptied for good", async () => {
    const [id] = await allIds();
    await client().runs.remove({ ids: [id] });
    expect(idsOf(await client().runs.trash({}))).toEqual([id]);
    expect(await client().runs.emptyTrash({})).toBe(1);
    expect(await client().runs.trash({})).toEqual([]);
    await expect(client().runs.restore({ ids: [id] })).rejects.toThrow(
      "is not in the trash any more",
    );
  });

  it("a data set is described and drawn", async () => {
    const { data } = settings;
    const facts = await client().data.preview({ data });
    expect([facts.count, facts.range.min, facts.range.max]).toEqual([
      640, -1, 1,
    ]);
    const url = fileUrls.preview(JSON.stringify(data), "index:149", 0);
    const picture = await opened.fetch(url);
    expect(picture.headers.get("content-type")).toBe("image/png");
    const wrong = await opened.fetch(fileUrls.preview("{}", "index:149", 0));
    expect(wrong.status).toBe(400);
  });
});

describe("a lost WebSocket", () => {
  it("fails the calls under way, comes back by itself, and works again", async () => {
    const application = await temporaryApplication();
    const opened = await webSocket.open(application);
    const { connection } = opened;
    const statuses: string[] = [];
    connection.onStatus((status) => statuses.push(status));
    const underWay = connection.client.data.preview({ data: settings.data });
    opened.interrupt?.();
    await expect(underWay).rejects.toThrow(
      "connection to the application is lost",
    );
    await expect(connection.client.app.info({})).rejects.toThrow("is lost");
    await vi.waitUntil(() => statuses.includes("connected"), 5_000);
    expect(statuses).toEqual(["lost", "connected"]);
    expect(await connection.client.app.info({})).toMatchObject({
      version: "0.0.0",
    });
    await opened.close();
    await application.close();
  });
});

function toldLines(events: readonly AppEvent[]): LogLine[] {
  return events.flatMap((event) =>
    event.type === "log-line" ? [{ step: event.step, line: event.line }] : [],
  );
}

function idsOf(listings: RunListing[]): string[] {
  return listings.map((one) => (one.kind === "run" ? one.record.id : one.id));
}
