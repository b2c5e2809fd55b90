import { errorMessage } from "../../shared/errors";

/**
 * 1: it was begun and failed; 2: it could not begin; 3: the run diverged; 75: stopped before its end and saved, to be
 * run again (EX_TEMPFAIL of sysexits.h).
 */
type ExitCode = 1 | 2 | 3 | 75;

/** A failure in one sentence, with the exit code that says whether anything had begun. */
export class CommandFailure extends Error {
  override name = "CommandFailure";
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}

/** What goes wrong here is the caller's argument: exit code 2. */
export async function asUsage<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(errorMessage(error), 2);
  }
}
