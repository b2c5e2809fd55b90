/** The request that options ask for, or what is wrong with them in the command line's words. */
import type { ZodError } from "zod";
import {
  defaultLook,
  exportRequestSchema,
} from "../../shared/contract/exports";
import type { ExportRequest } from "../../shared/contract/exports";
import { explain } from "../../shared/settings/explain";
import type { ExportOptions } from "./export-options";
import { CommandFailure } from "./failure";

/** Throws a CommandFailure that names what does not fit. */
export function requestFrom(
  runs: readonly string[],
  options: ExportOptions,
): ExportRequest {
  const first = oneRequest(runs, options);
  if (runs.length === 1 || !("run" in first)) return first;
  return exportRequestSchema.parse({
    format: "many",
    requests: runs.map((run) => ({ ...first, run })),
  });
}

function oneRequest(
  runs: readonly string[],
  options: ExportOptions,
): ExportRequest {
  const { format, fps, hold, smooth, tags, ...rest } = options;
  const asked = {
    ...rest,
    format,
    run: runs[0],
    runs,
    framesPerSecond: fps,
    holdLast: hold,
    as: rest.as ?? formOf(rest.out),
    tags,
    held: Object.fromEntries((options.held ?? []).map(pairOf)),
    look: {
      ...defaultLook,
      ...defined({
        tiles: options.tiles,
        perRow: options.perRow,
        padding: options.padding,
        scale: options.scale,
        labels: options.labels ?? (options.caption && true),
        caption: options.caption,
        background: options.background,
      }),
      ...(smooth && { resample: "smooth" }),
    },
  };
  const request = exportRequestSchema.safeParse(asked);
  if (!request.success)
    throw new CommandFailure(wrongRequest(request.error), 2);
  return request.data;
}

/** `key=value`. */
function pairOf(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1)
    throw new CommandFailure(
      `--held needs a setting and its value, such as batchSize=64, not ${text}.`,
      2,
    );
  return [text.slice(0, at), text.slice(at + 1)];
}

/** What the name of the file asks for. */
function formOf(path: string): string {
  return /\.(zip|npz)$/i.exec(path)?.[1].toLowerCase() ?? "folder";
}

/** A request's field by the option that fills it. */
const optionNames: Readonly<Record<string, string>> = {
  framesPerSecond: "fps",
  holdLast: "hold",
};

function wrongRequest(error: ZodError): string {
  const words = explain(error).replace(/^look\./, "");
  const option = words.replace(/^\w+/, (field) => {
    const name = optionNames[field] ?? field;
    return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  });
  return `--${option}.`;
}

/** Without what was not said, so that defaults stay. */
function defined(options: object): object {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
}
