/** Models that only move values: between the host and a device, or several end to end. */
import { volume } from "../../../shared/layers";
import type { OnnxGraph } from "../onnx/model";
import { encodeModel } from "../onnx/protobuf";

interface Mover {
  /** Equal keys have equal models. */
  key: string;
  bytes(): Uint8Array;
}

/** `out.0` is `in.0`, and so on. */
export function copyModel(shapes: readonly (readonly number[])[]): Mover {
  return {
    key: JSON.stringify(shapes),
    bytes: () =>
      encode({
        nodes: shapes.map((_, i) => ({
          type: "Identity",
          inputs: [`in.${i}`],
          outputs: [`out.${i}`],
          attributes: {},
        })),
        inputs: shapes.map((shape, i) => ({ name: `in.${i}`, shape })),
        outputs: shapes.map((shape, i) => ({ name: `out.${i}`, shape })),
      }),
  };
}

/** `out.0` is `in.0`, `in.1`, ... of one shape end to end. */
export function stackModel(count: number, shape: readonly number[]): Mover {
  if (count === 1) return copyModel([shape]);
  const names = Array.from({ length: count }, (_, i) => `in.${i}`);
  const whole = [count * shape[0], ...shape.slice(1)];
  return {
    key: `${count} of ${shape.join()}, ${volume(whole)}`,
    bytes: () =>
      encode({
        nodes: [
          {
            type: "Concat",
            inputs: names,
            outputs: ["out.0"],
            attributes: { axis: { type: "int", value: 0 } },
          },
        ],
        inputs: names.map((name) => ({ name, shape })),
        outputs: [{ name: "out.0", shape: whole }],
      }),
  };
}

function encode(graph: Omit<OnnxGraph, "name" | "initializers">): Uint8Array {
  return encodeModel({ name: "move", initializers: [], ...graph });
}
