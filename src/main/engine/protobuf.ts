/** The few forms in which the protocol buffers of this folder are written. */
import { BinaryWriter } from "@bufbuild/protobuf/wire";

export { BinaryWriter };

const wire = { varint: 0, bytes: 2, fixed32: 5 } as const;

export function message(
  writer: BinaryWriter,
  field: number,
  write: () => void,
): void {
  writer.tag(field, wire.bytes).fork();
  write();
  writer.join();
}

export function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, wire.bytes).string(value);
}

export function int(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, wire.varint).int64(value);
}

export function bool(
  writer: BinaryWriter,
  field: number,
  value: boolean,
): void {
  writer.tag(field, wire.varint).bool(value);
}

export function float(
  writer: BinaryWriter,
  field: number,
  value: number,
): void {
  writer.tag(field, wire.fixed32).float(value);
}

/** The memory of an array; little-endian, as every machine is that Node runs on. */
export function raw(
  writer: BinaryWriter,
  field: number,
  { buffer, byteOffset, byteLength }: ArrayBufferView,
): void {
  writer
    .tag(field, wire.bytes)
    .bytes(new Uint8Array(buffer, byteOffset, byteLength));
}
