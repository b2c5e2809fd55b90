/** Who may import whom, as data, checked on every import in `src`. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../src");

/** The longest prefix decides. Packages that are not named in `restricted` are open to everyone. */
const layers: Record<string, { folders: string[]; packages: string[] }> = {
  shared: { folders: [], packages: [] },
  "main/disk": { folders: ["shared"], packages: ["node:"] },
  "main/data": { folders: ["shared", "main/disk"], packages: ["node:"] },
  "main/graph": { folders: ["shared"], packages: [] },
  "main/engine": {
    folders: ["shared", "main/graph", "main/no-telemetry.ts"],
    packages: ["node:", "@tensorflow/", "onnxruntime-node"],
  },
  "main/trainer": {
    folders: [
      "shared",
      "main/data",
      "main/graph",
      "main/engine",
      "main/thread",
      "main/background.ts",
    ],
    packages: ["node:"],
  },
  "main/studio": {
    folders: [
      "shared",
      "main/data",
      "main/graph",
      "main/engine",
      "main/trainer",
      "main/thread",
    ],
    packages: ["node:"],
  },
  /** What ONNX Runtime is told before it loads. */
  "main/no-telemetry.ts": { folders: [], packages: [] },
  /** How important a thread is. */
  "main/background.ts": { folders: [], packages: ["node:"] },
  /** Names the code of each thread and carries calls to it; runs none of it. */
  "main/thread": {
    folders: [
      "shared",
      "main/trainer",
      "main/studio",
      "main/exchange",
      "main/quality",
      "main/engine",
    ],
    packages: ["node:"],
  },
  "main/runs": {
    folders: ["shared", "main/disk", "main/graph"],
    packages: ["node:"],
  },
  "main/quality": {
    folders: [
      "shared",
      "main/disk",
      "main/data",
      "main/graph",
      "main/engine",
      "main/trainer",
      "main/runs",
      "main/thread",
      "main/background.ts",
    ],
    packages: ["node:"],
  },
  /** Sweeps and the queue, as they lie in a library. */
  "main/sweep": {
    folders: ["shared", "main/disk", "main/runs"],
    packages: ["node:"],
  },
  "main/export": {
    // The report page is a program of its own, which the export holds as text.
    folders: [
      "shared",
      "main/disk",
      "main/graph",
      "main/engine",
      "main/runs",
      "report",
    ],
    packages: ["node:"],
  },
  /** Imports and exports in threads of their own. */
  "main/exchange": {
    folders: [
      "shared",
      "main/disk",
      "main/runs",
      "main/export",
      "main/thread",
      "main/background.ts",
    ],
    packages: ["node:"],
  },
  /** Which engine a run gets: trials in processes of their own, their verdicts, and setting CUDA up. */
  "main/engines": {
    folders: [
      "shared",
      "main/disk",
      // Its downloads.
      "main/data",
      "main/engine",
      "main/thread",
    ],
    packages: ["node:"],
  },
  "main/host": {
    folders: [
      "shared",
      "main/engines",
      "main/disk",
      "main/exchange",
      "main/data",
      "main/trainer",
      "main/studio",
      "main/quality",
      "main/runs",
      "main/sweep",
      "main/export",
      "main/thread",
    ],
    packages: ["node:", "conf"],
  },
  "main/electron": {
    folders: ["shared", "main/host"],
    packages: ["node:", "electron"],
  },
  "main/index.ts": {
    folders: ["shared", "main/host", "main/electron", "main/no-telemetry.ts"],
    packages: ["node:", "electron", "electron-store"],
  },
  "main/server": {
    folders: ["shared", "main/host"],
    packages: ["node:", "ws", "open"],
  },
  /** `serve` and `train` are commands, so the command line starts both. */
  "main/cli": {
    folders: [
      "shared",
      "main/host",
      "main/runs",
      "main/sweep",
      "main/export",
      "main/server",
      "main/no-telemetry.ts",
    ],
    packages: ["node:"],
  },
  report: { folders: ["shared"], packages: [] },
  preload: { folders: ["shared"], packages: ["electron"] },
  renderer: { folders: ["shared"], packages: ["svelte", "chart"] },
};

/** These may be imported only where a row above says so. */
const restricted = [
  "node:",
  "electron",
  "@tensorflow/",
  "onnxruntime-node",
  "ws",
  "conf",
  "open",
  "svelte",
  "chart",
];

/** Types cross three more borders: a checkpoint's shape is the trainer's and its tensors the engine's. */
const typesOnly: [from: string, to: string][] = [
  ["main/runs", "main/trainer"],
  ["main/runs", "main/engine"],
  ["main/graph", "main/engine"],
];

