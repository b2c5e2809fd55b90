/** The machine and the program that train a run, as its record keeps them. */
import { arch, cpus, release, totalmem, type } from "node:os";
import type { Environment } from "../../shared/run";
import type { TrainerEvent } from "../trainer/messages";

export function describeEnvironment(
  version: string,
  engine: Extract<TrainerEvent, { type: "engine" }>,
  choice: string,
): Environment {
  return {
    application: `GAN Workbench ${version}`,
    engine: engine.id,
    device: engine.device,
    engineVersion: engine.version,
    choice,
    platform: `${type()} ${release()} ${arch()}`,
    processor: cpus().at(0)?.model.trim() ?? "unknown",
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    node: process.versions.node,
  };
}
