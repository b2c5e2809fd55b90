/**
 * The event files of a run under way: its own, which is the truth of its curves, and where its settings ask for one a
 * second in `tensorboard/` that has the tutorial's tags and steps and the sample grids.
 */
import { hostname } from "node:os";
import { basename, join } from "node:path";
import type { MetricBlock } from "../../../shared/step";
import type { TrainingSettings } from "../../../shared/settings/settings";
import { replaceAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { MetricSeries } from "../curves/metric-series";
import { savedLog } from "../curves/tensorboard/saved-log";
import { gridRecord, tutorialForm } from "../curves/tensorboard/tutorial-log";
import type { EventImage } from "../curves/tensorboard/messages";
import { stepsIn } from "../checkpoints/checkpoints";
import {
  eventFileName,
  sampleFile,
  samplesFolder,
  tensorBoardFolder,
} from "../folder/layout";
import { newestLog } from "../folder/reopen";
import { StepWriter } from "./step-writer";

export class RunLogs {
  private constructor(
    private readonly own: StepWriter,
    private readonly second: {
      steps: StepWriter;
      makeFolder: () => Promise<void>;
    } | null,
  ) {}

  /** Opens those there are, and makes those that are missing. */
  static async open(
    files: FileLayer,
    folder: string,
    { log }: Pick<TrainingSettings, "log">,
  ): Promise<RunLogs> {
    const path =
      (await newestLog(folder)) ??
      join(folder, eventFileName(new Date(), hostname()));
    const own = await StepWriter.open(files, path);
    if (!log.tensorboard) return new RunLogs(own, null);
    try {
      const place = tensorBoardFolder(folder);
      const makeFolder = () => files.makeSubfolder(place);
      await makeFolder();
      let second = await newestLog(place);
      if (second === null) {
        second = join(place, basename(path));
        await writeSecond(files, folder, second);
      }
      const steps = await StepWriter.open(files, second, tutorialForm);
      return new RunLogs(own, { steps, makeFolder });
    } catch (error) {
      await own.close();
      throw error;
    }
  }

  /** An event file was not where it had been, and was written again. */
  set onRewritten(listener: () => void) {
    for (const steps of this.all) steps.onRewritten = listener;
  }

  /** Somebody cut an event file. */
  set onCut(listener: () => void) {
    for (const steps of this.all) steps.onCut = listener;
  }

  /** How many bytes wait for `flush`. */
  get waiting(): number {
    return this.all.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  add(block: MetricBlock): void {
    for (const steps of this.all) steps.add(block);
  }

  addGrid(grid: EventImage): void {
    this.second?.steps.addRecord(gridRecord(grid, tutorialForm));
  }

  /** Gives everything to the system. After a failure it still waits, and nothing is in a file by half. */
  async flush(): Promise<void> {
    await this.second?.makeFolder();
    for (const steps of this.all) await steps.flush();
  }

  async sync(): Promise<void> {
    for (const steps of this.all) await steps.sync();
  }

  async close(): Promise<void> {
    for (const steps of this.all) await steps.close();
  }

  private get all(): StepWriter[] {
    return this.second ? [this.own, this.second.steps] : [this.own];
  }
}

/** Of a run that has trained without one: from its own log and its grids. */
async function writeSecond(
  files: FileLayer,
  folder: string,
  path: string,
): Promise<void> {
  const { groups } = await new MetricSeries(folder).read();
  if (groups.length === 0) return;
  const grids = (["last", "average"] as const).flatMap((weights) =>
    stepsIn(samplesFolder(folder, weights), "png").map((step) => ({
      step,
      path: sampleFile(folder, step, weights),
    })),
  );
  const onUnreadable = () => undefined;
  const log = { groups, grids, form: tutorialForm, onUnreadable };
  await replaceAtomically(files, path, async (file) => {
    for await (const piece of savedLog(log)) await file.write(piece);
  });
}
