/** The doctor on a library: reads what is recorded of a run, and keeps the verdict on one at rest in its record. */
import type { AppContract } from "../../shared/contract/index";
import { diagnose } from "../../shared/doctor/diagnose";
import { verdictOf } from "../../shared/doctor/finding";
import type { Diagnosis } from "../../shared/doctor/finding";
import { isActive } from "../../shared/run";
import type { RunRecord } from "../../shared/run";
import type { Handlers } from "../../shared/rpc";
import type { RunStore } from "../runs/run-store";

type Records = Pick<RunStore, "get" | "series" | "qualities" | "noteVerdict">;

export function createDoctorCalls(
  store: Records,
): Handlers<AppContract>["doctor"] {
  return { diagnose: ({ run }) => diagnoseRun(store, run) };
}

/** Rejects where the run is damaged, with the reason. */
export async function diagnoseRun(
  store: Records,
  id: string,
): Promise<Diagnosis> {
  const listing = await store.get(id);
  if (listing.kind === "damaged") throw new Error(listing.reason);
  const { record, checkpoints } = listing;
  const [groups, qualities] = await Promise.all([
    store.series(id, 0),
    store.qualities(id),
  ]);
  const diagnosis = diagnose({ record, groups, qualities, checkpoints });
  await keep(store, record, diagnosis);
  return diagnosis;
}

/** Not of a run under way, which is another one at its next step. */
async function keep(
  store: Records,
  { id, state, verdict: known }: RunRecord,
  diagnosis: Diagnosis,
): Promise<void> {
  const verdict = verdictOf(diagnosis);
  if (isActive(state)) return;
  if (known?.id === verdict.id && known.line === verdict.line) return;
  // It can be found again at any time, also on a disk that cannot be written.
  await store.noteVerdict(id, verdict).catch(() => undefined);
}
