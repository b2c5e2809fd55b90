/** What axe has to say about a page, in both colour schemes. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./fixture";

/** Fails with the elements that axe names. */
export async function expectAccessible(
  page: Page,
  view: string,
): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`,
    );
    expect(found, `${view}, ${colorScheme}`).toEqual([]);
  }
}
