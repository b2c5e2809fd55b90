/**
 * An event file of a run under way: gathers rows in memory and appends them in whole pieces. A step without an update of
 * G has no figures of G.
 */
import { stepMetrics } from "../../../shared/metrics";
import type { StepMetric } from "../../../shared/metrics";
import type { MetricBlock } from "../../../shared/step";
import { AppendFile } from "../../disk/append-file";
import type { FileLayer } from "../../disk/file-layer";
import { discriminatorTags } from "./live-rows";
import { encodeFileVersion } from "../curves/tensorboard/messages";
import { readLog } from "../curves/tensorboard/read-log";
import { frameRecord } from "../curves/tensorboard/records";
import { RowEncoder } from "../curves/tensorboard/row-encoder";
import { ownForm } from "../curves/tensorboard/tutorial-log";
import type { LogForm } from "../curves/tensorboard/tutorial-log";

/** The rows of one kind: what writes them, and which columns they hold. */
interface Rows {
  encoder: RowEncoder;
  columns: number[];
}

export class StepWriter {
  private pending = new Uint8Array(1 << 16);
  private filled = 0;
  private tags: readonly StepMetric[] = [];
  private all: Rows;
  private ofDiscriminator: Rows;

  private constructor(
    private readonly file: AppendFile,
    private readonly form: LogForm,
  ) {
    this.all = this.ofDiscriminator = rowsOf([], form);
  }

  /** Opens the file or makes it, with the event that begins every log. */
  static async open(
    files: FileLayer,
    path: string,
    form = ownForm,
  ): Promise<StepWriter> {
    const file = await AppendFile.open(files, path, wholeEnd);
    try {
      if (file.size === 0)
        await file.append(frameRecord(encodeFileVersion(Date.now() / 1000)));
      return new StepWriter(file, form);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The event file was not where it had been, and was written again. */
  set onRewritten(listener: () => void) {
    this.file.onRewritten = listener;
  }

  /** Somebody cut the event file. */
  set onCut(listener: () => void) {
    this.file.onCut = listener;
  }

  /** How many bytes wait for `flush`. */
  get waiting(): number {
    return this.filled;
  }

  add(block: MetricBlock): void {
    this.prepareFor(block.tags);
    this.reserve(block.rows * this.all.encoder.maxBytes);
    for (let row = 0; row < block.rows; row++) {
      const step = this.form.stepOf(block.firstStep + row);
      const head = { step, time: block.times[row] };
      const { encoder, columns } = block.generatorUpdated[row]
        ? this.all
        : this.ofDiscriminator;
      this.filled = encoder.encode(
        this.pending,
        this.filled,
        head,
        (tag) => block.columns[columns[tag]][row],
      );
    }
  }

  /** Takes one framed event. */
  addRecord(record: Uint8Array): void {
    this.reserve(record.length);
    this.pending.set(record, this.filled);
    this.filled += record.length;
  }

  /** Gives everything to the system. After a failure it still waits, and nothing is in the file by half. */
  async flush(): Promise<void> {
    if (this.filled === 0) return;
    const bytes = this.pending.slice(0, this.filled);
    await this.file.append(bytes);
    // Rows may have been added meanwhile.
    this.pending.copyWithin(0, bytes.length, this.filled);
    this.filled -= bytes.length;
  }

  async sync(): Promise<void> {
    await this.file.sync();
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private prepareFor(tags: readonly StepMetric[]): void {
    if (tags.join() === this.tags.join()) return;
    this.tags = tags;
    this.all = rowsOf(tags, this.form);
    this.ofDiscriminator = rowsOf(discriminatorTags(tags), this.form);
  }

  private reserve(bytes: number): void {
    if (this.filled + bytes <= this.pending.length) return;
    const larger = new Uint8Array(
      Math.max(2 * this.pending.length, this.filled + bytes),
    );
    larger.set(this.pending.subarray(0, this.filled));
    this.pending = larger;
  }
}

async function wholeEnd(path: string): Promise<number> {
  const { offset } = await readLog(path, 0, () => undefined);
  return offset;
}

function rowsOf(tags: readonly StepMetric[], form: LogForm): Rows {
  return {
    encoder: new RowEncoder(tags.map(form.tagOf)),
    columns: tags.map((tag) => stepMetrics.indexOf(tag)),
  };
}
