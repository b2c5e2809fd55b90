/** What is said of the presets elsewhere. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { presets } from "../../src/shared/settings/presets";

it.each(presets.map(({ id }) => id))("%s is named in the guide", (id) => {
  expect(readFileSync("docs/guide.md", "utf8")).toContain(`\`${id}\``);
});
