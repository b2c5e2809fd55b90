/** Judges whatever saved step it is given, and keeps the images of the last run at hand for the next of its steps. */
import { dependsOnSeed } from "../../shared/settings/data";
import { createEngine } from "../engine";
import type { Engine } from "../engine/engine";
import { carriedExtractor } from "../runs/folder/layout";
import { carryExtractor } from "./extractor/library";
import { Judge } from "./judging/judge";
import { realImagesOf } from "./judging/real-images";
import type { RealWork } from "./judging/real-images";
import type { QualityOrder, Verdict } from "./messages";

export type CourtWork = Pick<RealWork, "onProgress" | "signal">;
type Opened =
  { kind: "judge"; judge: Judge } | { kind: "none"; reason: string };

/** Measures run on the CPU whatever the run trains on, so that they are the same everywhere. */
export class Court {
  private engine: Promise<Engine> | null = null;
  private last: { key: string; opened: Opened } | null = null;

  async judge(order: QualityOrder, work: CourtWork): Promise<Verdict> {
    work.signal.throwIfAborted();
    const engine = await (this.engine ??= createEngine("onnx"));
    const opened = await this.open(order, engine, work);
    if (opened.kind === "none") return opened;
    const { library, folder } = order;
    const carried = carriedExtractor(folder);
    await carryExtractor(library, opened.judge.extractor, carried);
    const { settings, state, samples, seed, threads } = order;
    const options = { id: "onnx", threads, spinning: false } as const;
    const session = await engine.createSession(settings, state, options);
    try {
      const { signal } = work;
      const model = { session, settings };
      const quality = await opened.judge.judge(model, {
        samples,
        seed,
        signal,
      });
      return { kind: "quality", ...quality };
    } finally {
      await session.dispose();
    }
  }

  private async open(
    { settings, dataHash, library, folder, dataFolder, threads }: QualityOrder,
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
