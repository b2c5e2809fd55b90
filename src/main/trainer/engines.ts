/** The engines of one thread: each is created once, when first asked for. */
import { createEngine, engineStatus } from "../engine";
import type { Engine } from "../engine/engine";
import type { ChosenEngine } from "./messages";

export interface LoadedEngine {
  engine: Engine;
  version: string;
}

export class Engines {
  private readonly created = new Map<string, Promise<Engine>>();

  /** Rejects with one sentence where the engine is not available here. */
  async open({ id, device }: ChosenEngine): Promise<LoadedEngine> {
    const key = `${id} ${device}`;
    const engine = await (this.created.get(key) ??
      this.create(key, id, device));
    const status = await engineStatus(engine.id);
    return { engine, version: status.available ? status.version : "unknown" };
  }

  private create(
    key: string,
    id: ChosenEngine["id"],
    device: string | undefined,
  ): Promise<Engine> {
    const engine = createEngine(id, device);
    this.created.set(key, engine);
    engine.catch(() => this.created.delete(key));
    return engine;
  }
}
