/** The engines in words: what each is called, what was found out about it, and why one is taken. */
import type { EngineListing } from "../../shared/contract/app";
import type { EngineId } from "../../shared/settings/settings";
import { formatMs } from "../../shared/milliseconds";
import type { Check } from "./book";

const names: Record<EngineId, string> = {
  onnx: "CPU",
  webgpu: "WebGPU",
  tfjs: "TensorFlow",
};

export function nameOf(id: EngineId): string {
  return names[id];
}

/** "WebGPU, NVIDIA RTX 4060: 0.9 ms a step; CPU: 2.1 ms a step." `avoided` are the names of those that crashed. */
export function whyFastest(
  measured: readonly (readonly [name: string, speed?: number | string])[],
  avoided: readonly string[],
): string {
  const times = measured.map(([name, speed]) =>
    typeof speed === "number"
      ? `${name}: ${formatMs(speed)} a step`
      : `${name}: ${speed ?? "the only engine that can train here"}`,
  );
  const left = avoided.map(
    (name) =>
      ` ${name} is left out, because the application crashed while it trained.`,
  );
  return `${times.join("; ")}.${left.join("")}`;
}

export function listingOf(
  id: EngineId,
  check: Check,
  { crashedAt, isOnly }: { crashedAt: string | null; isOnly: boolean },
): EngineListing {
  const found = check.passed ? check : null;
  return {
    id,
    name: nameOf(id),
    available: check.passed,
    device: found?.device ?? null,
    version: found?.version ?? null,
    reason: check.passed ? null : check.reason,
    selfTest: found && {
      msPerStep: found.msPerStep,
      processorMsPerStep: found.processorMsPerStep,
      difference: found.difference,
    },
    crashedAt,
    automatic: isOnly,
    choice: choiceOf(check, { crashedAt, isOnly }),
  };
}

function choiceOf(
  check: Check,
  { crashedAt, isOnly }: { crashedAt: string | null; isOnly: boolean },
): string {
  if (!check.passed) return "It is not available here.";
  if (crashedAt !== null)
    return "The application crashed while it trained, so auto leaves it out until it is tested again.";
  return isOnly
    ? "auto takes it: it is the only engine that can train here."
    : "auto measures it for each size of networks.";
}
