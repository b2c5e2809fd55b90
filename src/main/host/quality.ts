/** Judging saved steps: the quality thread, and what it finds kept with the run. */
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import { DataTasks } from "./data-tasks";
import type {
  NearestAnswer,
  QualityAnswer,
} from "../../shared/contract/quality";
import type { Host } from "./host";
import type { Pictures } from "./pictures";
import { judgeStep } from "./judge-step";
import type { Measuring } from "./judge-step";
import { trainedRun } from "./trained-run";

export class QualityArea {
  readonly calls: Handlers<AppContract>["quality"];
  private readonly tasks: DataTasks;

  constructor(
    private readonly host: Host,
    private readonly pictures: Pictures,
  ) {
    this.tasks = new DataTasks(host.emit);
    this.calls = {
      evaluate: ({ run, step, ...measuring }) =>
        this.evaluate(run, step, { ...measuring, threads: null }),
      nearest: ({ run, step, tile }) => this.nearest(run, step, tile),
      cancel: ({ run }) => {
        this.tasks.cancel(taskOf(run));
        return null;
      },
      list: ({ run, weights }) => host.store.qualities(run, weights),
    };
  }

  async close(): Promise<void> {
    this.tasks.cancelAll();
    await this.host.judging.close();
  }

  private async evaluate(
    run: string,
    step: number,
    measuring: Measuring,
  ): Promise<QualityAnswer> {
    const saved = { run, step, ...(await this.saved(run, step)) };
    return this.tasks.run(taskOf(run), (work) =>
      judgeStep(this.host, saved, measuring, work),
    );
  }

  private async nearest(
    run: string,
    step: number,
    tile: number,
  ): Promise<NearestAnswer> {
    const saved = await this.saved(run, step);
    const { count } = saved.settings.sampling;
    if (tile >= count)
      throw new Error(`Its grid has tiles 0 to ${count - 1}, not ${tile}.`);
    const { dataFolder, judging, store } = this.host;
    const { library } = store;
    const folder = store.folder(run);
    const order = {
      ...saved,
      library,
      folder,
      dataFolder,
      tile,
      threads: null,
    };
    const found = await this.tasks.run(taskOf(run), (work) =>
      judging.calls.nearest(order, work),
    );
    if (found.kind === "none") return found;
    const grid = { perRow: 3, padding: 2, padValue: 1, normalize: false };
    const { range } = saved.settings.data;
    const { url, sheet } = await this.pictures.add(found, grid, range);
    const { training, heldOut } = found;
    return { kind: "row", url, sheet, training, heldOut };
  }

  private async saved(run: string, step: number) {
    const { store } = this.host;
    const { settings, dataHash } = await trainedRun(store, run);
    const { state } = await store.readCheckpoint(run, step);
    return { settings, state, dataHash };
  }
}

function taskOf(run: string): string {
  return `quality ${run}`;
}
