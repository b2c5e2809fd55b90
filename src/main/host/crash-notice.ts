/** What is said at the start after a run took the whole application with it. */
import { isActive } from "../../shared/run";
import type { Notice } from "../../shared/contract/events";
import type { Crash } from "../engines/crash-marks";
import { nameOf } from "../engines/listing";
import type { RunStore } from "../runs/run-store";

export async function crashNotice(
  store: Pick<RunStore, "get">,
  { run, engine, device, machineWentDown }: Crash,
): Promise<Notice> {
  const listing = await store.get(run).catch(() => null);
  const record = listing?.kind === "run" ? listing.record : null;
  const name = record ? `“${record.name}”` : run;
  const step = listing?.kind === "run" ? listing.checkpoints.at(-1) : undefined;
  const cause = machineWentDown
    ? "the power failed or the machine was started again"
    : "it crashed or was killed";
  const resume =
    step === undefined || !record || isActive(record.state)
      ? []
      : [
          `Resume the run from its checkpoint at step ${step.toLocaleString("en")}.`,
        ];
  const avoid =
    engine === "onnx" || machineWentDown
      ? []
      : [
          `Automatic choice leaves ${nameOf(engine)} out until you test it again in Settings.`,
        ];
  return {
    level: "warning",
    text: `GAN Workbench ended while ${nameOf(engine)} (${device}) trained ${name}: ${cause}.`,
    advice: [...resume, ...avoid].join(" ") || null,
    run: record ? run : null,
  };
}
