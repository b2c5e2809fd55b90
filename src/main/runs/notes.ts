/** What is found out about a run that is there: measurements, what the doctor says of it, what came of its advice. */
import { existsSync } from "node:fs";
import { remembered } from "../../shared/doctor/trial";
import type { Outcome } from "../../shared/doctor/trial";
import type { Quality } from "../../shared/quality";
import type { RunRecord, WeightChoice } from "../../shared/run";
import type { FileLayer } from "../disk/file-layer";
import type { Changes } from "./changes";
import { runFolder } from "./folder/layout";
import {
  readQualities,
  readQualitySummaries,
  writeQuality,
} from "./folder/qualities";
import { amendRecord, changeRecord } from "./folder/record";
import type { Recorder } from "./recording/recorder";
import { telling } from "./recording/telling";

export interface NotesParts {
  files: FileLayer;
  place: { readonly library: string };
  changes: Changes;
  /** Of a run that is open in this process. */
  recorder(id: string): Recorder | undefined;
}

export class Notes {
  constructor(private readonly parts: NotesParts) {}

  qualities(id: string, weights?: WeightChoice): Promise<Quality[]> {
    return telling(`The measurements of ${id} cannot be read`, () =>
      readQualities(this.folder(id), weights),
    );
  }

  noteQuality(quality: Quality): Promise<void> {
    const { runId: id, step } = quality;
    const what = `The measurement of step ${step} of ${id} could not be kept`;
    return this.parts.changes.make(what, [id], async () => {
      const folder = this.folder(id);
      await writeQuality(this.parts.files, folder, quality);
      const measured = await readQualitySummaries(folder);
      const recorder = this.parts.recorder(id);
      if (recorder) recorder.noteSummary(measured);
      else
        await changeRecord(this.parts.files, folder, (record) => ({
          ...record,
          summary: { ...record.summary, ...measured },
        }));
      await this.parts.changes.tellChanged(id);
    });
  }

  noteVerdict(id: string, verdict: RunRecord["verdict"]): Promise<void> {
    const what = `The verdict on ${id} could not be kept`;
    return this.parts.changes.make(what, [id], async () => {
      if (this.parts.recorder(id)) return;
      await amendRecord(this.parts.files, this.folder(id), (record) => ({
        ...record,
        verdict,
      }));
      await this.parts.changes.tellChanged(id);
    });
  }

  noteOutcome(id: string, outcome: Outcome): Promise<void> {
    const what = `What came of ${id} could not be kept`;
    return this.parts.changes.make(what, [id], async () => {
      if (this.parts.recorder(id)) return;
      const record = await amendRecord(
        this.parts.files,
        this.folder(id),
        (now) => ({
          ...now,
          trial: now.trial && { ...now.trial, outcome },
        }),
      );
      await this.parts.changes.tellChanged(id);
      const { parent, trial } = record;
      if (!parent || trial?.role !== "change") return;
      const folder = this.folder(parent.run);
      // One that trains is told again when somebody looks at the fork.
      if (!existsSync(folder) || this.parts.recorder(parent.run)) return;
      const { name } = record;
      const { finding, advice } = trial;
      const { step } = parent;
      const one = { run: id, name, step, finding, advice, outcome };
      await amendRecord(this.parts.files, folder, (now) => ({
        ...now,
        tried: remembered(now.tried, one),
      }));
      await this.parts.changes.tellChanged(parent.run);
    });
  }

  private folder(id: string): string {
    return runFolder(this.parts.place.library, id);
  }
}
