/** What became of a sweep, on the terminal. */
import { describeCounts } from "../../shared/sweeps/status";
import type { SweepStatus, SweepSummary } from "../../shared/sweeps/status";
import { printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";

export function printSweeps(
  terminal: Terminal,
  sweeps: readonly SweepSummary[],
): void {
  if (sweeps.length === 0)
    printLine(
      terminal,
      "No sweeps here yet; `gan-workbench sweep start --preset jaketae-mlp --vary learningRate=1e-4,2e-4` makes one.",
    );
  else
    printTable(terminal, [
      ["SWEEP", "RUNS", "NAME"],
      ...sweeps.map(({ id, counts, name }) => [
        id,
        describeCounts(counts),
        name,
      ]),
    ]);
}

export function printStatus(terminal: Terminal, status: SweepStatus): void {
  const { cancelled, counts, entries, id, name } = status;
  printLine(terminal, `Sweep ${id}: ${name}`);
  printLine(
    terminal,
    `${entries.length} runs: ${describeCounts(counts)}${cancelled ? "; cancelled" : ""}`,
  );
  printTable(terminal, [
    ["INDEX", "STATE", "STEP", "RUN", "NAME"],
    ...entries.map((entry) => [
      String(entry.index),
      entry.state,
      entry.totalSteps > 0 ? `${entry.step}/${entry.totalSteps}` : "-",
      entry.run,
      entry.reason === null ? entry.name : `${entry.name} (${entry.reason})`,
    ]),
  ]);
}
