/** What axe has to say about a page, in both colour schemes. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./fixture";

/** Fails with the elements that axe names. */
export async function expectAccessible(
  page: Page,
  view: string,
): Promise<void> {
  // What colours do not change is looked at once.
  const scans = [
    ["light", new AxeBuilder({ page })],
    ["dark", new AxeBuilder({ page }).withRules(["color-contrast"])],
  ] as const;
  for (const [colorScheme, axe] of scans) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await axe.analyze();
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`,
    );
    expect(found, `${view}, ${colorScheme}`).toEqual([]);
  }
}
