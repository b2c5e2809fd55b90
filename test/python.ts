/** Finds a Python that can stand in for an independent program, or says why there is none. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type Python =
  | { available: true; path: string }
  | { available: false; reason: string };

const root = fileURLToPath(new URL("..", import.meta.url));
const candidates = [`${root}.venv/bin/python3`, "python3"];

/** A Python that imports all of `modules`; otherwise the sentence to skip a test with. */
export function findPython(modules: readonly string[] = []): Python {
  const present = candidates.filter(
    (path) => path === "python3" || existsSync(path),
  );
  let reason = "There is no python3.";
  for (const path of present) {
    const problem = importProblem(path, modules);
    if (problem === null) return { available: true, path };
    reason = problem;
  }
  return { available: false, reason };
}

/** The environment for a peer: the machine's own BLAS settings would slow other builds down. */
export function pythonEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete environment.OPENBLAS_CORETYPE;
  delete environment.OPENBLAS_L2_SIZE;
  return environment;
}

function importProblem(
  path: string,
  modules: readonly string[],
): string | null {
  const script = modules.map((module) => `import ${module}`).join("\n");
  const result = spawnSync(path, ["-c", script], {
    encoding: "utf8",
    env: pythonEnvironment(),
  });
  if (result.error) return `${path} does not start: ${result.error.message}.`;
  if (result.status === 0) return null;
  const last = result.stderr.trim().split("\n").at(-1) ?? "";
  return `${path} cannot import ${modules.join(", ")}: ${last}`;
}
