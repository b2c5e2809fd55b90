/** `library`: moved by one process after the other, each killed, until it is elsewhere; pruned and put back. */
import { existsSync } from "node:fs";
import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createStore } from "../../src/main/runs/store";
import { finishedRun } from "../runs/library";
import {
  jsonLines,
  notBuilt,
  runApart,
  runHere,
  temporaryHome,
} from "./command-line";

const home = temporaryHome();

async function makeLibrary(): Promise<string[]> {
  const store = await createStore(join(home(), "library"));
  const ids: string[] = [];
  for (let run = 0; run < 3; run++) ids.push(await finishedRun(store, 100));
  await store.close();
  return ids;
}

describe("library", () => {
  test("prune says what it takes, takes it, and restore puts it back", async () => {
    const [id] = await makeLibrary();
    const samples = join(home(), "library/runs", id, "samples");
    const before = await readdir(samples);
    const rule = ["prune", id, "--grids", "2", "--json"];
    const dry = await runHere("library", ...rule, "--dry-run");
    expect(jsonLines(dry)).toMatchObject([{ files: 9, token: null }]);
    expect(await readdir(samples)).toEqual(before);
    const [{ token }] = jsonLines(await runHere("library", ...rule));
    expect(await readdir(samples)).toHaveLength(2);
    const listed = await runHere("library", "restore");
    expect(listed.out).toContain(String(token));
    const restored = await runHere("library", "restore", String(token));
    expect(restored).toMatchObject({ code: 0, out: `Put back: ${id}.\n` });
    expect(await readdir(samples)).toEqual(before);
    const again = await runHere("library", "restore", String(token));
    expect(again).toMatchObject({ code: 2 });
    expect(again.error).toMatch(/not in the trash any more/);
  });

  test.skipIf(notBuilt !== null)(
    `move goes on where a killed process left it, and is the library from then on${notBuilt ? ` (${notBuilt})` : ""}`,
    async () => {
      const from = join(home(), "library");
      const to = join(home(), "elsewhere", "library");
      const before = (await readdir(join(from, "runs"))).sort();
      for (let kills = 0; kills < 3; kills++) {
        const words = kills === 0 ? ["move", to] : ["continue"];
        const killed = await runApart(
          ["library", ...words, "--json"],
          home(),
          (_, signal) => signal("SIGKILL"),
        );
        expect(killed.code).toBe(null);
        const shown = await runHere("library", "--json");
        expect(shown.code).toBe(0);
        if (!existsSync(from)) break;
      }
      const last = await runApart(["library", "continue"], home());
      if (existsSync(from)) expect(last.code).toBe(0);
      const [shown] = jsonLines(await runHere("library", "--json"));
      expect(shown).toMatchObject({ library: to, move: null });
      expect(existsSync(from)).toBe(false);
      expect((await readdir(join(to, "runs"))).sort()).toEqual(before);
      const list = await runHere("list", "--json");
      expect(JSON.parse(list.out)).toHaveLength(before.length);
    },
    60_000,
  );

  test("a library on a disk that is not there is named, and no new one is made in its place", async () => {
    const to = join(home(), "third", "library");
    expect(await runHere("library", "move", to)).toMatchObject({ code: 0 });
    await rename(join(home(), "third"), join(home(), "unplugged"));
    const { code, error } = await runHere("list");
    expect(code).toBe(2);
    expect(error).toMatch(/is not there: connect its disk/);
    expect(existsSync(to)).toBe(false);
    await rename(join(home(), "unplugged"), join(home(), "third"));
  });
});
