/** Which class each tile of an exploration is drawn with; between two stops a class fades into the next. */
import type { Exploration, LatentName } from "../../shared/contract/explore";
import {
  classCount,
  classesByRow,
  classesOf,
  oneHot,
} from "../../shared/settings/labels";
import type { TrainingSettings } from "../../shared/settings/settings";
import { alongLegs, stack } from "./latents";

interface TileLabels {
  /** `[count, classes]`; undefined where the networks read none. */
  rows: Float32Array | undefined;
  /** Where each tile has a class of its own. */
  classes: number[] | null;
}

/** `chosen` is the class that was picked; null is all of them. */
export function labelsOf(
  exploration: Exploration,
  settings: TrainingSettings,
  chosen: number | null,
): TileLabels {
  const count = classCount(settings);
  if (count === null) return { rows: undefined, classes: null };
  if (chosen !== null && chosen >= count)
    throw new Error(
      `The networks know the classes 0 to ${count - 1}, not ${chosen}.`,
    );
  const known = classesOf(settings);
  const drawn = chosen === null ? known : [chosen];
  const rowOf = (label: number) =>
    oneHot([label], count) ?? new Float32Array(count);
  const own = (latent: LatentName) =>
    rowOf(Math.min(chosen ?? latent.class ?? known[0], count - 1));
  const path = (stops: Float32Array[], frames: number, isClosed = false) => ({
    rows: stack(alongLegs(stops, frames, isClosed, mixed)).values,
    classes: null,
  });
  switch (exploration.kind) {
    case "bank":
    case "samples": {
      const { perRow } = settings.sampling.grid;
      const classes = classesByRow(drawn, exploration.count, perRow);
      return { rows: oneHot(classes, count), classes };
    }
    case "slerp":
      return path(exploration.stops.map(own), exploration.framesPerLeg);
    case "walk": {
      const stops = Array.from({ length: exploration.stops }, (_, stop) =>
        rowOf(drawn[stop % drawn.length]),
      );
      return path(stops, exploration.framesPerLeg, true);
    }
    case "classes": {
      const { classes, framesPerLeg } = exploration;
      const stops = classes.map((label) => rowOf(Math.min(label, count - 1)));
      return path(stops, framesPerLeg);
    }
    case "sweep": {
      const row = own(exploration.latent);
      const rows = Array.from({ length: exploration.count }, () => row);
      return { rows: stack(rows).values, classes: null };
    }
    default:
      return exploration satisfies never;
  }
}

/** In a line, as the embeddings of classes are mixed (Miyato and Koyama 2018, figure 8). */
function mixed(a: Float32Array, b: Float32Array, t: number): Float32Array {
  return a.map((value, i) => value + (b[i] - value) * t);
}
