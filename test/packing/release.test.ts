/** What a release says of its files, and what who builds hears of signing. */
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { renderIcons } from "../../tools/pack/icons";
import { artefactsIn, checksums, notes } from "../../tools/pack/release";
import { azureSigning, signingOf } from "../../tools/pack/signing";

const build = resolve(import.meta.dirname, "../../build");

describe("a release", () => {
  it("lists what people download, with checksums that sha256sum reads", async () => {
    const folder = await mkdtemp(join(tmpdir(), "release-"));
    for (const name of ["a-linux-x64.deb", "a-win-x64.zip", "builder.yml"])
      await writeFile(join(folder, name), "abc");
    const artefacts = await artefactsIn(folder);
    // FIPS 180-2's own example.
    const sum =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(checksums(artefacts)).toBe(
      `${sum}  a-linux-x64.deb\n${sum}  a-win-x64.zip\n`,
    );
    const text = notes("1.2.3", ["Add a loss"], artefacts, {});
    expect(text).toContain("# GAN Workbench 1.2.3");
    expect(text).toContain("- Add a loss");
    expect(text).toContain("Windows protected your PC");
    expect(text).not.toContain("Apple");
  });
});

describe("signing", () => {
  it("comes from the environment alone", () => {
    const key = {
      APPLE_API_KEY: "k",
      APPLE_API_KEY_ID: "i",
      APPLE_API_ISSUER: "o",
    };
    expect(signingOf("darwin", {})).toMatchObject({
      signed: false,
      notarized: false,
    });
    expect(signingOf("darwin", key)).toMatchObject({
      signed: false,
      notarized: false,
    });
    expect(signingOf("darwin", { CSC_LINK: "c" })).toMatchObject({
      signed: true,
      notarized: false,
    });
    expect(signingOf("darwin", { CSC_LINK: "c", ...key })).toMatchObject({
      signed: true,
      notarized: true,
    });
    expect(signingOf("win32", { WIN_CSC_LINK: "c" }).signed).toBe(true);
    expect(signingOf("win32", {}).sentence).toContain("Run anyway");
  });

  it("with Azure needs all of its variables", () => {
    const azure = {
      AZURE_TENANT_ID: "t",
      AZURE_CLIENT_ID: "c",
      AZURE_SIGNING_ENDPOINT: "https://example.org",
      AZURE_SIGNING_ACCOUNT: "a",
      AZURE_SIGNING_PROFILE: "p",
    };
    expect(azureSigning(azure)).toBeNull();
    const all = { ...azure, AZURE_SIGNING_PUBLISHER: "us" };
    expect(azureSigning(all)).toMatchObject({ codeSigningAccountName: "a" });
    expect(signingOf("win32", all).signed).toBe(true);
  });
});

describe("electron-builder's configuration", () => {
  const configured = async (variables: Record<string, string>) => {
    vi.resetModules();
    for (const [name, value] of Object.entries(variables))
      vi.stubEnv(name, value);
    const { default: configuration } =
      await import("../../electron-builder.config");
    vi.unstubAllEnvs();
    const { mac, win } = configuration;
    return { ...mac, azure: win.azureSignOptions };
  };

  it("signs ad hoc and asks nobody without keys", async () => {
    expect(await configured({})).toMatchObject({
      identity: "-",
      notarize: false,
      hardenedRuntime: false,
      azure: null,
    });
  });

  it("signs and notarises with the environment's keys", async () => {
    const found = await configured({
      CSC_LINK: "c",
      APPLE_ID: "a",
      APPLE_APP_SPECIFIC_PASSWORD: "p",
      APPLE_TEAM_ID: "t",
      AZURE_TENANT_ID: "t",
      AZURE_CLIENT_ID: "c",
      AZURE_SIGNING_ENDPOINT: "https://example.org",
      AZURE_SIGNING_ACCOUNT: "a",
      AZURE_SIGNING_PROFILE: "p",
      AZURE_SIGNING_PUBLISHER: "us",
    });
    expect(found).toMatchObject({
      notarize: true,
      hardenedRuntime: true,
      azure: { codeSigningAccountName: "a" },
    });
    expect(found).not.toHaveProperty("identity");
  });
});

describe("the icons", () => {
  it("are what the drawing gives", async () => {
    const icons = await renderIcons(await readFile(join(build, "icon.svg")));
    for (const [name, content] of icons)
      expect(await readFile(join(build, "icons", name)), name).toEqual(content);
  });
});
