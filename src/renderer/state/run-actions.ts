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

/** `step` is where a fork begins: the samples that are shown; null begins at the newest checkpoint. */
export function runActions(
  application: Application,
  listing: ReadableRun,
  step: number | null,
): RunAction[] {
  const { draft, navigation, runs } = application;
  const { record, checkpoints } = listing;
  const begin = (from: number | null) => {
    draft.beginFrom(listing, from);
    navigation.go({ view: "train" });
  };
  return [
    {
      label: "Fork a new run from here…",
      disabled: record.settings === null || checkpoints.length === 0,
      action: () => begin(step ?? checkpoints.at(-1) ?? 0),
    },
    {
      label: "Use these settings for a new run…",
      disabled: record.settings === null,
      action: () => begin(null),
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
      disabled: isActive(record.state),
      action: () => {
        void runs.remove([record.id]);
        navigation.go({ view: "history" });
      },
    },
  ];
}
