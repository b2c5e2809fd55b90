/** What is remembered on this machine, and where. */
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Conf from "conf";
import { describe, expect, it } from "vitest";
import { findInstallation, findPlaces } from "../../src/main/host/places";
import {
  createPreferences,
  preferenceOptions,
} from "../../src/main/host/preferences";

describe("preferences", () => {
  const openIn = (cwd: string) =>
    createPreferences(new Conf({ ...preferenceOptions, cwd }));

  it("are found again by the next process, in config.json", async () => {
    const folder = await mkdtemp(join(tmpdir(), "preferences-"));
    const preferences = openIn(folder);
    preferences.set("theme.mode", "dark");
    preferences.set("__proto__", 1);
    preferences.setDataSources(["/images"]);
    const again = openIn(folder);
    expect(again.all()["theme.mode"]).toBe("dark");
    expect(Object.getPrototypeOf(again.all())).toBe(Object.prototype);
    expect(again.dataSources()).toEqual(["/images"]);
    expect(await readFile(join(folder, "config.json"), "utf8")).toContain(
      "dark",
    );
  });

  it("begin anew where the file is damaged or holds something else", async () => {
    const folder = await mkdtemp(join(tmpdir(), "preferences-"));
    const file = join(folder, "config.json");
    await writeFile(file, "{ cut off");
    expect(openIn(folder).all()).toEqual({});
    await writeFile(file, '{"window": 3, "recentFiles": {}, "library": 1}');
    const preferences = openIn(folder);
    expect(preferences.all()).toEqual({});
    expect(preferences.recentFiles()).toEqual([]);
    expect(preferences.library()).toBeNull();
  });

  it("keep the ten latest imported files, each once", async () => {
    const preferences = openIn(await mkdtemp(join(tmpdir(), "preferences-")));
    for (let i = 0; i < 12; i++) preferences.remember(`/log-${i}`);
    preferences.remember("/log-5");
    expect(preferences.recentFiles().slice(0, 3)).toEqual([
      "/log-5",
      "/log-11",
      "/log-10",
    ]);
    expect(preferences.recentFiles()).toHaveLength(10);
  });
});

describe("places", () => {
  it.each([
    ["linux", {}, "/home/a/.config/gan-workbench"],
    ["linux", { XDG_CONFIG_HOME: "/c" }, "/c/gan-workbench"],
    ["darwin", {}, "/home/a/Library/Application Support/gan-workbench"],
    ["win32", { APPDATA: "/roaming" }, "/roaming/gan-workbench"],
    ["linux", { GAN_WORKBENCH_HOME: "/own" }, "/own"],
  ] as const)("on %s with %j", (platform, variables, configuration) => {
    const places = findPlaces(platform, variables, "/home/a");
    expect(places.configuration).toBe(configuration);
  });

  it("finds its own installation from inside, and nowhere else", () => {
    const root = join(import.meta.dirname, "../..");
    expect(findInstallation(join(root, "src/main/host"))).toBe(root);
    expect(() => findInstallation("/")).toThrow("install it again");
  });
});
