/** What can be done with a run, for its menu and for the palette. */
import { isActive } from "../../shared/run";
import type { Application } from "./application.svelte";
import type { ReadableRun } from "./runs.svelte";

interface RunAction {
  label: string;
  action: () => void;
  disabled?: boolean;
  danger?: boolean;
}

/** `step` is where a fork starts: the samples that were chosen; null starts at the newest checkpoint. */
export function runActions(
  application: Application,
  listing: ReadableRun,
  step: number | null,
): RunAction[] {
  const { draft, navigation, runs } = application;
  const { record, checkpoints } = listing;
  const isUnderWay = isActive(record.state);
  const useSettings = () => {
    if (record.settings) draft.take(record.settings);
    navigation.go({ view: "train" });
  };
  return [
    {
      label: "Fork…",
      // One that trains can save a checkpoint first.
      disabled:
        record.settings === null || (checkpoints.length === 0 && !isUnderWay),
      action: () =>
        application.steer({
          run: record.id,
          kind: "fork",
          step: step ?? undefined,
        }),
    },
    {
      label: "Use these settings for a new run…",
      disabled: record.settings === null,
      action: useSettings,
    },
    {
      label: "Compare with…",
      action: () => navigation.go({ view: "compare", runs: [record.id] }),
    },
    {
      label: record.archived ? "Unarchive" : "Archive",
      action: () =>
        void runs.editAll(
          [record.id],
          ({ archived }) => ({ archived: !archived }),
          `“${record.name}” is ${record.archived ? "out of" : "in"} the archive.`,
        ),
    },
    {
      label: "Move to trash",
      danger: true,
      disabled: isUnderWay,
      action: () => {
        void runs.remove([record.id]);
        navigation.go({ view: "history" });
      },
    },
  ];
}
