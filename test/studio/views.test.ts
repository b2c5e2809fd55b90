/** The explorer's and the microscope's calls on a real library: what the window gets. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Application } from "../../src/main/host/app";
import {
  quickSettings,
  recordOf,
  start,
  temporaryApplication,
} from "../host/application";

let application: Application;
let run: string;
const steps = 12;
const look = {
  mode: "evaluation",
  truncation: null,
  class: null,
  weights: "average",
} as const;

beforeAll(async () => {
  application = await temporaryApplication();
  run = await start(application, steps);
  await vi.waitUntil(() => application.trainingRun() === null, {
    timeout: 20_000,
  });
  expect(await recordOf(application, run)).toMatchObject({ state: "finished" });
});
afterAll(() => application.close());

async function fetchFile(url: string): Promise<Response> {
  return application.respond(new Request(new URL(url, "http://localhost")));
}

describe("explore", () => {
  const draw = () =>
    application.handlers.explore.draw({
      viewpoint: { run, step: steps, ...look },
      exploration: { kind: "walk", seed: 1, stops: 3, framesPerLeg: 4 },
    });

  it("says what can be explored", async () => {
    expect(await application.handlers.explore.describe({ run })).toEqual({
      latentSize: 64,
      steps: [steps],
      hasAverage: false,
      classes: [],
    });
  });

  it("draws a sheet whose tiles are where it says", async () => {
    const picture = await draw();
    expect(picture.sheet).toEqual({
      count: 12,
      columns: 4,
      tile: 28,
      padding: 2,
    });
    const response = await fetchFile(picture.url);
    expect(response.headers.get("content-type")).toBe("image/png");
    const png = Buffer.from(await response.arrayBuffer());
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      4 * 30 + 2,
      3 * 30 + 2,
    ]);
  });

  it("keeps a picture in the run's gallery until it is removed", async () => {
    const { explore } = application.handlers;
    const { id } = await draw();
    const kept = await explore.keep({ id });
    expect(kept.title).toBe("A walk through 3 vectors (seed 1) at step 12");
    expect(await explore.kept({ run })).toEqual([kept]);
    expect((await fetchFile(kept.url)).status).toBe(200);
    await explore.removeKept({ run, name: kept.name });
    expect(await explore.kept({ run })).toEqual([]);
    expect((await fetchFile(kept.url)).status).toBe(404);
  });

  it("refuses a name that leads elsewhere", async () => {
    const { explore } = application.handlers;
    await expect(
      explore.removeKept({ run, name: "../run.json" }),
    ).rejects.toThrow();
    expect((await fetchFile(`/files/runs/${run}/run.json`)).status).toBe(404);
  });
});

describe("microscope", () => {
  it("opens a copy of a checkpoint and leaves the run as it is", async () => {
    const { microscope } = application.handlers;
    const before = await recordOf(application, run);
    const view = await microscope.open({
      specimen: { kind: "run", run, step: steps },
    });
    expect(view.title).toContain("at step 12");
    const { id } = view;
    const seen = await microscope.update({
      id,
      network: "discriminator",
      sameBatch: false,
    });
    expect(seen.last?.counts).toEqual({ generator: 0, discriminator: 1 });
    expect((await fetchFile(seen.fake.url)).status).toBe(200);
    const layers = await microscope.activations({
      id,
      network: "generator",
      index: 0,
      image: "fake",
    });
    expect(layers.map(({ title }) => title)).toContain("layer 6 (Tanh)");
    await microscope.close({ id });
    expect(await recordOf(application, run)).toEqual(before);
  });

  it("opens fresh networks", async () => {
    const { microscope } = application.handlers;
    const view = await microscope.open({
      specimen: { kind: "fresh", settings: quickSettings(10) },
    });
    expect(view.step).toBe(0);
    expect(view.figures.real).toBeCloseTo(0.5, 1);
    await microscope.close({ id: view.id });
    await expect(microscope.reset({ id: view.id })).rejects.toThrow(
      "no longer open",
    );
  });
});
