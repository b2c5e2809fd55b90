/** Asks programs that are not ours what they find in exported files. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { pythonEnvironment } from "../python";

const run = promisify(execFile);

const framesSchema = z.record(
  z.string(),
  z.array(
    z.object({
      size: z.tuple([z.int(), z.int()]),
      duration: z.number().nullable(),
      loop: z.number().nullable(),
      sha256: z.string(),
      pixels: z.array(z.int()).nullable(),
    }),
  ),
);

/** Runs one of the scripts beside this file, or any other; gives what it printed. */
export async function runPython(
  python: string,
  script: string,
  args: readonly string[],
): Promise<string> {
  const path = script.includes("/")
    ? script
    : fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await run(python, [path, ...args], {
    env: pythonEnvironment(),
    maxBuffer: 1 << 28,
  });
  return stdout;
}

/** Every frame of a picture as Pillow decodes it. */
export async function readFrames(python: string, path: string) {
  const output = await runPython(python, "pictures.py", [path]);
  return framesSchema.parse(JSON.parse(output))[path];
}
