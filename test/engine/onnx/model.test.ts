/** The ONNX that is written, as the format's own checker sees it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { plainModel, scanModel } from "../../../src/main/engine/onnx/models";
import type { Updates } from "../../../src/main/graph/steps";
import { rewriteForOnnx } from "../../../src/main/engine/onnx/tuning/rewrite";
import { Programs } from "../../../src/main/graph/programs";
import { tutorials } from "../../../src/shared/settings/presets";
import { findPython, pythonEnvironment } from "../../python";

const folder = mkdtempSync(join(tmpdir(), "gan-workbench-onnx-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const python = findPython(["onnx"]);
const program =
  "import onnx, sys\nfor path in sys.argv[1:]: onnx.checker.check_model(onnx.load(path), full_check=True)";

describe.skipIf(!python.available)(
  `models${python.available ? "" : ` (skipped: ${python.reason})`}`,
  () => {
    it("of every preset pass ONNX's checker with shape inference", () => {
      const paths = tutorials.flatMap(({ id, settings }) => {
        const programs = new Programs(settings, rewriteForOnnx);
        const steps = (...pattern: Updates[]) =>
          scanModel(programs.steps(4, pattern));
        const models = {
          both: steps("both"),
          discriminator: steps("discriminator"),
          unrolled: steps("both", "discriminator"),
          update: plainModel(programs.update(4, "discriminator")),
        };
        return Object.entries(models).map(([kind, { bytes }]) => {
          const path = join(folder, `${id}-${kind}.onnx`);
          writeFileSync(path, bytes);
          return path;
        });
      });
      const path = python.available ? python.path : "";
      const result = spawnSync(path, ["-c", program, ...paths], {
        encoding: "utf8",
        env: pythonEnvironment(),
      });
      expect(result.stderr).toBe("");
      expect(result.status).toBe(0);
    });
  },
);
