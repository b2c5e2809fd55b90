/** `doctor`: what is happening in a run, by what evidence, and what to change. */
import type { Command } from "commander";
import { findingTitles } from "../../shared/doctor/finding";
import type { Diagnosis, Finding } from "../../shared/doctor/finding";
import { addLibraryOptions } from "./options";
import type { LibraryOptions } from "./options";
import { findRecord, withRuns } from "./session";
import { oneLine, printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

export function addDoctor(program: Command, terminal: Terminal): void {
  const command = program
    .command("doctor <run>")
    .description("say what is happening in a run, and what to change");
  addLibraryOptions(command).action(
    async (words: string, options: LibraryOptions) => {
      await withRuns(options.library, async (application) => {
        const { id } = await findRecord(application, words);
        const diagnosis = await application.handlers.doctor.diagnose({
          run: id,
        });
        if (options.json) printJson(terminal, published(diagnosis));
        else describe(terminal, diagnosis);
      });
    },
  );
}

/** What programs are promised. */
function published({ runId, verdict, findings }: Diagnosis) {
  return {
    runId,
    verdict,
    findings: findings.map(({ id, from, to, evidence, advice, fork }) => ({
      id,
      from,
      to,
      evidence,
      advice,
      fork: fork && { step: fork.step, changes: fork.changes },
    })),
  };
}

function describe(terminal: Terminal, { runId, findings }: Diagnosis): void {
  for (const finding of findings) {
    const { id, from, to, evidence, refutedBy, advice } = finding;
    printLine(terminal, `${findingTitles[id]} (steps ${from} to ${to})`);
    for (const sentence of evidence)
      printLine(terminal, `  ${oneLine(sentence)}`);
    printLine(terminal, `  It would be refuted by: ${lowered(refutedBy)}`);
    printLine(terminal, `  What to do: ${advice}`);
    const line = forkLine(runId, finding);
    if (line) printLine(terminal, `  ${line}`);
  }
}

/** As it can be typed. */
function forkLine(runId: string, { fork }: Finding): string | null {
  if (!fork) return null;
  const sets = Object.entries(fork.changes).map(([path, value]) =>
    typeof value === "object"
      ? `--set '${path}=${JSON.stringify(value)}'`
      : `--set ${path}=${String(value)}`,
  );
  return `gan-workbench fork ${runId} --at ${fork.step} ${sets.join(" ")}`;
}

/** As the second half of a sentence; names of one letter stay. */
function lowered(text: string): string {
  return /^[A-Z][a-z]/.test(text)
    ? text[0].toLowerCase() + text.slice(1)
    : text;
}
