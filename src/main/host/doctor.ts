/** The doctor on a library: reads what is recorded of a run, and keeps what it said until that changes. */
import type { AppContract } from "../../shared/contract/index";
import { diagnose } from "../../shared/doctor/diagnose";
import type { Diagnosis } from "../../shared/doctor/finding";
import type { Handlers } from "../../shared/rpc";
import type { RunStore } from "../runs/run-store";

type Records = Pick<RunStore, "get" | "series" | "qualities">;

export function createDoctorCalls(
  store: Records,
): Handlers<AppContract>["doctor"] {
  return { diagnose: ({ run }) => diagnoseRun(store, run) };
}

/** Rejects where the run is damaged, with the reason. */
async function diagnoseRun(store: Records, id: string): Promise<Diagnosis> {
  const listing = await store.get(id);
  if (listing.kind === "damaged") throw new Error(listing.reason);
  const { record, checkpoints } = listing;
  const [groups, qualities] = await Promise.all([
    store.series(id, 0),
    store.qualities(id),
  ]);
  return diagnose({ record, groups, qualities, checkpoints });
}
