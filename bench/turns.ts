/** Timing several programs in turns, so that whatever else the machine does meets them all alike. */

/** Milliseconds by the clock. */
export const clockTime = () => performance.now();

/** Milliseconds of all this process's threads. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export interface Runner {
  name: string;
  /** Takes about so many steps; gives milliseconds a step. */
  block(steps: number): Promise<number>;
}

export interface Timing {
  median: number;
  best: number;
}

/** Warms each runner up, then gives each `blocks` blocks of about `blockMs`, one after the other. */
export async function takeTurns(
  runners: readonly Runner[],
  blocks: number,
  blockMs: number,
): Promise<Timing[]> {
  const steps: number[] = [];
  for (const runner of runners) {
    const first = await runner.block(1);
    const some = Math.max(1, Math.min(50, Math.round(200 / first)));
    const estimate = await runner.block(some);
    steps.push(Math.max(1, Math.round(blockMs / estimate)));
  }
  const times: number[][] = runners.map(() => []);
  for (let block = 0; block < blocks; block++)
    for (const [index, runner] of runners.entries())
      times[index].push(await runner.block(steps[index]));
  return times.map(timingOf);
}

export function timingOf(times: readonly number[]): Timing {
  return { median: median(times), best: Math.min(...times) };
}

/** The best of several ways to do the same: its best median and its best block may come from different ones. */
export function bestOf(timings: readonly Timing[]): Timing {
  return {
    median: Math.min(...timings.map(({ median }) => median)),
    best: Math.min(...timings.map(({ best }) => best)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
