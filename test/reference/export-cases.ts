/** Writes every case of the engine suite into a folder, for PyTorch: `tsx test/reference/export-cases.ts FOLDER`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  engineCases,
  forwardCount,
  forwardInputsOf,
  inputsOf,
  stateOf,
} from "../engine/cases";
import { tutorials } from "../../src/shared/settings/presets";

/** Where one array lies in the case's binary file, counted in float32 values. */
interface Place {
  offset: number;
  length: number;
}

class Arrays {
  private readonly parts: Float32Array[] = [];
  private length = 0;

  add(data: Float32Array): Place {
    const place = { offset: this.length, length: data.length };
    this.parts.push(data);
    this.length += data.length;
    return place;
  }

  get bytes(): Buffer {
    return Buffer.concat(
      this.parts.map((part) =>
        Buffer.from(part.buffer, part.byteOffset, part.byteLength),
      ),
    );
  }
}

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
for (const engineCase of engineCases) {
  const arrays = new Arrays();
  const forward = forwardInputsOf(engineCase);
  const description = {
    ...engineCase,
    state: [...stateOf(engineCase)].map(([name, { shape, data }]) => ({
      name,
      shape,
      ...arrays.add(data),
    })),
    inputs: [...inputsOf(engineCase)].map(([name, data]) => ({
      name,
      ...arrays.add(data),
    })),
    forward: {
      count: forwardCount,
      latents: arrays.add(forward.latents),
      images: arrays.add(forward.images),
      ...(forward.labels && { labels: arrays.add(forward.labels) }),
    },
  };
  const path = join(folder, engineCase.name);
  writeFileSync(`${path}.bin`, arrays.bytes);
  writeFileSync(`${path}.json`, JSON.stringify(description));
}
writeFileSync(
  join(folder, "index.json"),
  JSON.stringify({
    cases: engineCases.map(({ name }) => name),
    presets: tutorials,
  }),
);
