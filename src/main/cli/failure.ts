import { errorMessage } from "../../shared/errors";
/** A failure in one sentence, with the exit code that says whether anything had begun. */
export class CommandFailure extends Error {
  override name = "CommandFailure";
  constructor(
    message: string,
    readonly exitCode: 1 | 2,
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
