/** Batches in parts, so that what is made of a part stays in the processor's cache. */
import type { Emitter } from "../emitter";

/** Some consecutive images of a batch. */
export interface Chunk {
  first: number;
  images: number;
}

/** Chunks of about equal size for which at most `limit` floats are worked on, of which an image needs `floats`. */
export function chunks(batch: number, floats: number, limit: number): Chunk[] {
  const most = Math.max(1, Math.floor(limit / floats));
  const size = Math.ceil(batch / Math.ceil(batch / most));
  return Array.from({ length: Math.ceil(batch / size) }, (_, i) => ({
    first: i * size,
    images: Math.min(size, batch - i * size),
  }));
}

/** The rows of all chunks, one below the other. */
export function join(emit: Emitter, parts: string[], output: string): void {
  if (parts.length === 1) emit.node("Identity", parts, output);
  else emit.node("Concat", parts, output, { axis: { type: "int", value: 0 } });
}

/** Their sum. */
export function addUp(emit: Emitter, terms: string[], output: string): void {
  emit.node(terms.length === 1 ? "Identity" : "Sum", terms, output);
}
