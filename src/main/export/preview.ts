/** What an export looks like, before it is made: the first of its files, the beginning of it, or what it holds in words. */
import type { ExportRequest } from "../../shared/contract/exports";
import { exportEntries } from "./index";
import type { ExportJob } from "./job";
import { describeNetworks } from "./network-files";

/** With `most`, at most so many bytes, and no more is made than they need. Rejects as the export would. */
export async function firstFile(
  request: ExportRequest,
  job: ExportJob,
  most: number | null,
): Promise<Uint8Array<ArrayBuffer>> {
  switch (request.format) {
    case "safetensors":
    case "onnx":
    case "layers": {
      const text = await describeNetworks(request, job);
      return new TextEncoder().encode(text);
    }
    default:
      return beginningOf(request, job, most);
  }
}

async function beginningOf(
  request: ExportRequest,
  job: ExportJob,
  most: number | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const { body } of exportEntries(request, job)) {
    for await (const part of body) {
      job.signal.throwIfAborted();
      parts.push(part);
      size += part.length;
      if (most !== null && size >= most) break;
    }
    break;
  }
  return Uint8Array.from(Buffer.concat(parts).subarray(0, most ?? size));
}
