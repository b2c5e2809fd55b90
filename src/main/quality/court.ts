/** Judges whatever saved step it is given, and keeps the images of the last run at hand for the next of its steps. */
import { dependsOnSeed } from "../../shared/settings/data";
import { createEngine } from "../engine";
import type { Engine } from "../engine/engine";
import { carriedExtractor } from "../runs/folder/layout";
import { carryExtractor } from "./extractor/library";
import { Judge } from "./judging/judge";
import { realImagesOf } from "./judging/real-images";
import type { RealWork } from "./judging/real-images";
import type { Model } from "./judging/scores";
import type {
  NearestImages,
  NearestOrder,
  QualityOrder,
  StepOrder,
  Verdict,
} from "./messages";

export type CourtWork = Pick<RealWork, "onProgress" | "signal">;
type Opened =
  | { kind: "judge"; judge: Judge }
  | { kind: "none"; reason: string };

/** Measures run on the CPU whatever the run trains on, so that they are the same everywhere. */
export class Court {
  private engine: Promise<Engine> | null = null;
  private last: { key: string; opened: Opened } | null = null;

  judge(order: QualityOrder, work: CourtWork): Promise<Verdict> {
    return this.look(order, work, async (judge, model) => {
      const { samples, seed, weights } = order;
      const { signal } = work;
      const title = "Comparing samples with real images";
      work.onProgress({ title, done: 0, total: null, unit: "images" });
      await carryExtractor(
        order.library,
        judge.extractor,
        carriedExtractor(order.folder),
      );
      const quality = await judge.judge(model, {
        samples,
        seed,
        weights,
        signal,
      });
      return { kind: "quality" as const, ...quality };
    });
  }

  nearest(order: NearestOrder, work: CourtWork): Promise<NearestImages> {
    return this.look(order, work, (judge, model) =>
      judge.nearest(model, order.tile),
    );
  }

  /** With the step's networks and the judge of its run's images; the reason where there can be none. */
  private async look<T>(
    order: StepOrder,
    work: CourtWork,
    ask: (judge: Judge, model: Model) => Promise<T>,
  ): Promise<T | { kind: "none"; reason: string }> {
    work.signal.throwIfAborted();
    const engine = await (this.engine ??= createEngine("onnx"));
    const opened = await this.open(order, engine, work);
    if (opened.kind === "none") return opened;
    const { settings, state, threads } = order;
    const options = { id: "onnx", threads, spinning: false } as const;
    const session = await engine.createSession(settings, state, options);
    try {
      return await ask(opened.judge, { session, settings });
    } finally {
      await session.dispose();
    }
  }

  private async open(
    { settings, dataHash, library, folder, dataFolder, threads }: StepOrder,
    engine: Engine,
    work: CourtWork,
  ): Promise<Opened> {
    const { data } = settings;
    const seed = dependsOnSeed(data) ? settings.seed : null;
    const key = JSON.stringify([data, seed, dataHash, library, threads]);
    if (this.last?.key === key) return this.last.opened;
    if (this.last?.opened.kind === "judge")
      await this.last.opened.judge.dispose();
    this.last = null;
    const found = await realImagesOf(settings, engine, {
      library,
      carried: carriedExtractor(folder),
      dataFolder,
      dataHash,
      threads,
      ...work,
    });
    const opened: Opened =
      found.kind === "none"
        ? found
        : {
            kind: "judge",
            judge: await Judge.open(found.real, engine, threads),
          };
    this.last = { key, opened };
    return opened;
  }
}
