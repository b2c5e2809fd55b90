/** A whole event file from columns, for scalars that come from elsewhere. */
import type { MetricGroup } from "../../../../shared/curves/metric-group";
import { encodeFileVersion } from "./messages";
import { frameRecord } from "./records";
import { RowEncoder } from "./row-encoder";

/** The bytes of the file: each row of each group is one event, a group after the other. */
export function encodeLog(
  groups: readonly MetricGroup[],
): Uint8Array<ArrayBuffer> {
  const encoders = groups.map(({ tags }) => new RowEncoder(tags));
  const first = Math.min(...groups.flatMap(({ times }) => times.at(0) ?? []));
  const version = frameRecord(
    encodeFileVersion(Number.isFinite(first) ? first : 0),
  );
  const room = groups.reduce(
    (sum, { steps }, index) => sum + steps.length * encoders[index].maxBytes,
    version.length,
  );
  const bytes = new Uint8Array(room);
  bytes.set(version);
  let end = version.length;
  groups.forEach(({ steps, times, values }, index) => {
    steps.forEach((step, row) => {
      const head = { step, time: times[row] };
      end = encoders[index].encode(bytes, end, head, (tag) => values[tag][row]);
    });
  });
  return bytes.slice(0, end);
}
