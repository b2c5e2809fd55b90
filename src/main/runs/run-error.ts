/** What happened to which run, and what to do, in one sentence. */
export class RunError extends Error {
  override name = "RunError";
}
