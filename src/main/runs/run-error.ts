/** What happened to which run, and what to do, in one sentence. */
export class RunError extends Error {
  override name = "RunError";
}

/** A run.json that is gone or says nothing that can be understood; the rest of the folder may still tell. */
export class DamagedRecordError extends RunError {}
