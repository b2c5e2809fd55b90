/** `doctor`: what is happening in a run, by what evidence, and what to change. */
import type { Command } from "commander";
import { findingTitles } from "../../shared/doctor/finding";
import { expectationInWords } from "../../shared/doctor/expectation";
import type { Diagnosis } from "../../shared/doctor/finding";
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
function published({ runId, verdict, findings, trial }: Diagnosis) {
  return {
    runId,
    verdict,
    findings: findings.map(
      ({ id, from, to, evidence, advice, fork, tried }) => ({
        id,
        from,
        to,
        evidence,
        advice,
        fork: fork && {
          step: fork.step,
          changes: fork.changes,
          expects: fork.expects,
        },
        tried,
      }),
    ),
    trial,
  };
}

function describe(
  terminal: Terminal,
  { runId, findings, trial }: Diagnosis,
): void {
  for (const finding of findings) {
    const { id, from, to, evidence, refutedBy, advice, fork, tried } = finding;
    printLine(terminal, `${findingTitles[id]} (steps ${from} to ${to})`);
    for (const sentence of evidence)
      printLine(terminal, `  ${oneLine(sentence)}`);
    printLine(terminal, `  It would be refuted by: ${lowered(refutedBy)}`);
    printLine(terminal, `  What to do: ${advice}`);
    if (fork?.expects)
      printLine(
        terminal,
        `  Expected then: ${expectationInWords(fork.expects)}.`,
      );
    if (fork)
      printLine(terminal, `  gan-workbench fork ${runId} --finding ${id}`);
    for (const { run, outcome } of tried)
      printLine(terminal, `  Tried in ${run}: ${oneLine(outcome.line)}`);
  }
  if (!trial) return;
  const what =
    trial.role === "control" ? "An unchanged control for" : "A trial against";
  printLine(
    terminal,
    `${what} "${findingTitles[trial.finding]}": ${oneLine(trial.outcome?.line ?? "")}`,
  );
}

/** As the second half of a sentence; names of one letter stay. */
function lowered(text: string): string {
  return /^[A-Z][a-z]/.test(text)
    ? text[0].toLowerCase() + text.slice(1)
    : text;
}
