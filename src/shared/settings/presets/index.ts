import type { Preset } from "../settings";
import { cgan } from "./cgan";
import { jaketaeMlp } from "./jaketae-mlp";
import { jrtechsDcgan, jrtechsGan, jrtechsWgan } from "./jrtechs";
import { lectureDcgan } from "./lecture-dcgan";
import { lectureMlp } from "./lecture-mlp";
import { smallData64 } from "./small-data-64";
import { wganGp } from "./wgan-gp";
import { wiseoddMlp } from "./wiseodd-mlp";

/** The tutorials, in the order in which a learner meets them. */
export const tutorials: readonly Preset[] = [
  wiseoddMlp,
  jaketaeMlp,
  lectureMlp,
  lectureDcgan,
  jrtechsGan,
  jrtechsDcgan,
  jrtechsWgan,
];

/** With what comes after them. */
export const presets: readonly Preset[] = [
  ...tutorials,
  wganGp,
  cgan,
  smallData64,
];

export function findPreset(id: string): Preset | undefined {
  return presets.find((preset) => preset.id === id);
}
