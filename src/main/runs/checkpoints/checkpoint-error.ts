import { RunError } from "../run-error";

/** A checkpoint that no training can go on from. */
export class CheckpointError extends RunError {
  constructor(
    /** What is wrong with which file, without a full stop: "step-000030.safetensors is missing". */
    readonly problem: string,
  ) {
    super(`${problem}; use another checkpoint.`);
  }
}