interface Import {
  file: string;
  specifier: string;
  typeOnly: boolean;
  dynamic: boolean;
}

const imports = sourceFiles().flatMap(importsOf);

/** The cells of its tables, row by row. */
const table = readFileSync(resolve(root, "../ARCHITECTURE.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split("|").slice(1, -1));

describe("imports", () => {
  it.each(Object.keys(layers))("in src/%s stay inside its layer", (layer) => {
    const wrong = imports
      .filter(({ file }) => layerOf(file) === layer)
      .filter((one) => !isAllowed(one))
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  it.each(Object.keys(layers))(
    "of src/%s are those that ARCHITECTURE.md names",
    (layer) => {
      const row = table.find(([folders]) => folders.includes(`\`${layer}\``));
      const named = row?.at(-1) ?? "";
      const short = (folder: string) => folder.replace(/^main\/|\.ts$/g, "");
      const unnamed = layers[layer].folders.filter(
        (folder) => !named.includes(short(folder)),
      );
      expect(unnamed).toEqual([]);
    },
  );

  it("of the native engines are dynamic, in load.ts only", () => {
    const native = imports.filter(
      ({ specifier, typeOnly }) =>
        !typeOnly && /^(@tensorflow\/|onnxruntime-node)/.test(specifier),
    );
    expect(
      native.filter(
        ({ file, dynamic }) => !dynamic || !/\/load\.ts$/.test(file),
      ),
    ).toEqual([]);
  });

  it("go round in no circle as the program starts", () => {
    const files = new Set(sourceFiles());
    const targets = new Map<string, string[]>();
    for (const { file, specifier, typeOnly, dynamic } of imports) {
      const target = fileOf(file, specifier, files);
      if (target && !typeOnly && !dynamic)
        targets.set(file, [...(targets.get(file) ?? []), target]);
    }
    // What imports nothing that is left is taken away, until only circles remain.
    let left = [...targets.keys()];
    for (let before = Infinity; left.length < before;) {
      before = left.length;
      const still = new Set(left);
      left = left.filter((file) =>
        targets.get(file)?.some((target) => still.has(target)),
      );
    }
    expect(left).toEqual([]);
  });

  it("leave no folder without a layer", () => {
    expect(sourceFiles().filter((file) => layerOf(file) === undefined)).toEqual(
      [],
    );
  });
});

function sourceFiles(): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.(ts|svelte)$/.test(file));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const still =
    /^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']/gm;
  const dynamic = /\b(typeof\s+)?import\(\s*["']([^"']+)["']/g;
  return [
    ...[...text.matchAll(still)].map(([, type, specifier]) => ({
      file,
      specifier,
      typeOnly: type !== undefined,
      dynamic: false,
    })),
    ...[...text.matchAll(dynamic)].map(([, type, specifier]) => ({
      file,
      specifier,
      typeOnly: type !== undefined,
      dynamic: true,
    })),
  ];
}

function isAllowed({ file, specifier, typeOnly }: Import): boolean {
  const from = layerOf(file);
  if (from === undefined) return false;
  if (!specifier.startsWith(".")) {
    const isRestricted = restricted.some((name) => isPackage(specifier, name));
    return (
      !isRestricted ||
      layers[from].packages.some((name) => isPackage(specifier, name))
    );
  }
  const path = relative(root, resolve(root, dirname(file), specifier));
  const to = layerOf(path.replaceAll("\\", "/"));
  if (to === undefined) return false;
  if (typesOnly.some(([a, b]) => a === from && b === to)) return typeOnly;
  return to === from || layers[from].folders.includes(to);
}

/** The file of ours that an import names; undefined for a package. */
function fileOf(
  from: string,
  specifier: string,
  files: ReadonlySet<string>,
): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const path = relative(root, resolve(root, dirname(from), specifier));
  const place = path.replaceAll("\\", "/");
  return ["", ".ts", "/index.ts"]
    .map((end) => place + end)
    .find((file) => files.has(file));
}

/** `svelte` covers `svelte/store`, `chart` covers `chart.js` and its plugins, a trailing mark covers a whole scope. */
function isPackage(specifier: string, name: string): boolean {
  return (
    specifier === name ||
    specifier.startsWith(name + "/") ||
    (/[/:]$/.test(name) && specifier.startsWith(name)) ||
    (name === "chart" && /^chart(\.js|js-)/.test(specifier))
  );
}

function layerOf(file: string): string | undefined {
  return Object.keys(layers)
    .filter(
      (layer) =>
        file === layer ||
        file.startsWith(layer + "/") ||
        `${file}.ts` === layer,
    )
    .sort((a, b) => b.length - a.length)[0];
}
