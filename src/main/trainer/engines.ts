/** The engines of one thread: each is created once, when first asked for. */
import { createEngine, engineStatus, engineStatuses } from "../engine";
import type { Engine, EngineStatus } from "../engine/engine";
import type { EngineSettings } from "../../shared/settings/settings";

export interface Engines {
  /** What each engine says of itself; loads them all. */
  statuses(): Promise<EngineStatus[]>;
  /** Throws a sentence where the engine is not available here. */
  choose(
    id: EngineSettings["id"],
  ): Promise<{ engine: Engine; version: string }>;
  /**
   * For a run that exists: where its own engine is not available here, the automatic choice stands in. All engines compute the
   * same, so a run can be resumed and looked at anywhere.
   */
  chooseAgain(
    id: EngineSettings["id"],
  ): Promise<{ engine: Engine; version: string }>;
}

export function createEngines(): Engines {
  const created = new Map<EngineSettings["id"], Promise<Engine>>();
  let asked: Promise<EngineStatus[]> | null = null;
  return {
    statuses: () => (asked ??= engineStatuses()),
    choose,
    async chooseAgain(id) {
      const isHere = id === "auto" || (await engineStatus(id)).available;
      return choose(isHere ? id : "auto");
    },
  };

  async function choose(id: EngineSettings["id"]) {
    const engine = await (created.get(id) ?? remember(id));
    const own = await engineStatus(engine.id);
    return { engine, version: own.available ? own.version : "unknown" };
  }

  function remember(id: EngineSettings["id"]): Promise<Engine> {
    const engine = createEngine(id);
    created.set(id, engine);
    engine.catch(() => created.delete(id));
    return engine;
  }
}
