/** Which of a run's saved grids can be shown: one that is empty, damaged or somebody else's is left out and told. */
import sharp from "sharp";
import { errorMessage } from "../../shared/errors";
import { nearestStep } from "../../shared/curves/timeline";
import type { ExportJob, ExportRun } from "./job";
import { ExportError, stepName } from "./job";

/**
 * The steps whose grids have the size that most of them have, ascending. Rejects with an ExportError where there is none.
 */
export async function readableSteps(
  job: ExportJob,
  run: ExportRun,
  steps: readonly number[],
): Promise<number[]> {
  const sizes = new Map<number, string>();
  const counts = new Map<string, number>();
  for (const step of steps) {
    job.signal.throwIfAborted();
    const size = await sizeOf(job, run, step);
    if (size === null) continue;
    sizes.set(step, size);
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  const usual = [...counts].sort(([, a], [, b]) => b - a).at(0)?.[0];
  const readable = steps.filter((step) => {
    const size = sizes.get(step);
    if (size === undefined) return false;
    if (size !== usual)
      leaveOut(job, run, step, `it has ${size} pixels, the others ${usual}`);
    return size === usual;
  });
  if (readable.length === 0) throw noneReadable(run);
  return readable;
}

/** The steps that a choice means; a number becomes the nearest saved step. Throws where nothing is saved. */
export function chooseSteps(
  run: ExportRun,
  choice: number | "last" | "all",
): number[] {
  const { samples, record } = run;
  const last = samples.at(-1);
  if (last === undefined)
    throw new ExportError(
      `The run ${record.name} has no saved samples; train it for longer, or choose another run.`,
    );
  if (choice === "all") return samples;
  if (choice === "last") return [last];
  return [nearestStep(samples, choice) ?? last];
}

/** The same among the grids that can be read. */
export async function stepsFor(
  choice: number | "last" | "all",
  job: ExportJob,
  run: ExportRun,
): Promise<number[]> {
  const samples = await readableSteps(job, run, chooseSteps(run, "all"));
  return chooseSteps({ ...run, samples }, choice);
}

/** Where in the run's folder a grid lies. */
export function gridName(step: number): string {
  return `samples/${stepName(step)}.png`;
}

/** What `work` makes of a step's grid; null, and told, where the grid cannot be read. */
export async function ifReadable<T>(
  job: ExportJob,
  run: ExportRun,
  step: number,
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnreadableGrid)) throw error;
    leaveOut(job, run, step, error.reason);
    return null;
  }
}

/** What `work` makes of the first of the steps whose grid can be read; those before it are told. */
export async function fromFirst<T>(
  job: ExportJob,
  run: ExportRun,
  steps: readonly number[],
  work: (step: number) => Promise<T>,
): Promise<T> {
  for (const step of steps) {
    const made = await ifReadable(job, run, step, () => work(step));
    if (made !== null) return made;
  }
  throw noneReadable(run);
}

/** A saved grid that is no picture. */
export class UnreadableGrid extends ExportError {
  override name = "UnreadableGrid";

  constructor(
    run: ExportRun,
    step: number,
    readonly reason: string,
  ) {
    super(
      `The samples of step ${step} of ${run.record.name} cannot be read: ${reason}.`,
    );
  }
}

export function noneReadable(run: ExportRun): ExportError {
  return new ExportError(
    `None of the saved samples of ${run.record.name} can be read; train it for longer, or choose another run.`,
  );
}

async function sizeOf(
  job: ExportJob,
  run: ExportRun,
  step: number,
): Promise<string | null> {
  try {
    const path = job.source.samplePath(run.record.id, step);
    const { width, height } = await sharp(path).metadata();
    return `${width} x ${height}`;
  } catch (error) {
    leaveOut(job, run, step, reasonOf(error));
    return null;
  }
}

/** The first line of what libvips says, which needs no more. */
export function reasonOf(error: unknown): string {
  return errorMessage(error).split("\n")[0].trim().replace(/\.$/, "");
}

function leaveOut(
  job: ExportJob,
  run: ExportRun,
  step: number,
  reason: string,
): void {
  job.leaveOut({
    run: run.record.id,
    name: gridName(step),
    reason,
  });
}
