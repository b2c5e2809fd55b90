/** Trains and measures one case in this process, with nothing on the disk: what is recorded of it, as the doctor reads it. */
import { join } from "node:path";
import { createEngine } from "../../src/main/engine";
import { Court } from "../../src/main/quality/court";
import { Control } from "../../src/main/trainer/control";
import type { Checkpoint } from "../../src/main/trainer/events";
import { createImageLoader } from "../../src/main/trainer/images";
import { train } from "../../src/main/trainer/train";
import type { MetricGroup } from "../../src/shared/curves/metric-group";
import type { RecordedRun } from "../../src/shared/doctor/recorded";
import { generatorMetrics, stepMetrics } from "../../src/shared/metrics";
import type { Quality } from "../../src/shared/quality";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import type { MetricBlock } from "../../src/shared/step";

/** Of a measured step; enough to be told from real images, and quick. */
const sampleCount = 250;

export class Trainer {
  private readonly engine = createEngine("onnx");
  private readonly images = createImageLoader();
  private readonly court = new Court();

  /** `folder`: for extractors and decoded images, which can be made again. */
  constructor(private readonly folder: string) {}

  async record(id: string, settings: TrainingSettings): Promise<RecordedRun> {
    return (await this.train(id, settings, null)).run;
  }

  /** With the checkpoints that were measured, to fork from; `from`: where it goes on. */
  async train(
    id: string,
    settings: TrainingSettings,
    from: Checkpoint | null,
  ): Promise<{ run: RecordedRun; saved: Checkpoint[] }> {
    const work = {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    };
    const dataFolder = join(this.folder, "data");
    const images = await this.images(settings, { dataFolder, ...work });
    if (!images) throw new Error("The images were not loaded.");
    const blocks: MetricBlock[] = [];
    const saved: Checkpoint[] = [];
    let state: "finished" | "diverged" = "finished";
    let reason: string | null = null;
    const job = { settings, images, control: new Control(), from };
    for await (const event of train({ ...job, engine: await this.engine })) {
      if (event.type === "metrics") blocks.push(event.block);
      if (event.type === "checkpoint" && event.reason !== "safety")
        saved.push(event.checkpoint);
      if (event.type === "diverged") {
        state = "diverged";
        reason = `At step ${event.step} ${event.what}.`;
      }
    }
    const every = settings.checkpoints.everySteps ?? 1;
    const steps = new Set<number>();
    const qualities: Quality[] = [];
    for (const { state, position } of saved) {
      if (position.step % every !== 0 || steps.has(position.step)) continue;
      steps.add(position.step);
      const verdict = await this.court.judge(
        {
          settings,
          state,
          dataHash: images.identity.hash,
          library: this.folder,
          dataFolder,
          folder: join(this.folder, "carried"),
          threads: 1,
          samples: sampleCount,
          seed: 0,
        },
        work,
      );
      if (verdict.kind === "none") continue;
      const { extractor, realSet, samples, measures } = verdict;
      const { step } = position;
      qualities.push({
        runId: id,
        step,
        extractor,
        realSet,
        samples,
        measures,
      });
    }
    const groups = groupsOf(blocks);
    const begun = from?.position.step ?? 0;
    const step = blocks.reduce((sum, { rows }) => sum + rows, begun);
    const record = {
      id,
      state,
      reason,
      settings,
      data: images.identity,
      progress: { step, totalSteps: step, stepsPerEpoch: 1, seconds: 0 },
      metricNames: {},
      summary: {},
    };
    const run = { record, groups, qualities, checkpoints: [...steps] };
    return { run, saved };
  }
}

/** As an event file has them: G's figures exist only where G was updated. */
function groupsOf(blocks: readonly MetricBlock[]): MetricGroup[] {
  const { tags } = blocks[0];
  return tags.map((tag) => {
    const steps: number[] = [];
    const values: number[] = [];
    const ofGenerator = generatorMetrics.includes(tag);
    for (const { firstStep, rows, columns, generatorUpdated } of blocks) {
      const column = columns[stepMetrics.indexOf(tag)];
      for (let row = 0; row < rows; row++) {
        if (ofGenerator && !generatorUpdated[row]) continue;
        steps.push(firstStep + row);
        values.push(column[row]);
      }
    }
    return {
      tags: [tag],
      steps: Float64Array.from(steps),
      times: new Float64Array(steps.length),
      values: [Float64Array.from(values)],
    };
  });
}
