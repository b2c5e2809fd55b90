/** Brings a record of an earlier version up to this one, a version at a time and in order. */
import { z } from "zod";
import { recordVersion } from "../../../shared/run";
import { DamagedRecordError, RunError } from "../run-error";

type RecordJson = Record<string, unknown>;

/** `migrations[n]` turns version n + 1 into n + 2. It changes what it must and leaves the rest. */
const migrations: readonly ((record: RecordJson) => RecordJson)[] = [];

const versioned = z.looseObject({ version: z.int().positive() });

/** Throws a RunError for what is no record, and for a version that is newer than this program. */
export function migrate(
  json: unknown,
  steps: readonly ((record: RecordJson) => RecordJson)[] = migrations,
  target: number = recordVersion,
): RecordJson {
  const parsed = versioned.safeParse(json);
  if (!parsed.success)
    throw new DamagedRecordError("Its run.json is not the record of a run.");
  const { version } = parsed.data;
  if (version > target)
    throw new RunError(
      `It was written by a newer version of GAN Workbench (record version ${version}, this one knows ${target}); update to open it.`,
    );
  return steps.slice(version - 1, target - 1).reduce<RecordJson>(
    (record, step, index) => ({
      ...step(record),
      version: version + index + 1,
    }),
    parsed.data,
  );
}
