/** How curves are drawn, as the window, saved comparisons and exports choose it. */
import { z } from "zod";
import { axisUnits } from "../curves/axis";

export const axisSchema = z.enum(axisUnits);
/** TensorBoard's smoothing weight. */
export const smoothingSchema = z.number().min(0).max(0.999);

/** What is chosen until somebody chooses otherwise. `commonScale` brings every D loss to one scale, with its balance. */
export const defaultCurves = {
  axis: "step",
  smoothing: 0.6,
  commonScale: false,
} as const;
