/** The offline report in a browser: it works without a server, fetches nothing, and runs nothing that users wrote. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "./fixture";
import { makeReport } from "./made-runs";

const hostile = `</script><script>window.owned=1</script><img src=x onerror="window.owned=1">`;

test("a report of hostile runs shows everything and runs nothing of theirs", async ({
  application,
  page,
}) => {
  const path = join(application.home, "report.html");
  await makeReport(
    application.library,
    [
      { name: hostile, notes: hostile, tags: [`"><svg onload=owned=1>`] },
      { name: "plain", samples: [0, 20, 40] },
    ],
    path,
  );
  await page.goto("about:blank");
  const fetched: string[] = [];
  page.on("request", (request) => {
    if (!/^(data|file):/.test(request.url())) fetched.push(request.url());
  });
  await page.goto(pathToFileURL(path).href);

  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    `${hostile} · plain`,
  );
  expect(await page.evaluate("window.owned")).toBeUndefined();

  const plain = page.getByRole("img", { name: /^Samples of plain/ });
  await expect(plain).toHaveAccessibleName("Samples of plain at step 40");
  await page.getByRole("slider", { name: "Step" }).press("Home");
  await expect(plain).toHaveAccessibleName("Samples of plain at step 0");
  expect(
    await plain.evaluate((image: HTMLImageElement) => image.naturalWidth),
  ).toBe(32);

  const curves = page.getByRole("img", { name: "Curves of the metrics" });
  await expect(curves.locator("path.curve")).toHaveCount(4);
  const before = await curves.locator("path.curve").first().getAttribute("d");
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect(curves.locator("path.curve").first()).not.toHaveAttribute(
    "d",
    before ?? "",
  );
  await page.getByLabel("score/real").check();
  await expect(curves.locator("path.curve")).toHaveCount(6);
  expect(fetched).toEqual([]);
});

test("without scripts a report still shows its curves and last samples", async ({
  application,
  chromium,
}) => {
  test.skip(chromium === null, "one shell is enough");
  const path = join(application.home, "report.html");
  await makeReport(application.library, [{ name: "still" }], path);
  const context = await chromium?.newContext({ javaScriptEnabled: false });
  const page = await context?.newPage();
  await page?.goto(pathToFileURL(path).href);
  expect(
    await page?.getByRole("img", { name: "Samples of still" }).count(),
  ).toBe(1);
  expect(await page?.locator("svg path").count()).toBeGreaterThan(1);
  await context?.close();
});
