#!/usr/bin/env node
/**
 * Builds what changed. Each part of the application keeps a fingerprint of what it was made from, and is made again only
 * when that differs; `--all` makes every part.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The folders of `src` that a part is not made from; a new folder counts for all. */
const without = {
  main: ["renderer", "preload"],
  preload: ["renderer", "main"],
  renderer: ["main", "preload"],
};

const common = [
  // The window shows it.
  "docs/guide.md",
  "electron.vite.config.ts",
  "package-lock.json",
  "svelte.config.js",
  "tsconfig.base.json",
  "tsconfig.json",
];

/** Gives the names of the parts that were built, none where nothing changed. */
export async function build(root, { all = false } = {}) {
  const prints = fingerprints(root);
  const stale = Object.keys(without).filter(
    (part) => all || prints[part] !== builtFrom(root, part),
  );
  if (stale.length === 0) return stale;
  console.error(`Building ${stale.join(", ")} …`);
  await buildParts(root, stale);
  for (const part of stale) writeFileSync(stamp(root, part), prints[part]);
  return stale;
}

async function buildParts(root, parts) {
  // A build that is interrupted leaves no fingerprint.
  for (const part of parts) rmSync(stamp(root, part), { force: true });
  const folder = process.cwd();
  process.chdir(root);
  process.env.NODE_ENV_ELECTRON_VITE = "production";
  try {
    const { resolveConfig } = await import("electron-vite");
    const { build: bundle } = await import("vite");
    const options = { logLevel: "warn" };
    const { config } = await resolveConfig(options, "build", "production");
    await Promise.all(parts.map((part) => bundle(config[part])));
  } finally {
    process.chdir(folder);
  }
}

function fingerprints(root) {
  const files = [...common, ...filesBelow(root, "src")].filter((name) =>
    existsSync(join(root, name)),
  );
  const contents = files.map((name) => [name, readFileSync(join(root, name))]);
  const of = (part) => {
    const hash = createHash("sha256");
    for (const [name, content] of contents) {
      if (without[part].some((one) => name.startsWith(`src/${one}/`))) continue;
      hash.update(`${name}\0${content.length}\0`).update(content);
    }
    return hash.digest("hex");
  };
  return { main: of("main"), preload: of("preload"), renderer: of("renderer") };
}

/** Names with forward slashes, in one order on every system. */
function filesBelow(root, folder) {
  return readdirSync(join(root, folder), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

const stamp = (root, part) => join(root, "out", part, ".built-from");

function builtFrom(root, part) {
  return existsSync(stamp(root, part))
    ? readFileSync(stamp(root, part), "utf8")
    : null;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await build(join(import.meta.dirname, ".."), {
    all: process.argv.includes("--all"),
  });
