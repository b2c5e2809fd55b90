/**
 * The licences of everything that a package carries: what was bundled (each part's build lists it), what is installed
 * beside, and where Electron's and Chromium's own lie. A text that many share stands once.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

interface LicensedPackage {
  name: string;
  version: string;
  /** As the package names it: `MIT`, `(MPL-2.0 OR Apache-2.0)`. */
  license: string;
  /** Null where the package carries no text. */
  text: string | null;
}

const bundledSchema = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    identifier: z.string().nullish(),
    text: z.string().nullish(),
  }),
);

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), dev: z.boolean().optional() }),
  ),
});

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().catch("see its text"),
});

/** Everything of others that a package carries, by name. */
function licensedPackages(root: string): LicensedPackage[] {
  const all = new Map<string, LicensedPackage>();
  for (const one of [...bundled(root), ...installed(root)])
    all.set(`${one.name} ${one.version}`, one);
  return [...all.values()].sort((a, b) => a.name.localeCompare(b.name, "en"));
}

export function licenseText(root: string): string {
  const own = readFileSync(join(root, "LICENSE"), "utf8").trim();
  const packages = licensedPackages(root);
  const sections = [...byText(packages)].map(([text, owners]) =>
    [...owners.map(titleOf), "", text].join("\n"),
  );
  return [
    `GAN Workbench\n\n${own}`,
    "The desktop packages contain Electron and Chromium; their licences lie beside the program, in\nLICENSE.electron.txt and LICENSES.chromium.html.",
    `${packages.length} packages of others are part of GAN Workbench:`,
    ...sections,
  ].join(`\n\n${"-".repeat(80)}\n\n`);
}

function titleOf({ name, version, license }: LicensedPackage): string {
  return `${name} ${version} (${license})`;
}

function byText(
  packages: readonly LicensedPackage[],
): Map<string, LicensedPackage[]> {
  const groups = new Map<string, LicensedPackage[]>();
  for (const one of packages) {
    const text =
      one.text ??
      sameWords(one, packages) ??
      "The package carries no text; its licence is the one named here (https://spdx.org/licenses/).";
    groups.set(text, [...(groups.get(text) ?? []), one]);
  }
  return groups;
}

/** The Apache licence names no holder, so that another package's copy is this one's too. */
function sameWords(
  { license }: LicensedPackage,
  packages: readonly LicensedPackage[],
): string | null {
  if (!license.startsWith("Apache-2.0")) return null;
  const other = packages.find(
    (one) => one.license === "Apache-2.0" && one.text !== null,
  );
  return other?.text ?? null;
}

function bundled(root: string): LicensedPackage[] {
  return ["main", "preload", "renderer"].flatMap((part) => {
    const file = join(root, "out", part, "licenses.json");
    if (!existsSync(file)) return [];
    return bundledSchema
      .parse(JSON.parse(readFileSync(file, "utf8")))
      .map(({ name, version, identifier, text }) => ({
        name,
        version,
        license: identifier ?? "see its text",
        text: text?.trim() ?? null,
      }));
  });
}

/** Production packages that are there: those of other systems are in the lock file, but not on this disk. */
function installed(root: string): LicensedPackage[] {
  const { packages } = lockSchema.parse(
    JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")),
  );
  return Object.entries(packages).flatMap(([path, { dev }]) => {
    const folder = join(root, path);
    if (path === "" || dev || !existsSync(join(folder, "package.json")))
      return [];
    const manifest = manifestSchema.parse(
      JSON.parse(readFileSync(join(folder, "package.json"), "utf8")),
    );
    // libvips' package tells of its libraries' licences there.
    const readme = manifest.name.startsWith("@img/sharp-libvips");
    return [{ ...manifest, text: textIn(folder, readme) }];
  });
}

/** Licences and the notices that they ask to keep. */
function textIn(folder: string, readme: boolean): string | null {
  const texts = readdirSync(folder)
    .filter((name) =>
      /^(licen[cs]e|copying|notice|third.?party)[^/]*$/i.test(name),
    )
    .filter((name) => !/\.(js|ts|json)$/.test(name))
    .concat(readme ? ["README.md"] : [])
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").trim());
  return texts.length > 0 ? texts.join("\n\n") : null;
}
