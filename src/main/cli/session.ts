/** The application for the length of one command: the same that the window uses, without a window. */
import { resolve } from "node:path";
import type { Application } from "../host/app";
import { openApplication } from "../host/open";
import { openPreferenceFile } from "../host/preference-file";
import { browserShell } from "../host/shell";
import { asUsage, CommandFailure } from "./failure";
import { idOf } from "../../shared/run";
import type { RunListing, RunRecord } from "../../shared/run";

/** Opens the library, made where it is not there yet, does the work, and closes it in any case. */
export function withApplication<T>(
  library: string | undefined,
  work: (application: Application) => Promise<T>,
): Promise<T> {
  return during({ library, makeLibrary: true }, work);
}

/** The same for work on runs that are there: no library is made, and to look at one on a read-only disk is possible. */
export function withRuns<T>(
  library: string | undefined,
  work: (application: Application) => Promise<T>,
): Promise<T> {
  return during({ library, makeLibrary: false }, work);
}

/** The same, to train what waits in its queue. */
export function withQueue<T>(
  library: string | undefined,
  work: (application: Application) => Promise<T>,
): Promise<T> {
  return during({ library, makeLibrary: true, worksOnQueue: true }, work);
}

async function during<T>(
  {
    library,
    ...options
  }: { library?: string; makeLibrary: boolean; worksOnQueue?: boolean },
  work: (application: Application) => Promise<T>,
): Promise<T> {
  const application = await asUsage(async () =>
    openApplication({
      shell: browserShell,
      hasWindows: false,
      ...options,
      file: await openPreferenceFile(),
      library: library === undefined ? null : resolve(library),
    }),
  );
  try {
    return await work(application);
  } finally {
    await application.close();
  }
}

/** The run that somebody means by its id, the beginning of its id, its name, or `last`. */
export async function findRun(
  application: Application,
  words: string,
): Promise<RunListing> {
  if (words === "")
    throw new CommandFailure("The run needs its id, its name, or `last`.", 2);
  const listings = await application.listRuns();
  if (words === "last" && listings.length > 0) return listings[0];
  const exact = listings.filter((listing) => idOf(listing) === words);
  const matches =
    exact.length > 0
      ? exact
      : listings.filter(
          (listing) =>
            idOf(listing).startsWith(words) ||
            (listing.kind === "run" && listing.record.name === words),
        );
  if (matches.length === 1) return matches[0];
  throw new CommandFailure(
    matches.length === 0
      ? `There is no run ${words} in this library; \`gan-workbench list\` shows those there are.`
      : `${words} means ${matches.length} runs: ${matches.map(idOf).join(", ")}; write the whole id of the one you mean.`,
    2,
  );
}

/** As `findRun`, for commands that need to read the run. */
export async function findRecord(
  application: Application,
  words: string,
): Promise<RunRecord> {
  const listing = await findRun(application, words);
  if (listing.kind === "damaged")
    throw new CommandFailure(
      `The run ${listing.id} is damaged: ${listing.reason}${listing.repairable ? " `gan-workbench repair` makes it again." : ""}`,
      2,
    );
  return listing.record;
}
