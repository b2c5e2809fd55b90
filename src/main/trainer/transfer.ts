/** Which memory goes to the host with an event instead of being copied: what the loop gave away for good. */
import type { TrainerEvent } from "./messages";

export function ownedBuffers(event: TrainerEvent): ArrayBuffer[] {
  switch (event.type) {
    case "metrics": {
      const { columns, times } = event.block;
      return buffers([...columns, times]);
    }
    case "checkpoint": {
      const tensors = [...event.checkpoint.state.values()];
      return buffers(tensors.map(({ data }) => data));
    }
    default:
      return [];
  }
}

/** Each once, even where several arrays are views of one buffer. */
function buffers(arrays: ArrayBufferView[]): ArrayBuffer[] {
  const unique = new Set<ArrayBuffer>();
  for (const { buffer } of arrays)
    if (buffer instanceof ArrayBuffer) unique.add(buffer);
  return [...unique];
}
