/** What a person does with the graphs of a run, and how smooth each of it is. */
import type { Browser, Page } from "@playwright/test";
import { measureFrames } from "./frames";
import type { Frames } from "./frames";

const moves = 200;

/** In the order in which they are measured. */
const scenes: Record<string, (page: Page) => Promise<void>> = {
  async rest(page) {
    await page.waitForTimeout(4000);
  },
  async cursor(page) {
    const box = await plotBox(page);
    for (let move = 0; move < moves; move++)
      await page.mouse.move(
        box.x + 60 + ((box.width - 80) * triangle(move / 100) + 0.5),
        box.y + box.height / 2,
      );
  },
  async zoom(page) {
    const box = await plotBox(page);
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
    await page.keyboard.down("Control");
    for (let turn = 0; turn < moves; turn++)
      await page.mouse.wheel(0, turn % 50 < 25 ? -100 : 100);
    await page.keyboard.up("Control");
  },
  async pan(page) {
    const box = await plotBox(page);
    const middle = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width / 2, middle);
    await page.keyboard.down("Control");
    for (let turn = 0; turn < 6; turn++) await page.mouse.wheel(0, -100);
    await page.keyboard.up("Control");
    await page.keyboard.down("Shift");
    await page.mouse.down();
    for (let move = 0; move < moves; move++)
      await page.mouse.move(
        box.x + box.width * (0.3 + 0.4 * triangle(move / 50)),
        middle,
      );
    await page.mouse.up();
    await page.keyboard.up("Shift");
  },
};

/** With the run in view; `state` goes before the name of each scene. */
export async function measureScenes(
  browser: Browser,
  page: Page,
  state: string,
): Promise<Record<string, Frames>> {
  const measured: Record<string, Frames> = {};
  for (const [name, act] of Object.entries(scenes)) {
    await page.keyboard.press("Escape");
    measured[`${state} ${name}`] = await measureFrames(browser, page, () =>
      act(page),
    );
    await page.getByRole("slider", { name: "Losses: cursor" }).press("0");
    await page.mouse.move(4, 4);
    await page.waitForTimeout(300);
  }
  return measured;
}

async function plotBox(page: Page) {
  const box = await page
    .getByRole("slider", { name: "Losses: cursor" })
    .boundingBox();
  if (!box) throw new Error("The graph of the losses is not in view.");
  return box;
}

/** 0 to 1 and back while `at` goes from 0 to 2. */
function triangle(at: number): number {
  return 1 - Math.abs((at % 2) - 1);
}
