/** The offline report: what is in the file, and what hostile names, notes and tags cannot do. The browser looks at it in `test/e2e`. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Script } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inertJson } from "../../src/main/export/report/report";
import script from "../../src/report/index.ts?script";
import { saveExport } from "../../src/main/export/save";
import { exportRequestSchema } from "../../src/shared/contract/exports";
import type { Library } from "./library";
import { makeLibrary } from "./library";

const hostile = `</script><script>document.title="owned"</script><img src=x onerror="document.title='owned'">`;

let library: Library;
let html: string;

beforeAll(async () => {
  library = await makeLibrary();
  const first = await library.add({
    name: hostile,
    notes: `<!--<script>${hostile}`,
    tags: [`"><svg onload=alert(1)>`, "]]>\u2028"],
  });
  const second = await library.add({ name: "plain", samples: [0, 20] });
  const path = join(library.folder, "report.html");
  const request = exportRequestSchema.parse({
    format: "html",
    runs: [first, second],
  });
  await saveExport(request, path, library.job(), { force: false });
  html = await readFile(path, "utf8");
});
afterAll(() => library.remove());

test("the only script that may run is ours, by its hash", () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
  expect(policy).toContain("default-src 'none'");
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)];
  expect(scripts).toHaveLength(1);
  const hash = createHash("sha256").update(scripts[0][1]).digest("base64");
  expect(policy).toContain(`script-src 'sha256-${hash}'`);
  expect(policy).not.toContain("unsafe");
});

test("its program is one script that cannot end its element", () => {
  expect(script).not.toMatch(/^(?:import|export) /m);
  expect(script).not.toMatch(/<\/script|<!--/i);
  expect(() => new Script(script)).not.toThrow();
});

test("nothing is fetched from anywhere", () => {
  const markup = html.replace(/<script[\s\S]*?<\/script>/g, "");
  expect(markup).not.toMatch(/\b(?:src|href)="(?!data:|#|")/);
  expect(markup).not.toContain("@import");
});

test("what users wrote is text, never markup", () => {
  const markup = html
    .replace(/<script type="application\/json"[\s\S]*?<\/script>/, "")
    .replace(/<script>[\s\S]*?<\/script>/, "");
  expect(markup).not.toContain("<img src=x");
  expect(markup).not.toContain("<svg onload");
  expect(markup).toContain("&lt;/script&gt;");
});

test("the raw data is inside as JSON", () => {
  const text = /id="data">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? "";
  const data = JSON.parse(text) as {
    runs: { record: { name: string }; samples: { step: number }[] }[];
  };
  expect(data.runs[0].record.name).toBe(hostile);
  expect(data.runs[1].samples.map(({ step }) => step)).toEqual([0, 20]);
});

test("inert JSON has no character that ends an element", () => {
  const text = inertJson({ name: "<!--</script>&\u2028" });
  expect(text).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(text)).toEqual({ name: "<!--</script>&\u2028" });
});
