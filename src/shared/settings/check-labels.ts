/** Which layers that read labels do not go together, a sentence each. What the data must have is in `labels.ts`. */
import { kindOf } from "../layers";
import type { SettingsProblem } from "./check";
import { classCount, classesRead } from "./labels";
import { describeLayer } from "./network";
import type { NetworkRole, TrainingSettings } from "./settings";

const roles = ["generator", "discriminator"] as const;

export function checkLabels(settings: TrainingSettings): SettingsProblem[] {
  const classes = classCount(settings);
  if (classes === null) return [];
  return roles.flatMap((role) => [
    ...checkBoth(settings, role),
    ...checkCounts(settings, role, classes),
    ...checkPlaces(settings, role),
  ]);
}

function checkBoth(
  settings: TrainingSettings,
  role: NetworkRole,
): SettingsProblem[] {
  if (classesRead(settings[role]) !== null) return [];
  const why =
    role === "discriminator"
      ? "The generator is told the class of each image, but the discriminator is not, so nothing would make the images show it; give D a projection at its end or a label layer too, or remove G's."
      : "The discriminator is told the class of each image, but the generator is not and could not follow; give G a label or class norm layer too, or remove D's.";
  const place =
    role === "generator" ? 0 : settings.discriminator.layers.length - 1;
  return [{ path: `${role}.layers.${place}`, message: why }];
}

function checkCounts(
  settings: TrainingSettings,
  role: NetworkRole,
  classes: number,
): SettingsProblem[] {
  const { layers } = settings[role];
  const index = layers.findIndex(
    (layer) => "classes" in layer && layer.classes !== classes,
  );
  const layer = layers[index];
  if (!layer || !("classes" in layer)) return [];
  return [
    {
      path: `${role}.layers.${index}`,
      message: `${describeLayer(layer, index)} is for ${layer.classes} classes and another layer for ${classes}; all of them must have the number of the data set.`,
    },
  ];
}

function checkPlaces(
  settings: TrainingSettings,
  role: NetworkRole,
): SettingsProblem[] {
  const { layers } = settings[role];
  const index = layers.findIndex(({ type }) => type === "projection");
  if (index < 0) return [];
  const isLast = layers
    .slice(index + 1)
    .every(({ type }) => type === "sigmoid" || kindOf(type).movesOnly);
  if (role === "discriminator" && isLast) return [];
  return [
    {
      path: `${role}.layers.${index}`,
      message: `${describeLayer(layers[index], index)} is how a discriminator ends; ${role === "generator" ? "tell the generator the class by a label or class norm layer" : "remove the layers behind it"}.`,
    },
  ];
}
