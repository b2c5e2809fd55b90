/**
 * `npm run release`: packs this system's packages and the command line's, and writes what goes beside them: SHA256SUMS,
 * and notes of what changed, how large each file is and what its users will see where it is not signed.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createReadStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { signingOf } from "./signing";
import type { PackedSystem } from "./signing";

const root = join(import.meta.dirname, "../..");

/** A file that people download. */
export interface Artefact {
  name: string;
  bytes: number;
  sha256: string;
}

const endings: readonly (readonly [RegExp, PackedSystem | null])[] = [
  [/\.(AppImage|deb|rpm)$/, "linux"],
  [/\.exe$|-win-.*\.zip$/, "win32"],
  [/\.dmg$|-mac-.*\.zip$/, "darwin"],
  [/\.tgz$/, null],
];

export async function artefactsIn(folder: string): Promise<Artefact[]> {
  const names = readdirSync(folder)
    .filter((name) => endings.some(([ending]) => ending.test(name)))
    .sort();
  return Promise.all(
    names.map(async (name) => ({
      name,
      bytes: statSync(join(folder, name)).size,
      sha256: await sha256Of(join(folder, name)),
    })),
  );
}

/** As `sha256sum --check` reads it. */
export function checksums(artefacts: readonly Artefact[]): string {
  return artefacts.map(({ sha256, name }) => `${sha256}  ${name}\n`).join("");
}

export function notes(
  version: string,
  changes: readonly string[],
  artefacts: readonly Artefact[],
  variables: Readonly<Record<string, string | undefined>>,
): string {
  const systems = endings.flatMap(([ending, system]) =>
    system !== null && artefacts.some(({ name }) => ending.test(name))
      ? [signingOf(system, variables).sentence]
      : [],
  );
  const rows = artefacts.map(
    ({ name, bytes }) => `| ${name} | ${(bytes / 1e6).toFixed(1)} MB |`,
  );
  return [
    `# GAN Workbench ${version}`,
    ["| file | size |", "| --- | --- |", ...rows].join("\n"),
    systems.join("\n\n"),
    "Check a download with `sha256sum --check --ignore-missing SHA256SUMS`.",
    "## Changes",
    changes.map((change) => `- ${change}`).join("\n"),
    "",
  ]
    .filter((part, index, all) => part !== "" || index === all.length - 1)
    .join("\n\n");
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path))
    hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** The commits since the last tag, or all where there is none. */
function changesSinceLastTag(): string[] {
  const tag = spawnSync("git", ["describe", "--tags", "--abbrev=0"], {
    cwd: root,
    encoding: "utf8",
  });
  const range = tag.status === 0 ? [`${tag.stdout.trim()}..HEAD`] : [];
  const words = ["log", "--no-merges", "--format=%s", ...range];
  const text = execFileSync("git", words, { cwd: root, encoding: "utf8" });
  return text.trim().split("\n").filter(Boolean);
}

async function release(words: readonly string[]): Promise<void> {
  const target = join(root, "dist");
  mkdirSync(target, { recursive: true });
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const options = { cwd: root, stdio: "inherit" } as const;
  const dist = join(import.meta.dirname, "dist.ts");
  execFileSync(process.execPath, [tsx, dist, ...words], options);
  const pack = "npm pack --silent --pack-destination dist";
  execFileSync(pack, { ...options, shell: true });
  const artefacts = await artefactsIn(target);
  writeFileSync(join(target, "SHA256SUMS"), checksums(artefacts));
  writeFileSync(
    join(target, "NOTES.md"),
    notes(version, changesSinceLastTag(), artefacts, process.env),
  );
  console.log(`SHA256SUMS and NOTES.md tell of ${artefacts.length} files.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await release(process.argv.slice(2));
