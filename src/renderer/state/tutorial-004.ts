/** GAN, DCGAN and WGAN of tutorial 004 on the same data: its comparison, ready to be started. */
import { findPreset } from "../../shared/settings/presets/index";
import type { Application } from "./application.svelte";

const compared = ["jrtechs-gan", "jrtechs-dcgan", "jrtechs-wgan"];
/** Enough to see which of them makes digits; the tutorial's 200 epochs take a day on a processor. */
const steps = 2_000;

/** Fills New run with it and opens the summary, where one more click starts it. */
export async function compareTutorial004({
  dataSets,
  draft,
  navigation,
}: Application): Promise<void> {
  const { variants } = draft;
  const first = findPreset(compared[0]);
  if (!variants || !first) return;
  if (!dataSets.loaded) await dataSets.load();
  const mnist = dataSets.find("mnist");
  variants.clear();
  draft.choosePreset(first);
  draft.chooseData(mnist?.state === "ready" ? "mnist" : "strokes");
  const { schedule } = draft.settings;
  draft.change({
    schedule: { ...schedule, length: { unit: "steps", count: steps } },
  });
  variants.vary("preset", compared.map((id) => JSON.stringify(id)).join(", "));
  variants.name = "Tutorial 004: GAN, DCGAN, WGAN";
  variants.report = true;
  variants.isWanted = true;
  navigation.go({ view: "train" });
}
