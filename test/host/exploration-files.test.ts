/** Vectors of the explorer as NumPy reads them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explorationFile } from "../../src/main/host/exploration-files";
import { findPython } from "../python";

const python = findPython(["numpy"]);

test.skipIf(!python.available)(
  "an .npy file holds the vectors row by row",
  async () => {
    const sheet = { count: 2, columns: 2, tile: 4, padding: 0 };
    const values = Float32Array.of(0.5, -1.25, 1e-8, 7, 8, 9);
    const latents = { count: 2, values, names: null };
    const png = new Uint8Array();
    const path = join(mkdtempSync(join(tmpdir(), "gan-npy-")), "latents.npy");
    writeFileSync(path, await explorationFile("npy", { png, sheet, latents }));
    const program =
      "import sys, numpy; a = numpy.load(sys.argv[1]); print(a.dtype, a.tolist() == [[0.5, -1.25, float(numpy.float32(1e-8))], [7, 8, 9]])";
    const options = { encoding: "utf8" } as const;
    const printed = python.available
      ? execFileSync(python.path, ["-c", program, path], options)
      : "";
    expect(printed.trim()).toBe("float32 True");
  },
);
