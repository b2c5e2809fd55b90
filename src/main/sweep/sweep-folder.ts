/** The sweeps of a library: `<library>/sweeps/<id>/sweep.json`, written whole, and changed only by being cancelled or taken up. */
import { join } from "node:path";
import { errorCode, errorMessage } from "../../shared/errors";
import { explain } from "../../shared/settings/explain";
import {
  sweepIdSchema,
  sweepManifestSchema,
} from "../../shared/sweeps/manifest";
import type { SweepManifest } from "../../shared/sweeps/manifest";
import { writeAtomically } from "../disk/atomic";
import type { FileLayer } from "../disk/file-layer";
import { namesIn } from "../disk/names-in";
import { telling } from "../runs/recording/telling";
import { RunError } from "../runs/run-error";
import { readPlainText } from "../disk/plain-file";

export class SweepFolder {
  constructor(
    private readonly files: FileLayer,
    private readonly place: { readonly library: string },
  ) {}

  /** Newest first; one that cannot be read is left out. */
  async list(): Promise<SweepManifest[]> {
    const manifests: SweepManifest[] = [];
    for (const id of await namesIn(join(this.place.library, "sweeps"))) {
      try {
        manifests.push(this.read(id));
      } catch (error) {
        if (!(error instanceof RunError)) throw error;
      }
    }
    return manifests.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  }

  /** Null where there is none of that id. Throws a RunError where it is damaged. */
  find(id: string): SweepManifest | null {
    try {
      return this.read(id);
    } catch (error) {
      if (errorCode((error as Error).cause) === "ENOENT") return null;
      throw error;
    }
  }

  /** Throws a RunError where it is not there or damaged. */
  read(id: string): SweepManifest {
    const text = this.readText(id);
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      throw new RunError(`The sweep ${id} is damaged: sweep.json is not JSON.`);
    }
    const parsed = sweepManifestSchema.safeParse(json);
    if (parsed.success) return parsed.data;
    throw new RunError(
      `The sweep ${id} is damaged: in sweep.json, ${explain(parsed.error)}.`,
    );
  }

  async write(manifest: SweepManifest): Promise<void> {
    await telling(`The sweep ${manifest.id} could not be written`, async () => {
      await this.files.makeFolder(this.folder(manifest.id));
      await writeAtomically(
        this.files,
        this.file(manifest.id),
        JSON.stringify(manifest, null, 1) + "\n",
      );
    });
  }

  /** Writes a file of the sweep; gives its path. */
  async keepBeside(id: string, name: string, text: string): Promise<string> {
    const path = join(this.folder(id), name);
    await telling(`${path} could not be written`, () =>
      writeAtomically(this.files, path, text),
    );
    return path;
  }

  /** Where the manifest lies, and what belongs to it. */
  folder(id: string): string {
    if (!sweepIdSchema.safeParse(id).success)
      throw new RunError(`"${id}" is not the id of a sweep.`);
    return join(this.place.library, "sweeps", id);
  }

  private file(id: string): string {
    return join(this.folder(id), "sweep.json");
  }

  private readText(id: string): string {
    try {
      return readPlainText(this.file(id));
    } catch (error) {
      if (errorCode(error) === "ENOENT")
        throw new RunError(
          `There is no sweep ${id} in this library; \`gan-workbench sweep status\` lists those there are.`,
          { cause: error },
        );
      throw new RunError(
        `The sweep ${id} cannot be read: ${errorMessage(error)}.`,
        { cause: error },
      );
    }
  }
}
